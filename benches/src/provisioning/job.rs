use duvo::{Auth, CustomIntegration};

use crate::Result;

/// A list of integrations, and the catalogue that should contain them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Job {
    /// The entries of the catalogue that nobody wants: built-in and custom ones.
    pub others: usize,
    /// The length of the list of each process.
    pub wanted: usize,
    /// The number of integrations of each list that the catalogue contains already.
    pub present: usize,
    /// The processes that share the API key, each with a list of different names.
    pub processes: usize,
    /// The seconds since the start of a rate-limit window at which all processes start.
    pub offset: u64,
}

impl Job {
    /// Returns the job of one process at the start of a window.
    #[must_use]
    pub fn new(others: usize, wanted: usize, present: usize) -> Self {
        Self {
            others,
            wanted,
            present,
            processes: 1,
            offset: 0,
        }
    }

    #[must_use]
    pub fn with_processes(self, processes: usize) -> Self {
        Self { processes, ..self }
    }

    #[must_use]
    pub fn with_offset(self, offset: u64) -> Self {
        Self { offset, ..self }
    }

    /// Returns the number of integrations that each process registers.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.wanted - self.present
    }

    /// Returns the length of the catalogue at the start.
    #[must_use]
    pub fn records_before(&self) -> usize {
        self.others + self.present * self.processes
    }

    /// Returns a team id from which the server creates the catalogue. Each `run` has its own.
    #[must_use]
    pub fn team_id(&self, run: usize) -> String {
        format!(
            "team-{}-{}-{}-{run}",
            self.others, self.present, self.processes
        )
    }

    /// Parses the parts of a [`team_id`](Self::team_id) that describe the catalogue.
    pub(super) fn from_team_id(id: &str) -> Option<Self> {
        let mut parts = id.split('-').skip(1).map(|part| part.parse().ok());
        let (others, present, processes) = (parts.next()??, parts.next()??, parts.next()??);
        Some(Self::new(others, present, present).with_processes(processes))
    }

    /// Returns the list of a process.
    pub(super) fn integrations(&self, process: usize) -> Result<Vec<CustomIntegration>> {
        let integration = |index| {
            let (name, url) = (name(process, index), server_url(process, index));
            Ok(CustomIntegration::new(name, url, Auth::Url)?)
        };
        (0..self.wanted).map(integration).collect()
    }
}

/// Returns the name of a wanted integration.
pub(super) fn name(process: usize, index: usize) -> String {
    format!("Service {index} of team {process}")
}

/// Returns the server URL of a wanted integration.
pub(super) fn server_url(process: usize, index: usize) -> String {
    format!("https://mcp.example.com/{process}/{index}")
}
