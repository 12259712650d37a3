//! Marks properties that look like secrets.

use duvo_codegen::is_secret_name;
use heck::ToSnakeCase;
use serde_yaml::{Mapping, Value};

use super::components::Use;
use super::description::TODO;

/// Rules that the type of a secret does not enforce.
const UNENFORCED: [&str; 4] = ["pattern", "maxLength", "default", "example"];

/// Names of maps whose values often are secrets: the headers of a request, and variables.
const MAPS: [&str; 4] = ["env", "environment", "headers", "variables"];

/// Marks the property `name` of the component `parent` if it looks like a secret. In a
/// request, a text whose name ends with the secret gets `format: password`. Every other case
/// is left to the maintainer to decide.
pub(super) fn mark(parent: &str, name: &str, property: &mut Mapping, usage: Use) {
    if property.contains_key("x-secret") || !looks_like_secret(parent, name, property) {
        return;
    }
    let text = |key: &str| property.get(key).and_then(Value::as_str);
    let is_text =
        text("type") == Some("string") && matches!(text("format"), None | Some("password"));
    let is_certain = usage == Use::Request && ends_with_secret(name);
    if is_text && (is_certain || text("format") == Some("password")) {
        property.retain(|key, _| !UNENFORCED.iter().any(|rule| key == rule));
        if property.get("minLength").and_then(Value::as_u64) > Some(1) {
            property.insert("minLength".into(), 1.into());
        }
        property.insert("format".into(), "password".into());
    } else {
        property.insert("x-secret".into(), TODO.into());
    }
}

fn looks_like_secret(parent: &str, name: &str, property: &Mapping) -> bool {
    let of_type = |name: &str| property.get("type").and_then(Value::as_str) == Some(name);
    if ["boolean", "integer", "number"].into_iter().any(of_type) || property.contains_key("enum") {
        return false;
    }
    let values = property.get("additionalProperties");
    let is_text_map = values.and_then(|values| values.get("type")?.as_str()) == Some("string");
    let snake_name = name.to_snake_case();
    let last = snake_name.rsplit('_').next().unwrap_or_default();
    // The value of a thing that is called a secret.
    let is_value = matches!(last, "value" | "values") && is_secret_name(parent);
    is_secret_name(name)
        || is_value && (of_type("string") || is_text_map)
        || is_text_map && MAPS.contains(&last)
}

/// Whether the name is that of a secret itself, as in `client_secret`, and not that of a
/// property of a secret, as in `secret_id`.
fn ends_with_secret(name: &str) -> bool {
    let name = name.to_snake_case();
    let last = name.rsplit('_').next().unwrap_or_default();
    is_secret_name(last) || last == "key"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_marked(name: &str, property: &str, usage: Use, expected: &str) {
        let mut property: Mapping = serde_yaml::from_str(property).unwrap();
        mark("UpdateSecretRequest", name, &mut property, usage);
        let expected: Mapping = serde_yaml::from_str(expected).unwrap();
        assert_eq!(property, expected, "{name}");
    }

    #[test]
    fn text_of_request_that_ends_with_secret_is_password() {
        let text = "{type: string, minLength: 8, maxLength: 9, pattern: x}";
        for name in ["password", "client_secret", "apiKey", "access_token"] {
            let expected = "{type: string, minLength: 1, format: password}";
            assert_marked(name, text, Use::Request, expected);
        }
    }

    #[test]
    fn other_cases_are_left_to_the_maintainer() {
        for (name, property) in [
            ("secret_id", "{type: string}"),
            ("token", "{type: string, format: uuid}"),
            ("tokens", "{type: array, items: {type: string}}"),
            (
                "headers",
                "{type: object, additionalProperties: {type: string}}",
            ),
            ("value", "{type: string}"),
            (
                "add_values",
                "{type: object, additionalProperties: {type: string}}",
            ),
        ] {
            let expected = property.replacen('}', ", x-secret: TODO}", 1);
            let expected = if property.ends_with("}}") {
                property.replace("}}", "}, x-secret: TODO}")
            } else {
                expected
            };
            assert_marked(name, property, Use::Request, &expected);
        }
        assert_marked(
            "access_token",
            "{type: string}",
            Use::Response,
            "{type: string, x-secret: TODO}",
        );
    }

    #[test]
    fn numbers_and_other_names_are_not_marked() {
        for (name, property) in [
            ("token_count", "{type: integer}"),
            ("has_secret", "{type: boolean}"),
            ("name", "{type: string}"),
            (
                "labels",
                "{type: object, additionalProperties: {type: string}}",
            ),
            ("token_type", "{type: string, enum: [bearer]}"),
        ] {
            assert_marked(name, property, Use::Request, property);
        }
    }
}
