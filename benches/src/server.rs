//! A server that responds to every request with the same integration, without an
//! allocation.

use std::env;
use std::io::{self, BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::thread;

use benches_clients::Result;
use benches_clients::example::INTEGRATION;
use httparse::Status;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

/// The environment variable with the address of a running server.
pub const ADDRESS: &str = "BENCHES_SERVER";

/// Returns the address in the environment. Without one, starts a server.
pub fn address() -> Result<SocketAddr> {
    match env::var(ADDRESS) {
        Ok(address) => Ok(address.parse()?),
        Err(_) => Ok(start()?),
    }
}

/// Starts a server on a new thread, which runs until the process exits.
pub fn start() -> io::Result<SocketAddr> {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    thread::spawn(move || -> io::Result<()> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let listener = TcpListener::from_std(listener)?;
            let response = response().leak();
            loop {
                let (stream, _) = listener.accept().await?;
                tokio::spawn(serve(stream, response.as_bytes()));
            }
        })
    });
    Ok(address)
}

/// A server in another process, which exits when this is dropped.
pub struct ServerProcess {
    process: Child,
    address: SocketAddr,
}

impl ServerProcess {
    /// Runs the current program with the argument `serve`. It must print the address, and
    /// exit after the end of its input.
    pub fn start() -> Result<Self> {
        Self::start_with(&[])
    }

    /// Starts the server with further arguments.
    pub fn start_with(arguments: &[&str]) -> Result<Self> {
        let mut process = Command::new(env::current_exe()?)
            .arg("serve")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let stdout = process.stdout.take().ok_or("the server has no output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim().parse()?;
        Ok(Self { process, address })
    }

    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

fn response() -> String {
    format!(
        "HTTP/1.1 201 Created\r\ncontent-type: application/json; charset=utf-8\r\n\
         content-length: {}\r\ndate: Mon, 03 Aug 2026 09:21:13 GMT\r\n\
         x-request-id: req_01hzx4k9ab\r\nx-ratelimit-limit: 300\r\n\
         x-ratelimit-remaining: 299\r\nx-ratelimit-reset: 1785748920\r\n\r\n{INTEGRATION}",
        INTEGRATION.len()
    )
}

async fn serve(mut stream: TcpStream, response: &[u8]) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = vec![0; 16 * 1024];
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await?;
        if read == 0 {
            return Ok(());
        }
        filled += read;
        while let Some(length) = request_length(&buffer[..filled]) {
            if length > filled {
                break;
            }
            buffer.copy_within(length..filled, 0);
            filled -= length;
            stream.write_all(response).await?;
        }
    }
}

/// Returns the length of the first request in `bytes`, if its head is complete.
fn request_length(bytes: &[u8]) -> Option<usize> {
    let mut headers = [httparse::EMPTY_HEADER; 16];
    let mut request = httparse::Request::new(&mut headers);
    let head = match request.parse(bytes).ok()? {
        Status::Complete(length) => length,
        Status::Partial => return None,
    };
    let is_length =
        |header: &&httparse::Header<'_>| header.name.eq_ignore_ascii_case("content-length");
    let length = request.headers.iter().find(is_length)?.value;
    let body: usize = str::from_utf8(length).ok()?.parse().ok()?;
    Some(head + body)
}
