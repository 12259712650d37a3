//! Sends the request of one operation, and decodes its response.

use std::fmt;

use http::StatusCode;
use serde::de::DeserializeOwned;

use crate::Library;
use crate::request::{Methods, OperationInfo};

/// A successful response.
#[derive(Debug)]
pub struct Response<T> {
    pub status: StatusCode,
    pub body: T,
}

/// The reason why a call failed.
#[derive(Debug)]
pub enum Error {
    /// The request could not be built.
    Request(String),
    /// The request could not be sent, or the response could not be read.
    Http(reqwest::Error),
    /// The API returned an error, or a body that is not as documented.
    Response {
        operation: &'static str,
        status: StatusCode,
        body: String,
    },
}

pub type Result<T> = std::result::Result<T, Error>;

/// A call of one operation. The generated operations are its methods, and use its fields
/// `baseurl` and `client` and its method `exec`.
pub(crate) struct Call<'a> {
    pub(crate) baseurl: &'a str,
    pub(crate) client: Methods,
    library: &'a Library,
}

impl<'a> Call<'a> {
    pub(crate) fn new(library: &'a Library) -> Self {
        Self {
            baseurl: &library.base_url,
            client: Methods,
            library,
        }
    }

    /// Sends the request, and decodes the response.
    pub(crate) async fn exec<T: DeserializeOwned>(
        &self,
        request: reqwest::Request,
        operation: &OperationInfo,
    ) -> Result<Response<T>> {
        let copy = request.try_clone().filter(|_| operation.is_safe);
        let (status, body) = match (self.send(request).await, copy) {
            // A safe request changes nothing, so it can be sent again.
            (Err(Error::Http(_)), Some(copy)) => self.send(copy).await?,
            (result, _) => result?,
        };
        match serde_json::from_str(&body) {
            Ok(body) if status.is_success() => Ok(Response { status, body }),
            _ => Err(Error::Response {
                operation: operation.operation_id,
                status,
                body,
            }),
        }
    }

    async fn send(&self, request: reqwest::Request) -> Result<(StatusCode, String)> {
        let request = reqwest::RequestBuilder::from_parts(self.library.http.clone(), request);
        let response = request.bearer_auth(&self.library.api_key.0).send().await?;
        Ok((response.status(), response.text().await?))
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(reason) => write!(f, "invalid request: {reason}"),
            Self::Http(error) => write!(f, "{error}"),
            Self::Response {
                operation,
                status,
                body,
            } => write!(f, "{operation}: the API returned {status}: {body}"),
        }
    }
}

impl std::error::Error for Error {}
