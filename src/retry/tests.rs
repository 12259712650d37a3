//! Delays and attempts, in virtual time.

use std::cell::RefCell;
use std::future::ready;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::*;
use crate::outcome::BodyEnd;

const SECOND: Duration = Duration::from_secs(1);
const CREATED: (u16, &[(&str, &str)]) = (201, &[]);

/// 20 seconds before the Unix time 1699335136.
const DATE: (&str, &str) = ("date", "Tue, 07 Nov 2023 05:31:56 GMT");

type Reply<'a> = (u16, &'a [(&'a str, &'a str)]);

pub(super) fn response(status: u16, headers: &[(&str, &str)]) -> RawResponse {
    let header = |(name, value): &(&str, &str)| {
        let name: http::HeaderName = name.parse().unwrap();
        (name, value.parse().unwrap())
    };
    RawResponse {
        status: StatusCode::from_u16(status).unwrap(),
        headers: headers.iter().map(header).collect::<HeaderMap>(),
        body: Bytes::new(),
        end: BodyEnd::Complete,
    }
}

/// Updates the state from a response to a request that was sent just before.
fn update(rate_limit: &RateLimit, (status, headers): Reply<'_>) {
    let response = response(status, headers);
    let mut permit = rate_limit.permit();
    permit.record(&response, 60 * SECOND);
}

/// When a call sent its requests, and its result.
struct CallRecord {
    sent_at: Vec<Duration>,
    result: CallResult,
}

impl CallRecord {
    fn delays(&self) -> Vec<Duration> {
        let failed = self.result.failed_attempts.iter();
        failed.filter_map(Attempt::wait).collect()
    }

    fn status(&self) -> u16 {
        self.result.outcome.as_ref().ok().unwrap().status.as_u16()
    }
}

/// A client in virtual time, with a server that replies in sequence; the last reply is
/// repeated.
struct Harness {
    policy: RetryPolicy,
    total: Duration,
    rate_limit: RateLimit,
}

impl Default for Harness {
    fn default() -> Self {
        Self {
            policy: RetryPolicy::default(),
            total: 600 * SECOND,
            rate_limit: RateLimit::default(),
        }
    }
}

impl Harness {
    fn with_policy(policy: RetryPolicy) -> Self {
        Self {
            policy,
            ..Self::default()
        }
    }

    fn with_total_timeout(total: Duration) -> Self {
        Self {
            total,
            ..Self::default()
        }
    }

    async fn call(&self, replies: &[Reply<'_>]) -> CallRecord {
        self.call_with(|n| {
            let (status, headers) = replies[n.min(replies.len() - 1)];
            response(status, headers)
        })
        .await
    }

    /// Calls a server with a custom reply to the n-th request, counted from 0.
    async fn call_with(&self, reply: impl Fn(usize) -> RawResponse) -> CallRecord {
        let start = Instant::now();
        let sent_at = RefCell::new(Vec::new());
        let timeouts = Timeouts {
            total: self.total,
            ..Timeouts::DEFAULT
        };
        let send = |_, failed_attempts| {
            sent_at.borrow_mut().push(start.elapsed());
            ready(Ok(reply(failed_attempts)))
        };
        let result = retry_loop(
            "test",
            &self.policy,
            &timeouts,
            &self.rate_limit,
            None,
            send,
        )
        .await;
        CallRecord {
            sent_at: sent_at.into_inner(),
            result,
        }
    }
}

/// Makes a call whose first attempt is rate-limited.
async fn rate_limited_once(headers: &[(&str, &str)]) -> CallRecord {
    Harness::default().call(&[(429, headers), CREATED]).await
}

fn assert_waited(call: &CallRecord, at_least: u32, at_most: u32) {
    let [delay] = call.delays()[..] else {
        panic!("{:?}", call.delays())
    };
    assert!(
        at_least * SECOND <= delay && delay <= at_most * SECOND,
        "{delay:?}"
    );
    assert_eq!(call.sent_at.len(), 2);
    assert!(
        call.sent_at[1] >= delay && call.sent_at[1] < delay + Duration::from_millis(2),
        "{:?}",
        call.sent_at
    );
    assert_eq!(call.status(), 201);
}

#[tokio::test(start_paused = true)]
async fn success_is_sent_once_and_immediately() {
    let call = Harness::default().call(&[CREATED]).await;
    assert_eq!(call.sent_at, [Duration::ZERO]);
    assert!(call.result.failed_attempts.is_empty());
}

#[tokio::test(start_paused = true)]
async fn waits_for_retry_after_and_at_most_a_tenth_or_five_seconds_longer() {
    for (retry_after, at_least, at_most) in [("10", 10, 11), ("60", 60, 65)] {
        let mut longest = Duration::ZERO;
        for _ in 0..50 {
            let call = rate_limited_once(&[("retry-after", retry_after)]).await;
            assert_waited(&call, at_least, at_most);
            longest = longest.max(call.delays()[0]);
        }
        assert!(longest > at_least * SECOND, "there is no jitter");
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_date_is_relative_to_the_date_of_the_response() {
    let headers = [DATE, ("retry-after", "Tue, 07 Nov 2023 05:32:06 GMT")];
    assert_waited(&rate_limited_once(&headers).await, 10, 11);
}

#[tokio::test(start_paused = true)]
async fn waits_for_x_ratelimit_reset_unless_retry_after_is_valid() {
    let reset = ("x-ratelimit-reset", "1699335136");
    let call = rate_limited_once(&[DATE, reset]).await;
    assert_waited(&call, 20, 22);
    let call = rate_limited_once(&[DATE, reset, ("retry-after", "5")]).await;
    assert_waited(&call, 5, 6);
    let call = rate_limited_once(&[DATE, reset, ("retry-after", "soon")]).await;
    assert_waited(&call, 20, 22);
}

#[tokio::test(start_paused = true)]
async fn past_or_invalid_delay_falls_back_to_the_backoff() {
    for headers in [
        &[("retry-after", "0")][..],
        &[DATE, ("retry-after", "Tue, 07 Nov 2023 05:31:00 GMT")],
        &[DATE, ("x-ratelimit-reset", "1699335000")],
        &[("x-ratelimit-reset", "0")],
        &[("retry-after", "-1")],
        &[("retry-after", "")],
        &[("retry-after", ".")],
        &[("retry-after", "1e1")],
        &[("retry-after", "inf")],
        &[("x-ratelimit-reset", "-5")],
        &[("x-ratelimit-reset", "99999999999999999999999999")],
        &[],
    ] {
        assert_waited(&rate_limited_once(headers).await, 0, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn backoff_doubles_up_to_its_maximum_with_full_jitter() {
    let policy = RetryPolicy::default()
        .with_max_attempts(6)
        .with_backoff(SECOND, 5 * SECOND);
    let mut sums = [Duration::ZERO; 5];
    for _ in 0..400 {
        let harness = Harness::with_policy(policy.clone());
        let delays = harness.call(&[(429, &[])]).await.delays();
        for ((delay, max), sum) in delays.into_iter().zip([1, 2, 4, 5, 5]).zip(&mut sums) {
            assert!(delay <= max * SECOND, "{delay:?}");
            *sum += delay;
        }
    }
    for (sum, max) in sums.into_iter().zip([1.0, 2.0, 4.0, 5.0, 5.0]) {
        let mean = sum.as_secs_f64() / 400.0 / max;
        assert!(
            (0.3..0.7).contains(&mean),
            "the mean is {mean} of the backoff"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn attempts_are_limited_and_listed() {
    let harness = Harness::with_policy(RetryPolicy::default().with_max_attempts(3));
    let headers = [("retry-after", "1"), ("x-request-id", "req_1")];
    let call = harness.call(&[(503, &headers)]).await;
    assert_eq!(call.sent_at.len(), 3);
    assert_eq!(call.result.failed_attempts.len(), 2);
    for attempt in &call.result.failed_attempts {
        assert_eq!(attempt.status().unwrap(), 503);
        assert_eq!(attempt.request_id(), Some("req_1"));
        assert_eq!(attempt.kind(), ErrorKind::Status);
        assert_eq!(attempt.delivery(), Delivery::Rejected);
        assert!(attempt.wait().unwrap() >= SECOND);
    }
}

#[tokio::test(start_paused = true)]
async fn never_and_zero_attempts_make_one_attempt() {
    for policy in [
        RetryPolicy::never(),
        RetryPolicy::default().with_max_attempts(0),
    ] {
        let call = Harness::with_policy(policy).call(&[(429, &[])]).await;
        assert_eq!(call.sent_at.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn fails_immediately_above_the_maximum_retry_after() {
    for (retry_after, attempts) in [("60", 2), ("61", 1), ("18446744073709551615", 1)] {
        let call = rate_limited_once(&[("retry-after", retry_after)]).await;
        assert_eq!(call.sent_at.len(), attempts, "{retry_after}");
        assert_eq!(call.sent_at[0], Duration::ZERO);
    }
    let policy = RetryPolicy::default().with_max_retry_after(61 * SECOND);
    let replies = [(429, &[("retry-after", "61")][..]), CREATED];
    let call = Harness::with_policy(policy).call(&replies).await;
    assert_eq!(call.status(), 201);
}

#[tokio::test(start_paused = true)]
async fn fails_immediately_if_the_delay_exceeds_the_total_timeout() {
    let start = Instant::now();
    let harness = Harness::with_total_timeout(10 * SECOND);
    let call = harness.call(&[(429, &[("retry-after", "10")])]).await;
    assert_eq!(call.sent_at.len(), 1);
    assert_eq!(start.elapsed(), Duration::ZERO);

    // A backoff of up to 100 seconds rarely fits into 10.
    let policy = RetryPolicy::default()
        .with_backoff(100 * SECOND, 100 * SECOND)
        .with_max_attempts(100);
    let harness = Harness {
        policy,
        ..Harness::with_total_timeout(10 * SECOND)
    };
    for _ in 0..20 {
        let start = Instant::now();
        harness.call(&[(429, &[])]).await;
        assert!(start.elapsed() <= 10 * SECOND);
    }
}

#[tokio::test(start_paused = true)]
async fn jitter_leaves_time_for_the_request() {
    let harness = Harness::with_total_timeout(12 * SECOND);
    for _ in 0..50 {
        let replies = [(429, &[("retry-after", "10")][..]), CREATED];
        assert_waited(&harness.call(&replies).await, 10, 11);
    }
    let call = harness
        .call(&[(429, &[("retry-after", "11")]), CREATED])
        .await;
    assert_waited(&call, 11, 11);
}

#[tokio::test(start_paused = true)]
async fn delay_leaves_one_second_for_the_request() {
    let harness = Harness::with_total_timeout(10 * SECOND);
    for (retry_after, attempts) in [("8", 2), ("9", 2), ("10", 1)] {
        let headers = [("retry-after", retry_after)];
        let call = harness.call(&[(503, &headers), CREATED]).await;
        assert_eq!(call.sent_at.len(), attempts, "{retry_after}");
        let latest = 9 * SECOND + Duration::from_millis(2);
        assert!(
            call.sent_at.iter().all(|at| *at <= latest),
            "{:?}",
            call.sent_at
        );
    }
}

#[tokio::test(start_paused = true)]
async fn jitter_grows_with_each_rejection_after_a_full_wait() {
    let harness = Harness::with_policy(RetryPolicy::default().with_max_attempts(6));
    let mut longest = [Duration::ZERO; 5];
    for _ in 0..200 {
        let call = harness.call(&[(429, &[("retry-after", "1")])]).await;
        for (delay, longest) in call.delays().into_iter().zip(&mut longest) {
            assert!(delay >= SECOND);
            *longest = delay.max(*longest);
        }
    }
    let limits = [
        (1.0, 1.1),
        (9.0, 11.0),
        (17.0, 21.0),
        (33.0, 41.0),
        (50.0, 61.0),
    ];
    for (longest, (at_least, at_most)) in longest.into_iter().zip(limits) {
        let longest = longest.as_secs_f64();
        assert!(at_least < longest && longest <= at_most, "{longest}");
    }
}

#[tokio::test(start_paused = true)]
async fn reads_every_form_of_x_ratelimit_reset() {
    for (reset, at_least, at_most) in [
        ("1699335136", 20, 22),
        ("1699335136.0", 20, 22),
        ("1699335136000", 20, 22),
        ("Tue, 07 Nov 2023 05:32:16 GMT", 20, 22),
        ("20", 20, 22),
        ("19.5", 19, 22),
    ] {
        let reset = ("x-ratelimit-reset", reset);
        let call = rate_limited_once(&[DATE, reset]).await;
        assert_waited(&call, at_least, at_most);

        let harness = Harness::default();
        let exhausted = [DATE, ("x-ratelimit-remaining", "0"), reset];
        update(&harness.rate_limit, (201, &exhausted));
        let call = harness.call(&[CREATED]).await;
        assert!(call.sent_at[0] >= at_least * SECOND, "{reset:?}");
        assert!(call.sent_at[0] <= at_most * SECOND, "{reset:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn reports_why_a_call_is_not_retried() {
    let rejected = |seconds| (429, [("retry-after", seconds)]);
    for (harness, (status, headers), attempts, gave_up) in [
        (
            Harness::default(),
            rejected("1"),
            4,
            Some(GaveUp::AttemptsExhausted { max_attempts: 4 }),
        ),
        (
            Harness::with_policy(RetryPolicy::never()),
            rejected("1"),
            1,
            Some(GaveUp::AttemptsExhausted { max_attempts: 1 }),
        ),
        (
            Harness::default(),
            rejected("61"),
            1,
            Some(GaveUp::RetryAfterTooLong {
                retry_after: 61 * SECOND,
                max: 60 * SECOND,
            }),
        ),
        (
            Harness::with_total_timeout(20 * SECOND),
            rejected("30"),
            1,
            Some(GaveUp::NotEnoughTime {
                retry_after: Some(30 * SECOND),
                remaining: 20 * SECOND,
            }),
        ),
        (Harness::default(), (403, [("retry-after", "1")]), 1, None),
    ] {
        let call = harness.call(&[(status, &headers)]).await;
        assert_eq!(call.sent_at.len(), attempts);
        assert_eq!(call.result.gave_up, gave_up);
    }
}

#[tokio::test(start_paused = true)]
async fn attempt_timeout_starts_after_the_delay() {
    let rate_limit = RateLimit::default();
    update(&rate_limit, (429, &[("retry-after", "30")]));
    let remaining = RefCell::new(Vec::new());
    let send = |deadline: Deadline, _| {
        remaining.borrow_mut().push(deadline.remaining());
        ready(Ok(response(503, &[("retry-after", "20")])))
    };
    let timeouts = Timeouts {
        total: 600 * SECOND,
        ..Timeouts::DEFAULT
    };
    let policy = RetryPolicy::default().with_max_attempts(3);
    let _ = retry_loop("test", &policy, &timeouts, &rate_limit, None, send).await;
    assert_eq!(remaining.into_inner(), [Timeouts::DEFAULT.attempt; 3]);
}

#[tokio::test(start_paused = true)]
async fn calls_wait_while_the_rate_limit_is_exhausted() {
    let harness = Harness::default();
    for exhausted in [
        (429, &[("retry-after", "30")][..]),
        (
            201,
            &[
                DATE,
                ("x-ratelimit-remaining", "0"),
                ("x-ratelimit-reset", "1699335146"),
            ],
        ),
    ] {
        update(&harness.rate_limit, exhausted);
        let call = harness.call(&[CREATED]).await;
        let [sent_at] = call.sent_at[..] else {
            panic!("{:?}", call.sent_at)
        };
        assert!(
            (30 * SECOND..=33 * SECOND).contains(&sent_at),
            "{sent_at:?}"
        );
        let call = harness.call(&[CREATED]).await;
        assert_eq!(call.sent_at, [Duration::ZERO], "the limit has reset");
    }
}

#[tokio::test(start_paused = true)]
async fn rate_limit_that_outlasts_the_call_is_ignored() {
    let harness = Harness::with_total_timeout(20 * SECOND);
    update(&harness.rate_limit, (429, &[("retry-after", "30")]));
    let call = harness.call(&[CREATED]).await;
    assert_eq!(call.sent_at, [Duration::ZERO]);
}

#[tokio::test(start_paused = true)]
async fn remaining_requests_do_not_exhaust_the_rate_limit() {
    let harness = Harness::default();
    let headers = [
        ("x-ratelimit-remaining", "1"),
        ("x-ratelimit-reset", "99999999999"),
    ];
    update(&harness.rate_limit, (201, &headers));
    let call = harness.call(&[CREATED]).await;
    assert_eq!(call.sent_at, [Duration::ZERO]);
}

#[tokio::test(start_paused = true)]
async fn later_available_response_ends_the_wait() {
    let harness = Harness::default();
    update(&harness.rate_limit, (429, &[("retry-after", "30")]));
    update(
        &harness.rate_limit,
        (201, &[("x-ratelimit-remaining", "299")]),
    );
    let call = harness.call(&[CREATED]).await;
    assert_eq!(call.sent_at, [Duration::ZERO]);
}

#[tokio::test(start_paused = true)]
async fn late_available_response_does_not_end_a_newer_wait() {
    let never_exhausted = Harness::default();
    let exhausted_before = Harness::default();
    update(&exhausted_before.rate_limit, (429, &[("retry-after", "1")]));
    sleep(SECOND).await;
    for harness in [never_exhausted, exhausted_before] {
        // Another call is rate-limited while this one waits for its response.
        let call = harness
            .call_with(|_| {
                update(&harness.rate_limit, (429, &[("retry-after", "30")]));
                response(201, &[("x-ratelimit-remaining", "1")])
            })
            .await;
        assert_eq!(call.sent_at, [Duration::ZERO]);
        let call = harness.call(&[CREATED]).await;
        assert!(call.sent_at[0] >= 30 * SECOND, "{:?}", call.sent_at);
    }
}

#[tokio::test(start_paused = true)]
async fn rejection_in_a_known_window_exhausts_the_rate_limit() {
    let harness = Harness::default();
    let headers = &[
        ("date", "Fri, 15 Jan 2027 08:00:00 GMT"),
        ("x-ratelimit-remaining", "5"),
        ("x-ratelimit-reset", "1800000030"),
    ];
    update(&harness.rate_limit, (201, headers));
    update(&harness.rate_limit, (201, headers));
    update(&harness.rate_limit, (429, headers));
    let call = harness.call(&[CREATED]).await;
    assert!(call.sent_at[0] >= 30 * SECOND, "{:?}", call.sent_at);
}

#[tokio::test(start_paused = true)]
async fn rate_limit_beyond_the_maximum_wait_is_ignored() {
    let harness = Harness::with_total_timeout(Duration::MAX);
    for headers in [
        &[("retry-after", "61")][..],
        &[
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "99999999999999"),
        ],
    ] {
        update(&harness.rate_limit, (429, headers));
        update(&harness.rate_limit, (201, headers));
        let call = harness.call(&[CREATED]).await;
        assert_eq!(call.sent_at, [Duration::ZERO]);
    }
    update(&harness.rate_limit, (429, &[("retry-after", "60")]));
    let call = harness.call(&[CREATED]).await;
    assert!(call.sent_at[0] >= 60 * SECOND, "{:?}", call.sent_at);
}

#[tokio::test(start_paused = true)]
async fn endless_rate_limit_is_ignored_even_without_a_maximum_wait() {
    let harness = Harness::with_total_timeout(Duration::MAX);
    let endless = response(429, &[("retry-after", "18446744073709551615")]);
    let mut permit = harness.rate_limit.permit();
    permit.record(&endless, Duration::MAX);
    drop(permit);
    let call = harness.call(&[CREATED]).await;
    assert_eq!(call.sent_at, [Duration::ZERO]);
}

/// Makes two calls at once, whose responses have these headers and take a second. Returns when
/// each of them ended.
async fn two_calls(
    rate_limit: &RateLimit,
    headers: &[(&str, &str)],
    total: Duration,
) -> (Duration, Duration) {
    let timeouts = Timeouts {
        total,
        ..Timeouts::DEFAULT
    };
    let policy = RetryPolicy::default();
    let start = Instant::now();
    let send = |_, _| async {
        sleep(SECOND).await;
        Ok(response(201, headers))
    };
    let call = || async {
        retry_loop("test", &policy, &timeouts, rate_limit, None, send).await;
        start.elapsed()
    };
    tokio::join!(call(), call())
}

/// The limit of each window is known, but not its reset, when the calls begin.
#[tokio::test(start_paused = true)]
async fn waiting_calls_learn_of_a_reset_that_was_unknown_when_they_began_to_wait() {
    let rate_limit = RateLimit::default();
    let headers = [
        ("x-ratelimit-limit", "1"),
        ("x-ratelimit-remaining", "0"),
        ("x-ratelimit-reset", "10"),
    ];
    update(&rate_limit, (201, &headers));
    sleep(20 * SECOND).await;
    let (first, second) = two_calls(&rate_limit, &headers, 120 * SECOND).await;
    assert!(first < 2 * SECOND, "{first:?}");
    assert!(second < 14 * SECOND, "{second:?}");
}

/// A reset that the calls cannot wait for is left to the server.
#[tokio::test(start_paused = true)]
async fn waiting_calls_do_not_wait_for_an_exhausted_limit_that_outlasts_them() {
    let rate_limit = RateLimit::default();
    let headers = |remaining| {
        [
            ("x-ratelimit-limit", "300"),
            ("x-ratelimit-remaining", remaining),
            ("x-ratelimit-reset", "50"),
        ]
    };
    update(&rate_limit, (201, &headers("1")));
    let (_, second) = two_calls(&rate_limit, &headers("0"), 20 * SECOND).await;
    assert!(second < 3 * SECOND, "{second:?}");
}

/// The response to a request of the last window can arrive after those of the next one.
#[tokio::test(start_paused = true)]
async fn late_response_of_an_earlier_window_does_not_exhaust_the_current_one() {
    let headers = |remaining, reset| {
        [
            ("x-ratelimit-limit", "300"),
            ("x-ratelimit-remaining", remaining),
            ("x-ratelimit-reset", reset),
        ]
    };
    for remaining in ["20", "0"] {
        let rate_limit = RateLimit::default();
        let mut late = rate_limit.permit();
        update(&rate_limit, (201, &headers("299", "60")));
        late.record(&response(201, &headers(remaining, "1")), 60 * SECOND);
        drop(late);
        let permits = (0..100).map_while(|_| rate_limit.try_acquire(Instant::now()));
        assert_eq!(permits.collect::<Vec<_>>().len(), 100);
    }
}

/// Returns how many more requests may be sent at the same time, and ends them without a
/// response.
fn count_available(rate_limit: &RateLimit) -> usize {
    let permits = (0..1000).map_while(|_| rate_limit.try_acquire(Instant::now()));
    permits.collect::<Vec<_>>().len()
}

#[tokio::test(start_paused = true)]
async fn requests_in_flight_count_against_those_that_remain() {
    let rate_limit = RateLimit::default();
    let headers = [
        ("x-ratelimit-limit", "3"),
        ("x-ratelimit-remaining", "3"),
        ("x-ratelimit-reset", "10"),
    ];
    update(&rate_limit, (201, &headers));
    assert_eq!(count_available(&rate_limit), 3);
    // The server may have counted requests without a response.
    assert_eq!(count_available(&rate_limit), 0);
    sleep(10 * SECOND).await;
    assert_eq!(count_available(&rate_limit), 3, "a new window");
}

#[tokio::test(start_paused = true)]
async fn requests_of_other_clients_reduce_the_share_of_this_one() {
    let rate_limit = RateLimit::default();
    for remaining in ["300", "200"] {
        let headers = [
            ("x-ratelimit-remaining", remaining),
            ("x-ratelimit-reset", "10"),
        ];
        update(&rate_limit, (201, &headers));
    }
    assert_eq!(count_available(&rate_limit), 2);
}

fn window_headers<'a>(remaining: &'a str, reset: &'a str) -> [(&'a str, &'a str); 2] {
    [
        ("x-ratelimit-remaining", remaining),
        ("x-ratelimit-reset", reset),
    ]
}

#[tokio::test(start_paused = true)]
async fn responses_in_another_order_than_the_server_counted_do_not_add_requests() {
    let rate_limit = RateLimit::default();
    for remaining in ["5", "3", "4"] {
        update(&rate_limit, (201, &window_headers(remaining, "10")));
    }
    assert_eq!(count_available(&rate_limit), 3);
}

#[tokio::test(start_paused = true)]
async fn exhausted_limit_ends_at_the_latest_reset_that_was_reported() {
    let rate_limit = RateLimit::default();
    update(&rate_limit, (201, &window_headers("1", "30")));
    update(&rate_limit, (201, &window_headers("0", "29")));
    assert_eq!(rate_limit.time_until_reset(), Some(30 * SECOND));
    update(&rate_limit, (201, &window_headers("0", "31")));
    assert_eq!(rate_limit.time_until_reset(), Some(31 * SECOND));
}

#[tokio::test(start_paused = true)]
async fn last_request_in_flight_does_not_exhaust_the_limit() {
    let rate_limit = RateLimit::default();
    update(&rate_limit, (201, &window_headers("1", "30")));
    let in_flight = rate_limit.try_acquire(Instant::now());
    assert!(in_flight.is_some());
    assert!(rate_limit.try_acquire(Instant::now()).is_none());
    assert_eq!(rate_limit.time_until_reset(), None);
}
