//! Measures how generation scales with the number of operations:
//!
//! ```console
//! cargo bench --profile dev --package duvo-codegen --bench generation
//! ```
//!
//! prints a table. Build scripts run in the profile `dev` too. With `-- check`, it fails if
//! the time or the size of the code is not linear.

use std::env;
use std::process::ExitCode;

use duvo_codegen::{Settings, generate};

const DOCUMENT: &str = include_str!("../../openapi/duvo.yaml");

/// The numbers of operations that are added to the document.
const ADDED: [u32; 5] = [0, 1, 10, 100, 200];

/// The limit of the time for the second hundred operations, to that for the first. It is
/// about 1 if the time is linear, and 3 if it is quadratic, on a machine of any speed.
const MAX_RATIO: f64 = 2.0;

/// The shortest time of several runs in milliseconds, and the lines of the client.
#[derive(Clone, Copy)]
struct Measurement {
    time: f64,
    lines: u32,
}

fn main() -> ExitCode {
    let measured = measure();
    println!("| added operations | ms | ms per operation | lines | lines per operation |");
    println!("|---|---|---|---|---|");
    let base = measured[0];
    for (added, Measurement { time, lines }) in ADDED.into_iter().zip(measured) {
        let each = |total: f64, base: f64| match added {
            0 => String::new(),
            added => format!("{:.2}", (total - base) / f64::from(added)),
        };
        let (time_each, lines_each) = (
            each(time, base.time),
            each(f64::from(lines), f64::from(base.lines)),
        );
        println!("| {added} | {time:.1} | {time_each} | {lines} | {lines_each} |");
    }
    if env::args().any(|argument| argument == "check") {
        check(measured)
    } else {
        ExitCode::SUCCESS
    }
}

fn check([none, .., hundred, two_hundred]: [Measurement; 5]) -> ExitCode {
    let ratio = (two_hundred.time - hundred.time) / (hundred.time - none.time);
    let growth = [
        hundred.lines - none.lines,
        two_hundred.lines - hundred.lines,
    ];
    println!("\nsecond hundred operations, to the first: time {ratio:.2}, limit {MAX_RATIO:.2}");
    println!("lines of the first and the second hundred: {growth:?}");
    if ratio <= MAX_RATIO && growth[0] == growth[1] {
        ExitCode::SUCCESS
    } else {
        eprintln!("generation is not linear");
        ExitCode::FAILURE
    }
}

/// Measures each size several times. The sizes take turns, so that other work of the
/// machine affects all of them.
#[allow(
    clippy::disallowed_methods,
    reason = "the time of a computation is measured"
)]
fn measure() -> [Measurement; 5] {
    let settings = Settings::default();
    let documents = ADDED.map(with_extra_operations);
    let mut measured = [Measurement {
        time: f64::INFINITY,
        lines: 0,
    }; 5];
    for _ in 0..5 {
        for (document, measured) in documents.iter().zip(&mut measured) {
            let start = std::time::Instant::now();
            let generated = generate(document, &settings);
            let time = start.elapsed().as_secs_f64() * 1000.0;
            let lines = generated.map_or(0, |generated| {
                generated.types.lines().count() + generated.operations.lines().count()
            });
            measured.time = measured.time.min(time);
            measured.lines = u32::try_from(lines).unwrap_or(u32::MAX);
        }
    }
    measured
}

/// Returns the document with more operations, each with its own schema.
fn with_extra_operations(operations: u32) -> String {
    let schema = |n| {
        format!(
            "    Extra{n}Thing:\n      description: A thing.\n      type: object\n      \
             required: [id]\n      properties:\n        id:\n          description: Identifier of the thing.\n          \
             type: string\n"
        )
    };
    let path = |n| {
        format!(
            "  /v2/extra{n}/{{id}}:\n    get:\n      operationId: getExtra{n}\n      summary: Get the thing\n      \
             description: Gets the thing.\n      parameters:\n        - name: id\n          in: path\n          \
             required: true\n          description: Identifier of the thing.\n          schema:\n            type: string\n      \
             responses:\n        \"200\":\n          description: The thing.\n          content:\n            \
             application/json:\n              schema:\n                \
             $ref: \"#/components/schemas/Extra{n}Thing\"\n"
        )
    };
    let schemas: String = (0..operations).map(schema).collect();
    let paths: String = (0..operations).map(path).collect();
    DOCUMENT
        .replacen("\npaths:\n", &format!("\npaths:\n{paths}"), 1)
        .replacen("\n  schemas:\n", &format!("\n  schemas:\n{schemas}"), 1)
}
