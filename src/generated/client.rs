use crate::error::Result;
use crate::call::request::{
    self as progenitor_client, Headers, OperationInfo, encode_path,
};
use crate::response::Response as ResponseValue;
/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    ///A way to authenticate to an MCP server: `url`, by nothing beyond the server's URL; `apikey`, by a token; `headers`, by custom headers; `oauth`, by OAuth.
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum AuthMethod {
        ///`url`
        #[serde(rename = "url")]
        Url,
        ///`apikey`
        #[serde(rename = "apikey")]
        Apikey,
        ///`headers`
        #[serde(rename = "headers")]
        Headers,
        ///`oauth`
        #[serde(rename = "oauth")]
        Oauth,
    }
    impl ::std::fmt::Display for AuthMethod {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Url => f.write_str("url"),
                Self::Apikey => f.write_str("apikey"),
                Self::Headers => f.write_str("headers"),
                Self::Oauth => f.write_str("oauth"),
            }
        }
    }
    impl ::std::str::FromStr for AuthMethod {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "url" => Ok(Self::Url),
                "apikey" => Ok(Self::Apikey),
                "headers" => Ok(Self::Headers),
                "oauth" => Ok(Self::Oauth),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for AuthMethod {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for AuthMethod {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///The error body of Duvo's developer pages. Their codes are `invalid_token`, `insufficient_scope`, `workspace_policy_denied`, `approval_required` and `rate_limited`.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct CodedError {
        ///What went wrong, as a word for programs.
        pub code: ::std::string::String,
        ///More about the error, in a form that depends on the code.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub details: ::std::option::Option<::serde_json::Value>,
        ///What went wrong, in a sentence.
        pub message: ::std::string::String,
        ///Identifier of the request, to quote to Duvo's support.
        pub request_id: ::std::string::String,
    }
    ///A custom integration to add to the team's catalogue.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct CustomIntegrationRequest {
        ///How teammates' connections authenticate to the MCP server.
        pub auth_method: AuthMethod,
        ///Name of the integration, as teammates see it in the catalogue.
        pub name: CustomIntegrationRequestName,
        ///Client id of an OAuth client registered with the MCP server's authorization server. Goes with `oauth_client_secret`, and only with the auth method `oauth`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub oauth_client_id: ::std::option::Option<
            CustomIntegrationRequestOauthClientId,
        >,
        ///Client secret that belongs to `oauth_client_id`.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub oauth_client_secret: ::std::option::Option<
            crate::secret::SerializableSecret,
        >,
        ///URL of the MCP server. Duvo must reach it from the internet over public HTTPS, and it must speak streamable HTTP.
        pub server_url: ::std::string::String,
    }
    ///Name of the integration, as teammates see it in the catalogue.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct CustomIntegrationRequestName(::std::string::String);
    impl ::std::ops::Deref for CustomIntegrationRequestName {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<CustomIntegrationRequestName> for ::std::string::String {
        fn from(value: CustomIntegrationRequestName) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for CustomIntegrationRequestName {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for CustomIntegrationRequestName {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String>
    for CustomIntegrationRequestName {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for CustomIntegrationRequestName {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///Client id of an OAuth client registered with the MCP server's authorization server. Goes with `oauth_client_secret`, and only with the auth method `oauth`.
    #[derive(::serde::Serialize, Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
    #[serde(transparent)]
    pub struct CustomIntegrationRequestOauthClientId(::std::string::String);
    impl ::std::ops::Deref for CustomIntegrationRequestOauthClientId {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<CustomIntegrationRequestOauthClientId>
    for ::std::string::String {
        fn from(value: CustomIntegrationRequestOauthClientId) -> Self {
            value.0
        }
    }
    impl ::std::str::FromStr for CustomIntegrationRequestOauthClientId {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            if value.chars().count() < 1usize {
                return Err("shorter than 1 characters".into());
            }
            Ok(Self(value.to_string()))
        }
    }
    impl ::std::convert::TryFrom<&str> for CustomIntegrationRequestOauthClientId {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String>
    for CustomIntegrationRequestOauthClientId {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl<'de> ::serde::Deserialize<'de> for CustomIntegrationRequestOauthClientId {
        fn deserialize<D>(deserializer: D) -> ::std::result::Result<Self, D::Error>
        where
            D: ::serde::Deserializer<'de>,
        {
            ::std::string::String::deserialize(deserializer)?
                .parse()
                .map_err(|e: self::error::ConversionError| {
                    <D::Error as ::serde::de::Error>::custom(e.to_string())
                })
        }
    }
    ///What came of deleting an integration.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct Deletion {
        ///What happened, in a sentence.
        pub message: ::std::string::String,
        ///Whether the integration was deleted.
        pub success: bool,
    }
    ///The body of an error, in either of the two documented forms.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(untagged)]
    pub enum ErrorResponse {
        ///The form of `CodedError`.
        CodedError(CodedError),
        ///The form of `PlainError`.
        PlainError(PlainError),
    }
    impl ::std::convert::From<CodedError> for ErrorResponse {
        fn from(value: CodedError) -> Self {
            Self::CodedError(value)
        }
    }
    impl ::std::convert::From<PlainError> for ErrorResponse {
        fn from(value: PlainError) -> Self {
            Self::PlainError(value)
        }
    }
    ///An integration in a team's catalogue, as Duvo answers it. See [Register custom integration](https://docs.duvo.ai/api-reference/integrations/register-custom-integration).
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct Integration {
        ///How connections authenticate to the MCP server. Unlike the request's, this is an open string.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub auth_method: ::std::option::Option<::std::string::String>,
        ///When the integration was found broken, if it is. Answered by v2 only.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub broken_at: ::std::option::Option<crate::Timestamp>,
        ///Why the integration is broken, if it is. Answered by v2 only.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub broken_reason: ::std::option::Option<::std::string::String>,
        ///Identifier of the MCP server at Composio. Answered by v1 only, which always answers it; so it is not required here.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub composio_mcp_id: ::std::option::Option<::std::string::String>,
        ///When the integration was created.
        pub created_at: crate::Timestamp,
        ///Who created the integration.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub created_by: ::std::option::Option<::std::string::String>,
        ///Identifier of the catalogue entry of a custom integration.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub custom_integration_id: ::std::option::Option<::std::string::String>,
        ///Whether custom headers are stored for the integration.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub has_headers: ::std::option::Option<bool>,
        ///Whether OAuth tokens are stored for the integration.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub has_oauth_tokens: ::std::option::Option<bool>,
        ///URL of the integration's icon.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub icon_url: ::std::option::Option<::std::string::String>,
        ///Identifier of the integration.
        pub id: ::std::string::String,
        ///Identifier of an integration that this one belongs to. Duvo does not say more.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub integration_id: ::std::option::Option<::std::string::String>,
        ///Name of the integration, as teammates see it in the catalogue.
        pub name: ::std::string::String,
        ///OAuth provider that connections authenticate with.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub oauth_provider: ::std::option::Option<::std::string::String>,
        ///Key of the OAuth provider. Answered by v2 only.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub oauth_provider_key: ::std::option::Option<::std::string::String>,
        ///OAuth scopes that connections ask for.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub oauth_scopes: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
        ///Provider of the integration. Duvo publishes no list of the values.
        pub provider: ::std::string::String,
        ///URL of the MCP server.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub server_url: ::std::option::Option<::std::string::String>,
        ///Whether the integration is shared.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub shared: ::std::option::Option<bool>,
        ///Identifier of the team that the integration belongs to.
        pub team_id: ::std::string::String,
        ///Transport over which Duvo speaks to the MCP server.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub transport_type: ::std::option::Option<
            crate::generated::types::TransportType,
        >,
        ///Type of the integration. Duvo publishes no list of the values.
        #[serde(rename = "type")]
        pub type_: ::std::string::String,
        ///When the integration was last changed.
        pub updated_at: crate::Timestamp,
        ///Identifier of the user that the integration belongs to, if it belongs to one.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub user_id: ::std::option::Option<::std::string::String>,
    }
    ///A page of a team's catalogue.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct IntegrationPage {
        ///The integrations of the page.
        pub integrations: ::std::vec::Vec<Integration>,
        ///How many integrations the page could have had.
        pub limit: u64,
        ///How many integrations come before those of the page.
        pub offset: u64,
        ///How many integrations there are on all pages.
        pub total: u64,
    }
    ///The error body of Duvo's published OpenAPI document.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[non_exhaustive]
    pub struct PlainError {
        ///What went wrong, in a word or a few.
        pub error: ::std::string::String,
        ///What went wrong, in a sentence.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub message: ::std::option::Option<::std::string::String>,
    }
    /// Error types.
    pub mod error {
        /// Error from a `TryFrom` or `FromStr` implementation.
        pub struct ConversionError(::std::borrow::Cow<'static, str>);
        impl ::std::error::Error for ConversionError {}
        impl ::std::fmt::Display for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl ::std::fmt::Debug for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }
        impl From<&'static str> for ConversionError {
            fn from(value: &'static str) -> Self {
                Self(value.into())
            }
        }
        impl From<String> for ConversionError {
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }
    }
    ///A transport of MCP.
    #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    #[non_exhaustive]
    pub enum TransportType {
        ///`stdio`
        Stdio,
        ///`sse`
        Sse,
        ///`http`
        Http,
        /// A value that this version of the crate does not know, as
        /// the server wrote it.
        Unknown(String),
    }
    impl TransportType {
        /// The value as it is written in JSON.
        pub fn as_str(&self) -> &str {
            match self {
                Self::Stdio => "stdio",
                Self::Sse => "sse",
                Self::Http => "http",
                Self::Unknown(value) => value,
            }
        }
    }
    impl From<String> for TransportType {
        fn from(value: String) -> Self {
            match value.as_str() {
                "stdio" => Self::Stdio,
                "sse" => Self::Sse,
                "http" => Self::Http,
                _ => Self::Unknown(value),
            }
        }
    }
    impl From<&str> for TransportType {
        fn from(value: &str) -> Self {
            Self::from(value.to_owned())
        }
    }
    impl ::std::fmt::Display for TransportType {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            f.write_str(self.as_str())
        }
    }
    impl ::serde::Serialize for TransportType {
        fn serialize<S: ::serde::Serializer>(
            &self,
            serializer: S,
        ) -> ::std::result::Result<S::Ok, S::Error> {
            serializer.serialize_str(self.as_str())
        }
    }
    impl<'de> ::serde::Deserialize<'de> for TransportType {
        fn deserialize<D: ::serde::Deserializer<'de>>(
            deserializer: D,
        ) -> ::std::result::Result<Self, D::Error> {
            <String as ::serde::Deserialize>::deserialize(deserializer).map(Self::from)
        }
    }
}
#[allow(clippy::all)]
impl crate::call::Call<'_> {
    /**Register a custom integration (v1)

Adds a custom integration to the catalogue of the API key's team. It creates the catalogue entry only: teammates connect to it afterwards. The caller needs the manager role or above. Duvo announced the end of v1 for 15 June 2026; new work belongs on `POST /v2/teams/{teamId}/integrations/custom`.

Sends a `POST` request to `/v1/integrations/custom`

Arguments:
- `idempotency_key`: A key of the caller's making that is the same on every attempt of one call. Duvo recommends it wherever a request may be sent again.
- `body`: The integration to register.
*/
    pub async fn register_custom_integration_v1<'a>(
        &'a self,
        idempotency_key: Option<&'a str>,
        body: &'a types::CustomIntegrationRequest,
    ) -> Result<ResponseValue<types::Integration>> {
        let url = format!("{}/v1/integrations/custom", self.baseurl,);
        let mut header_map = Headers::default();
        if let Some(value) = idempotency_key {
            header_map
                .append(
                    const { ::http::HeaderName::from_static("idempotency-key") },
                    value.to_string().try_into()?,
                );
        }
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "register_custom_integration_v1",
        };
        self.exec(request, &info).await
    }
    /**Delete a custom integration

Removes a custom integration from the team's catalogue, and with it the connections that were made from it. The caller needs the manager role or above.

Sends a `DELETE` request to `/v2/integrations/custom/{custom_integration_id}`

Arguments:
- `custom_integration_id`: The `custom_integration_id` of the integration, not its `id`.
- `idempotency_key`: A key of the caller's making that is the same on every attempt of one call. Duvo recommends it wherever a request may be sent again.
*/
    pub async fn delete_custom_integration<'a>(
        &'a self,
        custom_integration_id: &'a str,
        idempotency_key: Option<&'a str>,
    ) -> Result<ResponseValue<types::Deletion>> {
        let url = format!(
            "{}/v2/integrations/custom/{}", self.baseurl, encode_path(&
            custom_integration_id.to_string()),
        );
        let mut header_map = Headers::default();
        if let Some(value) = idempotency_key {
            header_map
                .append(
                    const { ::http::HeaderName::from_static("idempotency-key") },
                    value.to_string().try_into()?,
                );
        }
        #[allow(unused_mut)]
        let mut request = self
            .client
            .delete(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "delete_custom_integration",
        };
        self.exec(request, &info).await
    }
    /**List the team's integrations

A page of the team's catalogue: the integrations that Duvo has built in, and the team's custom ones. Duvo does not say in which order.

Sends a `GET` request to `/v2/teams/{teamId}/integrations`

Arguments:
- `team_id`: Identifier of the team whose catalogue it is.
- `limit`: How many integrations the page has at most, from 1 to 100.
- `offset`: How many integrations come before those of the page.
- `type_`: Lists the integrations of this type only. Duvo publishes no list of the values.
*/
    pub async fn list_integrations<'a>(
        &'a self,
        team_id: &'a str,
        limit: Option<::std::num::NonZeroU64>,
        offset: Option<u64>,
        type_: Option<&'a str>,
    ) -> Result<ResponseValue<types::IntegrationPage>> {
        let url = format!(
            "{}/v2/teams/{}/integrations", self.baseurl, encode_path(& team_id
            .to_string()),
        );
        let mut header_map = Headers::default();
        #[allow(unused_mut)]
        let mut request = self
            .client
            .get(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .query(&progenitor_client::QueryParam::new("limit", &limit))
            .query(&progenitor_client::QueryParam::new("offset", &offset))
            .query(&progenitor_client::QueryParam::new("type", &type_))
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "list_integrations",
        };
        self.exec(request, &info).await
    }
    /**Register a custom integration

Adds a custom integration to the team's catalogue. It creates the catalogue entry only: teammates connect to it afterwards. The caller needs the manager role or above.

Sends a `POST` request to `/v2/teams/{teamId}/integrations/custom`

Arguments:
- `team_id`: Identifier of the team whose catalogue gets the integration.
- `idempotency_key`: A key of the caller's making that is the same on every attempt of one call. Duvo recommends it wherever a request may be sent again.
- `body`: The integration to register.
*/
    pub async fn register_custom_integration<'a>(
        &'a self,
        team_id: &'a str,
        idempotency_key: Option<&'a str>,
        body: &'a types::CustomIntegrationRequest,
    ) -> Result<ResponseValue<types::Integration>> {
        let url = format!(
            "{}/v2/teams/{}/integrations/custom", self.baseurl, encode_path(& team_id
            .to_string()),
        );
        let mut header_map = Headers::default();
        if let Some(value) = idempotency_key {
            header_map
                .append(
                    const { ::http::HeaderName::from_static("idempotency-key") },
                    value.to_string().try_into()?,
                );
        }
        #[allow(unused_mut)]
        let mut request = self
            .client
            .post(url)
            .header(
                ::reqwest::header::ACCEPT,
                ::reqwest::header::HeaderValue::from_static("application/json"),
            )
            .json(&body)
            .headers(header_map)
            .build()?;
        let info = OperationInfo {
            operation_id: "register_custom_integration",
        };
        self.exec(request, &info).await
    }
}
/// The first of the document's servers.
pub const SERVER_URL: &str = "https://api.duvo.ai";
