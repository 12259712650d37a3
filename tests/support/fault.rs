//! A server on a real socket that fails as it is told, connection by
//! connection.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::document;

/// What happens to one connection.
#[derive(Clone, Debug)]
pub enum Fault {
    CloseAtOnce,
    ResetAtOnce,
    StallAtOnce,
    ReadThenClose,
    ReadThenReset,
    ReadThenStall,
    /// Answers these bytes, and then ends the connection.
    Answer(Vec<u8>, Ending),
    /// Answers 201 and a body of one GiB, as far as the client reads it.
    EndlessBody,
}

#[derive(Clone, Copy, Debug)]
pub enum Ending {
    Close,
    Reset,
    Stall,
}

/// Runs with virtual time that stands still unless a server stalls.
pub fn in_still_time<F: Future>(test: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    let (release, wait) = mpsc::channel::<()>();
    runtime.block_on(async move {
        // Tokio does not let paused time run ahead while a blocking task is
        // under way.
        tokio::task::spawn_blocking(move || wait.recv());
        let output = test.await;
        drop(release);
        output
    })
}

/// What the server saw.
#[derive(Default)]
pub struct Seen {
    /// Requests that were read, and requests that were accepted unread.
    pub requests: u32,
    /// Requests that a server may have acted on before it failed.
    pub effects: u32,
    pub keys: HashSet<String>,
    /// The last request, as it came.
    pub request: String,
    pub bytes_sent: usize,
}

pub struct FaultServer {
    pub url: String,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

#[derive(Default)]
struct State {
    script: VecDeque<Fault>,
    seen: Seen,
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Longer than any timeout of the tests. A server that stalls lets so much
/// virtual time pass, and only then: no timeout fires while bytes are on
/// their way.
const STALL: Duration = Duration::from_secs(3600);

impl FaultServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            let mut wire = Wire::new().await;
            let mut stalled = Vec::new();
            while let Ok((stream, _)) = listener.accept().await {
                let fault = shared.lock().unwrap().next_fault();
                stalled.extend(serve(stream, &fault, &shared, &mut wire).await);
            }
        });
        Self { url, state, task }
    }

    /// Serves the next connections with these faults in turn, and every further
    /// one with the last. Forgets what was seen.
    pub fn script(&self, faults: &[Fault]) {
        *self.state.lock().unwrap() = State {
            script: faults.iter().cloned().collect(),
            seen: Seen::default(),
        };
    }

    pub fn seen<T>(&self, read: impl FnOnce(&Seen) -> T) -> T {
        read(&self.state.lock().unwrap().seen)
    }
}

impl State {
    fn next_fault(&mut self) -> Fault {
        self.seen.requests += 1;
        match self.script.len() {
            0 => panic!("there is no fault for this connection"),
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

    /// Waits until all that was written to other connections has arrived, and
    /// was dealt with: the kernel delivers on loopback in order.
    async fn flush(&mut self) {
        for _ in 0..100 {
            self.0.write_all(b".").await.unwrap();
            self.1.read_u8().await.unwrap();
        }
    }
}

/// Gives the stream back if it is to stay open.
async fn serve(
    mut stream: TcpStream,
    fault: &Fault,
    state: &Mutex<State>,
    wire: &mut Wire,
) -> Option<TcpStream> {
    if !matches!(
        fault,
        Fault::CloseAtOnce | Fault::ResetAtOnce | Fault::StallAtOnce
    ) {
        let (key, request) = read_request(&mut stream).await?;
        let seen = &mut state.lock().unwrap().seen;
        seen.keys.insert(key);
        seen.request = request;
        seen.effects += u32::from(may_have_acted(fault));
    }
    let ending = match fault {
        Fault::CloseAtOnce | Fault::ReadThenClose => Ending::Close,
        Fault::ResetAtOnce | Fault::ReadThenReset => Ending::Reset,
        Fault::StallAtOnce | Fault::ReadThenStall => Ending::Stall,
        Fault::Answer(answer, ending) => {
            let _ = stream.write_all(answer).await;
            *ending
        }
        Fault::EndlessBody => {
            let _ = stream
                .write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 1073741824\r\n\r\n")
                .await;
            let chunk = vec![b' '; 64 * 1024];
            for _ in 0..16 * 1024 {
                if stream.write_all(&chunk).await.is_err() {
                    break;
                }
                state.lock().unwrap().seen.bytes_sent += chunk.len();
            }
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

/// Reads a request to its end. Gives its `Idempotency-Key`, and all of it.
async fn read_request(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name));
            let length: usize = header("content-length: ").unwrap().parse().unwrap();
            if body.len() >= length {
                return Some((header("idempotency-key: ")?.to_owned(), text.into_owned()));
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

/// Whether a server that answers so may have acted before, at the worst.
fn may_have_acted(fault: &Fault) -> bool {
    let Fault::Answer(answer, _) = fault else {
        return true;
    };
    let text = String::from_utf8_lossy(answer);
    let status = text
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    match status {
        Some(408) => true,
        Some(307 | 308 | 400..=499) => false,
        Some(503) => !text.contains("retry-after"),
        _ => true,
    }
}

/// An answer with this status, further headers and body.
pub fn answer(status: u16, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}").into_bytes()
}

/// The documented answer to a registration.
pub fn registered() -> Vec<u8> {
    answer(
        201,
        "x-request-id: req_ok\r\n",
        &document::answer(201, "oauth").to_string(),
    )
}
