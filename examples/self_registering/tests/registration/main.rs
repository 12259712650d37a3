//! The program, run as a process. The mock server of `duvo` stands in for Duvo, and probes
//! the program with the MCP client of `rmcp`, as Duvo does.

#![cfg(unix)]

mod mcp_client;
mod program;

use std::sync::mpsc;

use duvo::mock::{Catalogue, Response, Server};
use duvo::{McpServerProbe, Probe, Team};
use serde_json::json;

use self::program::Program;

/// Duvo with an empty catalogue, which probes an MCP server by connecting to it.
struct Duvo {
    server: Server,
    catalogue: Catalogue,
}

impl Duvo {
    fn start() -> Self {
        let server = Server::start().unwrap();
        let catalogue = server.catalogue();
        server.list_teams();
        server.probe_mcp_server().respond_with(|call, then| {
            let token = call.json()["headers"]["Authorization"].as_str();
            then.probed(mcp_client::probe(call.server_url().unwrap(), token))
        });
        Self { server, catalogue }
    }

    async fn team(&self) -> Team {
        self.server.client().unwrap().own_team().await.unwrap()
    }

    fn registered(&self) -> Vec<(String, Option<String>, Option<String>)> {
        let integrations = self.catalogue.integrations().into_iter();
        integrations
            .map(|integration| {
                let auth_method = integration.auth_method;
                (integration.name, integration.server_url, auth_method)
            })
            .collect()
    }

    fn count_registrations(&self) -> usize {
        let requests = self.server.requests();
        let registrations = requests
            .iter()
            .filter(|request| request.path().ends_with("/integrations/custom"));
        registrations.count()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn server_registers_itself_and_its_tools_arrive_in_a_probe() {
    let duvo = Duvo::start();
    let mut program = Program::start(&duvo.server, &[], &[]);
    let url = program.url();
    program.wait_for("1 created");

    assert_eq!(
        duvo.registered(),
        [(
            "Contacts".to_owned(),
            Some(url.clone()),
            Some("url".to_owned())
        )]
    );
    let probe = McpServerProbe::new(&url);
    let probe = duvo.team().await.probe_mcp_server(&probe).await.unwrap();
    let Probe::Reachable { tools, .. } = &*probe else {
        panic!("{probe:?}");
    };
    let tool = |name: &str| tools.iter().find(|tool| tool.name == name).unwrap();
    assert_eq!(tools.len(), 2);
    let count = tool("count_contacts");
    assert_eq!(count.description.as_deref(), Some("Count the contacts"));
    let find = tool("find_contact");
    let schema = find.input_schema.as_ref().unwrap();
    assert_eq!(schema["properties"]["name"]["type"], json!("string"));
    assert_eq!(schema["required"], json!(["name"]));

    let result = mcp_client::call(&url, "find_contact", json!({ "name": "ada" }));
    assert_eq!(result, "Ada Lovelace <ada@example.com>");
    program.terminate();
}

#[tokio::test(flavor = "multi_thread")]
async fn next_start_at_the_same_url_registers_nothing() {
    let duvo = Duvo::start();
    let mut program = Program::start(&duvo.server, &[], &[]);
    let url = program.url();
    program.wait_for("1 created");
    program.terminate();

    let mut program = Program::start(&duvo.server, &["--public-url", &url], &[]);
    program.wait_for("1 unchanged");
    program.terminate();
    assert_eq!(duvo.count_registrations(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn server_with_a_token_registers_for_connections_with_a_token() {
    let duvo = Duvo::start();
    let mut program = Program::start(&duvo.server, &[], &[("MCP_TOKEN", "correct-horse")]);
    let url = program.url();
    program.wait_for("1 created");
    let auth_methods = duvo.registered().into_iter().map(|registered| registered.2);
    assert_eq!(
        auth_methods.collect::<Vec<_>>(),
        [Some("apikey".to_owned())]
    );

    let team = duvo.team().await;
    for (authorization, is_reachable) in [
        (None, false),
        (Some("Bearer wrong-horse"), false),
        (Some("Bearer correct-horse"), true),
    ] {
        let mut probe = McpServerProbe::new(&url);
        if let Some(authorization) = authorization {
            probe = probe.header("Authorization", authorization);
        }
        let probe = team.probe_mcp_server(&probe).await.unwrap();
        assert_eq!(
            probe.is_reachable(),
            is_reachable,
            "{authorization:?}: {probe:?}"
        );
    }
    let log = program.terminate();
    assert!(!log.contains("horse"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn server_that_duvo_cannot_reach_is_not_registered() {
    let duvo = Duvo::start();
    // Nothing listens on the discard port.
    let arguments = ["--public-url", "http://127.0.0.1:9/mcp"];
    let mut program = Program::start(&duvo.server, &arguments, &[]);
    program.wait_for("not registered: will not work");
    program.wait_for("the registration is repeated in 5s");
    let log = program.terminate();
    assert!(log.contains("shutting down"), "{log}");
    assert_eq!(duvo.count_registrations(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_ends_a_program_that_waits_for_duvo() {
    let duvo = Duvo::start();
    let (listed, listing) = mpsc::channel();
    duvo.server.list_integrations().respond_with(move |_, _| {
        listed.send(()).unwrap();
        Response::hang()
    });
    let program = Program::start(&duvo.server, &[], &[]);
    tokio::task::spawn_blocking(move || listing.recv())
        .await
        .unwrap()
        .unwrap();
    program.terminate();
}

#[test]
fn missing_key_ends_the_program_with_the_remedy() {
    let server = Server::start().unwrap();
    let mut program = Program::start(&server, &[], &[("DUVO_API_KEY", "")]);
    program.wait_for("error: ");
}
