use http::StatusCode;
use serde::Serialize;
use url::Url;

use super::CustomIntegration;
use crate::client::Team;
use crate::error::{Error, Result};
use crate::generated::types::Integration;
use crate::outcome::Delivery;
use crate::telemetry;

/// The result of [`Team::ensure_custom_integration`].
///
/// It serializes as an object with the fields of the serialized [`EnsureOutcome`],
/// `integration` and `duplicates`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Ensured {
    /// Whether the integration was created, existed already, or differs.
    #[serde(flatten)]
    pub outcome: EnsureOutcome,
    /// The integration. If several match the name and the server URL, this is the oldest,
    /// so that all callers receive the same one.
    pub integration: Integration,
    /// The other integrations with the same name and server URL, oldest first: of callers
    /// that raced, this call included, or of earlier runs. After a registration, the list
    /// is also empty if the second listing failed.
    pub duplicates: Vec<Integration>,
}

/// How the catalogue compared with the integration to ensure.
///
/// It serializes as an object: `outcome` is the value of [`as_str`](Self::as_str), and the
/// fields of the variant follow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
#[non_exhaustive]
pub enum EnsureOutcome {
    /// This call created the integration.
    Created,
    /// The integration already existed with the requested settings, as far as the API
    /// reports them.
    ///
    /// This is also the outcome if this call created the integration but the response was
    /// lost, and if this call created another one and then found that this one is older.
    AlreadyExists,
    /// The integration already existed with other settings, and was not changed.
    Differs {
        /// The settings that differ, by their names in the API reference: `server_url`,
        /// `auth_method`.
        fields: Vec<&'static str>,
    },
}

impl EnsureOutcome {
    /// Returns `created`, `already_exists` or `differs`, for logs and metrics.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::AlreadyExists => "already_exists",
            Self::Differs { .. } => "differs",
        }
    }
}

impl Team {
    /// Ensures that the integration is registered with this team. Repeated calls, for
    /// example on every deploy, register it once.
    ///
    /// The call looks for a custom integration with the name and the server URL, or else
    /// with the name alone. An existing integration is not changed; [`Ensured`] reports
    /// whether its settings are the requested ones. A missing integration is registered,
    /// as by [`register_custom_integration`](Self::register_custom_integration), and the
    /// catalogue is listed once more.
    ///
    /// # Guarantees
    ///
    /// - Nothing is deleted or changed.
    /// - A call creates at most one integration.
    /// - If the registration fails with a 409, or its outcome is unknown
    ///   ([`Delivery::Unknown`]), the catalogue is listed again, and an integration that
    ///   explains the failure is returned. After an unknown outcome, only
    ///   [`AlreadyExists`](EnsureOutcome::AlreadyExists) does. Otherwise the registration
    ///   error is returned; repeating the call is safe once a listing would include the
    ///   integration.
    ///
    /// # Limitations of the API
    ///
    /// - Callers can race: looking and registering are two requests, so two callers can
    ///   both find nothing, and both register. Both then receive the same integration, the
    ///   oldest, and find the other one in [`Ensured::duplicates`]. Delete duplicates with
    ///   [`Client::delete_custom_integration`](crate::Client::delete_custom_integration).
    /// - A listing of several pages can miss an integration: if one is deleted meanwhile,
    ///   those after it move up.
    /// - Duvo does not document that a listing includes an integration that was just
    ///   registered. If listings lag, a caller that follows immediately may register again.
    /// - The API does not return the OAuth client, so a different one is not detected.
    ///
    /// Each request is a call with its own timeouts and retries.
    ///
    /// # Errors
    ///
    /// Returns the error of the listing if the catalogue cannot be listed: nothing was
    /// registered, and the delivery is never [`Delivery::Unknown`]. Otherwise returns the
    /// error of the registration.
    pub async fn ensure_custom_integration(
        &self,
        integration: &CustomIntegration,
    ) -> Result<Ensured> {
        let span = telemetry::ensure_span();
        let result = span.run(self.ensure(integration)).await;
        span.record_ensured(result.as_ref().map(|ensured| ensured.outcome.as_str()));
        result
    }

    async fn ensure(&self, integration: &CustomIntegration) -> Result<Ensured> {
        let ensured = self.find(integration).await;
        if let Some(ensured) = ensured.map_err(Error::before_registration)? {
            return Ok(ensured);
        }
        let created = match self.register_custom_integration(integration).await {
            Ok(created) => created.into_inner(),
            Err(error) if may_have_registered(&error) => {
                // The registration error is more useful than an error of the lookup.
                return match self.find(integration).await {
                    Ok(Some(ensured)) if explains(&ensured, &error) => Ok(ensured),
                    _ => Err(error),
                };
            }
            Err(error) => return Err(error),
        };
        // The integration is registered, even if it cannot be listed.
        let listed = self.integrations().all().await.unwrap_or_default();
        let mut matching: Vec<_> = listed
            .into_iter()
            .filter(|other| matches(integration, other))
            .collect();
        // The listed record is preferred: its timestamp compares with the others'.
        if !matching.iter().any(|other| is_same_record(other, &created)) {
            matching.push(created.clone());
        }
        let mut matching = sort_and_dedup(matching);
        let oldest = matching.remove(0);
        let (outcome, integration) = if is_same_record(&oldest, &created) {
            (EnsureOutcome::Created, created)
        } else {
            (compare(integration, &oldest), oldest)
        };
        Ok(Ensured {
            outcome,
            integration,
            duplicates: matching,
        })
    }

    /// Looks for the integration in the catalogue.
    async fn find(&self, desired: &CustomIntegration) -> Result<Option<Ensured>> {
        let mut listed = self.integrations().all().await?;
        listed.retain(|other| other.name == desired.name());
        let (mut matching, others): (Vec<_>, Vec<_>) = sort_and_dedup(listed)
            .into_iter()
            .partition(|other| matches(desired, other));
        // A built-in integration can have any name.
        let mut others = others
            .into_iter()
            .filter(|other| other.custom_integration_id.is_some());
        let found = if matching.is_empty() {
            others.next()
        } else {
            Some(matching.remove(0))
        };
        Ok(found.map(|found| Ensured {
            outcome: compare(desired, &found),
            integration: found,
            duplicates: matching,
        }))
    }
}

/// Whether a failed registration, or one before it, may have taken effect.
fn may_have_registered(error: &Error) -> bool {
    error.delivery() == Delivery::Unknown || error.status() == Some(StatusCode::CONFLICT)
}

/// Whether the integration explains the failure of the registration: it is what an
/// unknown outcome registered, or what the API rejected the registration for.
fn explains(ensured: &Ensured, error: &Error) -> bool {
    ensured.outcome == EnsureOutcome::AlreadyExists || error.delivery() != Delivery::Unknown
}

/// Compares the settings that the API reports. Absent fields do not count as different.
fn compare(desired: &CustomIntegration, found: &Integration) -> EnsureOutcome {
    let mut fields = Vec::new();
    if found.server_url.is_some() && !matches(desired, found) {
        fields.push("server_url");
    }
    let method = found.auth_method.as_deref();
    if method.is_some_and(|method| method != desired.auth_method().to_string()) {
        fields.push("auth_method");
    }
    if fields.is_empty() {
        EnsureOutcome::AlreadyExists
    } else {
        EnsureOutcome::Differs { fields }
    }
}

/// Whether the name and the server URL match.
fn matches(desired: &CustomIntegration, found: &Integration) -> bool {
    // The API may return a URL in normalized form.
    let normalize = |url: &str| Url::parse(url).ok();
    let url = found.server_url.as_deref();
    desired.name() == found.name
        && url.is_some_and(|url| {
            url == desired.server_url() || normalize(url) == normalize(desired.server_url())
        })
}

/// Whether two records refer to the same integration.
fn is_same_record(a: &Integration, b: &Integration) -> bool {
    let custom = &a.custom_integration_id;
    a.id == b.id || (custom.is_some() && *custom == b.custom_integration_id)
}

/// Sorts oldest first and removes duplicates, which listings of several pages can contain.
fn sort_and_dedup(mut integrations: Vec<Integration>) -> Vec<Integration> {
    integrations.sort_by(|a, b| (&a.created_at, &a.id).cmp(&(&b.created_at, &b.id)));
    let mut unique: Vec<Integration> = Vec::new();
    for integration in integrations {
        if !unique.iter().any(|seen| is_same_record(seen, &integration)) {
            unique.push(integration);
        }
    }
    unique
}
