//! The tools of the MCP server. A real program replaces them by its own.

use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{Implementation, ServerCapabilities, ServerConfig};
use rmcp::{ServerHandler, tool, tool_handler, tool_router};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) struct Contacts {
    /// Names and email addresses.
    contacts: Vec<(&'static str, &'static str)>,
}

#[derive(Deserialize, JsonSchema)]
pub(crate) struct FindContact {
    /// The name or a part of it, in any case
    name: String,
}

#[tool_router]
impl Contacts {
    pub(crate) fn new() -> Self {
        let contacts = vec![
            ("Ada Lovelace", "ada@example.com"),
            ("Charles Babbage", "charles@example.com"),
            ("Mary Somerville", "mary@example.com"),
        ];
        Self { contacts }
    }

    #[tool(description = "Find the email addresses of contacts by name")]
    fn find_contact(&self, Parameters(FindContact { name }): Parameters<FindContact>) -> String {
        let wanted = name.to_lowercase();
        let matches = self.contacts.iter();
        let matches = matches.filter(|(name, _)| name.to_lowercase().contains(&wanted));
        let lines: Vec<_> = matches
            .map(|(name, address)| format!("{name} <{address}>"))
            .collect();
        if lines.is_empty() {
            return format!("no contact has the name {name}");
        }
        lines.join("\n")
    }

    #[tool(description = "Count the contacts")]
    fn count_contacts(&self) -> String {
        self.contacts.len().to_string()
    }
}

#[tool_handler]
impl ServerHandler for Contacts {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("contacts", env!("CARGO_PKG_VERSION")))
    }
}
