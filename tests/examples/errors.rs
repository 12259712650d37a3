//! `examples/errors.rs`

use std::collections::HashSet;
use std::process::Output;

use duvo::mock::{Response, Server, examples};
use duvo_test_support::client::API_KEY;
use duvo_test_support::example_program::{example, stderr, stdout};

fn run(server: &Server) -> Output {
    example("errors")
        .env("DUVO_API_KEY", API_KEY)
        .env("DUVO_API_BASE_URL", server.url())
        .output()
        .unwrap()
}

/// Returns the last line of standard error, which is the next step.
fn next_step(server: &Server) -> String {
    let output = run(server);
    assert_eq!(stdout(&output), "", "{output:?}");
    stderr(&output).lines().last().unwrap().to_owned()
}

#[test]
fn prints_the_next_step_of_each_error() {
    let server = Server::start().unwrap();
    let registration = server
        .register_custom_integration()
        .respond(|then| then.forbidden(examples::forbidden_plain()))
        .respond(|then| then.conflict(examples::conflict_plain()))
        .respond(|_| Response::html(504, "<h1>Gateway Timeout</h1>"))
        .respond(|_| Response::new(418))
        .respond(|then| then.registered(examples::url_integration()));
    let [forbidden, conflict, timeout, teapot] = [(); 4].map(|()| next_step(&server));
    // Both may mean that the integration exists.
    assert_eq!(conflict, timeout);
    let steps = HashSet::from([&forbidden, &conflict, &teapot]);
    assert_eq!(steps.len(), 3, "{steps:?}");
    assert!(conflict.contains("the team's integrations"), "{conflict}");
    assert!(teapot.contains("support"), "{teapot}");

    let id = examples::url_integration().id;
    assert_eq!(stdout(&run(&server)), format!("registered {id}\n"));
    registration.assert_calls(5);
}
