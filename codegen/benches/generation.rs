//! Measures how generation scales with the number of operations:
//!
//! ```console
//! cargo bench --profile dev --package duvo-codegen --bench generation
//! ```
//!
//! prints a table. Build scripts run in the profile `dev` too. With `-- check`, it fails if
//! the time or the size of the code is not linear. With `-- FILE…`, it measures these documents
//! instead.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use duvo_codegen::document::Document;
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
    // Cargo adds `--bench`.
    let arguments = env::args().skip(1).filter(|argument| argument != "--bench");
    let arguments: Vec<_> = arguments.collect();
    let result = match &arguments[..] {
        [] => scaling().map(|_| ()),
        [argument] if argument == "check" => scaling().and_then(|measured| check(&measured)),
        files => of_files(files),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Measures the document with more operations, and prints the table.
fn scaling() -> Result<Vec<Measurement>, String> {
    let documents: Vec<_> = ADDED.into_iter().map(with_extra_operations).collect();
    let measured = measure(&documents)?;
    println!("| added operations | ms | ms per operation | lines | lines per operation |");
    println!("|---|---|---|---|---|");
    let base = measured[0];
    for (added, Measurement { time, lines }) in ADDED.into_iter().zip(&measured) {
        let each = |total: f64, base: f64| match added {
            0 => String::new(),
            added => format!("{:.2}", (total - base) / f64::from(added)),
        };
        let (time_each, lines_each) = (
            each(*time, base.time),
            each(f64::from(*lines), f64::from(base.lines)),
        );
        println!("| {added} | {time:.1} | {time_each} | {lines} | {lines_each} |");
    }
    Ok(measured)
}

fn check(measured: &[Measurement]) -> Result<(), String> {
    let &[none, .., hundred, two_hundred] = measured else {
        return Err("too few sizes were measured".to_owned());
    };
    let ratio = (two_hundred.time - hundred.time) / (hundred.time - none.time);
    let growth = [
        hundred.lines - none.lines,
        two_hundred.lines - hundred.lines,
    ];
    println!("\nsecond hundred operations, to the first: time {ratio:.2}, limit {MAX_RATIO:.2}");
    println!("lines of the first and the second hundred: {growth:?}");
    if ratio <= MAX_RATIO && growth[0] == growth[1] {
        Ok(())
    } else {
        Err("generation is not linear".to_owned())
    }
}

/// Measures the documents in these files. The time depends on the size of the code too,
/// because operations differ.
fn of_files(files: &[String]) -> Result<(), String> {
    let read = |file: &String| fs::read_to_string(file).map_err(|error| format!("{file}: {error}"));
    let documents = files.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let measured = measure(&documents)?;
    println!("| document | operations | ms | ms per operation | lines | ms per 1000 lines |");
    println!("|---|---|---|---|---|---|");
    for ((file, document), Measurement { time, lines }) in
        files.iter().zip(&documents).zip(measured)
    {
        let operations = Document::load(document).map_or(0, |document| document.operations().len());
        let operations = u32::try_from(operations).unwrap_or(u32::MAX);
        let name = Path::new(file).file_name().unwrap_or_default();
        let (each, by_lines) = (
            time / f64::from(operations),
            time * 1000.0 / f64::from(lines),
        );
        println!(
            "| {} | {operations} | {time:.1} | {each:.2} | {lines} | {by_lines:.1} |",
            name.display()
        );
    }
    Ok(())
}

/// Measures each document several times. The documents take turns, so that other work of the
/// machine affects all of them.
#[allow(
    clippy::disallowed_methods,
    reason = "the time of a computation is measured"
)]
fn measure(documents: &[String]) -> Result<Vec<Measurement>, String> {
    let settings = Settings::default();
    let unmeasured = Measurement {
        time: f64::INFINITY,
        lines: 0,
    };
    let mut measured = vec![unmeasured; documents.len()];
    for _ in 0..5 {
        for (document, measured) in documents.iter().zip(&mut measured) {
            let start = std::time::Instant::now();
            let generated = generate(document, &settings);
            let time = start.elapsed().as_secs_f64() * 1000.0;
            let generated = generated.map_err(|report| report.to_text("the document", document))?;
            let lines = generated.types.lines().count() + generated.operations.lines().count();
            measured.time = measured.time.min(time);
            measured.lines = u32::try_from(lines).unwrap_or(u32::MAX);
        }
    }
    Ok(measured)
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
