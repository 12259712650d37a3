//! An address that refuses connections.

use tokio::net::TcpSocket;

/// A port that is taken, so that no other test gets it, but on which nothing listens.
pub struct ClosedPort {
    pub url: String,
    _socket: TcpSocket,
}

impl ClosedPort {
    /// Takes a free port of loopback, until the value is dropped. Needs a Tokio runtime.
    pub fn new() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
        let url = format!("http://{}", socket.local_addr().unwrap());
        Self {
            url,
            _socket: socket,
        }
    }
}

impl Default for ClosedPort {
    fn default() -> Self {
        Self::new()
    }
}
