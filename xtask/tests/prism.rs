//! Tests the client against Prism, a third-party mock server that validates every request
//! against the document. Requires Node.js.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use duvo::{Auth, Client, CustomIntegration, Delivery, Integration, Response};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout};
use xtask::{process, root};

const PRISM: &str = "@stoplight/prism-cli@5.14.2";

fn document() -> Value {
    let text = fs::read_to_string(root().join("openapi/duvo.yaml")).unwrap();
    serde_yaml::from_str(&text).unwrap()
}

/// A mock server, which stops when it is dropped.
struct Prism {
    url: String,
    _process: Child,
    /// Kept open, because the server logs to it.
    _log: Lines<BufReader<ChildStdout>>,
}

impl Prism {
    /// Starts a server for a document, which is written to a file with this name.
    async fn start(name: &str, document: &Value) -> Self {
        let file: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::write(&file, document.to_string()).unwrap();
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut command = process::npm_program(PRISM, "prism").unwrap();
        command.args(["mock", "--host", "127.0.0.1", "--port", &port.to_string()]);
        command.arg(file).stdout(Stdio::piped());
        let mut process = tokio::process::Command::from(command)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut log = BufReader::new(process.stdout.take().unwrap()).lines();
        let mut before = String::new();
        loop {
            match log.next_line().await.unwrap() {
                Some(line) if line.contains("Prism is listening on") => break,
                Some(line) => before = before + &line + "\n",
                None => panic!("prism stopped:\n{before}"),
            }
        }
        Self {
            url: format!("http://127.0.0.1:{port}"),
            _process: process,
            _log: log,
        }
    }

    /// Registers the integration through both versions of the API.
    async fn register(
        &self,
        integration: &CustomIntegration,
    ) -> [duvo::Result<Response<Integration>>; 2] {
        let builder = Client::builder().api_key("key").base_url(&self.url);
        let client = builder.build().unwrap();
        #[allow(deprecated)]
        [
            client.register_custom_integration_v1(integration).await,
            client
                .team("team_1")
                .register_custom_integration(integration)
                .await,
        ]
    }
}

/// Returns the examples of the request body, as a caller writes them.
fn integrations() -> Vec<(String, CustomIntegration)> {
    let document = document();
    let body = &document["components"]["requestBodies"]["CustomIntegration"];
    let examples = &body["content"]["application/json"]["examples"];
    let integration = |(name, example): (&String, &Value)| {
        let target = example["$ref"].as_str().unwrap();
        let value = &document.pointer(&target[1..]).unwrap()["value"];
        let text = |key: &str| value[key].as_str();
        let auth = match (text("auth_method"), text("oauth_client_id")) {
            (Some("url"), _) => Auth::Url,
            (Some("apikey"), _) => Auth::ApiKey,
            (Some("headers"), _) => Auth::Headers,
            (Some("oauth"), None) => Auth::oauth(),
            (Some("oauth"), Some(id)) => {
                Auth::oauth_client(id, text("oauth_client_secret").unwrap())
            }
            other => panic!("{name}: {other:?}"),
        };
        let (title, url) = (text("name").unwrap(), text("server_url").unwrap());
        (
            name.clone(),
            CustomIntegration::new(title, url, auth).unwrap(),
        )
    };
    let examples = examples.as_object().unwrap();
    examples.iter().map(integration).collect()
}

#[tokio::test]
async fn every_example_is_a_valid_request() {
    let server = Prism::start("valid.json", &document()).await;
    for (name, integration) in integrations() {
        for response in server.register(&integration).await {
            let created = response.unwrap_or_else(|error| panic!("{name}: {error:?}"));
            assert_eq!(created.status(), 201, "{name}");
            assert_eq!(created.headers().get("sl-violations"), None, "{name}");
            assert!(!created.id.is_empty(), "{name}");
        }
    }
}

/// Sends the first example to a server for a stricter document. Both versions are rejected
/// with this status, and the error preserves the response.
async fn assert_rejected(name: &str, document: &Value, status: u16, fragment: &str) {
    let server = Prism::start(name, document).await;
    let (_, integration) = integrations().swap_remove(0);
    for response in server.register(&integration).await {
        let error = response.unwrap_err();
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert_eq!(error.delivery(), Delivery::Rejected);
        let body = String::from_utf8_lossy(error.body().unwrap());
        assert!(body.contains(fragment), "{body}");
    }
}

#[tokio::test]
async fn missing_credentials_are_an_error() {
    let mut document = document();
    document["components"]["securitySchemes"]["bearerAuth"] =
        json!({ "type": "apiKey", "in": "header", "name": "X-Other-Key" });
    assert_rejected("other-key.json", &document, 401, "invalid_token").await;
}

#[tokio::test]
async fn schema_violation_is_an_error() {
    let mut document = document();
    let schema = &mut document["components"]["schemas"]["CustomIntegrationRequest"];
    schema["properties"]["name"]["minLength"] = json!(1000);
    // If a 400 is documented, Prism returns it instead.
    let paths = document["paths"].as_object_mut().unwrap();
    let operations = paths.values_mut().filter_map(Value::as_object_mut);
    for operation in operations.flat_map(|path| path.values_mut()) {
        operation["responses"]
            .as_object_mut()
            .unwrap()
            .remove("400");
    }
    assert_rejected("longer-name.json", &document, 422, "minLength").await;
}
