//! What is logged, beside that there are no secrets in it: see `canary.rs`.

#![cfg(feature = "tracing")]

mod support;

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use duvo::mock::Server;
use support::any_integration;
use tracing::field::Empty;
use tracing::{Instrument as _, Level, info_span};
use tracing_subscriber::fmt::format::FmtSpan;

#[tokio::test]
async fn a_span_of_the_callers_own_is_left_as_it_is() {
    let server = Server::start().unwrap();
    server.register_custom_integration();
    let client = server.client().unwrap();
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("telemetry.log");
    let integration = any_integration();
    for (level, are_ours_there) in [(Level::INFO, false), (Level::DEBUG, true)] {
        let log = Arc::new(File::create(&path).unwrap());
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_span_events(FmtSpan::CLOSE)
            .with_writer(log)
            .finish();
        let _guard = tracing::subscriber::set_default(subscriber);
        let call = client.register_custom_integration(&integration);
        let handling = info_span!("handling", http.response.status_code = Empty);
        call.instrument(handling).await.unwrap();
        let log = fs::read_to_string(&path).unwrap();
        assert!(log.contains("handling: "), "{log}");
        assert!(!log.contains("handling{"), "{log}");
        assert_eq!(log.contains("status_code=201"), are_ours_there, "{log}");
    }
}
