//! Converts the request body and the responses of an operation to components.

use serde_yaml::{Mapping, Value};

use super::components::Use;
use super::conventions::Conventions;
use super::description::{clean, documentation};
use super::name::component_name;
use super::published::{Operation, mapping, members, text};
use super::schema::{Converter, Hint};
use crate::Result;

const JSON: &str = "application/json";

/// A body, for which an example is written.
pub(super) struct Body {
    /// The name of the schema, which is that of the example as well.
    pub(super) schema: String,
    /// The name of the example if the schema is an existing one.
    pub(super) name: String,
    /// The published media type object.
    pub(super) media: Value,
    /// Where the example is referred to: the section and the component.
    pub(super) component: (&'static str, String),
}

/// The bodies of an operation, as components.
#[derive(Default)]
pub(super) struct Bodies {
    /// The new components for request bodies.
    pub(super) requests: Mapping,
    /// The new components for responses.
    pub(super) responses: Mapping,
    /// The bodies that get examples.
    pub(super) all: Vec<Body>,
    /// The error responses of our document that the operation refers to.
    pub(super) reused_responses: Vec<(String, String)>,
}

impl Bodies {
    /// Converts the request body, and returns the reference to its component.
    pub(super) fn request(
        &mut self,
        operation: &Operation<'_>,
        name: &str,
        schemas: &mut Converter<'_>,
    ) -> Result<Option<Value>> {
        let Some(body) = operation.value.get("requestBody") else {
            return Ok(None);
        };
        let body = schemas.published.resolve(body)?;
        let mut converted = mapping([(
            "description",
            documentation(text(body, "description")).into(),
        )]);
        if body.get("required") == Some(&true.into()) {
            converted.insert("required".into(), true.into());
        }
        let schema_name = format!("{name}Request");
        let content = self.content(
            body,
            &schema_name,
            Use::Request,
            ("requestBodies", name),
            schemas,
        )?;
        converted.insert("content".into(), content.unwrap_or_default().into());
        self.requests.insert(name.into(), converted.into());
        Ok(Some(reference_to("requestBodies", name)))
    }

    /// Converts the responses, successes first.
    pub(super) fn responses(
        &mut self,
        operation: &Operation<'_>,
        name: &str,
        conventions: &Conventions,
        schemas: &mut Converter<'_>,
    ) -> Result<Mapping> {
        let mut statuses: Vec<(&str, &Value)> = members(operation.value, "responses")
            .filter(|(status, _)| !status.starts_with("x-"))
            .collect();
        statuses.sort_by_key(|(status, _)| *status);
        let mut converted = Mapping::new();
        for (status, response) in &statuses {
            let response = schemas.published.resolve(response)?;
            let component = if status.starts_with('2') {
                self.success(response, status, name, conventions, schemas)?
            } else {
                self.error(response, status, conventions, schemas)?
            };
            converted.insert((*status).into(), reference_to("responses", &component));
        }
        for (status, component) in &conventions.added_responses {
            if !converted.contains_key(status.as_str()) {
                converted.insert(status.as_str().into(), reference_to("responses", component));
                self.reused_responses
                    .push((status.clone(), component.clone()));
            }
        }
        let mut entries: Vec<_> = converted.into_iter().collect();
        entries.sort_by_key(|(status, _)| status.as_str().map(str::to_owned));
        Ok(entries.into_iter().collect())
    }

    fn success(
        &mut self,
        response: &Value,
        status: &str,
        name: &str,
        conventions: &Conventions,
        schemas: &mut Converter<'_>,
    ) -> Result<String> {
        let is_first = self.responses.is_empty();
        let component = if is_first {
            name.to_owned()
        } else {
            format!("{name}{status}")
        };
        let converted = self.response(response, &component, conventions, schemas)?;
        // Two statuses with one schema share the response.
        let same = self.responses.iter().find(|(_, other)| {
            other.get("content") == converted.get("content")
                && other.get("headers") == converted.get("headers")
        });
        if let Some(name) = same.and_then(|(name, _)| name.as_str()) {
            let name = name.to_owned();
            self.all
                .retain(|body| body.component != ("responses", component.clone()));
            return Ok(name);
        }
        self.responses
            .insert(component.as_str().into(), converted.into());
        Ok(component)
    }

    fn response(
        &mut self,
        response: &Value,
        name: &str,
        conventions: &Conventions,
        schemas: &mut Converter<'_>,
    ) -> Result<Mapping> {
        let description = documentation(text(response, "description"));
        let mut converted = mapping([("description", description.into())]);
        let headers = headers(response, conventions, schemas)?;
        if !headers.is_empty() {
            converted.insert("headers".into(), headers.into());
        }
        let schema_name = format!("{name}Response");
        let content = self.content(
            response,
            &schema_name,
            Use::Response,
            ("responses", name),
            schemas,
        )?;
        if let Some(content) = content {
            converted.insert("content".into(), content.into());
        }
        Ok(converted)
    }

    /// Returns the component for an error. Our document has one for each status.
    fn error(
        &mut self,
        response: &Value,
        status: &str,
        conventions: &Conventions,
        schemas: &mut Converter<'_>,
    ) -> Result<String> {
        let component = match conventions.error_responses.get(status) {
            Some(component) => component.clone(),
            None => error_name(status),
        };
        if conventions.responses.contains(&component) {
            self.reused_responses
                .push((status.to_owned(), component.clone()));
            return Ok(component);
        }
        if !self.responses.contains_key(component.as_str()) {
            let converted = match &conventions.error_schema {
                Some(schema) if json(response).is_some() => {
                    let description = documentation(text(response, "description"));
                    let schema = reference_to("schemas", schema);
                    let media = mapping([("schema", schema)]);
                    let content = mapping([(JSON, media.into())]);
                    mapping([
                        ("description", description.into()),
                        ("content", content.into()),
                    ])
                }
                _ => self.error_response(response, &component, conventions, schemas)?,
            };
            self.responses
                .insert(component.as_str().into(), converted.into());
        }
        Ok(component)
    }

    /// Converts an error of a document that has no errors yet.
    fn error_response(
        &mut self,
        response: &Value,
        component: &str,
        conventions: &Conventions,
        schemas: &mut Converter<'_>,
    ) -> Result<Mapping> {
        let mut converted = self.response(response, component, conventions, schemas)?;
        self.all
            .retain(|body| body.component != ("responses", component.to_owned()));
        if let Some(Value::Mapping(content)) = converted.get_mut("content") {
            for (_, media) in content.iter_mut() {
                if let Value::Mapping(media) = media {
                    media.remove("examples");
                }
            }
        }
        Ok(converted)
    }

    /// Converts the content of a body. The client sends and receives JSON only.
    fn content(
        &mut self,
        body: &Value,
        schema_name: &str,
        usage: Use,
        (section, component): (&'static str, &str),
        schemas: &mut Converter<'_>,
    ) -> Result<Option<Mapping>> {
        let any = Value::Mapping(Mapping::new());
        let mut content = Mapping::new();
        if let Some(media) = json(body) {
            let others = members(body, "content").filter(|(name, _)| !is_json(name));
            for (other, _) in others {
                schemas.notes.push(format!(
                    "the media type `{other}` is left out; the client uses JSON"
                ));
            }
            let schema = media.get("schema").unwrap_or(&any);
            let schema = schemas.body(schema, schema_name, usage)?;
            let reference = reference_to("schemas", &schema);
            content.insert(JSON.into(), mapping([("schema", reference)]).into());
            self.all.push(Body {
                schema,
                name: schema_name.to_owned(),
                media: media.clone(),
                component: (section, component.to_owned()),
            });
        } else {
            for (name, media) in members(body, "content") {
                let schema = media.get("schema").unwrap_or(&any);
                let hint = Hint::Names(vec![schema_name.to_owned()]);
                let schema = schemas.nested(schema, &hint, usage)?;
                content.insert(name.into(), mapping([("schema", schema)]).into());
            }
        }
        Ok((!content.is_empty()).then_some(content))
    }
}

/// Converts the headers of a response. Those that our document has are components.
fn headers(
    response: &Value,
    conventions: &Conventions,
    schemas: &mut Converter<'_>,
) -> Result<Mapping> {
    let mut headers = Mapping::new();
    for (name, header) in members(response, "headers") {
        let name = name.to_lowercase();
        let header = if let Some(component) = conventions.headers.get(&name) {
            reference_to("headers", component)
        } else {
            new_header(&name, schemas.published.resolve(header)?, schemas)?.into()
        };
        headers.insert(name.into(), header);
    }
    Ok(headers)
}

fn new_header(name: &str, header: &Value, schemas: &mut Converter<'_>) -> Result<Mapping> {
    let any = Value::Mapping(Mapping::new());
    let schema = header.get("schema").unwrap_or(&any);
    let hint = Hint::Names(vec![component_name(name)]);
    let mut schema = schemas.nested(schema, &hint, Use::Response)?;
    let of_schema = match &mut schema {
        Value::Mapping(schema) => schema.remove("description"),
        _ => None,
    };
    let own = text(header, "description").and_then(clean);
    let description = own.or_else(|| of_schema?.as_str().map(str::to_owned));
    let description = documentation(description.as_deref());
    Ok(mapping([
        ("description", description.into()),
        ("schema", schema),
    ]))
}

/// Returns the media type object for JSON.
fn json(body: &Value) -> Option<&Value> {
    let mut content = members(body, "content");
    content
        .find(|(name, _)| is_json(name))
        .map(|(_, media)| media)
}

fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case(JSON) || essence.ends_with("+json") || essence == "*/*"
}

/// Returns a reference to a component.
pub(super) fn reference_to(section: &str, name: &str) -> Value {
    mapping([("$ref", format!("#/components/{section}/{name}").into())]).into()
}

/// Returns the name of the component for an error status: its reason phrase.
fn error_name(status: &str) -> String {
    match status {
        "400" => "BadRequest",
        "401" => "Unauthorized",
        "402" => "PaymentRequired",
        "403" => "Forbidden",
        "404" => "NotFound",
        "405" => "MethodNotAllowed",
        "408" => "RequestTimeout",
        "409" => "Conflict",
        "410" => "Gone",
        "412" => "PreconditionFailed",
        "413" => "ContentTooLarge",
        "415" => "UnsupportedMediaType",
        "422" => "UnprocessableContent",
        "423" => "Locked",
        "429" => "TooManyRequests",
        "500" => "InternalServerError",
        "501" => "NotImplemented",
        "502" => "BadGateway",
        "503" => "ServiceUnavailable",
        "504" => "GatewayTimeout",
        "4XX" => "ClientError",
        "5XX" => "ServerError",
        "default" => "Error",
        other => return format!("Status{other}"),
    }
    .to_owned()
}
