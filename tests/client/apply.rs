//! Bringing a catalogue to a list.

use std::time::Duration;

use duvo::mock::{Fault, Response, Server};
use duvo::{Auth, AuthMethod, CustomIntegration, Event, Report, RetryPolicy, blocking};
use duvo_test_support::client::TEAM;
use duvo_test_support::mock_server::Provisioning;
use serde_json::json;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};

const URL: &str = "https://mcp.example.com/";

/// What the tests do with a server.
trait Applying {
    async fn apply(&self, wanted: &[CustomIntegration]) -> Report;
    fn names(&self) -> Vec<String>;
}

impl Applying for Provisioning {
    async fn apply(&self, wanted: &[CustomIntegration]) -> Report {
        self.team.plan(wanted).await.unwrap().apply().await
    }

    fn names(&self) -> Vec<String> {
        let integrations = self.catalogue.integrations().into_iter();
        let mut names: Vec<_> = integrations.map(|found| found.name).collect();
        names.sort_unstable();
        names
    }
}

fn wanted(numbers: std::ops::Range<usize>) -> Vec<CustomIntegration> {
    let integration = |number| {
        let (name, url) = (format!("New {number:03}"), format!("{URL}new/{number}"));
        CustomIntegration::new(name, url, Auth::Url).unwrap()
    };
    numbers.map(integration).collect()
}

fn outcomes(report: &Report) -> Vec<&'static str> {
    let integrations = report.integrations().iter();
    integrations
        .map(|applied| applied.outcome.as_str())
        .collect()
}

/// 3 pages of 250 integrations, 60 registrations, and 4 pages of 310 integrations.
#[tokio::test]
async fn sixty_integrations_in_a_catalogue_of_250_take_67_requests() {
    let setup = Provisioning::start();
    for number in 0..250 {
        let name = format!("Other {number}");
        setup
            .catalogue
            .add_custom(name, format!("{URL}{number}"), AuthMethod::Url);
    }
    // One request more would be rejected.
    setup
        .catalogue
        .set_rate_limit(67, Duration::from_secs(3600));
    let report = setup.apply(&wanted(0..60)).await;
    assert!(report.is_converged(), "{report}");
    assert_eq!(setup.server.requests().len(), 67);
    assert_eq!(setup.catalogue.integrations().len(), 310);
    assert!(
        outcomes(&report)
            .iter()
            .all(|outcome| *outcome == "created")
    );
}

#[tokio::test]
async fn second_run_takes_one_listing() {
    let setup = Provisioning::start();
    assert!(setup.apply(&wanted(0..3)).await.is_converged());
    let before = setup.server.requests().len();
    let report = setup.apply(&wanted(0..3)).await;
    assert_eq!(outcomes(&report), ["exists", "exists", "exists"]);
    assert_eq!(setup.server.requests().len(), before + 1);
}

/// An idempotency key that a call repeats is the same in each of its attempts.
#[tokio::test]
async fn rate_limited_registration_is_repeated_under_the_same_key() {
    let setup = Provisioning::start();
    for _ in 0..9 {
        let response = Response::new(429).with_retry_after(Duration::ZERO);
        setup.catalogue.next_registration(Fault::rejected(response));
    }
    let report = setup.apply(&wanted(0..1)).await;
    assert!(report.is_converged(), "{report}");
    let requests = setup.server.requests();
    let keys: Vec<_> = requests
        .iter()
        .filter_map(|request| request.header("idempotency-key"))
        .collect();
    assert_eq!(keys.len(), 10);
    assert!(keys.iter().all(|key| *key == keys[0]));
}

#[tokio::test]
async fn disabled_retries_are_respected() {
    let setup = Provisioning::start();
    let client = setup.server.client_builder();
    let client = client.retry_policy(RetryPolicy::never()).build().unwrap();
    let response = Response::new(429).with_retry_after(Duration::ZERO);
    setup.catalogue.next_registration(Fault::rejected(response));
    let plan = client.team(TEAM).plan(&wanted(0..1)).await.unwrap();
    let report = plan.apply().await;
    assert_eq!(report.stop_error().unwrap().status().unwrap(), 429);
    assert_eq!(setup.server.requests().len(), 2);
}

#[tokio::test]
async fn lost_responses_are_settled_and_nothing_is_registered_twice() {
    let setup = Provisioning::start();
    setup.catalogue.inject(|request, number| {
        let is_registration = request.method() == "POST";
        let response = match number % 4 {
            0 => Response::html(504, "<html>Gateway Timeout</html>"),
            1 => Response::reset(),
            2 => Response::new(204),
            _ => return None,
        };
        is_registration.then(|| Fault::lost(response))
    });
    let report = setup.apply(&wanted(0..20)).await;
    assert!(report.is_converged(), "{report}");
    assert_eq!(setup.catalogue.integrations().len(), 20);
    assert!(outcomes(&report).contains(&"exists"));
    assert!(outcomes(&report).contains(&"created"));
}

#[tokio::test]
async fn rejected_key_stops_the_run_and_is_printed_once() {
    let setup = Provisioning::start();
    setup.catalogue.inject(|request, _| {
        let response = Response::json(401, &json!({"error": "Unauthorized", "message": "Revoked"}));
        (request.method() == "POST").then(|| Fault::rejected(response))
    });
    let report = setup.apply(&wanted(0..60)).await;
    assert!(report.is_stopped());
    assert_eq!(report.stop_error().unwrap().status().unwrap(), 401);
    assert!(setup.server.requests().len() <= 17);
    let text = report.to_string();
    assert_eq!(text.matches("Revoked").count(), 1, "{text}");
    assert!(text.contains("not attempted"), "{text}");
    let outcomes = outcomes(&report);
    let not_attempted = outcomes
        .iter()
        .filter(|outcome| **outcome == "not_attempted");
    assert!(not_attempted.count() >= 44);
}

#[tokio::test]
async fn unreachable_api_stops_the_run() {
    let Provisioning {
        server,
        catalogue: _,
        team,
    } = Provisioning::start();
    let plan = team.plan(&wanted(0..60)).await.unwrap();
    drop(server);
    let report = plan.apply().await;
    assert!(report.stop_error().unwrap().is_connect(), "{report}");
    assert!(
        outcomes(&report)[20..]
            .iter()
            .all(|outcome| *outcome == "not_attempted")
    );
}

#[tokio::test]
async fn unwanted_integrations_and_duplicates_are_deleted_only_by_name() {
    let setup = Provisioning::start();
    let add = |name: &str, path: &str| {
        let url = format!("{URL}{path}");
        setup.catalogue.add_custom(name, url, AuthMethod::Url)
    };
    add("New 000", "new/0");
    add("New 000", "new/0");
    add("Old", "old");
    let plan = setup.team.plan(&wanted(0..1)).await.unwrap();
    let report = plan.prune(true).remove_duplicates(true).apply().await;
    assert!(report.is_converged(), "{report}");
    assert_eq!(setup.names(), ["New 000"]);
    assert_eq!(
        setup.server.requests().len(),
        3,
        "no listing after deletions"
    );
}

#[tokio::test]
async fn deletion_that_the_api_denies_is_an_error() {
    let setup = Provisioning::start();
    setup.catalogue.add_custom("Old", URL, AuthMethod::Url);
    setup
        .catalogue
        .next_deletion(Fault::rejected(Response::json(
            200,
            &json!({"success": false, "message": "it is in use"}),
        )));
    let plan = setup.team.plan(&[]).await.unwrap();
    let report = plan.prune(true).apply().await;
    assert!(!report.is_converged());
    let text = report.to_string();
    assert!(text.contains("it is in use"), "{text}");
}

#[tokio::test]
async fn graceful_shutdown_finishes_what_was_sent() {
    let setup = Provisioning::start();
    let plan = setup.team.plan(&wanted(0..40)).await.unwrap();
    let (stop, stopped) = oneshot::channel();
    let mut stop = Some(stop);
    let report = plan
        .apply()
        .concurrency(4)
        .graceful_shutdown(stopped)
        .on_event(|event| {
            if matches!(event, Event::ChangeFinished { finished: 5, .. }) {
                stop.take().unwrap().send(()).unwrap();
            }
        })
        .await;
    assert!(report.is_stopped());
    assert!(report.stop_error().is_none());
    let created = outcomes(&report);
    let created = created.iter().filter(|outcome| **outcome == "created");
    let created = created.count();
    assert!((5..=10).contains(&created), "{created}");
    assert_eq!(setup.catalogue.integrations().len(), created);
    assert!(report.to_string().contains("was stopped"), "{report}");
    assert!(setup.apply(&wanted(0..40)).await.is_converged());
    assert_eq!(setup.catalogue.integrations().len(), 40);
}

/// The limit of one request is exhausted by the plan.
#[tokio::test]
async fn graceful_shutdown_does_not_wait_for_the_rate_limit() {
    let setup = Provisioning::start();
    setup.catalogue.set_rate_limit(1, Duration::from_secs(50));
    let plan = setup.team.plan(&wanted(0..3)).await.unwrap();
    let (stop, stopped) = oneshot::channel();
    let mut stop = Some(stop);
    let report = plan
        .apply()
        .graceful_shutdown(stopped)
        .on_event(|event| {
            if let Event::RateLimited { wait } = event {
                // Unix times and dates have whole seconds.
                assert!(wait <= Duration::from_secs(51));
                stop.take().unwrap().send(()).unwrap();
            }
        })
        .await;
    assert_eq!(outcomes(&report), ["not_attempted"; 3]);
    assert_eq!(setup.server.requests().len(), 1);
}

#[tokio::test]
async fn dropped_run_is_completed_by_the_next_one() {
    let setup = Provisioning::start();
    let plan = setup.team.plan(&wanted(0..40)).await.unwrap();
    let (stop, stopped) = oneshot::channel();
    let mut stop = Some(stop);
    let applying = plan.apply().on_event(|event| {
        if matches!(event, Event::ChangeFinished { finished: 5, .. }) {
            stop.take().unwrap().send(()).unwrap();
        }
    });
    tokio::select! {
        _ = applying.into_future() => panic!("the run was not interrupted"),
        _ = stopped => {}
    }
    assert!(setup.catalogue.integrations().len() < 40);
    // A registration that was in flight may take effect after this listing.
    let report = setup.apply(&wanted(0..40)).await;
    assert!(report.is_converged(), "{report}");
    let duplicates = report.integrations().iter();
    let duplicates = duplicates.map(|applied| applied.duplicates.len());
    assert_eq!(
        setup.catalogue.integrations().len(),
        40 + duplicates.sum::<usize>()
    );
}

#[tokio::test]
async fn two_appliers_at_once_converge() {
    let setup = Provisioning::start();
    let list = wanted(0..30);
    let (first, second) = tokio::join!(setup.apply(&list), setup.apply(&list));
    assert!(first.is_converged(), "{first}");
    assert!(second.is_converged(), "{second}");
    let plan = setup
        .team
        .plan(&list)
        .await
        .unwrap()
        .remove_duplicates(true);
    let report = plan.apply().await;
    assert!(report.is_converged(), "{report}");
    assert_eq!(setup.catalogue.integrations().len(), 30);
}

#[tokio::test]
async fn report_has_no_secret_even_if_the_server_echoes_it() {
    let setup = Provisioning::start();
    let auth = Auth::oauth_client("id", "hunter2-secret");
    let secret = CustomIntegration::new("CRM", format!("{URL}?token=hunter2-token"), auth).unwrap();
    setup.catalogue.inject(|request, _| {
        (request.method() == "POST").then(|| {
            let body = String::from_utf8_lossy(request.body()).into_owned();
            Fault::rejected(Response::json(
                400,
                &json!({"error": "Bad Request", "message": body}),
            ))
        })
    });
    let report = setup.apply(&[secret]).await;
    let json = serde_json::to_string(&report).unwrap();
    for text in [report.to_string(), json, format!("{report:?}")] {
        assert!(!text.contains("hunter2-secret"), "{text}");
    }
}

#[tokio::test]
async fn report_serializes_in_its_documented_form() {
    let setup = Provisioning::start();
    let old = setup
        .catalogue
        .add_custom("Old", format!("{URL}old"), AuthMethod::Url);
    let plan = setup.team.plan(&wanted(0..1)).await.unwrap();
    let report = plan.prune(true).apply().await;
    let created = setup.catalogue.integrations().remove(0);
    assert_eq!(
        serde_json::to_value(&report).unwrap(),
        json!({
            "team": "team_01hzx3f8q2",
            "converged": true,
            "stopped": null,
            "integrations": [{
                "name": "New 000",
                "server_url": "https://mcp.example.com/new/0",
                "auth_method": "url",
                "outcome": "created",
                "integration": {
                    "id": created.id,
                    "name": "New 000",
                    "created_at": created.created_at,
                    "custom_integration_id": created.custom_integration_id,
                    "server_url": "https://mcp.example.com/new/0",
                    "auth_method": "url",
                },
            }],
            "deletions": [{
                "integration": {
                    "id": old.id,
                    "name": "Old",
                    "created_at": old.created_at,
                    "custom_integration_id": old.custom_integration_id,
                    "server_url": "https://mcp.example.com/old",
                    "auth_method": "url",
                },
                "outcome": "deleted",
            }],
        })
    );
    assert_eq!(
        report.to_string(),
        format!(
            "\
Team team_01hzx3f8q2:

  + New 000  created, id {}
  - Old      deleted, https://mcp.example.com/old, created {}, id {}

Done: 1 created, 1 deleted.",
            created.id,
            old.created_at,
            old.custom_integration_id.unwrap()
        )
    );
}

#[test]
fn blocking_plan_is_applied() {
    let server = Server::start().unwrap();
    let catalogue = server.catalogue();
    let client: blocking::Client = server.client_builder().build_blocking().unwrap();
    let team = client.team(TEAM);
    let plan = team.plan(&wanted(0..3)).unwrap();
    assert_eq!(plan.counts().create, 3);
    assert!(plan.to_string().ends_with("Plan: 3 to create."), "{plan}");
    let mut finished = 0;
    let report = plan.apply_with(|apply| {
        apply.concurrency(2).on_event(|event| {
            finished += usize::from(matches!(event, Event::ChangeFinished { .. }));
        })
    });
    assert!(report.unwrap().is_converged());
    assert_eq!(finished, 3);
    assert_eq!(catalogue.integrations().len(), 3);
    let plan = team.plan(&[]).unwrap().prune(true);
    assert!(plan.apply().unwrap().is_converged());
    assert_eq!(catalogue.integrations(), []);
}

#[tokio::test]
async fn blocking_plan_is_not_applied_inside_a_runtime() {
    let server = Server::start().unwrap();
    let catalogue = server.catalogue();
    let client = server.client_builder().build_blocking().unwrap();
    let team = client.team(TEAM);
    let plan = std::thread::spawn(move || team.plan(&wanted(0..1)).unwrap());
    let plan = plan.join().unwrap();
    assert!(plan.apply().unwrap_err().is_configuration());
    assert_eq!(catalogue.integrations(), []);
}

/// An API that honors the key returns the integration that was deleted.
#[tokio::test]
async fn replacement_is_registered_under_another_key_than_the_deleted_integration() {
    let setup = Provisioning::start();
    setup.catalogue.set_honors_idempotency_key(true);
    let wanted = |path: &str| {
        let url = format!("{URL}{path}");
        let integration = CustomIntegration::new("A", url, Auth::Url).unwrap();
        [integration.with_idempotency_key("key-1").unwrap()]
    };
    assert!(setup.apply(&wanted("old")).await.is_converged());
    let plan = setup.team.plan(&wanted("new")).await.unwrap();
    let report = plan.replace(true).apply().await;
    assert!(report.is_converged(), "{report}");
    assert_eq!(setup.names(), ["A"]);
}

/// A 404 can also mean that the operation does not exist, or come from a proxy.
#[tokio::test]
async fn missing_integration_is_deleted_only_if_the_catalogue_does_not_contain_it() {
    for is_missing in [false, true] {
        let setup = Provisioning::start();
        let old = setup
            .catalogue
            .add_custom("Old", format!("{URL}old"), AuthMethod::Url);
        let plan = setup.team.plan(&[]).await.unwrap().prune(true);
        if is_missing {
            let id = old.custom_integration_id.unwrap();
            let client = setup.server.client().unwrap();
            client.delete_custom_integration(&id).await.unwrap();
        } else {
            let response = Response::html(404, "<html>Not Found</html>");
            setup.catalogue.next_deletion(Fault::rejected(response));
        }
        let report = plan.apply().await;
        assert_eq!(report.is_converged(), is_missing, "{report}");
        let outcome = report.deletions()[0].outcome.as_str();
        assert_eq!(outcome, if is_missing { "deleted" } else { "failed" });
    }
}

/// The reset is beyond the total timeout of each call.
#[tokio::test]
async fn changes_wait_for_a_reset_that_outlasts_a_call() {
    let setup = Provisioning::start();
    let client = setup.server.client_builder();
    let client = client.total_timeout(Duration::from_secs(2)).build();
    let team = client.unwrap().team(TEAM);
    setup.catalogue.set_rate_limit(3, Duration::from_secs(3));
    let plan = team.plan(&wanted(0..3)).await.unwrap();
    let report = plan.apply().await;
    assert!(report.is_converged(), "{report}");
    let requests = setup.server.requests().len();
    assert!(requests < 15, "{requests}");
}

#[tokio::test]
async fn graceful_shutdown_does_not_wait_for_the_delay_after_a_rejection() {
    let setup = Provisioning::start();
    let client = setup.server.client().unwrap();
    let response = Response::new(429).with_retry_after(Duration::from_secs(30));
    let response = response.with_delay(Duration::from_millis(200));
    setup.catalogue.next_registration(Fault::rejected(response));
    let plan = client.team(TEAM).plan(&wanted(0..1)).await.unwrap();
    let start = Instant::now();
    let shutdown = sleep(Duration::from_millis(50));
    let report = plan.apply().graceful_shutdown(shutdown).await;
    assert!(start.elapsed() < Duration::from_secs(15), "{report}");
    assert_eq!(outcomes(&report), ["not_attempted"]);
}
