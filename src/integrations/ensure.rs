use std::slice;

use serde::Serialize;

use super::CustomIntegration;
use super::apply::{ApplyOutcome, Settings, apply};
use super::equality::Desired;
use super::pager::ListingPolicy;
use super::plan::Undecidable;
use super::plan::comparison::differences;
use super::stored_value::{NAME, StoredValue};
use crate::client::Team;
use crate::error::{Error, Result, UnreadableRecord};
use crate::generated::types::Integration;
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
    /// The integration. If several have an equal name and server URL, those with the requested
    /// settings are preferred, then those with exactly the requested name, then the oldest,
    /// so that all callers with the same settings receive the same one.
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
    /// For several integrations, use [`plan`](Self::plan): it lists the catalogue once for
    /// all of them. This call is a plan of one. It always lists the whole catalogue, because
    /// duplicates can be on any page.
    ///
    /// # Guarantees
    ///
    /// - Nothing is deleted or changed.
    /// - A call creates at most one integration, unless
    ///   [`with_retry_ambiguous`](crate::RetryPolicy::with_retry_ambiguous) is enabled.
    /// - Nothing is registered unless the listing is complete, as far as its pages report.
    ///   See [`ListIntegrations`](crate::ListIntegrations#errors).
    /// - If the registration fails with a 409, or its outcome is unknown
    ///   ([`Delivery::Unknown`](crate::Delivery::Unknown)), the catalogue is listed again, and an integration that
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
    /// nothing was registered, and the delivery is never [`Delivery::Unknown`](crate::Delivery::Unknown). Otherwise
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
        let wanted = slice::from_ref(integration);
        let comparison = self.compare(wanted, ListingPolicy::SEQUENTIAL).await?;
        // A single call keeps to its timeouts, also if many processes share the rate limit.
        let settings = Settings {
            max_calls: 1,
            listing: ListingPolicy::SEQUENTIAL,
            ..Settings::default()
        };
        let report = apply(self, comparison, settings).await;
        let unreadable = report.unreadable;
        let Some(applied) = report.integrations.into_iter().next() else {
            return Err(Error::request_construction("there is no integration"));
        };
        let desired = Desired::new(integration);
        let (outcome, found) = match applied.outcome {
            ApplyOutcome::Created { integration } | ApplyOutcome::Replaced { integration, .. } => {
                (EnsureOutcome::Created, integration)
            }
            ApplyOutcome::Exists { integration } => (EnsureOutcome::AlreadyExists, integration),
            ApplyOutcome::Differs {
                existing,
                differences,
            } => (differs(&[], &differences), existing),
            ApplyOutcome::Undecidable {
                reason: Undecidable::TruncatedName { existing },
            } => {
                let differences = differences(&desired, &existing);
                (differs(&[NAME], &differences), existing)
            }
            ApplyOutcome::Undecidable {
                reason: Undecidable::UnreadableRecord { position, .. },
            } => return Err(undecidable(unreadable, position)),
            ApplyOutcome::Failed { error, .. } => return Err(error),
            ApplyOutcome::WillNotWork { .. } | ApplyOutcome::NotAttempted => {
                return Err(Error::request_construction(
                    "the registration was not attempted",
                ));
            }
        };
        let unreadable = unreadable
            .into_iter()
            .filter_map(Error::into_unreadable_record);
        Ok(Ensured {
            outcome,
            stored_differently: applied.stored_differently,
            unreadable: unreadable
                .filter(|record| desired.may_be(record) && !is_record_of(record, &found))
                .collect(),
            integration: *found,
            duplicates: applied.duplicates,
        })
    }
}

fn differs(fields: &[&'static str], differences: &[StoredValue]) -> EnsureOutcome {
    let differences = differences.iter().map(|value| value.field);
    EnsureOutcome::Differs {
        fields: fields.iter().copied().chain(differences).collect(),
    }
}

/// Returns the error of the unreadable record that may be the integration.
fn undecidable(unreadable: Vec<Error>, position: u64) -> Error {
    let is_at_position = |error: &Error| {
        let record = error.unreadable_record();
        record.is_some_and(|record| record.position() == position)
    };
    match unreadable.into_iter().find(is_at_position) {
        Some(error) => error
            .with_context("an unreadable record may be the integration")
            .before_registration(),
        None => Error::request_construction("an unreadable record may be the integration"),
    }
}

/// Whether an unreadable record refers to this integration.
fn is_record_of(record: &UnreadableRecord, integration: &Integration) -> bool {
    let custom = record.custom_integration_id();
    record.id().as_ref() == Some(&integration.id)
        || (custom.is_some() && custom == integration.custom_integration_id)
}
