use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use super::event::Event;
use super::report::{ApplyOutcome, DeletionOutcome, Report};
use super::simulation::{Fault, Request, Simulation, TEAM, block_on, ready_after};
use super::{Settings, apply};
use crate::error::Error;
use crate::integrations::pager::ListingPolicy;
use crate::integrations::plan::comparison::Comparison;
use crate::integrations::{Auth, CustomIntegration};

use super::api::Api as _;

const URL: &str = "https://mcp.example.com/";

fn wanted(names: &[&str]) -> Vec<CustomIntegration> {
    let integration = |name: &&str| {
        let path = name.replace(' ', "-").to_lowercase();
        CustomIntegration::new(*name, format!("{URL}{path}"), Auth::Url).unwrap()
    };
    names.iter().map(integration).collect()
}

/// Returns integrations with the names `00`, `01` and so on.
fn numbered(count: usize) -> Vec<CustomIntegration> {
    let names: Vec<_> = (0..count).map(|number| format!("{number:02}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    wanted(&names)
}

/// Polls a future `polls` times, then drops it.
fn interrupt_after<T>(polls: usize, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..polls {
        if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
            return Some(output);
        }
    }
    None
}

async fn plan(api: &Simulation, wanted: &[CustomIntegration]) -> Comparison {
    let (integrations, unreadable) = api.list(ListingPolicy::PLAN, 0).await.unwrap();
    Comparison::new(TEAM, wanted, integrations, unreadable)
}

/// Plans and applies, with the settings of the plan.
async fn run_with(
    api: &Simulation,
    wanted: &[CustomIntegration],
    configure: impl FnOnce(&mut Comparison),
) -> Report {
    let mut comparison = plan(api, wanted).await;
    configure(&mut comparison);
    apply(api, comparison, Settings::default()).await
}

async fn run(api: &Simulation, wanted: &[CustomIntegration]) -> Report {
    run_with(api, wanted, |_| {}).await
}

fn outcomes(report: &Report) -> Vec<&'static str> {
    let integrations = report.integrations().iter();
    integrations
        .map(|applied| applied.outcome.as_str())
        .collect()
}

fn names(api: &Simulation) -> Vec<String> {
    let mut names: Vec<_> = api
        .state()
        .entries
        .iter()
        .map(|entry| entry.name.clone())
        .collect();
    names.sort_unstable();
    names
}

fn register(name: &str) -> Request {
    Request::Register(name.to_owned())
}

#[test]
fn missing_integrations_are_created_with_one_request_each_and_one_listing() {
    let api = Simulation::new();
    api.add("A", &format!("{URL}a"), "url");
    let report = block_on(run(&api, &wanted(&["A", "B", "C"])));
    assert_eq!(outcomes(&report), ["exists", "created", "created"]);
    assert!(report.is_converged());
    let requests = api.take_requests();
    assert_eq!(
        requests,
        [Request::List, register("B"), register("C"), Request::List]
    );
}

#[test]
fn unchanged_catalogue_takes_one_listing() {
    let api = Simulation::new();
    api.add("A", &format!("{URL}a"), "url");
    let report = block_on(run(&api, &wanted(&["A"])));
    assert!(report.is_converged());
    assert_eq!(api.take_requests(), [Request::List]);
}

#[test]
fn unknown_outcomes_are_settled_by_one_listing() {
    let api = Simulation::new();
    api.set_faults(|request| match request {
        Request::Register(name) if name == "A" || name == "C" => Fault::ResponseLost,
        Request::Register(name) if name == "B" => Fault::RequestLost,
        _ => Fault::None,
    });
    let report = block_on(run(&api, &wanted(&["A", "B", "C", "D"])));
    assert_eq!(outcomes(&report), ["exists", "failed", "exists", "created"]);
    assert!(!report.is_converged());
    let requests = api.take_requests();
    let listings = requests.iter().filter(|request| **request == Request::List);
    assert_eq!(listings.count(), 2);
    assert_eq!(requests.len(), 6);
    api.set_faults(|_| Fault::None);
    assert!(block_on(run(&api, &wanted(&["A", "B", "C", "D"]))).is_converged());
    assert_eq!(names(&api), ["A", "B", "C", "D"]);
}

#[test]
fn unknown_outcomes_stay_unknown_if_the_catalogue_cannot_be_listed() {
    let api = Simulation::new();
    let mut listings = 0;
    api.set_faults(move |request| match request {
        Request::List => {
            listings += 1;
            if listings == 1 {
                Fault::None
            } else {
                Fault::Rejected(500)
            }
        }
        Request::Register(name) if name == "A" => Fault::ResponseLost,
        _ => Fault::None,
    });
    let report = block_on(run(&api, &wanted(&["A", "B"])));
    assert_eq!(outcomes(&report), ["failed", "created"]);
    let status = report.listing_error().and_then(Error::status);
    assert_eq!(status.map(|status| status.as_u16()), Some(500));
    assert!(!report.is_converged());
}

#[test]
fn conflict_is_settled_by_the_listing() {
    let api = Simulation::new();
    api.set_faults(|request| match request {
        Request::Register(name) if name == "A" => Fault::Conflict,
        _ => Fault::None,
    });
    let report = block_on(run(&api, &wanted(&["A", "B"])));
    assert_eq!(outcomes(&report), ["exists", "created"]);
}

#[test]
fn error_of_every_request_stops_the_run_and_the_rest_is_not_attempted() {
    for status in [401, 403, 404, 405, 410] {
        let api = Simulation::new();
        api.set_faults(move |request| match request {
            Request::Register(name) if name == "03" => Fault::Rejected(status),
            _ => Fault::None,
        });
        let report = block_on(run(&api, &numbered(40)));
        assert!(report.is_stopped());
        let error = report.stop_error().unwrap();
        assert_eq!(error.status().unwrap().as_u16(), status);
        let outcomes = outcomes(&report);
        assert_eq!(outcomes[3], "failed", "{status}");
        assert!(
            outcomes[12..]
                .iter()
                .all(|outcome| *outcome == "not_attempted")
        );
        let requests = api.take_requests();
        assert!(requests.len() <= 14, "{}", requests.len());
        assert!(!report.is_converged());
    }
}

#[test]
fn error_of_one_request_does_not_stop_the_others() {
    for status in [400, 409, 413, 422, 500] {
        let api = Simulation::new();
        api.set_faults(move |request| match request {
            Request::Register(name) if name == "A" => Fault::Rejected(status),
            _ => Fault::None,
        });
        let report = block_on(run(&api, &wanted(&["A", "B", "C"])));
        assert_eq!(
            outcomes(&report),
            ["failed", "created", "created"],
            "{status}"
        );
        assert!(!report.is_stopped());
    }
}

#[test]
fn ten_unknown_outcomes_in_a_row_stop_the_run() {
    let api = Simulation::new();
    api.set_faults(|request| match request {
        Request::List => Fault::None,
        _ => Fault::RequestLost,
    });
    let report = block_on(run(&api, &numbered(40)));
    assert!(report.is_stopped());
    // Two listings, ten outcomes, and up to seven that were in flight.
    assert!(api.take_requests().len() <= 19);
}

#[test]
fn rate_limited_changes_are_repeated() {
    let api = Simulation::new();
    let mut rejections = 20;
    api.set_faults(move |request| match request {
        Request::Register(_) if rejections > 0 => {
            rejections -= 1;
            Fault::Rejected(429)
        }
        _ => Fault::None,
    });
    let report = block_on(run(&api, &wanted(&["A", "B"])));
    assert!(report.is_converged(), "{report}");
    assert_eq!(names(&api), ["A", "B"]);
}

#[test]
fn endless_rate_limit_stops_the_run() {
    let api = Simulation::new();
    api.set_faults(|request| match request {
        Request::List => Fault::None,
        _ => Fault::Rejected(429),
    });
    let report = block_on(run(&api, &wanted(&["A", "B"])));
    let status = report.stop_error().and_then(Error::status);
    assert_eq!(status.map(|status| status.as_u16()), Some(429));
    assert_eq!(api.take_requests().len(), 1 + 25 + 25);
}

#[test]
fn differing_integration_is_replaced_only_by_name() {
    let api = Simulation::new();
    let old = api.add("A", &format!("{URL}old"), "url");
    let report = block_on(run(&api, &wanted(&["A"])));
    assert_eq!(outcomes(&report), ["differs"]);
    assert!(!report.is_converged());
    assert_eq!(api.take_requests(), [Request::List]);

    let report = block_on(run_with(&api, &wanted(&["A"]), |plan| plan.replace = true));
    assert_eq!(outcomes(&report), ["replaced"]);
    assert!(report.is_converged());
    let id = old.custom_integration_id.unwrap();
    assert_eq!(
        api.take_requests(),
        [
            Request::List,
            Request::Delete(id),
            register("A"),
            Request::List
        ]
    );
    assert_eq!(names(&api), ["A"]);
}

#[test]
fn failed_replacement_reports_what_was_deleted_and_the_next_run_completes_it() {
    for (fault, expected) in [
        (Fault::Rejected(400), "failed"),
        (Fault::RequestLost, "failed"),
        (Fault::ResponseLost, "replaced"),
    ] {
        let api = Simulation::new();
        api.add("A", &format!("{URL}old"), "url");
        api.set_faults(move |request| match request {
            Request::Register(_) => fault,
            _ => Fault::None,
        });
        let report = block_on(run_with(&api, &wanted(&["A"]), |plan| plan.replace = true));
        assert_eq!(outcomes(&report), [expected], "{fault:?}");
        if let ApplyOutcome::Failed { deleted, .. } = &report.integrations()[0].outcome {
            assert_eq!(deleted.as_ref().unwrap().id, "id-1");
            assert!(report.to_string().contains("deleted, but not registered"));
        }
        api.set_faults(|_| Fault::None);
        assert!(block_on(run(&api, &wanted(&["A"]))).is_converged());
        assert_eq!(names(&api), ["A"]);
    }
}

#[test]
fn replacement_is_not_registered_if_the_deletion_may_have_failed() {
    for (fault, remaining) in [
        (Fault::RequestLost, 1),
        (Fault::ResponseLost, 0),
        (Fault::Rejected(500), 1),
    ] {
        let api = Simulation::new();
        api.add("A", &format!("{URL}old"), "url");
        api.set_faults(move |request| match request {
            Request::Delete(_) => fault,
            _ => Fault::None,
        });
        let report = block_on(run_with(&api, &wanted(&["A"]), |plan| plan.replace = true));
        let ApplyOutcome::Failed { deleted, .. } = &report.integrations()[0].outcome else {
            panic!("{fault:?}: {report}");
        };
        assert_eq!(deleted.is_some(), remaining == 0, "{fault:?}");
        assert_eq!(names(&api).len(), remaining, "{fault:?}");
        assert!(!api.take_requests().contains(&register("A")));
    }
}

#[test]
fn unwanted_integrations_are_deleted_only_by_name() {
    let api = Simulation::new();
    api.add("Old", &format!("{URL}old"), "url");
    api.add("A", &format!("{URL}a"), "url");
    let mut built_in = api.add("Gmail", &format!("{URL}gmail"), "oauth");
    built_in.custom_integration_id = None;
    let mut other_team = api.add("Other team's", &format!("{URL}other"), "url");
    other_team.team_id = "team_2".to_owned();
    api.state().entries.truncate(2);
    api.state().entries.extend([built_in, other_team]);

    assert!(block_on(run(&api, &wanted(&["A"]))).is_converged());
    assert_eq!(names(&api), ["A", "Gmail", "Old", "Other team's"]);

    let report = block_on(run_with(&api, &wanted(&["A"]), |plan| plan.prune = true));
    assert!(report.is_converged());
    let deletions = report.deletions();
    assert_eq!(deletions.len(), 1);
    assert!(matches!(deletions[0].outcome, DeletionOutcome::Deleted));
    assert_eq!(names(&api), ["A", "Gmail", "Other team's"]);
}

#[test]
fn only_younger_duplicates_are_deleted_and_only_by_name() {
    let api = Simulation::new();
    let url = format!("{URL}a");
    let older_variant = api.add("a ", &url, "url");
    let kept = api.add("A", &url, "url");
    api.add("A", &url, "url");
    api.add("A", &url, "oauth");
    let report = block_on(run(&api, &wanted(&["A"])));
    assert!(report.is_converged());
    assert_eq!(report.integrations()[0].duplicates.len(), 3);

    let remove = |plan: &mut Comparison| plan.remove_duplicates = true;
    let report = block_on(run_with(&api, &wanted(&["A"]), remove));
    assert!(report.is_converged(), "{report}");
    assert_eq!(report.deletions().len(), 2);
    let ids: Vec<_> = api
        .state()
        .entries
        .iter()
        .map(|entry| entry.id.clone())
        .collect();
    assert_eq!(ids, [older_variant.id, kept.id]);
}

#[test]
fn lost_deletions_are_settled_by_the_listing() {
    for (fault, expected) in [
        (Fault::ResponseLost, "deleted"),
        (Fault::RequestLost, "failed"),
    ] {
        let api = Simulation::new();
        api.add("Old", &format!("{URL}old"), "url");
        api.set_faults(move |request| match request {
            Request::Delete(_) => fault,
            _ => Fault::None,
        });
        let report = block_on(run_with(&api, &[], |plan| plan.prune = true));
        assert_eq!(report.deletions()[0].outcome.as_str(), expected);
        assert_eq!(api.take_requests().len(), 3);
    }
}

#[test]
fn deletions_do_not_begin_if_creations_are_rejected() {
    let api = Simulation::new();
    for number in 0..20 {
        api.add(&format!("Old {number}"), &format!("{URL}{number}"), "url");
    }
    api.set_faults(|request| match request {
        Request::Register(_) => Fault::Rejected(403),
        _ => Fault::None,
    });
    let prune = |plan: &mut Comparison| plan.prune = true;
    let report = block_on(run_with(&api, &numbered(16), prune));
    assert!(report.is_stopped());
    assert_eq!(api.state().entries.len(), 20);
}

#[test]
fn interruption_at_any_point_is_completed_by_the_next_run() {
    let names_wanted = ["A", "B", "C", "D"];
    let start = || {
        let api = Simulation::new();
        api.add("A", &format!("{URL}old"), "url");
        api.add("Old", &format!("{URL}old"), "url");
        api
    };
    let configure = |plan: &mut Comparison| (plan.replace, plan.prune) = (true, true);
    for polls in 0.. {
        let api = start();
        let wanted = wanted(&names_wanted);
        let is_complete = {
            let run = run_with(&api, &wanted, configure);
            interrupt_after(polls, run).is_some()
        };
        let report = block_on(run_with(&api, &wanted, configure));
        assert!(report.is_converged(), "{polls}: {report}");
        assert_eq!(names(&api), names_wanted, "{polls}");
        assert!(
            api.state().registered.values().all(|count| *count == 1),
            "{polls}"
        );
        if is_complete {
            assert!(polls > 5);
            break;
        }
    }
}

#[test]
fn graceful_shutdown_at_any_point_finishes_what_was_sent_and_begins_nothing() {
    let wanted = numbered(12);
    let names_wanted: Vec<_> = wanted.iter().map(CustomIntegration::name).collect();
    for polls in 0.. {
        let api = Simulation::new();
        let stopped = Arc::new(Mutex::new(false));
        let begun_after_stop = Arc::new(Mutex::new(0));
        let (is_stopped, begun) = (Arc::clone(&stopped), Arc::clone(&begun_after_stop));
        let settings = Settings {
            concurrency: 3,
            shutdown: Some(ready_after(polls)),
            on_event: Some(Box::new(move |event| match event {
                Event::Stopped { .. } => *is_stopped.lock().unwrap() = true,
                Event::ChangeStarted { .. } if *is_stopped.lock().unwrap() => {
                    *begun.lock().unwrap() += 1;
                }
                _ => {}
            })),
            ..Settings::default()
        };
        let comparison = block_on(plan(&api, &wanted));
        let report = block_on(apply(&api, comparison, settings));
        assert_eq!(*begun_after_stop.lock().unwrap(), 0);
        // The report states exactly what was created, and nothing is unknown.
        let created = report.integrations().iter();
        let mut created: Vec<_> = created
            .filter(|applied| applied.outcome.as_str() == "created")
            .map(|applied| applied.integration.name().to_owned())
            .collect();
        created.sort_unstable();
        assert_eq!(created, names(&api), "{polls}");
        let others = outcomes(&report);
        let mut others = others.iter().filter(|outcome| **outcome != "created");
        assert!(others.all(|outcome| *outcome == "not_attempted"), "{polls}");
        assert_eq!(report.is_stopped(), *stopped.lock().unwrap());
        let is_complete = report.is_converged();
        assert!(block_on(run(&api, &wanted)).is_converged());
        assert_eq!(names(&api), names_wanted);
        if is_complete && !report.is_stopped() {
            assert!(polls > 5);
            break;
        }
    }
}

#[test]
fn events_count_every_change_once() {
    let api = Simulation::new();
    api.add("Old", &format!("{URL}old"), "url");
    let mut log = Vec::new();
    let wanted = wanted(&["A", "B"]);
    let mut comparison = block_on(plan(&api, &wanted));
    comparison.prune = true;
    let settings = Settings {
        on_event: Some(Box::new(|event| {
            log.push(match event {
                Event::Started { changes } => format!("{changes} changes"),
                Event::ChangeStarted { change } => format!("start {}", change.name()),
                Event::ChangeFinished {
                    change, finished, ..
                } => format!("{finished} {} {}", change.as_str(), change.name()),
                Event::Verifying => "verify".to_owned(),
                other => format!("{other:?}"),
            });
        })),
        concurrency: 1,
        ..Settings::default()
    };
    let report = block_on(apply(&api, comparison, settings));
    assert!(report.is_converged());
    assert_eq!(
        log,
        [
            "3 changes",
            "start A",
            "1 create A",
            "start B",
            "2 create B",
            "start Old",
            "3 delete_unwanted Old",
            "verify",
        ]
    );
}

#[test]
fn changes_are_made_at_most_concurrency_at_a_time() {
    let api = Simulation::new();
    let comparison = block_on(plan(&api, &numbered(40)));
    let (mut running, mut most) = (0, 0);
    let settings = Settings {
        on_event: Some(Box::new(|event| match event {
            Event::ChangeStarted { .. } => {
                running += 1;
                most = most.max(running);
            }
            Event::ChangeFinished { .. } => running -= 1,
            _ => {}
        })),
        ..Settings::default()
    };
    let report = block_on(apply(&api, comparison, settings));
    assert!(report.is_converged());
    assert_eq!(most, 8);
}

#[test]
fn deletion_of_unknown_outcome_is_not_reported_as_made_if_the_catalogue_cannot_be_listed() {
    let api = Simulation::new();
    api.add("A", &format!("{URL}old"), "url");
    let mut listings = 0;
    api.set_faults(move |request| match request {
        Request::Delete(_) => Fault::RequestLost,
        Request::List => {
            listings += 1;
            if listings == 1 {
                Fault::None
            } else {
                Fault::Rejected(500)
            }
        }
        Request::Register(_) => Fault::None,
    });
    let report = block_on(run_with(&api, &wanted(&["A"]), |plan| plan.replace = true));
    assert!(report.listing_error().is_some());
    let ApplyOutcome::Failed { deleted, .. } = &report.integrations()[0].outcome else {
        panic!("{report}");
    };
    assert!(deleted.is_none(), "{report}");
}

#[test]
fn rejected_deletion_of_a_replacement_is_an_error() {
    let api = Simulation::new();
    api.add("A", &format!("{URL}old"), "url");
    api.set_faults(|request| match request {
        Request::Delete(_) => Fault::Rejected(409),
        _ => Fault::None,
    });
    let report = block_on(run_with(&api, &wanted(&["A"]), |plan| plan.replace = true));
    let error = report.integrations()[0].error();
    let status = error.and_then(Error::status).expect("an error");
    assert_eq!(status.as_u16(), 409);
}

#[test]
fn conflicts_are_not_unknown_outcomes_and_do_not_stop_the_run() {
    let api = Simulation::new();
    api.set_faults(|request| match request {
        Request::Register(name) if name.starts_with('0') => Fault::Rejected(409),
        _ => Fault::None,
    });
    let mut wanted = wanted(&["0"]);
    wanted.extend(numbered(20));
    let comparison = block_on(plan(&api, &wanted));
    let settings = Settings {
        concurrency: 1,
        ..Settings::default()
    };
    let report = block_on(apply(&api, comparison, settings));
    assert!(!report.is_stopped(), "{report}");
    assert_eq!(api.state().entries.len(), 10);
}

#[test]
fn run_that_unknown_outcomes_stopped_has_an_error_even_if_they_took_effect() {
    let api = Simulation::new();
    api.set_faults(|request| match request {
        Request::List => Fault::None,
        _ => Fault::ResponseLost,
    });
    let report = block_on(run(&api, &numbered(40)));
    assert!(report.is_stopped());
    let error = report.stop_error().expect("an error");
    assert_eq!(error.status().unwrap().as_u16(), 504);
}

/// Another caller creates the integration, older, between the deletion and the registration.
#[test]
fn replacement_reports_the_deletion_if_another_caller_registered_first() {
    let api = Simulation::new();
    let old = api.add("A", &format!("{URL}old"), "url");
    let shared = api.clone();
    api.set_faults(|_| Fault::None);
    let wanted = wanted(&["A"]);
    let mut comparison = block_on(plan(&api, &wanted));
    comparison.replace = true;
    let settings = Settings {
        on_event: Some(Box::new(move |event| {
            if let Event::ChangeStarted { .. } = event {
                shared.add("A", &format!("{URL}a"), "url");
            }
        })),
        ..Settings::default()
    };
    let report = block_on(apply(&api, comparison, settings));
    let ApplyOutcome::Replaced { deleted, .. } = &report.integrations()[0].outcome else {
        panic!("{report}");
    };
    assert_eq!(deleted.id, old.id);
}

#[test]
fn pruning_keeps_every_record_that_may_be_a_truncated_one() {
    let api = Simulation::new();
    let wanted = wanted(&["Customer relations"]);
    let url = wanted[0].server_url();
    api.add("Customer rel", url, "url");
    api.add("Customer rel", url, "url");
    api.add("Customer re...", url, "url");
    let report = block_on(run_with(&api, &wanted, |plan| plan.prune = true));
    assert_eq!(outcomes(&report), ["undecidable"]);
    assert_eq!(api.state().entries.len(), 3);
}

/// Such a value differs in every plan, so that each run would replace the integration.
#[test]
fn value_that_the_api_stores_in_another_form_does_not_converge() {
    let api = Simulation::new();
    api.state().storage = |entry| entry.auth_method = Some("none".to_owned());
    for _ in 0..2 {
        let report = block_on(run_with(&api, &wanted(&["A"]), |plan| plan.replace = true));
        assert!(!report.is_converged(), "{report}");
    }
}

#[test]
fn duplicates_of_the_same_instant_are_younger_by_their_ids() {
    let api = Simulation::new();
    for _ in 0..3 {
        api.add("A", &format!("{URL}a"), "url");
    }
    let mut state = api.state();
    let created_at = state.entries[0].created_at;
    for entry in &mut state.entries {
        entry.created_at = created_at;
    }
    drop(state);
    let remove = |plan: &mut Comparison| plan.remove_duplicates = true;
    assert!(block_on(run_with(&api, &wanted(&["A"]), remove)).is_converged());
    assert_eq!(api.state().entries.len(), 1);
    assert_eq!(api.state().entries[0].id, "id-1");
}

/// Several records can refer to one integration.
#[test]
fn pruning_deletes_each_integration_once_and_none_that_is_wanted() {
    let api = Simulation::new();
    let old = api.add("Old", &format!("{URL}old"), "url");
    let kept = api.add("A", &format!("{URL}a"), "url");
    let mut others = [
        api.add("Old too", &format!("{URL}old"), "url"),
        api.add("B", &format!("{URL}b"), "url"),
    ];
    let (old, kept) = (old.custom_integration_id, kept.custom_integration_id);
    others[0].custom_integration_id.clone_from(&old);
    others[1].custom_integration_id.clone_from(&kept);
    api.state().entries.truncate(2);
    api.state().entries.extend(others);
    let report = block_on(run_with(&api, &wanted(&["A"]), |plan| plan.prune = true));
    assert!(report.is_converged());
    assert_eq!(
        api.take_requests(),
        [Request::List, Request::Delete(old.unwrap())]
    );
    assert_eq!(names(&api), ["A", "B"]);
}
