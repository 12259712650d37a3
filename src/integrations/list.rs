use std::num::NonZeroU64;

use futures_util::stream::{self, Stream, TryStreamExt as _};

use crate::call::{Call, validate_path_segment};
use crate::client::Team;
use crate::error::{Error, InvalidField, Result};
use crate::generated::types::{Integration, IntegrationPage};
use crate::response::Response;
use crate::telemetry::{self, RecordingSpan};

/// A listing of a team's catalogue: `GET /v2/teams/{teamId}/integrations`. Created by
/// [`Team::integrations`].
///
/// The catalogue contains Duvo's built-in integrations and the team's custom ones. It
/// can be listed as a page, as a stream, or completely. Duvo does not document the order.
/// If integrations are added or removed between two pages, a listing of several pages
/// can contain an integration twice, or miss one.
///
/// # Errors
///
/// A listing returns the errors of every call. If the limit is 0 or the team id is
/// invalid, the error has the kind
/// [`InvalidRequest`](crate::ErrorKind::InvalidRequest). A listing changes nothing, so it
/// is retried after any transient failure.
#[derive(Clone, Debug)]
#[must_use = "a listing sends nothing until `page`, `stream` or `all`"]
pub struct ListIntegrations {
    team: Team,
    integration_type: Option<String>,
    limit: Option<u64>,
    offset: u64,
}

impl Team {
    /// Returns a listing of the team's catalogue. See Duvo's
    /// [API reference](https://docs.duvo.ai/api-reference).
    pub fn integrations(&self) -> ListIntegrations {
        ListIntegrations {
            team: self.clone(),
            integration_type: None,
            limit: None,
            offset: 0,
        }
    }
}

impl ListIntegrations {
    /// Lists only integrations of this [`type`](Integration::type_). Duvo publishes no
    /// list of the types. Defaults to every type.
    pub fn integration_type(mut self, integration_type: impl Into<String>) -> Self {
        self.integration_type = Some(integration_type.into());
        self
    }

    /// Sets the maximum number of integrations in a page, from 1 to 100. Values above 100
    /// are passed to the API unchanged. Defaults to the API's own default, which is 100.
    pub fn limit(mut self, limit: u64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Sets the number of integrations to skip. Defaults to 0.
    pub fn offset(mut self, offset: u64) -> Self {
        self.offset = offset;
        self
    }

    /// Lists one page.
    ///
    /// # Errors
    ///
    /// See [`ListIntegrations`].
    pub async fn page(&self) -> Result<Response<IntegrationPage>> {
        let team_id = validate_path_segment("teamId", &self.team.id)?;
        let limit = match self.limit.map(NonZeroU64::new) {
            None => None,
            Some(Some(limit)) => Some(limit),
            Some(None) => {
                let reason = "must be from 1 to 100, the maximum number of integrations in a page";
                return Err(Error::invalid_request(vec![InvalidField::new(
                    "limit", reason,
                )]));
            }
        };
        let offset = (self.offset > 0).then_some(self.offset);
        Call::new(&self.team.client, None)
            .list_integrations(team_id, limit, offset, self.integration_type.as_deref())
            .await
    }

    /// Lists every integration from the offset on. A page is requested when the stream
    /// reaches it, and each page has its own total timeout. The stream ends after the
    /// last integration, or after an error.
    ///
    /// ```no_run
    /// use std::pin::pin;
    ///
    /// use futures_util::TryStreamExt as _;
    ///
    /// # async fn list(team: duvo::Team) -> duvo::Result<()> {
    /// let mut integrations = pin!(team.integrations().stream());
    /// while let Some(integration) = integrations.try_next().await? {
    ///     println!("{} {}", integration.id, integration.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`ListIntegrations`].
    pub fn stream(self) -> impl Stream<Item = Result<Integration>> + Send + use<> {
        struct State {
            next: ListIntegrations,
            page: std::vec::IntoIter<Integration>,
            is_last: bool,
            span: Option<RecordingSpan>,
        }
        let start = State {
            next: self,
            page: Vec::new().into_iter(),
            is_last: false,
            span: None,
        };
        stream::try_unfold(start, |mut state| async move {
            loop {
                if let Some(integration) = state.page.next() {
                    return Ok(Some((integration, state)));
                }
                if state.is_last {
                    return Ok(None);
                }
                let span = state.span.get_or_insert_with(telemetry::list_span);
                let page = span.run(state.next.page()).await;
                let page = page.inspect_err(|error| span.record_error(error))?;
                let page = page.into_inner();
                let length = page.integrations.len() as u64;
                state.next.offset = state.next.offset.saturating_add(length);
                state.is_last = page.integrations.is_empty() || state.next.offset >= page.total;
                state.page = page.integrations.into_iter();
            }
        })
    }

    /// Lists every integration from the offset on. Each page has its own total timeout.
    ///
    /// # Errors
    ///
    /// See [`ListIntegrations`].
    pub async fn all(self) -> Result<Vec<Integration>> {
        self.stream().try_collect().await
    }
}
