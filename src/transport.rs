use std::cell::LazyCell;
use std::future::{Future, poll_fn};
use std::iter;
use std::pin::pin;

use http::header::{AUTHORIZATION, USER_AGENT};
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::exchange::exchange;
use crate::request::{Methods, OperationInfo, Request};
use crate::response::Response;
use crate::retry::attempts;
use crate::secret::{Redactor, Secret};
use crate::telemetry;

/// One call. The operations that are generated are its methods; they read the
/// first two fields.
pub(crate) struct Call<'a> {
    pub(crate) baseurl: &'a str,
    pub(crate) client: Methods,
    duvo: &'a Client,
    client_secret: Option<&'a Secret>,
}

impl<'a> Call<'a> {
    /// A call whose body holds `client_secret`.
    pub(crate) fn new(client: &'a Client, client_secret: Option<&'a Secret>) -> Self {
        Self {
            baseurl: client.base_path(),
            client: Methods,
            duvo: client,
            client_secret,
        }
    }

    /// Sends a request, as often as it takes, and decodes the answer.
    pub(crate) fn exec<T: DeserializeOwned>(
        &self,
        request: Request,
        operation: &OperationInfo,
    ) -> impl Future<Output = Result<Response<T>>> {
        let operation_id = operation.operation_id;
        // An asynchronous function would keep its arguments twice.
        async move {
            // Without a runtime, the HTTP client would panic.
            if tokio::runtime::Handle::try_current().is_err() {
                return Err(Error::no_runtime());
            }
            let client = self.duvo;
            let send = |deadline, resends| {
                let headers = [
                    (AUTHORIZATION, client.authorization()),
                    (USER_AGENT, client.user_agent()),
                ];
                let request = request.to_http(client.url(request.path()), &headers);
                let span = telemetry::attempt(&request, resends);
                exchange(client.http(), request, deadline, span)
            };
            let policy = client.retry_policy(request.method());
            let mut attempts = pin!(attempts(
                policy,
                client.timeouts(),
                client.rate_limit(),
                send
            ));
            let span = telemetry::call(operation_id);
            let (outcome, earlier) = poll_fn(|context| {
                let _entered = telemetry::enter(&span);
                attempts.as_mut().poll(context)
            })
            .await;
            let value = match &outcome {
                Ok(received) if received.status.is_success() => received.decode(),
                _ => Err(String::new()),
            };
            let redactor = LazyCell::new(|| self.redactor());
            match (outcome, value) {
                // If the connection broke after the last byte that matters, nothing
                // is lost: JSON that is cut off cannot be decoded.
                (Ok(received), Ok(value)) => {
                    let (status, headers) = (received.status, received.headers);
                    let earlier = earlier.into_iter();
                    let earlier = earlier.map(|attempt| attempt.redacted(&redactor)).collect();
                    Ok(Response::new(value, status, headers, earlier))
                }
                (outcome, fault) => Err(Error::failed(
                    outcome,
                    earlier,
                    fault.err().unwrap_or_default(),
                    client.base_url(),
                    &redactor,
                )),
            }
        }
    }

    fn redactor(&self) -> Redactor {
        Redactor::new(iter::once(self.duvo.api_key()).chain(self.client_secret))
    }
}

/// For `fuzz/`: what is made of an answer.
#[cfg(fuzzing)]
pub(crate) fn read_answer(status: u16, body: &[u8]) {
    use crate::exchange::{End, Received};
    use crate::generated::types::Integration;

    let Ok(status) = http::StatusCode::from_u16(status) else {
        return;
    };
    let body = bytes::Bytes::copy_from_slice(body);
    let received = Received {
        status,
        headers: http::HeaderMap::new(),
        body,
        end: End::Complete,
    };
    let value = received.decode::<Integration>();
    if let Ok(integration) = &value {
        let _ = (
            format!("{integration:?}"),
            serde_json::to_string(integration),
        );
    }
    let secret = Secret::from("secret");
    let error = Error::failed(
        Ok(received),
        Vec::new(),
        value.err().unwrap_or_default(),
        "https://api.duvo.ai",
        &Redactor::new([&secret]),
    );
    let shown = format!("{error} {error:?} {:?}", error.api_details());
    assert!(!shown.contains("secret"));
}
