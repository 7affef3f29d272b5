//! The door of the library: start a stand-in on a free port, steer it, stop it by letting it go.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpServer, web};
use parking_lot::Mutex;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::api::webhook_endpoints;
use crate::clock::Clock;
use crate::deliveries::{Delivery, DeliveryMode};
use crate::faults::Fault;
use crate::pipeline::{Outcome, Reply, Request};
use crate::server::{self, State};
use crate::world::{Settings, World};
use crate::{API_VERSION, snapshot};

/// Whose events an endpoint gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    /// The platform's own and those of connected accounts.
    #[default]
    All,
    Platform,
    Connect,
}

#[derive(Clone, Debug, Default)]
pub struct Endpoint {
    pub url: String,
    /// None given: one is made.
    pub secrets: Vec<String>,
    pub scope: Scope,
}

#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Port on loopback; 0 takes a free one.
    pub port: u16,
    /// None given: `sk_test_standin`.
    pub secret_key: Option<String>,
    pub endpoints: Vec<Endpoint>,
    /// Unix seconds: a clock that stands there until it is moved. None: it follows the machine's.
    pub standing_at: Option<i64>,
    /// None: ids nobody can foretell.
    pub seed: Option<u64>,
    pub settings: Settings,
    pub mode: DeliveryMode,
    /// Written after every change and read at the start.
    pub snapshot: Option<PathBuf>,
}

/// A running stand-in. It stops when it is dropped.
pub struct StandIn {
    pub url: String,
    pub secret_key: String,
    pub platform: String,
    state: Arc<State>,
    handle: ServerHandle,
}

impl Drop for StandIn {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

fn world_of(options: &Options) -> std::io::Result<World> {
    if let Some(path) = &options.snapshot
        && let Some(world) = snapshot::read(path)?
    {
        return Ok(world);
    }
    let clock = options.standing_at.map_or_else(Clock::following, Clock::standing);
    let key = options.secret_key.clone().unwrap_or_else(|| "sk_test_standin".to_owned());
    let mut world = World::new(clock, options.seed, &key);
    world.settings = options.settings.clone();
    world.mode = options.mode.clone();
    for endpoint in &options.endpoints {
        let secrets =
            if endpoint.secrets.is_empty() { vec![format!("whsec_{}", world.dice.letters(32))] } else { endpoint.secrets.clone() };
        let scope = match endpoint.scope {
            Scope::All => "all",
            Scope::Platform => "platform",
            Scope::Connect => "connect",
        };
        webhook_endpoints::register(&mut world, &endpoint.url, &secrets, scope, json!(["*"]));
    }
    Ok(world)
}

impl StandIn {
    /// Starts it in a thread of its own, whatever runtime the caller has.
    pub fn start(options: Options) -> std::io::Result<StandIn> {
        let mut world = world_of(&options)?;
        let listener = TcpListener::bind(("127.0.0.1", options.port))?;
        let url = format!("http://{}", listener.local_addr()?);
        world.base.clone_from(&url);
        let (secret_key, platform) = (world.secret_key.clone(), world.platform.clone());
        let state = Arc::new(State {
            world: Mutex::new(world),
            news: Notify::new(),
            flying: AtomicUsize::new(0),
            snapshot: options.snapshot.clone(),
        });
        let (tell, hear) = mpsc::channel();
        let inner = Arc::clone(&state);
        std::thread::Builder::new().name("stripe-stand-in".to_owned()).spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let shared = Arc::clone(&inner);
                let built =
                    HttpServer::new(move || App::new().app_data(web::Data::from(Arc::clone(&shared))).configure(server::routes))
                        .workers(1)
                        .disable_signals()
                        .shutdown_timeout(1)
                        .listen(listener);
                match built.map(HttpServer::run) {
                    Ok(running) => {
                        let postman = actix_web::rt::spawn(server::postman(inner));
                        drop(tell.send(Ok(running.handle())));
                        drop(running.await);
                        postman.abort();
                    }
                    Err(error) => drop(tell.send(Err(error))),
                }
            });
        })?;
        let handle = hear.recv().map_err(std::io::Error::other)??;
        Ok(StandIn { url, secret_key, platform, state, handle })
    }

    /// The version of Stripe's API it speaks.
    pub fn api_version(&self) -> &'static str {
        API_VERSION
    }

    /// Anything of the side door, without HTTP: `admin("POST", "account/acct_…/restrict", json!({}))`.
    pub fn admin(&self, method: &str, path: &str, body: Value) -> Result<Value, String> {
        self.state.change(|world| world.admin(method, path, &body)).map_err(|error| error.message)
    }

    /// One of Stripe's addresses as the platform, without HTTP: `call("POST", "/v1/customers", "name=Ada")`.
    pub fn call(&self, method: &str, path: &str, form: &str) -> Reply {
        let (query, body) = if method == "GET" { (form, "") } else { ("", form) };
        self.request(&Request {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            body: body.to_owned(),
            authorization: Some(format!("Bearer {}", self.secret_key)),
            ..Request::default()
        })
    }

    /// Any request, without HTTP. What would hang or be cut answers with status 0.
    pub fn request(&self, request: &Request) -> Reply {
        match self.state.change(|world| world.answer(request)) {
            Outcome::Reply(reply) | Outcome::Slow { reply, slot: None, .. } => reply,
            Outcome::Slow { reply, slot, .. } => {
                self.state.change(|world| world.finished(slot.as_deref(), &reply));
                reply
            }
            Outcome::Hang | Outcome::Cut => Reply { status: 0, body: String::new(), headers: Vec::new() },
        }
    }

    pub fn now(&self) -> i64 {
        self.state.world.lock().clock.now()
    }

    /// Moves the clock to this second; what falls due on the way happens.
    pub fn set_clock(&self, at: i64) {
        drop(self.admin("POST", "clock", json!({ "set": at })));
    }

    pub fn advance(&self, seconds: i64) {
        drop(self.admin("POST", "clock", json!({ "advance": seconds })));
    }

    pub fn fault(&self, fault: Fault) {
        self.state.change(|world| world.faults.push(fault));
    }

    pub fn clear_faults(&self) {
        self.state.change(|world| world.faults.clear());
    }

    pub fn delivery_mode(&self, mode: DeliveryMode) {
        self.state.change(|world| world.mode = mode);
    }

    pub fn deliveries(&self) -> Vec<Delivery> {
        self.state.world.lock().deliveries.values().cloned().collect()
    }

    /// The `Stripe-Signature` of a delivery, made now, for tests that carry it themselves.
    pub fn signature(&self, delivery: &Delivery) -> String {
        self.state.world.lock().signature(delivery)
    }

    /// Tells that the test itself has carried this delivery.
    pub fn carried(&self, id: u64) {
        self.state.change(|world| {
            world.open_deliveries.retain(|open| *open != id);
            world.attempted(id, Ok(200));
        });
    }

    /// Lets held deliveries go (`{}` all; see the README for more) and waits until they have been tried.
    pub async fn deliver(&self, which: Value) -> usize {
        let released = self.state.change(|world| world.let_go(&which));
        self.settled().await;
        released
    }

    /// Waits until every webhook that could go has been tried.
    pub async fn settled(&self) {
        server::settle(&self.state).await;
    }

    /// Every charge, transfer, reversal, refund, payout and dispute, and the balances.
    pub fn money(&self) -> Value {
        self.state.change(|world| world.money())
    }

    /// The webhook secrets in force, endpoint by endpoint.
    pub fn webhook_secrets(&self) -> Vec<Vec<String>> {
        let world = self.state.world.lock();
        world.shelf(&world.platform, "webhook_endpoint").iter().map(|id| world.secrets(id)).collect()
    }

    /// Adds an endpoint while it runs (a product's port is often known only later); answers its first secret.
    pub fn add_endpoint(&self, endpoint: &Endpoint) -> String {
        let scope = match endpoint.scope {
            Scope::All => "all",
            Scope::Platform => "platform",
            Scope::Connect => "connect",
        };
        let mut body = json!({ "url": endpoint.url, "scope": scope });
        if !endpoint.secrets.is_empty() {
            body["secrets"] = json!(endpoint.secrets);
        }
        let made = self.admin("POST", "endpoints", body).unwrap_or_default();
        made["secrets"][0].as_str().unwrap_or_default().to_owned()
    }

    pub fn reset(&self) {
        self.state.change(World::reset);
    }
}
