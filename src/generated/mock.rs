/// The types of what is sent and answered.
pub mod types {
    pub use crate::generated::types::{
        AuthMethod, CodedError, Deletion, ErrorResponse, Integration, IntegrationPage,
        PlainError,
    };
}
/// The operations of the API.
pub mod operations {
    use super::examples;
    ///Register a custom integration (v1): `POST /v1/integrations/custom`.
    #[derive(Debug)]
    pub enum RegisterCustomIntegrationV1 {}
    impl super::super::operation::sealed::Sealed for RegisterCustomIntegrationV1 {}
    impl super::super::operation::Operation for RegisterCustomIntegrationV1 {
        const NAME: &'static str = "register_custom_integration_v1";
        const METHOD: &'static str = "POST";
        const PATH: &'static str = "/v1/integrations/custom";
        fn default_response() -> Option<super::super::response::Response> {
            Some(
                super::super::operation::responses::<Self>()
                    .registered(examples::api_key_integration()),
            )
        }
    }
    ///Delete a custom integration: `DELETE /v2/integrations/custom/{custom_integration_id}`.
    #[derive(Debug)]
    pub enum DeleteCustomIntegration {}
    impl super::super::operation::sealed::Sealed for DeleteCustomIntegration {}
    impl super::super::operation::Operation for DeleteCustomIntegration {
        const NAME: &'static str = "delete_custom_integration";
        const METHOD: &'static str = "DELETE";
        const PATH: &'static str = "/v2/integrations/custom/{custom_integration_id}";
        fn default_response() -> Option<super::super::response::Response> {
            Some(
                super::super::operation::responses::<Self>()
                    .deleted(examples::deletion()),
            )
        }
    }
    ///List the team's integrations: `GET /v2/teams/{teamId}/integrations`.
    #[derive(Debug)]
    pub enum ListIntegrations {}
    impl super::super::operation::sealed::Sealed for ListIntegrations {}
    impl super::super::operation::Operation for ListIntegrations {
        const NAME: &'static str = "list_integrations";
        const METHOD: &'static str = "GET";
        const PATH: &'static str = "/v2/teams/{teamId}/integrations";
        fn default_response() -> Option<super::super::response::Response> {
            Some(
                super::super::operation::responses::<Self>()
                    .integrations(examples::integration_page()),
            )
        }
    }
    ///Register a custom integration: `POST /v2/teams/{teamId}/integrations/custom`.
    #[derive(Debug)]
    pub enum RegisterCustomIntegration {}
    impl super::super::operation::sealed::Sealed for RegisterCustomIntegration {}
    impl super::super::operation::Operation for RegisterCustomIntegration {
        const NAME: &'static str = "register_custom_integration";
        const METHOD: &'static str = "POST";
        const PATH: &'static str = "/v2/teams/{teamId}/integrations/custom";
        fn default_response() -> Option<super::super::response::Response> {
            Some(
                super::super::operation::responses::<Self>()
                    .registered(examples::api_key_integration()),
            )
        }
    }
}
/// The name, the method and the path of each operation.
pub(super) const OPERATIONS: &[(&str, &str, &str)] = &[
    ("register_custom_integration_v1", "POST", "/v1/integrations/custom"),
    (
        "delete_custom_integration",
        "DELETE",
        "/v2/integrations/custom/{custom_integration_id}",
    ),
    ("list_integrations", "GET", "/v2/teams/{teamId}/integrations"),
    ("register_custom_integration", "POST", "/v2/teams/{teamId}/integrations/custom"),
];
impl super::server::Server {
    ///Mocks an operation. Register a custom integration (v1): `POST /v1/integrations/custom`.
    pub fn register_custom_integration_v1(
        &self,
    ) -> super::operation::Mock<operations::RegisterCustomIntegrationV1> {
        super::operation::Mock::new(self)
    }
}
impl super::operation::Mock<operations::RegisterCustomIntegrationV1> {
    /**Expects this `Idempotency-Key`.

A key of the caller's making that is the same on every attempt of one call. Duvo recommends it wherever a request may be sent again.*/
    pub fn with_idempotency_key(self, value: impl Into<String>) -> Self {
        self.with_matcher(
            super::expectation::Matcher::Header("Idempotency-Key", value.into()),
        )
    }
    ///Expects no `Idempotency-Key`.
    pub fn without_idempotency_key(self) -> Self {
        self.with_matcher(super::expectation::Matcher::NoHeader("Idempotency-Key"))
    }
    /**Expects this `auth_method`.

How teammates' connections authenticate to the MCP server.*/
    pub fn with_auth_method(self, value: types::AuthMethod) -> Self {
        self.with_matcher(
            super::expectation::Matcher::Property(
                "auth_method",
                ::serde_json::to_value(value).unwrap_or_default(),
            ),
        )
    }
    /**Expects this `name`.

Name of the integration, as teammates see it in the catalogue.*/
    pub fn with_name(self, value: impl Into<String>) -> Self {
        self.with_matcher(
            super::expectation::Matcher::Property("name", value.into().into()),
        )
    }
    /**Expects this `oauth_client_id`.

Client id of an OAuth client registered with the MCP server's authorization server. Goes with `oauth_client_secret`, and only with the auth method `oauth`.*/
    pub fn with_oauth_client_id(self, value: impl Into<String>) -> Self {
        self.with_matcher(
            super::expectation::Matcher::Property("oauth_client_id", value.into().into()),
        )
    }
    ///Expects no `oauth_client_id`.
    pub fn without_oauth_client_id(self) -> Self {
        self.with_matcher(super::expectation::Matcher::NoProperty("oauth_client_id"))
    }
    /**Expects this `oauth_client_secret`.

Client secret that belongs to `oauth_client_id`.*/
    pub fn with_oauth_client_secret(self, value: impl Into<String>) -> Self {
        self.with_matcher(
            super::expectation::Matcher::Secret(
                "oauth_client_secret",
                value.into().into(),
            ),
        )
    }
    ///Expects no `oauth_client_secret`.
    pub fn without_oauth_client_secret(self) -> Self {
        self.with_matcher(super::expectation::Matcher::NoProperty("oauth_client_secret"))
    }
    /**Expects this `server_url`.

URL of the MCP server. Duvo must reach it from the internet over public HTTPS, and it must speak streamable HTTP.*/
    pub fn with_server_url(self, value: impl Into<String>) -> Self {
        self.with_matcher(
            super::expectation::Matcher::Property("server_url", value.into().into()),
        )
    }
}
impl super::operation::Call<operations::RegisterCustomIntegrationV1> {
    /**The `Idempotency-Key` of the request, if it had one.

A key of the caller's making that is the same on every attempt of one call. Duvo recommends it wherever a request may be sent again.*/
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        super::request::header(self, "Idempotency-Key")
    }
    /**The `auth_method` of the request, if it had one.

How teammates' connections authenticate to the MCP server.*/
    #[must_use]
    pub fn auth_method(&self) -> Option<types::AuthMethod> {
        ::serde_json::from_value(super::request::property(self, "auth_method")?.clone())
            .ok()
    }
    /**The `name` of the request, if it had one.

Name of the integration, as teammates see it in the catalogue.*/
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        super::request::property(self, "name")?.as_str()
    }
    /**The `oauth_client_id` of the request, if it had one.

Client id of an OAuth client registered with the MCP server's authorization server. Goes with `oauth_client_secret`, and only with the auth method `oauth`.*/
    #[must_use]
    pub fn oauth_client_id(&self) -> Option<&str> {
        super::request::property(self, "oauth_client_id")?.as_str()
    }
    /**The `oauth_client_secret` of the request, if it had one.

Client secret that belongs to `oauth_client_id`.*/
    #[must_use]
    pub fn oauth_client_secret(&self) -> Option<&str> {
        super::request::property(self, "oauth_client_secret")?.as_str()
    }
    /**The `server_url` of the request, if it had one.

URL of the MCP server. Duvo must reach it from the internet over public HTTPS, and it must speak streamable HTTP.*/
    #[must_use]
    pub fn server_url(&self) -> Option<&str> {
        super::request::property(self, "server_url")?.as_str()
    }
}
impl super::operation::Responses<operations::RegisterCustomIntegrationV1> {
    ///`201`: The integration is in the catalogue.
    #[must_use]
    pub fn registered(
        self,
        body: impl Into<types::Integration>,
    ) -> super::response::Response {
        super::response::Response::json(201u16, &body.into())
    }
    ///`400`: The request does not have the documented form.
    #[must_use]
    pub fn bad_request(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(400u16, &body.into())
    }
    ///`401`: The API key is missing, wrong or revoked.
    #[must_use]
    pub fn unauthorized(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(401u16, &body.into())
    }
    ///`403`: The API key may not do this: its user does not have the manager role or above, or a scope, a policy or an approval is missing.
    #[must_use]
    pub fn forbidden(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(403u16, &body.into())
    }
    ///`409`: The request conflicts with the present state of the team.
    #[must_use]
    pub fn conflict(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(409u16, &body.into())
    }
    ///`429`: The API key has made more than 300 requests in a minute.
    #[must_use]
    pub fn too_many_requests(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(429u16, &body.into())
    }
    ///`500`: Duvo failed. Whether the request took effect is unknown.
    #[must_use]
    pub fn internal_server_error(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(500u16, &body.into())
    }
}
impl super::server::Server {
    ///Mocks an operation. Delete a custom integration: `DELETE /v2/integrations/custom/{custom_integration_id}`.
    pub fn delete_custom_integration(
        &self,
    ) -> super::operation::Mock<operations::DeleteCustomIntegration> {
        super::operation::Mock::new(self)
    }
}
impl super::operation::Mock<operations::DeleteCustomIntegration> {
    /**Expects this `Idempotency-Key`.

A key of the caller's making that is the same on every attempt of one call. Duvo recommends it wherever a request may be sent again.*/
    pub fn with_idempotency_key(self, value: impl Into<String>) -> Self {
        self.with_matcher(
            super::expectation::Matcher::Header("Idempotency-Key", value.into()),
        )
    }
    ///Expects no `Idempotency-Key`.
    pub fn without_idempotency_key(self) -> Self {
        self.with_matcher(super::expectation::Matcher::NoHeader("Idempotency-Key"))
    }
    /**Expects this `custom_integration_id`.

The `custom_integration_id` of the integration, not its `id`.*/
    pub fn with_custom_integration_id(self, value: impl Into<String>) -> Self {
        self.with_matcher(
            super::expectation::Matcher::Path("custom_integration_id", value.into()),
        )
    }
}
impl super::operation::Call<operations::DeleteCustomIntegration> {
    /**The `Idempotency-Key` of the request, if it had one.

A key of the caller's making that is the same on every attempt of one call. Duvo recommends it wherever a request may be sent again.*/
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        super::request::header(self, "Idempotency-Key")
    }
    /**The `custom_integration_id` of the request, if it had one.

The `custom_integration_id` of the integration, not its `id`.*/
    #[must_use]
    pub fn custom_integration_id(&self) -> Option<&str> {
        super::request::path_parameter(self, "custom_integration_id")
    }
}
impl super::operation::Responses<operations::DeleteCustomIntegration> {
    ///`200`: The integration is not in the catalogue any more.
    #[must_use]
    pub fn deleted(self, body: impl Into<types::Deletion>) -> super::response::Response {
        super::response::Response::json(200u16, &body.into())
    }
    ///`400`: The request does not have the documented form.
    #[must_use]
    pub fn bad_request(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(400u16, &body.into())
    }
    ///`401`: The API key is missing, wrong or revoked.
    #[must_use]
    pub fn unauthorized(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(401u16, &body.into())
    }
    ///`403`: The API key may not do this: its user does not have the manager role or above, or a scope, a policy or an approval is missing.
    #[must_use]
    pub fn forbidden(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(403u16, &body.into())
    }
    ///`404`: There is no such custom integration.
    #[must_use]
    pub fn not_found(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(404u16, &body.into())
    }
    ///`429`: The API key has made more than 300 requests in a minute.
    #[must_use]
    pub fn too_many_requests(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(429u16, &body.into())
    }
    ///`500`: Duvo failed. Whether the request took effect is unknown.
    #[must_use]
    pub fn internal_server_error(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(500u16, &body.into())
    }
}
impl super::server::Server {
    ///Mocks an operation. List the team's integrations: `GET /v2/teams/{teamId}/integrations`.
    pub fn list_integrations(
        &self,
    ) -> super::operation::Mock<operations::ListIntegrations> {
        super::operation::Mock::new(self)
    }
}
impl super::operation::Mock<operations::ListIntegrations> {
    /**Expects this `limit`.

How many integrations the page has at most, from 1 to 100.*/
    pub fn with_limit(self, value: u64) -> Self {
        self.with_matcher(
            super::expectation::Matcher::Query("limit", value.to_string(), Some("100")),
        )
    }
    ///Expects no `limit`.
    pub fn without_limit(self) -> Self {
        self.with_matcher(super::expectation::Matcher::NoQuery("limit"))
    }
    /**Expects this `offset`.

How many integrations come before those of the page.*/
    pub fn with_offset(self, value: u64) -> Self {
        self.with_matcher(
            super::expectation::Matcher::Query("offset", value.to_string(), None),
        )
    }
    ///Expects no `offset`.
    pub fn without_offset(self) -> Self {
        self.with_matcher(super::expectation::Matcher::NoQuery("offset"))
    }
    /**Expects this `teamId`.

Identifier of the team whose catalogue it is.*/
    pub fn with_team_id(self, value: impl Into<String>) -> Self {
        self.with_matcher(super::expectation::Matcher::Path("teamId", value.into()))
    }
    /**Expects this `type`.

Lists the integrations of this type only. Duvo publishes no list of the values.*/
    pub fn with_type(self, value: impl Into<String>) -> Self {
        self.with_matcher(super::expectation::Matcher::Query("type", value.into(), None))
    }
    ///Expects no `type`.
    pub fn without_type(self) -> Self {
        self.with_matcher(super::expectation::Matcher::NoQuery("type"))
    }
}
impl super::operation::Call<operations::ListIntegrations> {
    /**The `limit` of the request, if it had one.

How many integrations the page has at most, from 1 to 100.*/
    #[must_use]
    pub fn limit(&self) -> Option<u64> {
        super::request::query_parameter(self, "limit")?.parse().ok()
    }
    /**The `offset` of the request, if it had one.

How many integrations come before those of the page.*/
    #[must_use]
    pub fn offset(&self) -> Option<u64> {
        super::request::query_parameter(self, "offset")?.parse().ok()
    }
    /**The `teamId` of the request, if it had one.

Identifier of the team whose catalogue it is.*/
    #[must_use]
    pub fn team_id(&self) -> Option<&str> {
        super::request::path_parameter(self, "teamId")
    }
    /**The `type` of the request, if it had one.

Lists the integrations of this type only. Duvo publishes no list of the values.*/
    #[must_use]
    pub fn type_(&self) -> Option<&str> {
        super::request::query_parameter(self, "type")
    }
}
impl super::operation::Responses<operations::ListIntegrations> {
    ///`200`: A page of the team's catalogue.
    #[must_use]
    pub fn integrations(
        self,
        body: impl Into<types::IntegrationPage>,
    ) -> super::response::Response {
        super::response::Response::json(200u16, &body.into())
    }
    ///`401`: The API key is missing, wrong or revoked.
    #[must_use]
    pub fn unauthorized(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(401u16, &body.into())
    }
    ///`429`: The API key has made more than 300 requests in a minute.
    #[must_use]
    pub fn too_many_requests(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(429u16, &body.into())
    }
    ///`500`: Duvo failed. Whether the request took effect is unknown.
    #[must_use]
    pub fn internal_server_error(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(500u16, &body.into())
    }
}
impl super::server::Server {
    ///Mocks an operation. Register a custom integration: `POST /v2/teams/{teamId}/integrations/custom`.
    pub fn register_custom_integration(
        &self,
    ) -> super::operation::Mock<operations::RegisterCustomIntegration> {
        super::operation::Mock::new(self)
    }
}
impl super::operation::Mock<operations::RegisterCustomIntegration> {
    /**Expects this `Idempotency-Key`.

A key of the caller's making that is the same on every attempt of one call. Duvo recommends it wherever a request may be sent again.*/
    pub fn with_idempotency_key(self, value: impl Into<String>) -> Self {
        self.with_matcher(
            super::expectation::Matcher::Header("Idempotency-Key", value.into()),
        )
    }
    ///Expects no `Idempotency-Key`.
    pub fn without_idempotency_key(self) -> Self {
        self.with_matcher(super::expectation::Matcher::NoHeader("Idempotency-Key"))
    }
    /**Expects this `teamId`.

Identifier of the team whose catalogue gets the integration.*/
    pub fn with_team_id(self, value: impl Into<String>) -> Self {
        self.with_matcher(super::expectation::Matcher::Path("teamId", value.into()))
    }
    /**Expects this `auth_method`.

How teammates' connections authenticate to the MCP server.*/
    pub fn with_auth_method(self, value: types::AuthMethod) -> Self {
        self.with_matcher(
            super::expectation::Matcher::Property(
                "auth_method",
                ::serde_json::to_value(value).unwrap_or_default(),
            ),
        )
    }
    /**Expects this `name`.

Name of the integration, as teammates see it in the catalogue.*/
    pub fn with_name(self, value: impl Into<String>) -> Self {
        self.with_matcher(
            super::expectation::Matcher::Property("name", value.into().into()),
        )
    }
    /**Expects this `oauth_client_id`.

Client id of an OAuth client registered with the MCP server's authorization server. Goes with `oauth_client_secret`, and only with the auth method `oauth`.*/
    pub fn with_oauth_client_id(self, value: impl Into<String>) -> Self {
        self.with_matcher(
            super::expectation::Matcher::Property("oauth_client_id", value.into().into()),
        )
    }
    ///Expects no `oauth_client_id`.
    pub fn without_oauth_client_id(self) -> Self {
        self.with_matcher(super::expectation::Matcher::NoProperty("oauth_client_id"))
    }
    /**Expects this `oauth_client_secret`.

Client secret that belongs to `oauth_client_id`.*/
    pub fn with_oauth_client_secret(self, value: impl Into<String>) -> Self {
        self.with_matcher(
            super::expectation::Matcher::Secret(
                "oauth_client_secret",
                value.into().into(),
            ),
        )
    }
    ///Expects no `oauth_client_secret`.
    pub fn without_oauth_client_secret(self) -> Self {
        self.with_matcher(super::expectation::Matcher::NoProperty("oauth_client_secret"))
    }
    /**Expects this `server_url`.

URL of the MCP server. Duvo must reach it from the internet over public HTTPS, and it must speak streamable HTTP.*/
    pub fn with_server_url(self, value: impl Into<String>) -> Self {
        self.with_matcher(
            super::expectation::Matcher::Property("server_url", value.into().into()),
        )
    }
}
impl super::operation::Call<operations::RegisterCustomIntegration> {
    /**The `Idempotency-Key` of the request, if it had one.

A key of the caller's making that is the same on every attempt of one call. Duvo recommends it wherever a request may be sent again.*/
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        super::request::header(self, "Idempotency-Key")
    }
    /**The `teamId` of the request, if it had one.

Identifier of the team whose catalogue gets the integration.*/
    #[must_use]
    pub fn team_id(&self) -> Option<&str> {
        super::request::path_parameter(self, "teamId")
    }
    /**The `auth_method` of the request, if it had one.

How teammates' connections authenticate to the MCP server.*/
    #[must_use]
    pub fn auth_method(&self) -> Option<types::AuthMethod> {
        ::serde_json::from_value(super::request::property(self, "auth_method")?.clone())
            .ok()
    }
    /**The `name` of the request, if it had one.

Name of the integration, as teammates see it in the catalogue.*/
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        super::request::property(self, "name")?.as_str()
    }
    /**The `oauth_client_id` of the request, if it had one.

Client id of an OAuth client registered with the MCP server's authorization server. Goes with `oauth_client_secret`, and only with the auth method `oauth`.*/
    #[must_use]
    pub fn oauth_client_id(&self) -> Option<&str> {
        super::request::property(self, "oauth_client_id")?.as_str()
    }
    /**The `oauth_client_secret` of the request, if it had one.

Client secret that belongs to `oauth_client_id`.*/
    #[must_use]
    pub fn oauth_client_secret(&self) -> Option<&str> {
        super::request::property(self, "oauth_client_secret")?.as_str()
    }
    /**The `server_url` of the request, if it had one.

URL of the MCP server. Duvo must reach it from the internet over public HTTPS, and it must speak streamable HTTP.*/
    #[must_use]
    pub fn server_url(&self) -> Option<&str> {
        super::request::property(self, "server_url")?.as_str()
    }
}
impl super::operation::Responses<operations::RegisterCustomIntegration> {
    ///`201`: The integration is in the catalogue.
    #[must_use]
    pub fn registered(
        self,
        body: impl Into<types::Integration>,
    ) -> super::response::Response {
        super::response::Response::json(201u16, &body.into())
    }
    ///`400`: The request does not have the documented form.
    #[must_use]
    pub fn bad_request(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(400u16, &body.into())
    }
    ///`401`: The API key is missing, wrong or revoked.
    #[must_use]
    pub fn unauthorized(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(401u16, &body.into())
    }
    ///`403`: The API key may not do this: its user does not have the manager role or above, or a scope, a policy or an approval is missing.
    #[must_use]
    pub fn forbidden(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(403u16, &body.into())
    }
    ///`409`: The request conflicts with the present state of the team.
    #[must_use]
    pub fn conflict(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(409u16, &body.into())
    }
    ///`429`: The API key has made more than 300 requests in a minute.
    #[must_use]
    pub fn too_many_requests(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(429u16, &body.into())
    }
    ///`500`: Duvo failed. Whether the request took effect is unknown.
    #[must_use]
    pub fn internal_server_error(
        self,
        body: impl Into<types::ErrorResponse>,
    ) -> super::response::Response {
        super::response::Response::json(500u16, &body.into())
    }
}
impl types::CodedError {
    ///A scope that the key does not have. For tests, with the feature `mock`.
    #[must_use]
    pub fn example() -> Self {
        examples::forbidden_coded()
    }
}
impl types::Deletion {
    ///A custom integration that is gone. For tests, with the feature `mock`.
    #[must_use]
    pub fn example() -> Self {
        examples::deletion()
    }
}
impl types::Integration {
    ///An integration whose server takes a token. For tests, with the feature `mock`.
    #[must_use]
    pub fn example() -> Self {
        examples::api_key_integration()
    }
}
impl types::IntegrationPage {
    ///The only page of a catalogue with two integrations. For tests, with the feature `mock`.
    #[must_use]
    pub fn example() -> Self {
        examples::integration_page()
    }
}
impl types::PlainError {
    ///A field that Duvo does not accept. For tests, with the feature `mock`.
    #[must_use]
    pub fn example() -> Self {
        examples::bad_request_plain()
    }
}
/// The examples of the answers in the OpenAPI document.
pub mod examples {
    use crate::generated::types;
    ///An integration whose server takes a token.
    #[must_use]
    pub fn api_key_integration() -> types::Integration {
        types::Integration {
            auth_method: Some("apikey".to_owned()),
            broken_at: None,
            broken_reason: None,
            composio_mcp_id: None,
            created_at: crate::Timestamp::from_example("2026-08-03T09:16:02Z"),
            created_by: Some("user_01hzx2c7me".to_owned()),
            custom_integration_id: Some(
                "6f0c9a52-7c1e-4f38-8a55-0e1d2b3c4f02".to_owned(),
            ),
            has_headers: Some(false),
            has_oauth_tokens: Some(false),
            icon_url: None,
            id: "5f3c1f0e-8f0a-4bb5-8a7d-1c2f6d0f3b21".to_owned(),
            integration_id: None,
            name: "Price list".to_owned(),
            oauth_provider: None,
            oauth_provider_key: None,
            oauth_scopes: None,
            provider: "mcp".to_owned(),
            server_url: Some("https://mcp.example.com/price-list".to_owned()),
            shared: Some(true),
            team_id: "team_01hzx3f8q2".to_owned(),
            transport_type: Some(types::TransportType::from("http")),
            type_: "custom".to_owned(),
            updated_at: crate::Timestamp::from_example("2026-08-03T09:16:02Z"),
            user_id: None,
        }
    }
    ///A field that Duvo does not accept.
    #[must_use]
    pub fn bad_request_plain() -> types::PlainError {
        types::PlainError {
            error: "Bad Request".to_owned(),
            message: Some("body/server_url must match format \"uri\"".to_owned()),
        }
    }
    ///A state conflict.
    #[must_use]
    pub fn conflict_plain() -> types::PlainError {
        types::PlainError {
            error: "Conflict".to_owned(),
            message: Some("The request conflicts with the current state".to_owned()),
        }
    }
    ///A custom integration that is gone.
    #[must_use]
    pub fn deletion() -> types::Deletion {
        types::Deletion {
            message: "Custom integration deleted".to_owned(),
            success: true,
        }
    }
    ///A page beyond the last integration.
    #[must_use]
    pub fn empty_integration_page() -> types::IntegrationPage {
        types::IntegrationPage {
            integrations: Vec::from([]),
            limit: 100,
            offset: 2,
            total: 2,
        }
    }
    ///A scope that the key does not have.
    #[must_use]
    pub fn forbidden_coded() -> types::CodedError {
        types::CodedError {
            code: "insufficient_scope".to_owned(),
            details: Some(
                ::serde_json::Value::Object(
                    [
                        (
                            "required_scope".to_owned(),
                            ::serde_json::Value::from("integrations"),
                        ),
                    ]
                        .into_iter()
                        .collect(),
                ),
            ),
            message: "The API key may not manage integrations".to_owned(),
            request_id: "req_01hzx4p9c2".to_owned(),
        }
    }
    ///A role that is too low.
    #[must_use]
    pub fn forbidden_plain() -> types::PlainError {
        types::PlainError {
            error: "Forbidden".to_owned(),
            message: Some("This action requires the manager role".to_owned()),
        }
    }
    ///An integration whose server takes custom headers.
    #[must_use]
    pub fn headers_integration() -> types::Integration {
        types::Integration {
            auth_method: Some("headers".to_owned()),
            broken_at: None,
            broken_reason: None,
            composio_mcp_id: None,
            created_at: crate::Timestamp::from_example("2026-08-03T09:18:40Z"),
            created_by: Some("user_01hzx2c7me".to_owned()),
            custom_integration_id: Some(
                "6f0c9a52-7c1e-4f38-8a55-0e1d2b3c4f03".to_owned(),
            ),
            has_headers: Some(false),
            has_oauth_tokens: Some(false),
            icon_url: None,
            id: "9a4f2b7c-0f55-4f0e-a6c4-3a1d5e8b6c32".to_owned(),
            integration_id: None,
            name: "Warehouse stock".to_owned(),
            oauth_provider: None,
            oauth_provider_key: None,
            oauth_scopes: None,
            provider: "mcp".to_owned(),
            server_url: Some("https://mcp.example.com/warehouse".to_owned()),
            shared: Some(true),
            team_id: "team_01hzx3f8q2".to_owned(),
            transport_type: Some(types::TransportType::from("http")),
            type_: "custom".to_owned(),
            updated_at: crate::Timestamp::from_example("2026-08-03T09:18:40Z"),
            user_id: None,
        }
    }
    ///The only page of a catalogue with two integrations.
    #[must_use]
    pub fn integration_page() -> types::IntegrationPage {
        types::IntegrationPage {
            integrations: Vec::from([
                types::Integration {
                    auth_method: None,
                    broken_at: None,
                    broken_reason: None,
                    composio_mcp_id: None,
                    created_at: crate::Timestamp::from_example("2026-05-04T07:30:00Z"),
                    created_by: None,
                    custom_integration_id: None,
                    has_headers: None,
                    has_oauth_tokens: None,
                    icon_url: None,
                    id: "1d9c5b1e-2f64-4a0b-8a3c-5e7d1f2a6b70".to_owned(),
                    integration_id: None,
                    name: "Slack".to_owned(),
                    oauth_provider: None,
                    oauth_provider_key: None,
                    oauth_scopes: None,
                    provider: "slack".to_owned(),
                    server_url: None,
                    shared: Some(true),
                    team_id: "team_01hzx3f8q2".to_owned(),
                    transport_type: None,
                    type_: "slack".to_owned(),
                    updated_at: crate::Timestamp::from_example("2026-05-04T07:30:00Z"),
                    user_id: None,
                },
                types::Integration {
                    auth_method: Some("url".to_owned()),
                    broken_at: None,
                    broken_reason: None,
                    composio_mcp_id: None,
                    created_at: crate::Timestamp::from_example(
                        "2026-08-03T09:15:27.412Z",
                    ),
                    created_by: Some("user_01hzx2c7me".to_owned()),
                    custom_integration_id: Some(
                        "6f0c9a52-7c1e-4f38-8a55-0e1d2b3c4f01".to_owned(),
                    ),
                    has_headers: Some(false),
                    has_oauth_tokens: Some(false),
                    icon_url: None,
                    id: "0b0ad2a6-41b8-4b0f-9d6f-5d7c2c1f7a10".to_owned(),
                    integration_id: None,
                    name: "Internal CRM".to_owned(),
                    oauth_provider: None,
                    oauth_provider_key: None,
                    oauth_scopes: None,
                    provider: "mcp".to_owned(),
                    server_url: Some("https://mcp.example.com/crm".to_owned()),
                    shared: Some(true),
                    team_id: "team_01hzx3f8q2".to_owned(),
                    transport_type: Some(types::TransportType::from("http")),
                    type_: "custom".to_owned(),
                    updated_at: crate::Timestamp::from_example(
                        "2026-08-03T09:15:27.412Z",
                    ),
                    user_id: None,
                },
            ]),
            limit: 100,
            offset: 0,
            total: 2,
        }
    }
    ///A failure without a message.
    #[must_use]
    pub fn internal_server_error_plain() -> types::PlainError {
        types::PlainError {
            error: "Internal Server Error".to_owned(),
            message: None,
        }
    }
    ///An integration that is not there, or not any more.
    #[must_use]
    pub fn not_found_plain() -> types::PlainError {
        types::PlainError {
            error: "Not Found".to_owned(),
            message: Some("Custom integration not found".to_owned()),
        }
    }
    ///An integration that is broken, as dynamic client registration was refused.
    #[must_use]
    pub fn oauth_dynamic_integration() -> types::Integration {
        types::Integration {
            auth_method: Some("oauth".to_owned()),
            broken_at: Some(crate::Timestamp::from_example("2026-08-03T09:25:10Z")),
            broken_reason: Some(
                "The MCP server refused dynamic client registration".to_owned(),
            ),
            composio_mcp_id: None,
            created_at: crate::Timestamp::from_example("2026-08-03T09:24:55Z"),
            created_by: Some("user_01hzx2c7me".to_owned()),
            custom_integration_id: Some(
                "6f0c9a52-7c1e-4f38-8a55-0e1d2b3c4f05".to_owned(),
            ),
            has_headers: Some(false),
            has_oauth_tokens: Some(false),
            icon_url: None,
            id: "e2b8f6d0-3c71-4d59-8b1a-9f4c6a2e5e54".to_owned(),
            integration_id: None,
            name: "Ticket desk".to_owned(),
            oauth_provider: None,
            oauth_provider_key: None,
            oauth_scopes: None,
            provider: "mcp".to_owned(),
            server_url: Some("https://mcp.example.com/tickets".to_owned()),
            shared: Some(true),
            team_id: "team_01hzx3f8q2".to_owned(),
            transport_type: Some(types::TransportType::from("http")),
            type_: "custom".to_owned(),
            updated_at: crate::Timestamp::from_example("2026-08-03T09:24:55Z"),
            user_id: None,
        }
    }
    ///An integration with an OAuth client that was registered beforehand.
    #[must_use]
    pub fn oauth_integration() -> types::Integration {
        types::Integration {
            auth_method: Some("oauth".to_owned()),
            broken_at: None,
            broken_reason: None,
            composio_mcp_id: None,
            created_at: crate::Timestamp::from_example("2026-08-03T09:21:13Z"),
            created_by: Some("user_01hzx2c7me".to_owned()),
            custom_integration_id: Some(
                "6f0c9a52-7c1e-4f38-8a55-0e1d2b3c4f04".to_owned(),
            ),
            has_headers: Some(false),
            has_oauth_tokens: Some(false),
            icon_url: None,
            id: "c7d1e9a4-6b2d-4a8e-9c3f-7e5b0d9f4d43".to_owned(),
            integration_id: None,
            name: "Internal CRM".to_owned(),
            oauth_provider: None,
            oauth_provider_key: None,
            oauth_scopes: Some(
                Vec::from(["crm.read".to_owned(), "crm.write".to_owned()]),
            ),
            provider: "mcp".to_owned(),
            server_url: Some("https://mcp.example.com/crm".to_owned()),
            shared: Some(true),
            team_id: "team_01hzx3f8q2".to_owned(),
            transport_type: Some(types::TransportType::from("http")),
            type_: "custom".to_owned(),
            updated_at: crate::Timestamp::from_example("2026-08-03T09:21:13Z"),
            user_id: None,
        }
    }
    ///The API reference's own example.
    #[must_use]
    pub fn reference_integration() -> types::Integration {
        types::Integration {
            auth_method: Some("<string>".to_owned()),
            broken_at: None,
            broken_reason: None,
            composio_mcp_id: None,
            created_at: crate::Timestamp::from_example("2023-11-07T05:31:56Z"),
            created_by: Some("<string>".to_owned()),
            custom_integration_id: Some("<string>".to_owned()),
            has_headers: Some(true),
            has_oauth_tokens: Some(true),
            icon_url: Some("<string>".to_owned()),
            id: "<string>".to_owned(),
            integration_id: Some("<string>".to_owned()),
            name: "<string>".to_owned(),
            oauth_provider: Some("<string>".to_owned()),
            oauth_provider_key: None,
            oauth_scopes: Some(Vec::from(["<string>".to_owned()])),
            provider: "<string>".to_owned(),
            server_url: Some("<string>".to_owned()),
            shared: Some(true),
            team_id: "<string>".to_owned(),
            transport_type: None,
            type_: "<string>".to_owned(),
            updated_at: crate::Timestamp::from_example("2023-11-07T05:31:56Z"),
            user_id: Some("<string>".to_owned()),
        }
    }
    ///The rate limit of the API key.
    #[must_use]
    pub fn too_many_requests_coded() -> types::CodedError {
        types::CodedError {
            code: "rate_limited".to_owned(),
            details: None,
            message: "More than 300 requests in a minute".to_owned(),
            request_id: "req_01hzx4r3k8".to_owned(),
        }
    }
    ///The same in the other form.
    #[must_use]
    pub fn unauthorized_coded() -> types::CodedError {
        types::CodedError {
            code: "invalid_token".to_owned(),
            details: None,
            message: "The API key is invalid or was revoked".to_owned(),
            request_id: "req_01hzx4m1v7".to_owned(),
        }
    }
    ///No API key, or one that Duvo does not know.
    #[must_use]
    pub fn unauthorized_plain() -> types::PlainError {
        types::PlainError {
            error: "Unauthorized".to_owned(),
            message: Some("Invalid API key".to_owned()),
        }
    }
    ///An integration whose server needs nothing beyond its URL.
    #[must_use]
    pub fn url_integration() -> types::Integration {
        types::Integration {
            auth_method: Some("url".to_owned()),
            broken_at: None,
            broken_reason: None,
            composio_mcp_id: None,
            created_at: crate::Timestamp::from_example("2026-08-03T09:15:27.412Z"),
            created_by: Some("user_01hzx2c7me".to_owned()),
            custom_integration_id: Some(
                "6f0c9a52-7c1e-4f38-8a55-0e1d2b3c4f01".to_owned(),
            ),
            has_headers: Some(false),
            has_oauth_tokens: Some(false),
            icon_url: None,
            id: "0b0ad2a6-41b8-4b0f-9d6f-5d7c2c1f7a10".to_owned(),
            integration_id: None,
            name: "Store opening hours".to_owned(),
            oauth_provider: None,
            oauth_provider_key: None,
            oauth_scopes: None,
            provider: "mcp".to_owned(),
            server_url: Some("https://mcp.example.com/opening-hours".to_owned()),
            shared: Some(true),
            team_id: "team_01hzx3f8q2".to_owned(),
            transport_type: Some(types::TransportType::from("http")),
            type_: "custom".to_owned(),
            updated_at: crate::Timestamp::from_example("2026-08-03T09:15:27.412Z"),
            user_id: None,
        }
    }
}
