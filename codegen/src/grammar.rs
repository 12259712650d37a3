//! What stands where in a document of OpenAPI 3.0:
//! <https://spec.openapis.org/oas/v3.0.3>.

use serde_json::Value;

/// What a value must look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Data, which has no rules of OpenAPI's.
    Data,
    Text,
    Word(&'static [&'static str]),
    Boolean,
    Number,
    Count,
    List(&'static Shape),
    /// An object whose keys are names that the document gives.
    Map(&'static Shape),
    Object(Kind),
    /// `true`, `false` or a schema.
    SchemaOrBoolean,
}

/// The objects of OpenAPI whose keys are fixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
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

/// A key that an object may have.
#[derive(Debug)]
pub struct Field {
    pub key: &'static str,
    pub shape: Shape,
    pub is_required: bool,
}

/// Keys that say something about the client beyond OpenAPI.
pub const EXTENSIONS: [&str; 3] = ["x-extensible-enum", "x-secret", "x-sunset"];

pub const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

const fn may(key: &'static str, shape: Shape) -> Field {
    Field {
        key,
        shape,
        is_required: false,
    }
}

const fn must(key: &'static str, shape: Shape) -> Field {
    Field {
        key,
        shape,
        is_required: true,
    }
}

use Shape::{Boolean, Count, Data, List, Map, Number, Object, SchemaOrBoolean, Text, Word};

const SCHEMA: Shape = Object(Kind::Schema);
const SCHEMAS: Shape = List(&SCHEMA);
const OPERATION: Shape = Object(Kind::Operation);
const FLOW: Shape = Object(Kind::OAuthFlow);
const HEADERS: Shape = Map(&Object(Kind::Header));
pub const CONTENT: Shape = Map(&Object(Kind::MediaType));
const EXAMPLES: Shape = Map(&Object(Kind::Example));
const LINKS: Shape = Map(&Object(Kind::Link));
const PATHS: Shape = Map(&Object(Kind::PathItem));
const RESPONSES: Shape = Map(&Object(Kind::Response));
const PARAMETERS: Shape = List(&Object(Kind::Parameter));
const SERVERS: Shape = List(&Object(Kind::Server));
const SECURITY: Shape = List(&Map(&List(&Text)));
const EXTERNAL_DOCS: Shape = Object(Kind::ExternalDocs);
const STYLE: Shape = Word(&[
    "deepObject",
    "form",
    "label",
    "matrix",
    "pipeDelimited",
    "simple",
    "spaceDelimited",
]);

const DOCUMENT_FIELDS: &[Field] = &[
    must("openapi", Text),
    must("info", Object(Kind::Info)),
    may("servers", SERVERS),
    must("paths", PATHS),
    may("components", Object(Kind::Components)),
    may("security", SECURITY),
    may("tags", List(&Object(Kind::Tag))),
    may("externalDocs", EXTERNAL_DOCS),
];

const INFO_FIELDS: &[Field] = &[
    must("title", Text),
    may("description", Text),
    may("termsOfService", Text),
    may("contact", Object(Kind::Contact)),
    may("license", Object(Kind::License)),
    must("version", Text),
];

const CONTACT_FIELDS: &[Field] = &[may("name", Text), may("url", Text), may("email", Text)];

const LICENSE_FIELDS: &[Field] = &[must("name", Text), may("url", Text)];

const SERVER_FIELDS: &[Field] = &[
    must("url", Text),
    may("description", Text),
    may("variables", Map(&Object(Kind::ServerVariable))),
];

const SERVER_VARIABLE_FIELDS: &[Field] = &[
    may("enum", List(&Text)),
    must("default", Text),
    may("description", Text),
];

const COMPONENTS_FIELDS: &[Field] = &[
    may("schemas", Map(&SCHEMA)),
    may("responses", RESPONSES),
    may("parameters", Map(&Object(Kind::Parameter))),
    may("examples", EXAMPLES),
    may("requestBodies", Map(&Object(Kind::RequestBody))),
    may("headers", HEADERS),
    may("securitySchemes", Map(&Object(Kind::SecurityScheme))),
    may("links", LINKS),
    may("callbacks", Map(&PATHS)),
];

const PATH_ITEM_FIELDS: &[Field] = &[
    may("summary", Text),
    may("description", Text),
    may("get", OPERATION),
    may("put", OPERATION),
    may("post", OPERATION),
    may("delete", OPERATION),
    may("options", OPERATION),
    may("head", OPERATION),
    may("patch", OPERATION),
    may("trace", OPERATION),
    may("servers", SERVERS),
    may("parameters", PARAMETERS),
];

const OPERATION_FIELDS: &[Field] = &[
    may("tags", List(&Text)),
    may("summary", Text),
    may("description", Text),
    may("externalDocs", EXTERNAL_DOCS),
    may("operationId", Text),
    may("parameters", PARAMETERS),
    may("requestBody", Object(Kind::RequestBody)),
    must("responses", RESPONSES),
    may("callbacks", Map(&PATHS)),
    may("deprecated", Boolean),
    may("security", SECURITY),
    may("servers", SERVERS),
];

const EXTERNAL_DOCS_FIELDS: &[Field] = &[may("description", Text), must("url", Text)];

const PARAMETER_FIELDS: &[Field] = &[
    must("name", Text),
    must("in", Word(&["cookie", "header", "path", "query"])),
    may("description", Text),
    may("required", Boolean),
    may("deprecated", Boolean),
    may("allowEmptyValue", Boolean),
    may("style", STYLE),
    may("explode", Boolean),
    may("allowReserved", Boolean),
    must("schema", SCHEMA),
    may("example", Data),
    may("examples", EXAMPLES),
    may("content", CONTENT),
];

const REQUEST_BODY_FIELDS: &[Field] = &[
    may("description", Text),
    must("content", CONTENT),
    may("required", Boolean),
];

const MEDIA_TYPE_FIELDS: &[Field] = &[
    may("schema", SCHEMA),
    may("example", Data),
    may("examples", EXAMPLES),
    may("encoding", Map(&Object(Kind::Encoding))),
];

const ENCODING_FIELDS: &[Field] = &[
    may("contentType", Text),
    may("headers", HEADERS),
    may("style", STYLE),
    may("explode", Boolean),
    may("allowReserved", Boolean),
];

const RESPONSE_FIELDS: &[Field] = &[
    must("description", Text),
    may("headers", HEADERS),
    may("content", CONTENT),
    may("links", LINKS),
];

const EXAMPLE_FIELDS: &[Field] = &[
    may("summary", Text),
    may("description", Text),
    may("value", Data),
    may("externalValue", Text),
];

const LINK_FIELDS: &[Field] = &[
    may("operationRef", Text),
    may("operationId", Text),
    may("parameters", Map(&Data)),
    may("requestBody", Data),
    may("description", Text),
    may("server", Object(Kind::Server)),
];

const HEADER_FIELDS: &[Field] = &[
    may("description", Text),
    may("required", Boolean),
    may("deprecated", Boolean),
    may("style", STYLE),
    may("explode", Boolean),
    must("schema", SCHEMA),
    may("example", Data),
    may("examples", EXAMPLES),
    may("content", CONTENT),
];

const TAG_FIELDS: &[Field] = &[
    must("name", Text),
    may("description", Text),
    may("externalDocs", EXTERNAL_DOCS),
];

const SCHEMA_FIELDS: &[Field] = &[
    may("title", Text),
    may("multipleOf", Number),
    may("maximum", Number),
    may("exclusiveMaximum", Boolean),
    may("minimum", Number),
    may("exclusiveMinimum", Boolean),
    may("maxLength", Count),
    may("minLength", Count),
    may("pattern", Text),
    may("maxItems", Count),
    may("minItems", Count),
    may("uniqueItems", Boolean),
    may("maxProperties", Count),
    may("minProperties", Count),
    may("required", List(&Text)),
    may("enum", List(&Data)),
    may(
        "type",
        Word(&["array", "boolean", "integer", "number", "object", "string"]),
    ),
    may("allOf", SCHEMAS),
    may("oneOf", SCHEMAS),
    may("anyOf", SCHEMAS),
    may("not", SCHEMA),
    may("items", SCHEMA),
    may("properties", Map(&SCHEMA)),
    may("additionalProperties", SchemaOrBoolean),
    may("description", Text),
    may("format", Text),
    may("default", Data),
    may("nullable", Boolean),
    may("discriminator", Object(Kind::Discriminator)),
    may("readOnly", Boolean),
    may("writeOnly", Boolean),
    may("xml", Object(Kind::Xml)),
    may("externalDocs", EXTERNAL_DOCS),
    may("example", Data),
    may("deprecated", Boolean),
];

const DISCRIMINATOR_FIELDS: &[Field] = &[must("propertyName", Text), may("mapping", Map(&Text))];

const XML_FIELDS: &[Field] = &[
    may("name", Text),
    may("namespace", Text),
    may("prefix", Text),
    may("attribute", Boolean),
    may("wrapped", Boolean),
];

const SECURITY_SCHEME_FIELDS: &[Field] = &[
    must("type", Word(&["apiKey", "http", "oauth2", "openIdConnect"])),
    may("description", Text),
    may("name", Text),
    may("in", Word(&["cookie", "header", "query"])),
    may("scheme", Text),
    may("bearerFormat", Text),
    may("flows", Object(Kind::OAuthFlows)),
    may("openIdConnectUrl", Text),
];

const OAUTH_FLOWS_FIELDS: &[Field] = &[
    may("implicit", FLOW),
    may("password", FLOW),
    may("clientCredentials", FLOW),
    may("authorizationCode", FLOW),
];

const OAUTH_FLOW_FIELDS: &[Field] = &[
    may("authorizationUrl", Text),
    may("tokenUrl", Text),
    may("refreshUrl", Text),
    must("scopes", Map(&Text)),
];

impl Kind {
    /// The keys of the object, beside extensions and `$ref`.
    pub const fn fields(self) -> &'static [Field] {
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

    pub fn field(self, key: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.key == key)
    }

    /// The section of `components` whose members a `$ref` may put in the place
    /// of this object; none if a `$ref` cannot stand there.
    pub const fn section(self) -> Option<&'static str> {
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

    /// The object as it is called in a sentence.
    pub const fn name(self) -> &'static str {
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

impl Shape {
    pub fn fits(self, value: &Value) -> bool {
        match self {
            Data => true,
            Text => value.is_string(),
            Word(words) => value.as_str().is_some_and(|word| words.contains(&word)),
            Boolean => value.is_boolean(),
            Number => value.is_number(),
            Count => value.is_u64(),
            List(_) => value.is_array(),
            Map(_) | Object(_) => value.is_object(),
            SchemaOrBoolean => value.is_boolean() || value.is_object(),
        }
    }

    /// The shape as it is called in a sentence.
    pub fn name(self) -> String {
        match self {
            Data => "data".to_owned(),
            Text => "text".to_owned(),
            Word(words) => format!("one of `{}`", words.join("`, `")),
            Boolean => "`true` or `false`".to_owned(),
            Number => "a number".to_owned(),
            Count => "a whole number".to_owned(),
            List(_) => "a list".to_owned(),
            Map(_) => "an object".to_owned(),
            Object(kind) => kind.name().to_owned(),
            SchemaOrBoolean => "`true`, `false` or a schema".to_owned(),
        }
    }

    /// How a value of the shape is written.
    pub const fn notation(self) -> &'static str {
        match self {
            Word(_) => "write one of these",
            Boolean => "write it without quotes",
            Number | Count => "write it in digits, without quotes",
            List(_) => "write `[first, second]`, or a line `- item` for each",
            Map(_) => "write a line `name: value` for each, indented below it",
            Object(_) | SchemaOrBoolean => "write its keys below it, indented",
            Data | Text => "write it in quotes",
        }
    }

    /// The shape of what is under `key`; none if that is data or unknown.
    pub fn below(self, key: &str) -> Option<Shape> {
        let shape = match self {
            List(shape) | Map(shape) => *shape,
            Object(kind) if key == "$ref" && kind.section().is_some() => Text,
            Object(kind) => kind.field(key)?.shape,
            SchemaOrBoolean => return SCHEMA.below(key),
            Data | Text | Word(_) | Boolean | Number | Count => return None,
        };
        // The map of paths, or of responses, may have extensions beside.
        let is_extension = matches!(self, PATHS | RESPONSES) && key.starts_with("x-");
        (!is_extension && shape != Data).then_some(shape)
    }

    /// The kind of object that a value of this shape is.
    pub fn kind(self) -> Option<Kind> {
        match self {
            Object(kind) => Some(kind),
            SchemaOrBoolean => Some(Kind::Schema),
            _ => None,
        }
    }
}
