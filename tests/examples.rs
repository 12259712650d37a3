//! The smaller examples, run as a user runs them.

mod support;

use std::process::Output;

use duvo::mock::{Response, Server, examples};
use support::API_KEY;
use support::example::{example, stderr, stdout};

fn run(name: &str, server: &Server) -> Output {
    example(name)
        .env("DUVO_API_KEY", API_KEY)
        .env("DUVO_API_BASE_URL", server.url())
        .output()
        .unwrap()
}

#[test]
fn the_example_of_errors_says_what_to_do_next() {
    let server = Server::start().unwrap();
    let registration = server
        .register_custom_integration()
        .respond(|then| then.forbidden(examples::forbidden_plain()))
        .respond(|then| then.conflict(examples::conflict_plain()))
        .respond(|_| Response::html(504, "<h1>Gateway Timeout</h1>"))
        .respond(|_| Response::new(418))
        .respond(|then| then.registered(examples::url_integration()));
    for next in [
        "correct what is named above",
        "look at the team's integrations before you try again",
        "look at the team's integrations before you try again",
        "ask Duvo's support",
    ] {
        let output = run("errors", &server);
        assert!(stderr(&output).contains(next), "{output:?}");
        assert_eq!(stdout(&output), "");
    }
    let output = run("errors", &server);
    let id = examples::url_integration().id;
    assert_eq!(stdout(&output), format!("registered {id}\n"));
    registration.assert_calls(5);
}

#[test]
fn the_example_of_an_http_client_makes_one() {
    let server = Server::start().unwrap();
    let output = run("http_client", &server);
    assert!(output.status.success(), "{output:?}");
    assert!(stdout(&output).starts_with("Client {"), "{output:?}");
    assert!(!stdout(&output).contains(API_KEY), "{output:?}");
}
