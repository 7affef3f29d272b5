//! Chromium under chromedriver: one driver process a test, a fresh profile each browser.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use thirtyfour::prelude::*;

pub struct Chrome {
    driver: Child,
    port: u16,
}

impl Chrome {
    pub async fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver (./check installs it)");
        let deadline = Instant::now() + Duration::from_secs(20);
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        while client.get(format!("http://127.0.0.1:{port}/status")).send().await.is_err() {
            assert!(Instant::now() < deadline, "chromedriver does not answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Self { driver, port }
    }

    /// A browser of its own: no cookies, no cache of others.
    pub async fn browser(&self) -> WebDriver {
        let mut capabilities = DesiredCapabilities::chrome();
        for argument in [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--window-size=1280,900",
            "--lang=en-US",
        ] {
            capabilities.add_arg(argument).expect("an argument");
        }
        capabilities.set_binary("/usr/bin/chromium").expect("chromium");
        WebDriver::new(format!("http://127.0.0.1:{}", self.port), capabilities).await.expect("a browser")
    }

    /// A command of Chromium's own developer tools.
    pub async fn tool(&self, driver: &WebDriver, command: &str, params: Value) -> Value {
        let url = format!("http://127.0.0.1:{}/session/{}/goog/cdp/execute", self.port, driver.session_id());
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let answer =
            client.post(url).body(json!({ "cmd": command, "params": params }).to_string()).send().await.expect("chromedriver");
        let text = answer.text().await.expect("an answer");
        let answer: Value = serde_json::from_str(&text).expect("JSON");
        assert!(answer["value"].get("error").is_none(), "{command}: {answer}");
        answer["value"].clone()
    }
}

impl Drop for Chrome {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
