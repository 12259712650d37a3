//! The request and the response of every call, from the examples of the OpenAPI document.

pub const API_KEY: &str = "duvo_sk_0123456789abcdef0123456789abcdef";
pub const TEAM_ID: &str = "team_01hzx3f8q2";
pub const NAME: &str = "Internal CRM";
pub const SERVER_URL: &str = "https://mcp.example.com/crm";
pub const OAUTH_CLIENT_ID: &str = "duvo-crm";
pub const OAUTH_CLIENT_SECRET: &str = "correct-horse-battery-staple";

/// The body of the response, with every documented field.
pub const INTEGRATION: &str = concat!(
    r#"{"id":"c7d1e9a4-6b2d-4a8e-9c3f-7e5b0d9f4d43","name":"Internal CRM","type":"custom","#,
    r#""provider":"mcp","user_id":null,"team_id":"team_01hzx3f8q2","#,
    r#""created_at":"2026-08-03T09:21:13.412Z","updated_at":"2026-08-03T09:21:13.412Z","#,
    r#""server_url":"https://mcp.example.com/crm","transport_type":"http","#,
    r#""auth_method":"oauth","custom_integration_id":"6f0c9a52-7c1e-4f38-8a55-0e1d2b3c4f04","#,
    r#""created_by":"user_01hzx2c7me","shared":true,"has_headers":false,"#,
    r#""has_oauth_tokens":false,"oauth_provider":null,"oauth_provider_key":null,"#,
    r#""oauth_scopes":["crm.read","crm.write"],"icon_url":null,"integration_id":null,"#,
    r#""composio_mcp_id":null,"broken_at":null,"broken_reason":null}"#,
);
