//! Every fault of a server and a network, under every policy. What comes of
//! each is in `docs/faults.md`, which this test keeps.

mod support;

use std::fmt::Write as _;
use std::time::Duration;

use duvo::{Client, Delivery, Error, ErrorKind, Integration, Response, RetryPolicy, Timeout};
use support::fault::{Ending, Fault, FaultServer, in_still_time, registered};
use support::fault_table::{RetriedBy, Row, body_rows, connection_rows, status_rows};
use support::{any_integration, socket};

const ATTEMPTS: u32 = 3;
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);

#[derive(Clone, Copy, PartialEq)]
enum Policy {
    Default,
    Ambiguous,
    Never,
}

const POLICIES: [Policy; 3] = [Policy::Never, Policy::Default, Policy::Ambiguous];

impl Policy {
    fn retry_policy(self) -> RetryPolicy {
        // Without backoff, nothing waits but for a server that stalls.
        let policy = RetryPolicy::default()
            .with_max_attempts(ATTEMPTS)
            .with_backoff(Duration::ZERO, Duration::ZERO);
        match self {
            Self::Never => RetryPolicy::never(),
            Self::Default => policy,
            Self::Ambiguous => policy.with_retry_ambiguous(true),
        }
    }

    fn attempts(self, retried_by: RetriedBy) -> u32 {
        let retries = match retried_by {
            RetriedBy::Default => self != Self::Never,
            RetriedBy::Ambiguous => self == Self::Ambiguous,
            RetriedBy::Nobody => false,
        };
        if retries { ATTEMPTS } else { 1 }
    }
}

/// A server, and a client of it.
struct Pair {
    server: FaultServer,
    client: Client,
    policy: Policy,
}

impl Pair {
    async fn new(policy: Policy) -> Self {
        let server = FaultServer::start().await;
        let client = client(&server.url, policy);
        Self {
            server,
            client,
            policy,
        }
    }

    async fn register(&self, faults: &[Fault]) -> Result<Response<Integration>, Error> {
        self.server.script(faults);
        self.client
            .register_custom_integration_v1(&any_integration())
            .await
    }
}

fn client(base_url: &str, policy: Policy) -> Client {
    support::builder(base_url)
        .retry_policy(policy.retry_policy())
        .attempt_timeout(ATTEMPT_TIMEOUT)
        .total_timeout(Duration::MAX)
        .build()
        .unwrap()
}

fn assert_row(row: &Row, policy: Policy, result: &Result<Response<Integration>, Error>) {
    let name = &row.name;
    let Some(kind) = row.kind else {
        assert!(result.is_ok(), "{name}: {result:?}");
        return;
    };
    let error = result.as_ref().expect_err(name);
    assert_eq!(error.kind(), kind, "{name}: {error:?}");
    assert_eq!(error.delivery(), row.delivery, "{name}");
    assert_eq!(
        error.status().map(|status| status.as_u16()),
        row.status,
        "{name}"
    );
    assert_eq!(error.timeout(), row.timeout, "{name}");
    if let Some(kept) = &row.kept {
        assert_eq!(error.body().unwrap().len(), kept.len(), "{name}");
        assert_eq!(error.body().unwrap(), kept, "{name}");
    }
    assert_eq!(
        error.status().is_some(),
        error.headers().is_some(),
        "{name}"
    );
    assert_eq!(error.status().is_some(), error.body().is_some(), "{name}");
    assert_eq!(error.request_id(), row.request_id.as_deref(), "{name}");
    let attempts = policy.attempts(row.retried_by);
    assert_eq!(
        error.attempts().len(),
        attempts as usize,
        "{name}: {error:?}"
    );
    for attempt in error.attempts() {
        assert_eq!(attempt.kind(), kind, "{name}");
        assert_eq!(attempt.delivery(), row.delivery, "{name}");
        assert_eq!(attempt.request_id(), row.request_id.as_deref(), "{name}");
    }
}

/// The columns of the table that a fault leads to.
fn outcome(row: &Row, cells: &[(u32, u32)]) -> String {
    let kind = row.kind.map_or_else(
        || "none: it is registered".to_owned(),
        |kind| format!("`{kind:?}`"),
    );
    let delivery = row
        .kind
        .map_or_else(String::new, |_| format!("`{:?}`", row.delivery));
    let cells = cells
        .iter()
        .map(|(requests, effects)| format!(" {requests} / {effects} |"));
    format!(" {kind} | {delivery} |{}", cells.collect::<String>())
}

#[test]
fn every_fault_is_told_as_it_is_and_nothing_is_registered_twice_by_default() {
    let table = in_still_time(async {
        let pairs = [
            Pair::new(Policy::Never).await,
            Pair::new(Policy::Default).await,
            Pair::new(Policy::Ambiguous).await,
        ];
        let mut lines: Vec<(String, String)> = Vec::new();
        for row in connection_rows()
            .into_iter()
            .chain(body_rows())
            .chain(status_rows())
        {
            let mut cells = Vec::new();
            for pair in &pairs {
                let policy = pair.policy;
                let result = pair.register(std::slice::from_ref(&row.fault)).await;
                assert_row(&row, policy, &result);
                let (requests, effects) = pair.server.seen(|seen| {
                    assert!(seen.keys.len() <= 1, "{}: one call has one key", row.name);
                    assert!(
                        seen.bytes_sent < 64 * 1024 * 1024,
                        "{}: the client stops reading",
                        row.name
                    );
                    (seen.requests, seen.effects)
                });
                assert_eq!(requests, policy.attempts(row.retried_by), "{}", row.name);
                if policy != Policy::Ambiguous {
                    assert!(effects <= 1, "{} took effect {effects} times", row.name);
                }
                cells.push((requests, effects));
            }
            lines.push((row.name.clone(), outcome(&row, &cells)));
        }
        table(&lines)
    });
    println!("{table}");
    let documented = include_str!("../docs/faults.md");
    assert!(
        documented.contains(&table),
        "docs/faults.md does not have this table; put it there:\n\n{table}"
    );
}

/// One line for each run of statuses that come to the same.
fn table(rows: &[(String, String)]) -> String {
    let mut table = String::from(
        "| fault | kind | delivery | `never` | default | ambiguous too |\n|---|---|---|---|---|---|\n",
    );
    let mut rest = rows;
    while let Some((name, outcome)) = rest.first() {
        let is_alike = |other: &(String, String)| {
            other.1 == *outcome
                && is_status(name)
                && is_status(&other.0)
                && suffix(&other.0) == suffix(name)
        };
        let run = rest
            .iter()
            .take_while(|other| is_alike(other))
            .count()
            .max(1);
        let (last, _) = &rest[run - 1];
        let name = if run > 1 {
            format!("{}–{last}", name.split(',').next().unwrap())
        } else {
            name.clone()
        };
        let _ = writeln!(table, "| {name} |{outcome}");
        rest = &rest[run..];
    }
    table
}

fn is_status(name: &str) -> bool {
    name.get(..3)
        .is_some_and(|status| status.parse::<u16>().is_ok())
        && !name.starts_with("20")
}

fn suffix(name: &str) -> Option<&str> {
    name.split_once(',').map(|(_, suffix)| suffix)
}

#[test]
fn a_refused_connection_is_tried_again() {
    for policy in POLICIES {
        let error = in_still_time(async {
            let client = client(&socket::refusing().await, policy);
            support::error_of(&client).await
        });
        assert_eq!(error.kind(), ErrorKind::Connect);
        assert_eq!(error.delivery(), Delivery::NotSent);
        assert_eq!(
            error.attempts().len(),
            policy.attempts(RetriedBy::Default) as usize
        );
    }
}

#[test]
fn after_a_fault_that_is_retried_the_next_attempt_registers_with_the_same_key() {
    in_still_time(async {
        for policy in POLICIES {
            let pair = Pair::new(policy).await;
            for row in connection_rows().into_iter().chain(status_rows()) {
                let attempts = policy.attempts(row.retried_by).min(2);
                let result = pair
                    .register(&[row.fault, Fault::Answer(registered(), Ending::Close)])
                    .await;
                assert_eq!(result.is_ok(), attempts == 2, "{}: {result:?}", row.name);
                pair.server.seen(|seen| {
                    assert_eq!(seen.requests, attempts, "{}", row.name);
                    assert!(seen.keys.len() <= 1, "{}", row.name);
                    assert!(
                        policy == Policy::Ambiguous || seen.effects <= 1,
                        "{}",
                        row.name
                    );
                });
            }
        }
    });
}

#[test]
fn the_total_timeout_ends_a_call_within_an_attempt() {
    let error = in_still_time(async {
        let server = FaultServer::start().await;
        server.script(&[Fault::ReadThenStall]);
        let client = support::builder(&server.url)
            .attempt_timeout(ATTEMPT_TIMEOUT)
            .total_timeout(ATTEMPT_TIMEOUT / 2)
            .build()
            .unwrap();
        support::error_of(&client).await
    });
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.timeout(), Some(Timeout::Total));
    assert!(
        error
            .to_string()
            .ends_with("did not answer within the total timeout of 15s"),
        "{error}"
    );
}

/// Resolves no host name, ever.
struct NoAnswer;

impl reqwest::dns::Resolve for NoAnswer {
    fn resolve(&self, _: reqwest::dns::Name) -> reqwest::dns::Resolving {
        Box::pin(std::future::pending())
    }
}

fn without_answer(connect: u64, attempt: u64, total: u64) -> duvo::ClientBuilder {
    support::builder("http://localhost:9")
        .reqwest_client_builder(reqwest::Client::builder().no_proxy().dns_resolver(NoAnswer))
        .connect_timeout(Duration::from_secs(connect))
        .attempt_timeout(Duration::from_secs(attempt))
        .total_timeout(Duration::from_secs(total))
}

fn assert_not_connected(error: &Error) {
    assert_eq!(error.kind(), ErrorKind::Connect, "{error:?}");
    assert_eq!(error.timeout(), Some(Timeout::Connect));
    assert_eq!(error.delivery(), Delivery::NotSent);
}

#[tokio::test(start_paused = true)]
async fn the_connect_timeout_ends_an_attempt_that_sent_nothing() {
    for (connect, attempt, total, ends_after) in
        [(10, 30, 120, "10s"), (10, 6, 120, "3s"), (10, 30, 4, "2s")]
    {
        let start = tokio::time::Instant::now();
        let client = without_answer(connect, attempt, total)
            .retry_policy(RetryPolicy::never())
            .build()
            .unwrap();
        assert_not_connected(&support::error_of(&client).await);
        assert_eq!(
            format!("{:?}", Duration::from_secs(start.elapsed().as_secs())),
            ends_after
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_never_connects_sent_nothing_however_it_is_tried() {
    for (total, attempts) in [(1, 1), (10, 1), (30, 2), (40, 3), (120, 4)] {
        let start = tokio::time::Instant::now();
        let client = without_answer(10, 30, total)
            .retry_policy(RetryPolicy::default().with_backoff(Duration::ZERO, Duration::ZERO))
            .build()
            .unwrap();
        let error = support::error_of(&client).await;
        assert_not_connected(&error);
        assert_eq!(error.attempts().len(), attempts, "{total}");
        assert!(start.elapsed() <= Duration::from_secs(total));
    }
}
