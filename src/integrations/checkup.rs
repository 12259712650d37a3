use std::cmp::Reverse;
use std::fmt;

use serde::Serialize;

use super::url_concern::UrlConcern;
use super::{AuthMethod, CustomIntegration};
use crate::client::Team;
use crate::connections::probe::{McpServerProbe, Probe};
use crate::error::{Error, Result};
use crate::generated::types::{McpOAuth, McpTool};
use crate::response::Response;
use crate::sanitize::sanitize;

/// Whether an integration will work, as far as Duvo can determine it without registering it.
/// Created by [`Team::check`].
///
/// `Display` prints the verdict, and one line for each finding with its next step. It
/// serializes as an object: `verdict`, `findings` (each with `effect`, `message` and
/// `next_step`) and `tools`.
///
/// # Rules
///
/// The probe is made without authentication, because an integration contains no credentials of
/// teammates. A failure for the lack of authentication is recognized by the text of Duvo's
/// reason.
///
/// | auth method | Duvo's probe | OAuth check | verdict |
/// |---|---|---|---|
/// | `url` | lists tools | | works |
/// | `url` | requires authentication | | will not work |
/// | `apikey`, `headers` | requires authentication | | works |
/// | `apikey`, `headers` | lists tools | | works, but the server requires no authentication |
/// | `oauth` without a client | lists tools, or requires authentication | dynamic registration | works |
/// | `oauth` without a client | lists tools, or requires authentication | no dynamic registration | will not work |
/// | `oauth` with a client | lists tools, or requires authentication | an authorization endpoint | works |
/// | `oauth` with a client | lists tools, or requires authentication | no authorization endpoint | works, but the endpoint was not discovered |
/// | any | lists no tool | | works, but there is nothing to use |
/// | any | fails for another reason | | will not work |
/// | any | no result | | cannot be determined |
/// | `oauth` | any | no result | cannot be determined |
///
/// The [concerns](CustomIntegration::concerns) about the URL turn "works" into "works, but".
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Checkup {
    /// The verdict, which follows from the findings.
    pub verdict: Verdict,
    /// The findings, the most severe first.
    pub findings: Vec<Finding>,
    /// The tools that the server lists without authentication.
    pub tools: Vec<McpTool>,
}

/// The result of a [`Checkup`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Verdict {
    /// The integration will work.
    Works,
    /// The integration will work, but there are findings.
    WorksBut,
    /// Whether the integration will work cannot be determined.
    Undetermined,
    /// The integration will not work.
    WillNotWork,
}

/// A finding of a [`Checkup`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The verdict that follows from this finding alone.
    pub effect: Verdict,
    /// What was found, in one line without secrets.
    pub message: String,
    /// What to do about it.
    pub next_step: String,
}

impl Verdict {
    /// Returns `works`, `works_but`, `undetermined` or `will_not_work`, for logs and metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::WorksBut => "works_but",
            Self::Undetermined => "undetermined",
            Self::WillNotWork => "will_not_work",
        }
    }
}

impl Finding {
    fn new(effect: Verdict, message: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self {
            effect,
            message: message.into(),
            next_step: next_step.into(),
        }
    }
}

impl Team {
    /// Checks whether an integration will work, before it is registered: examines its URL,
    /// lets Duvo [probe](Self::probe_mcp_server) the MCP server, and for the auth method
    /// `oauth` [checks](crate::Client::check_mcp_oauth) its OAuth support. Changes nothing.
    ///
    /// ```
    /// use duvo::{Auth, CustomIntegration, Verdict};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let server = duvo::mock::Server::start()?;
    /// # server.probe_mcp_server();
    /// # let team = server.client()?.team("team_1");
    /// let crm = CustomIntegration::new("CRM", "https://mcp.example.com/crm", Auth::Url)?;
    /// let checkup = team.check(&crm).await?;
    /// println!("{checkup}");
    /// assert_ne!(checkup.verdict, Verdict::WillNotWork);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if every request would fail in the same way, such as a 401 for the API
    /// key, and for an invalid team id. Other errors of the probe and of the OAuth check are
    /// findings, with the verdict [`Undetermined`](Verdict::Undetermined).
    pub async fn check(&self, integration: &CustomIntegration) -> Result<Checkup> {
        let url = integration.server_url();
        let probe = self.probe_mcp_server(&McpServerProbe::new(url)).await;
        let probe = result_or_finding(probe.map(Response::into_inner), "the probe")?;
        let oauth = match integration.auth_method() {
            AuthMethod::OAuth => {
                let oauth = self.client.check_mcp_oauth(url).await;
                let oauth = oauth.map(Response::into_inner);
                Some(result_or_finding(oauth, "the check of OAuth")?)
            }
            _ => None,
        };
        Ok(Checkup::new(integration, probe, oauth))
    }
}

/// Returns the result of a call, or a finding if the call failed for another reason.
fn result_or_finding<T>(result: Result<T>, call: &str) -> Result<Result<T, Finding>> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(error) if error.affects_every_request() || error.is_invalid_request() => Err(error),
        Err(error) => Ok(Err(inconclusive(&error, call))),
    }
}

fn inconclusive(error: &Error, call: &str) -> Finding {
    let message = format!("{call} has no result: {error}");
    Finding::new(Verdict::Undetermined, message, "check again later")
}

impl Checkup {
    fn new(
        integration: &CustomIntegration,
        probe: Result<Probe, Finding>,
        oauth: Option<Result<McpOAuth, Finding>>,
    ) -> Self {
        let mut findings = Vec::new();
        let mut tools = Vec::new();
        match probe {
            Ok(probe) => {
                findings.extend(probe_finding(integration.auth_method(), &probe));
                if let Probe::Reachable { tools: listed } = probe {
                    tools = listed;
                }
            }
            Err(finding) => findings.push(finding),
        }
        match oauth {
            Some(Ok(oauth)) => findings.extend(oauth_finding(integration, &oauth)),
            Some(Err(finding)) => findings.push(finding),
            None => {}
        }
        findings.extend(integration.concerns().iter().map(url_finding));
        findings.sort_by_key(|finding| Reverse(finding.effect));
        let effects = findings.iter().map(|finding| finding.effect);
        Self {
            verdict: effects.max().unwrap_or(Verdict::Works),
            findings,
            tools,
        }
    }
}

fn probe_finding(method: AuthMethod, probe: &Probe) -> Option<Finding> {
    match probe {
        Probe::Reachable { tools } if tools.is_empty() => Some(Finding::new(
            Verdict::WorksBut,
            "the server lists no tools",
            "check that the URL is that of the MCP endpoint, and that the server has tools",
        )),
        Probe::Reachable { .. } => match method {
            AuthMethod::ApiKey | AuthMethod::Headers => Some(Finding::new(
                Verdict::WorksBut,
                "the server lists its tools without authentication",
                format!(
                    "require authentication in the server, or use the auth method `url` instead of `{method}`"
                ),
            )),
            AuthMethod::Url | AuthMethod::OAuth => None,
        },
        Probe::Failed { reason } => {
            let reason = reason.as_deref().map(sanitize);
            match reason.as_deref() {
                Some(reason) if requires_authentication(reason) => match method {
                    AuthMethod::Url => Some(Finding::new(
                        Verdict::WillNotWork,
                        format!("the server requires authentication: {reason}"),
                        "use the auth method `apikey`, `headers` or `oauth`",
                    )),
                    AuthMethod::ApiKey | AuthMethod::Headers | AuthMethod::OAuth => None,
                },
                reason => Some(Finding::new(
                    Verdict::WillNotWork,
                    format!(
                        "Duvo cannot use the server: {}",
                        reason.unwrap_or("no reason was returned")
                    ),
                    "check the URL, and that the server is reachable over public HTTPS and speaks streamable HTTP",
                )),
            }
        }
    }
}

fn oauth_finding(integration: &CustomIntegration, oauth: &McpOAuth) -> Option<Finding> {
    let has_client = integration.body.oauth_client_id.is_some();
    match (oauth.supports_dcr, has_client) {
        (false, false) => Some(Finding::new(
            Verdict::WillNotWork,
            "the server does not support dynamic client registration",
            "create a client with its authorization server, and pass its id and secret with `Auth::oauth_client`; if the server has no OAuth, use another auth method",
        )),
        (_, true) if oauth.authorization_endpoint.is_none() => Some(Finding::new(
            Verdict::WorksBut,
            "Duvo did not discover the authorization endpoint of the server",
            "check that the server publishes its OAuth metadata",
        )),
        _ => None,
    }
}

fn url_finding(concern: &UrlConcern) -> Finding {
    let text = concern.to_string();
    let (message, next_step) = text.rsplit_once("; ").unwrap_or((&text, "change the URL"));
    Finding::new(Verdict::WorksBut, message, next_step)
}

/// Whether Duvo's reason states that the server rejected a request without authentication.
fn requires_authentication(reason: &str) -> bool {
    let reason = reason.to_lowercase();
    let words: Vec<_> = reason
        .split(|character: char| !character.is_alphanumeric())
        .collect();
    let contains = |any_of: &[&str]| words.iter().any(|word| any_of.contains(word));
    contains(&["401", "403", "unauthorized", "unauthenticated", "forbidden"])
        || contains(&[
            "auth",
            "authentication",
            "authorization",
            "credentials",
            "oauth",
        ]) && contains(&["required", "requires", "missing", "needed"])
}

/// Prints the effect, the message and the next step in one line.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            effect,
            message,
            next_step,
        } = self;
        write!(f, "{effect}: {message}; {next_step}")
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Works => "works",
            Self::WorksBut => "works, but",
            Self::Undetermined => "cannot be determined",
            Self::WillNotWork => "will not work",
        })
    }
}

impl fmt::Display for Checkup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.verdict)?;
        match self.tools.len() {
            0 => {}
            1 => f.write_str(" (1 tool)")?,
            count => write!(f, " ({count} tools)")?,
        }
        for finding in &self.findings {
            write!(f, "\n  {finding}")?;
        }
        Ok(())
    }
}
