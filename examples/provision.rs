//! Ensures that every integration of a TOML file is registered with a team.
//!
//! The program can run on every deploy. Existing integrations are not changed, and an
//! interrupted run is completed by the next one.
//!
//! ```toml
//! team = "team_01hzx3f8q2"
//!
//! [[integration]]
//! name = "Price list"
//! server_url = "https://mcp.example.com/price-list"
//! auth_method = "apikey"
//!
//! [[integration]]
//! name = "Internal CRM"
//! server_url = "https://mcp.example.com/crm"
//! auth_method = "oauth"
//! oauth_client_id = "duvo-crm"
//! oauth_client_secret_variable = "CRM_CLIENT_SECRET"
//! ```

#![warn(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use clap::Parser;
use duvo::{Auth, Client, CustomIntegration, EnsureOutcome, Ensured};
use indicatif::ProgressBar;
use serde::Deserialize;

/// Ensures that every integration of a TOML file is registered with a team.
#[derive(Parser)]
#[command(
    name = "provision",
    after_help = "Environment:\n  \
        DUVO_API_KEY       API key\n  \
        DUVO_API_BASE_URL  base URL [default: https://api.duvo.ai]"
)]
struct Arguments {
    /// TOML file; examples/provision.rs starts with an example
    file: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    team: String,
    #[serde(rename = "integration")]
    integrations: Vec<Desired>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Desired {
    name: String,
    server_url: String,
    auth_method: AuthMethod,
    oauth_client_id: Option<String>,
    /// The environment variable with the client secret, which does not belong in a file.
    oauth_client_secret_variable: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum AuthMethod {
    Url,
    ApiKey,
    Headers,
    OAuth,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments.file).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Returns whether every integration exists now.
async fn run(file: &Path) -> Result<bool, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let text = fs::read_to_string(file).map_err(|error| failed(&error))?;
    let catalogue: Catalogue = toml::from_str(&text).map_err(|error| failed(&error))?;
    // Every error of the file is reported before anything is registered.
    let desired: Vec<_> = catalogue.integrations.iter().map(integration).collect();
    let errors: Vec<_> = desired
        .iter()
        .filter_map(|result| result.as_ref().err())
        .collect();
    if !errors.is_empty() {
        let errors: Vec<_> = errors.into_iter().map(String::as_str).collect();
        return Err(failed(&errors.join("\n  ")));
    }
    let client = Client::from_env().map_err(|error| error.to_string())?;
    let team = client.team(&catalogue.team);

    let desired: Vec<_> = desired.into_iter().flatten().collect();
    let progress = ProgressBar::new(desired.len() as u64);
    let mut lines = Vec::new();
    let mut failures = 0;
    for integration in &desired {
        progress.set_message(integration.name().to_owned());
        let outcome = match team.ensure_custom_integration(integration).await {
            Ok(ensured) => describe(&ensured),
            Err(error) => {
                failures += 1;
                format!("failed: {error}")
            }
        };
        lines.push(format!("{:<24} {outcome}", integration.name()));
        progress.inc(1);
    }
    progress.finish_and_clear();
    for line in lines {
        println!("{line}");
    }
    println!("\n{} of {} exist", desired.len() - failures, desired.len());
    if failures > 0 {
        println!("run this again for the others; existing integrations are not changed");
    }
    Ok(failures == 0)
}

fn integration(desired: &Desired) -> Result<CustomIntegration, String> {
    let failed = |reason: &dyn std::fmt::Display| format!("`{}`: {reason}", desired.name);
    let client = match (
        &desired.oauth_client_id,
        &desired.oauth_client_secret_variable,
    ) {
        (Some(id), Some(variable)) => {
            let secret = env::var(variable)
                .map_err(|_| failed(&format!("the environment variable {variable} is not set")))?;
            Some((id, secret))
        }
        (None, None) => None,
        _ => {
            return Err(failed(&"an OAuth client requires both an id and a secret"));
        }
    };
    let auth = match (&desired.auth_method, client) {
        (AuthMethod::OAuth, Some((id, secret))) => Auth::oauth_client(id, secret),
        (AuthMethod::OAuth, None) => Auth::oauth(),
        (_, Some(_)) => return Err(failed(&"an OAuth client requires the auth method `oauth`")),
        (AuthMethod::Url, None) => Auth::Url,
        (AuthMethod::ApiKey, None) => Auth::ApiKey,
        (AuthMethod::Headers, None) => Auth::Headers,
    };
    CustomIntegration::new(&desired.name, &desired.server_url, auth).map_err(|error| failed(&error))
}

fn describe(ensured: &Ensured) -> String {
    let id = &ensured.integration.id;
    let line = match &ensured.outcome {
        EnsureOutcome::Created => format!("created {id}"),
        EnsureOutcome::AlreadyExists => format!("already exists: {id}"),
        EnsureOutcome::Differs { fields } => {
            format!("exists, but differs in {}: {id}", fields.join(" and "))
        }
        _ => format!("exists: {id}"),
    };
    match ensured.duplicates.len() {
        0 => line,
        duplicates => format!("{line}, and {duplicates} duplicates"),
    }
}
