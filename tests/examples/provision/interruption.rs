#![cfg(unix)]

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};

use duvo::mock::{Catalogue, Server};
use duvo_test_support::example_program::stdout;
use duvo_test_support::mock_server::{count, start_with};

use super::gate::Gate;
use super::{file_of_tools, program, run, write};

const CONCURRENCY: usize = 2;

/// A run whose first registrations have arrived at the server, which holds them.
struct Run {
    server: Server,
    catalogue: Catalogue,
    gate: Gate,
    child: Child,
    lines: Receiver<String>,
}

impl Run {
    fn start(file: &str) -> Self {
        let (server, catalogue) = start_with([]);
        let gate = Gate::default();
        let (sender, arrivals) = mpsc::channel();
        let closed = gate.clone();
        catalogue.inject(move |request, _| {
            if request.method() == "POST" {
                let _ = sender.send(());
                closed.wait();
            }
            None
        });
        let concurrency = CONCURRENCY.to_string();
        let arguments = ["apply", file, "--yes", "--concurrency", &concurrency];
        let mut program = program(&server, &arguments);
        let program = program.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = program.spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        for _ in 0..CONCURRENCY {
            arrivals.recv().unwrap();
        }
        Self {
            server,
            catalogue,
            gate,
            child,
            lines,
        }
    }

    fn signal(&self, signal: &str) {
        let mut kill = Command::new("kill");
        let kill = kill.args([signal, &self.child.id().to_string()]);
        assert!(kill.status().unwrap().success());
    }

    /// Waits until the program has received the signal.
    fn wait_for_line(&self) {
        assert!(
            self.lines
                .iter()
                .any(|line| line.starts_with("interrupted: "))
        );
    }
}

#[test]
fn signal_finishes_the_changes_under_way_and_prints_the_report() {
    for signal in ["-INT", "-TERM"] {
        let file = write("interrupted.toml", &file_of_tools(6));
        let run_1 = Run::start(&file);
        run_1.signal(signal);
        run_1.wait_for_line();
        run_1.gate.open();
        let output = run_1.child.wait_with_output().unwrap();
        let summary = "Not done: 2 created, 4 not attempted. The run was stopped";
        assert!(stdout(&output).contains(summary), "{output:?}");
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(run_1.catalogue.integrations().len(), CONCURRENCY);
        assert_eq!(count(&run_1.server, "POST"), CONCURRENCY);

        let second = run(&run_1.server, &["apply", &file, "--yes"]);
        let summary = "Done: 4 created, 2 unchanged.";
        assert!(stdout(&second).contains(summary), "{second:?}");
        assert_eq!(run_1.catalogue.integrations().len(), 6);
    }
}

#[test]
fn second_interrupt_ends_the_process_at_once() {
    let file = write("interrupted-twice.toml", &file_of_tools(6));
    let mut run = Run::start(&file);
    run.signal("-INT");
    run.wait_for_line();
    run.signal("-INT");
    assert_eq!(run.child.wait().unwrap().code(), Some(130));
    run.gate.open();
}
