//! Listings in which single records are unreadable.

use duvo::mock::Server;
use duvo::{Auth, CustomIntegration, Delivery, EnsureOutcome, Ensured, ErrorKind};
use duvo_test_support::api::Api;
use duvo_test_support::client::{API_KEY, TEAM, builder, registration_error};
use duvo_test_support::document;
use duvo_test_support::integrations::entry;
use duvo_test_support::mock_server::{change_pages, count, start_with, team_of};
use futures_util::StreamExt as _;
use serde_json::Value;

const URL: &str = "https://mcp.example.com";

/// Starts a server with a catalogue of three integrations, of which the second has this name and the
/// text of its record is replaced.
fn start(name: &str, replace: fn(&mut Value), from: &'static str, to: &'static str) -> Server {
    let names = ["First", name, "Third"];
    let entries = names
        .iter()
        .zip(1..)
        .map(|(name, number)| entry(number, name, URL));
    let (server, catalogue) = start_with(entries);
    change_pages(&catalogue, move |_, mut page| {
        if let Some(record) = page["integrations"].get_mut(1) {
            replace(record);
        }
        page.to_string().replace(from, to)
    });
    server
}

type Case = (
    &'static str,
    &'static str,
    fn(&mut Value),
    &'static str,
    &'static str,
);

/// The situation, the name of the record, and what is replaced in it.
const UNREADABLE: [Case; 8] = [
    (
        "lone surrogate in the name",
        "Rocket LONE",
        |_| {},
        "LONE",
        "\\ud83d",
    ),
    (
        "null in `team_id`",
        "Rocket",
        |record| record["team_id"] = Value::Null,
        "",
        "",
    ),
    (
        "null in `provider`",
        "Rocket",
        |record| record["provider"] = Value::Null,
        "",
        "",
    ),
    (
        "null in `oauth_scopes`",
        "Rocket",
        |record| {
            record["oauth_scopes"] = serde_json::json!(["a", null]);
        },
        "",
        "",
    ),
    (
        "missing `provider`",
        "Rocket",
        |record| {
            record.as_object_mut().unwrap().remove("provider");
        },
        "",
        "",
    ),
    (
        "field of another type",
        "Rocket",
        |record| record["shared"] = 7.into(),
        "",
        "",
    ),
    (
        "invalid timestamp",
        "Rocket",
        |record| record["created_at"] = "soon".into(),
        "",
        "",
    ),
    (
        "duplicate field",
        "Rocket",
        |_| {},
        "\"Rocket\"",
        "\"Rocket\",\"id\":\"7\"",
    ),
];

#[tokio::test]
async fn unreadable_record_does_not_block_other_integrations() {
    for (situation, name, replace, from, to) in UNREADABLE {
        let server = start(name, replace, from, to);
        let desired = CustomIntegration::new("Third", URL, Auth::Url).unwrap();
        let ensured = team_of(&server).ensure_custom_integration(&desired).await;
        assert_eq!(
            ensured.expect(situation).outcome,
            EnsureOutcome::AlreadyExists
        );
        let desired = CustomIntegration::new("Fourth", URL, Auth::Url).unwrap();
        let ensured = team_of(&server).ensure_custom_integration(&desired).await;
        assert_eq!(ensured.expect(situation).outcome, EnsureOutcome::Created);
        assert_eq!(count(&server, "POST"), 1, "{situation}");
    }
}

#[tokio::test]
async fn unreadable_record_that_could_be_the_integration_is_not_registered_again() {
    for (situation, name, replace, from, to) in UNREADABLE {
        let server = start(name, replace, from, to);
        let desired = CustomIntegration::new(name.replace("LONE", "🚀"), URL, Auth::Url).unwrap();
        let error = team_of(&server)
            .ensure_custom_integration(&desired)
            .await
            .expect_err(situation);
        assert_eq!(error.kind(), ErrorKind::UnreadableResponse, "{situation}");
        assert_eq!(error.delivery(), Delivery::NotSent, "{situation}");
        assert_eq!(count(&server, "POST"), 0, "{situation}");
    }
}

#[tokio::test]
async fn page_returns_unreadable_records_with_reason_position_and_json() {
    for (situation, name, replace, from, to) in UNREADABLE {
        let server = start(name, replace, from, to);
        let page = team_of(&server)
            .integrations()
            .page()
            .await
            .expect(situation);
        let ids: Vec<_> = page.integrations.iter().map(|found| &*found.id).collect();
        assert_eq!(ids, ["id-1", "id-3"], "{situation}");
        assert_eq!((page.total, page.limit, page.offset), (3, 100, 0));
        let [record] = page.unreadable() else {
            panic!("{situation}: {page:?}");
        };
        assert_eq!(record.position(), 1, "{situation}");
        assert!(!record.reason().is_empty(), "{situation}");
        assert!(record.raw_json().starts_with('{'), "{situation}");
        assert!(record.name().unwrap().starts_with("Rocket"), "{situation}");
        let id = record.custom_integration_id();
        assert_eq!(id.as_deref(), Some("custom-2"), "{situation}");
        assert_eq!(record.server_url().as_deref(), Some(URL), "{situation}");
    }
    let (_, name, replace, from, to) = UNREADABLE[4];
    let page = team_of(&start(name, replace, from, to))
        .integrations()
        .page()
        .await
        .unwrap();
    let reason = page.unreadable()[0].reason();
    assert!(reason.contains("missing field `provider`"), "{reason}");
}

#[tokio::test]
async fn stream_continues_after_an_unreadable_record() {
    for (situation, name, replace, from, to) in UNREADABLE {
        let server = start(name, replace, from, to);
        for limit in 2..=3 {
            let stream = team_of(&server).integrations().limit(limit).stream();
            let items: Vec<_> = stream.collect().await;
            let [Ok(first), Err(error), Ok(third)] = items.as_slice() else {
                panic!("{situation}: {items:?}");
            };
            assert_eq!((&*first.id, &*third.id), ("id-1", "id-3"));
            assert_eq!(error.kind(), ErrorKind::UnreadableResponse, "{situation}");
            assert_eq!(error.status().unwrap(), 200, "{situation}");
            let record = error.unreadable_record().unwrap();
            assert_eq!(record.position(), 1, "{situation}");
            assert_eq!(error.body(), Some(record.raw_json().as_bytes()));
        }
    }
}

#[tokio::test]
async fn all_returns_unreadable_records_beside_the_others() {
    let entries = (1..=5).map(|number| entry(number, &format!("Integration {number}"), URL));
    let (server, catalogue) = start_with(entries);
    change_pages(&catalogue, |_, mut page| {
        if page["offset"] != 0 {
            page["integrations"][0]["team_id"] = Value::Null;
        }
        page.to_string()
    });
    let list = team_of(&server).integrations().offset(1).limit(2);
    let all = list.all().await.unwrap();
    let ids: Vec<_> = all.iter().map(|found| &*found.id).collect();
    assert_eq!(ids, ["id-3", "id-5"]);
    let positions: Vec<_> = all
        .unreadable
        .iter()
        .map(duvo::UnreadableRecord::position)
        .collect();
    assert_eq!(positions, [1, 3]);
}

/// Starts a server with a catalogue of four records in pages of two, of which the second and the third
/// are unreadable and have this JSON.
fn start_with_equal_records(json: &'static str) -> Server {
    let entries = (1..=4).map(|number| entry(number, &format!("Integration {number}"), URL));
    let (server, catalogue) = start_with(entries);
    change_pages(&catalogue, move |_, mut page| {
        page["limit"] = 2.into();
        let index = usize::from(page["offset"] == 0);
        let records = page["integrations"].as_array_mut().unwrap();
        records.truncate(2);
        records[index] = "RECORD".into();
        page.to_string().replace("\"RECORD\"", json)
    });
    server
}

#[tokio::test]
async fn equal_unreadable_records_without_an_id_are_not_a_repetition() {
    for json in ["null", "7", "{}", r#"{"id":7}"#, r#"{"name":"Rocket"}"#] {
        let server = start_with_equal_records(json);
        let all = team_of(&server).integrations().all().await.expect(json);
        let ids: Vec<_> = all.iter().map(|found| &*found.id).collect();
        assert_eq!(ids, ["id-1", "id-4"], "{json}");
        let items: Vec<_> = team_of(&server).integrations().stream().collect().await;
        let readable: Vec<_> = items.iter().map(Result::is_ok).collect();
        assert_eq!(readable, [true, false, false, true], "{json}");
        let ensured = ensure(&server, "Integration 4").await.expect(json);
        assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists, "{json}");
    }
}

#[tokio::test]
async fn unreadable_records_with_the_same_id_are_a_repetition() {
    for json in [r#"{"id":"7"}"#, r#"{"custom_integration_id":"7"}"#] {
        let server = start_with_equal_records(json);
        let error = team_of(&server).integrations().all().await.expect_err(json);
        assert_eq!(error.kind(), ErrorKind::UnreadableResponse, "{json}");
    }
}

#[tokio::test]
async fn stream_keeps_the_order_of_readable_and_unreadable_records() {
    let entries = (1..=6).map(|number| entry(number, &format!("Integration {number}"), URL));
    let (server, catalogue) = start_with(entries);
    change_pages(&catalogue, |_, mut page| {
        for index in [0, 2, 3, 5] {
            page["integrations"][index] = Value::Null;
        }
        page.to_string()
    });
    let items: Vec<_> = team_of(&server).integrations().stream().collect().await;
    let readable: Vec<_> = items.iter().map(Result::is_ok).collect();
    assert_eq!(readable, [false, true, false, false, true, false]);
    let ids: Vec<_> = items.iter().flatten().map(|found| &*found.id).collect();
    assert_eq!(ids, ["id-2", "id-5"]);
}

#[test]
fn blocking_iterator_continues_after_an_unreadable_record() {
    let (_, name, replace, from, to) = UNREADABLE[1];
    let server = start(name, replace, from, to);
    let client = builder(server.url()).build_blocking().unwrap();
    let items: Vec<_> = client.team(TEAM).integrations().iter().collect();
    let readable: Vec<_> = items.iter().map(Result::is_ok).collect();
    assert_eq!(readable, [true, false, true]);
    let all = client.team(TEAM).integrations().all().unwrap();
    assert_eq!((all.len(), all.unreadable.len()), (2, 1));
}

async fn ensure(server: &Server, name: &str) -> duvo::Result<Ensured> {
    let desired = CustomIntegration::new(name, URL, Auth::Url).unwrap();
    team_of(server).ensure_custom_integration(&desired).await
}

/// Starts a server with a catalogue of one integration, and of a record with this JSON.
fn start_with_record(json: &'static str) -> Server {
    let entries = [entry(1, "First", URL), entry(2, "Second", URL)];
    let (server, catalogue) = start_with(entries);
    change_pages(&catalogue, move |_, mut page| {
        page["integrations"][1] = "RECORD".into();
        page.to_string().replace("\"RECORD\"", json)
    });
    server
}

#[tokio::test]
async fn record_whose_name_is_unreadable_prevents_registrations_only() {
    for json in [
        "null",
        "7",
        "\"Rocket\"",
        "[]",
        "{}",
        r#"{"name":null}"#,
        r#"{"name":7}"#,
        r#"{"name":"a","name":"b"}"#,
        r#"{"name":"\ud83d"}"#,
    ] {
        let server = start_with_record(json);
        let error = ensure(&server, "Rocket").await.expect_err(json);
        assert_eq!(error.delivery(), Delivery::NotSent, "{json}");
        let record = error.unreadable_record().expect(json);
        assert_eq!((record.position(), record.raw_json()), (1, json));
        assert_eq!(count(&server, "POST"), 0, "{json}");
        let ensured = ensure(&server, "First").await.expect(json);
        assert_eq!(ensured.outcome, EnsureOutcome::AlreadyExists);
        assert_eq!(&ensured.unreadable[0], record, "{json}");
    }
}

#[tokio::test]
async fn unreadable_record_is_compared_by_what_is_readable_of_its_name() {
    for (json, desired, may_be) in [
        (r#"{"name":"Rocket"}"#, " ROCKET ", true),
        (
            r#"{"name":"Rocket","server_url":"https://mcp.example.com/other"}"#,
            "Rocket",
            true,
        ),
        (r#"{"name":"Rocket"}"#, "Rocket of Sales", true),
        (
            r#"{"name":"Rocket","server_url":"https://mcp.example.com/"}"#,
            "Rocket of Sales",
            true,
        ),
        (
            r#"{"name":"Rocket","server_url":"https://mcp.example.com/other"}"#,
            "Rocket of Sales",
            false,
        ),
        (r#"{"name":"Rocket"}"#, "Rock", false),
        (r#"{"name":"Rocket \ud83d"}"#, "rocket 🚀", true),
        (r#"{"name":"Rocket \ud83d"}"#, "rock", false),
        (r#"{"name":"\udc00 Rocket"}"#, "CRM", true),
    ] {
        let server = start_with_record(json);
        let ensured = ensure(&server, desired).await;
        assert_eq!(ensured.is_err(), may_be, "{json} {desired}");
        assert_eq!(
            count(&server, "POST"),
            usize::from(!may_be),
            "{json} {desired}"
        );
    }
}

/// The listing after the registration is the second one.
#[tokio::test]
async fn unreadable_record_of_the_created_integration_is_not_its_own_duplicate() {
    let (server, catalogue) = start_with([]);
    change_pages(&catalogue, |_, mut page| {
        for record in page["integrations"].as_array_mut().unwrap() {
            record["provider"] = Value::Null;
        }
        page.to_string()
    });
    let ensured = ensure(&server, "CRM").await.unwrap();
    assert_eq!(ensured.outcome, EnsureOutcome::Created);
    assert_eq!(ensured.unreadable, []);
    ensure(&server, "CRM").await.unwrap_err();
    assert_eq!(count(&server, "POST"), 1);
}

fn page_of(records: &[&[u8]]) -> Vec<u8> {
    let total = records.len();
    let tail = format!(r#"],"total":{total},"limit":100,"offset":0}}"#);
    [
        br#"{"integrations":["#,
        records.join(&b',').as_slice(),
        tail.as_bytes(),
    ]
    .concat()
}

#[tokio::test]
async fn record_with_invalid_utf8_does_not_block_the_others() {
    let record = |name: &str| serde_json::to_vec(&entry(1, name, URL)).unwrap();
    let (readable, text) = (record("Third"), record("Caf_ au lait"));
    let at = text.windows(4).position(|bytes| bytes == b"Caf_").unwrap();
    let mut invalid = text;
    invalid[at + 3] = 0xe9;
    let api = Api::responding(200, &[], page_of(&[&readable, &invalid]));
    let page = api.client().team(TEAM).integrations().page().await.unwrap();
    assert_eq!(page.integrations[0].name, "Third");
    let record = &page.unreadable()[0];
    assert!(
        record.raw_json().contains("Caf\\udce9 au lait"),
        "{}",
        record.raw_json()
    );
    assert!(record.name().unwrap().starts_with("Caf\u{fffd}"));
}

#[tokio::test]
async fn page_whose_own_fields_are_unreadable_is_an_error() {
    let api = Api::responding(200, &[], "");
    let client = api.client();
    for body in [
        r#"{"integrations":[null],"total":1,"limit":100}"#,
        r#"{"integrations":[null],"total":"1","limit":100,"offset":0}"#,
        r#"{"integrations":[null],"total":-1,"limit":100,"offset":0}"#,
        r#"{"integrations":[null],"total":1.5,"limit":100,"offset":0}"#,
        r#"{"integrations":[],"total":1e30,"limit":100,"offset":0}"#,
        r#"{"integrations":[],"total":18446744073709551616,"limit":100,"offset":0}"#,
        r#"{"integrations":[],"total":null,"limit":100,"offset":0}"#,
        r#"{"integrations":null,"total":0,"limit":100,"offset":0}"#,
        r#"{"integrations":{},"total":0,"limit":100,"offset":0}"#,
        r#"{"integrations":[],"integrations":[],"total":0,"limit":100,"offset":0}"#,
        r#"{"total":0,"limit":100,"offset":0}"#,
        r#"{"integrations":[{"name":NaN}],"total":1,"limit":100,"offset":0}"#,
        "[]",
        "null",
    ] {
        api.respond(200, &[], body);
        let error = client.team(TEAM).integrations().page().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnreadableResponse, "{body}");
        assert!(error.unreadable_record().is_none(), "{body}");
        assert_eq!(error.body(), Some(body.as_bytes()));
        let desired = CustomIntegration::new("CRM", URL, Auth::Url).unwrap();
        client
            .team(TEAM)
            .ensure_custom_integration(&desired)
            .await
            .unwrap_err();
        assert!(
            api.requests()
                .iter()
                .all(|request| request.method() == "GET"),
            "{body}"
        );
    }
}

#[tokio::test]
async fn undocumented_members_of_a_page_are_ignored() {
    let record = serde_json::to_string(&entry(1, "CRM", URL)).unwrap();
    let body = format!(
        r#"{{"total":2,"\ud83d":1,"next":{{"a":[1]}},"integrations":[7,{record}],"limit":5,"offset":0}}"#
    );
    let api = Api::responding(200, &[], body);
    let page = api.client().team(TEAM).integrations().page().await.unwrap();
    assert_eq!((page.integrations.len(), page.unreadable().len()), (1, 1));
    assert_eq!((page.total, page.limit, page.offset), (2, 5, 0));
}

#[tokio::test]
async fn secrets_in_a_record_are_not_printed() {
    let record = format!(r#"{{"id":"1","shared":"{API_KEY}"}}"#);
    let api = Api::responding(200, &[], page_of(&[record.as_bytes()]));
    let list = api.client().team(TEAM).integrations();
    let page = list.page().await.unwrap();
    let items: Vec<_> = list.stream().collect().await;
    let error = items[0].as_ref().unwrap_err();
    let record = &page.unreadable()[0];
    assert!(record.raw_json().contains(API_KEY));
    let printed = format!("{page:?} {record:?} {} {error} {error:?}", record.reason());
    assert!(!printed.contains(API_KEY), "{printed}");
}

#[tokio::test]
async fn unreadable_response_to_a_registration_returns_its_identifier() {
    let mut body = document::response(201, "oauth");
    body["provider"] = Value::Null;
    let id = body["custom_integration_id"].as_str().map(str::to_owned);
    let api = Api::responding_json(201, &body);
    let error = registration_error(&api.client()).await;
    assert_eq!(error.delivery(), Delivery::Unknown);
    let record = error.unreadable_record().unwrap();
    assert_eq!(record.custom_integration_id(), id);
    assert_eq!(record.position(), 0);
    for body in ["", "[]", r#"{"message":"queued"}"#, "<html>"] {
        api.respond(201, &[], body);
        let error = registration_error(&api.client()).await;
        assert!(error.unreadable_record().is_none(), "{body}");
    }
}

#[tokio::test]
async fn byte_order_mark_hides_no_record() {
    let mut body = document::response(201, "oauth");
    body["provider"] = Value::Null;
    let id = body["custom_integration_id"].as_str().map(str::to_owned);
    let api = Api::responding(201, &[], format!("\u{feff}{body}"));
    let error = registration_error(&api.client()).await;
    let record = error.unreadable_record().unwrap();
    assert_eq!(record.custom_integration_id(), id);

    let page = String::from_utf8(page_of(&[br#"{"id":"1"}"#])).unwrap();
    api.respond(200, &[], format!("\u{feff}{page}"));
    let page = api.client().team(TEAM).integrations().page().await.unwrap();
    assert_eq!(page.unreadable()[0].id().as_deref(), Some("1"));
}

#[tokio::test]
async fn reason_does_not_repeat_a_long_value() {
    let record = format!(r#"{{"id":"1","shared":"{}"}}"#, "x".repeat(10_000));
    let api = Api::responding(200, &[], page_of(&[record.as_bytes()]));
    let page = api.client().team(TEAM).integrations().page().await.unwrap();
    let reason = page.unreadable()[0].reason();
    assert!(reason.len() < 400, "{reason}");
}
