//! Checks that others wrote: two validators of the document, and a mock server
//! that is made from it and validates every request.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use duvo::{Auth, Client, CustomIntegration};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout};

use crate::{DOCUMENT, Result, process};

const REDOCLY: &str = "@redocly/cli@2.77.0";
const PRISM: &str = "@stoplight/prism-cli@5.14.2";
const VALIDATOR: &str = "openapi-spec-validator==0.9.0";

/// Runs all checks, each with its outcome on a line.
pub fn run() -> Result<bool> {
    let client = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    let checks: [(&str, &dyn Fn() -> Result<()>); 3] = [
        (REDOCLY, &redocly),
        (VALIDATOR, &validator),
        (PRISM, &|| client.block_on(prism())),
    ];
    let mut is_sound = true;
    for (name, check) in checks {
        match check() {
            Ok(()) => println!("passed  {name}"),
            Err(message) => {
                println!("failed  {name}\n{message}");
                is_sound = false;
            }
        }
    }
    Ok(is_sound)
}

fn redocly() -> Result<()> {
    let mut command = process::npm_program(REDOCLY, "redocly")?;
    command.args(["lint", "--config", "openapi/redocly.yaml", DOCUMENT]);
    // It reports home which rules are used.
    command.env("REDOCLY_TELEMETRY", "off");
    let printed = process::output(&mut command)?;
    // A warning alone does not make it fail.
    if printed.contains("warning") {
        return Err(printed);
    }
    Ok(())
}

fn validator() -> Result<()> {
    let environment = Path::new("target/python");
    process::output(
        Command::new("python3")
            .args(["-m", "venv"])
            .arg(environment),
    )?;
    let program = |name: &str| Command::new(environment.join("bin").join(name));
    process::output(
        program("pip")
            .args(["install", "--quiet", "--disable-pip-version-check"])
            .arg(VALIDATOR),
    )?;
    process::output(program("openapi-spec-validator").arg(DOCUMENT)).map(|_| ())
}

/// The client against the mock server: what it sends is valid, and what the
/// server refuses it hands on.
async fn prism() -> Result<()> {
    let text = fs::read_to_string(DOCUMENT).map_err(|error| format!("{DOCUMENT}: {error}"))?;
    let document: Value = serde_yaml::from_str(&text).map_err(|error| error.to_string())?;

    let server = Prism::start(Path::new(DOCUMENT)).await?;
    for (name, integration) in integrations(&document)? {
        for team in [None, Some("team_1")] {
            let call = format!("{name}, {}", team.map_or("v1", |_| "v2"));
            let created = register(&server, team, &integration).await;
            let response = created.map_err(|error| format!("{call}: {error}"))?;
            if let Some(violations) = response.headers().get("sl-violations") {
                return Err(format!("{call}: {violations:?}"));
            }
        }
    }

    // What a server refuses is refused by a document that asks for more.
    let mut other_scheme = document.clone();
    other_scheme["components"]["securitySchemes"]["bearerAuth"] =
        serde_json::json!({ "type": "apiKey", "in": "header", "name": "X-Api-Key" });
    let mut longer_name = document.clone();
    longer_name["components"]["schemas"]["CustomIntegrationRequest"]["properties"]["name"]["minLength"] =
        1000.into();
    for path in [
        "/v1/integrations/custom",
        "/v2/teams/{teamId}/integrations/custom",
    ] {
        if let Some(responses) = longer_name["paths"][path]["post"]["responses"].as_object_mut() {
            responses.remove("400");
        }
    }
    for (document, status) in [(other_scheme, 401), (longer_name, 422)] {
        let path = Path::new("target/document-that-asks-for-more.json");
        fs::write(path, document.to_string())
            .map_err(|error| format!("{}: {error}", path.display()))?;
        let server = Prism::start(path).await?;
        let (_, integration) = integrations(&document)?.swap_remove(0);
        for team in [None, Some("team_1")] {
            let Err(refused) = register(&server, team, &integration).await else {
                return Err(format!("the server did not answer {status}"));
            };
            let is_told = refused.status().map(|status| status.as_u16()) == Some(status)
                && refused.body().is_some_and(|body| !body.is_empty())
                && refused.delivery() == duvo::Delivery::Rejected;
            if !is_told {
                return Err(format!("a {status} was not handed on: {refused:?}"));
            }
        }
    }
    Ok(())
}

async fn register(
    server: &Prism,
    team: Option<&str>,
    integration: &CustomIntegration,
) -> duvo::Result<duvo::Response<duvo::Integration>> {
    let client = Client::builder()
        .api_key("key")
        .base_url(&server.url)
        .build()?;
    match team {
        None => client.register_custom_integration(integration).await,
        Some(team) => {
            client
                .team(team)
                .register_custom_integration(integration)
                .await
        }
    }
}

/// The examples of the request, as a caller writes them.
fn integrations(document: &Value) -> Result<Vec<(String, CustomIntegration)>> {
    let examples = &document["components"]["requestBodies"]["CustomIntegration"]["content"]["application/json"]
        ["examples"];
    let examples = examples.as_object().ok_or("the request has no examples")?;
    let integration = |(name, example): (&String, &Value)| {
        let target = example["$ref"].as_str().unwrap_or_default();
        let pointer = format!("{}/value", target.trim_start_matches('#'));
        let value = document
            .pointer(&pointer)
            .ok_or_else(|| format!("the example {name} has no value"))?;
        let text = |key: &str| value[key].as_str();
        let auth = match (
            text("auth_method"),
            text("oauth_client_id"),
            text("oauth_client_secret"),
        ) {
            (Some("url"), ..) => Auth::Url,
            (Some("apikey"), ..) => Auth::ApiKey,
            (Some("headers"), ..) => Auth::Headers,
            (Some("oauth"), Some(id), Some(secret)) => Auth::oauth_client(id, secret),
            (Some("oauth"), ..) => Auth::oauth(),
            (other, ..) => return Err(format!("the example {name} has the auth method {other:?}")),
        };
        let field = |key| text(key).ok_or_else(|| format!("the example {name} has no {key}"));
        let integration = CustomIntegration::new(field("name")?, field("server_url")?, auth);
        Ok((
            name.clone(),
            integration.map_err(|error| error.to_string())?,
        ))
    };
    examples.iter().map(integration).collect()
}

/// A mock server on a port of its own, which stops with this value.
struct Prism {
    url: String,
    _process: Child,
    /// Kept open, as the server logs to it.
    _log: Lines<BufReader<ChildStdout>>,
}

impl Prism {
    async fn start(document: &Path) -> Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .and_then(|listener| listener.local_addr())
            .map_err(|error| format!("no port is free: {error}"))?
            .port();
        let mut command = process::npm_program(PRISM, "prism")?;
        command.args(["mock", "--host", "127.0.0.1", "--port", &port.to_string()]);
        command.arg(document).stdout(Stdio::piped());
        let mut process = tokio::process::Command::from(command)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("prism cannot be run: {error}"))?;
        let stdout = process.stdout.take().ok_or("prism has no output")?;
        let mut log = BufReader::new(stdout).lines();
        let mut before = String::new();
        while let Some(line) = log.next_line().await.map_err(|error| error.to_string())? {
            if line.contains("Prism is listening on") {
                return Ok(Self {
                    url: format!("http://127.0.0.1:{port}"),
                    _process: process,
                    _log: log,
                });
            }
            before = before + &line + "\n";
        }
        Err(format!("prism stopped:\n{before}"))
    }
}
