//! The operations that show how Duvo reaches an MCP server. They change nothing.

pub(crate) mod oauth;
pub(crate) mod probe;
