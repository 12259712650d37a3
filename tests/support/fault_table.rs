//! Every fault, and what must come of it.

use duvo::{Delivery, ErrorKind, Timeout};

use super::document;
use super::fault::{Ending, Fault, answer};

/// What may have happened after one of these faults, and to what answer.
#[derive(Clone)]
pub struct Row {
    pub name: String,
    pub fault: Fault,
    pub kind: Option<ErrorKind>,
    pub delivery: Delivery,
    pub status: Option<u16>,
    pub timeout: Option<Timeout>,
    /// How much of the body is kept, if there is an answer.
    pub kept: Option<Vec<u8>>,
    pub request_id: Option<String>,
    pub retried_by: RetriedBy,
}

#[derive(Clone, Copy, PartialEq)]
pub enum RetriedBy {
    Default,
    Ambiguous,
    Nobody,
}

pub fn connection_rows() -> Vec<Row> {
    let row = |name: &str, fault, timeout| Row {
        name: name.to_owned(),
        fault,
        kind: Some(if timeout {
            ErrorKind::Timeout
        } else {
            ErrorKind::Network
        }),
        delivery: Delivery::Unknown,
        status: None,
        timeout: timeout.then_some(Timeout::Attempt),
        request_id: None,
        kept: None,
        retried_by: RetriedBy::Ambiguous,
    };
    let head = b"HTTP/1.1 201 Created\r\ncontent-le".to_vec();
    vec![
        row("accept, close", Fault::CloseAtOnce, false),
        row("accept, reset", Fault::ResetAtOnce, false),
        row("accept, stall", Fault::StallAtOnce, true),
        row("read the request, close", Fault::ReadThenClose, false),
        row("read the request, reset", Fault::ReadThenReset, false),
        row("read the request, stall", Fault::ReadThenStall, true),
        row(
            "close within the headers",
            Fault::Answer(head.clone(), Ending::Close),
            false,
        ),
        row(
            "reset within the headers",
            Fault::Answer(head.clone(), Ending::Reset),
            false,
        ),
        row(
            "stall within the headers",
            Fault::Answer(head, Ending::Stall),
            true,
        ),
        row(
            "answer what is not HTTP",
            Fault::Answer(b"220 ESMTP\r\n\r\n".to_vec(), Ending::Close),
            false,
        ),
    ]
}

pub fn body_rows() -> Vec<Row> {
    let body = document::answer(201, "oauth").to_string();
    let half = &body[..body.len() / 2];
    let cut = |length: usize, part: &str| {
        format!("HTTP/1.1 201 Created\r\ncontent-length: {length}\r\n\r\n{part}").into_bytes()
    };
    let row = |name: &str, status, fault, kept: &[u8]| Row {
        name: name.to_owned(),
        fault,
        kind: Some(ErrorKind::UnreadableResponse),
        delivery: Delivery::Unknown,
        status: Some(status),
        timeout: None,
        request_id: None,
        kept: Some(kept.to_vec()),
        retried_by: RetriedBy::Nobody,
    };
    let whole = |name, status, body: &str| {
        row(
            name,
            status,
            Fault::Answer(answer(status, "", body), Ending::Close),
            body.as_bytes(),
        )
    };
    let partly = |name, ending| {
        row(
            name,
            201,
            Fault::Answer(cut(body.len(), half), ending),
            half.as_bytes(),
        )
    };
    let one_less = &body[..body.len() - 1];
    vec![
        partly("201, close within the body", Ending::Close),
        Row {
            // What a reset leaves of bytes that were sent is for the kernel.
            kept: None,
            ..partly("201, reset within the body", Ending::Reset)
        },
        Row {
            timeout: Some(Timeout::Attempt),
            ..partly("201, stall within the body", Ending::Stall)
        },
        row(
            "201, content-length too short",
            201,
            Fault::Answer(cut(body.len() - 1, &body), Ending::Close),
            one_less.as_bytes(),
        ),
        Row {
            kind: None,
            ..row(
                "201, content-length too long",
                201,
                Fault::Answer(cut(body.len() + 9, &body), Ending::Close),
                b"",
            )
        },
        whole("201, HTML", 201, "<html>Sign in</html>"),
        whole("201, empty", 201, ""),
        whole("200, another JSON", 200, "{\"id\":7}"),
        Row {
            kept: Some(vec![b' '; 1024 * 1024]),
            ..row("201, body of 1 GiB", 201, Fault::EndlessBody, b"")
        },
    ]
}

pub fn status_rows() -> Vec<Row> {
    let row = |status: u16, headers: &str, suffix: &str| {
        let body = r#"{"error":"Error","message":"words"}"#;
        let is_rejected = match status {
            408 => false,
            307 | 308 | 400..=499 => true,
            503 => !headers.is_empty(),
            _ => false,
        };
        let retried_by = match status {
            429 => RetriedBy::Default,
            503 if is_rejected => RetriedBy::Default,
            408 | 502 | 503 | 504 => RetriedBy::Ambiguous,
            _ => RetriedBy::Nobody,
        };
        Row {
            name: format!("{status}{suffix}"),
            fault: Fault::Answer(
                answer(
                    status,
                    &format!("x-request-id: req_{status}\r\n{headers}"),
                    body,
                ),
                Ending::Close,
            ),
            kind: Some(ErrorKind::Status),
            delivery: if is_rejected {
                Delivery::Rejected
            } else {
                Delivery::Unknown
            },
            status: Some(status),
            timeout: None,
            request_id: Some(format!("req_{status}")),
            // HTTP gives a 304 no body.
            kept: Some(if status == 304 {
                Vec::new()
            } else {
                body.into()
            }),
            retried_by,
        }
    };
    let plain = (300..=599).map(|status| row(status, "", ""));
    let later = (300..=599).map(|status| row(status, "retry-after: 0\r\n", ", retry-after"));
    let elsewhere = [301, 302, 303, 307, 308].map(|status| {
        // Nothing of the test listens there; a client that follows would fail to connect.
        row(
            status,
            "location: http://127.0.0.2:9/elsewhere\r\n",
            ", to another host",
        )
    });
    plain.chain(later).chain(elsewhere).collect()
}
