//! Checking an integration before it is registered: one case for each row of the rules.

use duvo::mock::{Response, Server};
use duvo::{Auth, Checkup, CustomIntegration, Verdict, blocking};
use duvo_test_support::client::TEAM;
use duvo_test_support::mock_server::{client_without_backoff, count};
use serde_json::{Value, json};

const URL: &str = "https://mcp.example.com/crm";

fn tools() -> Value {
    json!({"success": true, "tools": [{"name": "search"}]})
}

fn no_tools() -> Value {
    json!({"success": true, "tools": []})
}

fn failed(reason: &str) -> Value {
    json!({"success": false, "error": reason})
}

fn dynamic() -> Value {
    json!({"supports_dcr": true, "authorization_endpoint": "https://auth.example.com"})
}

fn static_client() -> Value {
    json!({"supports_dcr": false, "authorization_endpoint": "https://auth.example.com"})
}

fn no_oauth() -> Value {
    json!({"supports_dcr": false})
}

fn server(probe: &Value, oauth: &Value) -> Server {
    let server = Server::start().unwrap();
    let response = |body: &Value| Response::json(200, body);
    let (probe, oauth) = (response(probe), response(oauth));
    server.probe_mcp_server().respond(|_| probe);
    server.check_mcp_oauth().respond(|_| oauth);
    server
}

async fn check_with(server: &Server, url: &str, auth: Auth) -> duvo::Result<Checkup> {
    let integration = CustomIntegration::new("CRM", url, auth).unwrap();
    let team = client_without_backoff(server).team(TEAM);
    team.check(&integration).await
}

#[tokio::test]
async fn verdict_follows_from_the_auth_method_the_probe_and_the_oauth_check() {
    use Verdict::{WillNotWork, Works, WorksBut};

    let client = || Auth::oauth_client("id", "secret");
    let unauthorized = || failed("HTTP 401 from the server");
    let cases: [(Auth, Value, Value, Verdict, &str); 19] = [
        (Auth::Url, tools(), no_oauth(), Works, ""),
        (
            Auth::Url,
            unauthorized(),
            no_oauth(),
            WillNotWork,
            "`apikey`, `headers` or `oauth`",
        ),
        (Auth::Url, no_tools(), no_oauth(), WorksBut, "no tools"),
        (
            Auth::Url,
            failed("getaddrinfo ENOTFOUND"),
            no_oauth(),
            WillNotWork,
            "ENOTFOUND",
        ),
        (Auth::ApiKey, unauthorized(), no_oauth(), Works, ""),
        (Auth::ApiKey, failed("Unauthorized"), no_oauth(), Works, ""),
        (
            Auth::ApiKey,
            tools(),
            no_oauth(),
            WorksBut,
            "`url` instead of `apikey`",
        ),
        (
            Auth::ApiKey,
            failed("timeout"),
            no_oauth(),
            WillNotWork,
            "timeout",
        ),
        (
            Auth::Headers,
            failed("403 Forbidden"),
            no_oauth(),
            Works,
            "",
        ),
        (
            Auth::Headers,
            tools(),
            no_oauth(),
            WorksBut,
            "`url` instead of `headers`",
        ),
        (Auth::oauth(), unauthorized(), dynamic(), Works, ""),
        (Auth::oauth(), tools(), dynamic(), Works, ""),
        (
            Auth::oauth(),
            unauthorized(),
            static_client(),
            WillNotWork,
            "Auth::oauth_client",
        ),
        (
            Auth::oauth(),
            tools(),
            no_oauth(),
            WillNotWork,
            "Auth::oauth_client",
        ),
        (
            Auth::oauth(),
            failed("timeout"),
            dynamic(),
            WillNotWork,
            "timeout",
        ),
        (client(), unauthorized(), static_client(), Works, ""),
        (client(), unauthorized(), dynamic(), Works, ""),
        (
            client(),
            unauthorized(),
            no_oauth(),
            WorksBut,
            "authorization endpoint",
        ),
        (
            client(),
            failed("port 4010 is closed"),
            dynamic(),
            WillNotWork,
            "4010",
        ),
    ];
    for (auth, probe, oauth, verdict, text) in cases {
        let case = format!("{auth:?}, {probe}, {oauth}");
        let server = server(&probe, &oauth);
        let checkup = check_with(&server, URL, auth).await.unwrap();
        assert_eq!(checkup.verdict, verdict, "{case}");
        assert!(checkup.to_string().contains(text), "{case}: {checkup}");
        assert_eq!(checkup.findings.is_empty(), verdict == Works, "{case}");
        assert_eq!(count(&server, "GET"), 0, "{case}");
    }
}

#[tokio::test]
async fn concerns_about_the_url_are_findings() {
    let server = server(&tools(), &no_oauth());
    let checkup = check_with(&server, "http://10.0.0.1:8080/mcp", Auth::Url);
    let checkup = checkup.await.unwrap();
    assert_eq!(checkup.verdict, Verdict::WorksBut);
    let next_steps: Vec<_> = checkup
        .findings
        .iter()
        .map(|finding| finding.next_step.as_str())
        .collect();
    assert_eq!(
        next_steps,
        [
            "use https",
            "use the public name of the server",
            "use the default port if Duvo cannot connect",
        ]
    );
}

#[tokio::test]
async fn call_without_a_result_is_never_a_pass() {
    for response in [
        Response::html(500, "<html>Internal Server Error</html>"),
        Response::html(504, "<html>Gateway Timeout</html>"),
        Response::json(200, &json!({"tools": [{"name": "search"}]})),
        Response::json(200, &json!({"success": true, "error": "timeout"})),
        Response::reset(),
    ] {
        let server = server(&tools(), &dynamic());
        server.probe_mcp_server().respond(|_| response.clone());
        let checkup = check_with(&server, URL, Auth::Url).await.unwrap();
        assert_eq!(checkup.verdict, Verdict::Undetermined, "{response:?}");

        let server = self::server(&tools(), &dynamic());
        server.check_mcp_oauth().respond(|_| match response {
            _ if format!("{response:?}").contains("200") => Response::json(200, &json!({})),
            response => response,
        });
        let checkup = check_with(&server, URL, Auth::oauth()).await.unwrap();
        assert_eq!(checkup.verdict, Verdict::Undetermined);
        assert!(checkup.to_string().starts_with("cannot be determined"));
    }
}

#[tokio::test]
async fn failure_outweighs_a_call_without_a_result() {
    let server = server(&failed("timeout"), &dynamic());
    server.check_mcp_oauth().respond(|_| Response::new(500));
    let checkup = check_with(&server, URL, Auth::oauth()).await.unwrap();
    assert_eq!(checkup.verdict, Verdict::WillNotWork);
    assert_eq!(checkup.findings.len(), 2);
}

#[tokio::test]
async fn rejected_key_is_an_error() {
    let server = server(&tools(), &dynamic());
    server
        .probe_mcp_server()
        .respond(|_| Response::json(401, &json!({"error": "Unauthorized"})));
    let error = check_with(&server, URL, Auth::Url).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 401);
}

#[tokio::test]
async fn checkup_is_printed_and_serialized() {
    let server = server(&failed("connect\nECONNREFUSED"), &no_oauth());
    let checkup = check_with(&server, URL, Auth::Url).await.unwrap();
    assert_eq!(
        checkup.to_string(),
        "\
will not work
  will not work: Duvo cannot use the server: connect ECONNREFUSED; check the URL, and that the server is reachable over public HTTPS and speaks streamable HTTP"
    );
    assert_eq!(
        serde_json::to_value(&checkup).unwrap(),
        json!({
            "verdict": "will_not_work",
            "findings": [{
                "effect": "will_not_work",
                "message": "Duvo cannot use the server: connect ECONNREFUSED",
                "next_step": "check the URL, and that the server is reachable over public HTTPS and speaks streamable HTTP",
            }],
            "tools": [],
        })
    );
}

/// Starts a server whose probe of one URL fails.
fn server_with_a_broken_one() -> (Server, duvo::mock::Catalogue) {
    let server = Server::start().unwrap();
    let catalogue = server.catalogue();
    server.probe_mcp_server().respond_with(|call, _| {
        let is_broken = call.server_url() == Some("https://mcp.example.com/broken");
        Response::json(
            200,
            &if is_broken {
                failed("timeout")
            } else {
                tools()
            },
        )
    });
    (server, catalogue)
}

fn wanted() -> Vec<CustomIntegration> {
    ["crm", "broken", "wiki"]
        .map(|path| {
            let url = format!("https://mcp.example.com/{path}");
            CustomIntegration::new(path, url, Auth::Url).unwrap()
        })
        .to_vec()
}

#[tokio::test]
async fn plan_does_not_register_what_will_not_work() {
    let (server, catalogue) = server_with_a_broken_one();
    catalogue.add_custom("crm", URL, duvo::AuthMethod::Url);
    let team = client_without_backoff(&server).team(TEAM);
    let plan = team.plan(&wanted()).await.unwrap().check().await.unwrap();
    // Only what the plan registers is checked.
    assert_eq!(count(&server, "POST"), 2);
    assert_eq!(plan.counts().create, 1);
    assert_eq!(plan.counts().will_not_work, 1);
    let text = plan.to_string();
    assert!(
        text.contains("x broken  https://mcp.example.com/broken (url); not registered"),
        "{text}"
    );
    assert!(
        text.contains("! broken  will not work: Duvo cannot use the server: timeout"),
        "{text}"
    );
    let json = serde_json::to_value(&plan).unwrap();
    assert_eq!(json["integrations"][1]["action"], Value::Null);
    assert_eq!(
        json["integrations"][1]["checkup"]["verdict"],
        "will_not_work"
    );
    assert_eq!(json["integrations"][2]["checkup"]["verdict"], "works");
    assert!(json["integrations"][0].get("checkup").is_none());

    let report = plan.apply().await;
    assert!(!report.is_converged());
    let outcomes: Vec<_> = report
        .integrations()
        .iter()
        .map(|applied| applied.outcome.as_str())
        .collect();
    assert_eq!(outcomes, ["exists", "will_not_work", "created"]);
    assert!(
        report.to_string().contains("not registered: will not work"),
        "{report}"
    );
    assert_eq!(catalogue.integrations().len(), 2);
}

#[tokio::test]
async fn forced_plan_registers_what_will_not_work() {
    let (server, catalogue) = server_with_a_broken_one();
    let team = client_without_backoff(&server).team(TEAM);
    let plan = team.plan(&wanted()).await.unwrap().check().await.unwrap();
    let report = plan.force(true).apply().await;
    assert!(report.is_converged(), "{report}");
    assert_eq!(catalogue.integrations().len(), 3);
}

#[test]
fn blocking_check_is_the_same() {
    let server = server(&tools(), &no_oauth());
    let client: blocking::Client = server.client_builder().build_blocking().unwrap();
    let integration = CustomIntegration::new("CRM", URL, Auth::Url).unwrap();
    let checkup = client.team(TEAM).check(&integration).unwrap();
    assert_eq!(checkup.verdict, Verdict::Works);
    assert_eq!(checkup.to_string(), "works (1 tool)");
}

#[tokio::test]
async fn reasons_that_state_a_lack_of_authentication_are_recognized_in_any_wording() {
    for (reason, expected) in [
        ("Auth required", Verdict::Works),
        ("Authentication required", Verdict::Works),
        ("the server requires authentication", Verdict::Works),
        ("Missing credentials", Verdict::Works),
        ("Authorization header is missing", Verdict::Works),
        ("request failed with status=401", Verdict::Works),
        ("UNAUTHENTICATED", Verdict::Works),
        ("the server is missing", Verdict::WillNotWork),
        (
            "a response with the id 14010 is required",
            Verdict::WillNotWork,
        ),
        ("authentication service timed out", Verdict::WillNotWork),
    ] {
        let server = server(&failed(reason), &no_oauth());
        let checkup = check_with(&server, URL, Auth::ApiKey).await.unwrap();
        assert_eq!(checkup.verdict, expected, "{reason}: {checkup}");
    }
}
