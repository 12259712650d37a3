//! The fault matrix of `docs/faults.md`, which states what the client must report.
//!
//! Only the table has expectations. This file defines how a server produces each fault, and
//! which parts of its response the client must keep.

use std::fmt::Write as _;

use duvo::Timeout;

use crate::document;
use crate::fault_server::{Connection, Ending, Fault, response};

const DOCUMENTED: &str = include_str!("../../../docs/faults.md");

/// A fault of the table. A row of several statuses is a case for each.
#[derive(Clone)]
pub struct Case {
    pub name: String,
    /// The line of the table.
    pub row: &'static str,
    /// Whether the server acts on a request that it has read.
    pub acts: bool,
    pub kind: &'static str,
    pub delivery: &'static str,
    /// For each policy: the requests that the server received, and the registrations.
    pub counts: [Counts; 3],
    pub definition: Definition,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub requests: u32,
    pub registrations: u32,
}

/// A fault, and what it leaves for the client to keep.
#[derive(Clone)]
pub struct Definition {
    pub name: String,
    pub fault: Fault,
    /// The status that the server sends, if the client can read it.
    pub status: Option<u16>,
    pub request_id: Option<String>,
    /// The body that reaches the client; `None` if that depends on the kernel.
    pub body: Option<Vec<u8>>,
    /// The timeout that ends the attempt, if one does.
    pub timeout: Option<Timeout>,
}

impl Case {
    /// Whether the server acts and then rejects the request, which no client can detect.
    pub fn is_deceptive(&self) -> bool {
        self.name.ends_with(AFTER_ACTING)
    }

    /// Returns the connection that produces the fault.
    pub fn connection(&self) -> Connection {
        Connection {
            fault: self.definition.fault.clone(),
            acts: self.acts,
        }
    }

    /// Returns the row that the table would need, for these observations.
    pub fn row_of(&self, kind: &str, delivery: &str, counts: &[Counts]) -> String {
        let acts = if self.acts { "yes" } else { "no" };
        let mut row = format!("| {} | {acts} | {kind} | {delivery} |", self.name);
        for counts in counts {
            let _ = write!(row, " {} / {} |", counts.requests, counts.registrations);
        }
        row
    }
}

const HEADER: &str =
    "| fault | server acts | kind | delivery | `never` | default | ambiguous too |";
const RETRY_AFTER: &str = ", retry-after";
const TO_ANOTHER_HOST: &str = ", to another host";
const AFTER_ACTING: &str = ", after acting";

/// Returns every case of the table, in its order.
pub fn cases() -> Vec<Case> {
    let definitions = [connection_faults(), body_faults()].concat();
    let (_, table) = DOCUMENTED
        .split_once(HEADER)
        .expect("docs/faults.md has the table, with these columns");
    table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .flat_map(|row| cases_of(row, &definitions))
        .collect()
}

/// Returns the names of the faults that need a row: each connection and body fault, and
/// each status from 300 to 599, with and without `retry-after`.
pub fn required_names() -> Vec<String> {
    let named = [connection_faults(), body_faults()].concat();
    let named = named.into_iter().map(|definition| definition.name);
    let statuses = ["", RETRY_AFTER]
        .into_iter()
        .flat_map(|suffix| (300..=599).map(move |status| format!("{status}{suffix}")));
    named.chain(statuses).collect()
}

fn cases_of(row: &'static str, definitions: &[Definition]) -> Vec<Case> {
    let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
    let [names, acts, kind, delivery, counts @ ..] = &cells[..] else {
        panic!("the row has too few cells: {row}")
    };
    let acts = match *acts {
        "yes" => true,
        "no" => false,
        _ => panic!("`server acts` is neither yes nor no: {row}"),
    };
    let counts: Vec<_> = counts.iter().map(|cell| parse_counts(cell, row)).collect();
    let counts = <[Counts; 3]>::try_from(counts).expect("the row has a cell for each policy");
    let case = |definition: Definition| Case {
        name: definition.name.clone(),
        row,
        acts,
        kind,
        delivery,
        counts,
        definition,
    };
    match definitions
        .iter()
        .find(|definition| definition.name == *names)
    {
        Some(definition) => vec![case(definition.clone())],
        None => status_faults(names, row).into_iter().map(case).collect(),
    }
}

fn parse_counts(cell: &str, row: &str) -> Counts {
    let counts = cell
        .split_once(" / ")
        .and_then(|(requests, registrations)| {
            Some(Counts {
                requests: requests.parse().ok()?,
                registrations: registrations.parse().ok()?,
            })
        });
    counts.unwrap_or_else(|| panic!("`{cell}` is not `requests / registrations`: {row}"))
}

fn connection_faults() -> Vec<Definition> {
    let definition = |name: &str, fault, timeout| Definition {
        name: name.to_owned(),
        fault,
        status: None,
        request_id: None,
        body: None,
        timeout,
    };
    let closes = |name, fault| definition(name, fault, None);
    let stalls = |name, fault| definition(name, fault, Some(Timeout::Attempt));
    let head = b"HTTP/1.1 201 Created\r\ncontent-le".to_vec();
    let within_headers = |ending| Fault::Respond(head.clone(), ending);
    let greeting = Fault::Respond(b"220 ESMTP\r\n\r\n".to_vec(), Ending::Close);
    vec![
        closes("accept, close", Fault::AcceptThenClose),
        closes("accept, reset", Fault::AcceptThenReset),
        stalls("accept, stall", Fault::AcceptThenStall),
        closes("read the request, close", Fault::ReadThenClose),
        closes("read the request, reset", Fault::ReadThenReset),
        stalls("read the request, stall", Fault::ReadThenStall),
        closes("close within the headers", within_headers(Ending::Close)),
        closes("reset within the headers", within_headers(Ending::Reset)),
        stalls("stall within the headers", within_headers(Ending::Stall)),
        closes("response that is not HTTP", greeting),
    ]
}

fn body_faults() -> Vec<Definition> {
    let body = document::response(201, "oauth").to_string();
    let half = &body[..body.len() / 2];
    let definition = |name: &str, status, fault, body: &[u8]| Definition {
        name: name.to_owned(),
        fault,
        status: Some(status),
        request_id: None,
        body: Some(body.to_vec()),
        timeout: None,
    };
    let complete = |name, status, body: &str| {
        let fault = Fault::Respond(response(status, "", body), Ending::Close);
        definition(name, status, fault, body.as_bytes())
    };
    // A response whose `content-length` is not the length of what the server sends.
    let mismatched = |name, length: usize, sent: &str, ending, received: &str| {
        let response = format!("HTTP/1.1 201 Created\r\ncontent-length: {length}\r\n\r\n{sent}");
        let fault = Fault::Respond(response.into_bytes(), ending);
        definition(name, 201, fault, received.as_bytes())
    };
    let interrupted = |name, ending| mismatched(name, body.len(), half, ending, half);
    let (shorter, longer) = (body.len() - 1, body.len() + 9);
    vec![
        interrupted("201, close within the body", Ending::Close),
        Definition {
            // How much of the body survives a reset is up to the kernel.
            body: None,
            ..interrupted("201, reset within the body", Ending::Reset)
        },
        Definition {
            timeout: Some(Timeout::Attempt),
            ..interrupted("201, stall within the body", Ending::Stall)
        },
        mismatched(
            "201, content-length too short",
            shorter,
            &body,
            Ending::Close,
            &body[..shorter],
        ),
        mismatched(
            "201, content-length too long",
            longer,
            &body,
            Ending::Close,
            &body,
        ),
        complete("201, HTML", 201, "<html>Sign in</html>"),
        complete("201, empty", 201, ""),
        complete("200, other JSON", 200, "{\"id\":7}"),
        definition(
            "201, body of 1 GiB",
            201,
            Fault::HugeBody,
            &vec![b' '; 1024 * 1024],
        ),
    ]
}

/// Expands a name such as `400–407, retry-after` into a fault for each status.
fn status_faults(names: &str, row: &str) -> Vec<Definition> {
    let (statuses, suffix) = match names.find(',') {
        Some(end) => names.split_at(end),
        None => (names, ""),
    };
    let (first, last) = statuses.split_once('–').unwrap_or((statuses, statuses));
    let parse = |status: &str| {
        let status = status.parse::<u16>();
        status.unwrap_or_else(|_| panic!("this fault is not defined: {row}"))
    };
    (parse(first)..=parse(last))
        .map(|status| status_fault(status, suffix, row))
        .collect()
}

fn status_fault(status: u16, suffix: &str, row: &str) -> Definition {
    let mut headers = format!("x-request-id: req_{status}\r\n");
    let mut rest = suffix;
    while !rest.is_empty() {
        // Nothing listens at the location: a client that follows would fail to connect.
        let known = [
            (RETRY_AFTER, "retry-after: 0\r\n"),
            (
                TO_ANOTHER_HOST,
                "location: http://127.0.0.2:9/elsewhere\r\n",
            ),
            (AFTER_ACTING, ""),
        ];
        let (part, header) = known
            .into_iter()
            .find(|(part, _)| rest.starts_with(part))
            .unwrap_or_else(|| panic!("`{rest}` is not defined: {row}"));
        headers += header;
        rest = &rest[part.len()..];
    }
    let body = r#"{"error":"Error","message":"words"}"#;
    Definition {
        name: format!("{status}{suffix}"),
        fault: Fault::Respond(response(status, &headers, body), Ending::Close),
        status: Some(status),
        request_id: Some(format!("req_{status}")),
        // In HTTP, a 304 has no body.
        body: Some(if status == 304 {
            Vec::new()
        } else {
            body.into()
        }),
        timeout: None,
    }
}
