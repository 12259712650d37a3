//! Measures what calls cost, and prints the tables of docs/benchmarks.md:
//!
//! ```console
//! cargo bench --package benches --bench table
//! ```
//!
//! With `-- throughput`, it measures only the throughput. With `-- check`, it counts only
//! the instructions of each client, and fails if a call of duvo takes more than 0.95 of
//! one with reqwest and serde.

use std::collections::BTreeMap;
use std::env;
use std::io::{self, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use benches::server::ServerProcess;
use benches::{Calls, Client, Result, server};
use serde_json::Value;

/// The maximum ratio of the instructions of a call of duvo to those of the baseline.
///
/// The goal is 1. The limit is lower, so that a regression is noticed before the gain is
/// lost.
const LIMIT: f64 = 0.95;

fn main() -> Result<ExitCode> {
    let has_argument = |name| env::args().any(|argument| argument == name);
    if has_argument("serve") {
        println!("{}", server::start()?);
        // Blocks until the parent process exits.
        io::stdin().read_to_end(&mut Vec::new())?;
        return Ok(ExitCode::SUCCESS);
    }
    let server = ServerProcess::start()?;
    if has_argument("throughput") {
        print_throughput(server.address())?;
        return Ok(ExitCode::SUCCESS);
    }
    if has_argument("check") {
        let ratio = Instructions::count(server.address(), "call::call::clients::*")?.ratio()?;
        println!("instructions per call, duvo to reqwest + serde: {ratio:.3} (maximum {LIMIT})");
        return Ok(ExitCode::from(u8::from(ratio > LIMIT)));
    }
    let instructions = Instructions::count(server.address(), "*")?;
    print_clients(server.address(), &instructions)?;
    print_throughput(server.address())?;
    print_growth(&instructions)?;
    print_footprint(server.address())?;
    Ok(ExitCode::SUCCESS)
}

/// The instruction counts of `call`, each by its benchmark and arguments.
struct Instructions(BTreeMap<String, f64>);

impl Instructions {
    /// Runs the benchmarks of `call` that match `filter`.
    fn count(server: SocketAddr, filter: &str) -> Result<Self> {
        let lines = bench(server, "call", &["--output-format=json", filter])
            .map_err(|error| format!("{error}; it needs valgrind and gungraun-runner"))?;
        let parse = |line: &str| {
            let summary: Value = serde_json::from_str(line)?;
            let text = |key: &str| summary[key].as_str().unwrap_or_default();
            let name = format!("{} {}", text("function_name"), text("description"));
            let total = &summary["profiles"][0]["data"]["total"]["metrics"]["Ir"]["values"]["new"];
            let total = total.as_f64().ok_or("an instruction count is missing")?;
            Ok((name, total))
        };
        lines.lines().map(parse).collect::<Result<_>>().map(Self)
    }

    /// Returns the instructions per call of a benchmark with these arguments.
    fn per_call(&self, benchmark: &str, client: Client, at_once: u32, each: u32) -> Result<f64> {
        let name = format!("{benchmark} (prepare(Client :: {client:?}, {at_once}, {each}))");
        let total = self.0.get(&name);
        let total = total.ok_or_else(|| format!("`{name}` was not counted"))?;
        Ok(total / f64::from(at_once * each))
    }

    fn per_call_of(&self, client: Client) -> Result<f64> {
        self.per_call("clients", client, 1, 100)
    }

    /// Returns the ratio of duvo to the baseline.
    ///
    /// [`Client::DuvoNewValue`] is left out, because the baseline creates no values.
    fn ratio(&self) -> Result<f64> {
        let duvo = self.per_call_of(Client::Duvo)?;
        let duvo = duvo.max(self.per_call_of(Client::DuvoWithHeaders)?);
        Ok(duvo / self.per_call_of(Client::Plain)?)
    }
}

/// Runs another benchmark, and returns its output.
fn bench(server: SocketAddr, name: &str, arguments: &[&str]) -> Result<String> {
    let output = cargo()
        .args(["bench", "--quiet", "--package", "benches", "--bench", name])
        .arg("--")
        .args(arguments)
        .env(server::ADDRESS, server.to_string())
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("the benchmark `{name}` failed").into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Prints the instructions and allocations of each client.
fn print_clients(server: SocketAddr, instructions: &Instructions) -> Result {
    println!(
        "| client | instructions per call | ratio | allocations per call | ratio | bytes per call | ratio |"
    );
    println!("|---|---|---|---|---|---|---|");
    let output = bench(server, "allocations", &[])?;
    let mut lines = output.lines();
    let mut base = None;
    for client in Client::ALL {
        let line = lines.next().and_then(|line| line.split_once(' '));
        let (allocations, bytes) = line.ok_or("the allocations of a client are missing")?;
        let instructions = instructions.per_call_of(client)?;
        let costs = [instructions, allocations.parse()?, bytes.parse()?];
        let base = *base.get_or_insert(costs);
        print!("| {} |", client.description());
        for (cost, base) in costs.iter().zip(base) {
            print!(" {cost:.0} | {:.2} |", cost / base);
        }
        println!();
    }
    println!();
    Ok(())
}

/// Prints the calls per second of each client, 64 at once.
///
/// The clients take turns, and each turn starts with the next client. The ratio is the
/// median of the ratios within each turn.
fn print_throughput(server: SocketAddr) -> Result {
    const AT_ONCE: usize = 64;
    const EACH: usize = 50;
    const TURNS: usize = 51;
    let total = f64::from(u32::try_from(AT_ONCE * EACH)?);
    let mut clients = Vec::new();
    for client in Client::ALL {
        let calls = Calls::new(client, server)?;
        calls.run(AT_ONCE, 2)?;
        clients.push((client, calls, Vec::new()));
    }
    let count = clients.len();
    for turn in 0..TURNS {
        for position in 0..count {
            let (_, calls, rates) = &mut clients[(turn + position) % count];
            #[allow(clippy::disallowed_methods, reason = "a benchmark measures real time")]
            let start = Instant::now();
            calls.run(AT_ONCE, EACH)?;
            rates.push(total / start.elapsed().as_secs_f64());
        }
    }
    println!(
        "| client | calls per second, {AT_ONCE} at once | ratio | quartiles of {TURNS} turns |"
    );
    println!("|---|---|---|---|");
    let (_, _, base) = &clients[0];
    for (client, _, rates) in &clients {
        let ratios = rates.iter().zip(base).map(|(rate, base)| rate / base);
        let [low, ratio, high] = quartiles(ratios.collect());
        let [_, rate, _] = quartiles(rates.clone());
        let client = client.description();
        println!("| {client} | {rate:.0} | {ratio:.2} | {low:.2} to {high:.2} |");
    }
    println!();
    Ok(())
}

fn quartiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| values[values.len() * quarter / 4])
}

/// Prints the instructions per call for growing numbers of calls.
fn print_growth(instructions: &Instructions) -> Result {
    let sequential = [1, 10, 100, 1_000, 10_000].map(|each| (each, 1, each));
    let concurrent = [1, 10, 100, 1_000].map(|at_once| (at_once, at_once, 10));
    for (title, rows) in [
        ("calls, one by one", &sequential[..]),
        ("calls at once", &concurrent[..]),
    ] {
        println!("| {title} | duvo: instructions per call | reqwest + serde | ratio |");
        println!("|---|---|---|---|");
        for &(count, at_once, each) in rows {
            let duvo = instructions.per_call("growth", Client::Duvo, at_once, each)?;
            let plain = instructions.per_call("growth", Client::Plain, at_once, each)?;
            println!("| {count} | {duvo:.0} | {plain:.0} | {:.2} |", duvo / plain);
        }
        println!();
    }
    Ok(())
}

/// Prints the size and the peak memory of the footprint programs.
fn print_footprint(server: SocketAddr) -> Result {
    println!(
        "| program | stripped size, KiB | ratio | peak memory, one call at a time, KiB | ratio | 1000 calls at once | ratio |"
    );
    println!("|---|---|---|---|---|---|---|");
    let plain = footprint("with-plain", &[], server)?;
    let duvo = footprint("with-duvo", &["--features", "duvo"], server)?;
    for (name, values) in [("reqwest + serde (A)", plain), ("duvo", duvo)] {
        print!("| {name} |");
        for (value, base) in values.iter().zip(plain) {
            print!(" {value:.0} | {:.3} |", value / base);
        }
        println!();
    }
    Ok(())
}

/// Builds and runs a program, and returns its size and its peaks of memory.
///
/// The program is built alone, so that no other package enables features of its
/// dependencies.
fn footprint(name: &str, features: &[&str], server: SocketAddr) -> Result<[f64; 3]> {
    let target = root().join("target/footprint");
    let status = cargo()
        .args(["build", "--quiet", "--release", "--package", "footprint"])
        .args(["--bin", name])
        .args(features)
        .arg("--target-dir")
        .arg(&target)
        .env("CARGO_PROFILE_RELEASE_STRIP", "symbols")
        .status()?;
    if !status.success() {
        return Err(format!("building `{name}` failed").into());
    }
    let program = target.join("release").join(name);
    let size = u32::try_from(program.metadata()?.len())?;
    let peak = |at_once: &str, each: &str| -> Result<f64> {
        let peaks = (0..41).map(|_| {
            let output = Command::new(&program)
                .args([&format!("http://{server}"), at_once, each])
                .stderr(Stdio::inherit())
                .output()?;
            if !output.status.success() {
                return Err(format!("`{name}` failed").into());
            }
            let peak = str::from_utf8(&output.stdout)?.trim();
            Ok(peak.parse::<f64>()?)
        });
        let [_, peak, _] = quartiles(peaks.collect::<Result<_>>()?);
        Ok(peak)
    };
    Ok([
        f64::from(size) / 1024.0,
        peak("1", "1000")?,
        peak("1000", "10")?,
    ])
}
