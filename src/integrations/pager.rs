use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use futures_util::future::join_all;

use super::page::Page;
use super::page_request::PageRequest;
use super::rate_limited::{MAX_CALLS, repeat_if_rate_limited};
use crate::error::{Error, Result, UnreadableRecord};
use crate::generated::types::Integration;
use crate::response::Response;
use crate::telemetry::{self, RecordingSpan};

/// The maximum number of integrations in a page, which is also the API's default limit.
const MAX_LIMIT: u64 = 100;

/// The maximum number of records that a page repeats, to find where the listing continues
/// in a catalogue that changed.
const MAX_OVERLAP: u64 = 50;

/// The maximum number of integrations that are added during a listing.
const MAX_GROWTH: u64 = 10_000;

/// How a listing uses the rate limit.
#[derive(Clone, Copy)]
pub(super) struct ListingPolicy {
    /// The number of calls for a page that the rate limit rejects.
    max_calls: usize,
    /// The maximum number of pages that are requested at the same time.
    pages_at_a_time: usize,
}

impl ListingPolicy {
    /// One call for each page, one after another.
    pub(super) const SEQUENTIAL: Self = Self {
        max_calls: 1,
        pages_at_a_time: 1,
    };

    /// The listings of a plan, which many processes may make at the same time.
    pub(super) const PLAN: Self = Self {
        max_calls: MAX_CALLS,
        pages_at_a_time: 8,
    };

    async fn send(self, request: &PageRequest) -> Result<Response<Page>> {
        repeat_if_rate_limited(self.max_calls, || request.send()).await
    }
}

/// The pages of a listing, in order. A page that contradicts its request or an earlier
/// page is an error, because the listing is then incomplete.
///
/// Once `total` has changed, each page begins with a record of an earlier page: all records
/// before it are then known, whatever was added or removed. If the first record is unknown,
/// earlier ones were removed, and the page is requested again from further back.
pub(super) struct Pager {
    next: PageRequest,
    policy: ListingPolicy,
    /// The total that the caller expects.
    expected_total: Option<u64>,
    /// The pages that were requested at the same time as an earlier one, by their offsets.
    prefetched: HashMap<u64, Result<Response<Page>>>,
    /// The offset of the first page.
    start: u64,
    /// The end of the accepted pages.
    end: u64,
    /// The number of records before `end` with which the next page begins.
    overlap: u64,
    /// The length of the last accepted page.
    page_len: u64,
    /// The limit that the caller set.
    limit: Option<u64>,
    /// The length at which a page was too large.
    max_len: usize,
    /// The total of the first page.
    first_total: Option<u64>,
    /// The total of the last accepted page.
    accepted_total: Option<u64>,
    /// The total of the last page.
    total: Option<u64>,
    /// The identities of the records of earlier pages.
    seen: HashSet<Identity<'static>>,
    is_finished: bool,
    /// Whether the catalogue changed during the listing, so that another listing may
    /// succeed.
    pub(super) has_changed: bool,
    /// The parent of the spans of all pages, created for the first one.
    span: Option<RecordingSpan>,
}

/// What identifies a record of a page.
#[derive(PartialEq, Eq, Hash)]
enum Identity<'a> {
    Id(Cow<'a, str>),
    CustomIntegrationId(Cow<'a, str>),
}

/// Why a page is not accepted.
enum Rejection {
    /// The page must begin this number of records before the end of the accepted ones.
    Overlap(u64),
    /// The page contradicts its request or an earlier page, for a reason that is part of a
    /// message.
    Contradiction { reason: String, is_change: bool },
}

impl Pager {
    pub(super) fn new(
        first: PageRequest,
        policy: ListingPolicy,
        expected_total: Option<u64>,
    ) -> Self {
        Self {
            limit: first.limit,
            policy,
            expected_total,
            prefetched: HashMap::new(),
            start: first.offset,
            end: first.offset,
            overlap: 0,
            page_len: 0,
            next: first,
            max_len: 0,
            first_total: None,
            accepted_total: None,
            total: None,
            seen: HashSet::new(),
            is_finished: false,
            has_changed: false,
            span: None,
        }
    }

    /// Returns the records of the next page, or `None` after the last page or an error. An
    /// unreadable record is an error in its place.
    pub(super) async fn next_page(&mut self) -> Result<Option<Vec<Result<Integration>>>> {
        if self.is_finished {
            return Ok(None);
        }
        let span = self.span.take().unwrap_or_else(telemetry::list_span);
        let page = span.run(self.request_page()).await;
        let page = page.inspect_err(|error| span.record_error(error));
        self.span = Some(span);
        page
    }

    async fn request_page(&mut self) -> Result<Option<Vec<Result<Integration>>>> {
        self.is_finished = true;
        let response = loop {
            self.next.offset = self.end - self.overlap;
            let response = self.fetch().await?;
            let rejection = self.check(&response);
            self.total = Some(response.total);
            match rejection {
                Ok(()) => break response,
                Err(Rejection::Overlap(overlap)) => {
                    self.overlap = overlap;
                    self.prefetched.clear();
                }
                Err(Rejection::Contradiction { reason, is_change }) => {
                    self.has_changed = is_change;
                    let (body, redactor) = (response.body().clone(), self.next.redactor());
                    return Err(Error::from_response(&response, body, &reason, &redactor));
                }
            }
        };
        let first = self.next.offset;
        self.end = first.saturating_add(response.len());
        self.overlap = self.overlap.min(1);
        self.page_len = response.len();
        self.accepted_total = self.total;
        self.first_total = self.first_total.or(self.total);
        self.is_finished = self.end >= response.total;
        if !self.is_finished {
            self.restore_limit(response.body().len());
        }
        let identities: Vec<_> = identities(&response).map(Identity::into_owned).collect();
        let mut records = self.records(first, response);
        records.retain(|record| !identity(record).is_some_and(|id| self.seen.contains(&id)));
        self.seen.extend(identities);
        Ok(Some(records))
    }

    /// Lists all pages. Returns the integrations, and an error for each unreadable record.
    pub(super) async fn collect(&mut self) -> Result<(Vec<Integration>, Vec<Error>)> {
        let (mut integrations, mut unreadable) = (Vec::new(), Vec::new());
        while let Some(records) = self.next_page().await? {
            for record in records {
                match record {
                    Ok(integration) => integrations.push(integration),
                    Err(error) => unreadable.push(error),
                }
            }
        }
        Ok((integrations, unreadable))
    }

    /// Requests the next page, with half the limit as long as the page is too large.
    async fn fetch(&mut self) -> Result<Response<Page>> {
        loop {
            if !self.prefetched.contains_key(&self.next.offset) {
                self.prefetch().await;
            }
            let page = match self.prefetched.remove(&self.next.offset) {
                Some(page) => page,
                None => self.policy.send(&self.next).await,
            };
            let error = match page {
                Err(error) if error.is_body_too_large() => error,
                result => return result,
            };
            self.prefetched.clear();
            match self.next.limit.unwrap_or(MAX_LIMIT).min(MAX_LIMIT) / 2 {
                0 => return Err(error),
                half => self.next.limit = Some(half),
            }
            self.max_len = error.body().map_or(0, <[u8]>::len);
        }
    }

    /// Requests the next pages at the same time, if their offsets are likely: they have the
    /// length of the last page, and `total` has not changed.
    async fn prefetch(&mut self) {
        self.prefetched.clear();
        let total = self.total.or(self.expected_total);
        let limit = self.limit.unwrap_or(MAX_LIMIT).min(MAX_LIMIT);
        let page_len = match self.page_len {
            0 => limit,
            page_len => page_len,
        };
        let (Some(total), Ok(step)) = (total, usize::try_from(page_len)) else {
            return;
        };
        if step == 0 || self.overlap > 0 || self.next.limit != self.limit {
            return;
        }
        let offsets = (self.next.offset..total).step_by(step);
        let requests: Vec<_> = offsets
            .take(self.policy.pages_at_a_time)
            .map(|offset| PageRequest {
                offset,
                ..self.next.clone()
            })
            .collect();
        if requests.len() > 1 {
            let policy = self.policy;
            let pages = requests.iter().map(|request| policy.send(request));
            let pages = join_all(pages).await;
            let offsets = requests.iter().map(|request| request.offset);
            self.prefetched = offsets.zip(pages).collect();
        }
    }

    /// Doubles a reduced limit after a page that was far below the maximum length.
    fn restore_limit(&mut self, length: usize) {
        if let Some(limit) = self.next.limit.filter(|_| length < self.max_len / 4) {
            let doubled = limit.saturating_mul(2);
            self.next.limit = if doubled < self.limit.unwrap_or(MAX_LIMIT) {
                Some(doubled)
            } else {
                self.limit
            };
        }
    }

    /// Compares a page with its request and with the earlier pages.
    fn check(&self, page: &Page) -> Result<(), Rejection> {
        let offset = self.next.offset;
        let total = page.total;
        let is_beyond_the_end = page.len() == 0 && offset.min(page.offset) >= total;
        if page.offset != offset && !is_beyond_the_end {
            let found = page.offset;
            return contradiction(format!(
                "the page is at offset {found} instead of {offset}, so the listing is incomplete"
            ));
        }
        // A server that ignores a limit below the maximum may send a page of the maximum.
        let limit = self.next.limit.unwrap_or(MAX_LIMIT).max(MAX_LIMIT);
        if page.len() > limit {
            let count = page.len();
            return contradiction(format!(
                "the page at offset {offset} has {count} records, but its limit is {limit}, so the listing may be incomplete"
            ));
        }
        self.check_continuation(page)?;
        let end = offset.saturating_add(page.len());
        if end <= self.end && end < total {
            let content = if page.len() == 0 {
                "is empty"
            } else {
                "has no further record"
            };
            return contradiction(format!(
                "the page at offset {offset} {content}, but `total` is {total}, so the listing is incomplete"
            ));
        }
        if page.len() > 0 && end > total {
            return contradiction(format!(
                "the page at offset {offset} ends at {end}, but `total` is {total}, so the listing may be incomplete"
            ));
        }
        let repeated = identities(page).filter(|identity| self.seen.contains(identity));
        let growth = total.saturating_sub(self.accepted_total.unwrap_or(total));
        match repeated.count() as u64 {
            count if count <= self.overlap.saturating_add(growth) => Ok(()),
            count if count == page.len() => contradiction(format!(
                "the page at offset {offset} repeats an earlier one, so the listing is incomplete"
            )),
            count => change(format!(
                "the page at offset {offset} repeats {count} of the records before it, so the listing is incomplete"
            )),
        }
    }

    /// Checks that a page continues the earlier ones, if the catalogue has changed.
    fn check_continuation(&self, page: &Page) -> Result<(), Rejection> {
        let total = page.total;
        let before = self.total.unwrap_or(total);
        if total > self.first_total.unwrap_or(total).saturating_add(MAX_GROWTH) {
            return change(format!(
                "`total` grew to {total} during the listing, so the listing may be incomplete"
            ));
        }
        let is_known = || {
            let first = first_identity(page);
            first.is_some_and(|first| self.seen.contains(&first))
        };
        let listed = self.end - self.start;
        let has_changed = total != before || self.overlap > 0;
        if !has_changed || self.overlap == listed || (self.overlap > 0 && is_known()) {
            return Ok(());
        }
        let removed = before.saturating_sub(total);
        let overlap = self
            .overlap
            .saturating_mul(2)
            .max(1)
            .saturating_add(removed);
        // A page must contain a further record.
        let max_overlap = self.page_len.saturating_sub(1).min(MAX_OVERLAP).min(listed);
        if self.overlap < max_overlap {
            return Err(Rejection::Overlap(overlap.min(max_overlap)));
        }
        change(format!(
            "`total` changed from {} to {total} during the listing, so the listing may be incomplete",
            self.accepted_total.unwrap_or(before)
        ))
    }

    /// Returns the records of a page in order. `first` is the position of the first one.
    fn records(&self, first: u64, response: Response<Page>) -> Vec<Result<Integration>> {
        if response.unreadable().is_empty() {
            let (integrations, _) = response.into_inner().into_records();
            return integrations.into_iter().map(Ok).collect();
        }
        let redactor = self.next.redactor();
        let mut integrations = Vec::new();
        let response = response.map(|page| {
            let (readable, unreadable) = page.into_records();
            integrations = readable;
            unreadable
        });
        let mut integrations = integrations.into_iter();
        let mut records = Vec::with_capacity(integrations.len() + response.len());
        for record in response.iter() {
            let index = record.position().saturating_sub(first);
            let index = usize::try_from(index).unwrap_or(usize::MAX);
            let before = index.saturating_sub(records.len());
            records.extend(integrations.by_ref().take(before).map(Ok));
            let error = Error::from_record(&response, record.clone(), &redactor);
            records.push(Err(error));
        }
        records.extend(integrations.map(Ok));
        records
    }
}

impl Identity<'_> {
    fn into_owned(self) -> Identity<'static> {
        match self {
            Self::Id(id) => Identity::Id(id.into_owned().into()),
            Self::CustomIntegrationId(id) => Identity::CustomIntegrationId(id.into_owned().into()),
        }
    }
}

fn contradiction(reason: String) -> Result<(), Rejection> {
    let is_change = false;
    Err(Rejection::Contradiction { reason, is_change })
}

/// Returns the contradiction of a catalogue that changed, so that another listing may
/// succeed.
fn change(reason: String) -> Result<(), Rejection> {
    let is_change = true;
    Err(Rejection::Contradiction { reason, is_change })
}

/// Returns the identities of the records of a page. An unreadable record without any id
/// has none, because different records can have the same JSON, such as `null`.
fn identities(page: &Page) -> impl Iterator<Item = Identity<'_>> {
    let readable = page.integrations.iter();
    readable
        .map(|found| Identity::Id(Cow::from(&found.id)))
        .chain(page.unreadable().iter().filter_map(unreadable_identity))
}

/// Returns the identity of the first record of a page.
fn first_identity(page: &Page) -> Option<Identity<'_>> {
    let unreadable = page.unreadable().first();
    match unreadable.filter(|record| record.position() <= page.offset) {
        Some(record) => unreadable_identity(record),
        None => Some(Identity::Id(Cow::from(&page.integrations.first()?.id))),
    }
}

fn identity(record: &Result<Integration>) -> Option<Identity<'_>> {
    match record {
        Ok(integration) => Some(Identity::Id(Cow::from(&integration.id))),
        Err(error) => unreadable_identity(error.unreadable_record()?),
    }
}

fn unreadable_identity(record: &UnreadableRecord) -> Option<Identity<'_>> {
    let custom_id = || record.custom_integration_id().map(Cow::from);
    let id = record.id().map(Cow::from).map(Identity::Id);
    id.or_else(|| custom_id().map(Identity::CustomIntegrationId))
}
