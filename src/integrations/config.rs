use std::env;
use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IgnoredAny;
use zeroize::Zeroizing;

use super::{Auth, AuthMethod, CustomIntegration};
use crate::error::{EMPTY_VALUE, Error, InvalidField, Result};
use crate::redacted_url::redacted_url;
use crate::secret::{REDACTED, Secret};

/// A custom integration as a configuration file describes it, in any format of serde.
///
/// | field | value |
/// |---|---|
/// | `name` | the name, required |
/// | `server_url` | the URL of the MCP server, required |
/// | `auth_method` | the name of an [`AuthMethod`], required |
/// | `oauth_client_id` | the id of an OAuth client, with the auth method `oauth` |
/// | `oauth_client_secret_env` | the environment variable that contains the client secret; also accepted as `oauth_client_secret_variable` |
/// | `oauth_client_secret_file` | the file that contains the client secret, relative to the current directory; line breaks at its end are ignored |
///
/// Unknown fields are an error, and so is a client secret in the file: configuration files
/// are committed, copied and printed, so the file only names the location of the secret.
///
/// Errors are reported in two steps. The parser of the format reports unknown fields and
/// wrong types, usually with their position in the file. [`resolve`](Self::resolve) reports
/// everything else at once.
///
/// ```
/// use duvo::CustomIntegrationConfig;
///
/// let config: CustomIntegrationConfig = serde_json::from_str(
///     r#"{"name": "", "server_url": "crm", "auth_method": "basic"}"#,
/// )?;
/// let error = config.resolve().unwrap_err();
/// let fields: Vec<_> = error.invalid_fields().iter().map(|field| field.field()).collect();
/// assert_eq!(fields, ["name", "server_url", "auth_method"]);
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// In your own struct, use this type as a field or in a list, also under
/// `deny_unknown_fields`; serde does not support `flatten` for it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomIntegrationConfig {
    name: Option<String>,
    server_url: Option<String>,
    auth_method: Option<String>,
    oauth_client_id: Option<String>,
    #[serde(alias = "oauth_client_secret_variable")]
    oauth_client_secret_env: Option<String>,
    oauth_client_secret_file: Option<PathBuf>,
    /// Known, so that the parser does not print its line as that of an unknown field.
    oauth_client_secret: Option<IgnoredAny>,
}

/// The maximum length of a file that contains a secret, in bytes.
const MAX_SECRET_LEN: usize = 64 * 1024;

impl CustomIntegrationConfig {
    /// The names of the fields, for example for a suggestion about an unknown one.
    pub const FIELDS: &'static [&'static str] = &[
        "name",
        "server_url",
        "auth_method",
        "oauth_client_id",
        "oauth_client_secret_env",
        "oauth_client_secret_file",
    ];

    /// Returns the name, if it is present, for example for a message about an invalid
    /// integration.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Reads the client secret, if there is one, and creates the integration.
    ///
    /// # Errors
    ///
    /// Returns an error of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest) that
    /// names every field that is missing or invalid:
    ///
    /// - those of [`CustomIntegration::new`]
    /// - an `auth_method` that is not the name of an [`AuthMethod`], or is not `oauth`
    ///   although there is an OAuth client
    /// - an OAuth client without an id or without a secret
    /// - an environment variable that is not set, is empty or is not Unicode
    /// - a file that cannot be read, is empty, is not UTF-8 or is larger than 64 KiB
    /// - both an environment variable and a file, or a literal `oauth_client_secret`
    ///
    /// The error never contains a secret. It repeats the name of an environment variable
    /// only if the name consists of capital letters, digits and underscores, because a
    /// secret may have been written there by mistake.
    pub fn resolve(&self) -> Result<CustomIntegration> {
        self.resolve_with(|name| env::var_os(name))
    }

    fn resolve_with(
        &self,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<CustomIntegration> {
        let mut errors = Vec::new();
        let mut invalid = |field, reason: &str| errors.push(InvalidField::new(field, reason));

        let name = self.name.as_deref().unwrap_or_else(|| {
            invalid("name", "is missing");
            ""
        });
        let server_url = self.server_url.as_deref().unwrap_or_else(|| {
            invalid("server_url", "is missing");
            ""
        });
        let method = match self.auth_method.as_deref().map(str::parse::<AuthMethod>) {
            Some(Ok(method)) => Some(method),
            Some(Err(error)) => {
                invalid("auth_method", &error.to_string());
                None
            }
            None => {
                invalid("auth_method", "is missing");
                None
            }
        };
        if self.oauth_client_secret.is_some() {
            invalid(
                "oauth_client_secret",
                "must not be in the configuration; use `oauth_client_secret_env` or `oauth_client_secret_file`",
            );
        }
        let secret = self.secret(&variable, &mut invalid);
        let has_secret = self.oauth_client_secret_env.is_some()
            || self.oauth_client_secret_file.is_some()
            || self.oauth_client_secret.is_some();
        match (&self.oauth_client_id, has_secret) {
            (Some(_), false) => invalid(
                "oauth_client_secret_env",
                "is missing; an OAuth client has an id and a secret, which can also be in `oauth_client_secret_file`",
            ),
            (None, true) => invalid(
                "oauth_client_id",
                "is missing; an OAuth client has an id and a secret",
            ),
            _ => {}
        }
        let has_client = self.oauth_client_id.is_some() || has_secret;
        if has_client && method.is_some_and(|method| method != AuthMethod::OAuth) {
            invalid(
                "auth_method",
                "must be `oauth` for an OAuth client; change it, or remove the client",
            );
        }

        // With a substitute for what is missing, the other values are validated as well.
        let auth = match &self.oauth_client_id {
            Some(id) => Auth::oauth_client(id, secret.unwrap_or_else(|| "secret".into())),
            None => method.unwrap_or(AuthMethod::Url).into(),
        };
        match CustomIntegration::new(name, server_url, auth) {
            Ok(integration) if errors.is_empty() => return Ok(integration),
            Ok(_) => {}
            Err(error) => {
                for error in error.invalid_fields() {
                    if !errors.iter().any(|other| other.field() == error.field()) {
                        errors.push(error.clone());
                    }
                }
            }
        }
        let position = |field: &str| Self::FIELDS.iter().position(|known| *known == field);
        // `oauth_client_secret` is not a field that can be used.
        errors.sort_by_key(|error| position(error.field()).unwrap_or(Self::FIELDS.len()));
        Err(Error::invalid_request(errors))
    }

    /// Reads the client secret from its environment variable or its file.
    fn secret(
        &self,
        variable: impl Fn(&str) -> Option<OsString>,
        invalid: &mut impl FnMut(&'static str, &str),
    ) -> Option<Secret> {
        let (field, secret) = match (
            &self.oauth_client_secret_env,
            &self.oauth_client_secret_file,
        ) {
            (None, None) => return None,
            (Some(_), Some(_)) => {
                invalid(
                    "oauth_client_secret_file",
                    "must not be combined with `oauth_client_secret_env`; remove one of them",
                );
                return None;
            }
            (Some(name), None) => {
                let secret = from_variable(name, variable);
                ("oauth_client_secret_env", secret)
            }
            (None, Some(path)) => ("oauth_client_secret_file", from_file(path)),
        };
        secret.map_err(|reason| invalid(field, &reason)).ok()
    }
}

fn from_variable(
    name: &str,
    variable: impl Fn(&str) -> Option<OsString>,
) -> Result<Secret, String> {
    if name.is_empty() {
        return Err(EMPTY_VALUE.to_owned());
    }
    let described = |problem: &str| {
        if is_variable_name(name) {
            format!("names the environment variable {name}, which {problem}")
        } else {
            format!("names an environment variable that {problem}")
        }
    };
    let value = variable(name).ok_or_else(|| described("is not set"))?;
    let value = value
        .into_string()
        .map_err(|_| described("is not Unicode"))?;
    if value.is_empty() {
        return Err(described("is empty"));
    }
    Ok(value.into())
}

/// Whether a text is conventional for an environment variable, and therefore not a secret
/// that was written into the wrong field.
fn is_variable_name(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}

fn from_file(path: &Path) -> Result<Secret, String> {
    if path.as_os_str().is_empty() {
        return Err(EMPTY_VALUE.to_owned());
    }
    // A buffer that reallocates would leave a copy of the secret behind.
    let mut content = Zeroizing::new(Vec::with_capacity(MAX_SECRET_LEN + 1));
    let mut read = || -> io::Result<usize> {
        let file = File::open(path)?;
        let limit = MAX_SECRET_LEN as u64 + 1;
        file.take(limit).read_to_end(&mut content)
    };
    let length = read().map_err(|error| format!("names a file that cannot be read: {error}"))?;
    if length > MAX_SECRET_LEN {
        return Err("names a file that is larger than 64 KiB".to_owned());
    }
    let text = str::from_utf8(&content).map_err(|_| "names a file that is not UTF-8".to_owned())?;
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        return Err("names a file that is empty".to_owned());
    }
    Ok(secret.into())
}

/// Redacts the parts of the URL that often contain a secret, and the name of an environment
/// variable that is not conventional. Omits the file.
impl fmt::Debug for CustomIntegrationConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let variable = self.oauth_client_secret_env.as_deref();
        let redact = |name| {
            if is_variable_name(name) {
                name
            } else {
                REDACTED
            }
        };
        let variable = variable.map(redact);
        f.debug_struct("CustomIntegrationConfig")
            .field("name", &self.name)
            .field("server_url", &self.server_url.as_deref().map(redacted_url))
            .field("auth_method", &self.auth_method)
            .field("oauth_client_id", &self.oauth_client_id)
            .field("oauth_client_secret_env", &variable)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use serde_json::{Value, json};

    use super::{CustomIntegrationConfig, InvalidField, OsString};

    fn config(value: Value) -> CustomIntegrationConfig {
        serde_json::from_value(value).unwrap()
    }

    fn oauth(secret: &Value) -> CustomIntegrationConfig {
        let mut value = json!({
            "name": "CRM",
            "server_url": "https://mcp.example.com/crm",
            "auth_method": "oauth",
            "oauth_client_id": "duvo-crm",
        });
        for (key, secret) in secret.as_object().unwrap() {
            value[key] = secret.clone();
        }
        config(value)
    }

    /// Resolves under an environment with one variable. Returns the fields with their
    /// reasons, or the secret.
    fn resolve(config: &CustomIntegrationConfig, value: Option<&str>) -> String {
        let variable = |name: &str| value.filter(|_| name == "SECRET").map(OsString::from);
        match config.resolve_with(variable) {
            Ok(integration) => integration.secret().unwrap().expose().to_owned(),
            Err(error) => {
                let mut text = String::new();
                for field in error.invalid_fields() {
                    writeln!(text, "{field}").unwrap();
                }
                text
            }
        }
    }

    #[test]
    fn secret_is_read_from_the_variable() {
        for key in ["oauth_client_secret_env", "oauth_client_secret_variable"] {
            let config = oauth(&json!({ key: "SECRET" }));
            assert_eq!(resolve(&config, Some("hunter2")), "hunter2");
            for value in [None, Some("")] {
                let reason = resolve(&config, value);
                assert!(
                    reason.starts_with(
                        "`oauth_client_secret_env` names the environment variable SECRET, which is "
                    ),
                    "{reason}"
                );
            }
        }
    }

    #[test]
    fn secret_in_place_of_a_variable_name_is_not_repeated() {
        for secret in ["hunter2", "dGVzdA==", "correct horse"] {
            let config = oauth(&json!({"oauth_client_secret_env": secret}));
            let printed = format!("{} {config:?}", resolve(&config, None));
            assert!(printed.contains("`oauth_client_secret_env` "), "{printed}");
            assert!(!printed.contains(secret), "{printed}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn variable_that_is_not_unicode_is_rejected() {
        use std::os::unix::ffi::OsStringExt as _;
        let config = oauth(&json!({"oauth_client_secret_env": "SECRET"}));
        let error = config
            .resolve_with(|_| Some(OsString::from_vec(vec![0xff])))
            .unwrap_err();
        let fields: Vec<_> = error
            .invalid_fields()
            .iter()
            .map(InvalidField::field)
            .collect();
        assert_eq!(fields, ["oauth_client_secret_env"]);
    }
}
