//! What it costs to depend on the crate: the CPU time of a clean build that it
//! adds to a program which has the HTTP stack already.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use crate::{Result, process, root};

const DEPENDENCIES: &str = r#"
chrono = { version = "0.4", features = ["serde"] }
reqwest = { version = "0.13", default-features = false, features = ["json", "rustls"] }
serde = { version = "1", features = ["derive"] }
serde_json = "1"
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
"#;

/// A program that registers an integration in one of several ways, or does not.
struct Program {
    title: &'static str,
    folder: &'static str,
    /// What the manifest says of the crate, beside the path.
    duvo: Option<&'static str>,
    source: &'static str,
}

const WITHOUT: Program = Program {
    title: "nothing: the program itself",
    folder: "nothing",
    duvo: None,
    source: include_str!("cost/nothing.rs"),
};

const DEFAULT: Program = Program {
    title: "`duvo`",
    folder: "duvo",
    duvo: Some(""),
    source: include_str!("cost/by_duvo.rs"),
};

const OTHERS: [Program; 2] = [
    Program {
        title: "the same call by hand",
        folder: "by-hand",
        duvo: None,
        source: include_str!("cost/by_hand.rs"),
    },
    Program {
        title: "`duvo`, `default-features = false`, with `rustls`",
        folder: "duvo-without-codegen",
        duvo: Some(r#", default-features = false, features = ["rustls"]"#),
        source: include_str!("cost/by_duvo.rs"),
    },
];

/// CPU seconds, user and system.
type Seconds = f64;

/// Prints what each program costs beside the one without the call, by the
/// median of so many builds.
pub fn run(runs: usize, profile: &str) -> Result<()> {
    let [by_hand, without_codegen] = OTHERS;
    let programs = [WITHOUT, by_hand, DEFAULT, without_codegen];
    let mut measured = vec![Vec::new(); programs.len()];
    let mut crates = vec![0; programs.len()];
    for program in &programs {
        program.write()?;
    }
    // In turn, so that what else the machine does falls on all of them.
    for _ in 0..runs.max(1) {
        for (index, program) in programs.iter().enumerate() {
            let (seconds, count) = program.build(profile)?;
            measured[index].push(seconds);
            crates[index] = count;
        }
    }
    let medians: Vec<_> = measured.into_iter().map(median).collect();
    println!("| added, profile {profile}, median of {runs} | CPU s | crates |");
    println!("|---|---|---|");
    println!("| {} | {:.1} | {} |", WITHOUT.title, medians[0], crates[0]);
    for (index, program) in programs.iter().enumerate().skip(1) {
        println!(
            "| {} | {:+.1} | {:+} |",
            program.title,
            medians[index] - medians[0],
            crates[index] - crates[0],
        );
    }
    Ok(())
}

/// Prints what each crate takes more with the default features than without the
/// crate.
pub fn run_by_crate(profile: &str) -> Result<()> {
    let mut by_crate: BTreeMap<String, Seconds> = BTreeMap::new();
    for (program, sign) in [(DEFAULT, 1.0), (WITHOUT, -1.0)] {
        program.write()?;
        for (name, seconds) in program.build_by_crate(profile)? {
            *by_crate.entry(name).or_default() += sign * seconds;
        }
    }
    let mut by_crate: Vec<_> = by_crate.into_iter().collect();
    by_crate.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    println!("| crate, profile {profile} | CPU s |");
    println!("|---|---|");
    for (name, seconds) in by_crate.iter().filter(|(_, seconds)| *seconds >= 0.05) {
        println!("| {name} | {seconds:.2} |");
    }
    Ok(())
}

impl Program {
    fn folder(&self) -> PathBuf {
        root().join("target/cost").join(self.folder)
    }

    fn write(&self) -> Result<()> {
        let folder = self.folder();
        let duvo = self.duvo.map_or_else(String::new, |features| {
            format!("duvo = {{ path = '{}'{features} }}\n", root().display())
        });
        let manifest = format!(
            "[package]\nname = \"program\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
             [dependencies]{DEPENDENCIES}{duvo}\n[workspace]\n"
        );
        let write = || {
            fs::create_dir_all(folder.join("src"))?;
            fs::write(folder.join("Cargo.toml"), manifest)?;
            fs::write(folder.join("src/main.rs"), include_str!("cost/main.rs"))?;
            fs::write(folder.join("src/register.rs"), self.source)?;
            fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock"))
        };
        write().map_err(|error| failed(&folder, &error))?;
        process::output(self.command("cargo").arg("fetch")).map(|_| ())
    }

    /// The time of a clean build, and the number of crates in it.
    fn build(&self, profile: &str) -> Result<(Seconds, i64)> {
        let times = self.clean()?;
        let mut command = self.command(timed());
        let output = process::attempt(build(command.arg("cargo").env("TIMES", &times), profile))?;
        let printed = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return Err(format!("{}\n{printed}", self.title));
        }
        let crates = printed.lines().filter(|line| line.contains(" Compiling "));
        let crates = i64::try_from(crates.count()).unwrap_or(i64::MAX);
        let seconds = read(&times)?.into_iter().map(|(_, seconds)| seconds);
        Ok((seconds.sum(), crates))
    }

    /// The time that each run of the compiler takes in a clean build, with the
    /// crate it is for.
    fn build_by_crate(&self, profile: &str) -> Result<Vec<(String, Seconds)>> {
        let times = self.clean()?;
        let mut command = self.command("cargo");
        command.env("RUSTC_WRAPPER", timed()).env("TIMES", &times);
        process::output(build(&mut command, profile))?;
        read(&times)
    }

    /// An empty folder for the times; no build is left of before.
    fn clean(&self) -> Result<PathBuf> {
        let times = self.folder().join("times");
        for folder in [&times, &self.folder().join("target")] {
            match fs::remove_dir_all(folder) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(failed(folder, &error));
                }
                _ => {}
            }
        }
        fs::create_dir_all(&times).map_err(|error| failed(&times, &error))?;
        Ok(times)
    }

    fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder());
        // A cache would hide what is measured, and a dependency of a registry is
        // not built incrementally.
        command
            .env("RUSTC_WRAPPER", "")
            .env("CARGO_INCREMENTAL", "0");
        command.env("LC_ALL", "C");
        command
    }
}

fn build<'a>(command: &'a mut Command, profile: &str) -> &'a mut Command {
    command.args([
        "build",
        "--locked",
        "--offline",
        "--jobs",
        "2",
        "--target-dir",
        "target",
    ]);
    command.args(["--profile", profile])
}

fn timed() -> PathBuf {
    root().join("xtask/src/cost/timed")
}

/// What the script `timed` wrote.
fn read(folder: &Path) -> Result<Vec<(String, Seconds)>> {
    let files = fs::read_dir(folder).map_err(|error| failed(folder, &error))?;
    files
        .map(|file| {
            let path = file.map_err(|error| failed(folder, &error))?.path();
            let text = fs::read_to_string(&path).map_err(|error| failed(&path, &error))?;
            // The crate, the times of the shell, and those of what it ran.
            let lines: Vec<_> = text.lines().collect();
            let [name, _, times] = lines[..] else {
                return Err(format!("{}: {text}", path.display()));
            };
            let times = times.split_whitespace().map(seconds);
            let sum = times.sum::<Option<Seconds>>();
            let sum = sum.ok_or_else(|| format!("{}: {text}", path.display()))?;
            Ok((name.to_owned(), sum))
        })
        .collect()
}

/// A time such as `1m2.345s`.
fn seconds(text: &str) -> Option<Seconds> {
    let (minutes, seconds) = text.strip_suffix('s')?.split_once('m')?;
    Some(minutes.parse::<Seconds>().ok()? * 60.0 + seconds.parse::<Seconds>().ok()?)
}

fn median(mut values: Vec<Seconds>) -> Seconds {
    values.sort_by(Seconds::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn failed(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}
