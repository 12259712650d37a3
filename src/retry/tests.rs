//! Waits, in virtual time.

use std::cell::RefCell;
use std::future::ready;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::*;
use crate::exchange::End;

const SECOND: Duration = Duration::from_secs(1);

pub(super) fn answer(status: u16, headers: &[(&'static str, String)]) -> Received {
    let header =
        |(name, value): &(&'static str, String)| (name.parse().unwrap(), value.parse().unwrap());
    Received {
        status: StatusCode::from_u16(status).unwrap(),
        headers: headers.iter().map(header).collect::<HeaderMap>(),
        body: Bytes::new(),
        end: End::Complete,
    }
}

fn with_headers(status: u16, headers: &[(&'static str, &str)]) -> Received {
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    answer(status, &headers)
}

/// Learns from the answer to a request that was made just before.
fn learn(rate_limit: &RateLimit, answer: &Received, most: Duration) {
    rate_limit.observe(answer, rate_limit.known(), most);
}

/// What a call did: when it sent, and how it ended.
struct Made {
    sent_at: Vec<Duration>,
    outcome: Outcome,
    earlier: Vec<Attempt>,
}

impl Made {
    fn waits(&self) -> Vec<Duration> {
        self.earlier.iter().filter_map(Attempt::wait).collect()
    }

    fn status(&self) -> u16 {
        self.outcome.as_ref().ok().unwrap().status.as_u16()
    }
}

/// Makes a call to a server that answers so, the n-th time.
async fn call(
    policy: &RetryPolicy,
    total: Duration,
    rate_limit: &RateLimit,
    answer: impl Fn(usize) -> Received,
) -> Made {
    let start = Instant::now();
    let sent_at = RefCell::new(Vec::new());
    let timeouts = Timeouts {
        total,
        ..Timeouts::DEFAULT
    };
    let send = |_, _| {
        sent_at.borrow_mut().push(start.elapsed());
        ready(Ok(answer(sent_at.borrow().len())))
    };
    let (outcome, earlier) = attempts(policy, &timeouts, rate_limit, send).await;
    Made {
        sent_at: sent_at.into_inner(),
        outcome,
        earlier,
    }
}

/// A call that is turned away once.
async fn turned_away_once(headers: &[(&'static str, &str)]) -> Made {
    let answer = |n| {
        if n == 1 {
            with_headers(429, headers)
        } else {
            with_headers(201, &[])
        }
    };
    call(
        &RetryPolicy::default(),
        600 * SECOND,
        &RateLimit::default(),
        answer,
    )
    .await
}

fn assert_waited(made: &Made, at_least: u32, at_most: u32) {
    let [wait] = made.waits()[..] else {
        panic!("{:?}", made.waits())
    };
    assert!(
        at_least * SECOND <= wait && wait <= at_most * SECOND,
        "{wait:?}"
    );
    assert_eq!(made.sent_at.len(), 2);
    assert!(
        made.sent_at[1] >= wait && made.sent_at[1] < wait + Duration::from_millis(2),
        "{:?}",
        made.sent_at
    );
    assert_eq!(made.status(), 201);
}

#[tokio::test(start_paused = true)]
async fn a_success_is_one_attempt_at_once() {
    let made = call(
        &RetryPolicy::default(),
        SECOND,
        &RateLimit::default(),
        |_| with_headers(201, &[]),
    )
    .await;
    assert_eq!(made.sent_at, [Duration::ZERO]);
    assert!(made.earlier.is_empty());
}

#[tokio::test(start_paused = true)]
async fn retry_after_in_seconds_is_waited_and_up_to_as_much_again() {
    for _ in 0..50 {
        assert_waited(&turned_away_once(&[("retry-after", "12")]).await, 12, 24);
    }
}

#[tokio::test(start_paused = true)]
async fn retry_after_as_a_date_counts_from_the_date_of_the_answer() {
    let headers = [
        ("date", "Tue, 07 Nov 2023 05:31:56 GMT"),
        ("retry-after", "Tue, 07 Nov 2023 05:32:06 GMT"),
    ];
    assert_waited(&turned_away_once(&headers).await, 10, 20);
}

#[tokio::test(start_paused = true)]
async fn x_ratelimit_reset_is_waited_where_there_is_no_retry_after() {
    // 1699335136 is 2023-11-07T05:32:16Z.
    let date = ("date", "Tue, 07 Nov 2023 05:31:56 GMT");
    assert_waited(
        &turned_away_once(&[date, ("x-ratelimit-reset", "1699335136")]).await,
        20,
        40,
    );
    assert_waited(
        &turned_away_once(&[
            date,
            ("x-ratelimit-reset", "1699335136"),
            ("retry-after", "5"),
        ])
        .await,
        5,
        15,
    );
    assert_waited(
        &turned_away_once(&[
            date,
            ("x-ratelimit-reset", "1699335136"),
            ("retry-after", "soon"),
        ])
        .await,
        20,
        40,
    );
}

#[tokio::test(start_paused = true)]
async fn a_time_that_is_past_or_nonsense_leaves_the_backoff() {
    let date = ("date", "Tue, 07 Nov 2023 05:31:56 GMT");
    for headers in [
        &[("retry-after", "0")][..],
        &[date, ("retry-after", "Tue, 07 Nov 2023 05:31:00 GMT")],
        &[date, ("x-ratelimit-reset", "1")],
        &[("retry-after", "-1")],
        &[("retry-after", "")],
        &[("x-ratelimit-reset", "18446744073709551616")],
        &[],
    ] {
        assert_waited(&turned_away_once(headers).await, 0, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn the_backoff_doubles_up_to_its_maximum_and_has_full_jitter() {
    let policy = RetryPolicy::default()
        .with_max_attempts(6)
        .with_backoff(SECOND, 5 * SECOND);
    let mut sums = [Duration::ZERO; 5];
    for _ in 0..400 {
        let made = call(&policy, 600 * SECOND, &RateLimit::default(), |_| {
            with_headers(429, &[])
        })
        .await;
        for ((wait, most), sum) in made.waits().into_iter().zip([1, 2, 4, 5, 5]).zip(&mut sums) {
            assert!(wait <= most * SECOND, "{wait:?}");
            *sum += wait;
        }
    }
    for (sum, most) in sums.into_iter().zip([1.0, 2.0, 4.0, 5.0, 5.0]) {
        let mean = sum.as_secs_f64() / 400.0 / most;
        assert!(
            (0.3..0.7).contains(&mean),
            "the mean is {mean} of the backoff"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn the_attempts_are_limited_and_listed() {
    let policy = RetryPolicy::default().with_max_attempts(3);
    let made = call(&policy, 600 * SECOND, &RateLimit::default(), |_| {
        with_headers(503, &[("retry-after", "1"), ("x-request-id", "req_1")])
    })
    .await;
    assert_eq!(made.sent_at.len(), 3);
    assert_eq!(made.earlier.len(), 2);
    for attempt in &made.earlier {
        assert_eq!(attempt.status().unwrap(), 503);
        assert_eq!(attempt.request_id(), Some("req_1"));
        assert_eq!(attempt.kind(), ErrorKind::Status);
        assert_eq!(attempt.delivery(), Delivery::Rejected);
        assert!(attempt.wait().unwrap() >= SECOND);
    }
}

#[tokio::test(start_paused = true)]
async fn never_and_no_attempts_mean_one() {
    for policy in [
        RetryPolicy::never(),
        RetryPolicy::default().with_max_attempts(0),
    ] {
        let made = call(&policy, 600 * SECOND, &RateLimit::default(), |_| {
            with_headers(429, &[])
        })
        .await;
        assert_eq!(made.sent_at.len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_for_too_much_is_not_waited_for() {
    for (asked, attempts) in [("60", 2), ("61", 1), ("18446744073709551615", 1)] {
        let answer = |n| {
            if n == 1 {
                with_headers(429, &[("retry-after", asked)])
            } else {
                with_headers(201, &[])
            }
        };
        let made = call(
            &RetryPolicy::default(),
            600 * SECOND,
            &RateLimit::default(),
            answer,
        )
        .await;
        assert_eq!(made.sent_at.len(), attempts, "{asked}");
        assert_eq!(made.sent_at[0], Duration::ZERO);
    }
    let patient = RetryPolicy::default().with_max_retry_after(61 * SECOND);
    let made = call(&patient, 600 * SECOND, &RateLimit::default(), |n| {
        if n == 1 {
            with_headers(429, &[("retry-after", "61")])
        } else {
            with_headers(201, &[])
        }
    })
    .await;
    assert_eq!(made.status(), 201);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_does_not_fit_is_not_begun() {
    let start = Instant::now();
    let made = call(
        &RetryPolicy::default(),
        10 * SECOND,
        &RateLimit::default(),
        |_| with_headers(429, &[("retry-after", "10")]),
    )
    .await;
    assert_eq!(made.sent_at.len(), 1);
    assert_eq!(start.elapsed(), Duration::ZERO);

    // Nor a backoff: with 10 seconds left, one of 100 rarely fits.
    let policy = RetryPolicy::default()
        .with_backoff(100 * SECOND, 100 * SECOND)
        .with_max_attempts(100);
    for _ in 0..20 {
        let start = Instant::now();
        call(&policy, 10 * SECOND, &RateLimit::default(), |_| {
            with_headers(429, &[])
        })
        .await;
        assert!(start.elapsed() <= 10 * SECOND);
    }
}

#[tokio::test(start_paused = true)]
async fn the_random_part_of_a_wait_leaves_time_for_the_request() {
    for _ in 0..50 {
        let answer = |n| {
            if n == 1 {
                with_headers(429, &[("retry-after", "10")])
            } else {
                with_headers(201, &[])
            }
        };
        let made = call(
            &RetryPolicy::default(),
            12 * SECOND,
            &RateLimit::default(),
            answer,
        )
        .await;
        assert_waited(&made, 10, 11);
    }
}

#[tokio::test(start_paused = true)]
async fn once_one_call_is_turned_away_the_others_wait() {
    let rate_limit = RateLimit::default();
    for closing in [
        with_headers(429, &[("retry-after", "30")]),
        with_headers(
            201,
            &[
                ("date", "Tue, 07 Nov 2023 05:31:56 GMT"),
                ("x-ratelimit-remaining", "0"),
                ("x-ratelimit-reset", "1699335146"),
            ],
        ),
    ] {
        learn(&rate_limit, &closing, 60 * SECOND);
        let made = call(&RetryPolicy::default(), 600 * SECOND, &rate_limit, |_| {
            with_headers(201, &[])
        })
        .await;
        let [sent_at] = made.sent_at[..] else {
            panic!("{:?}", made.sent_at)
        };
        assert!((30 * SECOND..61 * SECOND).contains(&sent_at), "{sent_at:?}");
        // It is open again.
        let made = call(&RetryPolicy::default(), 600 * SECOND, &rate_limit, |_| {
            with_headers(201, &[])
        })
        .await;
        assert_eq!(made.sent_at, [Duration::ZERO]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_that_outlasts_the_call_is_left_to_the_server() {
    let rate_limit = RateLimit::default();
    learn(
        &rate_limit,
        &with_headers(429, &[("retry-after", "30")]),
        60 * SECOND,
    );
    let made = call(&RetryPolicy::default(), 20 * SECOND, &rate_limit, |_| {
        with_headers(201, &[])
    })
    .await;
    assert_eq!(made.sent_at, [Duration::ZERO]);
}

#[tokio::test(start_paused = true)]
async fn requests_that_are_left_do_not_close_the_rate_limit() {
    let rate_limit = RateLimit::default();
    let open = [
        ("x-ratelimit-remaining", "1"),
        ("x-ratelimit-reset", "99999999999"),
    ];
    learn(&rate_limit, &with_headers(201, &open), 60 * SECOND);
    let made = call(&RetryPolicy::default(), 600 * SECOND, &rate_limit, |_| {
        with_headers(201, &[])
    })
    .await;
    assert_eq!(made.sent_at, [Duration::ZERO]);
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_that_is_open_again_lets_calls_through() {
    let rate_limit = RateLimit::default();
    learn(
        &rate_limit,
        &with_headers(429, &[("retry-after", "30")]),
        60 * SECOND,
    );
    learn(
        &rate_limit,
        &with_headers(201, &[("x-ratelimit-remaining", "299")]),
        60 * SECOND,
    );
    let made = call(&RetryPolicy::default(), 600 * SECOND, &rate_limit, |_| {
        with_headers(201, &[])
    })
    .await;
    assert_eq!(made.sent_at, [Duration::ZERO]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_comes_late_does_not_open_a_rate_limit() {
    let never_closed = RateLimit::default();
    let closed_before = RateLimit::default();
    let closing = |seconds| with_headers(429, &[("retry-after", seconds)]);
    learn(&closed_before, &closing("1"), 60 * SECOND);
    sleep(SECOND).await;
    for rate_limit in [never_closed, closed_before] {
        let made = call(&RetryPolicy::default(), 600 * SECOND, &rate_limit, |_| {
            // Another call is turned away before this one is answered.
            learn(&rate_limit, &closing("30"), 60 * SECOND);
            with_headers(201, &[("x-ratelimit-remaining", "1")])
        })
        .await;
        assert_eq!(made.sent_at, [Duration::ZERO]);
        let made = call(&RetryPolicy::default(), 600 * SECOND, &rate_limit, |_| {
            answer(201, &[])
        })
        .await;
        assert!(made.sent_at[0] >= 30 * SECOND, "{:?}", made.sent_at);
    }
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_that_nobody_would_wait_for_is_not_believed() {
    let rate_limit = RateLimit::default();
    for headers in [
        &[("retry-after", "61")][..],
        &[
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "99999999999999"),
        ],
    ] {
        learn(&rate_limit, &with_headers(429, headers), 60 * SECOND);
        learn(&rate_limit, &with_headers(201, headers), 60 * SECOND);
        let made = call(&RetryPolicy::default(), Duration::MAX, &rate_limit, |_| {
            with_headers(201, &[])
        })
        .await;
        assert_eq!(made.sent_at, [Duration::ZERO]);
    } // The longest that is.
    learn(
        &rate_limit,
        &with_headers(429, &[("retry-after", "60")]),
        60 * SECOND,
    );
    let made = call(&RetryPolicy::default(), 600 * SECOND, &rate_limit, |_| {
        with_headers(201, &[])
    })
    .await;
    assert!(made.sent_at[0] >= 60 * SECOND, "{:?}", made.sent_at);
}

#[tokio::test(start_paused = true)]
async fn a_rate_limit_for_ever_is_left_to_the_server() {
    let rate_limit = RateLimit::default();
    let closing = with_headers(429, &[("retry-after", "18446744073709551615")]);
    learn(&rate_limit, &closing, Duration::MAX);
    let made = call(&RetryPolicy::default(), Duration::MAX, &rate_limit, |_| {
        with_headers(201, &[])
    })
    .await;
    assert_eq!(made.sent_at, [Duration::ZERO]);
}

#[tokio::test(start_paused = true)]
async fn every_attempt_has_all_of_its_time_however_long_the_waits_before() {
    let rate_limit = RateLimit::default();
    learn(
        &rate_limit,
        &with_headers(429, &[("retry-after", "30")]),
        60 * SECOND,
    );
    let left = RefCell::new(Vec::new());
    let send = |deadline: Deadline, _| {
        left.borrow_mut().push(deadline.time_left());
        ready(Ok(with_headers(503, &[("retry-after", "20")])))
    };
    let timeouts = Timeouts {
        total: 600 * SECOND,
        ..Timeouts::DEFAULT
    };
    let policy = RetryPolicy::default().with_max_attempts(3);
    let _ = attempts(&policy, &timeouts, &rate_limit, send).await;
    assert_eq!(left.into_inner(), [Timeouts::DEFAULT.attempt; 3]);
}

#[tokio::test(start_paused = true)]
async fn a_wait_leaves_a_second_for_the_request() {
    for (asked, attempts) in [("8", 2), ("9", 2), ("10", 1)] {
        let answer = |n| {
            if n == 1 {
                with_headers(503, &[("retry-after", asked)])
            } else {
                with_headers(201, &[])
            }
        };
        let made = call(
            &RetryPolicy::default(),
            10 * SECOND,
            &RateLimit::default(),
            answer,
        )
        .await;
        assert_eq!(made.sent_at.len(), attempts, "{asked}");
        assert!(
            made.sent_at
                .iter()
                .all(|at| *at <= 9 * SECOND + Duration::from_millis(2)),
            "{:?}",
            made.sent_at
        );
    }
}

#[tokio::test(start_paused = true)]
async fn those_who_are_told_the_same_few_seconds_spread_over_ten_and_more() {
    let mut longest = Duration::ZERO;
    for _ in 0..200 {
        let made = turned_away_once(&[("retry-after", "1")]).await;
        assert_waited(&made, 1, 11);
        longest = longest.max(made.waits()[0]);
    }
    assert!(longest > 8 * SECOND, "{longest:?}");
}
