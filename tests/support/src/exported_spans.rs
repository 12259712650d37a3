//! The spans that a program exports through OpenTelemetry, as a tracing backend receives
//! them.

use std::any::Any;
use std::collections::BTreeMap;

use opentelemetry::trace::{SpanId, SpanKind, Status, TracerProvider as _};
use opentelemetry::{KeyValue, Value};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

/// Exports the spans of the current thread to memory, until it is dropped.
pub struct Exporter {
    memory: InMemorySpanExporter,
    provider: SdkTracerProvider,
    _subscriber: Box<dyn Any>,
}

/// An exported span.
#[derive(Debug)]
pub struct Span {
    pub name: String,
    pub kind: SpanKind,
    pub status: Status,
    pub attributes: BTreeMap<String, Value>,
    pub events: Vec<Event>,
    id: SpanId,
    parent: SpanId,
}

/// An event within a span.
#[derive(Debug)]
pub struct Event {
    pub name: String,
    pub attributes: BTreeMap<String, Value>,
}

impl Exporter {
    /// Starts to export the spans of the target `duvo`, up to this level.
    pub fn start(max_level: LevelFilter) -> Self {
        let memory = InMemorySpanExporter::default();
        let provider = SdkTracerProvider::builder()
            .with_simple_exporter(memory.clone())
            .build();
        let layer = tracing_opentelemetry::layer()
            .with_tracer(provider.tracer("tests"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_target(false)
            .with_filter(tracing_subscriber::filter::Targets::new().with_target("duvo", max_level));
        let subscriber = tracing_subscriber::registry().with(layer).set_default();
        Self {
            memory,
            provider,
            _subscriber: Box::new(subscriber),
        }
    }

    /// Returns the spans that have ended, in the order of their ends.
    pub fn spans(&self) -> Vec<Span> {
        self.provider.force_flush().unwrap();
        let spans = self.memory.get_finished_spans().unwrap();
        spans.into_iter().map(Span::from).collect()
    }
}

impl Span {
    /// Whether this span is a child of the other one.
    pub fn is_child_of(&self, other: &Self) -> bool {
        self.parent == other.id
    }

    pub fn is_root(&self) -> bool {
        self.parent == SpanId::INVALID
    }

    /// Returns an attribute as text, or an empty text.
    pub fn text(&self, key: &str) -> String {
        text(&self.attributes, key)
    }

    /// Returns an attribute that is an integer. A backend can compare only numbers.
    pub fn number(&self, key: &str) -> Option<i64> {
        number(&self.attributes, key)
    }
}

impl Event {
    /// Returns an attribute as text, or an empty text.
    pub fn text(&self, key: &str) -> String {
        text(&self.attributes, key)
    }

    /// Returns an attribute that is an integer.
    pub fn number(&self, key: &str) -> Option<i64> {
        number(&self.attributes, key)
    }
}

impl From<SpanData> for Span {
    fn from(span: SpanData) -> Self {
        let events = span.events.events.into_iter().map(|event| Event {
            name: event.name.into_owned(),
            attributes: by_key(event.attributes),
        });
        Self {
            name: span.name.into_owned(),
            kind: span.span_kind,
            status: span.status,
            attributes: by_key(span.attributes),
            events: events.collect(),
            id: span.span_context.span_id(),
            parent: span.parent_span_id,
        }
    }
}

fn by_key(attributes: Vec<KeyValue>) -> BTreeMap<String, Value> {
    let attributes = attributes.into_iter();
    attributes
        .map(|KeyValue { key, value, .. }| (key.to_string(), value))
        .collect()
}

fn text(attributes: &BTreeMap<String, Value>, key: &str) -> String {
    attributes
        .get(key)
        .map_or_else(String::new, ToString::to_string)
}

fn number(attributes: &BTreeMap<String, Value>, key: &str) -> Option<i64> {
    match attributes.get(key)? {
        Value::I64(number) => Some(*number),
        _ => None,
    }
}
