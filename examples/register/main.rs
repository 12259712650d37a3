//! Registers a custom integration.
//!
//! With `DUVO_API_KEY`, this calls Duvo, or the server at `DUVO_API_BASE_URL`. Without it,
//! this calls a mock server in the same process.

#![warn(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod mock;
mod output;

use std::env;
use std::fmt::Write as _;
use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Parser;
use duvo::mock::Server;
use duvo::{Auth, AuthMethod, Client, CustomIntegration, Integration, Response};
use serde_json::json;

const SECRET_VARIABLE: &str = "DUVO_OAUTH_CLIENT_SECRET";
const TEAM_VARIABLE: &str = "DUVO_TEAM";

/// Registers a custom integration: adds an MCP server to a team's catalogue.
#[derive(Parser)]
#[command(
    name = "register",
    after_help = "Environment:\n  \
        DUVO_API_KEY              API key; without it, a mock server in this process is called\n  \
        DUVO_API_BASE_URL         base URL [default: https://api.duvo.ai]\n  \
        DUVO_TEAM                 team to register with, unless --team is given\n  \
        DUVO_OAUTH_CLIENT_SECRET  client secret for --oauth-client-id"
)]
struct Arguments {
    /// Name of the integration, as displayed to teammates
    #[arg(long, default_value = "Internal CRM")]
    name: String,

    /// URL of the MCP server
    #[arg(long, default_value = "https://mcp.example.com/crm")]
    server_url: String,

    /// Method by which connections authenticate to the MCP server: url, apikey, headers or oauth
    #[arg(long, default_value_t = AuthMethod::Url)]
    auth_method: AuthMethod,

    /// OAuth client id, for `--auth-method oauth`
    #[arg(long)]
    oauth_client_id: Option<String>,

    /// Identifier of the team to register with [default: the only team of the key]
    #[arg(long)]
    team: Option<String>,

    /// Version of the API; the deprecated v1 registers with the team of the key
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=2))]
    api_version: u8,

    /// Print the integration as JSON
    #[arg(long)]
    json: bool,
}

/// The operation to call.
enum Target {
    V1,
    /// Without a team, that of the key.
    V2 {
        team: Option<String>,
    },
}

/// The call that failed.
pub(crate) enum Step {
    Lookup,
    Registration,
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
    // A closed standard output does not undo the registration.
    let _ = io::stdout().write_all(output.as_bytes());
    exit_code
}

/// Returns the text for standard output. Errors are printed to standard error.
async fn run(arguments: &Arguments) -> (String, ExitCode) {
    let is_mocked = env::var_os("DUVO_API_KEY").is_none();
    let parsed = auth(arguments).and_then(|auth| Ok((auth, target(arguments, is_mocked)?)));
    let (auth, target) = match parsed {
        Ok(parsed) => parsed,
        Err(message) => {
            eprintln!("error: {message}");
            return (String::new(), ExitCode::FAILURE);
        }
    };
    let mock = match is_mocked.then(mock::start).transpose() {
        Ok(mock) => mock,
        Err(error) => {
            eprintln!("error: cannot start the mock server: {error}");
            return (String::new(), ExitCode::FAILURE);
        }
    };
    if is_mocked {
        eprintln!(
            "DUVO_API_KEY is not set, so a mock server in this process is called.\n\
             Nothing is sent to Duvo.\n"
        );
    }
    let result = register(arguments, auth, target, mock.as_ref()).await;
    let mut output = match &mock {
        Some(server) if !arguments.json => {
            let requests = server.requests();
            let requests = requests.iter();
            requests
                .map(|request| output::format_request(server, request))
                .collect()
        }
        _ => String::new(),
    };
    match result {
        Ok(created) if arguments.json => {
            let _ = writeln!(output, "{:#}", json!(*created));
            (output, ExitCode::SUCCESS)
        }
        Ok(created) => {
            let server = if is_mocked {
                "the mock server"
            } else {
                "the API"
            };
            output += &output::format_integration(&created, server);
            (output, ExitCode::SUCCESS)
        }
        Err((step, error)) => {
            eprint!("{}", output::format_error(&step, &error));
            (output, ExitCode::FAILURE)
        }
    }
}

async fn register(
    arguments: &Arguments,
    auth: Auth,
    target: Target,
    mock: Option<&Server>,
) -> Result<Response<Integration>, (Step, duvo::Error)> {
    let registration = |error| (Step::Registration, error);
    let integration = CustomIntegration::new(&arguments.name, &arguments.server_url, auth)
        .map_err(registration)?;
    for concern in integration.concerns() {
        eprintln!("warning: {concern}");
    }
    let client = match mock {
        Some(mock) => mock.client(),
        None => Client::from_env(),
    };
    let client = client.map_err(registration)?;
    let result = match target {
        Target::V2 { team } => {
            let team = match team {
                Some(team) => client.team(team),
                None => client
                    .own_team()
                    .await
                    .map_err(|error| (Step::Lookup, error))?,
            };
            team.register_custom_integration(&integration).await
        }
        #[allow(deprecated, reason = "the user asked for v1")]
        Target::V1 => client.register_custom_integration_v1(&integration).await,
    };
    result.map_err(registration)
}

fn target(arguments: &Arguments, is_mocked: bool) -> Result<Target, String> {
    match (arguments.api_version, arguments.team.clone()) {
        (1, Some(_)) => Err("--team requires API v2; v1 registers with the key's team".into()),
        (1, None) => Ok(Target::V1),
        (_, team) => {
            let from_environment = || env::var(TEAM_VARIABLE).ok().filter(|team| !team.is_empty());
            let of_mock = is_mocked.then(|| mock::TEAM.to_owned());
            let team = team.or_else(from_environment).or(of_mock);
            Ok(Target::V2 { team })
        }
    }
}

fn auth(arguments: &Arguments) -> Result<Auth, String> {
    let is_oauth = arguments.auth_method == AuthMethod::OAuth;
    let secret = env::var(SECRET_VARIABLE)
        .ok()
        .filter(|secret| !secret.is_empty());
    match (&arguments.oauth_client_id, secret) {
        (Some(_), _) if !is_oauth => {
            Err("--oauth-client-id requires --auth-method oauth".to_owned())
        }
        (Some(id), Some(secret)) => Ok(Auth::oauth_client(id, secret)),
        (Some(_), None) => Err(format!(
            "--oauth-client-id requires the client secret in {SECRET_VARIABLE}"
        )),
        (None, Some(_)) if is_oauth => Err(format!("{SECRET_VARIABLE} requires --oauth-client-id")),
        (None, _) => Ok(arguments.auth_method.into()),
    }
}
