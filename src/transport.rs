use std::fmt;
use std::iter;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};

use http::header::{AUTHORIZATION, USER_AGENT};
use progenitor_client::{ClientHooks, ClientInfo as _, OperationInfo, ResponseValue};
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::exchange::{Failure, exchange};
use crate::generated;
use crate::response::Response;
use crate::retry::{Attempts, attempts};
use crate::secret::{Redactor, Secret};
use crate::telemetry;

/// One call through the generated client: what its hooks need, and what came
/// of it. The generated client drops status, headers and body from most of its
/// errors, so the hooks keep them here.
#[derive(Clone)]
pub(crate) struct Call {
    client: Client,
    client_secret: Option<Secret>,
    result: Arc<Mutex<Option<Attempts>>>,
}

impl Call {
    /// The generated client, for one call whose body holds `client_secret`.
    pub(crate) fn start(
        client: &Client,
        client_secret: Option<&Secret>,
    ) -> Result<generated::Client> {
        // Without a runtime, the HTTP client would panic.
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Error::no_runtime());
        }
        let call = Self {
            client: client.clone(),
            client_secret: client_secret.cloned(),
            result: Arc::default(),
        };
        Ok(generated::Client::new_with_client(
            client.base_url(),
            client.http().clone(),
            call,
        ))
    }

    fn redactor(&self) -> Redactor {
        Redactor::new(iter::once(self.client.api_key()).chain(&self.client_secret))
    }

    fn keep(&self, result: Attempts) {
        *self.result.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    }

    fn take(&self) -> Option<Attempts> {
        self.result
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

/// The generated client derives `Debug`.
impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}

impl ClientHooks<Call> for generated::Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        _: &OperationInfo,
    ) -> Result<(), progenitor_client::Error<E>> {
        let client = &self.inner().client;
        let headers = request.headers_mut();
        // The generator's own addition; the API does not know it.
        headers.remove("api-version");
        headers.insert(AUTHORIZATION, client.authorization().clone());
        headers.insert(USER_AGENT, client.user_agent().clone());
        Ok(())
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        operation: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        let client = &self.inner().client;
        let started = AtomicU32::new(0);
        let send = |deadline| {
            let copy = request.try_clone();
            let resends = started.fetch_add(1, Relaxed);
            let exchange = async move {
                match copy {
                    Some(copy) => exchange(client.http(), copy, deadline).await,
                    None => Err(Failure::Stream),
                }
            };
            telemetry::in_attempt(&request, resends, exchange)
        };
        let mut policy = client.retry_policy().clone();
        if request.method().is_safe() {
            // Whatever became of it, nothing was changed.
            policy = policy.with_retry_ambiguous(true);
        }
        let attempts = attempts(&policy, client.timeouts(), client.rate_limit(), send);
        let result = telemetry::in_call(operation.operation_id, attempts).await;
        // Where there is no answer, any response will do: what counts is what
        // is kept.
        let response = match &result.0 {
            Ok(received) => received.to_response(),
            Err(_) => http::Response::new(Vec::new()).into(),
        };
        self.inner().keep(result);
        Ok(response)
    }
}

/// Joins what the generated code made of the answer with the answer itself.
pub(crate) fn conclude<T: DeserializeOwned>(
    client: &generated::Client,
    result: Result<ResponseValue<T>, generated::Error>,
) -> Result<Response<T>> {
    let call = client.inner();
    let Some((outcome, earlier)) = call.take() else {
        let reason = result
            .err()
            .map_or_else(|| "nothing was sent".to_owned(), |error| error.to_string());
        return Err(Error::not_sent(&call.redactor().redact(&reason)));
    };
    match (outcome, result) {
        // If the connection broke after the last byte that matters, nothing is
        // lost: JSON that is cut off cannot be decoded.
        (Ok(received), Ok(value)) => Ok(Response::new(
            value.into_inner(),
            received.status,
            received.headers,
            earlier
                .into_iter()
                .map(|attempt| attempt.redacted(&call.redactor()))
                .collect(),
        )),
        (outcome, _) => {
            let fault = match &outcome {
                Ok(received) if received.status.is_success() => decode_fault::<T>(&received.body),
                _ => String::new(),
            };
            Err(Error::failed(
                outcome,
                earlier,
                fault,
                client.baseurl(),
                &call.redactor(),
            ))
        }
    }
}

/// Why a body is no `T`, and where in it.
fn decode_fault<T: DeserializeOwned>(body: &[u8]) -> String {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(error) if error.path().iter().len() > 0 => {
            format!("at `{}`: {}", error.path(), error.inner())
        }
        Err(error) => error.into_inner().to_string(),
        Ok(_) => deserializer
            .end()
            .err()
            .map_or_else(String::new, |error| error.to_string()),
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
    if let Ok(integration) = serde_json::from_slice::<Integration>(&received.body) {
        let _ = (
            format!("{integration:?}"),
            serde_json::to_string(&integration),
        );
    }
    let fault = decode_fault::<Integration>(&received.body);
    let secret = Secret::from("secret");
    let error = Error::failed(
        Ok(received),
        Vec::new(),
        fault,
        "https://api.duvo.ai",
        &Redactor::new([&secret]),
    );
    let shown = format!("{error} {error:?} {:?}", error.api_details());
    assert!(!shown.contains("secret"));
}
