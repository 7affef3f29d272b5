//! What the benchmarks share: settings, a server in a child process and its memory, people with sessions, their sockets.
#![allow(dead_code, reason = "each benchmark uses its part of this")]

pub mod load;

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use entity::{
    Reach,
    identity::{AccountKind, AccountStatus, SessionStage, account},
    ids::{AccountId, ConversationId},
    tenancy::{AccessLevel, contact},
};
use futures_util::{SinkExt, StreamExt};
use migration::MigratorTrait;
use one_legal::{
    app::{cast, cast::Cast, jobs, start},
    identity,
    platform::{Actor, Clock, Config, Platform, Result, Work, config::Source},
};
use sea_orm::{ActiveModelTrait, Set};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Settings of a fresh installation in that folder, and what the benchmark sets besides.
pub fn settings(folder: &Path, port: u16, more: &[(&str, &str)]) -> Config {
    let (folder, bind) = (folder.display().to_string(), format!("127.0.0.1:{port}"));
    let own = [("DATA_DIR", folder.as_str()), ("BIND", bind.as_str()), ("RUST_LOG", "error")];
    let pairs = own.iter().chain(more).map(|(name, value)| (*name, (*value).to_owned()));
    Config::load(&Source::from_pairs(pairs.collect::<Vec<_>>())).expect("settings")
}

pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

/// The installation before anybody serves it: migrated, with the cast in it.
pub async fn installed(config: Config) -> Result<(Arc<Platform>, Cast)> {
    let platform = Platform::open(config, Clock::system(), jobs::table(), jobs::LISTENERS).await?;
    migration::Migrator::up(platform.db.whole(), None).await?;
    let cast = cast::create(&platform).await?;
    Ok((platform, cast))
}

pub async fn work(platform: &Arc<Platform>) -> Result<Work> {
    platform.work(Actor::program("benchmark"), Reach::Everything("a benchmark is prepared")).await
}

/// Where this process is the server that [`serve`] started, it serves until it is ended; false in every other process.
pub fn served_as_child(more: &[(&str, &str)]) -> bool {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let arguments: Vec<String> = std::env::args().collect();
    let [_, word, folder, port] = arguments.as_slice() else { return false };
    if word != "serve" {
        return false;
    }
    let config = settings(Path::new(folder), port.parse().expect("a port"), more);
    actix_web::rt::System::new().block_on(async move {
        let platform = start::open(config, Clock::system()).await.expect("a platform");
        start::serve(platform).await.expect("served");
    });
    true
}

/// A child that dies with us.
pub struct Server(pub Child);

impl Server {
    pub fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// This program once more, as the server of that folder; answers when it takes connections.
pub async fn serve(folder: &Path, port: u16) -> Server {
    let child = Command::new(std::env::current_exe().expect("this program"))
        .args(["serve", &folder.display().to_string(), &port.to_string()])
        .stdout(Stdio::null())
        .spawn()
        .expect("the server starts");
    let server = Server(child);
    while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    server
}

/// Resident KiB.
pub fn memory(pid: u32) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or(0.0)
}

/// Sorts the times; the one that `share` of them do not exceed.
pub fn at(times: &mut [f64], share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get((times.len() as f64 * share) as usize).or(times.last()).copied().unwrap_or_default()
}

/// A client of Acme Dental, the `n`th.
pub struct Client {
    pub account: AccountId,
    pub name: String,
    pub email: String,
}

pub async fn client(work: &mut Work, cast: &Cast, n: usize, password_hash: Option<String>) -> Result<Client> {
    let client = Client { account: work.id(), name: format!("Person {n}"), email: format!("person{n}@acmedental.example") };
    account::ActiveModel {
        id: Set(client.account),
        realm: Set(format!("portal:{}", cast.harbor)),
        email: Set(client.email.clone()),
        name: Set(client.name.clone()),
        kind: Set(AccountKind::Client),
        status: Set(AccountStatus::Active),
        tenant_id: Set(Some(cast.harbor)),
        password_hash: Set(password_hash),
        totp_secret: Set(None),
        totp_step: Set(0),
        created_at: Set(work.now()),
        ..Default::default()
    }
    .insert(work.write())
    .await?;
    contact::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(cast.harbor),
        company_id: Set(cast.acme),
        name: Set(client.name.clone()),
        email: Set(client.email.clone()),
        title: Set(String::new()),
        access: Set(AccessLevel::Own),
        account_id: Set(Some(client.account)),
        created_at: Set(work.now()),
    }
    .insert(work.write())
    .await?;
    Ok(client)
}

/// The cookie of a fresh session.
pub async fn cookie(work: &mut Work, account: AccountId, method: &'static str) -> Result<String> {
    let open = identity::OpenSession { account, stage: SessionStage::Full, method };
    Ok(format!("session={}", identity::open_session(work, open).await?.1))
}

/// A socket that was greeted; none where something went wrong.
pub async fn try_connect(port: u16, cookie: &str) -> Option<Socket> {
    let mut request = format!("ws://127.0.0.1:{port}/ws").into_client_request().ok()?;
    request.headers_mut().insert("cookie", HeaderValue::from_str(cookie).ok()?);
    request.headers_mut().insert("origin", HeaderValue::from_str(&format!("http://127.0.0.1:{port}")).ok()?);
    let (mut socket, _) = connect_async(request).await.ok()?;
    socket.next().await?.ok()?;
    Some(socket)
}

pub async fn connect(port: u16, cookie: &str) -> Socket {
    try_connect(port, cookie).await.expect("a socket")
}

pub async fn subscribe(socket: &mut Socket, conversation: ConversationId) {
    let frame = format!("{{\"type\":\"subscribe\",\"conversation\":\"{conversation}\",\"after\":null}}");
    let _ = socket.send(Message::text(frame)).await;
    while let Some(Ok(frame)) = socket.next().await {
        if frame.to_text().is_ok_and(|text| text.contains("\"subscribed\"")) {
            return;
        }
    }
}
