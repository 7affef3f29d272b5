//! A second node over the same installation.

use std::{net::TcpListener, sync::Arc};

use one_legal::{
    app::{jobs, server},
    platform::Platform,
};
use sea_orm::DbBackend;

use super::{Browser, Installation};

/// On PostgreSQL another server over the same database and keyring, with pools, caches and a hub of its own. SQLite has one node:
/// there it is the installation itself, and what is tried between two nodes is tried within one.
pub struct Node {
    pub platform: Arc<Platform>,
    pub url: String,
    server: Option<actix_web::dev::ServerHandle>,
}

impl Installation {
    pub async fn another_node(&self) -> Node {
        if self.platform.db.backend() != DbBackend::Postgres {
            return Node { platform: Arc::clone(&self.platform), url: self.url.clone(), server: None };
        }
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let mut config = self.platform.config.clone();
        config.bind = listener.local_addr().expect("an address");
        config.public_url = format!("http://{}", config.bind).parse().expect("an address");
        let url = config.public_url.as_str().trim_end_matches('/').to_owned();
        let clock = self.platform.clock.clone();
        let platform = Platform::open(config, clock, jobs::table(), jobs::LISTENERS).await.expect("the platform opens");
        let server = server::server(Arc::clone(&platform), listener, 1).expect("the server starts");
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Node { platform, url, server: Some(handle) }
    }
}

impl Node {
    /// The same person's browser, led to this node.
    pub fn browser(&self, of: &Browser) -> Browser {
        let mut browser = Browser::new(&self.url);
        browser.set_cookie("session", of.cookie("session").expect("signed in"));
        browser
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        if let Some(server) = self.server.take() {
            drop(server.stop(false));
        }
    }
}
