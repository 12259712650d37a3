//! A server with catalogues, pages and a rate limit.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use std::{io, thread};

use httparse::Status;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tokio::time::{Instant, sleep};

use super::job::{Job, name, server_url};
use super::{PAGE, virtual_time};

/// The requests that Duvo allows in each window.
pub const LIMIT: usize = 300;
/// The length of a window.
pub const WINDOW: Duration = Duration::from_secs(60);
/// The time from a request to its response in virtual time.
pub const LATENCY: Duration = Duration::from_millis(50);

/// The Unix time of the start of a window.
const EPOCH: u64 = 1_800_000_000;

/// A request that the server received.
#[derive(Clone, Debug)]
pub struct Received {
    /// The time since the start of the first window.
    pub at: Duration,
    pub line: String,
    pub status: u16,
    /// Identifies the connection.
    pub connection: u16,
}

/// A running server.
#[derive(Clone)]
pub struct CatalogueServer {
    address: SocketAddr,
    latency: Duration,
    state: Arc<Mutex<State>>,
}

struct State {
    /// `None` without a rate limit.
    windows_since: Option<Instant>,
    catalogues: HashMap<String, Catalogue>,
    counted: HashMap<u64, usize>,
    received: Vec<Received>,
}

struct Catalogue {
    team_id: String,
    records: Vec<String>,
    names: HashMap<String, usize>,
}

impl CatalogueServer {
    /// Starts a server in the current runtime, with the rate limit and [`LATENCY`], `offset`
    /// seconds after the start of a window.
    pub async fn start(offset: u64) -> io::Result<Self> {
        let windows_since = Instant::now().checked_sub(Duration::from_secs(offset));
        let windows_since = windows_since.ok_or(io::ErrorKind::InvalidInput)?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let server = Self::new(listener.local_addr()?, LATENCY, Some(windows_since));
        tokio::spawn(server.clone().accept(listener));
        Ok(server)
    }

    /// Starts a server on a new thread, without a rate limit.
    pub fn start_without_limit(latency: Duration) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        let server = Self::new(listener.local_addr()?, latency, None);
        let accepting = server.clone();
        thread::spawn(move || {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async { accepting.accept(TcpListener::from_std(listener)?).await })
        });
        Ok(server)
    }

    fn new(address: SocketAddr, latency: Duration, windows_since: Option<Instant>) -> Self {
        let state = State {
            windows_since,
            catalogues: HashMap::new(),
            counted: HashMap::new(),
            received: Vec::new(),
        };
        Self {
            address,
            latency,
            state: Arc::new(Mutex::new(state)),
        }
    }

    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the requests that the server received, in order.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.lock().received.clone()
    }

    /// Returns the number of wanted integrations that are missing, and of those that were
    /// registered more than once.
    #[must_use]
    pub fn missing_and_repeated(&self, team_id: &str, job: &Job) -> (usize, usize) {
        let state = self.lock();
        let names = state.catalogues.get(team_id).map(|found| &found.names);
        let all = (0..job.processes)
            .flat_map(|process| (0..job.wanted).map(move |index| name(process, index)));
        let counts = all.map(|name| {
            names
                .and_then(|names| names.get(&name))
                .map_or(0, |count| *count)
        });
        counts.fold((0, 0), |(missing, repeated), count| match count {
            0 => (missing + 1, repeated),
            1 => (missing, repeated),
            _ => (missing, repeated + 1),
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn accept(self, listener: TcpListener) -> io::Result<()> {
        loop {
            let (stream, address) = listener.accept().await?;
            virtual_time::record_activity();
            tokio::spawn(self.clone().serve(stream, address.port()));
        }
    }

    async fn serve(self, mut stream: TcpStream, connection: u16) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let delay = self.latency / 2;
        let mut buffer = vec![0; 16 * 1024];
        let mut filled = 0;
        loop {
            let read = stream.read(&mut buffer[filled..]).await?;
            virtual_time::record_activity();
            if read == 0 {
                return Ok(());
            }
            filled += read;
            while let Some((length, request)) = Request::parse(&buffer[..filled]) {
                if !delay.is_zero() {
                    sleep(delay).await;
                }
                let response = self.lock().respond(&request, connection);
                if !delay.is_zero() {
                    sleep(delay).await;
                }
                buffer.copy_within(length..filled, 0);
                filled -= length;
                virtual_time::record_activity();
                stream.write_all(response.as_bytes()).await?;
            }
        }
    }
}

impl State {
    fn respond(&mut self, request: &Request, connection: u16) -> String {
        let Some(windows_since) = self.windows_since else {
            let (status, body) = self.handle(request, Duration::ZERO);
            return response(status, "", &body);
        };
        let now = windows_since.elapsed();
        let window = now.as_secs() / WINDOW.as_secs();
        let resets_at = (window + 1) * WINDOW.as_secs();
        let counted = self.counted.entry(window).or_default();
        let is_rate_limited = *counted == LIMIT;
        *counted += usize::from(!is_rate_limited);
        let remaining = LIMIT - *counted;
        let date = SystemTime::UNIX_EPOCH + Duration::from_secs(EPOCH + now.as_secs());
        let mut headers = format!(
            "date: {}\r\nx-ratelimit-limit: {LIMIT}\r\nx-ratelimit-remaining: {remaining}\r\n\
             x-ratelimit-reset: {}\r\n",
            httpdate::fmt_http_date(date),
            EPOCH + resets_at,
        );
        let (status, body) = if is_rate_limited {
            let seconds = resets_at - now.as_secs();
            let _ = write!(headers, "retry-after: {seconds}\r\n");
            (429, r#"{"error":"Too Many Requests"}"#.to_owned())
        } else {
            self.handle(request, now)
        };
        self.received.push(Received {
            at: now,
            line: format!("{} {}", request.method, request.target),
            status,
            connection,
        });
        response(status, &headers, &body)
    }

    /// Returns the status and the body of a response.
    fn handle(&mut self, request: &Request, now: Duration) -> (u16, String) {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        let mut segments = path.split('/').skip(3);
        let (Some(team_id), Some("integrations")) = (segments.next(), segments.next()) else {
            return (404, r#"{"error":"Not Found"}"#.to_owned());
        };
        if !self.catalogues.contains_key(team_id) {
            let Some(catalogue) = Catalogue::new(team_id) else {
                return (404, r#"{"error":"Not Found"}"#.to_owned());
            };
            self.catalogues.insert(team_id.to_owned(), catalogue);
        }
        let Some(catalogue) = self.catalogues.get_mut(team_id) else {
            return (404, r#"{"error":"Not Found"}"#.to_owned());
        };
        match request.method.as_str() {
            "POST" => catalogue.register(&request.body, now),
            _ => (200, catalogue.page(query)),
        }
    }
}

impl Catalogue {
    fn new(team_id: &str) -> Option<Self> {
        let job = Job::from_team_id(team_id)?;
        let mut catalogue = Self {
            team_id: team_id.to_owned(),
            records: Vec::new(),
            names: HashMap::new(),
        };
        for index in 0..job.others {
            // One in five is a custom integration.
            let url = format!("https://other.example.com/{index}");
            let url = (index % 5 == 0).then_some(&url);
            catalogue.add(
                &format!("Other {index}"),
                url.map(String::as_str),
                Duration::ZERO,
            );
        }
        for process in 0..job.processes {
            for index in 0..job.present {
                let url = server_url(process, index);
                catalogue.add(&name(process, index), Some(&url), Duration::ZERO);
            }
        }
        Some(catalogue)
    }

    /// Adds a custom integration, or a built-in one without a URL. Returns the record.
    fn add(&mut self, name: &str, server_url: Option<&str>, now: Duration) -> &str {
        let number = self.records.len();
        let created_at = format!(
            "2026-08-03T{:02}:{:02}:{:02}.{:03}Z",
            now.as_secs() / 3600 % 24,
            now.as_secs() / 60 % 60,
            now.as_secs() % 60,
            now.subsec_millis()
        );
        let team_id = &self.team_id;
        let custom = match server_url {
            Some(url) => format!(
                r#""type":"custom","provider":"mcp","server_url":"{url}","transport_type":"http","auth_method":"url","custom_integration_id":"custom-{number:08}""#
            ),
            None => r#""type":"built_in","provider":"duvo","server_url":null,"transport_type":null,"auth_method":"oauth","custom_integration_id":null"#.to_owned(),
        };
        self.records.push(format!(
            r#"{{"id":"id-{number:08}","name":"{name}",{custom},"user_id":null,"team_id":"{team_id}","created_at":"{created_at}","updated_at":"{created_at}","created_by":"user_01hzx2c7me","shared":true,"has_headers":false,"has_oauth_tokens":false,"oauth_provider":null,"oauth_provider_key":null,"oauth_scopes":[],"icon_url":null,"integration_id":null,"composio_mcp_id":null,"broken_at":null,"broken_reason":null}}"#
        ));
        *self.names.entry(name.to_owned()).or_default() += 1;
        &self.records[number]
    }

    fn register(&mut self, body: &[u8], now: Duration) -> (u16, String) {
        let Ok(body) = serde_json::from_slice::<Value>(body) else {
            return (400, r#"{"error":"Bad Request"}"#.to_owned());
        };
        let (name, url) = (body["name"].as_str(), body["server_url"].as_str());
        (201, self.add(name.unwrap_or_default(), url, now).to_owned())
    }

    fn page(&self, query: &str) -> String {
        let number = |name: &str| {
            let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            let (_, value) = pairs.find(|(key, _)| *key == name)?;
            value.parse::<usize>().ok()
        };
        let limit = number("limit").map_or(PAGE, |limit| limit.min(PAGE));
        let offset = number("offset").unwrap_or_default();
        let total = self.records.len();
        let start = offset.min(total);
        let records = self.records[start..total.min(start + limit)].join(",");
        format!(
            r#"{{"integrations":[{records}],"total":{total},"limit":{limit},"offset":{offset}}}"#
        )
    }
}

fn response(status: u16, headers: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} Status\r\ncontent-type: application/json\r\n{headers}\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

struct Request {
    method: String,
    target: String,
    body: Vec<u8>,
}

impl Request {
    /// Returns the first request in `bytes` and its length, if it is complete.
    fn parse(bytes: &[u8]) -> Option<(usize, Self)> {
        let mut headers = [httparse::EMPTY_HEADER; 16];
        let mut request = httparse::Request::new(&mut headers);
        let Status::Complete(head) = request.parse(bytes).ok()? else {
            return None;
        };
        let is_length =
            |header: &&httparse::Header<'_>| header.name.eq_ignore_ascii_case("content-length");
        let length = match request.headers.iter().find(is_length) {
            Some(header) => str::from_utf8(header.value).ok()?.parse().ok()?,
            None => 0,
        };
        let body = bytes.get(head..head + length)?;
        let request = Self {
            method: request.method?.to_owned(),
            target: request.path?.to_owned(),
            body: body.to_vec(),
        };
        Some((head + length, request))
    }
}
