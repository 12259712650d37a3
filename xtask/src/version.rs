use std::fmt;

use crate::Result;

/// The impact of a release on consumers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Impact {
    Nothing,
    Addition,
    Breaking,
}

impl fmt::Display for Impact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "No change for consumers",
            Self::Addition => "Compatible additions",
            Self::Breaking => "Breaking changes",
        })
    }
}

/// A version of the crate: <https://doc.rust-lang.org/cargo/reference/semver.html>.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    major: u64,
    minor: u64,
    patch: u64,
}

impl Version {
    /// Parses the version of a `Cargo.toml`.
    pub fn from_manifest(manifest: &str) -> Result<Self> {
        let line = manifest
            .lines()
            .find_map(|line| line.strip_prefix("version = \""));
        let text = line.and_then(|rest| rest.split('"').next());
        let text = text.ok_or("Cargo.toml contains no line such as `version = \"1.2.3\"`")?;
        Self::parse(text).ok_or_else(|| {
            format!("the version {text} in Cargo.toml must be three numbers, such as 1.2.3")
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.').map(|number| number.parse().ok());
        let version = Self {
            major: numbers.next()??,
            minor: numbers.next()??,
            patch: numbers.next()??,
        };
        numbers.next().is_none().then_some(version)
    }

    /// Returns the lowest version of a release with this impact after this version. Before
    /// 1.0.0, Cargo treats the minor version as the major one.
    #[must_use]
    pub fn after(self, impact: Impact) -> Self {
        let Self {
            major,
            minor,
            patch,
        } = self;
        let (major, minor, patch) = match (impact, major) {
            (Impact::Nothing, _) => (major, minor, patch),
            (Impact::Breaking, 0) => (0, minor + 1, 0),
            (Impact::Breaking, _) => (major + 1, 0, 0),
            (Impact::Addition, 0) => (0, minor, patch + 1),
            (Impact::Addition, _) => (major, minor + 1, 0),
        };
        Self {
            major,
            minor,
            patch,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_version_follows_cargos_semver_rules() {
        for (version, impact, expected) in [
            ("0.1.2", Impact::Nothing, "0.1.2"),
            ("0.1.2", Impact::Addition, "0.1.3"),
            ("0.1.2", Impact::Breaking, "0.2.0"),
            ("1.2.3", Impact::Addition, "1.3.0"),
            ("1.2.3", Impact::Breaking, "2.0.0"),
        ] {
            let version = Version::parse(version).unwrap();
            assert_eq!(version.after(impact).to_string(), expected);
        }
    }

    #[test]
    fn parses_version_of_manifest() {
        let version = Version::from_manifest("[package]\nname = \"duvo\"\nversion = \"0.10.2\"\n");
        assert_eq!(version.unwrap().to_string(), "0.10.2");
        assert!(Version::from_manifest("version = \"1.2\"").is_err());
        assert!(Version::from_manifest("").is_err());
    }

    #[test]
    fn compares_versions_as_numbers() {
        assert!(Version::parse("0.10.0") > Version::parse("0.9.9"));
    }
}
