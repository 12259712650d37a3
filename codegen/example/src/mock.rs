//! A mock server. `api` is generated from the OpenAPI document; the other modules are what
//! the generated code uses, and do not depend on the document.

mod example;
mod expectation;
mod operation;
mod request;
mod response;
mod server;

#[allow(dead_code, unused_qualifications, clippy::all, clippy::pedantic)]
mod api {
    include!(concat!(env!("OUT_DIR"), "/mock.rs"));
}

pub use api::{examples, operations, types};
pub use operation::{Call, Mock, Operation, Responses};
pub use request::Request;
pub use response::Response;
pub use server::Server;
