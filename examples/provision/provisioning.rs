//! What to provision, and where.

use std::{env, fs};

use duvo::{Client, CustomIntegration, ErrorKind, Plan, Team};

use crate::arguments::Options;
use crate::fault::{Fault, Lines};
use crate::file::{self, File, TeamSetting};
use crate::mock::{self, Mock};
use crate::output::{note, print};

/// What to do if the API key does not determine the team.
const TEAM_HINT: &str = "to state the team, pass --team, add `team` to the file or set DUVO_TEAM";

/// The integrations of the file, and the team whose catalogue should contain them.
pub(crate) struct Provisioning {
    team: Team,
    integrations: Vec<CustomIntegration>,
    /// The server that is called without an API key.
    mock: Option<Mock>,
}

impl Provisioning {
    /// Reads the file, creates a client of Duvo or of a mock server, and looks up the team
    /// of the API key if no team is stated.
    pub(crate) async fn new(options: &Options) -> Result<Self, String> {
        let is_mocked = env::var_os("DUVO_API_KEY").is_none();
        if is_mocked {
            note("DUVO_API_KEY is not set, so a mock server in this process is called.");
            note("Nothing is sent to Duvo.");
        }
        let (name, text) = read(options, is_mocked)?;
        let file = parse(&name, &text, team(options))?;
        if options.deletions.prune && file.integrations.is_empty() {
            return Err(format!(
                "{name} has no integrations, so --prune would delete every custom integration of the team; add an integration, or omit --prune"
            ));
        }
        let mock = is_mocked.then(Mock::start).transpose()?;
        let client = match &mock {
            Some(mock) => mock.client(),
            None => Client::from_env(),
        };
        let client = client.map_err(|error| error.to_string())?;
        if let (Some(mock), None) = (&mock, &options.file) {
            mock.add_samples(file.team.as_deref());
        }
        let team = match file.team {
            Some(team) => client.team(team),
            None => own_team(&client).await?,
        };
        Ok(Self {
            team,
            integrations: file.integrations,
            mock,
        })
    }

    pub(crate) fn is_mocked(&self) -> bool {
        self.mock.is_some()
    }

    pub(crate) async fn plan(&self, options: &Options) -> Result<Plan, String> {
        let plan = self.team.plan(&self.integrations).await;
        let plan = plan.map_err(|error| describe(&error))?;
        let deletions = &options.deletions;
        let plan = plan
            .replace(deletions.replace)
            .prune(deletions.prune)
            .remove_duplicates(deletions.remove_duplicates);
        if !options.check {
            return Ok(plan);
        }
        let plan = plan.check().await.map_err(|error| describe(&error))?;
        Ok(plan.force(options.force))
    }

    /// Prints what another run would do, because the mock ends with this one.
    pub(crate) async fn plan_again(&self, options: &Options) -> Result<(), String> {
        let plan = self.plan(options).await?;
        let line = format!("\nPlanning again: {}", plan.summary());
        if options.json {
            note(line);
            Ok(())
        } else {
            print(line)
        }
    }
}

/// Returns the name and the text of the file.
fn read(options: &Options, is_mocked: bool) -> Result<(String, String), String> {
    let Some(path) = &options.file else {
        if is_mocked {
            note(format_args!(
                "FILE is missing, so {} is used.\n",
                mock::SAMPLE_PATH
            ));
            return Ok((mock::SAMPLE_PATH.to_owned(), mock::SAMPLE.to_owned()));
        }
        return Err("FILE is missing: pass the TOML file with the integrations".to_owned());
    };
    let name = path.display().to_string();
    let bytes = fs::read(path).map_err(|error| format!("{name}: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let lines = Lines::new(&String::from_utf8_lossy(error.as_bytes()));
        let line = lines.number(error.utf8_error().valid_up_to());
        format!("{name}:{line}: the file is not UTF-8; save it in this encoding")
    })?;
    Ok((name, text))
}

/// Parses the file, and prints its errors and warnings.
fn parse(name: &str, text: &str, team: TeamSetting) -> Result<File, String> {
    match file::parse(text, team) {
        Ok(file) => {
            for Fault { line, message } in &file.warnings {
                note(format_args!("{name}:{line}: warning: {message}"));
            }
            Ok(file)
        }
        Err(faults) => {
            for Fault { line, message } in &faults {
                note(format_args!("{name}:{line}: {message}"));
            }
            Err(match faults.len() {
                1 => "the file has an error; nothing was sent".to_owned(),
                count => format!("the file has {count} errors; nothing was sent"),
            })
        }
    }
}

/// Returns the only team of the API key.
async fn own_team(client: &Client) -> Result<Team, String> {
    let team = client.own_team().await;
    team.map_err(|error| {
        let status = error.status().map(|status| status.as_u16());
        let is_selection = error.kind() == ErrorKind::Configuration;
        if is_selection || matches!(status, Some(403 | 404)) {
            format!("{error}; {TEAM_HINT}")
        } else {
            describe(&error)
        }
    })
}

/// Returns the message of an error, and what to check.
fn describe(error: &duvo::Error) -> String {
    match error.status().map(|status| status.as_u16()) {
        Some(401) => format!("{error}; check DUVO_API_KEY"),
        Some(403 | 404) => {
            format!("{error}; check the team, and whether DUVO_API_KEY may access it")
        }
        _ => error.to_string(),
    }
}

fn team(options: &Options) -> TeamSetting {
    let variable = env::var("DUVO_TEAM").ok();
    TeamSetting {
        argument: options.team.clone(),
        variable: variable.filter(|team| !team.is_empty()),
    }
}
