//! An MCP server that ensures its own registration with Duvo when it starts.
//!
//! The server accepts requests first, so that Duvo can probe it. Then it lets Duvo check
//! whether it will work, and registers itself if the team's catalogue lacks it. A server that
//! Duvo cannot reach is not registered, because a custom integration cannot be edited later.
//!
//! SIGTERM and Ctrl-C end the program gracefully: requests and changes under way are
//! finished. The registration remains, because the next instance needs it.

#![warn(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod http;
mod registration;
mod shutdown;
mod tools;

use std::error::Error;
use std::io::{self, IsTerminal};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use duvo::{Auth, Client, CustomIntegration};
use tokio::net::TcpListener;
use tracing::{info, warn};

use self::registration::Registration;

/// The time for requests and changes under way after a signal. Kubernetes kills a container
/// 30 seconds after the signal.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(20);

/// Serves tools to Duvo by MCP, and registers itself as a custom integration.
#[derive(Parser)]
#[command(after_help = "Environment:\n  \
    DUVO_API_KEY       API key of Duvo\n  \
    DUVO_API_BASE_URL  base URL [default: https://api.duvo.ai]\n  \
    MCP_TOKEN          bearer token that every request must have [default: none]")]
struct Arguments {
    /// Address on which to accept connections
    #[arg(long, env = "MCP_LISTEN", default_value = "127.0.0.1:8000")]
    listen: SocketAddr,

    /// URL at which Duvo reaches the server [default: that of the address]
    #[arg(long, env = "MCP_PUBLIC_URL")]
    public_url: Option<String>,

    /// Name of the integration, as displayed to teammates
    #[arg(long, env = "MCP_NAME", default_value = "Contacts")]
    name: String,

    /// Identifier of the team to register with [default: the only team of the key]
    #[arg(long, env = "DUVO_TEAM")]
    team: Option<String>,
}

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .init();
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn Error>> {
    let duvo = Client::from_env()?;
    let token = std::env::var("MCP_TOKEN").ok();
    let token = token.filter(|token| !token.is_empty());
    let shutdown = shutdown::on_signal()?;

    let listener = TcpListener::bind(arguments.listen)
        .await
        .map_err(|error| format!("cannot listen on {}: {error}", arguments.listen))?;
    let address = listener.local_addr()?;
    let default_url = format!("http://{address}{}", http::PATH);
    let integration = CustomIntegration::new(
        arguments.name,
        arguments.public_url.unwrap_or(default_url),
        // With `Auth::ApiKey`, each teammate enters the token when connecting.
        token.as_ref().map_or(Auth::Url, |_| Auth::ApiKey),
    )?;
    for concern in integration.concerns() {
        warn!("{concern}");
    }

    info!(
        "serving {} at http://{address}{}",
        integration.name(),
        http::PATH
    );
    let router = http::router(integration.server_url(), token, &shutdown);
    let server = tokio::spawn(http::serve(listener, router, shutdown.clone()));
    let registration = Registration {
        duvo,
        team: arguments.team,
        integration,
        pause: registration::PAUSE,
    };
    let registration = tokio::spawn(registration.ensure(shutdown.clone()));

    shutdown.cancelled().await;
    info!("shutting down");
    let finished = tokio::time::timeout(SHUTDOWN_TIMEOUT, async {
        registration.await?;
        Ok::<_, Box<dyn Error>>(server.await??)
    });
    finished.await.unwrap_or_else(|_| {
        warn!("requests are still under way after {SHUTDOWN_TIMEOUT:?}");
        Ok(())
    })
}
