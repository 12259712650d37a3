//! `examples/http_client.rs`

use duvo_test_support::client::API_KEY;
use duvo_test_support::example_program::{example, stdout};

#[test]
fn builds_a_client_and_does_not_print_its_key() {
    let output = example("http_client")
        .env("DUVO_API_KEY", API_KEY)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(stdout(&output).starts_with("Client {"), "{output:?}");
    assert!(!stdout(&output).contains(API_KEY), "{output:?}");
}
