use std::time::Duration;

use super::{CONCURRENCY, Job, pages};

/// The fewest requests and the shortest time with which all processes list the catalogue,
/// register what is missing, and list the catalogue again if they registered anything.
#[derive(Clone, Copy, Debug)]
pub struct Least {
    pub requests: usize,
    pub seconds: f64,
}

impl Least {
    #[must_use]
    pub fn new(job: &Job, limit: usize, window: Duration, latency: Duration) -> Self {
        let before = pages(job.records_before());
        let after = match job.missing() {
            0 => 0,
            missing => pages(job.records_before() + missing),
        };
        let each = before + job.missing() + after;
        let requests = each * job.processes;
        // The processes start at the same time, and all are at the same position of their
        // lists: this is the earliest time at which the last one can finish.
        let (window, latency) = (window.as_secs_f64(), latency.as_secs_f64());
        #[allow(clippy::cast_precision_loss, reason = "an offset is short")]
        let start = job.offset as f64;
        let mut now = start;
        let mut counted = 0;
        let batches = [
            vec![1; before],
            vec![CONCURRENCY; job.missing() / CONCURRENCY],
            vec![job.missing() % CONCURRENCY],
            vec![1; after],
        ];
        for batch in batches.concat() {
            let mut waiting = batch * job.processes;
            if waiting == 0 {
                continue;
            }
            loop {
                let allowed = waiting.min(limit - counted);
                waiting -= allowed;
                counted += allowed;
                if waiting == 0 {
                    break;
                }
                now = ((now / window).floor() + 1.0) * window;
                counted = 0;
            }
            let ends = now + latency;
            if (ends / window).floor() > (now / window).floor() {
                counted = 0;
            }
            now = ends;
        }
        Self {
            requests,
            seconds: now - start,
        }
    }
}

/// Returns the requests of `ensure_custom_integration` for each integration: two listings and
/// a registration, or one listing. The catalogue grows while they run.
#[must_use]
pub fn ensure_requests(job: &Job) -> usize {
    let each = |registered: usize| {
        let records = job.records_before() + registered;
        pages(records) + 1 + pages(records + 1)
    };
    let missing: usize = (0..job.missing()).map(each).sum();
    job.processes * (missing + job.present * pages(job.records_before()))
}
