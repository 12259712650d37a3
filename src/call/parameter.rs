//! How a parameter is written as one text. The document decides whether an operation has lists.
#![allow(dead_code, reason = "the document decides which parameters are lists")]

use std::fmt::Display;

use http::HeaderValue;
use percent_encoding::{AsciiSet, CONTROLS, PercentEncode, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;
use url::form_urlencoded;

use crate::error::{Error, Result};

/// The value of a header parameter.
#[cfg_attr(test, derive(Debug))]
pub(crate) struct ParamHeaderValue(HeaderValue);

impl ParamHeaderValue {
    pub(super) fn into_inner(self) -> HeaderValue {
        self.0
    }
}

impl TryFrom<String> for ParamHeaderValue {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        HeaderValue::try_from(text)
            .map(Self)
            .map_err(|error| Error::request_construction(&error.to_string()))
    }
}

/// Percent-encodes a value for a single path segment.
pub(crate) fn encode_path(value: &str) -> PercentEncode<'_> {
    // The path percent-encode set of the URL standard, and the characters that would
    // end the segment.
    const SEGMENT: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b'/')
        .add(b'<')
        .add(b'>')
        .add(b'?')
        .add(b'\\')
        .add(b'^')
        .add(b'`')
        .add(b'{')
        .add(b'}');
    utf8_percent_encode(value, SEGMENT)
}

/// Writes the items of a list as the value of a header.
pub(crate) fn header_list<T: Display>(items: &[T]) -> Result<ParamHeaderValue> {
    let items: Vec<_> = items.iter().map(ToString::to_string).collect();
    // HTTP has no escape for a comma within an item.
    if let Some(item) = items.iter().find(|item| item.contains(',')) {
        let reason = format!("an item of a list in a header contains a comma: {item:?}");
        return Err(Error::request_construction(&reason));
    }
    items.join(",").try_into()
}

/// Writes the items of a list as a segment of a path, percent-encoded.
pub(crate) fn encode_path_list<T: Display>(items: &[T]) -> Result<String> {
    let encode = |item: &T| {
        encode_path(&item.to_string())
            .to_string()
            .replace(',', "%2C")
    };
    let segment = items.iter().map(encode).collect::<Vec<_>>().join(",");
    // A URL parser would remove the segment.
    if matches!(segment.as_str(), "" | "." | "..") {
        let reason = format!("a list in the path must not be {segment:?}");
        return Err(Error::request_construction(&reason));
    }
    Ok(segment)
}

/// Appends a list to a query, unless it is empty or absent. Returns an error if the value
/// cannot be serialized.
pub(super) fn append_query_list(
    query: &mut String,
    name: &str,
    items: &impl Serialize,
) -> serde_json::Result<()> {
    let items = match serde_json::to_value(items)? {
        Value::Array(items) => items,
        _ => Vec::new(),
    };
    for (index, item) in items.iter().enumerate() {
        let text = item
            .as_str()
            .map_or_else(|| item.to_string(), str::to_owned);
        if index > 0 {
            query.push(',');
        } else {
            if !query.is_empty() {
                query.push('&');
            }
            query.extend(form_urlencoded::byte_serialize(name.as_bytes()));
            query.push('=');
        }
        query.extend(form_urlencoded::byte_serialize(text.as_bytes()));
    }
    Ok(())
}

#[cfg(test)]
impl PartialEq<&str> for ParamHeaderValue {
    fn eq(&self, other: &&str) -> bool {
        self.0 == other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_list_is_separated_by_commas() {
        assert_eq!(header_list(&["a", "b c"]).unwrap(), "a,b c");
        assert_eq!(header_list::<u8>(&[]).unwrap(), "");
        for items in [["a", "b,c"], ["a", "b\nc"]] {
            assert!(header_list(&items).unwrap_err().is_invalid_request());
        }
    }

    #[test]
    fn path_list_is_one_segment() {
        assert_eq!(encode_path_list(&[1, 2]).unwrap(), "1,2");
        assert_eq!(encode_path_list(&["a,b", "c/d"]).unwrap(), "a%2Cb,c%2Fd");
        assert_eq!(encode_path_list(&["", ""]).unwrap(), ",");
        for items in [&[][..], &[""], &["."], &[".."]] {
            assert!(encode_path_list(items).unwrap_err().is_invalid_request());
        }
    }

    #[test]
    fn query_list_is_one_pair() {
        let mut query = String::new();
        append_query_list(&mut query, "ids[]", &["a,b", "c&d"]).unwrap();
        append_query_list(&mut query, "none", &None::<Vec<u8>>).unwrap();
        append_query_list(&mut query, "empty", &Vec::<u8>::new()).unwrap();
        append_query_list(&mut query, "sizes", &Some([1, 2])).unwrap();
        assert_eq!(query, "ids%5B%5D=a%2Cb,c%26d&sizes=1,2");
    }
}
