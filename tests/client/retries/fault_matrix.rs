//! Every fault of the table in `docs/faults.md`, on a real socket, under three policies.
//!
//! The table is the only statement of what the client must do; no test computes it.

use std::collections::HashMap;
use std::time::Duration;

use duvo::{Delivery, Error, Integration, Response, RetryPolicy, Team};
use duvo_test_support::client::{TEAM, builder, policy_without_backoff};
use duvo_test_support::fault_server::{Connection, Ending, Fault, FaultServer, created_response};
use duvo_test_support::fault_table::{self, Case, Counts};
use duvo_test_support::integrations::any_integration;
use duvo_test_support::paused_time::with_paused_time;

const MAX_ATTEMPTS: u32 = 3;

/// The column of the policy that may register more than once, at the caller's wish.
const AMBIGUOUS: usize = 2;

/// Returns the policies, in the order of the columns.
fn policies() -> [RetryPolicy; 3] {
    let default = policy_without_backoff().with_max_attempts(MAX_ATTEMPTS);
    let ambiguous = default.clone().with_retry_ambiguous(true);
    [RetryPolicy::never(), default, ambiguous]
}

/// A server, and a client of it.
struct Harness {
    server: FaultServer,
    team: Team,
}

impl Harness {
    async fn new(policy: RetryPolicy) -> Self {
        let server = FaultServer::start().await;
        let client = builder(&server.url)
            .retry_policy(policy)
            .attempt_timeout(Duration::from_secs(30))
            .total_timeout(Duration::MAX)
            .build()
            .unwrap();
        let team = client.team(TEAM);
        Self { server, team }
    }

    /// Returns a harness for each policy.
    async fn all() -> Vec<Self> {
        let mut harnesses = Vec::new();
        for policy in policies() {
            harnesses.push(Self::new(policy).await);
        }
        harnesses
    }

    async fn register(&self, connections: Vec<Connection>) -> Result<Response<Integration>, Error> {
        self.server.script(connections);
        self.team
            .register_custom_integration(&any_integration())
            .await
    }

    fn counts(&self) -> Counts {
        self.server.stats(|stats| Counts {
            requests: stats.requests,
            registrations: stats.registrations,
        })
    }
}

/// Returns the cells `kind` and `delivery`.
fn cells(result: &Result<Response<Integration>, Error>) -> (String, String) {
    match result {
        Ok(_) => ("success".to_owned(), String::new()),
        Err(error) => (
            format!("`{:?}`", error.kind()),
            format!("`{:?}`", error.delivery()),
        ),
    }
}

#[test]
fn client_matches_the_fault_table() {
    let mut failures = Vec::new();
    with_paused_time(async {
        let harnesses = Harness::all().await;
        for case in fault_table::cases() {
            let mut observed = Vec::new();
            for (policy, harness) in harnesses.iter().enumerate() {
                let result = harness.register(vec![case.connection()]).await;
                let counts = harness.counts();
                if let Some(failure) = broken_promise(&case, policy, &result, counts) {
                    failures.push(failure);
                }
                assert_response_is_kept(&case, &result, counts);
                harness.server.stats(|stats| {
                    let keys = &stats.idempotency_keys;
                    assert!(keys.len() <= 1, "{}: {keys:?}", case.name);
                    let sent = stats.body_bytes_sent;
                    assert!(sent < 64 << 20, "{}: {sent} bytes were read", case.name);
                });
                observed.push((cells(&result), counts));
            }
            failures.extend(difference(&case, &observed));
        }
    });
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Checks a call against two promises of the crate, whatever the table states: by default,
/// an integration is registered at most once; and if the server acted, an error reports
/// `Unknown`. Returns the broken promise.
fn broken_promise(
    case: &Case,
    policy: usize,
    result: &Result<Response<Integration>, Error>,
    counts: Counts,
) -> Option<String> {
    if case.is_deceptive() {
        return None;
    }
    if policy != AMBIGUOUS && counts.registrations > 1 {
        let registrations = counts.registrations;
        return Some(format!(
            "{}: registered {registrations} times although ambiguous failures are not retried",
            case.name
        ));
    }
    let delivery = result.as_ref().err()?.delivery();
    (counts.registrations > 0 && delivery != Delivery::Unknown).then(|| {
        format!(
            "{}: the server acted, but the client reports {delivery:?}",
            case.name
        )
    })
}

/// Returns what to change, in the client or in the table.
fn difference(case: &Case, observed: &[((String, String), Counts)]) -> Option<String> {
    let counts: Vec<_> = observed.iter().map(|(_, counts)| *counts).collect();
    let expected = (case.kind.to_owned(), case.delivery.to_owned());
    let is_expected = observed.iter().all(|(cells, _)| *cells == expected);
    if is_expected && counts == case.counts {
        return None;
    }
    let ((kind, delivery), _) = &observed[0];
    Some(format!(
        "docs/faults.md differs from the client for {}:\n  row:       {}\n  observed:  {observed:?}\n  \
         corrected: {}",
        case.name,
        case.row,
        case.row_of(kind, delivery, &counts)
    ))
}

fn assert_response_is_kept(
    case: &Case,
    result: &Result<Response<Integration>, Error>,
    counts: Counts,
) {
    let (name, definition) = (&case.name, &case.definition);
    let Err(error) = result else { return };
    let status = error.status().map(|status| status.as_u16());
    assert_eq!(status, definition.status, "{name}");
    assert_eq!(error.timeout(), definition.timeout, "{name}");
    if let Some(body) = &definition.body {
        // The lengths first: the bodies are long.
        assert_eq!(error.body().unwrap().len(), body.len(), "{name}");
        assert_eq!(error.body().unwrap(), body, "{name}");
    }
    assert_eq!(status.is_some(), error.headers().is_some(), "{name}");
    assert_eq!(status.is_some(), error.body().is_some(), "{name}");
    let request_id = definition.request_id.as_deref();
    assert_eq!(error.request_id(), request_id, "{name}");
    assert_eq!(error.attempts().len(), counts.requests as usize, "{name}");
    for attempt in error.attempts() {
        assert_eq!(attempt.kind(), error.kind(), "{name}");
        assert_eq!(attempt.delivery(), error.delivery(), "{name}");
        assert_eq!(attempt.request_id(), request_id, "{name}");
    }
}

#[test]
fn retry_after_a_fault_registers_with_the_same_key() {
    with_paused_time(async {
        let harnesses = Harness::all().await;
        let created = || Connection::from(Fault::Respond(created_response(), Ending::Close));
        for case in fault_table::cases() {
            if case.kind == "success" {
                continue;
            }
            for (policy, harness) in harnesses.iter().enumerate() {
                let is_retried = case.counts[policy].requests > 1;
                let result = harness.register(vec![case.connection(), created()]).await;
                assert_eq!(result.is_ok(), is_retried, "{}: {result:?}", case.name);
                let counts = harness.counts();
                assert_eq!(counts.requests, 1 + u32::from(is_retried), "{}", case.name);
                assert!(
                    counts.registrations <= 1 || policy == AMBIGUOUS || case.is_deceptive(),
                    "{}",
                    case.name
                );
                harness.server.stats(|stats| {
                    let keys = &stats.idempotency_keys;
                    assert!(keys.len() <= 1, "{}: {keys:?}", case.name);
                });
            }
        }
    });
}

#[test]
fn fault_table_has_each_fault_and_status_once() {
    let mut rows: HashMap<String, usize> = HashMap::new();
    for case in fault_table::cases() {
        *rows.entry(case.name).or_default() += 1;
    }
    for name in fault_table::required_names() {
        assert!(
            rows.contains_key(&name),
            "docs/faults.md has no row for {name}"
        );
    }
    rows.retain(|_, rows| *rows > 1);
    assert!(rows.is_empty(), "docs/faults.md repeats {rows:?}");
}
