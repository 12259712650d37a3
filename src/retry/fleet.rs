//! Many clients of one API key, in virtual time.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::SystemTime;

use tokio::task::LocalSet;
use tokio::time::{Instant, sleep};

use super::tests::answer;
use super::*;

const CLIENTS: usize = 1000;
const LIMIT: usize = 300;
const WINDOW: u64 = 60;

/// Duvo's rate limit: 300 requests a minute for one API key.
struct Server {
    windows_since: Instant,
    requests: Vec<Duration>,
    accepted_in: HashMap<u64, usize>,
    registrations: HashMap<usize, u32>,
}

impl Server {
    fn request(&mut self, client: usize) -> Received {
        let now = self.windows_since.elapsed();
        self.requests.push(now);
        let accepted = self.accepted_in.entry(now.as_secs() / WINDOW).or_default();
        let reset = (now.as_secs() / WINDOW + 1) * WINDOW;
        let date = SystemTime::UNIX_EPOCH + Duration::from_secs(now.as_secs());
        let of_limit = |remaining: usize| {
            [
                ("date", httpdate::fmt_http_date(date)),
                ("x-ratelimit-remaining", remaining.to_string()),
                ("x-ratelimit-reset", reset.to_string()),
            ]
        };
        if *accepted == LIMIT {
            return answer(429, &of_limit(0));
        }
        *accepted += 1;
        *self.registrations.entry(client).or_default() += 1;
        answer(201, &of_limit(LIMIT - *accepted))
    }
}

struct Report {
    requests_per_registration: f64,
    finished_after: Duration,
    worst_second: usize,
}

/// Has every client register once, all at the same moment, which is `offset`
/// seconds into a window.
async fn register_all(offset: u64, rate_limit_of: impl Fn() -> Rc<RateLimit>) -> Report {
    // The waits are random, but the same in every run of the test.
    fastrand::seed(offset);
    let start = Instant::now();
    let server = Rc::new(RefCell::new(Server {
        windows_since: start - Duration::from_secs(offset),
        requests: Vec::new(),
        accepted_in: HashMap::new(),
        registrations: HashMap::new(),
    }));
    let policy = RetryPolicy::default().with_max_attempts(100);
    let timeouts = Timeouts {
        total: Duration::from_secs(3600),
        ..Timeouts::DEFAULT
    };
    let tasks = LocalSet::new();
    for client in 0..CLIENTS {
        let (server, policy, rate_limit) = (Rc::clone(&server), policy.clone(), rate_limit_of());
        tasks.spawn_local(async move {
            let send = |_, _| async {
                let received = server.borrow_mut().request(client);
                sleep(Duration::from_millis(50)).await;
                Ok(received)
            };
            let (outcome, _) = attempts(&policy, &timeouts, &rate_limit, send).await;
            assert_eq!(outcome.ok().unwrap().status, 201, "a client gave up");
        });
    }
    tasks.await;

    let server = server.borrow();
    assert_eq!(
        server.registrations.len(),
        CLIENTS,
        "a registration is lost"
    );
    assert!(
        server.registrations.values().all(|times| *times == 1),
        "a client registered twice"
    );
    let mut seconds: HashMap<u64, usize> = HashMap::new();
    for at in &server.requests {
        *seconds.entry(at.as_secs()).or_default() += 1;
    }
    // That all begin at once is not the clients' doing.
    seconds.remove(&offset);
    #[allow(clippy::cast_precision_loss)]
    let requests_per_registration = server.requests.len() as f64 / CLIENTS as f64;
    Report {
        requests_per_registration,
        finished_after: start.elapsed(),
        worst_second: seconds.into_values().max().unwrap_or_default(),
    }
}

/// Runs the fleet from several moments of a window, since the wait that a
/// server asks for gets shorter towards its end.
async fn assert_calm(
    name: &str,
    most_requests: f64,
    rate_limit_of: impl Fn() -> Box<dyn Fn() -> Rc<RateLimit>>,
) {
    println!(
        "{name}, from a second of the window: requests a registration, time against the ideal, worst second"
    );
    for offset in [0, 30, 55, 59] {
        let report = register_all(offset, rate_limit_of()).await;
        let windows = ((CLIENTS - 1) / LIMIT) as u64;
        let ideal = Duration::from_secs(WINDOW * windows - offset);
        let against_ideal = report.finished_after.as_secs_f64() / ideal.as_secs_f64();
        println!(
            "{offset:>4}: {:.2}, {:.0} s ({against_ideal:.2}), {} requests",
            report.requests_per_registration,
            report.finished_after.as_secs_f64(),
            report.worst_second,
        );
        assert!(
            report.requests_per_registration <= most_requests,
            "too many requests"
        );
        assert!(against_ideal <= 2.0, "too slow");
        // Everyone who was turned away at once would be 700.
        assert!(report.worst_second <= 120, "a stampede");
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_processes_register_once_each_without_a_stampede() {
    assert_calm("1,000 processes", 3.2, || {
        Box::new(|| Rc::new(RateLimit::default()))
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_thousand_tasks_of_one_client_ask_less_often() {
    let shared = || -> Box<dyn Fn() -> Rc<RateLimit>> {
        let shared = Rc::new(RateLimit::default());
        Box::new(move || Rc::clone(&shared))
    };
    assert_calm("1,000 tasks of one client", 2.5, shared).await;
}

#[tokio::test(start_paused = true)]
async fn under_the_default_limits_some_give_up_but_none_in_doubt() {
    let rate_limit = RateLimit::default();
    let closed = |_, _| async { Ok(answer(429, &[("retry-after", "40".to_owned())])) };
    let (outcome, earlier) = attempts(
        &RetryPolicy::default(),
        &Timeouts::DEFAULT,
        &rate_limit,
        closed,
    )
    .await;
    assert_eq!(outcome.ok().unwrap().delivery(), Delivery::Rejected);
    assert!(
        earlier
            .iter()
            .all(|attempt| attempt.delivery() == Delivery::Rejected)
    );
}
