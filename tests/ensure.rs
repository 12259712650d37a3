//! Ensuring that an integration is registered.

mod support;

use duvo::mock::Server;
use duvo::{
    Auth, CustomIntegration, EnsureOutcome, Ensured, Integration, IntegrationPage, RetryPolicy,
};
use support::TEAM;
use support::catalogue::{Catalogue, Registration, entry};

const NAME: &str = "Internal CRM";
const URL: &str = "https://mcp.example.com/crm";

fn wanted() -> CustomIntegration {
    CustomIntegration::new(NAME, URL, Auth::Url).unwrap()
}

fn with(number: usize, name: &str, url: &str, auth_method: &str) -> Integration {
    let mut entry = entry(number, name, url);
    entry.auth_method = Some(auth_method.to_owned());
    entry
}

/// One that Duvo has built in.
fn built_in() -> Integration {
    IntegrationPage::example().integrations.remove(0)
}

async fn ensure(catalogue: &Catalogue) -> duvo::Result<Ensured> {
    catalogue.team().ensure_custom_integration(&wanted()).await
}

fn posts(catalogue: &Catalogue) -> usize {
    let requests = catalogue.requests();
    requests
        .iter()
        .filter(|request| request.starts_with("POST"))
        .count()
}

#[tokio::test]
async fn one_that_is_absent_is_created_once() {
    let others = vec![with(1, "Another", URL, "url"), built_in()];
    let catalogue = Catalogue::of(others);
    let team = catalogue.team();
    let first = team.ensure_custom_integration(&wanted()).await.unwrap();
    assert_eq!(first.outcome, EnsureOutcome::Created);
    assert_eq!(first.integration.name, NAME);
    assert!(first.duplicates.is_empty());
    let second = team.ensure_custom_integration(&wanted()).await.unwrap();
    assert_eq!(second.outcome, EnsureOutcome::AlreadyExists);
    assert_eq!(second.integration, first.integration);
    assert_eq!(posts(&catalogue), 1);
    assert_eq!(catalogue.entries().len(), 3);
}

#[tokio::test]
async fn one_that_is_there_on_a_later_page_is_found() {
    let mut entries: Vec<_> = (1..=250)
        .map(|n| with(n, &format!("Other {n}"), URL, "url"))
        .collect();
    entries.push(with(251, NAME, URL, "url"));
    let catalogue = Catalogue::of(entries);
    let ensured = ensure(&catalogue).await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
    assert_eq!(ensured.integration.id, "id-251");
    assert_eq!(posts(&catalogue), 0);
}

#[tokio::test]
async fn other_settings_are_told_and_left_as_they_are() {
    for (found, fields) in [
        (with(1, NAME, URL, "oauth"), vec!["auth_method"]),
        (
            with(1, NAME, "https://mcp.example.com/other", "url"),
            vec!["server_url"],
        ),
        (
            with(1, NAME, "https://mcp.example.com/other", "oauth"),
            vec!["server_url", "auth_method"],
        ),
    ] {
        let catalogue = Catalogue::of(vec![found.clone()]);
        let ensured = ensure(&catalogue).await.unwrap();
        assert_eq!(ensured.outcome, EnsureOutcome::Differs { fields });
        assert_eq!(ensured.integration.id, "id-1");
        assert_eq!(catalogue.entries(), [found]);
    }
}

#[tokio::test]
async fn the_same_url_in_another_spelling_is_the_same() {
    let catalogue = Catalogue::of(vec![with(
        1,
        NAME,
        "https://MCP.example.com:443/crm",
        "url",
    )]);
    let ensured = ensure(&catalogue).await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
}

#[tokio::test]
async fn what_duvo_does_not_show_is_not_known_to_differ() {
    let mut without_method = with(1, NAME, URL, "url");
    without_method.auth_method = None;
    let mut without_url = with(1, NAME, URL, "url");
    without_url.server_url = None;
    for found in [without_method, without_url] {
        let catalogue = Catalogue::of(vec![found]);
        let ensured = ensure(&catalogue).await.unwrap();
        assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
        assert_eq!(posts(&catalogue), 0);
    }
}

#[tokio::test]
async fn one_that_is_built_in_is_not_the_one() {
    let mut built_in = built_in();
    built_in.name = NAME.to_owned();
    let catalogue = Catalogue::of(vec![built_in]);
    let ensured = ensure(&catalogue).await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::Created);
}

#[tokio::test]
async fn of_several_the_oldest_is_the_one() {
    let entries = vec![
        with(3, NAME, URL, "url"),
        with(1, NAME, "https://mcp.example.com/other", "url"),
        with(2, NAME, URL, "url"),
    ];
    let catalogue = Catalogue::of(entries);
    let ensured = ensure(&catalogue).await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
    assert_eq!(ensured.integration.id, "id-2");
    assert_eq!(ensured.duplicates[0].id, "id-3");
    assert_eq!(ensured.duplicates.len(), 1);
}

/// A listing of several pages may have an integration twice, and who deletes the
/// one deletes the other.
#[tokio::test]
async fn one_that_is_listed_twice_is_no_duplicate_of_itself() {
    let mut again = with(2, NAME, URL, "url");
    again.custom_integration_id = Some("custom-1".to_owned());
    for repeated in [with(1, NAME, URL, "url"), again] {
        let catalogue = Catalogue::of(vec![with(1, NAME, URL, "url"), repeated]);
        let ensured = ensure(&catalogue).await.unwrap();
        assert_eq!(ensured.integration.id, "id-1");
        assert!(ensured.duplicates.is_empty());
    }
}

/// The identifier of the catalogue's entry is optional, in every answer.
#[tokio::test]
async fn what_was_registered_is_no_duplicate_of_itself_however_it_is_listed() {
    let whole = with(1, NAME, URL, "url");
    let mut bare = whole.clone();
    bare.custom_integration_id = None;
    for (answered, listed) in [(whole.clone(), bare.clone()), (bare, whole)] {
        let server = Server::start().unwrap();
        let mut page = IntegrationPage::example();
        (page.integrations, page.total) = (Vec::new(), 0);
        let (empty, mut one) = (page.clone(), page);
        (one.integrations, one.total) = (vec![listed], 1);
        server
            .list_integrations()
            .respond(move |then| then.integrations(empty.clone()))
            .respond(move |then| then.integrations(one.clone()));
        let answer = answered.clone();
        server
            .register_custom_integration()
            .respond(move |then| then.registered(answer.clone()));
        let team = server.client().unwrap().team(TEAM);
        let ensured = team.ensure_custom_integration(&wanted()).await.unwrap();
        assert_eq!(ensured.outcome, EnsureOutcome::Created);
        assert_eq!(ensured.integration, answered);
        assert!(ensured.duplicates.is_empty());
    }
}

#[tokio::test]
async fn callers_that_race_get_the_same_one() {
    let catalogue = Catalogue::of(vec![]).with_registrations(&[Registration::Raced]);
    let team = catalogue.team();
    let loser = team.ensure_custom_integration(&wanted()).await.unwrap();
    assert_eq!(loser.outcome, EnsureOutcome::AlreadyExists);
    assert_eq!(loser.integration.id, "id-1");
    assert_eq!(loser.duplicates[0].id, "id-2");
    let later = team.ensure_custom_integration(&wanted()).await.unwrap();
    assert_eq!(later.integration, loser.integration);
    assert_eq!(later.duplicates, loser.duplicates);
}

#[tokio::test]
async fn many_callers_at_once_agree() {
    let catalogue = Catalogue::of(vec![]);
    let calls = (0..8).map(|_| {
        let team = catalogue.team();
        async move { team.ensure_custom_integration(&wanted()).await.unwrap() }
    });
    let ensured = futures_util::future::join_all(calls).await;
    let created = ensured
        .iter()
        .filter(|ensured| ensured.outcome == EnsureOutcome::Created);
    assert_eq!(created.count(), 1);
    let last = ensure(&catalogue).await.unwrap();
    assert_eq!(last.duplicates.len() + 1, catalogue.entries().len());
    for ensured in ensured {
        assert_eq!(ensured.integration, last.integration);
    }
}

#[tokio::test]
async fn a_lost_answer_is_looked_for() {
    let catalogue = Catalogue::of(vec![]).with_registrations(&[Registration::AnswerLost]);
    let ensured = ensure(&catalogue).await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
    assert_eq!(posts(&catalogue), 1);
}

#[tokio::test]
async fn a_conflict_is_looked_for() {
    let catalogue = Catalogue::of(vec![]).with_registrations(&[Registration::Conflict]);
    let ensured = ensure(&catalogue).await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
    assert_eq!(posts(&catalogue), 1);
}

#[tokio::test]
async fn what_is_not_found_after_a_lost_answer_is_the_error_of_the_registration() {
    let catalogue = Catalogue::of(vec![]).with_registrations(&[Registration::Lost]);
    let error = ensure(&catalogue).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(504));
    assert_eq!(error.delivery(), duvo::Delivery::Unknown);
    assert_eq!(posts(&catalogue), 1);
}

#[tokio::test]
async fn another_one_of_the_name_explains_a_conflict_but_no_lost_answer() {
    let catalogue = Catalogue::of(vec![]).with_registrations(&[Registration::LostToAnother]);
    let error = ensure(&catalogue).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(504));
    assert_eq!(error.delivery(), duvo::Delivery::Unknown);

    let catalogue = Catalogue::of(vec![]).with_registrations(&[Registration::ConflictOfNames]);
    let ensured = ensure(&catalogue).await.unwrap();
    let fields = vec!["server_url"];
    assert_eq!(ensured.outcome, EnsureOutcome::Differs { fields });
}

#[tokio::test]
async fn a_refusal_is_not_looked_for() {
    let catalogue = Catalogue::of(vec![]).with_registrations(&[Registration::Refused]);
    let error = ensure(&catalogue).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(403));
    let listings = catalogue.requests().len() - posts(&catalogue);
    assert_eq!(listings, 1);
}

#[tokio::test]
async fn nothing_is_registered_if_it_cannot_be_looked_for() {
    let catalogue = Catalogue::of(vec![]);
    catalogue.fail_listings(1);
    let error = ensure(&catalogue).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
    assert_eq!(error.delivery(), duvo::Delivery::NotSent);
    assert_eq!(posts(&catalogue), 0);
}

#[tokio::test]
async fn a_success_is_not_lost_if_it_cannot_be_looked_for_afterwards() {
    // The listing that follows the registration answers 500.
    let catalogue = Catalogue::of(vec![]);
    let client = support::builder(&catalogue.url())
        .retry_policy(RetryPolicy::never())
        .build()
        .unwrap();
    catalogue.fail_listings_after_registration(1);
    let ensured = client
        .team(TEAM)
        .ensure_custom_integration(&wanted())
        .await
        .unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::Created);
    assert_eq!(ensured.integration.id, "id-1");
}
