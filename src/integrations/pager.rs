use std::collections::HashSet;

use super::page::Page;
use super::page_request::PageRequest;
use crate::error::{Error, Result};
use crate::generated::types::Integration;
use crate::response::Response;
use crate::telemetry::{self, RecordingSpan};

/// The maximum number of integrations in a page, which is also the API's default limit.
const MAX_LIMIT: u64 = 100;

/// The pages of a listing, in order. A page that contradicts its request or an earlier
/// page is an error, because the listing is then incomplete.
pub(super) struct Pager {
    next: PageRequest,
    /// The limit that the caller set.
    limit: Option<u64>,
    /// The length at which a page was too large.
    max_len: usize,
    total: Option<u64>,
    /// The identities of the records of earlier pages.
    seen: HashSet<Identity>,
    is_finished: bool,
    /// Whether the catalogue changed during the listing, so that another listing may
    /// succeed.
    pub(super) has_changed: bool,
    /// The parent of the spans of all pages, created for the first one.
    span: Option<RecordingSpan>,
}

/// What identifies a record of a page.
#[derive(PartialEq, Eq, Hash)]
enum Identity {
    Id(String),
    CustomIntegrationId(String),
}

/// A contradiction between pages, as part of a message.
struct Contradiction {
    reason: String,
    is_change: bool,
}

impl Pager {
    pub(super) fn new(first: PageRequest) -> Self {
        Self {
            limit: first.limit,
            next: first,
            max_len: 0,
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
        let response = self.fetch().await?;
        if let Some(contradiction) = self.contradiction(&response) {
            self.has_changed = contradiction.is_change;
            let (body, redactor) = (response.body().clone(), self.next.redactor());
            let error = Error::from_response(&response, body, &contradiction.reason, &redactor);
            return Err(error);
        }
        let first = self.next.offset;
        self.next.offset = first.saturating_add(response.len());
        self.total = Some(response.total);
        self.is_finished = self.next.offset >= response.total;
        if !self.is_finished {
            self.seen.extend(identities(&response));
            self.restore_limit(response.body().len());
        }
        Ok(Some(self.records(first, response)))
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
            let error = match self.next.send().await {
                Err(error) if error.is_body_too_large() => error,
                result => return result,
            };
            match self.next.limit.unwrap_or(MAX_LIMIT).min(MAX_LIMIT) / 2 {
                0 => return Err(error),
                half => self.next.limit = Some(half),
            }
            self.max_len = error.body().map_or(0, <[u8]>::len);
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

    fn contradiction(&self, page: &Page) -> Option<Contradiction> {
        let offset = self.next.offset;
        let total = page.total;
        let error = |reason: String| {
            Some(Contradiction {
                reason,
                is_change: false,
            })
        };
        let change = |reason: String| {
            Some(Contradiction {
                reason,
                is_change: true,
            })
        };
        let is_beyond_the_end = page.len() == 0 && offset.min(page.offset) >= total;
        if page.offset != offset && !is_beyond_the_end {
            let found = page.offset;
            return error(format!(
                "the page is at offset {found} instead of {offset}, so the listing is incomplete"
            ));
        }
        // A server that ignores a limit below the maximum may send a page of the maximum.
        let limit = self.next.limit.unwrap_or(MAX_LIMIT).max(MAX_LIMIT);
        if page.len() > limit {
            let count = page.len();
            return error(format!(
                "the page at offset {offset} has {count} records, but its limit is {limit}, so the listing may be incomplete"
            ));
        }
        if let Some(before) = self.total.filter(|before| *before != total) {
            return change(format!(
                "`total` changed from {before} to {total} between two pages, so the listing may be incomplete"
            ));
        }
        if page.len() == 0 && offset < total {
            return error(format!(
                "the page at offset {offset} is empty, but `total` is {total}, so the listing is incomplete"
            ));
        }
        let end = offset.saturating_add(page.len());
        if page.len() > 0 && end > total {
            return error(format!(
                "the page at offset {offset} ends at {end}, but `total` is {total}, so the listing may be incomplete"
            ));
        }
        let repeated = identities(page).filter(|identity| self.seen.contains(identity));
        match repeated.count() as u64 {
            0 => None,
            count if count == page.len() => error(format!(
                "the page at offset {offset} repeats an earlier one, so the listing is incomplete"
            )),
            count => change(format!(
                "the page at offset {offset} repeats {count} of the records before it, so the listing is incomplete"
            )),
        }
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

/// Returns the identities of the records of a page. An unreadable record without any id
/// has none, because different records can have the same JSON, such as `null`.
fn identities(page: &Page) -> impl Iterator<Item = Identity> {
    let readable = page.integrations.iter();
    let unreadable = page.unreadable().iter().filter_map(|record| {
        let id = record.id().map(Identity::Id);
        id.or_else(|| {
            record
                .custom_integration_id()
                .map(Identity::CustomIntegrationId)
        })
    });
    readable
        .map(|found| Identity::Id(found.id.clone()))
        .chain(unreadable)
}
