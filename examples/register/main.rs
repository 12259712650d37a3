//! Registers a custom integration.
//!
//! With `DUVO_API_KEY` set it calls Duvo, or what `DUVO_API_BASE_URL` names.
//! Without, it starts a mock of the API in this process and calls that.

#![warn(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

#[path = "../../tests/support/document.rs"]
mod document;
mod mock;

use std::env;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use duvo::{Auth, Client, CustomIntegration, Delivery, Error, ErrorKind, Integration, Response};
use httpmock::HttpMockRequest;
use serde_json::Value;

use mock::Mock;

const SECRET_VARIABLE: &str = "DUVO_OAUTH_CLIENT_SECRET";

/// Registers a custom integration: adds an MCP server to a team's catalogue.
#[derive(Parser)]
#[command(
    name = "register",
    after_help = "Environment:\n  \
        DUVO_API_KEY              API key; without it, a mock of the API in this process is called\n  \
        DUVO_API_BASE_URL         base URL [default: https://api.duvo.ai]\n  \
        DUVO_OAUTH_CLIENT_SECRET  client secret that belongs to --oauth-client-id"
)]
struct Arguments {
    /// Name of the integration, as teammates see it
    #[arg(long, default_value = "Internal CRM")]
    name: String,

    /// URL of the MCP server
    #[arg(long, default_value = "https://mcp.example.com/crm")]
    server_url: String,

    /// How connections authenticate to the MCP server
    #[arg(long, value_enum, default_value = "url")]
    auth_method: AuthMethod,

    /// OAuth client id, for `--auth-method oauth`
    #[arg(long)]
    oauth_client_id: Option<String>,

    /// Register with this team, through version 2 of the API
    #[arg(long)]
    team: Option<String>,

    /// Print the integration as JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
#[value(rename_all = "lower")]
enum AuthMethod {
    Url,
    ApiKey,
    Headers,
    OAuth,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let is_help = !error.use_stderr();
            let _ = error.print();
            return if is_help {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            };
        }
    };
    let auth = match auth(&arguments) {
        Ok(auth) => auth,
        Err(fault) => {
            eprintln!("error: {fault}");
            return ExitCode::FAILURE;
        }
    };
    let mock = env::var_os("DUVO_API_KEY").is_none().then(Mock::start);
    if mock.is_some() {
        eprintln!(
            "DUVO_API_KEY is not set: this calls a mock of the API, embedded in this process.\n\
             Nothing leaves this machine, and nothing is registered with Duvo.\n"
        );
    }
    let result = register(&arguments, auth, mock.as_ref()).await;
    if let Some(request) = mock
        .as_ref()
        .and_then(Mock::request)
        .filter(|_| !arguments.json)
    {
        print_request(&request);
    }
    match result {
        Ok(created) => {
            print_integration(&created, &arguments, mock.is_some());
            ExitCode::SUCCESS
        }
        Err(error) => {
            print_error(&error);
            ExitCode::FAILURE
        }
    }
}

async fn register(
    arguments: &Arguments,
    auth: Auth,
    mock: Option<&Mock>,
) -> duvo::Result<Response<Integration>> {
    let integration = CustomIntegration::new(&arguments.name, &arguments.server_url, auth)?;
    let client = match mock {
        Some(mock) => Client::builder()
            .api_key(mock::API_KEY)
            .base_url(mock.url())
            .build()?,
        None => Client::from_env()?,
    };
    match &arguments.team {
        Some(team) => {
            client
                .team(team)
                .register_custom_integration(&integration)
                .await
        }
        None => client.register_custom_integration(&integration).await,
    }
}

fn auth(arguments: &Arguments) -> Result<Auth, String> {
    let is_oauth = arguments.auth_method == AuthMethod::OAuth;
    match (&arguments.oauth_client_id, env::var(SECRET_VARIABLE)) {
        (Some(_), _) if !is_oauth => {
            Err("--oauth-client-id goes with --auth-method oauth only".to_owned())
        }
        (Some(id), Ok(secret)) => Ok(Auth::oauth_client(id, secret)),
        (Some(_), Err(error)) => Err(format!(
            "--oauth-client-id needs the client secret in {SECRET_VARIABLE}: {error}"
        )),
        (None, Ok(_)) if is_oauth => Err(format!(
            "{SECRET_VARIABLE} is set, but --oauth-client-id is not given"
        )),
        (None, _) => Ok(match arguments.auth_method {
            AuthMethod::Url => Auth::Url,
            AuthMethod::ApiKey => Auth::ApiKey,
            AuthMethod::Headers => Auth::Headers,
            AuthMethod::OAuth => Auth::oauth(),
        }),
    }
}

/// What the mock got, with its secrets hidden.
fn print_request(request: &HttpMockRequest) {
    println!("request to the embedded mock");
    println!("  {} {}", request.method_str(), request.uri());
    for (name, value) in request.headers_vec() {
        let value = if name == "authorization" {
            "Bearer [redacted]"
        } else {
            value
        };
        println!("  {name}: {value}");
    }
    let mut body: Value = serde_json::from_slice(request.body_ref()).unwrap_or_default();
    if let Some(secret) = body.get_mut("oauth_client_secret") {
        *secret = "[redacted]".into();
    }
    println!("\n  {body}\n");
}

fn print_integration(created: &Response<Integration>, arguments: &Arguments, is_mock: bool) {
    let fields = serde_json::json!(**created);
    if arguments.json {
        println!("{fields:#}");
        return;
    }
    let by = if is_mock {
        "the embedded mock"
    } else {
        "the API"
    };
    println!("answer of {by}: {}", created.status());
    if let Some(request_id) = created.request_id() {
        println!("request id: {request_id}");
    }
    println!("\nregistered {}", created.id);
    for (name, value) in fields.as_object().into_iter().flatten() {
        println!(
            "  {name:<22} {}",
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        );
    }
}

fn print_error(error: &Error) {
    eprintln!("error: {error}");
    if let Some(status) = error.status() {
        eprintln!("  status:     {status}");
    }
    if let Some(message) = error.api_message().or(error.api_code()) {
        eprintln!("  message:    {message}");
    }
    if let Some(request_id) = error.request_id() {
        eprintln!("  request id: {request_id}");
    }
    let registered = match error.delivery() {
        Delivery::NotSent => "no, the request was not sent",
        Delivery::Rejected => "no, the request was refused",
        _ => "unknown, the integration may exist all the same",
    };
    eprintln!("  registered: {registered}");
    eprintln!("  next:       {}", next_step(error));
}

fn next_step(error: &Error) -> &'static str {
    match (error.kind(), error.status().map(|status| status.as_u16())) {
        (ErrorKind::Configuration | ErrorKind::InvalidRequest, _) => {
            "correct the values named above, then run this again"
        }
        (ErrorKind::Connect, _) => "check the network and DUVO_API_BASE_URL, then run this again",
        (_, Some(400 | 422)) => "correct what the message names, then run this again",
        (_, Some(401)) => "check DUVO_API_KEY; the Duvo dashboard makes a new one",
        (_, Some(403)) => "use the API key of a user with the manager role or above",
        (_, Some(404 | 410)) => {
            "check DUVO_API_BASE_URL and --team; version 1 of the API, which is called without --team, may have ended"
        }
        (_, Some(409)) => "look at the team's integrations in Duvo; one like this may be there",
        (_, Some(429)) => "wait a minute, then run this again",
        (_, Some(300..400)) => "set DUVO_API_BASE_URL to where the API is",
        _ => "look for the integration in Duvo, and run this again only if it is not there",
    }
}
