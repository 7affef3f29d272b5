//! The real program, as a process of its own over an installation's data: it can be killed.

use std::{
    fs::OpenOptions,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::Installation;

pub struct Process {
    child: Child,
    pub url: String,
}

/// A port that nobody has.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("an address").port()
}

impl Process {
    /// Serves on this port until it is killed; what it says is added to the file `log`, if there is one.
    pub async fn start(one: &Installation, port: u16, settings: &[(&str, &str)], log: Option<&Path>) -> Self {
        let mut program = Command::new(env!("CARGO_BIN_EXE_one-legal"));
        program
            .arg("serve")
            .env("BIND", format!("127.0.0.1:{port}"))
            .env("DATA_DIR", one.data_dir.path())
            .env("DATABASE_URL", one.platform.config.database_url.expose())
            .env("RUST_LOG", "error")
            .envs(settings.iter().copied())
            .stdout(Stdio::null());
        if let Some(log) = log {
            let file = || OpenOptions::new().create(true).append(true).open(log).expect("the log");
            program.stdout(file()).stderr(file());
        }
        let child = program.spawn().expect("the program starts");
        let url = format!("http://127.0.0.1:{port}");
        let began = Instant::now();
        loop {
            if let Ok(answer) = reqwest::get(format!("{url}/readyz")).await
                && answer.status() == 200
            {
                break;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "the server is ready within 30 seconds");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Self { child, url }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// `kill -9`
    pub fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("gone");
    }
}

impl Drop for Process {
    /// A test that fails leaves nothing behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
