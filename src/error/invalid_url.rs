use url::ParseError;

/// Describes why text is not a URL, and how to fix it.
pub(crate) fn url_error(error: ParseError, example: &str) -> String {
    match error {
        ParseError::RelativeUrlWithoutBase | ParseError::RelativeUrlWithCannotBeABaseBase => {
            format!("must be an absolute URL, such as {example}")
        }
        ParseError::EmptyHost => format!("has no host; write it after //, as in {example}"),
        ParseError::InvalidPort => {
            "has an invalid port; use a number from 1 to 65535, or omit the port".to_owned()
        }
        ParseError::InvalidIpv4Address => {
            "has a host that ends with a number, but is not an IPv4 address; check the host"
                .to_owned()
        }
        ParseError::InvalidIpv6Address => {
            "has a host that is not an IPv6 address; write it in square brackets, such as [::1]"
                .to_owned()
        }
        ParseError::InvalidDomainCharacter => {
            "has a host with a character that is not allowed there; remove it".to_owned()
        }
        ParseError::IdnaError => {
            "has a host that is not a domain name; check its spelling, or write it in Punycode"
                .to_owned()
        }
        error => format!("is malformed ({error}); it must be a URL such as {example}"),
    }
}
