use std::num::NonZeroU64;
use std::sync::OnceLock;

use super::page::Page;
use crate::call::{Call, validate_path_segment};
use crate::client::Team;
use crate::error::{Error, InvalidField, Result};
use crate::redact::Redactor;
use crate::response::Response;

/// A request for a page of a team's catalogue.
#[derive(Clone)]
pub(super) struct PageRequest {
    pub(super) team: Team,
    pub(super) integration_type: Option<String>,
    pub(super) limit: Option<u64>,
    pub(super) offset: u64,
}

impl PageRequest {
    /// Requests the page. The response keeps the raw body.
    pub(super) async fn send(&self) -> Result<Response<Page>> {
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
        let accepted = OnceLock::new();
        let accept = |body: &[u8]| {
            Page::decode_leniently(body, self.offset, &self.redactor())
                .is_some_and(|page| accepted.set(page).is_ok())
        };
        let page = Call::new(&self.team.client, None)
            .accepting(&accept)
            .list_integrations(team_id, limit, offset, self.integration_type.as_deref())
            .await;
        match page {
            Ok(page) => Ok(page.map(Page::from)),
            Err(error) => error.into_response(accepted.into_inner()),
        }
    }

    pub(super) fn redactor(&self) -> Redactor {
        Call::new(&self.team.client, None).redactor()
    }
}
