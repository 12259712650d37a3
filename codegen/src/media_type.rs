//! Media types of JSON.

use crate::document::Node;

/// Returns the JSON among the contents of a request body or of a response, which the client
/// uses: `application/json`, or else the first other type of JSON.
pub(crate) fn json_content<'a>(holder: &Node<'a>) -> Option<Node<'a>> {
    let mut contents = holder.children("content");
    contents.retain(|content| is_json(&content.key));
    let plain = contents
        .iter()
        .position(|content| essence(&content.key) == "application/json");
    (!contents.is_empty()).then(|| contents.swap_remove(plain.unwrap_or_default()))
}

/// Whether a media type, with its parameters, is JSON in UTF-8.
fn is_json(media_type: &str) -> bool {
    let essence = essence(media_type);
    let is_json = essence == "application/json" || essence.ends_with("+json");
    let is_text = media_type
        .bytes()
        .all(|byte| byte == b' ' || byte.is_ascii_graphic());
    let mut parameters = media_type.split(';').skip(1);
    let is_utf8 = parameters.all(|parameter| {
        let (name, value) = parameter.split_once('=').unwrap_or_default();
        let value = value.trim().trim_matches('"');
        !name.trim().eq_ignore_ascii_case("charset") || value.eq_ignore_ascii_case("utf-8")
    });
    is_json && !essence.contains('*') && is_text && is_utf8
}

/// Returns the media type without parameters.
fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::is_json;

    #[test]
    fn json_can_have_parameters_and_a_suffix() {
        for media_type in [
            "application/json",
            "Application/JSON",
            "application/json; charset=utf-8",
            "application/json;charset=\"UTF-8\"",
            "application/json; version=2",
            "application/problem+json",
            "application/vnd.api+json; charset=utf-8",
        ] {
            assert!(is_json(media_type), "{media_type}");
        }
        for media_type in [
            "",
            "json",
            "text/json",
            "text/plain",
            "application/jsonl",
            "application/*",
            "application/*+json",
            "application/json; charset=latin1",
            "application/json; name=é",
            "application/json\n",
        ] {
            assert!(!is_json(media_type), "{media_type}");
        }
    }
}
