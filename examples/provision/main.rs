//! Plans and makes the changes that a team's catalogue needs to contain the custom
//! integrations of a TOML file.
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
//! The fields are those of `duvo::CustomIntegrationConfig`. The page `docs/provisioning.md`
//! describes the options and the exit statuses. Without `DUVO_API_KEY`, this calls a mock
//! server in the same process.

#![warn(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod arguments;
mod confirmation;
mod entry;
mod fault;
mod field;
mod file;
mod interruption;
mod mock;
mod output;
mod progress;
mod provisioning;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::{Arguments, Command, Options};
use crate::output::{note, print, print_json};
use crate::progress::Progress;
use crate::provisioning::Provisioning;

/// The exit status of `plan --detailed-exitcode` if the catalogue differs from the file.
const DIFFERS: u8 = 2;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            // Clap's own status, 2, would mean that the catalogue differs.
            let is_help = !error.use_stderr();
            return ExitCode::from(u8::from(!is_help));
        }
    };
    let result = match &arguments.command {
        Command::Plan {
            options,
            detailed_exitcode,
        } => plan(options, *detailed_exitcode).await,
        Command::Apply {
            options,
            yes,
            concurrency,
        } => apply(options, *yes, usize::from(*concurrency)).await,
    };
    result.unwrap_or_else(|message| {
        note(format_args!("error: {message}"));
        ExitCode::FAILURE
    })
}

async fn plan(options: &Options, detailed_exitcode: bool) -> Result<ExitCode, String> {
    let provisioning = Provisioning::new(options).await?;
    let plan = provisioning.plan(options).await?;
    if options.json {
        print_json(&plan)?;
    } else {
        print(&plan)?;
    }
    let differs = detailed_exitcode && !plan.is_converged();
    Ok(ExitCode::from(if differs { DIFFERS } else { 0 }))
}

async fn apply(options: &Options, yes: bool, concurrency: usize) -> Result<ExitCode, String> {
    let provisioning = Provisioning::new(options).await?;
    let plan = provisioning.plan(options).await?;
    if options.json {
        note(&plan);
    } else {
        print(&plan)?;
    }
    let is_empty = plan.is_empty();
    if !is_empty && !yes && !confirmation::confirm()? {
        return Err("not confirmed, so nothing was changed".to_owned());
    }

    let mut progress = Progress::new(plan.changes().count());
    let interruption = interruption::interruption(progress.clone())?;
    let report = plan
        .apply()
        .concurrency(concurrency)
        .on_event(|event| progress.on_event(event))
        .graceful_shutdown(interruption)
        .await;
    progress.finish();

    if options.json {
        print_json(&report)?;
    } else if !is_empty {
        print(format_args!("\n{report}"))?;
    } else if !report.is_converged() {
        // The plan states what is different, but not why the exit status is 1.
        print(format_args!("\n{}", report.summary()))?;
    }
    if !is_empty && provisioning.is_mocked() {
        provisioning.plan_again(options).await?;
    }
    Ok(ExitCode::from(u8::from(!report.is_converged())))
}
