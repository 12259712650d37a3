//! The program as a process.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use duvo::mock::Server;

/// Ends a test whose program does not print the expected line.
const TIMEOUT: Duration = Duration::from_secs(60);

pub struct Program {
    process: Child,
    stderr: Receiver<String>,
    log: String,
}

impl Program {
    /// Starts the program with a client of the mock server.
    pub fn start(duvo: &Server, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_self-registering"))
            .env_remove("DUVO_TEAM")
            .env_remove("MCP_TOKEN")
            .env("DUVO_API_BASE_URL", duvo.url())
            .env("DUVO_API_KEY", "dv_test")
            .env("MCP_LISTEN", "127.0.0.1:0")
            .args(arguments)
            .envs(environment.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let (sender, stderr) = mpsc::channel();
        thread::spawn(move || {
            for line in lines {
                let _ = sender.send(line.unwrap());
            }
        });
        Self {
            process,
            stderr,
            log: String::new(),
        }
    }

    /// Waits for a line with this text, and returns the line.
    pub fn wait_for(&mut self, text: &str) -> String {
        loop {
            let line = self.next_line();
            let line = line.unwrap_or_else(|| panic!("no line with {text:?}:\n{}", self.log));
            if line.contains(text) {
                return line;
            }
        }
    }

    /// Returns the next line, or nothing if the program ended or is too slow.
    fn next_line(&mut self) -> Option<String> {
        let line = self.stderr.recv_timeout(TIMEOUT).ok()?;
        self.log += &line;
        self.log.push('\n');
        Some(line)
    }

    /// Waits until the server accepts connections, and returns its URL.
    pub fn url(&mut self) -> String {
        let line = self.wait_for("serving Contacts at ");
        line.rsplit(' ').next().unwrap().to_owned()
    }

    /// Sends SIGTERM, and returns the log after the program ended successfully.
    pub fn terminate(mut self) -> String {
        let id = self.process.id().to_string();
        let kill = Command::new("kill").args(["-TERM", &id]).status();
        assert!(kill.unwrap().success());
        while self.next_line().is_some() {}
        let status = self.process.wait().unwrap();
        assert!(status.success(), "{status}:\n{}", self.log);
        std::mem::take(&mut self.log)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
