use serde::Serialize;

use super::stored_value::StoredValue;
use crate::generated::types::Integration;
use crate::redacted_url::redacted_url;
use crate::timestamp::Timestamp;

/// The serialized form of an integration in a plan or a report.
#[derive(Serialize)]
pub(super) struct Summary<'a> {
    id: &'a str,
    name: &'a str,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_integration_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    broken_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    broken_reason: Option<&'a str>,
}

impl<'a> Summary<'a> {
    pub(super) fn new(integration: &'a Integration) -> Self {
        Self {
            id: &integration.id,
            name: &integration.name,
            created_at: integration.created_at,
            custom_integration_id: integration.custom_integration_id.as_deref(),
            server_url: integration.server_url.as_deref().map(redacted_url),
            auth_method: integration.auth_method.as_deref(),
            broken_at: integration.broken_at,
            broken_reason: integration.broken_reason.as_deref(),
        }
    }

    pub(super) fn of_all(integrations: &'a [Integration]) -> Vec<Self> {
        integrations.iter().map(Self::new).collect()
    }
}

/// The serialized form of a stored value in a plan or a report.
#[derive(Serialize)]
pub(super) struct ValueSummary {
    field: &'static str,
    requested: String,
    stored: String,
}

impl ValueSummary {
    pub(super) fn of_all(values: &[StoredValue]) -> Vec<Self> {
        let values = values.iter().map(|value| Self {
            field: value.field,
            requested: value.printable(&value.requested),
            stored: value.printable(&value.stored),
        });
        values.collect()
    }
}
