use std::ops::Deref;
use std::{fmt, slice, vec};

use futures_util::stream::{self, Stream, StreamExt as _};

use super::page::Page;
use super::page_request::PageRequest;
use super::pager::{ListingPolicy, Pager};
use crate::client::Team;
use crate::error::{Error, Result, UnreadableRecord};
use crate::generated::types::Integration;
use crate::response::Response;

/// A listing of a team's catalogue: `GET /v2/teams/{teamId}/integrations`. Created by
/// [`Team::integrations`].
///
/// The catalogue contains Duvo's built-in integrations and the team's custom ones. It
/// can be listed as a page, as a stream, or completely. Duvo does not document the order.
///
/// A listing of several pages requests a page above 1 MiB again with half the limit, down
/// to 1.
///
/// # Errors
///
/// A listing returns the errors of every call. If the limit is 0 or the team id is
/// invalid, the error has the kind
/// [`InvalidRequest`](crate::ErrorKind::InvalidRequest). A listing changes nothing, so it
/// is retried after any transient failure.
///
/// [`stream`](Self::stream) and [`all`](Self::all) never end early without an error: if
/// pages contradict each other, the error has the kind
/// [`UnreadableResponse`](crate::ErrorKind::UnreadableResponse), and its message names the
/// contradiction:
///
/// - A page is at another offset than requested.
/// - A page has more records than its limit, or than 100 if its limit is lower.
/// - A page is empty, although `total` is greater than its offset.
/// - A page ends after `total`.
/// - A page repeats a record of an earlier page, although no integration was added. Records
///   without an id are not compared.
/// - The listing cannot be continued after `total` changed: more than 50 integrations were
///   removed, more than 10,000 added, or each page has a single record.
///
/// Integrations can be added and removed during a listing. When `total` has changed, the
/// pages overlap, so that every integration that existed all the time is listed once. Until
/// then, a change can remain unnoticed: if one integration is added and another one removed
/// between two pages, a listing can miss an integration. A page with fewer records than its
/// limit is not a contradiction: the next page begins after its last record.
#[derive(Clone)]
#[must_use = "a listing sends nothing until `page`, `stream` or `all`"]
pub struct ListIntegrations {
    request: PageRequest,
}

impl fmt::Debug for ListIntegrations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ListIntegrations")
            .field("team", &self.request.team)
            .field("integration_type", &self.request.integration_type)
            .field("limit", &self.request.limit)
            .field("offset", &self.request.offset)
            .finish()
    }
}

impl Team {
    /// Returns a listing of the team's catalogue. See Duvo's
    /// [API reference](https://docs.duvo.ai/api-reference).
    pub fn integrations(&self) -> ListIntegrations {
        ListIntegrations {
            request: PageRequest {
                team: self.clone(),
                integration_type: None,
                limit: None,
                offset: 0,
            },
        }
    }
}

impl ListIntegrations {
    /// Lists only integrations of this [`type`](Integration::type_). Duvo publishes no
    /// list of the types. Defaults to every type.
    pub fn integration_type(mut self, integration_type: impl Into<String>) -> Self {
        self.request.integration_type = Some(integration_type.into());
        self
    }

    /// Sets the maximum number of integrations in a page, from 1 to 100. Values above 100
    /// are passed to the API unchanged. Defaults to the API's own default, which is 100.
    pub fn limit(mut self, limit: u64) -> Self {
        self.request.limit = Some(limit);
        self
    }

    /// Sets the number of integrations to skip. Defaults to 0.
    pub fn offset(mut self, offset: u64) -> Self {
        self.request.offset = offset;
        self
    }

    /// Lists one page. Its records that are not as documented are in
    /// [`Page::unreadable`].
    ///
    /// The page is returned as the API sends it: [`offset`](crate::IntegrationPage::offset) and
    /// [`limit`](crate::IntegrationPage::limit) can differ from those requested.
    ///
    /// # Errors
    ///
    /// See [`ListIntegrations`]. A page above 1 MiB is an
    /// [`UnreadableResponse`](crate::ErrorKind::UnreadableResponse); set a smaller
    /// [`limit`](Self::limit).
    pub async fn page(&self) -> Result<Response<Page>> {
        self.request.send().await.map(Response::without_body)
    }

    /// Lists every integration from the offset on. A page is requested when the stream
    /// reaches it, and each page has its own total timeout.
    ///
    /// A record that is not as documented is an error item with an
    /// [`unreadable_record`](Error::unreadable_record), and the stream continues after it.
    /// The stream ends after the last integration, or after any other error.
    ///
    /// ```no_run
    /// use std::pin::pin;
    ///
    /// use futures_util::StreamExt as _;
    ///
    /// # async fn list(team: duvo::Team) -> duvo::Result<()> {
    /// let mut integrations = pin!(team.integrations().stream());
    /// while let Some(integration) = integrations.next().await {
    ///     match integration {
    ///         Ok(integration) => println!("{} {}", integration.id, integration.name),
    ///         Err(error) if error.unreadable_record().is_some() => eprintln!("{error}"),
    ///         Err(error) => return Err(error),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`ListIntegrations`].
    pub fn stream(self) -> impl Stream<Item = Result<Integration>> + Send + use<> {
        let start = (
            Pager::new(self.request, ListingPolicy::SEQUENTIAL, None),
            Vec::new().into_iter(),
        );
        let items = stream::unfold(start, |(mut pager, mut records)| async move {
            loop {
                if let Some(record) = records.next() {
                    return Some((record, (pager, records)));
                }
                match pager.next_page().await {
                    Ok(page) => records = page?.into_iter(),
                    Err(error) => return Some((Err(error), (pager, records))),
                }
            }
        });
        items.fuse()
    }

    /// Lists every integration from the offset on. Each page has its own total timeout.
    ///
    /// If the catalogue changes between two pages, it is listed again from the offset, up
    /// to two more times.
    ///
    /// # Errors
    ///
    /// See [`ListIntegrations`]. Records that are not as documented are not an error here;
    /// they are in [`Listing::unreadable`].
    pub async fn all(self) -> Result<Listing> {
        let listing = self.collect(ListingPolicy::SEQUENTIAL, None).await;
        let (integrations, unreadable) = listing?;
        let unreadable = unreadable.into_iter();
        Ok(Listing {
            integrations,
            unreadable: unreadable
                .filter_map(Error::into_unreadable_record)
                .collect(),
        })
    }

    /// Returns every integration, and an error for each unreadable record.
    pub(super) async fn collect(
        self,
        policy: ListingPolicy,
        expected_total: Option<u64>,
    ) -> Result<(Vec<Integration>, Vec<Error>)> {
        const MAX_LISTINGS: usize = 3;

        let mut listings = 1;
        loop {
            let mut pager = Pager::new(self.request.clone(), policy, expected_total);
            let result = pager.collect().await;
            if result.is_ok() || !pager.has_changed || listings == MAX_LISTINGS {
                return result;
            }
            listings += 1;
        }
    }
}

/// Every integration of a listing. Returned by [`ListIntegrations::all`].
///
/// It dereferences to a slice of the integrations, and iterates over them.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
#[must_use]
pub struct Listing {
    /// The integrations, in the order of the API.
    pub integrations: Vec<Integration>,
    /// The records that are not as documented. They are entries of the catalogue too: an
    /// integration that is missing from `integrations` may be one of them.
    pub unreadable: Vec<UnreadableRecord>,
}

impl Deref for Listing {
    type Target = [Integration];

    fn deref(&self) -> &[Integration] {
        &self.integrations
    }
}

impl IntoIterator for Listing {
    type Item = Integration;
    type IntoIter = vec::IntoIter<Integration>;

    /// Iterates over the integrations, without the unreadable records.
    fn into_iter(self) -> Self::IntoIter {
        self.integrations.into_iter()
    }
}

impl<'a> IntoIterator for &'a Listing {
    type Item = &'a Integration;
    type IntoIter = slice::Iter<'a, Integration>;

    /// Iterates over the integrations, without the unreadable records.
    fn into_iter(self) -> Self::IntoIter {
        self.integrations.iter()
    }
}
