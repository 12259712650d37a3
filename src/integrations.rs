//! The operations on integrations, one file for each, and the integration to register.

pub(crate) mod apply;
pub(crate) mod auth_method;
mod catalogue_index;
pub(crate) mod checkup;
pub(crate) mod config;
pub(crate) mod delete;
pub(crate) mod ensure;
mod equality;
pub(crate) mod list;
pub(crate) mod page;
mod page_request;
mod pager;
pub(crate) mod plan;
mod rate_limited;
mod register;
pub(crate) mod stored_value;
mod summary;
mod table;
pub(crate) mod url_concern;

use std::fmt;

use crate::error::{EMPTY_VALUE, Error, InvalidCharacter, InvalidField, Result};
use crate::generated::types::{CustomIntegrationRequest, error::ConversionError};
use crate::redacted_url::redacted_url;
use crate::secret::{Secret, SerializableSecret};
use crate::server_url::validate_url;
use auth_method::AuthMethod;

/// A custom integration to register: an entry in the team's catalogue that points Duvo
/// at an MCP server.
///
/// `Debug` redacts the client secret, and the parts of the URL that often contain a secret:
/// the user information, the query and the fragment.
#[derive(Clone)]
pub struct CustomIntegration {
    body: CustomIntegrationRequest,
    idempotency_key: Option<String>,
}

/// The method by which teammates' connections authenticate to the MCP server. Its name alone
/// is an [`AuthMethod`], which can be read from text and from configuration files.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Auth {
    /// Nothing beyond the server's URL: `url`.
    Url,
    /// A token: `apikey`.
    ApiKey,
    /// Custom headers: `headers`.
    Headers,
    /// OAuth: `oauth`. Without a client, Duvo registers one dynamically, if the MCP
    /// server supports it.
    OAuth(Option<OAuthClient>),
}

/// An OAuth client, registered with the authorization server of the MCP server.
#[derive(Clone, Debug)]
pub struct OAuthClient {
    id: String,
    secret: Secret,
}

impl OAuthClient {
    /// Creates an OAuth client from its id and secret, both of which must not be empty.
    pub fn new(id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self {
            id: id.into(),
            secret: secret.into(),
        }
    }
}

impl Auth {
    /// Returns OAuth with dynamic client registration.
    #[must_use]
    pub fn oauth() -> Self {
        Self::OAuth(None)
    }

    /// Returns OAuth with a client that is already registered. Its id and its secret
    /// must not be empty.
    pub fn oauth_client(id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        Self::OAuth(Some(OAuthClient::new(id, secret)))
    }

    /// Returns the name of the method.
    #[must_use]
    pub fn method(&self) -> AuthMethod {
        match self {
            Self::Url => AuthMethod::Url,
            Self::ApiKey => AuthMethod::ApiKey,
            Self::Headers => AuthMethod::Headers,
            Self::OAuth(_) => AuthMethod::OAuth,
        }
    }
}

/// Returns the method without an OAuth client: `oauth` is [`Auth::oauth`].
impl From<AuthMethod> for Auth {
    fn from(method: AuthMethod) -> Self {
        match method {
            AuthMethod::Url => Self::Url,
            AuthMethod::ApiKey => Self::ApiKey,
            AuthMethod::Headers => Self::Headers,
            AuthMethod::OAuth => Self::oauth(),
        }
    }
}

impl CustomIntegration {
    /// Creates an integration with this name for the MCP server at `server_url`.
    ///
    /// Duvo must reach the server from the internet over public HTTPS, and the server
    /// must speak streamable HTTP. Only the URL's syntax is validated here, so a URL such as
    /// `http://10.0.0.1/` is accepted; [`concerns`](Self::concerns) lists what may keep Duvo
    /// from reaching the server. The URL is sent unmodified.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest)
    /// that names every invalid field: an empty `name`, `oauth_client_id` or
    /// `oauth_client_secret`, or a `server_url` that is not an absolute http or https
    /// URL in ASCII.
    pub fn new(name: impl Into<String>, server_url: impl Into<String>, auth: Auth) -> Result<Self> {
        let mut errors = Vec::new();
        let name = name.into();
        let server_url = server_url.into();
        let auth_method = auth.method().into();
        let client = match auth {
            Auth::OAuth(client) => client,
            _ => None,
        };
        let (id, secret) = client.map(|client| (client.id, client.secret)).unzip();
        let name = validate("name", name, &mut errors);
        if let Err(reason) = validate_url(&server_url) {
            errors.push(InvalidField::new("server_url", reason));
        }
        let oauth_client_id = id.map(|id| validate("oauth_client_id", id, &mut errors));
        if secret
            .as_ref()
            .is_some_and(|secret| secret.expose().is_empty())
        {
            errors.push(InvalidField::new("oauth_client_secret", EMPTY_VALUE));
        }
        match (name, oauth_client_id) {
            (Some(name), id @ (None | Some(Some(_)))) if errors.is_empty() => Ok(Self {
                body: CustomIntegrationRequest {
                    name,
                    auth_method,
                    server_url,
                    oauth_client_id: id.flatten(),
                    oauth_client_secret: secret.map(SerializableSecret),
                },
                idempotency_key: None,
            }),
            _ => Err(Error::invalid_request(errors)),
        }
    }

    /// Sets the `Idempotency-Key` of every attempt to register the integration.
    /// Defaults to a random UUID for each call.
    ///
    /// A program that stores the key can repeat the call under the same key in a later
    /// run. The key belongs to this value: registering the value with two teams sends
    /// the same key to both. Duvo does not document how the API uses the key, nor what
    /// a 409 for a repeated key means. A [plan](crate::Plan::replace) that replaces an
    /// integration appends the identifier of the deleted one to the key, so that an API
    /// that honors the key does not return the deleted integration.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if
    /// the key is empty or contains characters other than visible ASCII.
    pub fn with_idempotency_key(mut self, key: impl Into<String>) -> Result<Self> {
        let key = key.into();
        let invalid = InvalidCharacter::find(&key, |character| character.is_ascii_graphic());
        let reason = if key.is_empty() {
            Some(EMPTY_VALUE.to_owned())
        } else {
            invalid
                .map(|character| character.message("use visible ASCII characters, such as a UUID"))
        };
        if let Some(reason) = reason {
            let field = InvalidField::new("Idempotency-Key", reason);
            return Err(Error::invalid_request(vec![field]));
        }
        self.idempotency_key = Some(key);
        Ok(self)
    }

    /// Returns the name of the integration.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.body.name
    }

    /// Returns the form of a name that is compared, as
    /// [`ensure_custom_integration`](crate::Team#equality)
    /// describes. Two integrations whose names have the same form cannot be in the same
    /// [plan](crate::Team::plan).
    #[must_use]
    pub fn normalize_name(name: &str) -> String {
        equality::normalize_name(name)
    }

    /// Returns the URL of the MCP server.
    #[must_use]
    pub fn server_url(&self) -> &str {
        &self.body.server_url
    }

    /// Returns the name of the auth method.
    #[must_use]
    pub fn auth_method(&self) -> AuthMethod {
        self.body.auth_method.into()
    }

    fn secret(&self) -> Option<&Secret> {
        let secret = self.body.oauth_client_secret.as_ref();
        secret.map(|SerializableSecret(secret)| secret)
    }
}

impl fmt::Debug for CustomIntegration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let client_id = self.body.oauth_client_id.as_ref();
        f.debug_struct("CustomIntegration")
            .field("name", &self.name())
            .field("server_url", &redacted_url(self.server_url()))
            .field("auth_method", &self.auth_method())
            .field("oauth_client_id", &client_id.map(|id| id.as_str()))
            .field("oauth_client_secret", &self.secret())
            .field("idempotency_key", &self.idempotency_key)
            .finish()
    }
}

/// Validates a value by the document's constraints for its field.
fn validate<T>(field: &'static str, value: String, errors: &mut Vec<InvalidField>) -> Option<T>
where
    T: TryFrom<String, Error = ConversionError>,
{
    let is_empty = value.is_empty();
    let reason = |error| {
        if is_empty {
            EMPTY_VALUE.to_owned()
        } else {
            format!("is invalid: {error}")
        }
    };
    T::try_from(value)
        .map_err(|error| errors.push(InvalidField::new(field, reason(error))))
        .ok()
}
