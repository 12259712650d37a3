mod change;
pub(super) mod comparison;
mod counts;
pub(super) mod display;
mod planned;
mod serialized;

use std::fmt;

use futures_util::stream::{self, StreamExt as _, TryStreamExt as _};

use super::CustomIntegration;
use super::pager::ListingPolicy;
use crate::client::Team;
use crate::error::{Error, Result, UnreadableRecord};
use crate::generated::types::Integration;
use crate::telemetry;

pub use change::Change;
pub(super) use change::Slot;
pub(super) use comparison::Comparison;
pub use counts::PlanCounts;
pub use planned::{Decision, PlannedIntegration, Undecidable};

/// The comparison of a team's catalogue with the integrations that it should contain, and
/// the changes that [`apply`](Self::apply) would make. Created by [`Team::plan`].
///
/// By default, applying a plan only creates what is missing. Three settings allow more:
/// [`replace`](Self::replace), [`prune`](Self::prune) and
/// [`remove_duplicates`](Self::remove_duplicates). `Display` prints what they would delete.
///
/// # Display
///
/// `Display` prints one line for each change and each finding, and a summary. Integrations
/// that exist as wanted are only counted. Secrets are redacted: the user information, the
/// query and the fragment of a URL.
///
/// | sign | meaning |
/// |---|---|
/// | `+` | will be created |
/// | `-/+` | will be deleted, then created |
/// | `-` | will be deleted |
/// | `~` | exists with other settings, and is not changed |
/// | `x` | will not work, and is not registered |
/// | `?` | cannot be decided, and is not changed |
/// | `!` | a finding: a duplicate, an integration that is not wanted, or one that is broken |
///
/// # Serialized form
///
/// A plan serializes as an object. The form is stable: a minor version may add fields and
/// values, and does not change the existing ones. URLs are redacted as by `Display`.
///
/// | field | value |
/// |---|---|
/// | `team` | the team id |
/// | `converged` | [`is_converged`](Self::is_converged) |
/// | `settings` | `replace`, `prune` and `remove_duplicates` |
/// | `counts` | [`counts`](Self::counts) |
/// | `integrations` | each wanted integration, in order: `name`, `server_url`, `auth_method`, `decision` ([`Decision::as_str`]), `action` (`create`, `replace`, or null), and what applies of `existing`, `differences`, `reason`, `stored_differently`, `duplicates` and `checkup`; a difference has the fields `field`, `requested` and `stored` |
/// | `unwanted` | the custom integrations that are not wanted |
/// | `broken` | the integrations that Duvo reports as broken |
/// | `unreadable` | the [`unreadable`](Self::unreadable) records |
///
/// An integration of the catalogue has the fields `id`, `name` and `created_at`, and what is
/// present of `custom_integration_id`, `server_url`, `auth_method`, `broken_at` and
/// `broken_reason`. In `duplicates` and `unwanted`, it also has `action`: `delete` or null.
#[must_use = "a plan changes nothing until it is applied"]
pub struct Plan {
    pub(super) team: Team,
    pub(super) comparison: Comparison,
}

impl Team {
    /// Compares the team's catalogue with the integrations that it should contain. Lists
    /// the catalogue once, and changes nothing.
    ///
    /// ```no_run
    /// # async fn provision(team: duvo::Team, wanted: Vec<duvo::CustomIntegration>) -> duvo::Result<()> {
    /// let plan = team.plan(&wanted).await?;
    /// println!("{plan}");
    /// let report = plan.apply().await;
    /// println!("{report}");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Integrations are compared as by
    /// [`ensure_custom_integration`](Self#equality). A record
    /// whose name is equal to that of one wanted integration is never a truncated form of
    /// another one.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest), before
    /// any request, if the names of two wanted integrations are equal, because they could
    /// not be distinguished in the catalogue, or if two have the same idempotency key.
    /// Otherwise returns the error of the listing if the catalogue cannot be listed
    /// completely; see [`ListIntegrations`](crate::ListIntegrations#errors). Nothing was
    /// changed, and the delivery is never [`Unknown`](crate::Delivery::Unknown).
    pub async fn plan(&self, wanted: &[CustomIntegration]) -> Result<Plan> {
        let span = telemetry::plan_span();
        let comparison = span.run(self.compare(wanted, ListingPolicy::PLAN)).await;
        let changes = comparison
            .as_ref()
            .map(|comparison| comparison.changes().count());
        span.record_planned(changes);
        Ok(Plan {
            team: self.clone(),
            comparison: comparison?,
        })
    }

    /// Lists the catalogue and compares it with the wanted integrations.
    pub(super) async fn compare(
        &self,
        wanted: &[CustomIntegration],
        policy: ListingPolicy,
    ) -> Result<Comparison> {
        comparison::validate(wanted)?;
        let listing = self.integrations().collect(policy, None).await;
        let (integrations, unreadable) = listing.map_err(Error::before_registration)?;
        Ok(Comparison::new(&self.id, wanted, integrations, unreadable))
    }
}

impl Plan {
    /// Sets whether integrations that differ are replaced: deleted, then registered again,
    /// because Duvo cannot change an integration. Defaults to `false`.
    ///
    /// The connections that teammates created from a deleted integration are lost.
    pub fn replace(mut self, replace: bool) -> Self {
        self.comparison.replace = replace;
        self
    }

    /// Sets whether the [`unwanted`](Self::unwanted) integrations are deleted, with the
    /// connections that teammates created from them. Defaults to `false`.
    pub fn prune(mut self, prune: bool) -> Self {
        self.comparison.prune = prune;
        self
    }

    /// Sets whether duplicates that are younger than the kept integration are deleted, with
    /// the connections that teammates created from them. Defaults to `false`.
    pub fn remove_duplicates(mut self, remove_duplicates: bool) -> Self {
        self.comparison.remove_duplicates = remove_duplicates;
        self
    }

    /// Checks every integration that the plan registers, four at a time: see [`Team::check`].
    /// The results are content of the plan. What will not work is not registered, unless
    /// [`force`](Self::force) is set. Changes nothing.
    ///
    /// # Errors
    ///
    /// See [`Team::check`].
    pub async fn check(mut self) -> Result<Self> {
        const CHECKS_AT_A_TIME: usize = 4;

        let registered = self.comparison.registered();
        let team = &self.team;
        let planned = &self.comparison.integrations;
        // Collected, because rustc does not prove that a stream of futures from a closure is
        // `Send` (rust-lang/rust#89976).
        let checks: Vec<_> = registered
            .iter()
            .map(|index| team.check(&planned[*index].integration))
            .collect();
        let checkups: Vec<_> = stream::iter(checks)
            .buffered(CHECKS_AT_A_TIME)
            .try_collect()
            .await?;
        for (index, checkup) in registered.into_iter().zip(checkups) {
            self.comparison.integrations[index].checkup = Some(checkup);
        }
        Ok(self)
    }

    /// Sets whether integrations that will not work, as [`check`](Self::check) found, are
    /// registered. Defaults to `false`.
    pub fn force(mut self, force: bool) -> Self {
        self.comparison.force = force;
        self
    }

    /// Returns the wanted integrations, in the order in which they were passed to
    /// [`Team::plan`].
    #[must_use]
    pub fn integrations(&self) -> &[PlannedIntegration] {
        &self.comparison.integrations
    }

    /// Returns the team's custom integrations that are not wanted, oldest first. Built-in
    /// integrations and those of other teams are never unwanted.
    #[must_use]
    pub fn unwanted(&self) -> &[Integration] {
        &self.comparison.unwanted
    }

    /// Returns the integrations that Duvo reports as broken, oldest first, whether wanted or
    /// not: those with a [`broken_at`](Integration::broken_at) or a
    /// [`broken_reason`](Integration::broken_reason).
    #[must_use]
    pub fn broken(&self) -> &[Integration] {
        &self.comparison.broken
    }

    /// Returns the records of the catalogue that are not as documented, in the order of the
    /// API. They are never deleted.
    pub fn unreadable(&self) -> impl Iterator<Item = &UnreadableRecord> {
        let errors = self.comparison.unreadable.iter();
        errors.filter_map(Error::unreadable_record)
    }

    /// Returns the changes that applying the plan makes: creations, replacements, then
    /// deletions.
    pub fn changes(&self) -> impl Iterator<Item = Change<'_>> {
        self.comparison.changes().map(|(_, change)| change)
    }

    /// Returns the number of integrations by decision and by finding.
    #[must_use]
    pub fn counts(&self) -> PlanCounts {
        PlanCounts::new(&self.comparison)
    }

    /// Returns whether applying the plan changes nothing.
    ///
    /// Integrations that differ, but are not to be replaced, leave a plan empty; see
    /// [`is_converged`](Self::is_converged).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes().next().is_none()
    }

    /// Returns whether the catalogue contains every wanted integration with the wanted
    /// settings, and nothing is to be deleted.
    #[must_use]
    pub fn is_converged(&self) -> bool {
        let integrations = self.integrations().iter();
        let mut decisions = integrations.map(|planned| &planned.decision);
        self.is_empty() && decisions.all(|decision| matches!(decision, Decision::Unchanged { .. }))
    }
}

/// Prints the team and the decisions, and not the settings of the client.
impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan")
            .field("team", &self.team)
            .field("integrations", &self.comparison.integrations)
            .field("counts", &self.counts())
            .finish_non_exhaustive()
    }
}
