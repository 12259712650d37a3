//! Listings of a catalogue that changes between two pages.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use duvo::mock::{Request, Server};
use duvo::{Integration, IntegrationPage, Listing, Team};
use duvo_test_support::integrations::entry;
use duvo_test_support::mock_server::{count, team_of};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tokio::runtime::Builder;

/// A change of a catalogue.
#[derive(Clone, Copy, Debug)]
enum Change {
    Add { position: usize },
    Remove { position: usize },
}

const FIRST: Change = Change::Add { position: 0 };
const LAST: Change = Change::Add {
    position: usize::MAX,
};

/// Starts a server with a catalogue that changes, see [`mock_catalogue`].
fn start(changes: Vec<(usize, Change)>) -> Server {
    let server = Server::start().unwrap();
    mock_catalogue(&server, changes);
    server
}

/// Mocks a catalogue of 45 integrations, in pages of 10, that makes changes before it
/// responds to the request with this number. It replaces an earlier catalogue.
fn mock_catalogue(server: &Server, changes: Vec<(usize, Change)>) {
    let new = |number: usize| {
        entry(
            number,
            &format!("Entry {number}"),
            "https://mcp.example.com",
        )
    };
    let entries: Vec<Integration> = (0..45).map(new).collect();
    let state = Arc::new(Mutex::new((entries, 0, 1000)));
    server.list_integrations().respond_with(move |call, then| {
        let mut state = state.lock().unwrap();
        let (entries, requests, added) = &mut *state;
        for (_, change) in changes.iter().filter(|(number, _)| number == requests) {
            match *change {
                Change::Add { position } => {
                    *added += 1;
                    entries.insert(position.min(entries.len()), new(*added));
                }
                Change::Remove { position } => {
                    if !entries.is_empty() {
                        entries.remove(position % entries.len());
                    }
                }
            }
        }
        *requests += 1;
        let offset = call.offset().unwrap_or(0);
        let mut page = IntegrationPage::example();
        let listed = entries.iter().skip(offset.try_into().unwrap()).take(10);
        page.integrations = listed.cloned().collect();
        (page.total, page.limit, page.offset) = (entries.len() as u64, 10, offset);
        then.integrations(page)
    });
}

async fn list(team: &Team) -> duvo::Result<Listing> {
    team.integrations().limit(10).all().await
}

/// Returns how often each of the first 45 integrations is listed.
fn counts(listing: &Listing) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for integration in listing {
        *counts.entry(&*integration.name).or_default() += 1;
    }
    counts
}

/// Asserts that a listing contains every integration that was not removed, once.
fn assert_complete(listing: &Listing, removed: &[usize]) {
    let counts = counts(listing);
    for number in (0..45).filter(|number| !removed.contains(number)) {
        let name = format!("Entry {number}");
        assert_eq!(counts.get(&*name), Some(&1), "{name}");
    }
    assert!(counts.values().all(|count| *count == 1));
}

#[tokio::test]
async fn unchanged_catalogue_is_listed_without_overlap() {
    let server = start(vec![]);
    assert_complete(&list(&team_of(&server)).await.unwrap(), &[]);
    assert_eq!(count(&server, "GET"), 5);
}

#[tokio::test]
async fn integrations_that_are_added_do_not_repeat_the_listing() {
    for change in [FIRST, LAST] {
        let server = start((1..5).map(|number| (number, change)).collect());
        let listing = list(&team_of(&server)).await.unwrap();
        assert_complete(&listing, &[]);
        // One page is requested twice, and each later page begins one record earlier.
        let requests = count(&server, "GET");
        assert!(requests <= 8, "{change:?}: {requests}");
    }
}

#[tokio::test]
async fn removed_integrations_hide_no_others() {
    let remove = |number, position| (number, Change::Remove { position });
    let server = start(vec![remove(1, 0), remove(3, 5), remove(3, 0)]);
    let listing = list(&team_of(&server)).await.unwrap();
    assert_complete(&listing, &[0, 1, 6]);
}

/// The total grows by one, although the integrations after the first page moved up.
#[tokio::test]
async fn growth_does_not_hide_a_removal() {
    let removed = Change::Remove { position: 3 };
    let server = start(vec![(1, removed), (1, LAST), (1, LAST)]);
    let listing = list(&team_of(&server)).await.unwrap();
    assert_complete(&listing, &[3]);
    assert_eq!(listing.len(), 45 + 2);
}

#[tokio::test]
async fn plan_succeeds_while_others_register() {
    let server = start((1..20).map(|number| (number, LAST)).collect());
    let plan = team_of(&server).plan(&[]).await.unwrap();
    assert!(plan.unwanted().len() >= 45);
}

fn changes() -> impl Strategy<Value = Vec<(usize, Change)>> {
    let change = prop_oneof![
        Just(FIRST),
        Just(LAST),
        (0..60_usize).prop_map(|position| Change::Add { position }),
        (0..60_usize).prop_map(|position| Change::Remove { position }),
    ];
    // The first change changes the total: the API reports no other.
    let later = prop::collection::vec((1..12_usize, change), 0..12);
    later.prop_map(|mut changes| {
        let net = |changes: &[(usize, Change)], number| {
            let changes = changes.iter().filter(|(found, _)| *found == number);
            let net = changes.map(|(_, change)| match change {
                Change::Add { .. } => 1,
                Change::Remove { .. } => -1,
            });
            net.sum::<i32>()
        };
        let first = changes.iter().map(|(number, _)| *number).min();
        if let Some(first) = first.filter(|first| net(&changes, *first) == 0) {
            changes.push((first, LAST));
        }
        changes
    })
}

/// One server and one client for all cases: creating a client takes longer than a listing.
#[test]
fn listing_is_complete_or_an_error() {
    let server = Server::start().unwrap();
    let team = team_of(&server);
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner = TestRunner::new(ProptestConfig {
        failure_persistence: None,
        cases: 200,
        ..ProptestConfig::default()
    });
    let result = runner.run(&changes(), |changes| {
        let earlier = server.requests().len();
        mock_catalogue(&server, changes.clone());
        let Ok(listing) = runtime.block_on(list(&team)) else {
            return Ok(());
        };
        let requests = &server.requests()[earlier..];
        // A repeated listing also has a first change, which can leave its total.
        let is_first = |request: &&Request| {
            !request
                .query()
                .is_some_and(|query| query.contains("offset="))
        };
        if requests.iter().filter(is_first).count() > 1 {
            return Ok(());
        }
        // The catalogue after all changes that were made.
        let mut entries: Vec<_> = (0..45).collect();
        let mut added = 1000;
        for number in 0..requests.len() {
            for (_, change) in changes.iter().filter(|(found, _)| *found == number) {
                match *change {
                    Change::Add { position } => {
                        added += 1;
                        entries.insert(position.min(entries.len()), added);
                    }
                    Change::Remove { position } => {
                        if !entries.is_empty() {
                            entries.remove(position % entries.len());
                        }
                    }
                }
            }
        }
        let removed: Vec<_> = (0..45).filter(|number| !entries.contains(number)).collect();
        assert_complete(&listing, &removed);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}
