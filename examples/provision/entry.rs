//! One `[[integration]]` of the file.

use std::collections::HashSet;

use duvo::{CustomIntegration, CustomIntegrationConfig};
use serde::Deserialize as _;
use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue, ValueDeserializer};

use crate::fault::Fault;
use crate::field;

/// The fields of [`CustomIntegrationConfig`].
const FIELDS: [&str; 7] = [
    "name",
    "server_url",
    "auth_method",
    "oauth_client_id",
    SECRET_VARIABLE,
    SECRET_VARIABLE_ALIAS,
    "oauth_client_secret_file",
];
const SECRET_VARIABLE: &str = "oauth_client_secret_env";
const SECRET_VARIABLE_ALIAS: &str = "oauth_client_secret_variable";
/// Rejected by [`CustomIntegrationConfig::resolve`], with the reason.
const SECRET: &str = "oauth_client_secret";

/// An integration, or the reasons why it is invalid.
pub(crate) struct Entry {
    /// The integration in a message: its name, or its number.
    pub(crate) label: String,
    /// The name and its offset in the text.
    pub(crate) name: Option<(String, usize)>,
    pub(crate) integration: Option<CustomIntegration>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) warnings: Vec<Fault>,
}

impl Entry {
    /// Reads an integration. If it is not complete, because a part of it has an error of
    /// syntax, missing fields are not reported.
    pub(crate) fn read(
        text: &str,
        number: usize,
        value: &Spanned<DeValue<'_>>,
        is_complete: bool,
    ) -> Self {
        let header = value.span().start;
        let mut entry = Self {
            label: format!("integration {number}"),
            name: None,
            integration: None,
            faults: Vec::new(),
            warnings: Vec::new(),
        };
        let Some(table) = value.get_ref().as_table() else {
            let message = format!("{} must be a table", entry.label);
            entry.faults.push(Fault::new(text, header, message));
            return entry;
        };
        entry.read_name(table);
        let (fields, invalid) = entry.check_fields(text, table);
        let offset = |field: &str| {
            let alias = (field == SECRET_VARIABLE).then_some(SECRET_VARIABLE_ALIAS);
            let key = |field| table.get_key_value(field).map(|(key, _)| key.span().start);
            key(field).or(alias.and_then(key))
        };
        let fields = Spanned::new(value.span(), DeValue::Table(fields));
        let config = CustomIntegrationConfig::deserialize(ValueDeserializer::from(fields));
        match config.map(|config| config.resolve()) {
            Ok(Ok(integration)) => {
                for concern in integration.concerns() {
                    let offset = offset("server_url").unwrap_or(header);
                    let message = format!("{}: {concern}", entry.label);
                    entry.warnings.push(Fault::new(text, offset, message));
                }
                entry.integration = Some(integration);
            }
            Ok(Err(error)) => {
                for error in error.invalid_fields() {
                    let offset = offset(error.field());
                    if invalid.contains(error.field()) || (offset.is_none() && !is_complete) {
                        continue;
                    }
                    let message = format!("{}: {error}", entry.label);
                    let offset = offset.unwrap_or(header);
                    entry.faults.push(Fault::new(text, offset, message));
                }
            }
            Err(error) => {
                let message = format!("{}: {}", entry.label, error.message());
                entry.faults.push(Fault::new(text, header, message));
            }
        }
        entry
    }

    fn read_name(&mut self, table: &DeTable<'_>) {
        if let Some((key, value)) = table.get_key_value("name")
            && let Some(name) = value.get_ref().as_str()
            && !name.trim().is_empty()
        {
            self.label = format!("integration {name:?}");
            self.name = Some((name.to_owned(), key.span().start));
        }
    }

    /// Reports unknown fields and wrong types. Returns the fields without them, and the names
    /// of those that are replaced by an empty string, whose other errors are to be ignored.
    fn check_fields<'t>(
        &mut self,
        text: &str,
        table: &DeTable<'t>,
    ) -> (DeTable<'t>, HashSet<&'static str>) {
        let mut fields = DeTable::new();
        let mut invalid = HashSet::new();
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let known = FIELDS.iter().find(|field| **field == name);
            let has_both = name == SECRET_VARIABLE_ALIAS && table.contains_key(SECRET_VARIABLE);
            let message = if has_both {
                format!("`{name}` is another name of `{SECRET_VARIABLE}`; remove one of them")
            } else if known.is_none() && name != SECRET {
                let similar = field::similar(name, &FIELDS);
                invalid.extend(similar.filter(|field| !table.contains_key(*field)));
                field::unknown(name, &FIELDS)
            } else if let Some(field) = known.filter(|_| !value.get_ref().is_str()) {
                invalid.insert(*field);
                field::wrong_type(field, value.get_ref())
            } else {
                fields.insert(key.clone(), value.clone());
                continue;
            };
            let message = format!("{}: {message}", self.label);
            let fault = Fault::new(text, key.span().start, message);
            self.faults.push(fault);
        }
        if invalid.remove(SECRET_VARIABLE_ALIAS) {
            invalid.insert(SECRET_VARIABLE);
        }
        for field in &invalid {
            let key = Spanned::new(0..0, DeString::Borrowed(*field));
            let value = Spanned::new(0..0, DeValue::String(DeString::Borrowed("")));
            fields.insert(key, value);
        }
        (fields, invalid)
    }
}
