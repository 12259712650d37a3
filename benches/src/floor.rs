//! The client that uses hyper-util by hand, and does the least that a call needs.

use benches_clients::Result;
use benches_clients::example::{API_KEY, TEAM_ID};
use benches_clients::plain::{Integration, REQUEST};
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

pub(crate) struct Floor {
    http: Client<HttpConnector, Full<Bytes>>,
    base_url: String,
}

impl Floor {
    pub(crate) fn new(base_url: String) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let http = Client::builder(TokioExecutor::new()).build(connector);
        Self { http, base_url }
    }

    pub(crate) async fn call(&self) -> Result<Integration> {
        let request = Request::post(format!(
            "{}/v2/teams/{TEAM_ID}/integrations/custom",
            self.base_url
        ))
        .header(ACCEPT, HeaderValue::from_static("*/*"))
        .header(AUTHORIZATION, format!("Bearer {API_KEY}"))
        .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
        .body(Full::from(serde_json::to_vec(&REQUEST)?))?;
        let response = self.http.request(request).await?;
        if !response.status().is_success() {
            return Err(response.status().to_string().into());
        }
        let body = response.into_body().collect().await?.to_bytes();
        Ok(serde_json::from_slice(&body)?)
    }
}
