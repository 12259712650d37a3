//! Spans and events for `tracing`, named by OpenTelemetry's conventions for HTTP
//! clients: <https://opentelemetry.io/docs/specs/semconv/http/http-spans/>. Without
//! the feature `tracing`, every function does nothing.

#[cfg(not(feature = "tracing"))]
mod disabled;
#[cfg(feature = "tracing")]
mod enabled;

#[cfg(not(feature = "tracing"))]
pub(crate) use disabled::*;
#[cfg(feature = "tracing")]
pub(crate) use enabled::*;
