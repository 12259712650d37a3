use std::num::NonZeroU64;

use futures_util::stream::{self, Stream};

use crate::client::Team;
use crate::error::{Error, InvalidField, Result};
use crate::generated::types::{Integration, IntegrationPage};
use crate::path_segment::path_segment;
use crate::response::Response;
use crate::transport::Call;

/// A listing of a team's integrations: `GET /v2/teams/{teamId}/integrations`.
/// Made by [`Team::integrations`].
///
/// It has the integrations that Duvo has built in, and the team's custom ones.
/// Take it page by page, as a stream, or whole. Duvo does not say in which
/// order it lists, nor what it does with what is added or removed between two
/// pages: a listing of several pages may then have an integration twice, or
/// miss one.
///
/// # Errors
///
/// Those of every call, and
/// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest) if the limit
/// is 0 or the team id cannot be one. Nothing is changed by a listing, so it is
/// tried again also where the API may have acted.
#[derive(Clone, Debug)]
#[must_use = "a listing is made by `page`, `stream` or `all`"]
pub struct ListIntegrations {
    team: Team,
    integration_type: Option<String>,
    limit: Option<u64>,
    offset: u64,
}

impl Team {
    /// The integrations of the team: its catalogue. See Duvo's
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
    /// Lists the integrations of this [`type`](Integration::type_) only. Duvo
    /// publishes no list of the values. Defaults to every type.
    pub fn integration_type(mut self, integration_type: impl Into<String>) -> Self {
        self.integration_type = Some(integration_type.into());
        self
    }

    /// How many integrations a page has at most, from 1 to 100; more than that is
    /// left for the API to judge. Defaults to the API's own, which is 100.
    pub fn limit(mut self, limit: u64) -> Self {
        self.limit = Some(limit);
        self
    }

    /// How many integrations to pass over. Defaults to 0.
    pub fn offset(mut self, offset: u64) -> Self {
        self.offset = offset;
        self
    }

    /// One page.
    ///
    /// # Errors
    ///
    /// See [`ListIntegrations`].
    pub async fn page(&self) -> Result<Response<IntegrationPage>> {
        let team_id = path_segment("teamId", &self.team.id)?;
        let limit = match self.limit.map(NonZeroU64::new) {
            None => None,
            Some(Some(limit)) => Some(limit),
            Some(None) => {
                let fault = "is 0, and a page has at least 1 integration; give 1 to 100";
                return Err(Error::invalid_request(vec![InvalidField::new(
                    "limit", fault,
                )]));
            }
        };
        let offset = (self.offset > 0).then_some(self.offset);
        Call::new(&self.team.client, None)
            .list_integrations(team_id, limit, offset, self.integration_type.as_deref())
            .await
    }

    /// Every integration from the offset on, fetched page by page as the stream
    /// is read. It ends after the last one, or after an error. Each page is a call
    /// with a total timeout of its own.
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
        }
        let start = State {
            next: self,
            page: Vec::new().into_iter(),
            is_last: false,
        };
        stream::try_unfold(start, |mut state| async move {
            loop {
                if let Some(integration) = state.page.next() {
                    return Ok(Some((integration, state)));
                }
                if state.is_last {
                    return Ok(None);
                }
                let page = state.next.page().await?.into_inner();
                let listed = page.integrations.len() as u64;
                state.next.offset = state.next.offset.saturating_add(listed);
                state.is_last = page.integrations.is_empty() || state.next.offset >= page.total;
                state.page = page.integrations.into_iter();
            }
        })
    }

    /// Every integration from the offset on, page by page. Each page is a call with
    /// a total timeout of its own.
    ///
    /// # Errors
    ///
    /// See [`ListIntegrations`].
    pub async fn all(self) -> Result<Vec<Integration>> {
        use futures_util::TryStreamExt as _;

        self.stream().try_collect().await
    }
}
