//! A mail server on loopback (RFC 5321): takes mails, or refuses them with the words it is told to use.

use std::{net::SocketAddr, sync::Arc};

use parking_lot::Mutex;
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// What it answers to `MAIL`, `RCPT` and the end of `DATA`; none: it takes it.
#[derive(Clone, Debug, Default)]
pub struct Mood {
    pub sender: Option<String>,
    pub recipient: Option<String>,
    pub data: Option<String>,
}

#[derive(Clone)]
pub struct MailServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    mood: Mood,
    taken: Vec<String>,
}

impl MailServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let server = Self { address: listener.local_addr().expect("an address"), state: Arc::default() };
        let state = Arc::clone(&server.state);
        actix_web::rt::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                actix_web::rt::spawn(serve(stream, Arc::clone(&state)));
            }
        });
        server
    }

    /// The settings of an installation that sends through it.
    pub fn settings(&self) -> [(&'static str, String); 2] {
        [("SMTP_URL", format!("smtp://{}", self.address)), ("SES_FROM_ADDRESS", "Harbor IT <legal@harbor.example>".to_owned())]
    }

    pub fn feels(&self, mood: Mood) {
        self.state.lock().mood = mood;
    }

    /// The recipients of the mails it took, in order; the n-th, counted from 1, is known to it as `ses-n`.
    pub fn taken(&self) -> Vec<String> {
        self.state.lock().taken.clone()
    }
}

async fn serve(stream: TcpStream, state: Arc<Mutex<State>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    let mut recipient = String::new();
    let mut in_data = false;
    if write.write_all(b"220 loopback ESMTP\r\n").await.is_err() {
        return;
    }
    while let Ok(Some(line)) = lines.next_line().await {
        let answer = {
            let mut state = state.lock();
            let verb = line.split([' ', ':']).next().unwrap_or_default().to_uppercase();
            match verb.as_str() {
                _ if in_data && line == "." => {
                    in_data = false;
                    state.mood.data.clone().unwrap_or_else(|| {
                        state.taken.push(recipient.clone());
                        format!("250 Ok ses-{}", state.taken.len())
                    })
                }
                _ if in_data => continue,
                "EHLO" => "250-loopback\r\n250 8BITMIME".to_owned(),
                "MAIL" => state.mood.sender.clone().unwrap_or_else(|| "250 Ok".to_owned()),
                "RCPT" => {
                    recipient = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    state.mood.recipient.clone().unwrap_or_else(|| "250 Ok".to_owned())
                }
                "DATA" => {
                    in_data = true;
                    "354 Go on".to_owned()
                }
                "QUIT" => "221 Bye".to_owned(),
                _ => "250 Ok".to_owned(),
            }
        };
        if write.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}
