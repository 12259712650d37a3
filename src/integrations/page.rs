use std::fmt::Write as _;
use std::ops::Deref;

use serde_json::value::RawValue;

use crate::error::UnreadableRecord;
use crate::generated::types::{Integration, IntegrationPage};
use crate::json::{JsonObject, decode_json};
use crate::redact::Redactor;

/// A page of a team's catalogue. Returned by
/// [`ListIntegrations::page`](crate::ListIntegrations::page).
///
/// It dereferences to the [`IntegrationPage`], whose `integrations` are the records that
/// are as documented. [`unreadable`](Self::unreadable) returns the other ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    page: IntegrationPage,
    unreadable: Vec<UnreadableRecord>,
}

impl Page {
    /// Returns the records of the page that are not as documented, in the order of the
    /// page.
    #[must_use]
    pub fn unreadable(&self) -> &[UnreadableRecord] {
        &self.unreadable
    }

    /// Returns the page without the unreadable records.
    #[must_use]
    pub fn into_inner(self) -> IntegrationPage {
        self.page
    }

    /// Returns the number of records, readable or not.
    pub(super) fn len(&self) -> u64 {
        (self.page.integrations.len() + self.unreadable.len()) as u64
    }

    /// Returns the integrations and the unreadable records.
    pub(super) fn into_records(self) -> (Vec<Integration>, Vec<UnreadableRecord>) {
        (self.page.integrations, self.unreadable)
    }

    /// Decodes a page record by record. Returns `None` if the page itself is unreadable.
    pub(super) fn decode_leniently(body: &[u8], offset: u64, redactor: &Redactor) -> Option<Self> {
        const RECORDS: &str = "integrations";

        let body = escape_invalid_utf8(body);
        let (records, others): (Vec<_>, Vec<_>) = JsonObject::parse(body.as_bytes())?
            .into_fields()
            .into_iter()
            .partition(|(key, _)| key == RECORDS);
        let [(_, records)] = records.as_slice() else {
            return None;
        };
        let records: Vec<&RawValue> = serde_json::from_str(records.get()).ok()?;

        let mut without_records = format!("{{\"{RECORDS}\":[]");
        for (key, value) in others {
            let key = serde_json::to_string(&key).ok()?;
            without_records.extend([",", &key, ":", value.get()]);
        }
        without_records.push('}');
        let mut page = Self::from(serde_json::from_str::<IntegrationPage>(&without_records).ok()?);
        for (index, record) in records.into_iter().enumerate() {
            let position = offset.saturating_add(index as u64);
            let json = record.get();
            match decode_json(json.as_bytes()) {
                Ok(integration) => page.page.integrations.push(integration),
                Err(reason) => page.unreadable.push(UnreadableRecord::new(
                    position,
                    &reason,
                    json.to_owned(),
                    redactor,
                )),
            }
        }
        Some(page)
    }
}

impl From<IntegrationPage> for Page {
    fn from(page: IntegrationPage) -> Self {
        Self {
            page,
            unreadable: Vec::new(),
        }
    }
}

impl Deref for Page {
    type Target = IntegrationPage;

    fn deref(&self) -> &IntegrationPage {
        &self.page
    }
}

/// A page equals an [`IntegrationPage`] if every record is readable.
impl PartialEq<IntegrationPage> for Page {
    fn eq(&self, other: &IntegrationPage) -> bool {
        self.unreadable.is_empty() && self.page == *other
    }
}

/// Writes each byte that is not UTF-8 as the escape of a lone surrogate, as PEP 383 does.
/// A string that contains such a byte is then valid JSON, but not valid Unicode.
pub(super) fn escape_invalid_utf8(body: &[u8]) -> String {
    let mut escaped = String::with_capacity(body.len());
    for chunk in body.utf8_chunks() {
        escaped.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let _ = write!(escaped, "\\udc{byte:02x}");
        }
    }
    escaped
}
