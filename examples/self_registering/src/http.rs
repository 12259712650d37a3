//! The MCP server's endpoint over streamable HTTP.

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use subtle::ConstantTimeEq;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::tools::Contacts;

/// The path of the endpoint.
pub(crate) const PATH: &str = "/mcp";

/// Returns the service. With a token, it rejects every request without the token.
pub(crate) fn router(
    public_url: &str,
    token: Option<String>,
    shutdown: &CancellationToken,
) -> Router {
    let config = StreamableHttpServerConfig::default()
        // Without sessions, any instance behind a load balancer can serve any request.
        .with_legacy_session_mode(false)
        .with_json_response(true)
        // Other values of `Host` are rejected, which prevents DNS rebinding.
        .with_allowed_hosts(host(public_url).into_iter().chain(loopback()))
        .with_cancellation_token(shutdown.child_token());
    let service = StreamableHttpService::new(
        || Ok(Contacts::new()),
        Arc::new(NeverSessionManager::default()),
        config,
    );
    let router = Router::new().route_service(PATH, service);
    match token {
        Some(token) => router.layer(middleware::from_fn_with_state(
            Arc::from(token),
            require_token,
        )),
        None => router,
    }
}

/// Serves until the shutdown, and then finishes the requests under way.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    shutdown: CancellationToken,
) -> io::Result<()> {
    axum::serve(listener, router)
        .with_graceful_shutdown(shutdown.cancelled_owned())
        .await
}

async fn require_token(State(token): State<Arc<str>>, request: Request, next: Next) -> Response {
    let authorization = request.headers().get(header::AUTHORIZATION);
    let received = authorization.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    let is_valid = received.is_some_and(|received| {
        // The duration does not depend on how much of the token is right.
        received.as_bytes().ct_eq(token.as_bytes()).into()
    });
    if is_valid {
        return next.run(request).await;
    }
    let challenge = [(header::WWW_AUTHENTICATE, "Bearer")];
    (StatusCode::UNAUTHORIZED, challenge).into_response()
}

/// Returns the host of a URL, with its port if the URL has one.
fn host(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

fn loopback() -> impl Iterator<Item = String> {
    ["localhost", "127.0.0.1", "::1"]
        .map(str::to_owned)
        .into_iter()
}
