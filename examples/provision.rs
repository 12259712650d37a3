//! Sees to it that every integration of a TOML file is registered with a team.
//!
//! It may be run again and again, on every deploy say: what is there already is
//! left as it is, and a run that was interrupted is repeated by running it again.
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

/// Sees to it that every integration of a TOML file is registered with a team.
#[derive(Parser)]
#[command(
    name = "provision",
    after_help = "Environment:\n  \
        DUVO_API_KEY       API key\n  \
        DUVO_API_BASE_URL  base URL [default: https://api.duvo.ai]"
)]
struct Arguments {
    /// The file; the head of examples/provision.rs shows one
    file: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    team: String,
    #[serde(rename = "integration")]
    integrations: Vec<Wanted>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    name: String,
    server_url: String,
    auth_method: AuthMethod,
    oauth_client_id: Option<String>,
    /// The environment variable with the client secret, which a file should not
    /// hold.
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
        Err(fault) => {
            eprintln!("error: {fault}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every integration is there now.
async fn run(file: &Path) -> Result<bool, String> {
    let failed = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
    let text = fs::read_to_string(file).map_err(|error| failed(&error))?;
    let catalogue: Catalogue = toml::from_str(&text).map_err(|error| failed(&error))?;
    // Every fault of the file is told before anything is registered.
    let wanted: Vec<_> = catalogue.integrations.iter().map(integration).collect();
    let faults: Vec<_> = wanted
        .iter()
        .filter_map(|wanted| wanted.as_ref().err())
        .collect();
    if !faults.is_empty() {
        let faults: Vec<_> = faults.into_iter().map(String::as_str).collect();
        return Err(failed(&faults.join("\n  ")));
    }
    let client = Client::from_env().map_err(|error| error.to_string())?;
    let team = client.team(&catalogue.team);

    let wanted: Vec<_> = wanted.into_iter().flatten().collect();
    let progress = ProgressBar::new(wanted.len() as u64);
    let mut lines = Vec::new();
    let mut failures = 0;
    for integration in &wanted {
        progress.set_message(integration.name().to_owned());
        let outcome = match team.ensure_custom_integration(integration).await {
            Ok(ensured) => told(&ensured),
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
    println!(
        "\n{} of {} are there",
        wanted.len() - failures,
        wanted.len()
    );
    if failures > 0 {
        println!("run this again for the others; what is there is left as it is");
    }
    Ok(failures == 0)
}

fn integration(wanted: &Wanted) -> Result<CustomIntegration, String> {
    let failed = |fault: &dyn std::fmt::Display| format!("`{}`: {fault}", wanted.name);
    let client = match (
        &wanted.oauth_client_id,
        &wanted.oauth_client_secret_variable,
    ) {
        (Some(id), Some(variable)) => {
            let secret = env::var(variable)
                .map_err(|_| failed(&format!("the environment has no {variable}")))?;
            Some((id, secret))
        }
        (None, None) => None,
        _ => {
            return Err(failed(
                &"an OAuth client has an id and a secret, or is left out",
            ));
        }
    };
    let auth = match (&wanted.auth_method, client) {
        (AuthMethod::OAuth, Some((id, secret))) => Auth::oauth_client(id, secret),
        (AuthMethod::OAuth, None) => Auth::oauth(),
        (_, Some(_)) => return Err(failed(&"an OAuth client goes with `oauth` only")),
        (AuthMethod::Url, None) => Auth::Url,
        (AuthMethod::ApiKey, None) => Auth::ApiKey,
        (AuthMethod::Headers, None) => Auth::Headers,
    };
    CustomIntegration::new(&wanted.name, &wanted.server_url, auth).map_err(|error| failed(&error))
}

fn told(ensured: &Ensured) -> String {
    let id = &ensured.integration.id;
    let line = match &ensured.outcome {
        EnsureOutcome::Created => format!("created {id}"),
        EnsureOutcome::AlreadyExists => format!("was there: {id}"),
        EnsureOutcome::Differs { fields } => {
            format!("was there with another {}: {id}", fields.join(" and "))
        }
        _ => format!("is there: {id}"),
    };
    match ensured.duplicates.len() {
        0 => line,
        others => format!("{line}, and {others} more like it"),
    }
}
