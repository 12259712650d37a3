//! Ensuring an integration that the API stores in another form than requested.

use duvo::{Auth, CustomIntegration, EnsureOutcome, Integration};
use duvo_test_support::integrations::entry;
use duvo_test_support::mock_server::{count, start_with, team_of};

const URL: &str = "https://mcp.example.com/crm";

type Store = fn(&mut Integration);

/// Ensures an integration in three runs, and returns the outcomes and the number of
/// registrations.
async fn three_runs(name: &str, url: &str, store: Store) -> (Vec<EnsureOutcome>, usize) {
    let (server, catalogue) = start_with([]);
    catalogue.set_stored_form(store);
    let desired = CustomIntegration::new(name, url, Auth::Url).unwrap();
    let mut outcomes = Vec::new();
    for _ in 0..3 {
        let ensured = team_of(&server).ensure_custom_integration(&desired).await;
        outcomes.push(ensured.unwrap().outcome);
    }
    (outcomes, count(&server, "POST"))
}

#[tokio::test]
async fn integration_stored_under_an_equal_name_is_registered_once() {
    let stores: [(&str, &str, Store); 9] = [
        (
            "white space at the ends",
            "  Internal CRM\u{a0}",
            |stored| {
                stored.name = stored.name.trim().to_owned();
            },
        ),
        ("inner white space", "Internal \t CRM", |stored| {
            stored.name = "Internal CRM".to_owned();
        }),
        ("lower case", "Internal CRM", |stored| {
            stored.name = stored.name.to_lowercase();
        }),
        ("upper case", "Straße ΟΔΟΣ", |stored| {
            stored.name = stored.name.to_uppercase();
        }),
        ("NFC", "Cafe\u{301}", |stored| {
            stored.name = "Café".to_owned();
        }),
        ("NFD", "Café", |stored| {
            stored.name = "Cafe\u{301}".to_owned();
        }),
        ("NFKC", "ﬁnance ①", |stored| {
            stored.name = "finance 1".to_owned();
        }),
        ("control characters", "Internal\u{0} CRM\u{7f}", |stored| {
            stored.name = "Internal CRM".to_owned();
        }),
        ("all of these", " ＣＡＦÉ ", |stored| {
            stored.name = "cafe\u{301}".to_owned();
        }),
    ];
    for (form, name, store) in stores {
        let (outcomes, posts) = three_runs(name, URL, store).await;
        assert_eq!(posts, 1, "{form}");
        let found = EnsureOutcome::AlreadyExists;
        assert_eq!(
            outcomes,
            [EnsureOutcome::Created, found.clone(), found],
            "{form}"
        );
    }
}

#[tokio::test]
async fn integration_stored_under_a_truncated_name_is_registered_once() {
    let stores: [(&str, &str, Store); 4] = [
        ("truncated", "Internal CRM of Sales", |stored| {
            stored.name.truncate(12);
        }),
        ("with an ellipsis", "Internal CRM of Sales", |stored| {
            stored.name = "Internal CRM…".to_owned();
        }),
        ("within a character", "Internal CRM é", |stored| {
            stored.name = "Internal CRM e".to_owned();
        }),
        ("and in lower case", "Internal CRM of Sales", |stored| {
            stored.name = "internal crm o".to_owned();
        }),
    ];
    for (form, name, store) in stores {
        let (outcomes, posts) = three_runs(name, URL, store).await;
        assert_eq!(posts, 1, "{form}");
        let fields = vec!["name"];
        let differs = EnsureOutcome::Differs { fields };
        assert_eq!(
            outcomes,
            [EnsureOutcome::Created, differs.clone(), differs],
            "{form}"
        );
    }
}

#[tokio::test]
async fn integration_stored_with_an_equal_url_already_exists() {
    for (requested, stored) in [
        (
            "https://mcp.example.com/crm",
            "https://mcp.example.com/crm/",
        ),
        (
            "https://mcp.example.com/crm/",
            "https://mcp.example.com/crm",
        ),
        ("https://mcp.example.com", "https://mcp.example.com/"),
        (
            "https://mcp.example.com:443/crm",
            "https://mcp.example.com/crm",
        ),
        ("https://MCP.Example.com/crm", "https://mcp.example.com/crm"),
        (
            "https://mcp.example.com/%c3%a9",
            "https://mcp.example.com/%C3%A9",
        ),
        (
            "https://mcp.example.com/%7Ecrm",
            "https://mcp.example.com/~crm",
        ),
        (
            "https://mcp.example.com/a/../crm",
            "https://mcp.example.com/crm",
        ),
        (
            "https://mcp.example.com/crm?",
            "https://mcp.example.com/crm",
        ),
        (
            "https://mcp.example.com/crm#top",
            "https://mcp.example.com/crm",
        ),
        (
            "https://mcp.example.com/crm?q=%c3",
            "https://mcp.example.com/crm?q=%C3",
        ),
        (
            "https://xn--mnchen-3ya.example/crm",
            "https://münchen.example/crm",
        ),
        (
            "https://mcp.example.com/crm",
            " https://mcp.example.com/crm ",
        ),
    ] {
        let (server, catalogue) = start_with([]);
        catalogue.set_stored_form(move |integration| {
            integration.server_url = Some(stored.to_owned());
        });
        let desired = CustomIntegration::new("CRM", requested, Auth::Url).unwrap();
        let team = team_of(&server);
        team.ensure_custom_integration(&desired).await.unwrap();
        let second = team.ensure_custom_integration(&desired).await.unwrap();
        assert_eq!(second.outcome, EnsureOutcome::AlreadyExists, "{stored}");
        assert_eq!(count(&server, "POST"), 1, "{stored}");
    }
}

#[tokio::test]
async fn reports_what_the_api_stored_in_another_form() {
    let (server, catalogue) = start_with([]);
    catalogue.set_stored_form(|stored| {
        stored.name = stored.name.trim().to_owned();
        stored.server_url = Some("https://mcp.example.com/crm/?key=secret-1".to_owned());
    });
    let url = "https://mcp.example.com/crm?key=secret-1";
    let desired = CustomIntegration::new("CRM ", url, Auth::Url).unwrap();
    for outcome in [EnsureOutcome::Created, EnsureOutcome::AlreadyExists] {
        let ensured = team_of(&server).ensure_custom_integration(&desired).await;
        let ensured = ensured.unwrap();
        assert_eq!(ensured.outcome, outcome);
        let [name, url] = ensured.stored_differently.as_slice() else {
            panic!("{ensured:?}");
        };
        assert_eq!(
            (name.field, &*name.requested, &*name.stored),
            ("name", "CRM ", "CRM")
        );
        assert_eq!(url.field, "server_url");
        assert_eq!(url.requested, desired.server_url());
        assert_eq!(Some(&url.stored), ensured.integration.server_url.as_ref());
        let debug = format!("{:?}", ensured.stored_differently);
        assert!(debug.contains("https://mcp.example.com/crm/"), "{debug}");
        assert!(!debug.contains("secret-1"), "{debug}");
    }
}

#[tokio::test]
async fn nothing_is_reported_if_all_is_stored_as_requested() {
    let (server, _) = start_with([]);
    let desired = CustomIntegration::new(" CRM", URL, Auth::Url).unwrap();
    for _ in 0..2 {
        let ensured = team_of(&server).ensure_custom_integration(&desired).await;
        assert_eq!(ensured.unwrap().stored_differently, []);
    }
}

/// With another URL, a shorter name is the name of another integration.
#[tokio::test]
async fn shorter_name_with_another_url_is_another_integration() {
    let other = entry(1, "Internal CRM", "https://mcp.example.com/other");
    let (server, _) = start_with([other]);
    let desired = CustomIntegration::new("Internal CRM of Sales", URL, Auth::Url).unwrap();
    let ensured = team_of(&server).ensure_custom_integration(&desired).await;
    assert_eq!(ensured.unwrap().outcome, EnsureOutcome::Created);
}
