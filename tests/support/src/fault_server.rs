//! A server on a real socket that fails in a scripted way, connection by connection.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::document;

/// The fault of one connection.
#[derive(Clone, Debug)]
pub enum Fault {
    AcceptThenClose,
    AcceptThenReset,
    AcceptThenStall,
    ReadThenClose,
    ReadThenReset,
    ReadThenStall,
    /// Sends these bytes, and then ends the connection.
    Respond(Vec<u8>, Ending),
    /// Reads what arrives first, in any protocol, sends these bytes, and closes.
    RespondToAnything(Vec<u8>),
    /// Sends 201 and a body of 1 GiB, as far as the client reads it.
    HugeBody,
}

#[derive(Clone, Copy, Debug)]
pub enum Ending {
    Close,
    Reset,
    Stall,
}

/// One connection of a script.
#[derive(Clone, Debug)]
pub struct Connection {
    pub fault: Fault,
    /// Whether the server acts on the request, once it has read all of it.
    pub acts: bool,
}

impl From<Fault> for Connection {
    /// The server acts, whatever it responds.
    fn from(fault: Fault) -> Self {
        Self { fault, acts: true }
    }
}

/// What the server has received since the script began.
#[derive(Default)]
pub struct Stats {
    /// Requests that were read, and connections that were accepted and not read.
    pub requests: u32,
    /// Requests that the server acted on.
    pub registrations: u32,
    pub idempotency_keys: HashSet<String>,
    /// The raw bytes of the last request.
    pub last_request: String,
    pub body_bytes_sent: usize,
}

pub struct FaultServer {
    pub url: String,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    script: VecDeque<Connection>,
    stats: Stats,
    is_busy: bool,
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Longer than every timeout in the tests.
///
/// Only a server that stalls advances paused time, and by so much: no timeout fires while
/// bytes are in transit.
const STALL: Duration = Duration::from_secs(3600);

impl FaultServer {
    /// Starts a server without a script on the current runtime.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            let mut wire = Wire::new().await;
            let mut stalled = Vec::new();
            while let Ok((stream, _)) = listener.accept().await {
                let connection = shared.lock().unwrap().next_connection();
                stalled.extend(serve(stream, &connection, &shared, &mut wire).await);
                shared.lock().unwrap().is_busy = false;
            }
        });
        Self { url, state, task }
    }

    /// Starts a server with the same fault for every connection.
    pub async fn with_fault(fault: Fault) -> Self {
        let server = Self::start().await;
        server.script([fault]);
        server
    }

    /// Starts a server that sends these bytes on every connection, and then closes it.
    pub async fn responding(bytes: impl Into<Vec<u8>>) -> Self {
        Self::with_fault(Fault::Respond(bytes.into(), Ending::Close)).await
    }

    /// Sets the next connections; the last one repeats. Resets the statistics.
    pub fn script(&self, connections: impl IntoIterator<Item = impl Into<Connection>>) {
        let mut state = self.state.lock().unwrap();
        state.script = connections.into_iter().map(Into::into).collect();
        state.stats = Stats::default();
    }

    /// Waits until the server has ended the last connection, or has left it open for good.
    pub async fn wait_until_idle(&self) {
        while self.state.lock().unwrap().is_busy {
            tokio::task::yield_now().await;
        }
    }

    pub fn stats<T>(&self, read: impl FnOnce(&Stats) -> T) -> T {
        read(&self.state.lock().unwrap().stats)
    }
}

impl Stats {
    fn record(&mut self, request: Request, acts: bool) {
        self.registrations += u32::from(acts);
        self.idempotency_keys.extend(request.idempotency_key);
        self.last_request = request.text;
    }
}

impl State {
    fn next_connection(&mut self) -> Connection {
        self.stats.requests += 1;
        self.is_busy = true;
        match self.script.len() {
            0 => panic!("the script has no connection"),
            1 => self.script[0].clone(),
            _ => self.script.pop_front().unwrap(),
        }
    }
}

/// A connection of the server with itself.
struct Wire(TcpStream, TcpStream);

impl Wire {
    async fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (near, far) = tokio::join!(TcpStream::connect(address), listener.accept());
        Self(near.unwrap(), far.unwrap().0)
    }

    /// Waits until the client has received and handled all that was sent to it: loopback
    /// delivers in order, and the client runs on the same thread.
    async fn flush(&mut self) {
        for _ in 0..100 {
            self.0.write_all(b".").await.unwrap();
            self.1.read_u8().await.unwrap();
        }
    }
}

/// Serves one connection. Returns the stream if it is to stay open.
async fn serve(
    mut stream: TcpStream,
    connection: &Connection,
    state: &Mutex<State>,
    wire: &mut Wire,
) -> Option<TcpStream> {
    let fault = &connection.fault;
    if let Fault::RespondToAnything(response) = fault {
        // The client may hang up before it has sent or read anything.
        let _ = stream.read(&mut [0; 4096]).await;
        let _ = stream.write_all(response).await;
        let _ = stream.shutdown().await;
        return None;
    }
    if !matches!(
        fault,
        Fault::AcceptThenClose | Fault::AcceptThenReset | Fault::AcceptThenStall
    ) {
        let request = Request::read(&mut stream).await?;
        state.lock().unwrap().stats.record(request, connection.acts);
    }
    let ending = match fault {
        Fault::AcceptThenClose | Fault::ReadThenClose | Fault::RespondToAnything(_) => {
            Ending::Close
        }
        Fault::AcceptThenReset | Fault::ReadThenReset => Ending::Reset,
        Fault::AcceptThenStall | Fault::ReadThenStall => Ending::Stall,
        Fault::Respond(response, ending) => {
            // The client may hang up before it has read everything.
            let _ = stream.write_all(response).await;
            *ending
        }
        Fault::HugeBody => {
            send_huge_body(&mut stream, state).await;
            Ending::Close
        }
    };
    match ending {
        Ending::Close => {
            let _ = stream.shutdown().await;
            None
        }
        Ending::Reset => {
            stream.set_zero_linger().unwrap();
            None
        }
        Ending::Stall => {
            wire.flush().await;
            tokio::time::advance(STALL).await;
            Some(stream)
        }
    }
}

async fn send_huge_body(stream: &mut TcpStream, state: &Mutex<State>) {
    let head = b"HTTP/1.1 201 Created\r\ncontent-length: 1073741824\r\n\r\n";
    let _ = stream.write_all(head).await;
    let chunk = vec![b' '; 64 * 1024];
    for _ in 0..16 * 1024 {
        if stream.write_all(&chunk).await.is_err() {
            break;
        }
        state.lock().unwrap().stats.body_bytes_sent += chunk.len();
    }
}

struct Request {
    idempotency_key: Option<String>,
    text: String,
}

impl Request {
    /// Reads a whole request; `None` if the client hangs up before.
    async fn read(stream: &mut TcpStream) -> Option<Self> {
        let mut bytes = Vec::new();
        loop {
            let text = String::from_utf8_lossy(&bytes);
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name));
                let length = header("content-length: ").map_or(0, |length| length.parse().unwrap());
                if body.len() >= length {
                    return Some(Self {
                        idempotency_key: header("idempotency-key: ").map(str::to_owned),
                        text: text.into_owned(),
                    });
                }
            }
            if stream.read_buf(&mut bytes).await.ok()? == 0 {
                return None;
            }
        }
    }
}

/// Returns a response with this status, further headers and body.
pub fn response(status: u16, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}").into_bytes()
}

/// Returns the documented response to a registration.
pub fn created_response() -> Vec<u8> {
    let body = document::response(201, "oauth").to_string();
    response(201, "x-request-id: req_ok\r\n", &body)
}
