use std::collections::{BTreeMap, HashMap};
use std::fmt;

use http::HeaderName;
use serde::Serialize;
use serde_json::Value;

use crate::call::{Call, validate_path_segment};
use crate::client::Team;
use crate::error::{EMPTY_VALUE, Error, InvalidCharacter, InvalidField, Result};
use crate::generated::types::{McpProbeRequest, McpProbeResult, McpTool};
use crate::redact::Redactor;
use crate::redacted_url::redacted_url;
use crate::response::Response;
use crate::sanitize::sanitize;
use crate::secret::{Secret, SerializableSecret};
use crate::server_url::validate_url;

/// An MCP server to probe: its URL, and the headers that Duvo sends to it.
///
/// `Debug` redacts the values of the headers, and the parts of the URL that often contain a
/// secret: the user information, the query and the fragment.
///
/// ```
/// use duvo::McpServerProbe;
///
/// let probe = McpServerProbe::new("https://mcp.example.com/crm")
///     .header("Authorization", "Bearer correct-horse-battery-staple");
/// assert!(!format!("{probe:?}").contains("horse"));
/// ```
#[derive(Clone)]
#[must_use = "a probe is sent by `Team::probe_mcp_server`"]
pub struct McpServerProbe {
    server_url: String,
    headers: Vec<(String, Secret)>,
}

/// The result of a probe. Text of the server is redacted: it has none of the values of the
/// headers, nor the API key.
///
/// It serializes as an object with the field `result`: `reachable`, with `tools`, or `failed`,
/// with `reason`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Probe {
    /// Duvo connected to the server, and listed its tools.
    #[non_exhaustive]
    Reachable {
        /// The tools of the server, in the order of the response.
        tools: Vec<McpTool>,
    },
    /// Duvo could not connect to the server, the server rejected the headers, or it did not
    /// respond as an MCP server does.
    #[non_exhaustive]
    Failed {
        /// Duvo's description of the failure, if the response has one.
        reason: Option<String>,
    },
}

impl McpServerProbe {
    /// Creates a probe of the MCP server at this URL, without headers.
    pub fn new(server_url: impl Into<String>) -> Self {
        Self {
            server_url: server_url.into(),
            headers: Vec::new(),
        }
    }

    /// Adds a header that Duvo sends to the server. The value is a secret: it is redacted
    /// wherever the response repeats it, even if it is short.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<Secret>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Returns every invalid field.
    fn invalid_fields(&self) -> Vec<InvalidField> {
        let url = validate_url(&self.server_url).err();
        let url = url.map(|reason| InvalidField::new("server_url", reason));
        let mut first_uses = HashMap::new();
        let headers = self.headers.iter().zip(1..).flat_map(|((name, value), n)| {
            let name_reason = match validate_name(name) {
                Err(reason) => Some(format!("header {n}: the name {reason}")),
                Ok(()) => first_uses
                    .insert(name.to_ascii_lowercase(), n)
                    .map(|first| format!("header {n}: the name is that of header {first}")),
            };
            let value_reason = validate_value(value.expose()).err();
            let value_reason = value_reason.map(|reason| format!("header {n}: the value {reason}"));
            [name_reason, value_reason]
        });
        let headers = headers.flatten();
        url.into_iter()
            .chain(headers.map(|reason| InvalidField::new("headers", reason)))
            .collect()
    }

    fn to_request(&self) -> McpProbeRequest {
        let headers = self.headers.iter();
        let headers: BTreeMap<_, _> = headers
            .map(|(name, value)| (name.clone(), SerializableSecret(value.clone())))
            .collect();
        McpProbeRequest {
            headers,
            server_url: Some(self.server_url.clone()),
        }
    }

    /// Returns the values of the headers, and the credentials within them. A server can repeat
    /// a token without its scheme.
    fn secrets(&self) -> Vec<Secret> {
        let values = self.headers.iter().map(|(_, value)| value);
        values
            .flat_map(|value| [Some(value.clone()), credentials(value.expose())])
            .flatten()
            .collect()
    }
}

/// Returns the credentials of a value such as `Bearer token`.
fn credentials(value: &str) -> Option<Secret> {
    let (scheme, credentials) = value.split_once(' ')?;
    let is_scheme = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let credentials = credentials.trim();
    (scheme.chars().all(is_scheme) && !credentials.contains(' ')).then(|| credentials.into())
}

/// Validates the name of a header. The reason does not repeat the name, which may be a
/// misplaced value.
fn validate_name(name: &str) -> Result<(), String> {
    let is_allowed = |character: char| {
        character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
    };
    if name.is_empty() {
        return Err(EMPTY_VALUE.to_owned());
    }
    match InvalidCharacter::find(name, is_allowed) {
        Some(character) => Err(character.message("use letters, digits and `-`")),
        None if HeaderName::try_from(name).is_err() => Err("is too long".to_owned()),
        None => Ok(()),
    }
}

fn validate_value(value: &str) -> Result<(), String> {
    if value.is_empty() {
        return Err(EMPTY_VALUE.to_owned());
    }
    if value.trim_ascii().len() < value.len() {
        return Err("must not begin or end with a space or a line break; remove it".to_owned());
    }
    let is_allowed = |character: char| matches!(character, ' '..='~' | '\t');
    InvalidCharacter::find(value, is_allowed).map_or(Ok(()), |character| {
        Err(character.message("use visible ASCII characters, spaces and tabs"))
    })
}

impl fmt::Debug for McpServerProbe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |name| match validate_name(name) {
            Ok(()) => name,
            Err(_) => "[invalid name]",
        };
        let headers = self.headers.iter();
        let headers: Vec<_> = headers.map(|(text, value)| (name(text), value)).collect();
        f.debug_struct("McpServerProbe")
            .field("server_url", &redacted_url(&self.server_url))
            .field("headers", &headers)
            .finish()
    }
}

impl Probe {
    /// Returns whether Duvo connected to the server, and listed its tools.
    #[must_use]
    pub fn is_reachable(&self) -> bool {
        matches!(self, Self::Reachable { .. })
    }

    /// Returns the tools of the server; none if the probe failed.
    #[must_use]
    pub fn tools(&self) -> &[McpTool] {
        match self {
            Self::Reachable { tools } => tools,
            Self::Failed { .. } => &[],
        }
    }

    /// Returns Duvo's description of the failure, if the probe failed.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Reachable { .. } => None,
            Self::Failed { reason } => reason.as_deref(),
        }
    }

    fn new(result: McpProbeResult, redactor: &Redactor) -> Self {
        if result.success {
            let tools = result.tools.unwrap_or_default().into_iter();
            let tools = tools.map(|tool| redact_tool(tool, redactor)).collect();
            Self::Reachable { tools }
        } else {
            let reason = result.error.filter(|error| !error.trim().is_empty());
            let reason = reason.map(|reason| sanitize(&redactor.redact(&reason)).into_owned());
            Self::Failed { reason }
        }
    }
}

fn redact_tool(tool: McpTool, redactor: &Redactor) -> McpTool {
    let schema = tool.input_schema.map(Value::Object);
    let schema = schema.map(|schema| redactor.redact_json(schema));
    McpTool {
        name: redactor.redact(&tool.name),
        description: tool.description.map(|text| redactor.redact(&text)),
        input_schema: schema.and_then(|schema| match schema {
            Value::Object(schema) => Some(schema),
            _ => None,
        }),
    }
}

impl Team {
    /// Lets Duvo connect to an MCP server and list its tools:
    /// `POST /v2/teams/{teamId}/connections/mcp/probe`. The call changes nothing.
    ///
    /// A server that Duvo cannot use is a [`Probe::Failed`], and not an error. See Duvo's
    /// [API reference].
    ///
    /// ```
    /// use duvo::{McpServerProbe, Probe};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = duvo::mock::Server::start()?;
    /// # server.probe_mcp_server();
    /// # let team = server.client()?.team("team_1");
    /// let probe = McpServerProbe::new("https://mcp.example.com/crm").header("X-Api-Key", "key");
    /// match team.probe_mcp_server(&probe).await?.into_inner() {
    ///     Probe::Reachable { tools, .. } => println!("{} tools", tools.len()),
    ///     failed => println!("failed: {}", failed.reason().unwrap_or("no reason")),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error of any [`ErrorKind`](crate::ErrorKind). The call is retried after any
    /// transient failure. A response that does not report the result unambiguously is an
    /// [`UnreadableResponse`](crate::ErrorKind::UnreadableResponse): `success` is missing, or
    /// a success has an `error`.
    ///
    /// An invalid probe is an [`InvalidRequest`](crate::ErrorKind::InvalidRequest) that names
    /// every invalid field: a `server_url` that is invalid by the rules of
    /// [`CustomIntegration::new`](crate::CustomIntegration::new); and `headers`, by their
    /// number, with a name that is not a token of HTTP or is used twice, or a value that is
    /// empty, begins or ends with a space, or contains characters other than visible ASCII,
    /// spaces and tabs. The team id is the invalid field `teamId`.
    ///
    /// [API reference]: https://docs.duvo.ai/api-reference
    pub async fn probe_mcp_server(&self, probe: &McpServerProbe) -> Result<Response<Probe>> {
        let mut errors = probe.invalid_fields();
        let team_id = match validate_path_segment("teamId", &self.id) {
            Ok(team_id) => team_id,
            Err(error) => {
                errors.splice(..0, error.invalid_fields().iter().cloned());
                return Err(Error::invalid_request(errors));
            }
        };
        if !errors.is_empty() {
            return Err(Error::invalid_request(errors));
        }
        let secrets = probe.secrets();
        let call = Call::new(&self.client, &secrets);
        let body = probe.to_request();
        let response = call.probe_mcp_server(team_id, &body).await?;
        let redactor = call.redactor();
        let is_contradiction = response.success
            && response
                .error
                .as_ref()
                .is_some_and(|error| !error.trim().is_empty());
        if is_contradiction {
            let reason = "`success` is true, but the body has an `error`";
            let body = response.body().clone();
            return Err(Error::from_response(&response, body, reason, &redactor));
        }
        Ok(response.map(|result| Probe::new(result, &redactor)))
    }
}
