mod parameter;
mod path_segment;
mod read_response;
pub(crate) mod request;

use std::cell::LazyCell;
use std::iter;

use serde::de::DeserializeOwned;
use tokio::runtime::Handle;
use tokio::task::yield_now;

use crate::attempt::CallResult;
use crate::client::Client;
use crate::error::{Error, Result};
use crate::outcome::RawResponse;
use crate::redact::Redactor;
use crate::response::Response;
use crate::retry::{InFlight, retry_loop};
use crate::secret::Secret;
use crate::telemetry;
use read_response::read_response;
use request::{Methods, OperationInfo, Request};

pub(crate) use path_segment::validate_path_segment;

/// A call of one operation. The generated operations are its methods.
pub(crate) struct Call<'a> {
    /// The path of the base URL, under progenitor's name for it.
    pub(crate) baseurl: &'a str,
    /// The factory of requests, under progenitor's name for it.
    pub(crate) client: Methods,
    duvo: &'a Client,
    secrets: Vec<&'a Secret>,
    accept: Option<Accept<'a>>,
    in_flight: Option<&'a InFlight>,
}

/// Decodes another form of the body of a 2xx response. Returns whether the body has it.
type Accept<'a> = &'a (dyn Fn(&[u8]) -> bool + Sync);

impl<'a> Call<'a> {
    /// Creates a call. `secrets` are the secrets that its request body contains.
    pub(crate) fn new(client: &'a Client, secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        Self {
            baseurl: client.base_path(),
            client: Methods,
            duvo: client,
            secrets: secrets.into_iter().collect(),
            accept: None,
            in_flight: None,
        }
    }

    /// Keeps `in_flight` up to date during the call.
    pub(crate) fn tracked_by(mut self, in_flight: Option<&'a InFlight>) -> Self {
        self.in_flight = in_flight;
        self
    }

    /// Traces the call as a success if `accept` decodes a complete body that is not as
    /// documented. The error is returned nevertheless, for
    /// [`into_response`](Error::into_response).
    pub(crate) fn accepting(mut self, accept: Accept<'a>) -> Self {
        self.accept = Some(accept);
        self
    }

    /// Sends the request, with retries, and decodes the response.
    pub(crate) fn exec<T: DeserializeOwned>(
        &self,
        request: Request,
        operation: &OperationInfo,
    ) -> impl Future<Output = Result<Response<T>>> {
        self.send(request, operation, RawResponse::decode)
    }

    /// Sends the request, with retries. A response without a body is `None`.
    #[allow(dead_code, reason = "the document decides which bodies are optional")]
    pub(crate) fn exec_optional<T: DeserializeOwned>(
        &self,
        request: Request,
        operation: &OperationInfo,
    ) -> impl Future<Output = Result<Response<Option<T>>>> {
        self.send(request, operation, RawResponse::decode_optional)
    }

    /// Sends the request, with retries, and ignores the body of the response.
    #[allow(
        dead_code,
        reason = "the document decides which operations return nothing"
    )]
    pub(crate) fn exec_empty(
        &self,
        request: Request,
        operation: &OperationInfo,
    ) -> impl Future<Output = Result<Response<()>>> {
        self.send(request, operation, |_| Ok(()))
    }

    async fn send<T>(
        &self,
        request: Request,
        operation: &OperationInfo,
        decode: impl Fn(&RawResponse) -> Result<T, String>,
    ) -> Result<Response<T>> {
        // Without a runtime, reqwest would panic.
        let Ok(runtime) = Handle::try_current() else {
            return Err(Error::no_runtime());
        };
        let client = self.duvo;
        let (http, was_idle) = client.http(&runtime)?;
        // Lets the runtime handle what arrived while it did not run, so that the request is
        // not sent on a connection that the server has closed since the last call. In each
        // call, this would cost 4 % of its instructions (`docs/benchmarks.md`).
        if was_idle {
            yield_now().await;
        }
        let send = |deadline, failed_attempts| {
            let request = request.to_reqwest(client);
            let span = telemetry::attempt_span(&request, failed_attempts);
            let response = http.execute(request);
            telemetry::in_attempt_span(span, read_response(response, deadline))
        };
        let calls = retry_loop(
            operation.operation_id,
            client.retry_policy(operation.is_safe),
            client.timeouts(),
            client.rate_limit(),
            self.in_flight,
            send,
        );
        let span = telemetry::call_span(operation.operation_id);
        let result = self.interpret(span.run(calls).await, decode);
        span.record_call(&result, self.accepts(&result));
        result
    }

    /// Returns whether the caller accepts the body of an error.
    fn accepts<T>(&self, result: &Result<Response<T>>) -> bool {
        let body = result.as_ref().err().and_then(Error::complete_body);
        let accept = self.accept.zip(body);
        accept.is_some_and(|(accept, body)| accept(body))
    }

    /// Decodes the response to a call, or reports the error.
    fn interpret<T>(
        &self,
        mut result: CallResult,
        decode: impl Fn(&RawResponse) -> Result<T, String>,
    ) -> Result<Response<T>> {
        let value = match &result.outcome {
            Ok(response) if response.status.is_success() => decode(response),
            _ => Err(String::new()),
        };
        let redactor = LazyCell::new(|| self.redactor());
        match (result.outcome, value) {
            // A truncated body that decodes has lost nothing: truncated JSON does not
            // decode.
            (Ok(response), Ok(value)) => {
                let failed_attempts = result.failed_attempts.into_iter();
                let failed_attempts = failed_attempts
                    .map(|attempt| attempt.redacted(&redactor))
                    .collect();
                Ok(Response::new(
                    value,
                    response.status,
                    response.headers,
                    response.body,
                    failed_attempts,
                ))
            }
            (outcome, value) => {
                result.outcome = outcome;
                let decode_error = value.err().unwrap_or_default();
                Err(Error::from_call(
                    result,
                    decode_error,
                    self.duvo.route(),
                    &redactor,
                ))
            }
        }
    }

    pub(crate) fn redactor(&self) -> Redactor {
        Redactor::new(iter::once(self.duvo.api_key()).chain(self.secrets.iter().copied()))
    }
}

/// Interprets a response as a call does, for `fuzz/`.
#[cfg(fuzzing)]
pub(crate) fn interpret_response(status: u16, body: &[u8]) {
    use crate::generated::types::Integration;
    use crate::outcome::{BodyEnd, Proxy, Route};

    let Ok(status) = http::StatusCode::from_u16(status) else {
        return;
    };
    let response = RawResponse {
        status,
        headers: http::HeaderMap::new(),
        body: bytes::Bytes::copy_from_slice(body),
        end: BodyEnd::Complete,
    };
    let value = response.decode::<Integration>();
    if let Ok(integration) = &value {
        let _ = (
            format!("{integration:?}"),
            serde_json::to_string(integration),
        );
    }
    let secret = Secret::from("secret");
    let result = CallResult {
        outcome: Ok(response),
        gave_up: None,
        max_attempts: 1,
        failed_attempts: Vec::new(),
    };
    let error = Error::from_call(
        result,
        value.err().unwrap_or_default(),
        &Route {
            base_url: "https://api.duvo.ai".to_owned(),
            proxy: Proxy::Unused,
        },
        &Redactor::new([&secret]),
    );
    let displayed = format!("{error} {error:?} {:?}", error.api_details());
    assert!(!displayed.contains("secret"));
}
