//! A mock of Duvo in this process, whose catalogue is lost with the process.

use duvo::mock::{Catalogue, Server, examples};
use duvo::{AuthMethod, Client};

/// A file that needs changes of the catalogue of [`Mock::start`].
pub(crate) const SAMPLE_PATH: &str = "examples/provision/sample.toml";
pub(crate) const SAMPLE: &str = include_str!("sample.toml");

pub(crate) struct Mock {
    server: Server,
    catalogue: Catalogue,
}

impl Mock {
    /// Starts a mock whose catalogue is empty. Its API key has the team of the catalogue only.
    pub(crate) fn start() -> Result<Self, String> {
        let server = Server::start();
        let server = server.map_err(|error| format!("cannot start the mock server: {error}"))?;
        let catalogue = server.catalogue();
        let handle = catalogue.clone();
        server.list_teams().respond_with(move |_, then| {
            let mut page = examples::team_page();
            for team in &mut page.teams {
                team.id = handle.team_id();
            }
            then.teams(page)
        });
        server.probe_mcp_server().respond_with(|call, then| {
            let path = call.server_url().and_then(|url| url.rsplit('/').next());
            let mut result = examples::mcp_probe_result();
            let reason = match path {
                Some("inventory") => Some("HTTP 401"),
                Some("support") => Some("connect ETIMEDOUT"),
                _ => None,
            };
            if let Some(reason) = reason {
                (result.success, result.tools) = (false, None);
                result.error = Some(reason.to_owned());
            }
            then.probed(result)
        });
        server.check_mcp_oauth();
        Ok(Self { server, catalogue })
    }

    /// Adds integrations to the catalogue of the team, or of the documented one, so that the
    /// sample file has each kind of finding.
    pub(crate) fn add_samples(&self, team: Option<&str>) {
        let catalogue = &self.catalogue;
        if let Some(team) = team {
            catalogue.set_team_id(team);
        }
        let add = |name, path, auth_method| {
            let server_url = format!("https://mcp.example.com/{path}");
            catalogue.add_custom(name, server_url, auth_method);
        };
        add("Price list", "price-list", AuthMethod::ApiKey);
        // Differs from the file.
        add("Internal CRM", "crm-before-migration", AuthMethod::OAuth);
        // A duplicate.
        add("Shipping", "shipping", AuthMethod::ApiKey);
        add("Shipping", "shipping", AuthMethod::ApiKey);
        // Not in the file.
        add("Old wiki", "wiki", AuthMethod::Url);
        // In the file, but broken: the documented example.
        let mut broken = examples::oauth_dynamic_integration();
        broken.team_id = catalogue.team_id();
        catalogue.add(broken);
    }

    pub(crate) fn client(&self) -> duvo::Result<Client> {
        self.server.client()
    }
}
