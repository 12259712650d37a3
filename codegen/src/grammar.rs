//! The keys and types of the objects of OpenAPI 3.0:
//! <https://spec.openapis.org/oas/v3.0.3>.

use serde_json::Value;

/// The type that OpenAPI expects of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExpectedType {
    /// Data, for which OpenAPI has no rules.
    Data,
    Text,
    OneOf(&'static [&'static str]),
    Boolean,
    Number,
    Count,
    List(&'static ExpectedType),
    /// An object whose keys are chosen by the document.
    Map(&'static ExpectedType),
    Object(ObjectKind),
    /// `true`, `false` or a schema.
    SchemaOrBoolean,
}

/// An object of OpenAPI with a fixed set of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ObjectKind {
    Document,
    Info,
    Contact,
    License,
    Server,
    ServerVariable,
    Components,
    PathItem,
    Operation,
    ExternalDocs,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Response,
    Example,
    Link,
    Header,
    Tag,
    Schema,
    Discriminator,
    Xml,
    SecurityScheme,
    OAuthFlows,
    OAuthFlow,
}

/// A key of an object.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) key: &'static str,
    pub(crate) expected: ExpectedType,
    pub(crate) is_required: bool,
}

/// The extensions that the generator knows.
pub(crate) const EXTENSIONS: [&str; 4] = ["x-extensible-enum", "x-safe", "x-secret", "x-sunset"];

/// The keys under which a schema lists other schemas that it is composed of.
pub(crate) const COMPOSITIONS: [&str; 3] = ["allOf", "anyOf", "oneOf"];

/// The HTTP methods that a path can have, in lower case.
pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

const fn optional(key: &'static str, expected: ExpectedType) -> Field {
    Field {
        key,
        expected,
        is_required: false,
    }
}

const fn required(key: &'static str, expected: ExpectedType) -> Field {
    Field {
        key,
        expected,
        is_required: true,
    }
}

use ExpectedType::{Boolean, Count, Data, List, Map, Number, Object, OneOf, SchemaOrBoolean, Text};

const SCHEMA: ExpectedType = Object(ObjectKind::Schema);
const SCHEMAS: ExpectedType = List(&SCHEMA);
const OPERATION: ExpectedType = Object(ObjectKind::Operation);
const FLOW: ExpectedType = Object(ObjectKind::OAuthFlow);
const HEADERS: ExpectedType = Map(&Object(ObjectKind::Header));
pub(crate) const CONTENT: ExpectedType = Map(&Object(ObjectKind::MediaType));
const EXAMPLES: ExpectedType = Map(&Object(ObjectKind::Example));
const LINKS: ExpectedType = Map(&Object(ObjectKind::Link));
const PATHS: ExpectedType = Map(&Object(ObjectKind::PathItem));
const RESPONSES: ExpectedType = Map(&Object(ObjectKind::Response));
const PARAMETERS: ExpectedType = List(&Object(ObjectKind::Parameter));
const SERVERS: ExpectedType = List(&Object(ObjectKind::Server));
const SECURITY: ExpectedType = List(&Map(&List(&Text)));
const EXTERNAL_DOCS: ExpectedType = Object(ObjectKind::ExternalDocs);
const STYLE: ExpectedType = OneOf(&[
    "deepObject",
    "form",
    "label",
    "matrix",
    "pipeDelimited",
    "simple",
    "spaceDelimited",
]);

const DOCUMENT_FIELDS: &[Field] = &[
    required("openapi", Text),
    required("info", Object(ObjectKind::Info)),
    optional("servers", SERVERS),
    required("paths", PATHS),
    optional("components", Object(ObjectKind::Components)),
    optional("security", SECURITY),
    optional("tags", List(&Object(ObjectKind::Tag))),
    optional("externalDocs", EXTERNAL_DOCS),
];

const INFO_FIELDS: &[Field] = &[
    required("title", Text),
    optional("description", Text),
    optional("termsOfService", Text),
    optional("contact", Object(ObjectKind::Contact)),
    optional("license", Object(ObjectKind::License)),
    required("version", Text),
];

const CONTACT_FIELDS: &[Field] = &[
    optional("name", Text),
    optional("url", Text),
    optional("email", Text),
];

const LICENSE_FIELDS: &[Field] = &[required("name", Text), optional("url", Text)];

const SERVER_FIELDS: &[Field] = &[
    required("url", Text),
    optional("description", Text),
    optional("variables", Map(&Object(ObjectKind::ServerVariable))),
];

const SERVER_VARIABLE_FIELDS: &[Field] = &[
    optional("enum", List(&Text)),
    required("default", Text),
    optional("description", Text),
];

const COMPONENTS_FIELDS: &[Field] = &[
    optional("schemas", Map(&SCHEMA)),
    optional("responses", RESPONSES),
    optional("parameters", Map(&Object(ObjectKind::Parameter))),
    optional("examples", EXAMPLES),
    optional("requestBodies", Map(&Object(ObjectKind::RequestBody))),
    optional("headers", HEADERS),
    optional("securitySchemes", Map(&Object(ObjectKind::SecurityScheme))),
    optional("links", LINKS),
    optional("callbacks", Map(&PATHS)),
];

const PATH_ITEM_FIELDS: &[Field] = &[
    optional("summary", Text),
    optional("description", Text),
    optional("get", OPERATION),
    optional("put", OPERATION),
    optional("post", OPERATION),
    optional("delete", OPERATION),
    optional("options", OPERATION),
    optional("head", OPERATION),
    optional("patch", OPERATION),
    optional("trace", OPERATION),
    optional("servers", SERVERS),
    optional("parameters", PARAMETERS),
];

const OPERATION_FIELDS: &[Field] = &[
    optional("tags", List(&Text)),
    optional("summary", Text),
    optional("description", Text),
    optional("externalDocs", EXTERNAL_DOCS),
    optional("operationId", Text),
    optional("parameters", PARAMETERS),
    optional("requestBody", Object(ObjectKind::RequestBody)),
    required("responses", RESPONSES),
    optional("callbacks", Map(&PATHS)),
    optional("deprecated", Boolean),
    optional("security", SECURITY),
    optional("servers", SERVERS),
];

const EXTERNAL_DOCS_FIELDS: &[Field] = &[optional("description", Text), required("url", Text)];

const PARAMETER_FIELDS: &[Field] = &[
    required("name", Text),
    required("in", OneOf(&["cookie", "header", "path", "query"])),
    optional("description", Text),
    optional("required", Boolean),
    optional("deprecated", Boolean),
    optional("allowEmptyValue", Boolean),
    optional("style", STYLE),
    optional("explode", Boolean),
    optional("allowReserved", Boolean),
    required("schema", SCHEMA),
    optional("example", Data),
    optional("examples", EXAMPLES),
    optional("content", CONTENT),
];

const REQUEST_BODY_FIELDS: &[Field] = &[
    optional("description", Text),
    required("content", CONTENT),
    optional("required", Boolean),
];

const MEDIA_TYPE_FIELDS: &[Field] = &[
    optional("schema", SCHEMA),
    optional("example", Data),
    optional("examples", EXAMPLES),
    optional("encoding", Map(&Object(ObjectKind::Encoding))),
];

const ENCODING_FIELDS: &[Field] = &[
    optional("contentType", Text),
    optional("headers", HEADERS),
    optional("style", STYLE),
    optional("explode", Boolean),
    optional("allowReserved", Boolean),
];

const RESPONSE_FIELDS: &[Field] = &[
    required("description", Text),
    optional("headers", HEADERS),
    optional("content", CONTENT),
    optional("links", LINKS),
];

const EXAMPLE_FIELDS: &[Field] = &[
    optional("summary", Text),
    optional("description", Text),
    optional("value", Data),
    optional("externalValue", Text),
];

const LINK_FIELDS: &[Field] = &[
    optional("operationRef", Text),
    optional("operationId", Text),
    optional("parameters", Map(&Data)),
    optional("requestBody", Data),
    optional("description", Text),
    optional("server", Object(ObjectKind::Server)),
];

const HEADER_FIELDS: &[Field] = &[
    optional("description", Text),
    optional("required", Boolean),
    optional("deprecated", Boolean),
    optional("style", STYLE),
    optional("explode", Boolean),
    required("schema", SCHEMA),
    optional("example", Data),
    optional("examples", EXAMPLES),
    optional("content", CONTENT),
];

const TAG_FIELDS: &[Field] = &[
    required("name", Text),
    optional("description", Text),
    optional("externalDocs", EXTERNAL_DOCS),
];

const SCHEMA_FIELDS: &[Field] = &[
    optional("title", Text),
    optional("multipleOf", Number),
    optional("maximum", Number),
    optional("exclusiveMaximum", Boolean),
    optional("minimum", Number),
    optional("exclusiveMinimum", Boolean),
    optional("maxLength", Count),
    optional("minLength", Count),
    optional("pattern", Text),
    optional("maxItems", Count),
    optional("minItems", Count),
    optional("uniqueItems", Boolean),
    optional("maxProperties", Count),
    optional("minProperties", Count),
    optional("required", List(&Text)),
    optional("enum", List(&Data)),
    optional(
        "type",
        OneOf(&["array", "boolean", "integer", "number", "object", "string"]),
    ),
    optional("allOf", SCHEMAS),
    optional("oneOf", SCHEMAS),
    optional("anyOf", SCHEMAS),
    optional("not", SCHEMA),
    optional("items", SCHEMA),
    optional("properties", Map(&SCHEMA)),
    optional("additionalProperties", SchemaOrBoolean),
    optional("description", Text),
    optional("format", Text),
    optional("default", Data),
    optional("nullable", Boolean),
    optional("discriminator", Object(ObjectKind::Discriminator)),
    optional("readOnly", Boolean),
    optional("writeOnly", Boolean),
    optional("xml", Object(ObjectKind::Xml)),
    optional("externalDocs", EXTERNAL_DOCS),
    optional("example", Data),
    optional("deprecated", Boolean),
];

const DISCRIMINATOR_FIELDS: &[Field] = &[
    required("propertyName", Text),
    optional("mapping", Map(&Text)),
];

const XML_FIELDS: &[Field] = &[
    optional("name", Text),
    optional("namespace", Text),
    optional("prefix", Text),
    optional("attribute", Boolean),
    optional("wrapped", Boolean),
];

const SECURITY_SCHEME_FIELDS: &[Field] = &[
    required(
        "type",
        OneOf(&["apiKey", "http", "oauth2", "openIdConnect"]),
    ),
    optional("description", Text),
    optional("name", Text),
    optional("in", OneOf(&["cookie", "header", "query"])),
    optional("scheme", Text),
    optional("bearerFormat", Text),
    optional("flows", Object(ObjectKind::OAuthFlows)),
    optional("openIdConnectUrl", Text),
];

const OAUTH_FLOWS_FIELDS: &[Field] = &[
    optional("implicit", FLOW),
    optional("password", FLOW),
    optional("clientCredentials", FLOW),
    optional("authorizationCode", FLOW),
];

const OAUTH_FLOW_FIELDS: &[Field] = &[
    optional("authorizationUrl", Text),
    optional("tokenUrl", Text),
    optional("refreshUrl", Text),
    required("scopes", Map(&Text)),
];

impl ObjectKind {
    /// Returns the keys of the object, without extensions and `$ref`.
    pub(crate) const fn fields(self) -> &'static [Field] {
        match self {
            Self::Document => DOCUMENT_FIELDS,
            Self::Info => INFO_FIELDS,
            Self::Contact => CONTACT_FIELDS,
            Self::License => LICENSE_FIELDS,
            Self::Server => SERVER_FIELDS,
            Self::ServerVariable => SERVER_VARIABLE_FIELDS,
            Self::Components => COMPONENTS_FIELDS,
            Self::PathItem => PATH_ITEM_FIELDS,
            Self::Operation => OPERATION_FIELDS,
            Self::ExternalDocs => EXTERNAL_DOCS_FIELDS,
            Self::Parameter => PARAMETER_FIELDS,
            Self::RequestBody => REQUEST_BODY_FIELDS,
            Self::MediaType => MEDIA_TYPE_FIELDS,
            Self::Encoding => ENCODING_FIELDS,
            Self::Response => RESPONSE_FIELDS,
            Self::Example => EXAMPLE_FIELDS,
            Self::Link => LINK_FIELDS,
            Self::Header => HEADER_FIELDS,
            Self::Tag => TAG_FIELDS,
            Self::Schema => SCHEMA_FIELDS,
            Self::Discriminator => DISCRIMINATOR_FIELDS,
            Self::Xml => XML_FIELDS,
            Self::SecurityScheme => SECURITY_SCHEME_FIELDS,
            Self::OAuthFlows => OAUTH_FLOWS_FIELDS,
            Self::OAuthFlow => OAUTH_FLOW_FIELDS,
        }
    }

    pub(crate) fn field(self, key: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.key == key)
    }

    /// Returns the section of `components` that a `$ref` in place of this object refers
    /// to. Returns `None` if OpenAPI allows no `$ref` here.
    pub(crate) const fn component_section(self) -> Option<&'static str> {
        Some(match self {
            Self::Schema => "schemas",
            Self::Response => "responses",
            Self::Parameter => "parameters",
            Self::Example => "examples",
            Self::RequestBody => "requestBodies",
            Self::Header => "headers",
            Self::SecurityScheme => "securitySchemes",
            Self::Link => "links",
            _ => return None,
        })
    }

    /// Returns a noun phrase for messages.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Document => "the document",
            Self::Info => "`info`",
            Self::Contact => "`contact`",
            Self::License => "`license`",
            Self::Server => "a server",
            Self::ServerVariable => "a server variable",
            Self::Components => "`components`",
            Self::PathItem => "a path",
            Self::Operation => "an operation",
            Self::ExternalDocs => "`externalDocs`",
            Self::Parameter => "a parameter",
            Self::RequestBody => "a request body",
            Self::MediaType => "a media type",
            Self::Encoding => "an encoding",
            Self::Response => "a response",
            Self::Example => "an example",
            Self::Link => "a link",
            Self::Header => "a header",
            Self::Tag => "a tag",
            Self::Schema => "a schema",
            Self::Discriminator => "`discriminator`",
            Self::Xml => "`xml`",
            Self::SecurityScheme => "a security scheme",
            Self::OAuthFlows => "`flows`",
            Self::OAuthFlow => "an OAuth flow",
        }
    }
}

impl ExpectedType {
    pub(crate) fn accepts(self, value: &Value) -> bool {
        match self {
            Data => true,
            Text => value.is_string(),
            OneOf(words) => value.as_str().is_some_and(|word| words.contains(&word)),
            Boolean => value.is_boolean(),
            Number => value.is_number(),
            Count => value.is_u64(),
            List(_) => value.is_array(),
            Map(_) | Object(_) => value.is_object(),
            SchemaOrBoolean => value.is_boolean() || value.is_object(),
        }
    }

    /// Returns a noun phrase for messages.
    pub(crate) fn name(self) -> String {
        match self {
            Data => "data".to_owned(),
            Text => "a string".to_owned(),
            OneOf(words) => format!("one of `{}`", words.join("`, `")),
            Boolean => "`true` or `false`".to_owned(),
            Number => "a number".to_owned(),
            Count => "a non-negative integer".to_owned(),
            List(_) => "a list".to_owned(),
            Map(_) => "an object".to_owned(),
            Object(kind) => kind.name().to_owned(),
            SchemaOrBoolean => "`true`, `false` or a schema".to_owned(),
        }
    }

    /// Returns how to write a value of the type, for help texts.
    pub(crate) const fn hint(self) -> &'static str {
        match self {
            OneOf(_) => "use one of these values",
            Boolean => "remove the quotes",
            Number | Count => "write digits without quotes",
            List(_) => "write `[first, second]`, or one `- item` per line",
            Map(_) => "write one `name: value` per line, indented below the key",
            Object(_) | SchemaOrBoolean => "write its keys indented below",
            Data | Text => "put the value in quotes",
        }
    }

    /// Returns the type expected under `key`. Returns `None` for data and unknown keys.
    pub(crate) fn child_type(self, key: &str) -> Option<ExpectedType> {
        let expected = match self {
            List(item) | Map(item) => *item,
            Object(kind) if key == "$ref" && kind.component_section().is_some() => Text,
            Object(kind) => kind.field(key)?.expected,
            SchemaOrBoolean => return SCHEMA.child_type(key),
            Data | Text | OneOf(_) | Boolean | Number | Count => return None,
        };
        // The maps of paths and responses can have extensions too.
        let is_extension = matches!(self, PATHS | RESPONSES) && key.starts_with("x-");
        (!is_extension && expected != Data).then_some(expected)
    }

    /// Returns the kind of object that the type is.
    pub(crate) fn kind(self) -> Option<ObjectKind> {
        match self {
            Object(kind) => Some(kind),
            SchemaOrBoolean => Some(ObjectKind::Schema),
            _ => None,
        }
    }
}
