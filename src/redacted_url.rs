use url::Url;

use crate::secret::REDACTED;

/// Returns a URL for `Debug`, without the parts that often contain a secret: the user
/// information, the query and the fragment.
pub(crate) fn redacted_url(text: &str) -> String {
    // A secret could be anywhere in a text that is not a URL.
    let url = Url::parse(text).ok().filter(Url::has_host);
    let Some(url) = url else {
        return "[invalid URL]".to_owned();
    };
    let has_user_info = !url.username().is_empty() || url.password().is_some();
    if !has_user_info && url.query().is_none() && url.fragment().is_none() {
        // Parsing removes or encodes them.
        let has_control = text.contains(char::is_control);
        return if has_control {
            url.into()
        } else {
            text.to_owned()
        };
    }
    let part = |is_present: bool, before: &str, after: &str| {
        if is_present {
            [before, REDACTED, after].concat()
        } else {
            String::new()
        }
    };
    [
        url.scheme(),
        "://",
        &part(has_user_info, "", "@"),
        url.host_str().unwrap_or_default(),
        &url.port()
            .map_or_else(String::new, |port| format!(":{port}")),
        url.path(),
        &part(url.query().is_some(), "?", ""),
        &part(url.fragment().is_some(), "#", ""),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_of_a_url_are_not_printed() {
        for url in [
            "https://mcp.example.com/\u{1b}[2J",
            "https://mcp.example.com/a\nb",
            " https://mcp.example.com/\u{9b}31m\r\n",
        ] {
            let redacted = redacted_url(url);
            assert!(!redacted.contains(char::is_control), "{redacted:?}");
        }
    }
}
