//! Listings whose pages contradict each other.

use std::collections::HashSet;

use duvo::mock::{Response, Server};
use duvo::{Auth, CustomIntegration, Delivery, ErrorKind};
use duvo_test_support::integrations::entry;
use duvo_test_support::mock_server::{change_pages, count, start_with, team_of};
use futures_util::StreamExt as _;
use serde_json::{Value, json};

/// Changes a page. The first argument is the number of the request.
type Contradict = fn(usize, &mut Value);

/// Ways in which a listing of 25 integrations is incomplete.
const CONTRADICTIONS: [(&str, Contradict); 10] = [
    ("offset is ignored", |_, page| {
        page["offset"] = 0.into();
    }),
    ("offset is clamped", |_, page| {
        page["offset"] = offset(page).min(5).into();
    }),
    ("empty page below the total", |_, page| {
        if offset(page) > 10 {
            page["integrations"] = json!([]);
        }
    }),
    ("first page is empty", |_, page| {
        page["integrations"] = json!([]);
    }),
    ("total shrinks", |number, page| {
        page["total"] = (25 - number).into();
    }),
    ("total grows", |number, page| {
        page["total"] = (25 + number).into();
    }),
    ("same page again", |_, page| {
        for (number, record) in page["integrations"]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .enumerate()
        {
            record["id"] = format!("id-{number}").into();
        }
    }),
    ("total is below the number of records", |_, page| {
        page["total"] = 7.into();
    }),
    ("pages overlap", |_, page| {
        if offset(page) > 0 {
            page["integrations"][0]["id"] = "id-1".into();
        }
    }),
    ("page has more records than its limit", |_, page| {
        let offset = offset(page);
        page["integrations"] = (0..101)
            .map(|number| json!({"id": format!("id-{}", offset + number)}))
            .collect();
        page["total"] = 202.into();
    }),
];

fn offset(page: &Value) -> u64 {
    page["offset"].as_u64().unwrap()
}

/// Starts a server with a catalogue of 25 integrations in pages of 10.
fn start(change: impl Fn(usize, &mut Value) + Send + Sync + 'static) -> Server {
    let entry = |number| {
        entry(
            number,
            &format!("Other {number}"),
            "https://mcp.example.com",
        )
    };
    let (server, catalogue) = start_with((1..=25).map(entry));
    change_pages(&catalogue, move |number, mut page| {
        page["limit"] = 10.into();
        page["integrations"].as_array_mut().unwrap().truncate(10);
        change(number, &mut page);
        page.to_string()
    });
    server
}

#[tokio::test]
async fn nothing_is_registered_after_a_contradictory_listing() {
    let desired = CustomIntegration::new("CRM", "https://mcp.example.com", Auth::Url).unwrap();
    for (contradiction, contradict) in CONTRADICTIONS {
        let server = start(contradict);
        let ensured = team_of(&server).ensure_custom_integration(&desired).await;
        let error = ensured
            .map(|ensured| ensured.outcome)
            .expect_err(contradiction);
        assert_eq!(
            error.kind(),
            ErrorKind::UnreadableResponse,
            "{contradiction}"
        );
        assert_eq!(error.delivery(), Delivery::NotSent, "{contradiction}");
        assert_eq!(error.status().unwrap(), 200, "{contradiction}");
        assert!(!error.body().unwrap().is_empty(), "{contradiction}");
        assert_eq!(error.attempts().len(), 1, "{contradiction}");
        assert_eq!(count(&server, "POST"), 0, "{contradiction}");
    }
}

#[tokio::test]
async fn contradictory_listing_ends_with_an_error() {
    for (contradiction, contradict) in CONTRADICTIONS {
        let server = start(contradict);
        let listing = team_of(&server).integrations();
        let error = listing.clone().all().await.expect_err(contradiction);
        assert_eq!(
            error.kind(),
            ErrorKind::UnreadableResponse,
            "{contradiction}"
        );
        let items: Vec<_> = listing.stream().collect().await;
        let (last, before) = items.split_last().unwrap();
        assert!(last.is_err(), "{contradiction}");
        let ids: HashSet<_> = before
            .iter()
            .map(|item| &item.as_ref().unwrap().id)
            .collect();
        assert_eq!(ids.len(), before.len(), "{contradiction}");
    }
}

#[tokio::test]
async fn page_below_the_requested_limit_does_not_end_a_listing() {
    let server = start(|_, _| {});
    let all = team_of(&server).integrations().all().await.unwrap();
    assert_eq!(all.len(), 25);
    assert_eq!(count(&server, "GET"), 3);
}

#[tokio::test]
async fn page_above_the_requested_limit_is_listed_up_to_the_maximum() {
    for (limit, length, is_listed) in [(10, 100, true), (10, 101, false), (150, 150, true)] {
        let records = (0..length).map(|number| json!({"id": format!("id-{number}")}));
        let records: Vec<_> = records.collect();
        let page = json!({"integrations": records, "total": length, "limit": 10, "offset": 0});
        let server = Server::start().unwrap();
        server
            .list_integrations()
            .respond(|_| Response::json(200, &page));
        let all = team_of(&server).integrations().limit(limit).all().await;
        assert_eq!(all.is_ok(), is_listed, "{limit}, {length}");
        assert_eq!(count(&server, "GET"), 1, "{limit}, {length}");
    }
}

/// The second page of the first listing repeats a record, although the total is the same.
#[tokio::test]
async fn listing_is_repeated_if_it_cannot_be_continued() {
    let server = start(|number, page| {
        if number == 1 {
            page["integrations"][0]["id"] = "id-1".into();
        }
    });
    let all = team_of(&server).integrations().all().await.unwrap();
    assert_eq!(all.len(), 25);
    assert_eq!(count(&server, "GET"), 5);
}

/// A page can contain an integration twice, for example once for each of its connections.
#[tokio::test]
async fn record_that_is_twice_on_a_page_is_not_a_contradiction() {
    let server = start(|_, page| {
        if offset(page) == 10 {
            page["integrations"][1]["id"] = "id-11".into();
        }
    });
    let all = team_of(&server).integrations().all().await.unwrap();
    assert_eq!(all.len(), 25);
}
