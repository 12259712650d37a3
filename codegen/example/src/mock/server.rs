//! The server, on a background thread that ends with the process.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use reqwest::Url;

use super::expectation::Expectation;
use super::request::Request;
use super::response::Response;

/// A mock server, with a method for each operation of the API. The mock that was created
/// last responds first.
pub struct Server {
    url: String,
    expectations: Arc<Expectations>,
}

type Expectations = Mutex<Vec<Arc<Expectation>>>;

impl Server {
    /// Starts a server.
    ///
    /// # Errors
    ///
    /// Returns an error if the system has no free port.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let expectations = Arc::<Expectations>::default();
        let served = Arc::clone(&expectations);
        thread::spawn(move || {
            for stream in listener.incoming() {
                // A client that disconnects needs no response.
                let _ = stream.and_then(|stream| serve(stream, &served));
            }
        });
        Ok(Self { url, expectations })
    }

    /// Returns the URL of the server.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn add(&self, expectation: Arc<Expectation>) {
        lock(&self.expectations).push(expectation);
    }
}

fn lock(expectations: &Expectations) -> MutexGuard<'_, Vec<Arc<Expectation>>> {
    expectations.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Responds to the one request of a connection.
fn serve(stream: TcpStream, expectations: &Expectations) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let request = read_request(&mut reader)?;
    let expectations = lock(expectations);
    let mut matching = expectations.iter().rev();
    let Response { status, body } = matching
        .find_map(|expectation| expectation.respond(&request))
        .unwrap_or_else(|| Response::json(501, &"no mock matches the request"));
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} \r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n"
    );
    reader.into_inner().write_all((head + &body).as_bytes())
}

fn read_request(reader: &mut impl BufRead) -> io::Result<Request> {
    let mut head = reader.lines();
    let mut next = || head.next().unwrap_or_else(|| Ok(String::new()));
    let first = next()?;
    let mut words = first.split(' ').map(str::to_owned);
    let (method, target) = (words.next(), words.next());
    let mut request = Request {
        method: method.unwrap_or_default(),
        ..Request::default()
    };
    if let Ok(url) = Url::parse(&format!("http://mock{}", target.unwrap_or_default())) {
        url.path().clone_into(&mut request.path);
        request.query = url.query_pairs().into_owned().collect();
    }
    loop {
        let line = next()?;
        let Some((name, value)) = line.split_once(':') else {
            break;
        };
        let (name, value) = (name.to_ascii_lowercase(), value.trim().to_owned());
        request.headers.insert(name, value);
    }
    let length = request.headers.get("content-length");
    let length = length.and_then(|length| length.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    request.body = serde_json::from_slice(&body).unwrap_or_default();
    Ok(request)
}
