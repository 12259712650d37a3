use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

/// Replaces a secret in displayed text.
pub(crate) const REDACTED: &str = "[redacted]";

/// A string that is never printed: an API key or an OAuth client secret.
///
/// `Debug` prints a placeholder, and `Display` is not implemented. Clones share
/// their memory, which is zeroized when the last clone is dropped. A secret is
/// created from a `String` or a `&str`:
///
/// ```
/// let secret = duvo::Secret::from("correct-horse-battery-staple");
/// assert_eq!(format!("{secret:?}"), "Secret([redacted])");
/// ```
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<String>>);

impl Secret {
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self(Arc::new(Zeroizing::new(value)))
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Self {
        Self::from(value.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({REDACTED})")
    }
}

/// A secret in a request body. Only the generated code serializes it, so that a
/// `Secret` in a consumer's own struct cannot be serialized by accident.
#[derive(Clone, Debug)]
pub(crate) struct SerializableSecret(pub(crate) Secret);

impl PartialEq for SerializableSecret {
    fn eq(&self, other: &Self) -> bool {
        self.0.expose() == other.0.expose()
    }
}

impl Serialize for SerializableSecret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

impl<'de> Deserialize<'de> for SerializableSecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|value| Self(value.into()))
    }
}
