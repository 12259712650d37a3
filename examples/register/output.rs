//! Text for a terminal.

use duvo::mock::{Request, Server};
use duvo::{Delivery, Error, ErrorKind, Integration, Response};
use serde_json::json;

use crate::Step;

/// Formats a request to the mock server, with its secrets redacted.
pub(crate) fn format_request(server: &Server, request: &Request) -> String {
    let mut lines = vec![
        "request to the mock server".to_owned(),
        format!("  {} {}{}", request.method(), server.url(), request.path()),
    ];
    for (name, value) in request.headers() {
        let value = if name == "authorization" {
            "Bearer [redacted]"
        } else {
            value.to_str().unwrap_or("[not text]")
        };
        lines.push(format!("  {name}: {value}"));
    }
    let mut body = request.json().clone();
    if let Some(secret) = body.get_mut("oauth_client_secret") {
        *secret = "[redacted]".into();
    }
    lines.push(format!("\n  {body}\n\n"));
    lines.join("\n")
}

pub(crate) fn format_integration(created: &Response<Integration>, server: &str) -> String {
    let mut lines = vec![format!("response from {server}: {}", created.status())];
    let request_id = created.request_id().map(without_control_characters);
    lines.extend(request_id.map(|id| format!("request id: {id}")));
    let id = without_control_characters(&created.id);
    lines.push(format!("\nregistered {id}"));
    for (name, value) in json!(**created).as_object().into_iter().flatten() {
        let value = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let value = without_control_characters(&value);
        lines.push(format!("  {name:<22} {value}"));
    }
    lines.join("\n") + "\n"
}

pub(crate) fn format_error(step: &Step, error: &Error) -> String {
    let mut lines = vec![format!("error: {error}")];
    let status = error.status();
    lines.extend(status.map(|status| format!("  status:     {status}")));
    let message = error
        .api_message()
        .or(error.api_error())
        .or(error.api_code())
        .map(without_control_characters);
    lines.extend(message.map(|message| format!("  message:    {message}")));
    let request_id = error.request_id().map(without_control_characters);
    lines.extend(request_id.map(|id| format!("  request id: {id}")));
    let registered = match error.delivery() {
        _ if matches!(step, Step::Lookup) => "no, the team of the key is not known",
        Delivery::NotSent => "no, the request was not sent",
        Delivery::Rejected => "no, the request was rejected",
        _ => "unknown, the integration may nevertheless exist",
    };
    lines.push(format!("  registered: {registered}"));
    lines.push(format!("  next:       {}", next_step(step, error)));
    lines.join("\n") + "\n"
}

fn next_step(step: &Step, error: &Error) -> String {
    let is_lookup = matches!(step, Step::Lookup);
    let step = match (error.kind(), error.status().map(|status| status.as_u16())) {
        (ErrorKind::Configuration, _) if is_lookup => {
            "pass the identifier of a team with --team, or set DUVO_TEAM"
        }
        (ErrorKind::Configuration | ErrorKind::InvalidRequest, _) => {
            "fix the values named above, then retry"
        }
        (ErrorKind::Connect, _) => "check the network and DUVO_API_BASE_URL, then retry",
        (_, Some(400 | 422)) => "fix what the message names, then retry",
        (_, Some(401)) => "check DUVO_API_KEY; create a new key in the Duvo dashboard",
        (_, Some(403)) => {
            "use the API key of a user with the manager role or above in the team, and check the team"
        }
        (_, Some(404 | 405 | 410)) => "check DUVO_API_BASE_URL and the team; API v1 may have ended",
        (_, Some(409)) => "look at the team's integrations in Duvo; a similar one may exist",
        (_, Some(307 | 308)) => "set DUVO_API_BASE_URL to the new host of the API",
        (_, Some(429 | 503)) if error.delivery() == Delivery::Rejected => {
            let seconds = error.retry_after().map_or(60, |delay| delay.as_secs());
            return format!("wait {seconds} seconds, then retry");
        }
        _ if is_lookup && error.delivery() == Delivery::Unknown => "retry",
        _ if error.delivery() == Delivery::Unknown => {
            "look for the integration in Duvo, and retry only if it is missing"
        }
        _ => "contact Duvo's support, with the request id",
    };
    step.to_owned()
}

/// Replaces control characters, which could drive the terminal.
fn without_control_characters(text: &str) -> String {
    text.replace(char::is_control, " ")
}
