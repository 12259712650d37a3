//! Measures how generation scales with the number of operations:
//!
//! ```console
//! cargo bench --profile dev --package duvo-codegen --bench generation
//! ```
//!
//! prints a table. Build scripts run in the profile `dev` too.

use duvo_codegen::{Settings, generate};

const DOCUMENT: &str = include_str!("../../openapi/duvo.yaml");

fn main() {
    println!("| added operations | ms | ms per operation | lines | lines per operation |");
    println!("|---|---|---|---|---|");
    let (base_time, base_lines) = measure(0);
    println!("| 0 | {base_time:.1} | | {base_lines} | |");
    for operations in [1, 10, 100, 200] {
        let (time, lines) = measure(operations);
        let each = |total: f64, base: f64| (total - base) / f64::from(operations);
        println!(
            "| {operations} | {time:.1} | {:.2} | {lines} | {:.1} |",
            each(time, base_time),
            each(f64::from(lines), f64::from(base_lines)),
        );
    }
}

/// Returns the shortest time of several runs in milliseconds, and the lines of the client.
#[allow(
    clippy::disallowed_methods,
    reason = "the time of a computation is measured"
)]
fn measure(operations: u32) -> (f64, u32) {
    let document = with_extra_operations(operations as usize);
    let settings = Settings::default();
    let runs = (0..5).map(|_| {
        let start = std::time::Instant::now();
        let generated = generate(&document, &settings);
        let time = start.elapsed().as_secs_f64() * 1000.0;
        let lines = generated.map_or(0, |generated| {
            generated.types.lines().count() + generated.operations.lines().count()
        });
        (time, u32::try_from(lines).unwrap_or(u32::MAX))
    });
    runs.min_by(|(a, _), (b, _)| a.total_cmp(b))
        .unwrap_or_default()
}

/// Returns the document with more operations, each with its own schema.
fn with_extra_operations(operations: usize) -> String {
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
