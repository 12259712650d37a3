//! Whether a request is as documented. An error is the message of the 400.

use url::Url;

use crate::generated::types::{AuthMethod, CustomIntegrationRequest};
use crate::json::decode_json;
use crate::mock::request::{Request, property, query_parameter};

const MAX_LIMIT: u64 = 100;

/// Decodes the body of a registration.
pub(super) fn parse_registration(request: &Request) -> Result<CustomIntegrationRequest, String> {
    let registration: CustomIntegrationRequest =
        decode_json(request.body()).map_err(|reason| format!("body is invalid: {reason}"))?;
    if Url::parse(&registration.server_url).is_err() {
        return Err("body/server_url must match format \"uri\"".to_owned());
    }
    let has_id = registration.oauth_client_id.is_some();
    let has_secret = registration.oauth_client_secret.is_some();
    if has_id != has_secret {
        return Err(
            "body must have both oauth_client_id and oauth_client_secret, or neither".to_owned(),
        );
    }
    if has_id && registration.auth_method != AuthMethod::Oauth {
        return Err("body/oauth_client_id requires the auth method oauth".to_owned());
    }
    // The type of a secret has no minimum length.
    if property(request, "oauth_client_secret").is_some_and(|secret| secret == "") {
        return Err("body/oauth_client_secret must not be empty".to_owned());
    }
    Ok(registration)
}

/// Parses the type, the limit and the offset of a listing.
pub(super) fn parse_page(request: &Request) -> Result<(Option<&str>, u64, u64), String> {
    let number = |name, default| match query_parameter(request, name) {
        Some(value) => value
            .parse()
            .map_err(|_| format!("querystring/{name} must be an integer")),
        None => Ok(default),
    };
    let (limit, offset) = (number("limit", MAX_LIMIT)?, number("offset", 0)?);
    if !(1..=MAX_LIMIT).contains(&limit) {
        return Err(format!("querystring/limit must be from 1 to {MAX_LIMIT}"));
    }
    Ok((query_parameter(request, "type"), limit, offset))
}
