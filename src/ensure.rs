use url::Url;

use crate::client::Team;
use crate::error::{Delivery, Error, Result};
use crate::generated::types::Integration;
use crate::integration::CustomIntegration;

/// What [`Team::ensure_custom_integration`] came to.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Ensured {
    /// How [`integration`](Self::integration) came to be there.
    pub outcome: EnsureOutcome,
    /// The integration. Of several with the name and the server URL, it is the
    /// oldest, so that all who look get the same one.
    pub integration: Integration,
    /// Further integrations with the same name and server URL, the oldest
    /// first: of callers that raced, this call among them, or of earlier runs.
    /// After a registration, it is empty also if they could not be looked for.
    pub duplicates: Vec<Integration>,
}

/// How an integration came to be there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnsureOutcome {
    /// This call created it.
    Created,
    /// It was there, with the settings asked for, as far as Duvo shows them. So
    /// also if this call created it and the answer was lost; or if this call
    /// created another one, and found that this one is older.
    AlreadyExists,
    /// It was there, with other settings, and was left as it is.
    Differs {
        /// The settings that differ, by their names in the API reference:
        /// `server_url`, `auth_method`.
        fields: Vec<&'static str>,
    },
}

impl Team {
    /// Sees to it that the integration is registered with this team. It is for
    /// tools that run on every deploy: it may be called again and again.
    ///
    /// It looks for a custom integration with the name and the server URL, or
    /// else with the name alone. If there is one, it is left as it is, and
    /// [`Ensured`] says whether its settings are those asked for. If there is
    /// none, it is registered, as by
    /// [`register_custom_integration`](Self::register_custom_integration), and
    /// looked for once more.
    ///
    /// # What is guaranteed
    ///
    /// - Nothing is deleted or changed.
    /// - At most one integration is created by a call.
    /// - If the answer to the registration is a 409, or lost
    ///   ([`Delivery::Unknown`]), the integration is looked for again, and
    ///   reported if it is there; after a lost answer only if it is
    ///   [`AlreadyExists`](EnsureOutcome::AlreadyExists). If it is not, the error of
    ///   the registration is returned; calling again is safe once a listing would
    ///   have it.
    ///
    /// # What the API does not allow to be guaranteed
    ///
    /// - That there is one integration only. Looking and registering are two
    ///   requests: callers that race may both find none, and both register.
    ///   They then both look again, get the same integration, the oldest, and
    ///   find the others in [`Ensured::duplicates`]; delete those, if you want,
    ///   with [`Client::delete_custom_integration`](crate::Client::delete_custom_integration).
    /// - That a listing of several pages is whole. If an integration is deleted
    ///   meanwhile, those after it move up, and one of them may be missed.
    /// - That a listing has what was just registered. Duvo does not say so; if
    ///   it lags, a caller that comes right after may register again.
    /// - That the OAuth client is the one asked for: Duvo does not show it.
    ///
    /// Each request of a call has the timeouts and the retries of a call of its
    /// own.
    ///
    /// # Errors
    ///
    /// Those of listing, if the integration cannot be looked for: nothing was
    /// registered, and the delivery is never [`Delivery::Unknown`]. Those of
    /// registering otherwise.
    pub async fn ensure_custom_integration(
        &self,
        integration: &CustomIntegration,
    ) -> Result<Ensured> {
        let found = self.find(integration).await;
        if let Some(ensured) = found.map_err(Error::before_registration)? {
            return Ok(ensured);
        }
        let created = match self.register_custom_integration(integration).await {
            Ok(created) => created.into_inner(),
            Err(error) if may_be_there(&error) => {
                // What happened to the registration says more than why looking
                // failed.
                return match self.find(integration).await {
                    Ok(Some(ensured)) if accounts_for(&ensured, &error) => Ok(ensured),
                    _ => Err(error),
                };
            }
            Err(error) => return Err(error),
        };
        // The integration is registered, whether or not it can be looked for.
        let listed = self.integrations().all().await.unwrap_or_default();
        let mut same: Vec<_> = listed
            .into_iter()
            .filter(|other| is_same(integration, other))
            .collect();
        // The listed form is preferred: its time compares with those of the others.
        if !same.iter().any(|other| is_one(other, &created)) {
            same.push(created.clone());
        }
        let mut same = from_oldest(same);
        let oldest = same.remove(0);
        let (outcome, integration) = if is_one(&oldest, &created) {
            (EnsureOutcome::Created, created)
        } else {
            (outcome(integration, &oldest), oldest)
        };
        Ok(Ensured {
            outcome,
            integration,
            duplicates: same,
        })
    }

    /// The integration, if it is listed.
    async fn find(&self, integration: &CustomIntegration) -> Result<Option<Ensured>> {
        let mut listed = self.integrations().all().await?;
        listed.retain(|other| other.name == integration.name());
        let (mut same, others): (Vec<_>, Vec<_>) = from_oldest(listed)
            .into_iter()
            .partition(|other| is_same(integration, other));
        // One that Duvo has built in may have any name.
        let mut others = others
            .into_iter()
            .filter(|other| other.custom_integration_id.is_some());
        let found = if same.is_empty() {
            others.next()
        } else {
            Some(same.remove(0))
        };
        Ok(found.map(|found| Ensured {
            outcome: outcome(integration, &found),
            integration: found,
            duplicates: same,
        }))
    }
}

/// Whether a registration that failed like this may have been preceded by one
/// that did not.
fn may_be_there(error: &Error) -> bool {
    error.delivery() == Delivery::Unknown || error.status() == Some(http::StatusCode::CONFLICT)
}

/// Whether what was found is what became of a registration that failed like this,
/// or what it was refused for.
fn accounts_for(found: &Ensured, error: &Error) -> bool {
    found.outcome == EnsureOutcome::AlreadyExists || error.delivery() != Delivery::Unknown
}

fn outcome(wanted: &CustomIntegration, found: &Integration) -> EnsureOutcome {
    let mut fields = Vec::new();
    // What Duvo does not show is not known to differ.
    if found.server_url.is_some() && !is_same(wanted, found) {
        fields.push("server_url");
    }
    let method = found.auth_method.as_deref();
    if method.is_some_and(|method| method != wanted.auth_method()) {
        fields.push("auth_method");
    }
    if fields.is_empty() {
        EnsureOutcome::AlreadyExists
    } else {
        EnsureOutcome::Differs { fields }
    }
}

/// Whether the name and the server URL are the same.
fn is_same(wanted: &CustomIntegration, found: &Integration) -> bool {
    // Duvo may answer a URL in its normal form.
    let normal = |url: &str| Url::parse(url).ok();
    let url = found.server_url.as_deref();
    wanted.name() == found.name
        && url.is_some_and(|url| {
            url == wanted.server_url() || normal(url) == normal(wanted.server_url())
        })
}

/// Whether two answers are of one integration. To delete one is to delete the other.
fn is_one(first: &Integration, second: &Integration) -> bool {
    let custom = &first.custom_integration_id;
    first.id == second.id || (custom.is_some() && *custom == second.custom_integration_id)
}

/// The oldest first, and none twice, as a listing of several pages may have one.
fn from_oldest(mut integrations: Vec<Integration>) -> Vec<Integration> {
    integrations
        .sort_by(|one, other| (&one.created_at, &one.id).cmp(&(&other.created_at, &other.id)));
    let mut once: Vec<Integration> = Vec::new();
    for integration in integrations {
        if !once.iter().any(|kept| is_one(kept, &integration)) {
            once.push(integration);
        }
    }
    once
}
