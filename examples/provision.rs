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
//! oauth_client_secret_env = "CRM_CLIENT_SECRET"
//! ```
//!
//! The fields are those of `duvo::CustomIntegrationConfig`.

#![warn(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use duvo::{Client, CustomIntegration, CustomIntegrationConfig, EnsureOutcome, Ensured};
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
    integrations: Vec<CustomIntegrationConfig>,
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
    let mut desired = Vec::new();
    let mut errors = Vec::new();
    for (number, config) in (1..).zip(&catalogue.integrations) {
        match resolve(number, config) {
            Ok(integration) => desired.push(integration),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return Err(failed(&errors.join("\n  ")));
    }
    for integration in &desired {
        for concern in integration.concerns() {
            eprintln!("warning: `{}`: {concern}", integration.name());
        }
    }
    let client = Client::from_env().map_err(|error| error.to_string())?;
    let team = client.team(&catalogue.team);

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

/// Returns the integration that an entry of the file describes.
fn resolve(number: usize, config: &CustomIntegrationConfig) -> Result<CustomIntegration, String> {
    config.resolve().map_err(|error| match config.name() {
        Some(name) => format!("`{name}`: {error}"),
        None => format!("integration {number}: {error}"),
    })
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
