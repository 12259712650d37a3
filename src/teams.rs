//! The teams of the API key.

use crate::call::Call;
use crate::client::{Client, Team};
use crate::error::{Error, Result};
use crate::generated::types::TeamInfo;
use crate::redact::Redactor;
use crate::response::Response;
use crate::sanitize::sanitize;

/// The maximum number of teams that an error names.
const MAX_NAMED_TEAMS: usize = 20;

impl Client {
    /// Lists the teams that the API key can act on: `GET /v2/teams`. A key of a team has
    /// that team only; a user's key has every team that the user is a member of.
    ///
    /// [`Client::team`] takes the [`id`](TeamInfo::id) of a team. See Duvo's
    /// [API reference].
    ///
    /// # Errors
    ///
    /// Returns an error of any [`ErrorKind`](crate::ErrorKind). The call changes nothing, so
    /// it is retried after any transient failure.
    ///
    /// [API reference]: https://docs.duvo.ai/api-reference
    pub async fn teams(&self) -> Result<Response<Vec<TeamInfo>>> {
        let teams = Call::new(self, None).list_teams().await?;
        Ok(teams.map(|page| page.teams))
    }

    /// Returns the only team of the API key, which it looks up with
    /// [`teams`](Self::teams) in each call.
    ///
    /// ```no_run
    /// # async fn list(client: duvo::Client) -> duvo::Result<()> {
    /// let team = client.own_team().await?;
    /// println!("{} integrations", team.integrations().all().await?.len());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`Configuration`](crate::ErrorKind::Configuration) if the key
    /// has several teams, or none. The message names up to 20 of the teams with their
    /// identifiers. Also returns the errors of [`teams`](Self::teams).
    pub async fn own_team(&self) -> Result<Team> {
        let teams = self.teams().await?.into_inner();
        match <[TeamInfo; 1]>::try_from(teams) {
            Ok([team]) => Ok(self.team(team.id)),
            Err(teams) => {
                let redactor = Call::new(self, None).redactor();
                Err(Error::team_selection(message(&teams, &redactor)))
            }
        }
    }
}

/// Describes why none of the teams is the only one.
fn message(teams: &[TeamInfo], redactor: &Redactor) -> String {
    if teams.is_empty() {
        return "the API key has no team; use the key of a team, or add its user to a team"
            .to_owned();
    }
    let text = |text: &str| sanitize(&redactor.redact(text)).into_owned();
    let named = teams.iter().take(MAX_NAMED_TEAMS);
    let named: Vec<_> = named
        .map(|team| format!("`{}` ({})", text(&team.name), text(&team.id)))
        .collect();
    let others = match teams.len().saturating_sub(MAX_NAMED_TEAMS) {
        0 => String::new(),
        others => format!(" and {others} others"),
    };
    format!(
        "the API key has {} teams: {}{others}; choose one by its identifier with `client.team(id)`",
        teams.len(),
        named.join(", ")
    )
}
