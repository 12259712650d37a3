//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Printed after the options of each command.
const AFTER_HELP: &str = "Environment:
  DUVO_API_KEY       API key; without it, a mock server in this process is called
  DUVO_API_BASE_URL  base URL [default: https://api.duvo.ai]
  DUVO_TEAM          team, unless --team or the file states one
                     [default: the only team of the API key]

Exit status:
  0  nothing to change, or done; for `plan`, also if there are changes
  1  failed, interrupted, or the catalogue still differs from the file
  2  `plan --detailed-exitcode`, and the catalogue differs from the file";

/// Plans and makes the changes that a team's catalogue needs to contain the custom
/// integrations of a TOML file.
#[derive(Parser)]
#[command(name = "provision", version, after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Print the changes, and change nothing
    #[command(after_help = AFTER_HELP)]
    Plan {
        #[command(flatten)]
        options: Options,

        /// Exit with 2 if the catalogue differs from the file
        #[arg(long)]
        detailed_exitcode: bool,
    },

    /// Print the changes, ask for confirmation, and make them
    ///
    /// Ctrl-C finishes the changes under way and abandons the others; a second one ends the
    /// program at once. The next run completes an interrupted one.
    #[command(after_help = AFTER_HELP)]
    Apply {
        #[command(flatten)]
        options: Options,

        /// Do not ask for confirmation
        #[arg(long)]
        yes: bool,

        /// Maximum number of changes at a time, from 1 to 64
        #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=64))]
        concurrency: u8,
    },
}

#[derive(Args)]
pub(crate) struct Options {
    /// TOML file with the integrations; optional without `DUVO_API_KEY`
    pub(crate) file: Option<PathBuf>,

    /// Identifier of the team, instead of that of the file
    #[arg(long, value_name = "ID", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) team: Option<String>,

    #[command(flatten)]
    pub(crate) deletions: Deletions,

    /// Let Duvo connect to each server before it is registered; what will not work is not
    /// registered
    #[arg(long)]
    pub(crate) check: bool,

    /// With --check: register also what will not work
    #[arg(long, requires = "check")]
    pub(crate) force: bool,

    /// Print only JSON to standard output: the plan, or the report of `apply`
    #[arg(long)]
    pub(crate) json: bool,
}

/// The deletions that are permitted.
#[derive(Args)]
pub(crate) struct Deletions {
    /// Replace integrations that differ: delete them, with the connections of teammates, and
    /// register them again
    #[arg(long)]
    pub(crate) replace: bool,

    /// Delete custom integrations that are not in the file, with the connections of teammates
    #[arg(long)]
    pub(crate) prune: bool,

    /// Delete duplicates that are younger than the kept integration, with the connections of
    /// teammates
    #[arg(long)]
    pub(crate) remove_duplicates: bool,
}
