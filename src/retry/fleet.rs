//! Many clients with one API key, in virtual time.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::SystemTime;

use futures_util::future::join_all;
use tokio::time::{Instant, sleep};

use super::tests::response;
use super::*;

const CLIENTS: usize = 1000;
const LIMIT: usize = 300;
const WINDOW: u64 = 60;
/// The Unix time at which the simulation starts, the start of a window.
const EPOCH: u64 = 1_800_000_000;

/// Duvo's rate limit: 300 requests a minute for one API key.
struct Server {
    windows_since: Instant,
    requests: usize,
    rejected_at: Vec<Duration>,
    accepted_in: HashMap<u64, usize>,
    registrations: HashMap<usize, u32>,
}

impl Server {
    fn request(&mut self, client: usize) -> RawResponse {
        let now = self.windows_since.elapsed();
        self.requests += 1;
        let accepted = self.accepted_in.entry(now.as_secs() / WINDOW).or_default();
        let reset = EPOCH + (now.as_secs() / WINDOW + 1) * WINDOW;
        let date = SystemTime::UNIX_EPOCH + Duration::from_secs(EPOCH + now.as_secs());
        let is_rate_limited = *accepted == LIMIT;
        if is_rate_limited {
            self.rejected_at.push(now);
        } else {
            *accepted += 1;
            *self.registrations.entry(client).or_default() += 1;
        }
        let status = if is_rate_limited { 429 } else { 201 };
        response(
            status,
            &[
                ("date", &httpdate::fmt_http_date(date)),
                ("x-ratelimit-limit", &LIMIT.to_string()),
                ("x-ratelimit-remaining", &(LIMIT - *accepted).to_string()),
                ("x-ratelimit-reset", &reset.to_string()),
            ],
        )
    }
}

/// The requests that all clients sent, and how their calls ended.
struct Run {
    server: Server,
    outcomes: Vec<Outcome>,
    finished_after: Duration,
}

/// Lets every client register once, all at the same instant, `offset` seconds into a
/// rate-limit window.
async fn run(
    offset: u64,
    policy: RetryPolicy,
    timeouts: Timeouts,
    rate_limit_of: impl Fn() -> Rc<RateLimit>,
) -> Run {
    // The jitter is random, but the same in every run.
    fastrand::seed(offset);
    let start = Instant::now();
    let server = RefCell::new(Server {
        windows_since: start - Duration::from_secs(offset),
        requests: 0,
        rejected_at: Vec::new(),
        accepted_in: HashMap::new(),
        registrations: HashMap::new(),
    });
    let calls = (0..CLIENTS).map(|client| {
        let (server, policy, rate_limit) = (&server, &policy, rate_limit_of());
        async move {
            let send = |_, _| async {
                let response = server.borrow_mut().request(client);
                sleep(Duration::from_millis(50)).await;
                Ok(response)
            };
            let call = retry_loop("test", policy, &timeouts, &rate_limit, None, send).await;
            call.outcome
        }
    });
    let outcomes = join_all(calls).await;
    Run {
        server: server.into_inner(),
        outcomes,
        finished_after: start.elapsed(),
    }
}

struct Report {
    requests_per_registration: f64,
    finished_after: Duration,
    most_rejected_in_a_second: usize,
}

/// Runs clients with enough time, so that all of them must succeed.
async fn register_all(offset: u64, rate_limit_of: impl Fn() -> Rc<RateLimit>) -> Report {
    let policy = RetryPolicy::default().with_max_attempts(100);
    let timeouts = Timeouts {
        total: Duration::from_secs(3600),
        ..Timeouts::DEFAULT
    };
    let Run {
        server,
        outcomes,
        finished_after,
    } = run(offset, policy, timeouts, rate_limit_of).await;
    for outcome in outcomes {
        assert_eq!(outcome.ok().unwrap().status, 201, "a client gave up");
    }
    assert_eq!(
        server.registrations.len(),
        CLIENTS,
        "a registration was lost"
    );
    assert!(
        server.registrations.values().all(|times| *times == 1),
        "a client registered twice"
    );
    let mut seconds: HashMap<u64, usize> = HashMap::new();
    for at in &server.rejected_at {
        *seconds.entry(at.as_secs()).or_default() += 1;
    }
    // All clients start in the same second, and none of them knows of the others until the
    // first reset, over at most 5 seconds after it.
    seconds.retain(|second, _| *second > WINDOW + 5);
    #[allow(clippy::cast_precision_loss)]
    let requests_per_registration = server.requests as f64 / CLIENTS as f64;
    Report {
        requests_per_registration,
        finished_after,
        most_rejected_in_a_second: seconds.into_values().max().unwrap_or_default(),
    }
}

/// Runs the clients from several offsets into a window, because the delay that the
/// server requests is shorter towards the end of the window.
async fn assert_no_stampede(
    name: &str,
    max_requests: f64,
    rate_limit_of: impl Fn() -> Box<dyn Fn() -> Rc<RateLimit>>,
) {
    println!(
        "{name}, by offset into the window: requests per registration, time (ratio to the minimum), most rejections in a second"
    );
    for offset in [0, 30, 55, 59] {
        let report = register_all(offset, rate_limit_of()).await;
        let windows = ((CLIENTS - 1) / LIMIT) as u64;
        let min_time = Duration::from_secs(WINDOW * windows - offset);
        let time_ratio = report.finished_after.as_secs_f64() / min_time.as_secs_f64();
        println!(
            "{offset:>4}: {:.2}, {:.0} s ({time_ratio:.2}), {} rejections",
            report.requests_per_registration,
            report.finished_after.as_secs_f64(),
            report.most_rejected_in_a_second,
        );
        assert!(
            report.requests_per_registration <= max_requests,
            "too many requests"
        );
        assert!(time_ratio <= 1.25, "too slow");
        // The 400 clients that the second window rejects would be 400 at once.
        assert!(report.most_rejected_in_a_second <= 120, "a stampede");
    }
}

#[tokio::test(start_paused = true)]
async fn thousand_processes_register_once_each_without_a_stampede() {
    assert_no_stampede("1,000 processes", 3.2, || {
        Box::new(|| Rc::new(RateLimit::default()))
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn thousand_tasks_of_one_client_send_fewer_requests() {
    let shared = || -> Box<dyn Fn() -> Rc<RateLimit>> {
        let shared = Rc::new(RateLimit::default());
        Box::new(move || Rc::clone(&shared))
    };
    assert_no_stampede("1,000 tasks of one client", 1.8, shared).await;
}

#[tokio::test(start_paused = true)]
async fn default_limits_let_clients_give_up_but_leave_no_outcome_unknown() {
    let Run {
        server, outcomes, ..
    } = run(0, RetryPolicy::default(), Timeouts::DEFAULT, Rc::default).await;
    let (registered, rejected): (Vec<_>, Vec<_>) = outcomes
        .into_iter()
        .map(|outcome| outcome.ok().unwrap())
        .partition(|response| response.status == 201);
    // 120 seconds span at most three windows of 300.
    assert!(registered.len() > LIMIT && registered.len() <= 3 * LIMIT);
    assert_eq!(registered.len(), server.registrations.len());
    assert_eq!(registered.len() + rejected.len(), CLIENTS);
    for response in rejected {
        assert_eq!(response.status, 429);
        assert_eq!(response.delivery(), Delivery::Rejected);
    }
}
