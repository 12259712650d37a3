//! How generation grows with the document:
//!
//! ```console
//! cargo bench --profile dev --bench generation
//! ```
//!
//! prints a table. The profile is the one that build scripts have.

use duvo_codegen as build;

const DOCUMENT: &str = include_str!("../../openapi/duvo.yaml");

fn main() {
    println!("| more operations | ms | ms each | lines | lines each |");
    println!("|---|---|---|---|---|");
    let (base_time, base_lines) = measured(0);
    println!("| 0 | {base_time:.1} | | {base_lines} | |");
    for operations in [1, 10, 100, 200] {
        let (time, lines) = measured(operations);
        let each = |total: f64, base: f64| (total - base) / f64::from(operations);
        println!(
            "| {operations} | {time:.1} | {:.2} | {lines} | {:.1} |",
            each(time, base_time),
            each(f64::from(lines), f64::from(base_lines)),
        );
    }
}

/// The least time of several runs, in milliseconds, and the lines of source.
#[allow(clippy::disallowed_methods)]
fn measured(operations: u32) -> (f64, u32) {
    let document = grown(operations as usize);
    let runs = (0..5).map(|_| {
        let start = std::time::Instant::now();
        let source = build::generate(&document);
        let time = start.elapsed().as_secs_f64() * 1000.0;
        let lines = source.map_or(0, |source| source.client.lines().count());
        (time, u32::try_from(lines).unwrap_or(u32::MAX))
    });
    runs.min_by(|(one, _), (other, _)| one.total_cmp(other))
        .unwrap_or_default()
}

/// The document with this many more operations, each with a schema of its own.
fn grown(operations: usize) -> String {
    let schema = |n| {
        format!(
            "    Extra{n}Thing:\n      description: A thing.\n      type: object\n      \
             required: [id]\n      properties:\n        id:\n          description: Its id.\n          \
             type: string\n"
        )
    };
    let path = |n| {
        format!(
            "  /v2/extra{n}/{{id}}:\n    get:\n      operationId: getExtra{n}\n      summary: Get it\n      \
             description: Gets it.\n      parameters:\n        - name: id\n          in: path\n          \
             required: true\n          description: Its id.\n          schema:\n            type: string\n      \
             responses:\n        \"200\":\n          description: It.\n          content:\n            \
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
