//! Many requests at once over plain HTTP/1.1, with as little work of our own as can be, so that the server is what is measured.

use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// What came of it.
pub struct Loaded {
    /// Milliseconds a request took, as the client saw it.
    pub times: Vec<f64>,
    /// Milliseconds the server says it took (`server-timing`); 0 where it does not say.
    pub server: Vec<f64>,
    pub seconds: f64,
    /// Processor seconds of the server meanwhile.
    pub processor: f64,
    /// Bytes of the last body.
    pub size: usize,
}

impl Loaded {
    pub fn per_second(&self) -> f64 {
        self.times.len() as f64 / self.seconds
    }

    /// How many one core of the server would do: what the ratio of two servers is made of, since the client shares the machine.
    pub fn per_processor_second(&self) -> f64 {
        self.times.len() as f64 / self.processor
    }
}

/// Processor seconds a process has used.
pub fn processor(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = |n: usize| after_name.split_whitespace().nth(n).and_then(|word| word.parse::<f64>().ok()).unwrap_or_default();
    (ticks(11) + ticks(12)) / 100.0
}

/// As many `GET`s as go in that time, each connection one after the other. Every answer has to be 200 and of a length it tells.
pub async fn load(pid: u32, port: u16, path: &str, cookie: &str, connections: usize, lasts: Duration) -> Loaded {
    let request = format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\naccept: text/html\r\ncookie: {cookie}\r\n\r\n");
    let (began, busy) = (Instant::now(), processor(pid));
    let tasks: Vec<_> = (0..connections).map(|_| tokio::spawn(one_connection(port, request.clone(), began + lasts))).collect();
    let mut loaded = Loaded { times: Vec::new(), server: Vec::new(), seconds: 0.0, processor: 0.0, size: 0 };
    for task in tasks {
        let (times, server, size) = task.await.expect("a connection");
        loaded.times.extend(times);
        loaded.server.extend(server);
        loaded.size = size;
    }
    loaded.seconds = began.elapsed().as_secs_f64();
    loaded.processor = processor(pid) - busy;
    loaded
}

async fn one_connection(port: u16, request: String, until: Instant) -> (Vec<f64>, Vec<f64>, usize) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("the server takes connections");
    stream.set_nodelay(true).expect("no delay");
    let (mut times, mut server, mut size) = (Vec::new(), Vec::new(), 0);
    let mut held: Vec<u8> = Vec::with_capacity(64 * 1024);
    while Instant::now() < until {
        let began = Instant::now();
        stream.write_all(request.as_bytes()).await.expect("sent");
        let end = loop {
            if let Some(at) = memchr::memmem::find(&held, b"\r\n\r\n") {
                break at + 4;
            }
            assert!(stream.read_buf(&mut held).await.expect("an answer") > 0, "the server hung up");
        };
        let head = String::from_utf8_lossy(&held[..end]).to_ascii_lowercase();
        assert!(head.starts_with("http/1.1 200"), "{head}");
        let length: usize = after(&head, "content-length: ").and_then(|text| text.parse().ok()).expect("a length");
        while held.len() < end + length {
            assert!(stream.read_buf(&mut held).await.expect("a body") > 0, "the server hung up");
        }
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
        server.push(after(&head, "dur=").and_then(|text| text.parse().ok()).unwrap_or_default());
        held.drain(..end + length);
        size = length;
    }
    (times, server, size)
}

/// What stands after that mark, to the end of the line.
fn after<'a>(head: &'a str, mark: &str) -> Option<&'a str> {
    head.split_once(mark)?.1.lines().next().map(str::trim)
}
