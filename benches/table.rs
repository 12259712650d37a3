//! Prints what calls cost, as the tables of docs/benchmarks.md:
//!
//! ```console
//! cargo bench --package benches --bench table
//! ```
//!
//! With `-- throughput` it measures only that. With `-- check` it counts only the
//! instructions of one client after the other, and fails if ours takes more than 0.95
//! of the one that a user would write.

use std::collections::BTreeMap;
use std::env;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Instant;

use benches::{Calls, Client, Result, server};
use serde_json::Value;

/// The most that a call may take, in calls of the client that a user would write.
/// The goal is 1; this is less, lest what is gained be lost unseen.
const LIMIT: f64 = 0.95;

fn main() -> Result<ExitCode> {
    let asked = |name| env::args().any(|argument| argument == name);
    if asked("serve") {
        println!("{}", server::start()?);
        // Until the one who asked is gone.
        io::stdin().read_to_end(&mut Vec::new())?;
        return Ok(ExitCode::SUCCESS);
    }
    let server = Server::start()?;
    if asked("throughput") {
        throughput(server.address)?;
        return Ok(ExitCode::SUCCESS);
    }
    if asked("check") {
        let instructions = instructions(server.address, "call::call::calls::*")?;
        let ratio = ratio_of_instructions(&instructions)?;
        println!(
            "instructions of a call, in calls of reqwest + serde: {ratio:.3}, at most {LIMIT}"
        );
        return Ok(ExitCode::from(u8::from(ratio > LIMIT)));
    }
    let instructions = instructions(server.address, "*")?;
    calls(server.address, &instructions)?;
    throughput(server.address)?;
    growth(&instructions)?;
    footprint(server.address)?;
    Ok(ExitCode::SUCCESS)
}

/// The server, in a process of its own, which ends with this one.
struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    fn start() -> Result<Self> {
        let mut process = Command::new(env::current_exe()?)
            .arg("serve")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let stdout = process.stdout.take().ok_or("no output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim().parse()?;
        Ok(Self { process, address })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// The instructions of the benchmarks of `call` that `filter` takes in, each by its
/// function and what that was called with.
fn instructions(server: SocketAddr, filter: &str) -> Result<BTreeMap<String, f64>> {
    let lines = bench(server, "call", &["--output-format=json", filter])
        .ok_or("counting instructions needs valgrind and gungraun-runner")?;
    let of_line = |line: &str| {
        let summary: Value = serde_json::from_str(line)?;
        let text = |key: &str| summary[key].as_str().unwrap_or_default().to_owned();
        let total = &summary["profiles"][0]["data"]["total"]["metrics"]["Ir"]["values"]["new"];
        let total = total.as_f64().ok_or("no count of instructions")?;
        Ok((
            format!("{} {}", text("function_name"), text("description")),
            total,
        ))
    };
    lines.lines().map(of_line).collect()
}

/// What another benchmark prints.
fn bench(server: SocketAddr, name: &str, arguments: &[&str]) -> Option<String> {
    let output = cargo()
        .args(["bench", "--quiet", "--package", "benches", "--bench", name])
        .arg("--")
        .args(arguments)
        .env(server::ADDRESS, server.to_string())
        .stderr(Stdio::inherit())
        .output()
        .ok()?;
    let is_success = output.status.success();
    is_success.then(|| String::from_utf8(output.stdout).ok())?
}

fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The instructions of each of `calls`, of the benchmark of this name with its setup.
fn of_call(
    instructions: &BTreeMap<String, f64>,
    [benchmark, setup]: [&str; 2],
    client: Client,
    count: &str,
    calls: u32,
) -> Result<f64> {
    let name = format!("{benchmark} ({setup}(Client :: {client:?}, {count}))");
    let total = instructions.get(&name);
    let total = total.ok_or_else(|| format!("`{name}` was not counted"))?;
    Ok(total / f64::from(calls))
}

fn of_calls(instructions: &BTreeMap<String, f64>, client: Client) -> Result<f64> {
    of_call(instructions, ["calls", "one_by_one"], client, "100", 100)
}

/// Without the calls whose value is made anew, as that of A is not.
fn ratio_of_instructions(instructions: &BTreeMap<String, f64>) -> Result<f64> {
    let of = |client| of_calls(instructions, client);
    Ok(of(Client::Duvo)?.max(of(Client::DuvoWithHeaders)?) / of(Client::Plain)?)
}

/// Instructions and allocations.
fn calls(server: SocketAddr, instructions: &BTreeMap<String, f64>) -> Result {
    println!(
        "| client | instructions per call | ratio | allocations per call | ratio | bytes per call | ratio |"
    );
    println!("|---|---|---|---|---|---|---|");
    let counted = bench(server, "allocations", &[]).ok_or("`allocations` failed")?;
    let mut counted = counted.lines();
    let mut base = None;
    for client in Client::ALL {
        let line = counted.next().and_then(|line| line.split_once(' '));
        let (allocations, bytes) = line.ok_or("a client's allocations were not counted")?;
        let instructions = of_calls(instructions, client)?;
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

/// Calls in a second, 64 at once. The clients take turns, another one first each
/// time, and what counts is the ratio within each turn.
fn throughput(server: SocketAddr) -> Result {
    const AT_ONCE: usize = 64;
    const EACH: usize = 50;
    const TURNS: usize = 51;
    let total = f64::from(u32::try_from(AT_ONCE * EACH)?);
    let mut clients = Vec::new();
    for client in Client::ALL {
        let calls = Calls::new(client, server)?;
        calls.concurrently(AT_ONCE, 2)?;
        clients.push((client, calls, Vec::new()));
    }
    let count = clients.len();
    for turn in 0..TURNS {
        for place in 0..count {
            let (_, calls, rates) = &mut clients[(turn + place) % count];
            #[allow(clippy::disallowed_methods, reason = "it is a benchmark")]
            let start = Instant::now();
            calls.concurrently(AT_ONCE, EACH)?;
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

/// Instructions per call, the more calls there are.
fn growth(instructions: &BTreeMap<String, f64>) -> Result {
    const COUNTS: [(u32, &str); 5] = [
        (1, "1"),
        (10, "10"),
        (100, "100"),
        (1_000, "1_000"),
        (10_000, "10_000"),
    ];
    for (title, benchmark, counts, calls_each) in [
        (
            "calls, one by one",
            ["more_calls", "one_by_one"],
            &COUNTS[..],
            1,
        ),
        (
            "calls at once",
            ["more_at_once", "at_once"],
            &COUNTS[..4],
            10,
        ),
    ] {
        println!("| {title} | duvo: instructions per call | reqwest + serde | ratio |");
        println!("|---|---|---|---|");
        for (count, name) in counts {
            let of = |client| of_call(instructions, benchmark, client, name, count * calls_each);
            let (duvo, plain) = (of(Client::Duvo)?, of(Client::Plain)?);
            println!("| {count} | {duvo:.0} | {plain:.0} | {:.2} |", duvo / plain);
        }
        println!();
    }
    Ok(())
}

/// The size of a program, and the peak of its memory.
fn footprint(server: SocketAddr) -> Result {
    println!(
        "| program | stripped size, KiB | ratio | peak memory, one call at a time, KiB | ratio | 1000 calls at once | ratio |"
    );
    println!("|---|---|---|---|---|---|---|");
    let plain = program("with-plain", &[], server)?;
    let duvo = program("with-duvo", &["--features", "duvo"], server)?;
    for (name, values) in [("reqwest + serde (A)", plain), ("duvo", duvo)] {
        print!("| {name} |");
        for (value, base) in values.iter().zip(plain) {
            print!(" {value:.0} | {:.3} |", value / base);
        }
        println!();
    }
    Ok(())
}

/// Builds a program by itself, so that it has the features of its own
/// dependencies only, and runs it.
fn program(name: &str, features: &[&str], server: SocketAddr) -> Result<[f64; 3]> {
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
        return Err(format!("{name} does not build").into());
    }
    let program = target.join("release").join(name);
    let size = u32::try_from(program.metadata()?.len())?;
    let peak = |at_once: &str, each: &str| -> Result<f64> {
        let peaks = (0..41).map(|_| {
            let run = Command::new(&program)
                .args([&format!("http://{server}"), at_once, each])
                .stderr(Stdio::inherit())
                .output()?;
            if !run.status.success() {
                return Err(format!("{name} failed").into());
            }
            let peak = str::from_utf8(&run.stdout)?.trim().trim_end_matches(" kB");
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
