use std::fmt;
use std::iter;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http::header::{AUTHORIZATION, HeaderMap, USER_AGENT};
use progenitor_client::{ClientHooks, ClientInfo as _, OperationInfo, ResponseValue};

use crate::client::Client;
use crate::error::{Error, Result, root_cause};
use crate::generated;
use crate::response::Response;
use crate::secret::{Redactor, Secret};

/// How much of a response body is read.
const BODY_LIMIT: usize = 1024 * 1024;

/// From the first byte sent to the last byte received.
const TIMEOUT: Duration = Duration::from_secs(60);

/// One call through the generated client: what its hooks need, and what came
/// back. The generated client drops status, headers and body from most of its
/// errors, so the hooks keep them here.
#[derive(Clone)]
pub(crate) struct Call {
    client: Client,
    client_secret: Option<Secret>,
    received: Arc<Mutex<Option<Received>>>,
}

/// An answer, read into memory.
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) end: End,
}

/// Where the reading of a body stopped.
pub(crate) enum End {
    Complete,
    OverLimit,
    Broken(reqwest::Error),
}

impl Call {
    /// The generated client, for one call whose body holds `client_secret`.
    pub(crate) fn start(client: &Client, client_secret: Option<&Secret>) -> generated::Client {
        let call = Self {
            client: client.clone(),
            client_secret: client_secret.cloned(),
            received: Arc::default(),
        };
        generated::Client::new_with_client(client.base_url(), client.http().clone(), call)
    }

    fn redactor(&self) -> Redactor<'_> {
        Redactor::new(iter::once(self.client.api_key()).chain(&self.client_secret))
    }

    fn keep(&self, received: Received) {
        *self.received.lock().unwrap_or_else(PoisonError::into_inner) = Some(received);
    }

    fn take_received(&self) -> Option<Received> {
        self.received
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
        *request.timeout_mut() = Some(TIMEOUT);
        Ok(())
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        let received = Received::read(self.client().execute(request).await?).await;
        let response = received.to_response();
        self.inner().keep(received);
        Ok(response)
    }
}

impl Received {
    async fn read(mut response: reqwest::Response) -> Self {
        let mut body = BytesMut::new();
        let end = loop {
            match response.chunk().await {
                Ok(Some(chunk)) => {
                    let room = BODY_LIMIT - body.len();
                    body.extend_from_slice(&chunk[..chunk.len().min(room)]);
                    if chunk.len() > room {
                        break End::OverLimit;
                    }
                }
                Ok(None) => break End::Complete,
                Err(error) => break End::Broken(error.without_url()),
            }
        };
        Self {
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            body: body.freeze(),
            end,
        }
    }

    /// The answer once more, for the generated code to decode.
    fn to_response(&self) -> reqwest::Response {
        let mut response = http::Response::new(self.body.clone());
        *response.status_mut() = self.status;
        response.into()
    }
}

/// Joins what the generated code made of the answer with the answer itself.
pub(crate) fn conclude<T>(
    client: &generated::Client,
    result: Result<ResponseValue<T>, generated::Error>,
) -> Result<Response<T>> {
    let call = client.inner();
    let Some(received) = call.take_received() else {
        return Err(match result {
            Err(generated::Error::CommunicationError(error)) => {
                Error::unanswered(error, client.baseurl())
            }
            Err(error) => Error::not_sent(error.to_string()),
            Ok(_) => Error::not_sent("the generated client did not send the request".to_owned()),
        });
    };
    if !received.status.is_success() {
        return Err(Error::status_of(&received, &call.redactor()));
    }
    let fault = match (&received.end, result) {
        (End::Complete, Ok(value)) => {
            return Ok(Response::new(
                value.into_inner(),
                received.status,
                received.headers,
            ));
        }
        (End::Complete, Err(generated::Error::InvalidResponsePayload(_, error))) => {
            error.to_string()
        }
        (End::Complete, Err(error)) => error.to_string(),
        (End::OverLimit, _) => format!("it is larger than {BODY_LIMIT} bytes"),
        (End::Broken(error), _) => {
            format!(
                "it is cut off after {} bytes: {}",
                received.body.len(),
                root_cause(error)
            )
        }
    };
    Err(Error::unreadable(received, &fault, &call.redactor()))
}
