//! Measures ways to bring a team's catalogue to a list, prints the tables of
//! docs/benchmarks.md, and writes docs/provisioning.svg:
//!
//! ```console
//! cargo bench --package benches --features virtual-time --bench provisioning
//! ```
//!
//! With `-- check`, it prints only the goals, and fails if one of them is missed. With five
//! numbers, it runs one job: the other entries of the catalogue, the wanted integrations,
//! those of them that exist, the processes, and the seconds since the start of a window. The
//! variable `PROVISIONING_TRACE` then prints every request.

use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};
use std::{env, fs, io, io::Read as _};

use benches::Result;
use benches::provisioning::catalogue_server::{CatalogueServer, LATENCY, LIMIT, WINDOW};
use benches::provisioning::picture::{Series, svg};
use benches::provisioning::{
    Job, Least, Measured, Process, Way, ensure_requests, run_in_virtual_time,
};
use benches::server::ServerProcess;
use peak_alloc::PeakAlloc;
use tokio::runtime::Builder;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const SHARING: usize = 10;

fn main() -> Result<ExitCode> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let has_argument = |name| arguments.iter().any(|argument| argument == name);
    if has_argument("serve") {
        let millis = arguments.iter().find_map(|text| text.parse().ok());
        let latency = Duration::from_millis(millis.unwrap_or_default());
        println!(
            "{}",
            CatalogueServer::start_without_limit(latency)?.address()
        );
        // Blocks until the parent process exits.
        io::stdin().read_to_end(&mut Vec::new())?;
        return Ok(ExitCode::SUCCESS);
    }
    let numbers: Vec<usize> = arguments
        .iter()
        .filter_map(|text| text.parse().ok())
        .collect();
    if let [others, wanted, present, processes, offset] = numbers[..] {
        let job = Job::new(others, wanted, present)
            .with_processes(processes)
            .with_offset(u64::try_from(offset)?);
        println!("{:?}", least(&job));
        for way in [Way::PlanAndApply, Way::Loop] {
            println!(
                "{}: {:?}",
                way.description(),
                run_in_virtual_time(way, &job)?
            );
        }
        return Ok(ExitCode::SUCCESS);
    }
    let is_check = has_argument("check");
    let runs = Runs::new()?;
    let loops = [Way::Loop, Way::LoopAndListing];
    let wall = if is_check {
        Wall::measure(WALL_LATENCY, 3, &loops[..1])?
    } else {
        Wall::measure(WALL_LATENCY, 21, &loops)?
    };
    let growth = Growth::measure()?;
    if !is_check {
        runs.print_alone();
        runs.print_sharing();
        print_ensure()?;
        wall.print();
        Wall::measure(0, 61, &loops)?.print();
        growth.print()?;
        write_picture()?;
    }
    Ok(ExitCode::from(u8::from(!print_goals(
        &runs, &wall, &growth,
    )?)))
}

fn least(job: &Job) -> Least {
    Least::new(job, LIMIT, WINDOW, LATENCY)
}

#[allow(clippy::cast_precision_loss, reason = "the counts are small")]
fn ratio(count: usize, base: usize) -> f64 {
    count as f64 / base as f64
}

/// A job with the results of `plan` and `apply`, and of the loop by hand.
struct Run {
    job: Job,
    least: Least,
    duvo: Measured,
    by_hand: Measured,
}

impl Run {
    fn request_ratio(&self) -> f64 {
        ratio(self.duvo.requests, self.least.requests)
    }

    fn time_ratio(&self) -> f64 {
        self.duvo.seconds / self.least.seconds
    }

    fn is_complete(&self) -> bool {
        let duvo = &self.duvo;
        duvo.failures.is_empty() && duvo.missing == 0 && duvo.repeated == 0
    }

    fn row_start(&self) -> String {
        let Job { others, wanted, .. } = self.job;
        let missing = self.job.missing();
        format!("| {others} | {wanted} | {missing} |")
    }
}

struct Runs {
    alone: Vec<Run>,
    sharing: Vec<Run>,
}

impl Runs {
    fn new() -> Result<Self> {
        let mut jobs = Vec::new();
        for others in [250, 10_000] {
            for (wanted, present) in [(1, 0), (1, 1)] {
                jobs.push(Job::new(others, wanted, present));
            }
            for wanted in [60, 1_000] {
                jobs.extend(
                    [0, wanted / 2, wanted].map(|present| Job::new(others, wanted, present)),
                );
            }
        }
        let run = |job: Job| {
            Ok(Run {
                least: least(&job),
                duvo: run_in_virtual_time(Way::PlanAndApply, &job)?,
                by_hand: run_in_virtual_time(Way::Loop, &job)?,
                job,
            })
        };
        let alone = jobs.iter().map(|job| run(*job)).collect::<Result<_>>()?;
        let sharing = jobs.iter().map(|job| run(job.with_processes(SHARING)));
        Ok(Self {
            alone,
            sharing: sharing.collect::<Result<_>>()?,
        })
    }

    fn print_alone(&self) {
        println!(
            "| other entries | wanted | missing | requests: least | plan + apply | loop by hand | seconds: least | plan + apply | loop by hand | 429s: plan + apply | loop by hand |"
        );
        println!("|---|---|---|---|---|---|---|---|---|---|---|");
        for run in &self.alone {
            let (least, duvo, by_hand) = (run.least, &run.duvo, &run.by_hand);
            println!(
                "{} {} | {} | {} | {:.1} | {:.1} | {:.1} | {} | {} |",
                run.row_start(),
                least.requests,
                duvo.requests,
                by_hand.requests,
                least.seconds,
                duvo.seconds,
                by_hand.seconds,
                duvo.rate_limited,
                by_hand.rate_limited,
            );
        }
        println!();
    }

    fn print_sharing(&self) {
        println!(
            "| other entries | wanted by each of {SHARING} | missing | requests: least | plan + apply | loop by hand | seconds: least | plan + apply | loop by hand | 429s: plan + apply (worst window) | loop by hand (worst window) | processes with an error | not registered |"
        );
        println!("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
        for run in &self.sharing {
            let (least, duvo, by_hand) = (run.least, &run.duvo, &run.by_hand);
            println!(
                "{} {} | {} | {} | {:.0} | {:.0} | {:.0} | {} ({}) | {} ({}) | {} | {} |",
                run.row_start(),
                least.requests,
                duvo.requests,
                by_hand.requests,
                least.seconds,
                duvo.seconds,
                by_hand.seconds,
                duvo.rate_limited,
                duvo.worst_window,
                by_hand.rate_limited,
                by_hand.worst_window,
                duvo.failures.len(),
                duvo.missing,
            );
        }
        println!();
    }
}

/// Prints what `ensure_custom_integration` costs for each integration.
fn print_ensure() -> Result {
    println!("| other entries | wanted | missing | requests | seconds | errors |");
    println!("|---|---|---|---|---|---|");
    for (others, wanted) in [(250, 1), (250, 60), (10_000, 1), (10_000, 60)] {
        for present in [0, wanted] {
            let job = Job::new(others, wanted, present);
            let measured = run_in_virtual_time(Way::Ensure, &job)?;
            println!(
                "| {others} | {wanted} | {} | {} | {:.1} | {} |",
                job.missing(),
                measured.requests,
                measured.seconds,
                measured.failures.len()
            );
        }
    }
    for others in [250, 10_000] {
        for present in [0, 1_000] {
            let job = Job::new(others, 1_000, present);
            let requests = ensure_requests(&job);
            println!(
                "| {others} | 1000 | {} | {requests} (computed) | {} (computed) | |",
                job.missing(),
                (requests - 1) / LIMIT * 60
            );
        }
    }
    println!();
    Ok(())
}

/// The latency of the server in the goal of the real time, in milliseconds. A loop by hand
/// took 40 ms for a request to Duvo.
const WALL_LATENCY: u64 = 40;

/// The real time of a job without a rate limit.
struct Wall {
    turns: usize,
    /// The median time of `plan` and `apply` in milliseconds.
    millis: f64,
    /// Other ways, with their median times, and the quartiles of the ratios of `plan` and
    /// `apply` to them.
    others: Vec<(Way, f64, [f64; 3])>,
}

impl Wall {
    /// Lets the ways take turns, and each turn starts with the next way. `latency` is that
    /// of the server in milliseconds.
    fn measure(latency: u64, turns: usize, others: &[Way]) -> Result<Self> {
        let server = ServerProcess::start_with(&[&latency.to_string()])?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let job = Job::new(250, 60, 0);
        let ways = [&[Way::PlanAndApply], others].concat();
        let mut times = vec![Vec::new(); ways.len()];
        let mut run = 0;
        for turn in 0..=turns {
            for position in 0..ways.len() {
                let index = (turn + position) % ways.len();
                let mut process = Process::new(ways[index], &job, 0, server.address())?;
                run += 1;
                process.set_run(&job, run);
                #[allow(clippy::disallowed_methods, reason = "a benchmark measures real time")]
                let start = Instant::now();
                let failures = runtime.block_on(process.run());
                let millis = start.elapsed().as_secs_f64() * 1e3;
                if let Some(failure) = failures.into_iter().next() {
                    return Err(failure.into());
                }
                // The first turn is slower.
                if turn > 0 {
                    times[index].push(millis);
                }
            }
        }
        let median = |times: &Vec<f64>| quartiles(times.clone())[1];
        let others = others.iter().zip(&times[1..]).map(|(way, base)| {
            let ratios = times[0].iter().zip(base).map(|(time, base)| time / base);
            (*way, median(base), quartiles(ratios.collect()))
        });
        Ok(Self {
            turns,
            millis: median(&times[0]),
            others: others.collect(),
        })
    }

    /// Returns the ratio to the first one of the other ways.
    fn ratio(&self) -> f64 {
        self.others
            .first()
            .map_or(f64::NAN, |(_, _, ratios)| ratios[1])
    }

    fn print(&self) {
        let turns = self.turns;
        println!("| way | ms | plan + apply to this way | quartiles of {turns} turns |");
        println!("|---|---|---|---|");
        println!("| plan + apply | {:.1} | | |", self.millis);
        for (way, millis, [low, ratio, high]) in &self.others {
            let way = way.description();
            println!("| {way} | {millis:.1} | {ratio:.2} | {low:.2} to {high:.2} |");
        }
        println!();
    }
}

fn quartiles(mut values: Vec<f64>) -> [f64; 3] {
    values.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| values[values.len() * quarter / 4])
}

/// The cost of a job without a rate limit, by the number of wanted integrations.
struct Growth(Vec<Cost>);

struct Cost {
    wanted: usize,
    /// The peak of the memory that the job allocates, in bytes, and the CPU time in
    /// nanoseconds: of `plan` and `apply`, and of the loop by hand.
    peak: [usize; 2],
    cpu: [usize; 2],
}

impl Growth {
    fn measure() -> Result<Self> {
        let server = ServerProcess::start()?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let mut run = 0;
        let mut cost = |way, wanted| -> Result<(usize, usize)> {
            let job = Job::new(250, wanted, 0);
            let mut costs = Vec::new();
            // The first run warms up the server and the allocator.
            for _ in 0..if wanted < 1_000 { 12 } else { 4 } {
                let mut process = Process::new(way, &job, 0, server.address())?;
                run += 1;
                process.set_run(&job, run);
                ALLOCATOR.reset_peak_usage();
                let (memory, cpu) = (ALLOCATOR.current_usage(), cpu_nanos()?);
                let failures = runtime.block_on(process.run());
                costs.push((cpu_nanos()? - cpu, ALLOCATOR.peak_usage() - memory));
                if let Some(failure) = failures.into_iter().next() {
                    return Err(failure.into());
                }
            }
            let (cpu, peak) = costs.into_iter().skip(1).min().ok_or("there is no run")?;
            Ok((peak, cpu))
        };
        let mut costs = Vec::new();
        for wanted in [10, 100, 1_000, 10_000] {
            let (duvo, by_hand) = (cost(Way::PlanAndApply, wanted)?, cost(Way::Loop, wanted)?);
            costs.push(Cost {
                wanted,
                peak: [duvo.0, by_hand.0],
                cpu: [duvo.1, by_hand.1],
            });
        }
        Ok(Self(costs))
    }

    fn print(&self) -> Result {
        println!(
            "| wanted, all missing | requests | each | peak memory of plan + apply, KiB | bytes each | loop by hand, KiB | CPU time of plan + apply, ms | µs each | loop by hand, ms |"
        );
        println!("|---|---|---|---|---|---|---|---|---|");
        for Cost { wanted, peak, cpu } in &self.0 {
            let job = Job::new(250, *wanted, 0);
            let requests = run_in_virtual_time(Way::PlanAndApply, &job)?.requests;
            println!(
                "| {wanted} | {requests} | {:.2} | {:.0} | {:.0} | {:.0} | {:.1} | {:.0} | {:.1} |",
                ratio(requests, *wanted),
                ratio(peak[0], 1024),
                ratio(peak[0], *wanted),
                ratio(peak[1], 1024),
                ratio(cpu[0], 1_000_000),
                ratio(cpu[0], wanted * 1_000),
                ratio(cpu[1], 1_000_000),
            );
        }
        println!();
        Ok(())
    }

    /// Returns by how much the memory and the CPU time of an entry grow from 1,000 to 10,000.
    fn factors(&self) -> [f64; 2] {
        let [.., before, after] = self.0.as_slice() else {
            return [f64::NAN; 2];
        };
        let factor = |cost: fn(&Cost) -> usize| {
            ratio(cost(after), after.wanted) / ratio(cost(before), before.wanted)
        };
        [factor(|cost| cost.peak[0]), factor(|cost| cost.cpu[0])]
    }
}

/// Returns the CPU time of this thread, with that of the kernel.
fn cpu_nanos() -> Result<usize> {
    let stat = fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanos = stat.split(' ').next().ok_or("schedstat is empty")?;
    Ok(nanos.parse()?)
}

/// Prints each goal and whether it is reached. Returns whether all are.
fn print_goals(runs: &Runs, wall: &Wall, growth: &Growth) -> Result<bool> {
    let max = |values: &mut dyn Iterator<Item = f64>| values.fold(0.0, f64::max);
    let alone = &runs.alone;
    let incomplete =
        |runs: &[Run]| -> usize { runs.iter().filter(|run| !run.is_complete()).count() };
    let worst_window = alone.iter().map(|run| run.duvo.worst_window).max();
    let [memory, cpu] = growth.factors();
    let repeated = run_in_virtual_time(Way::Loop, &Job::new(250, 1_000, 0))?;
    let is_same = alone.iter().any(|run| run.by_hand == repeated);
    let goals = [
        (
            "jobs alone with an error or an incomplete catalogue",
            ratio(incomplete(alone), 1),
            0.0,
        ),
        (
            "requests alone, to the least",
            max(&mut alone.iter().map(Run::request_ratio)),
            1.02,
        ),
        (
            "time alone, to the least",
            max(&mut alone.iter().map(Run::time_ratio)),
            1.05,
        ),
        (
            "429s alone in a window",
            ratio(worst_window.unwrap_or_default(), 1),
            1.0,
        ),
        (
            "jobs of 10 processes with an error or an incomplete catalogue",
            ratio(incomplete(&runs.sharing), 1),
            0.0,
        ),
        (
            "time of 10 processes, to the least",
            max(&mut runs.sharing.iter().map(Run::time_ratio)),
            1.3,
        ),
        (
            "real time with a latency of 40 ms, to the loop by hand",
            wall.ratio(),
            1.1,
        ),
        (
            "memory for an entry of 10,000, to one of 1,000",
            memory,
            2.0,
        ),
        ("CPU time for an entry of 10,000, to one of 1,000", cpu, 2.0),
        (
            "virtual runs of the loop that differ",
            f64::from(u8::from(!is_same)),
            0.0,
        ),
    ];
    println!("| goal | maximum | measured | |");
    println!("|---|---|---|---|");
    for (goal, maximum, measured) in
        goals.map(|(goal, measured, maximum)| (goal, maximum, measured))
    {
        let result = if measured <= maximum { "pass" } else { "fail" };
        println!("| {goal} | {maximum} | {measured:.3} | {result} |");
    }
    for run in alone
        .iter()
        .chain(&runs.sharing)
        .filter(|run| !run.is_complete())
    {
        let failure = run
            .duvo
            .failures
            .first()
            .map_or("the catalogue is incomplete", String::as_str);
        eprintln!("{:?}: {failure}", run.job);
    }
    Ok(goals
        .iter()
        .all(|(_, measured, maximum)| measured <= maximum))
}

fn write_picture() -> Result {
    const WANTED: [usize; 7] = [1, 3, 10, 30, 100, 300, 1_000];
    let series = |label, color, is_dashed, requests: &dyn Fn(&Job) -> Result<usize>| {
        let points = WANTED.map(|wanted| Ok((wanted, requests(&Job::new(250, wanted, 0))?)));
        let points = points.into_iter().collect::<Result<_>>()?;
        Result::Ok(Series {
            label,
            color,
            is_dashed,
            points,
        })
    };
    let measured = |way: Way| move |job: &Job| Ok(run_in_virtual_time(way, job)?.requests);
    let series = [
        series("ensure for each, computed", "#b35806", false, &|job| {
            Ok(ensure_requests(job))
        })?,
        series(
            "plan + apply",
            "#0550ae",
            false,
            &measured(Way::PlanAndApply),
        )?,
        series("the least possible", "#222222", true, &|job| {
            Ok(least(job).requests)
        })?,
        series("loop by hand", "#1a7f37", false, &measured(Way::Loop))?,
    ];
    let title = "Requests to register missing integrations, 250 other entries";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/provisioning.svg");
    fs::write(path, svg(title, &series))?;
    Ok(())
}
