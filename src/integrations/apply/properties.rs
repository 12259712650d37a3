//! Properties that hold for random catalogues, wanted lists, faults and interruptions. A case
//! follows from its number, which a failure prints. For a million cases:
//!
//! ```console
//! DUVO_CASES=1000000 cargo test --release --lib apply::properties
//! ```

use std::collections::{HashMap, HashSet};
use std::env;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Waker};

use fastrand::Rng;

use super::report::{ApplyOutcome, Report};
use super::simulation::{Fault, Request, Simulation, TEAM, block_on, ready_after};
use super::{Settings, apply};
use crate::generated::types::Integration;
use crate::integrations::pager::ListingPolicy;
use crate::integrations::plan::Decision;
use crate::integrations::plan::comparison::Comparison;
use crate::integrations::{Auth, CustomIntegration};

use super::api::Api as _;

const DEFAULT_CASES: u64 = 10_000;

/// The first two are equal in no form, but one is a beginning of the other.
const NAMES: [&str; 6] = ["CRM", "CRM v2", "Price list", "Wiki", "Kalender", "Órdenes"];
const URLS: [&str; 3] = [
    "https://mcp.example.com/1",
    "https://mcp.example.com/2",
    "https://mcp.example.com/3",
];
const METHODS: [&str; 3] = ["url", "apikey", "oauth"];
const UNREADABLE: [&str; 4] = [
    r#"{"name":"Wiki"}"#,
    r#"{"name":"CRM","server_url":"https://mcp.example.com/1"}"#,
    r#"{"name":"Unrelated"}"#,
    "null",
];

type Run = Pin<Box<dyn Future<Output = Option<Report>>>>;

/// How a run ends.
#[derive(Clone, Copy, Debug)]
enum End {
    Complete,
    DroppedAfter(usize),
    ShutdownAfter(usize),
}

#[derive(Clone, Copy, Debug, Default)]
struct Options {
    replace: bool,
    prune: bool,
    remove_duplicates: bool,
}

#[test]
fn repeated_runs_converge_and_touch_nothing_else() {
    let cases = env::var("DUVO_CASES").ok();
    let cases = cases.map_or(DEFAULT_CASES, |cases| cases.parse().unwrap());
    for case in 0..cases {
        let result = catch_unwind(AssertUnwindSafe(|| check(case)));
        assert!(result.is_ok(), "case {case}");
    }
}

/// Checks one case.
fn check(case: u64) {
    let mut rng = Rng::with_seed(case);
    let api = Simulation::new();
    fill(&api, &mut rng);
    let initial = api.state().entries.clone();
    let wanted = wanted(&mut rng);
    let options = Options {
        replace: rng.bool(),
        prune: rng.bool(),
        remove_duplicates: rng.bool(),
    };
    let appliers = rng.usize(1..=2);

    // Runs with faults and interruptions.
    let probability = [0.0, 0.1, 0.4][rng.usize(..3)];
    let late = set_random_faults(&api, rng.fork(), probability);
    for _ in 0..rng.usize(..4) {
        let runs = (0..appliers).map(|_| {
            let end = random_end(&mut rng);
            let run = run(api.clone(), wanted.clone(), options, end);
            (Box::pin(run) as Run, end)
        });
        interleave(runs.collect(), &mut rng);
    }

    // Runs without faults, after every late registration took effect.
    api.set_faults(|_| Fault::None);
    block_on(api.list(ListingPolicy::PLAN, 0)).unwrap();
    let mut clean_runs = 0;
    let report = loop {
        api.take_requests();
        let plan = block_on(plan(&api, &wanted, options)).unwrap();
        if plan.changes().next().is_none() {
            break block_on(apply(&api, plan, Settings::default()));
        }
        assert!(clean_runs < 3, "not converged after three runs");
        assert_requests(&api, plan);
        clean_runs += 1;
    };
    assert_eq!(api.take_requests(), [Request::List]);

    let late = late.lock().unwrap();
    for (wanted, applied) in wanted.iter().zip(report.integrations()) {
        let name = wanted.name();
        let registered = api.state().registered.get(name).copied().unwrap_or(0);
        let late = late.get(name).copied().unwrap_or(0);
        assert!(
            registered <= appliers + late,
            "{name}: {registered} registrations, {late} of them late"
        );
        match &applied.outcome {
            ApplyOutcome::Exists { integration } => {
                assert!(is_equal(integration, wanted), "{name}: {integration:?}");
                assert!(api.state().entries.contains(integration));
                let equal = count_equal(&api, wanted);
                assert_eq!(1 + applied.duplicates.len(), equal, "{name}");
                if options.remove_duplicates && applied.duplicates.is_empty() {
                    assert_eq!(equal, 1);
                }
            }
            ApplyOutcome::Undecidable { .. } => assert_eq!(registered, 0, "{name}"),
            ApplyOutcome::Differs { existing, .. } => {
                let can_be_replaced =
                    existing.team_id == TEAM && existing.custom_integration_id.is_some();
                assert!(!(options.replace && can_be_replaced), "{name}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    assert_deletions_are_allowed(&api, &initial, &wanted, options);
}

/// Applies a plan without faults, and checks the number of requests.
fn assert_requests(api: &Simulation, plan: Comparison) {
    let changes = plan.changes().count();
    let decisions = plan.integrations.iter().map(|planned| &planned.decision);
    let creates = decisions.filter(|decision| matches!(decision, Decision::Create));
    let replaces = plan.integrations.iter();
    let replaces = replaces.filter(|planned| plan.replaced(planned).is_some());
    let (creates, replaces) = (creates.count(), replaces.count());
    let report = block_on(apply(api, plan, Settings::default()));
    assert!(!report.is_stopped(), "{report}");
    let verification = usize::from(creates + replaces > 0);
    let expected = 1 + changes + replaces + verification;
    assert_eq!(api.take_requests().len(), expected, "{report}");
}

fn fill(api: &Simulation, rng: &mut Rng) {
    for _ in 0..rng.usize(..9) {
        let name = variant(NAMES[rng.usize(..NAMES.len())], rng);
        let method = METHODS[rng.usize(..3)];
        api.add(&name, URLS[rng.usize(..3)], method);
        let mut state = api.state();
        let entry = state.entries.last_mut().unwrap();
        match rng.u8(..16) {
            0 => entry.custom_integration_id = None,
            1 => "team_2".clone_into(&mut entry.team_id),
            2 => entry.server_url = None,
            3 => entry.auth_method = None,
            4 => entry.broken_reason = Some("unreachable".to_owned()),
            _ => {}
        }
    }
    let mut state = api.state();
    if rng.u8(..8) == 0 {
        let json = UNREADABLE[rng.usize(..UNREADABLE.len())];
        state.unreadable.push(json.to_owned());
    }
    let storages: [fn(&mut Integration); 4] = [
        |_| {},
        |entry| entry.name = entry.name.to_uppercase(),
        |entry| entry.name = format!(" {} ", entry.name.to_lowercase()),
        |entry| entry.server_url = entry.server_url.as_ref().map(|url| format!("{url}/")),
    ];
    state.storage = storages[rng.usize(..4)];
}

/// Returns a form of a name that is equal to it.
fn variant(name: &str, rng: &mut Rng) -> String {
    match rng.u8(..6) {
        0 => name.to_uppercase(),
        1 => name.to_lowercase(),
        2 => format!("  {name}"),
        3 => name.replace(' ', "  "),
        _ => name.to_owned(),
    }
}

fn wanted(rng: &mut Rng) -> Vec<CustomIntegration> {
    let mut names = NAMES.to_vec();
    rng.shuffle(&mut names);
    names.truncate(rng.usize(..=names.len()));
    let integration = |name| {
        let method = [Auth::Url, Auth::ApiKey, Auth::oauth()];
        let method = method[rng.usize(..3)].clone();
        CustomIntegration::new(name, URLS[rng.usize(..3)], method).unwrap()
    };
    names.into_iter().map(integration).collect()
}

type Late = std::sync::Arc<std::sync::Mutex<HashMap<String, usize>>>;

/// Sets random faults. Returns how often a registration of each name was late.
fn set_random_faults(api: &Simulation, mut rng: Rng, probability: f64) -> Late {
    let late = Late::default();
    let counted = Late::clone(&late);
    api.set_faults(move |request| {
        if rng.f64() >= probability {
            return Fault::None;
        }
        let fault = match rng.u8(..12) {
            0..=2 => Fault::RequestLost,
            3..=5 => Fault::ResponseLost,
            6 => Fault::Late,
            7 => Fault::Conflict,
            8 => Fault::Rejected(401),
            9 => Fault::Rejected(429),
            10 => Fault::Rejected(500),
            _ => Fault::Rejected(400),
        };
        if let (Fault::Late, Request::Register(name)) = (fault, request) {
            *counted.lock().unwrap().entry(name.clone()).or_default() += 1;
        }
        fault
    });
    late
}

fn random_end(rng: &mut Rng) -> End {
    match rng.u8(..4) {
        0 => End::DroppedAfter(rng.usize(..40)),
        1 => End::ShutdownAfter(rng.usize(..20)),
        _ => End::Complete,
    }
}

async fn plan(
    api: &Simulation,
    wanted: &[CustomIntegration],
    options: Options,
) -> Option<Comparison> {
    let (integrations, unreadable) = api.list(ListingPolicy::PLAN, 0).await.ok()?;
    let mut plan = Comparison::new(TEAM, wanted, integrations, unreadable);
    plan.replace = options.replace;
    plan.prune = options.prune;
    plan.remove_duplicates = options.remove_duplicates;
    Some(plan)
}

/// Plans and applies, until the shutdown.
async fn run(
    api: Simulation,
    wanted: Vec<CustomIntegration>,
    options: Options,
    end: End,
) -> Option<Report> {
    let plan = plan(&api, &wanted, options).await?;
    let mut settings = Settings {
        concurrency: 3,
        ..Settings::default()
    };
    if let End::ShutdownAfter(polls) = end {
        settings.shutdown = Some(ready_after(polls));
    }
    Some(apply(&api, plan, settings).await)
}

/// Polls the runs in random order, until they complete or are dropped.
fn interleave(mut runs: Vec<(Run, End)>, rng: &mut Rng) {
    let mut context = Context::from_waker(Waker::noop());
    let mut polls = vec![0; runs.len()];
    while !runs.is_empty() {
        let index = rng.usize(..runs.len());
        let (run, end) = &mut runs[index];
        let is_dropped = matches!(end, End::DroppedAfter(limit) if polls[index] >= *limit);
        polls[index] += 1;
        if is_dropped || run.as_mut().poll(&mut context).is_ready() {
            drop(runs.swap_remove(index));
            polls.swap_remove(index);
        }
    }
}

/// Returns the form in which the names of this test are compared.
fn folded(name: &str) -> String {
    let words: Vec<_> = name.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

fn has_name(entry: &Integration, wanted: &CustomIntegration) -> bool {
    folded(&entry.name) == folded(wanted.name())
}

/// Whether the URL is absent or equal, up to a trailing slash.
fn has_url(entry: &Integration, wanted: &CustomIntegration) -> bool {
    let url = entry.server_url.as_deref();
    url.is_none_or(|url| url.trim_end_matches('/') == wanted.server_url())
}

fn is_equal(entry: &Integration, wanted: &CustomIntegration) -> bool {
    let method = wanted.auth_method().to_string();
    let has_method = entry
        .auth_method
        .as_ref()
        .is_none_or(|found| *found == method);
    has_name(entry, wanted) && has_url(entry, wanted) && has_method
}

/// Returns the number of entries with an equal name and URL, and at least 1 for an entry
/// with an equal name alone.
fn count_equal(api: &Simulation, wanted: &CustomIntegration) -> usize {
    let state = api.state();
    let equal = state.entries.iter().filter(|entry| {
        entry.server_url.is_some() && has_name(entry, wanted) && has_url(entry, wanted)
    });
    equal.count().max(1)
}

fn assert_deletions_are_allowed(
    api: &Simulation,
    initial: &[Integration],
    wanted: &[CustomIntegration],
    options: Options,
) {
    let state = api.state();
    let remaining: HashSet<_> = state.entries.iter().map(|entry| &entry.id).collect();
    for entry in initial
        .iter()
        .filter(|entry| !remaining.contains(&entry.id))
    {
        let is_wanted = wanted.iter().any(|wanted| has_name(entry, wanted));
        let is_own = entry.team_id == TEAM && entry.custom_integration_id.is_some();
        let is_asked_for = if is_wanted {
            options.replace || options.remove_duplicates || options.prune
        } else {
            options.prune
        };
        assert!(is_own && is_asked_for, "{entry:?}");
    }
}
