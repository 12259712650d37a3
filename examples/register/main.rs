//! Registers a custom integration.
//!
//! With `DUVO_API_KEY` set it calls Duvo, or what `DUVO_API_BASE_URL` names.
//! Without, it starts a mock of the API in this process and calls that.

#![warn(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod mock;

use std::env;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use duvo::mock::{Request, Server};
use duvo::{Auth, Client, CustomIntegration, Delivery, Error, ErrorKind, Integration, Response};
use serde_json::json;

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
    let (output, exit_code) = match Arguments::try_parse() {
        Ok(arguments) => run(&arguments).await,
        Err(error) => {
            let exit_code = if error.use_stderr() {
                ExitCode::FAILURE
            } else {
                ExitCode::SUCCESS
            };
            let _ = error.print();
            (String::new(), exit_code)
        }
    };
    // The integration is registered, whether or not anyone reads of it.
    let _ = io::stdout().write_all(output.as_bytes());
    exit_code
}

/// Gives what belongs on standard output. Errors go to standard error.
async fn run(arguments: &Arguments) -> (String, ExitCode) {
    let auth = match auth(arguments) {
        Ok(auth) => auth,
        Err(fault) => {
            eprintln!("error: {fault}");
            return (String::new(), ExitCode::FAILURE);
        }
    };
    let is_mocked = env::var_os("DUVO_API_KEY").is_none();
    let mock = match is_mocked.then(mock::start).transpose() {
        Ok(mock) => mock,
        Err(error) => {
            eprintln!("error: the mock cannot be started: {error}");
            return (String::new(), ExitCode::FAILURE);
        }
    };
    if is_mocked {
        eprintln!(
            "DUVO_API_KEY is not set: this calls a mock of the API, embedded in this process.\n\
             Nothing leaves this machine, and nothing is registered with Duvo.\n"
        );
    }
    let result = register(arguments, auth, mock.as_ref()).await;
    let mut output = match &mock {
        Some(server) if !arguments.json => {
            let requests = server.requests();
            let shown = requests
                .iter()
                .map(|request| shown_request(server, request));
            shown.collect()
        }
        _ => String::new(),
    };
    match result {
        Ok(created) if arguments.json => {
            let _ = writeln!(output, "{:#}", json!(*created));
            (output, ExitCode::SUCCESS)
        }
        Ok(created) => {
            output += &shown_integration(
                &created,
                if is_mocked {
                    "the embedded mock"
                } else {
                    "the API"
                },
            );
            (output, ExitCode::SUCCESS)
        }
        Err(error) => {
            eprint!("{}", shown_error(&error));
            (output, ExitCode::FAILURE)
        }
    }
}

async fn register(
    arguments: &Arguments,
    auth: Auth,
    mock: Option<&Server>,
) -> duvo::Result<Response<Integration>> {
    let integration = CustomIntegration::new(&arguments.name, &arguments.server_url, auth)?;
    let client = match mock {
        Some(mock) => mock.client()?,
        None => Client::from_env()?,
    };
    match &arguments.team {
        Some(team) => {
            client
                .team(team)
                .register_custom_integration(&integration)
                .await
        }
        None => client.register_custom_integration_v1(&integration).await,
    }
}

fn auth(arguments: &Arguments) -> Result<Auth, String> {
    let is_oauth = arguments.auth_method == AuthMethod::OAuth;
    let secret = env::var(SECRET_VARIABLE)
        .ok()
        .filter(|secret| !secret.is_empty());
    match (&arguments.oauth_client_id, secret) {
        (Some(_), _) if !is_oauth => {
            Err("--oauth-client-id goes with --auth-method oauth only".to_owned())
        }
        (Some(id), Some(secret)) => Ok(Auth::oauth_client(id, secret)),
        (Some(_), None) => Err(format!(
            "--oauth-client-id needs the client secret in {SECRET_VARIABLE}"
        )),
        (None, Some(_)) if is_oauth => Err(format!(
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
fn shown_request(server: &Server, request: &Request) -> String {
    let mut lines = vec![
        "request to the embedded mock".to_owned(),
        format!("  {} {}{}", request.method(), server.url(), request.path()),
    ];
    for (name, value) in request.headers() {
        let value = if name == "authorization" {
            "Bearer [redacted]"
        } else {
            value.to_str().unwrap_or("[not text]")
        };
        lines.push(format!("  {name}: {value}"));
    }
    let mut body = request.json().clone();
    if let Some(secret) = body.get_mut("oauth_client_secret") {
        *secret = "[redacted]".into();
    }
    lines.push(format!("\n  {body}\n\n"));
    lines.join("\n")
}

fn shown_integration(created: &Response<Integration>, by: &str) -> String {
    let mut lines = vec![format!("answer of {by}: {}", created.status())];
    lines.extend(
        created
            .request_id()
            .map(|id| format!("request id: {}", printable(id))),
    );
    lines.push(format!("\nregistered {}", printable(&created.id)));
    for (name, value) in json!(**created).as_object().into_iter().flatten() {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        lines.push(format!("  {name:<22} {}", printable(&value)));
    }
    lines.join("\n") + "\n"
}

fn shown_error(error: &Error) -> String {
    let mut lines = vec![format!("error: {error}")];
    lines.extend(
        error
            .status()
            .map(|status| format!("  status:     {status}")),
    );
    let message = error
        .api_message()
        .or(error.api_error())
        .or(error.api_code());
    lines.extend(message.map(|message| format!("  message:    {}", printable(message))));
    lines.extend(
        error
            .request_id()
            .map(|id| format!("  request id: {}", printable(id))),
    );
    let registered = match error.delivery() {
        Delivery::NotSent => "no, the request was not sent",
        Delivery::Rejected => "no, the request was refused",
        _ => "unknown, the integration may exist all the same",
    };
    lines.push(format!("  registered: {registered}"));
    lines.push(format!("  next:       {}", next_step(error)));
    lines.join("\n") + "\n"
}

fn next_step(error: &Error) -> String {
    let step = match (error.kind(), error.status().map(|status| status.as_u16())) {
        (ErrorKind::Configuration | ErrorKind::InvalidRequest, _) => {
            "correct what is named above, then run this again"
        }
        (ErrorKind::Connect, _) => "check the network and DUVO_API_BASE_URL, then run this again",
        (_, Some(400 | 422)) => "correct what the message names, then run this again",
        (_, Some(401)) => "check DUVO_API_KEY; the Duvo dashboard makes a new one",
        (_, Some(403)) => "use the API key of a user with the manager role or above",
        (_, Some(404 | 405 | 410)) => {
            "check DUVO_API_BASE_URL and --team; version 1 of the API, which is called without --team, may have ended"
        }
        (_, Some(409)) => "look at the team's integrations in Duvo; one like this may be there",
        (_, Some(307 | 308)) => "set DUVO_API_BASE_URL to where the API is",
        (_, Some(429 | 503)) if error.delivery() == Delivery::Rejected => {
            let wait = error.retry_after().map_or(60, |wait| wait.as_secs());
            return format!("wait {wait} seconds, then run this again");
        }
        _ if error.delivery() == Delivery::Unknown => {
            "look for the integration in Duvo, and run this again only if it is not there"
        }
        _ => "ask Duvo's support, with the request id",
    };
    step.to_owned()
}

/// A server's words, which could otherwise drive a terminal.
fn printable(text: &str) -> String {
    text.replace(char::is_control, " ")
}
