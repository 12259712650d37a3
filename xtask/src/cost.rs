//! What it costs to depend on the crate: the CPU time of the compiler that it adds
//! to a clean build of a program which has the HTTP stack already.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use crate::{Result, process, root};

const CARGO: &str = env!("CARGO");

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

const BY_HAND: Program = Program {
    title: "the same call by hand",
    folder: "by-hand",
    duvo: None,
    source: include_str!("cost/by_hand.rs"),
};

const WITHOUT_CODEGEN: Program = Program {
    title: "`duvo`, `default-features = false`, with `rustls`",
    folder: "duvo-without-codegen",
    duvo: Some(r#", default-features = false, features = ["rustls"]"#),
    source: include_str!("cost/by_duvo.rs"),
};

/// CPU seconds, user and system.
type Seconds = f64;

/// What a build took.
#[derive(Default)]
struct Build {
    by_crate: BTreeMap<String, Seconds>,
    crates: i64,
}

impl Build {
    fn seconds(&self) -> Seconds {
        self.by_crate.values().sum()
    }

    /// The less for each crate of two builds of one program: what else the
    /// machine does only adds.
    fn least(mut self, other: &Self) -> Self {
        for (name, seconds) in &mut self.by_crate {
            if let Some(other) = other.by_crate.get(name) {
                *seconds = seconds.min(*other);
            }
        }
        self
    }
}

/// Prints what each program costs beside the one without the call, by the least
/// of so many builds, and which crates the default features add it by.
pub fn run(runs: usize, profile: &str) -> Result<()> {
    let programs = [&WITHOUT, &BY_HAND, &DEFAULT, &WITHOUT_CODEGEN];
    for program in programs {
        program.write()?;
    }
    let mut builds = [const { None::<Build> }; 4];
    // In turn, so that what else the machine does falls on all of them.
    for _ in 0..runs {
        for (program, least) in programs.iter().zip(&mut builds) {
            let build = program.build(profile)?;
            *least = Some(match least.take() {
                Some(before) => build.least(&before),
                None => build,
            });
        }
    }
    let [without, by_hand, default, without_codegen] = builds.map(Option::unwrap_or_default);
    println!("| added, profile {profile}, least of {runs} | CPU s | crates |");
    println!("|---|---|---|");
    let seconds = without.seconds();
    println!("| {} | {seconds:.1} | {} |", WITHOUT.title, without.crates);
    for (program, build) in [
        (BY_HAND, &by_hand),
        (DEFAULT, &default),
        (WITHOUT_CODEGEN, &without_codegen),
    ] {
        let seconds = build.seconds() - seconds;
        let crates = build.crates - without.crates;
        println!("| {} | {seconds:+.1} | {crates:+} |", program.title);
    }
    println!();
    print_by_crate(&default, &without);
    Ok(())
}

/// Prints what each crate took more than before, if it is a tenth of a second.
fn print_by_crate(build: &Build, before: &Build) {
    let more = |(name, seconds): (&String, &Seconds)| {
        let seconds = seconds - before.by_crate.get(name).unwrap_or(&0.0);
        (seconds >= 0.1).then(|| (name.clone(), seconds))
    };
    let mut by_crate: Vec<_> = build.by_crate.iter().filter_map(more).collect();
    by_crate.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    println!("| crate | CPU s |");
    println!("|---|---|");
    for (name, seconds) in by_crate {
        println!("| {name} | {seconds:.1} |");
    }
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
        process::output(self.command(CARGO).arg("fetch")).map(|_| ())
    }

    /// Builds it from nothing.
    fn build(&self, profile: &str) -> Result<Build> {
        let times = self.clean()?;
        let mut command = self.command(CARGO);
        command.args(["build", "--locked", "--offline", "--jobs", "2"]);
        command.args(["--target-dir", "target", "--profile", profile]);
        command.env("RUSTC_WRAPPER", timed()).env("TIMES", &times);
        let output = process::attempt(&mut command)?;
        let printed = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return Err(format!("{}\n{printed}", self.title));
        }
        let mut build = Build::default();
        for (name, seconds) in read(&times)? {
            *build.by_crate.entry(name).or_default() += seconds;
        }
        let compiled = printed.lines().filter(|line| line.contains(" Compiling "));
        build.crates = i64::try_from(compiled.count()).unwrap_or(i64::MAX);
        Ok(build)
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

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.folder());
        // A dependency from a registry is not built incrementally.
        command.env("CARGO_INCREMENTAL", "0").env("LC_ALL", "C");
        command
    }
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

fn failed(path: &Path, error: &io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
mod tests {
    use super::{Build, seconds};

    #[test]
    fn a_time_is_read_as_the_shell_writes_it() {
        assert_eq!(seconds("0m0.250s"), Some(0.25));
        assert_eq!(seconds("2m11.500s"), Some(131.5));
        assert_eq!(seconds("0m0,250s"), None);
    }

    #[test]
    fn of_two_builds_the_less_counts_for_each_crate() {
        let build = |serde, url| Build {
            by_crate: [("serde".into(), serde), ("url".into(), url)].into(),
            crates: 2,
        };
        let least = build(0.5, 2.0).least(&build(0.25, 4.0));
        assert!((least.seconds() - 2.25).abs() < f64::EPSILON);
    }
}
