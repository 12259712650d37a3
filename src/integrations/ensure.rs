use std::collections::HashSet;
use std::fmt;

use http::StatusCode;
use serde::Serialize;

use super::CustomIntegration;
use super::equality::Desired;
use crate::client::Team;
use crate::error::{Error, Result, UnreadableRecord};
use crate::generated::types::Integration;
use crate::outcome::Delivery;
use crate::redacted_url::redacted_url;
use crate::telemetry;

/// The result of [`Team::ensure_custom_integration`].
///
/// It serializes as an object with the fields of the serialized [`EnsureOutcome`],
/// `integration`, `duplicates`, `stored_differently` and `unreadable`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Ensured {
    /// Whether the integration was created, existed already, or differs.
    #[serde(flatten)]
    pub outcome: EnsureOutcome,
    /// The integration. If several have an equal name and server URL, this is the oldest of
    /// those with exactly the requested name, or else the oldest, so that all callers
    /// receive the same one.
    pub integration: Integration,
    /// The values that the API stores in another form than requested. Empty if all are
    /// stored unmodified, or are not returned.
    ///
    /// The API changed these values, if [`outcome`](Self::outcome) is
    /// [`Created`](EnsureOutcome::Created). Otherwise they may also have been registered
    /// in this form.
    pub stored_differently: Vec<StoredValue>,
    /// The other integrations with an equal name and server URL, oldest first: of callers
    /// that raced, this call included, or of earlier runs. After a registration, the list
    /// is also empty if the second listing failed.
    pub duplicates: Vec<Integration>,
    /// The records of the catalogue that are unreadable and may be duplicates, because
    /// their name is equal, may have been truncated, or is unreadable.
    pub unreadable: Vec<UnreadableRecord>,
}

/// The result of comparing the catalogue with the integration to ensure.
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
        /// The settings that differ, by their names in the API reference: `name`,
        /// `server_url`, `auth_method`.
        ///
        /// `name` means that the name is only a beginning of the requested one, and the
        /// server URL is equal. Whether the API truncated the name, or this is another
        /// integration, cannot be determined, so nothing was registered. If it is another
        /// one, register yours with
        /// [`register_custom_integration`](Team::register_custom_integration).
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

/// A value that the API stores in another form than requested: for example, a name without
/// white space at its ends.
///
/// `Debug` redacts the parts of a URL that often contain a secret: the user information,
/// the query and the fragment.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StoredValue {
    /// The field, by its name in the API reference: `name` or `server_url`.
    pub field: &'static str,
    /// The value as requested.
    pub requested: String,
    /// The value as the API returned it.
    pub stored: String,
}

impl fmt::Debug for StoredValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let printable = |value: &str| match self.field {
            SERVER_URL => redacted_url(value),
            _ => value.to_owned(),
        };
        f.debug_struct("StoredValue")
            .field("field", &self.field)
            .field("requested", &printable(&self.requested))
            .field("stored", &printable(&self.stored))
            .finish()
    }
}

const NAME: &str = "name";
const SERVER_URL: &str = "server_url";
const AUTH_METHOD: &str = "auth_method";

impl Team {
    /// Ensures that the integration is registered with this team. Repeated calls, for
    /// example on every deploy, register it once.
    ///
    /// The call looks for a custom integration with an equal name and server URL, or else
    /// with an equal name alone. An existing integration is not changed; [`Ensured`]
    /// reports whether its settings are the requested ones. A missing integration is
    /// registered, as by
    /// [`register_custom_integration`](Self::register_custom_integration), and the
    /// catalogue is listed once more.
    ///
    /// # Guarantees
    ///
    /// - Nothing is deleted or changed.
    /// - A call creates at most one integration, unless
    ///   [`with_retry_ambiguous`](crate::RetryPolicy::with_retry_ambiguous) is enabled.
    /// - Nothing is registered unless the listing is complete, as far as its pages report.
    ///   See [`ListIntegrations`](crate::ListIntegrations#errors).
    /// - If the registration fails with a 409, or its outcome is unknown
    ///   ([`Delivery::Unknown`]), the catalogue is listed again, and an integration that
    ///   explains the failure is returned. After an unknown outcome, only
    ///   [`AlreadyExists`](EnsureOutcome::AlreadyExists) does. Otherwise the registration
    ///   error is returned; repeating the call is safe once a listing would include the
    ///   integration.
    ///
    /// # Equality
    ///
    /// Duvo does not document in which form the API stores a name or a URL. A form that is
    /// not recognized would be registered again by every call, so the comparison is
    /// lenient.
    ///
    /// Names are equal if they differ only in:
    ///
    /// - white space: at the ends, or its kind and amount between words
    /// - control characters
    /// - case, compared by character as the standard library converts it to upper and then
    ///   to lower case, so that `Straße` equals `STRASSE`
    /// - the Unicode normalization form: NFC, NFD, NFKC and NFKD
    ///
    /// Server URLs are equal if they differ only in the case of the scheme or the host, the
    /// default port, a host in Unicode or in Punycode, `.` and `..` segments, the
    /// percent-encoding of characters that need none, the case of percent-encodings, a
    /// trailing slash, an empty query, or the fragment.
    ///
    /// If equality cannot be determined, nothing is registered:
    ///
    /// - A name may have been truncated, with or without an ellipsis: the name is a
    ///   beginning of the requested one, and the server URL is equal. The outcome is
    ///   [`Differs`](EnsureOutcome::Differs) in `name`.
    /// - A record is not as documented, and its name is equal, may have been truncated, or
    ///   is unreadable. If no other integration has an equal name, this is an error with
    ///   an [`unreadable_record`](Error::unreadable_record). Unreadable records with other
    ///   names are ignored.
    ///
    /// Integrations whose names are equal in this sense cannot be ensured side by side.
    /// [`Ensured::stored_differently`] reports the values that the API stores in another
    /// form.
    ///
    /// # Limitations of the API
    ///
    /// - Callers can race: looking and registering are two requests, so two callers can
    ///   both find nothing, and both register. Both then receive the same integration, the
    ///   oldest, and find the other one in [`Ensured::duplicates`]. Delete duplicates with
    ///   [`Client::delete_custom_integration`](crate::Client::delete_custom_integration).
    /// - A listing of several pages can miss an integration: if one is deleted meanwhile,
    ///   those after it move up. This is detected, unless another one is added at the same
    ///   time.
    /// - Duvo does not document that a listing includes an integration that was just
    ///   registered. If listings lag, a caller that follows immediately may register again.
    /// - If the API changes a name in any other way, and each call is thus followed by
    ///   another registration, only [`Ensured::stored_differently`] shows it.
    /// - The API does not return the OAuth client, so a different one is not detected.
    ///
    /// Each request is a call with its own timeouts and retries.
    ///
    /// # Errors
    ///
    /// Returns the error of the listing if the catalogue cannot be listed completely:
    /// nothing was registered, and the delivery is never [`Delivery::Unknown`]. Otherwise
    /// returns the error of the registration.
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
        let desired = Desired::new(integration);
        let ensured = self.find(integration, &desired).await;
        if let Some(ensured) = ensured.map_err(Error::before_registration)? {
            return Ok(ensured);
        }
        let created = match self.register_custom_integration(integration).await {
            Ok(created) => created.into_inner(),
            Err(error) if may_have_registered(&error) => {
                // The registration error is more useful than an error of the lookup.
                return match self.find(integration, &desired).await {
                    Ok(Some(ensured)) if explains(&ensured, &error) => Ok(ensured),
                    _ => Err(error),
                };
            }
            Err(error) => return Err(error),
        };
        // The integration is registered, even if it cannot be listed.
        let listed = self.integrations().all().await.unwrap_or_default();
        // Other callers' names and URLs were changed in the same way.
        let is_stored_alike = |other: &Integration| {
            created.server_url.is_some()
                && (&other.name, &other.server_url) == (&created.name, &created.server_url)
        };
        let mut matching: Vec<_> = listed
            .integrations
            .into_iter()
            .filter(|other| desired.matches(other) || is_stored_alike(other))
            .collect();
        // The listed record is preferred: its timestamp compares with the others'.
        if !matching.iter().any(|other| is_same_record(other, &created)) {
            matching.push(created.clone());
        }
        let mut matching = sort_and_dedup(matching, integration.name());
        let first = matching.remove(0);
        let (outcome, found) = if is_same_record(&first, &created) {
            (EnsureOutcome::Created, created)
        } else {
            (compare(integration, &desired, &first), first)
        };
        let unreadable = listed.unreadable.into_iter();
        Ok(Ensured {
            outcome,
            stored_differently: stored_differently(integration, &found),
            unreadable: unreadable
                .filter(|record| desired.may_be(record) && !is_record_of(record, &found))
                .collect(),
            integration: found,
            duplicates: matching,
        })
    }

    /// Looks for the integration in the catalogue. Returns an error if only an unreadable
    /// record may be the integration.
    async fn find(
        &self,
        integration: &CustomIntegration,
        desired: &Desired<'_>,
    ) -> Result<Option<Ensured>> {
        let (listed, mut unreadable) = self.integrations().collect().await?;
        let may_be = |error: &Error| {
            let record = error.unreadable_record();
            record.is_some_and(|record| desired.may_be(record))
        };
        unreadable.retain(may_be);
        let listed = sort_and_dedup(listed, integration.name());
        let mut matching: Vec<_> = listed
            .iter()
            .filter(|other| desired.matches(other))
            .cloned()
            .collect();
        // A built-in integration can have any name.
        let has_same_name = |other: &&Integration| {
            desired.has_same_name(other) && other.custom_integration_id.is_some()
        };
        let may_be_truncated = |other: &&Integration| desired.matches_truncated(other);
        let found = if matching.is_empty() {
            let same_name = listed.iter().find(has_same_name);
            same_name
                .or_else(|| listed.iter().find(may_be_truncated))
                .cloned()
        } else {
            Some(matching.remove(0))
        };
        match (found, unreadable.is_empty()) {
            (Some(found), _) => Ok(Some(Ensured {
                outcome: compare(integration, desired, &found),
                stored_differently: stored_differently(integration, &found),
                integration: found,
                duplicates: matching,
                unreadable: unreadable
                    .into_iter()
                    .filter_map(Error::into_unreadable_record)
                    .collect(),
            })),
            (None, true) => Ok(None),
            (None, false) => Err(unreadable
                .remove(0)
                .with_context("an unreadable record may be the integration")),
        }
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
fn compare(
    integration: &CustomIntegration,
    desired: &Desired<'_>,
    found: &Integration,
) -> EnsureOutcome {
    let mut fields = Vec::new();
    if !desired.has_same_name(found) {
        fields.push(NAME);
    }
    if found.server_url.is_some() && !desired.has_same_url(found) {
        fields.push(SERVER_URL);
    }
    let method = found.auth_method.as_deref();
    if method.is_some_and(|method| method != integration.auth_method().to_string()) {
        fields.push(AUTH_METHOD);
    }
    if fields.is_empty() {
        EnsureOutcome::AlreadyExists
    } else {
        EnsureOutcome::Differs { fields }
    }
}

/// Returns the values that the API returned in another form than requested.
fn stored_differently(integration: &CustomIntegration, found: &Integration) -> Vec<StoredValue> {
    let name = (NAME, integration.name(), Some(&found.name));
    let url = (
        SERVER_URL,
        integration.server_url(),
        found.server_url.as_ref(),
    );
    let values = [name, url].into_iter();
    let differing = values.filter_map(|(field, requested, stored)| {
        let stored = stored.filter(|stored| *stored != requested)?;
        Some(StoredValue {
            field,
            requested: requested.to_owned(),
            stored: stored.clone(),
        })
    });
    differing.collect()
}

/// Whether two records refer to the same integration.
fn is_same_record(a: &Integration, b: &Integration) -> bool {
    let custom = &a.custom_integration_id;
    a.id == b.id || (custom.is_some() && *custom == b.custom_integration_id)
}

/// Whether an unreadable record refers to this integration.
fn is_record_of(record: &UnreadableRecord, integration: &Integration) -> bool {
    let custom = record.custom_integration_id();
    record.id().as_ref() == Some(&integration.id)
        || (custom.is_some() && custom == integration.custom_integration_id)
}

/// Sorts those with exactly this name first, then the oldest first. Removes duplicates,
/// which a page can contain.
fn sort_and_dedup(mut integrations: Vec<Integration>, name: &str) -> Vec<Integration> {
    integrations.sort_by(|a, b| {
        let key = |found: &Integration| (found.name != name, found.created_at);
        (key(a), &a.id).cmp(&(key(b), &b.id))
    });
    let (mut ids, mut custom_ids) = (HashSet::new(), HashSet::new());
    integrations.retain(|integration| {
        let custom_id = integration.custom_integration_id.clone();
        let is_new_custom_id = custom_id.is_none_or(|id| custom_ids.insert(id));
        ids.insert(integration.id.clone()) && is_new_custom_id
    });
    integrations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_omits_what_can_be_a_password_in_a_truncated_url() {
        let value = StoredValue {
            field: SERVER_URL,
            requested: "https://user:password@mcp.example.com".to_owned(),
            stored: "https://user:pass".to_owned(),
        };
        let debug = format!("{value:?}");
        assert!(!debug.contains("pass"), "{debug}");
        assert!(debug.contains("mcp.example.com"), "{debug}");
    }
}
