//! Prints what calls cost, as the tables of docs/benchmarks.md:
//!
//! ```console
//! cargo bench --package benches --bench table
//! ```
//!
//! With `-- throughput` it measures only that. With `-- check` it counts only the
//! instructions of one client after the other, and fails if ours takes more than
//! the one that a user would write.

use std::alloc::System;
use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Instant;

use benches::{Calls, Client, Result, server};
use serde_json::Value;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// What a call may cost, in calls of the client that a user would write.
const GOAL: f64 = 1.0;

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
        println!("instructions of a call, in calls of reqwest + serde: {ratio:.3}, at most {GOAL}");
        return Ok(ExitCode::from(u8::from(ratio > GOAL)));
    }
    let instructions = instructions(server.address, "*")?;
    calls(server.address, &instructions)?;
    throughput(server.address)?;
    growth(&instructions);
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
    let output = cargo()
        .args([
            "bench",
            "--quiet",
            "--package",
            "benches",
            "--bench",
            "call",
        ])
        .args(["--", "--output-format=json", filter])
        .env(server::ADDRESS, server.to_string())
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err("counting instructions needs valgrind and gungraun-runner".into());
    }
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
    str::from_utf8(&output.stdout)?
        .lines()
        .map(of_line)
        .collect()
}

fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root());
    cargo
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn of_calls(instructions: &BTreeMap<String, f64>, client: Client) -> Option<f64> {
    let name = format!("calls (one_by_one(Client :: {client:?}, 100))");
    instructions.get(&name).map(|total| total / 100.0)
}

fn ratio_of_instructions(instructions: &BTreeMap<String, f64>) -> Result<f64> {
    let of = |client| of_calls(instructions, client).ok_or("a client was not counted");
    Ok(of(Client::Duvo)?.max(of(Client::DuvoWithHeaders)?) / of(Client::Plain)?)
}

/// Instructions and allocations.
fn calls(server: SocketAddr, instructions: &BTreeMap<String, f64>) -> Result {
    println!(
        "| client | instructions per call | ratio | allocations per call | ratio | bytes per call | ratio |"
    );
    println!("|---|---|---|---|---|---|---|");
    let mut base = None;
    for client in Client::ALL {
        let count = of_calls(instructions, client).unwrap_or(f64::NAN);
        let (allocations, bytes) = allocations(client, server)?;
        let costs = [count, allocations, bytes];
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

/// How often a call allocates, reallocation included, and how much.
fn allocations(client: Client, server: SocketAddr) -> Result<(f64, f64)> {
    const CALLS: u32 = 1_000;
    let calls = Calls::new(client, server)?;
    calls.run(10)?;
    let region = Region::new(ALLOCATOR);
    calls.run(CALLS as usize)?;
    let change = region.change();
    let per_call =
        |total: usize| -> Result<f64> { Ok(f64::from(u32::try_from(total)?) / f64::from(CALLS)) };
    Ok((
        per_call(change.allocations + change.reallocations)?,
        per_call(change.bytes_allocated)?,
    ))
}

/// Calls in a second, 64 at once, and the time on the processor that each takes,
/// the kernel's included. The clients take turns, and what counts is the ratio
/// within each turn.
fn throughput(server: SocketAddr) -> Result {
    const AT_ONCE: usize = 64;
    const EACH: usize = 50;
    const TURNS: usize = 51;
    let total = f64::from(u32::try_from(AT_ONCE * EACH)?);
    let mut clients = Vec::new();
    for client in Client::ALL {
        let calls = Calls::new(client, server)?;
        calls.concurrently(AT_ONCE, 2)?;
        clients.push((client, calls, Vec::new(), Vec::new()));
    }
    for _ in 0..TURNS {
        for (_, calls, rates, times) in &mut clients {
            let before = processor_time()?;
            #[allow(clippy::disallowed_methods, reason = "it is a benchmark")]
            let start = Instant::now();
            calls.concurrently(AT_ONCE, EACH)?;
            rates.push(total / start.elapsed().as_secs_f64());
            times.push((processor_time()? - before) / total);
        }
    }
    println!(
        "| client | calls per second, {AT_ONCE} at once | ratio | quartiles of {TURNS} turns | processor time per call, µs | ratio | quartiles |"
    );
    println!("|---|---|---|---|---|---|---|");
    let (_, _, base_rates, base_times) = &clients[0];
    for (client, _, rates, times) in &clients {
        print!("| {} |", client.description());
        for (values, base) in [(rates, base_rates), (times, base_times)] {
            let ratios = values.iter().zip(base).map(|(one, base)| one / base);
            let [low, ratio, high] = quartiles(ratios.collect());
            let [_, value, _] = quartiles(values.clone());
            print!(" {value:.0} | {ratio:.2} | {low:.2} to {high:.2} |");
        }
        println!();
    }
    println!();
    Ok(())
}

/// The time that this thread has had on the processor, in microseconds.
fn processor_time() -> Result<f64> {
    let statistics = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds = statistics.split(' ').next().ok_or("no time")?;
    Ok(nanoseconds.parse::<f64>()? / 1_000.0)
}

fn quartiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| values[values.len() * quarter / 4])
}

/// Instructions per call, the more calls there are.
fn growth(instructions: &BTreeMap<String, f64>) {
    println!("| calls of duvo, one by one | instructions per call |");
    println!("|---|---|");
    for (calls, name) in [
        (1, "1"),
        (10, "10"),
        (100, "100"),
        (1_000, "1_000"),
        (10_000, "10_000"),
    ] {
        let key = format!("more_calls (one_by_one(Client :: Duvo, {name}))");
        let total = instructions.get(&key).copied().unwrap_or(f64::NAN);
        println!("| {calls} | {:.0} |", total / f64::from(calls));
    }
    println!();
    println!("| calls at once | duvo: instructions per call | reqwest + serde | ratio |");
    println!("|---|---|---|---|");
    for (at_once, name) in [(1, "1"), (10, "10"), (100, "100"), (1_000, "1_000")] {
        let of = |client: &str| {
            let key = format!("more_at_once (at_once(Client :: {client}, {name}))");
            instructions.get(&key).copied().unwrap_or(f64::NAN) / f64::from(at_once * 10)
        };
        let (duvo, plain) = (of("Duvo"), of("Plain"));
        println!(
            "| {at_once} | {duvo:.0} | {plain:.0} | {:.2} |",
            duvo / plain
        );
    }
    println!();
}

/// The size of a program, and the peak of its memory.
fn footprint(server: SocketAddr) -> Result {
    println!(
        "| program | stripped size, KiB | ratio | peak memory after 1000 calls, KiB | ratio |"
    );
    println!("|---|---|---|---|---|");
    let plain = program("with-plain", &[], server)?;
    let duvo = program("with-duvo", &["--features", "duvo"], server)?;
    for (name, (size, memory)) in [("reqwest + serde (A)", plain), ("duvo", duvo)] {
        println!(
            "| {name} | {size:.0} | {:.3} | {memory:.0} | {:.3} |",
            size / plain.0,
            memory / plain.1
        );
    }
    Ok(())
}

/// Builds a program by itself, so that it has the features of its own
/// dependencies only, and runs it.
fn program(name: &str, features: &[&str], server: SocketAddr) -> Result<(f64, f64)> {
    let target = root().join("target/footprint");
    let status = cargo()
        .args([
            "build",
            "--quiet",
            "--release",
            "--package",
            "footprint",
            "--bin",
            name,
        ])
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
    let peaks = (0..41).map(|_| {
        let run = Command::new(&program)
            .args([&format!("http://{server}"), "1000"])
            .output()?;
        let peak = str::from_utf8(&run.stdout)?.trim().trim_end_matches(" kB");
        Ok(peak.parse::<f64>()?)
    });
    let [_, memory, _] = quartiles(peaks.collect::<Result<_>>()?);
    Ok((f64::from(size) / 1024.0, memory))
}
