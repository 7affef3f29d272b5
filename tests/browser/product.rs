//! The real binary, running.

use std::{
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

pub struct Product {
    pub url: String,
    pub folder: tempfile::TempDir,
    address: String,
    command: &'static str,
    env: Vec<(String, String)>,
    child: Option<Child>,
}

impl Product {
    /// A fresh folder and a free port; `command` is `serve` or `demo`.
    pub async fn start(command: &'static str) -> Self {
        Self::start_with(command, |_| Vec::new()).await
    }

    /// The same with further settings; they may name the product's own address.
    pub async fn start_with(command: &'static str, env: impl FnOnce(&str) -> Vec<(String, String)>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let address = {
            let probe = TcpListener::bind("127.0.0.1:0").expect("a free port");
            probe.local_addr().expect("an address").to_string()
        };
        let url = format!("http://{address}");
        let env = env(&url);
        let mut product = Self { url, folder, address, command, env, child: None };
        product.spawn().await;
        product
    }

    /// Starts the process and waits until it is ready; answers how long that took.
    pub async fn spawn(&mut self) -> Duration {
        let started = Instant::now();
        let log = std::fs::File::options().create(true).append(true).open(self.folder.path().join("server.log")).expect("a log");
        let child = Command::new(env!("CARGO_BIN_EXE_one-legal"))
            .arg(self.command)
            .args(["--bind", &self.address, "--data-dir"])
            .arg(self.folder.path().join("data"))
            .env("RUST_LOG", "warn")
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .stdout(Stdio::from(log.try_clone().expect("the log")))
            .stderr(Stdio::from(log))
            .spawn()
            .expect("the binary starts");
        self.child = Some(child);
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let deadline = Instant::now() + Duration::from_secs(180);
        loop {
            if let Ok(answer) = client.get(format!("{}/readyz", self.url)).send().await
                && answer.status() == 200
            {
                return started.elapsed();
            }
            if let Some(Ok(Some(status))) = self.child.as_mut().map(Child::try_wait) {
                panic!("the server ended with {status}: {}", self.log());
            }
            assert!(Instant::now() < deadline, "not ready within three minutes: {}", self.log());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default()
    }

    /// `kill -9`
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("killed");
            child.wait().expect("gone");
        }
    }

    pub fn data(&self) -> std::path::PathBuf {
        let data = self.folder.path().join("data");
        if self.command == "demo" { data.join("demo") } else { data }
    }

    /// Runs another command of the binary over the same folder; its exit code and output.
    pub fn run(&self, arguments: &[&str]) -> (i32, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_one-legal"))
            .args(arguments)
            .arg("--data-dir")
            .arg(self.folder.path().join("data"))
            .args(["--public-url", &self.url])
            .env("RUST_LOG", "warn")
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .output()
            .expect("the command runs");
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        (output.status.code().unwrap_or(-1), text)
    }

    /// `people.json` of a demo.
    pub fn people(&self) -> Value {
        let text = std::fs::read_to_string(self.data().join("people.json")).expect("people.json");
        serde_json::from_str(&text).expect("JSON")
    }
}

impl Drop for Product {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The mails in an outbox, decoded as text, oldest first.
pub fn mails(outbox: &Path) -> Vec<String> {
    let mut files: Vec<_> = std::fs::read_dir(outbox)
        .into_iter()
        .flatten()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "eml"))
        .filter_map(|entry| Some((entry.metadata().ok()?.modified().ok()?, entry.path())))
        .collect();
    files.sort();
    files.into_iter().filter_map(|(_, path)| std::fs::read_to_string(path).ok()).map(|raw| unquote(&raw)).collect()
}

/// Quoted-printable undone, enough to find an address in a mail.
fn unquote(raw: &str) -> String {
    raw.replace("=\r\n", "").replace("=\n", "").replace("=3D", "=")
}
