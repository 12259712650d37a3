//! An MCP client that does what Duvo does: it connects, and lists or calls tools.

use std::thread;

use duvo::mock::types::McpProbeResult;
use rmcp::model::{CallToolRequestParams, ClientConfig};
use rmcp::service::RunningService;
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::{RoleClient, ServiceExt as _};
use serde_json::{Value, from_value, json};

/// Returns what Duvo returns for a probe of this MCP server.
pub fn probe(url: &str, authorization: Option<&str>) -> McpProbeResult {
    let tools = block_on(async {
        let client = connect(url, authorization).await?;
        let tools = client.list_all_tools().await;
        let _ = client.cancel().await;
        tools.map_err(|error| error.to_string())
    });
    let result = match tools {
        Ok(tools) => {
            let tools = tools.iter().map(|tool| {
                json!({
                    "name": tool.name,
                    "description": tool.description,
                    "input_schema": tool.input_schema,
                })
            });
            json!({ "success": true, "tools": tools.collect::<Vec<_>>() })
        }
        Err(reason) => json!({ "success": false, "error": reason }),
    };
    from_value(result).unwrap()
}

/// Calls a tool, and returns its text.
pub fn call(url: &str, tool: &'static str, arguments: Value) -> String {
    let Value::Object(arguments) = arguments else {
        panic!("the arguments of a tool are an object");
    };
    block_on(async {
        let client = connect(url, None).await.unwrap();
        let parameters = CallToolRequestParams::new(tool).with_arguments(arguments);
        let result = client.call_tool(parameters).await.unwrap();
        let _ = client.cancel().await;
        result.content[0].as_text().unwrap().text.clone()
    })
}

async fn connect(
    url: &str,
    authorization: Option<&str>,
) -> Result<RunningService<RoleClient, ClientConfig>, String> {
    let mut config = StreamableHttpClientTransportConfig::with_uri(url);
    if let Some(token) = authorization.and_then(|value| value.strip_prefix("Bearer ")) {
        config = config.auth_header(token);
    }
    let transport = StreamableHttpClientTransport::from_config(config);
    let client = ClientConfig::default().serve(transport).await;
    client.map_err(|error| error.to_string())
}

/// Runs a future in a thread, because the functions of a mock are not async.
fn block_on<T: Send>(future: impl Future<Output = T> + Send) -> T {
    let run = || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        runtime.enable_all().build().unwrap().block_on(future)
    };
    thread::scope(|scope| scope.spawn(run).join().unwrap())
}
