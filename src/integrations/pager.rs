use super::list::ListIntegrations;
use super::page::Page;
use crate::error::{Error, Result};
use crate::generated::types::Integration;
use crate::response::Response;

/// The pages of a listing, in order.
pub(super) struct Pager {
    next: ListIntegrations,
    is_finished: bool,
}

impl Pager {
    pub(super) fn new(list: ListIntegrations) -> Self {
        Self {
            next: list,
            is_finished: false,
        }
    }

    /// Returns the records of the next page, or `None` after the last page or an error. An
    /// unreadable record is an error in its place.
    pub(super) async fn next_page(&mut self) -> Result<Option<Vec<Result<Integration>>>> {
        if self.is_finished {
            return Ok(None);
        }
        self.is_finished = true;
        let response = self.next.page().await?;
        let first = self.next.offset;
        self.next.offset = first.saturating_add(response.len());
        self.is_finished = response.len() == 0 || self.next.offset >= response.total;
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

    /// Returns the records of a page in order. `first` is the position of the first one.
    fn records(&self, first: u64, response: Response<Page>) -> Vec<Result<Integration>> {
        if response.unreadable().is_empty() {
            let (integrations, _) = response.into_inner().into_records();
            return integrations.into_iter().map(Ok).collect();
        }
        let redactor = self.next.redactor();
        let mut records = Vec::new();
        let response = response.map(|page| {
            let (integrations, unreadable) = page.into_records();
            records.extend(integrations.into_iter().map(Ok));
            unreadable
        });
        for record in response.iter() {
            let index = record.position().saturating_sub(first);
            let index = usize::try_from(index).unwrap_or(records.len());
            let error = Error::from_record(&response, record.clone(), &redactor);
            records.insert(index.min(records.len()), Err(error));
        }
        records
    }
}
