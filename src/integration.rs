use std::cell::RefCell;
use std::fmt;

use url::{SyntaxViolation, Url};
use uuid::Uuid;

use crate::client::{Client, Team};
use crate::error::{Error, InvalidField, Result};
use crate::generated::types::{self, AuthMethod, CustomIntegrationRequest, Integration};
use crate::path_segment::path_segment;
use crate::response::Response;
use crate::secret::{Exposed, Secret};
use crate::transport::Call;

/// A custom integration to register: an entry in the team's catalogue that
/// points Duvo at an MCP server.
///
/// `Debug` leaves out what often holds a secret in a URL: user information and
/// the query.
#[derive(Clone)]
pub struct CustomIntegration {
    body: CustomIntegrationRequest,
    idempotency_key: Option<String>,
}

/// How teammates' connections authenticate to the MCP server.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Auth {
    /// By nothing beyond the server's URL: `url`.
    Url,
    /// By a token: `apikey`.
    ApiKey,
    /// By custom headers: `headers`.
    Headers,
    /// By OAuth: `oauth`. Without a client, Duvo registers one dynamically, if
    /// the MCP server offers that.
    OAuth(Option<OAuthClient>),
}

/// An OAuth client that is registered with the MCP server's authorization
/// server.
#[derive(Clone, Debug)]
pub struct OAuthClient {
    id: String,
    secret: Secret,
}

impl OAuthClient {
    /// The client with this id and secret. Neither may be empty.
    pub fn new(id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self {
            id: id.into(),
            secret: secret.into(),
        }
    }
}

impl Auth {
    /// OAuth with dynamic client registration.
    #[must_use]
    pub fn oauth() -> Self {
        Self::OAuth(None)
    }

    /// OAuth with a client that was registered beforehand. Neither its id nor
    /// its secret may be empty.
    pub fn oauth_client(id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self::OAuth(Some(OAuthClient::new(id, secret)))
    }
}

impl CustomIntegration {
    /// An integration of this name for the MCP server at `server_url`.
    ///
    /// Duvo must reach the server from the internet over public HTTPS, and the
    /// server must speak streamable HTTP. That is for Duvo to judge; here the
    /// URL is only held against the documented format. It is sent as it is
    /// written.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest), with
    /// every field that is at fault: a `name`, `oauth_client_id` or
    /// `oauth_client_secret` that is empty, or a `server_url` that is not an
    /// absolute http or https URL in ASCII.
    pub fn new(name: impl Into<String>, server_url: impl Into<String>, auth: Auth) -> Result<Self> {
        let mut faults = Vec::new();
        let name = name.into();
        let server_url = server_url.into();
        let (auth_method, client) = match auth {
            Auth::Url => (AuthMethod::Url, None),
            Auth::ApiKey => (AuthMethod::Apikey, None),
            Auth::Headers => (AuthMethod::Headers, None),
            Auth::OAuth(client) => (AuthMethod::Oauth, client),
        };
        let (id, secret) = client.map(|client| (client.id, client.secret)).unzip();
        let name = checked("name", name, &mut faults);
        faults.extend(url_fault(&server_url).map(|fault| InvalidField::new("server_url", fault)));
        let oauth_client_id = id.map(|id| checked("oauth_client_id", id, &mut faults));
        if secret
            .as_ref()
            .is_some_and(|secret| secret.expose().is_empty())
        {
            faults.push(InvalidField::new("oauth_client_secret", EMPTY));
        }
        match (name, oauth_client_id) {
            (Some(name), id @ (None | Some(Some(_)))) if faults.is_empty() => Ok(Self {
                body: CustomIntegrationRequest {
                    name,
                    auth_method,
                    server_url,
                    oauth_client_id: id.flatten(),
                    oauth_client_secret: secret.map(Exposed),
                },
                idempotency_key: None,
            }),
            _ => Err(Error::invalid_request(faults)),
        }
    }

    /// Sends this `Idempotency-Key` with every attempt to register the integration,
    /// in place of one that is made anew for each call. A program that stores the
    /// key can send the same call again under it in a later run. The key goes with
    /// the value: registering it with two teams sends one key to both. What the API
    /// makes of the key, Duvo does not document; nor, then, what a 409 to a
    /// repeated key means.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidRequest`](crate::ErrorKind::InvalidRequest), if the
    /// key is empty or has other than visible ASCII characters.
    pub fn with_idempotency_key(mut self, key: impl Into<String>) -> Result<Self> {
        let key = key.into();
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            let fault = "is empty or has other than visible ASCII characters; a UUID is a good key";
            return Err(Error::invalid_request(vec![InvalidField::new(
                "Idempotency-Key",
                fault,
            )]));
        }
        self.idempotency_key = Some(key);
        Ok(self)
    }

    /// Name of the integration.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.body.name
    }

    /// URL of the MCP server.
    #[must_use]
    pub fn server_url(&self) -> &str {
        &self.body.server_url
    }

    /// The auth method, as the API calls it.
    pub(crate) fn auth_method(&self) -> String {
        self.body.auth_method.to_string()
    }

    /// The `Idempotency-Key` of one call, which its attempts share.
    fn key_of_call<'a>(&'a self, client: &Client, buffer: &'a mut [u8]) -> &'a str {
        match &self.idempotency_key {
            Some(key) => key,
            None => client.idempotency_keys().make(buffer),
        }
    }

    fn secret(&self) -> Option<&Secret> {
        self.body
            .oauth_client_secret
            .as_ref()
            .map(|Exposed(secret)| secret)
    }
}

impl fmt::Debug for CustomIntegration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = Url::parse(self.server_url()).ok();
        let url = url.map(|url| format!("{}{}", url.origin().ascii_serialization(), url.path()));
        f.debug_struct("CustomIntegration")
            .field("name", &self.name())
            .field("server_url", &url)
            .field("auth_method", &self.body.auth_method)
            .field("oauth_client_id", &self.body.oauth_client_id)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Registers a custom integration with the team of the API key:
    /// `POST /v1/integrations/custom`.
    ///
    /// This is version 1 of the API, which Duvo announced to end on 15 June
    /// 2026. New code registers through [`Client::team`]. It creates an entry
    /// in the catalogue, no live connection, and nothing stops it from
    /// creating another one if it is called again. See [Register custom
    /// integration].
    ///
    /// # Errors
    ///
    /// Every [`ErrorKind`](crate::ErrorKind). Unless [`Error::delivery`] is
    /// `Unknown`, nothing was registered.
    ///
    /// [Register custom integration]: https://docs.duvo.ai/api-reference/integrations/register-custom-integration
    #[deprecated(
        note = "Duvo announced the end of API v1 for 15 June 2026; use `Team::register_custom_integration`"
    )]
    pub async fn register_custom_integration_v1(
        &self,
        integration: &CustomIntegration,
    ) -> Result<Response<Integration>> {
        let mut buffer = Uuid::encode_buffer();
        let key = integration.key_of_call(self, &mut buffer);
        Call::new(self, integration.secret())
            .register_custom_integration_v1(Some(key), &integration.body)
            .await
    }
}

impl Team {
    /// Registers a custom integration with this team:
    /// `POST /v2/teams/{teamId}/integrations/custom`.
    ///
    /// It creates an entry in the catalogue, no live connection, and nothing
    /// stops it from creating another one if it is called again. See Duvo's
    /// [API reference].
    ///
    /// # Errors
    ///
    /// Every [`ErrorKind`](crate::ErrorKind). Unless [`Error::delivery`] is
    /// `Unknown`, nothing was registered. A team id that is not plainly one segment
    /// of a path is refused as the invalid field `teamId`: if it is empty, begins
    /// with a dot, or has a character that a URL path does not hold as it is, such
    /// as `/`, `%` or a blank.
    ///
    /// [API reference]: https://docs.duvo.ai/api-reference
    pub async fn register_custom_integration(
        &self,
        integration: &CustomIntegration,
    ) -> Result<Response<Integration>> {
        let team_id = path_segment("teamId", &self.id)?;
        let mut buffer = Uuid::encode_buffer();
        let key = integration.key_of_call(&self.client, &mut buffer);
        Call::new(&self.client, integration.secret())
            .register_custom_integration(team_id, Some(key), &integration.body)
            .await
    }
}

pub(crate) const EMPTY: &str = "is empty; give it at least one character";

/// A value under the document's rules for its field.
fn checked<T>(field: &'static str, value: String, faults: &mut Vec<InvalidField>) -> Option<T>
where
    T: TryFrom<String, Error = types::error::ConversionError>,
{
    let is_empty = value.is_empty();
    let fault = |error| {
        if is_empty {
            EMPTY.to_owned()
        } else {
            format!("is {error}")
        }
    };
    T::try_from(value)
        .map_err(|error| faults.push(InvalidField::new(field, fault(error))))
        .ok()
}

/// Why `text` is not what the document calls a `uri`.
fn url_fault(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some(EMPTY.to_owned());
    }
    if !text.is_ascii() {
        return Some(
            "has characters beyond ASCII; percent-encode them, and write the host in Punycode"
                .to_owned(),
        );
    }
    let violation = RefCell::new(None);
    let note = |found| match found {
        // Unwise, but well-formed.
        SyntaxViolation::EmbeddedCredentials => {}
        found => {
            violation.borrow_mut().get_or_insert(found.description());
        }
    };
    let parsed = Url::options()
        .syntax_violation_callback(Some(&note))
        .parse(text);
    match (parsed, violation.into_inner()) {
        (Err(error), _) => Some(format!(
            "is not an absolute URL: {error}; write it like https://mcp.example.com/mcp"
        )),
        (Ok(url), _) if !matches!(url.scheme(), "https" | "http") => {
            Some("is neither https nor http; write it like https://mcp.example.com/mcp".to_owned())
        }
        (Ok(_), Some(violation)) => Some(format!("is not well-formed: {violation}")),
        (Ok(_), None) => None,
    }
}
