//! One installation: a server on a free port, over a fresh database.

use std::{net::TcpListener, path::Path, sync::Arc, time::Duration};

use entity::{Moment, Reach};
use migration::{Migrator, MigratorTrait};
use one_legal::{
    app::{cast, cast::Cast, jobs, server},
    identity,
    platform::{Actor, Clock, Config, Jobs, Platform, config::Source},
};
use sea_orm::ConnectionTrait;
use tokio::sync::OnceCell;

use super::Browser;

/// When the clock of the tests stands: 2 March 2026, 10:00 UTC.
const BEGIN: Moment = Moment(1_772_445_600_000);

/// What every installation begins with, made once a process and copied: migrated, with the cast in it. Migrations and a dozen
/// password hashes for each of hundreds of tests were half of their time.
struct Seed {
    folder: tempfile::TempDir,
    cast: Cast,
    /// The PostgreSQL database that others are made after; it goes with its server.
    database: Option<String>,
}

static SEED: OnceCell<Seed> = OnceCell::const_new();

impl Seed {
    async fn get() -> &'static Self {
        SEED.get_or_init(Self::make).await
    }

    async fn make() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = new_database(None).await;
        let mut pairs = vec![("DATA_DIR".to_owned(), folder.path().display().to_string())];
        pairs.extend(database.as_ref().map(database_settings).into_iter().flatten());
        let config = Config::load(&Source::from_pairs(pairs)).expect("the settings of the tests are right");
        let platform =
            Platform::open(config, Clock::standing(BEGIN), jobs::table(), jobs::LISTENERS).await.expect("the platform opens");
        let cast = people(&platform).await;
        // A database that others are made after has no connection left.
        platform.db.close().await;
        Self { folder, cast, database: database.map(|(_, name)| name) }
    }
}

/// The schema, and the people in it.
async fn people(platform: &Arc<Platform>) -> Cast {
    Migrator::up(platform.db.whole(), None).await.expect("the migrations run");
    cast::create(platform).await.expect("the cast is written")
}

/// On PostgreSQL: its server, and the name of a database of its own, like `template` where there is one.
async fn new_database(template: Option<&str>) -> Option<(String, String)> {
    let server = std::env::var("TEST_DATABASE_URL").ok()?;
    let name = format!("t_{}", hex::encode(one_legal::platform::random::bytes::<8>()));
    let admin = sea_orm::Database::connect(&server).await.expect("the PostgreSQL server of the tests answers");
    let like = template.map(|template| format!(" TEMPLATE {template}")).unwrap_or_default();
    admin.execute_unprepared(&format!("CREATE DATABASE {name}{like}")).await.expect("a database of its own");
    admin.close().await.expect("closed");
    Some((server, name))
}

fn database_settings((server, name): &(String, String)) -> [(String, String); 2] {
    let url = server.rsplit_once('/').map(|(base, _)| format!("{base}/{name}")).expect("postgres://…/postgres");
    [("DATABASE_URL".to_owned(), url), ("DATABASE_CONNECTIONS".to_owned(), "6".to_owned())]
}

/// Everything in a folder, with its permissions.
fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).expect("the seed's folder").map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.file_type().expect("its type").is_dir() {
            std::fs::create_dir_all(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), &target).expect("a copy");
        }
    }
}

pub struct Installation {
    pub platform: Arc<Platform>,
    pub cast: Cast,
    pub url: String,
    pub data_dir: tempfile::TempDir,
    server: actix_web::dev::ServerHandle,
    /// The PostgreSQL database to drop at the end.
    database: Option<(String, String)>,
}

impl Installation {
    /// Fresh, migrated, with the cast, its clock standing at 2 March 2026, 10:00 UTC; the tripwire armed.
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// The same with further settings.
    pub async fn with(settings: &[(&str, &str)]) -> Self {
        Self::start(settings, Clock::standing(BEGIN)).await
    }

    /// The same with the machine's own clock, for what is measured by time.
    pub async fn on_real_time() -> Self {
        Self::start(&[], Clock::system()).await
    }

    async fn start(settings: &[(&str, &str)], clock: Clock) -> Self {
        let seed = if clock.is_standing() { Some(Seed::get().await) } else { None };
        let data_dir = tempfile::tempdir().expect("a temporary folder");
        if let Some(seed) = seed {
            copy(seed.folder.path(), data_dir.path());
        }
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let mut pairs =
            vec![("BIND".to_owned(), address.to_string()), ("DATA_DIR".to_owned(), data_dir.path().display().to_string())];
        // Nobody answers there: no test asks the world about a domain.
        pairs.push(("DNS_RESOLVER".to_owned(), "127.0.0.1:9".to_owned()));
        let database = new_database(seed.and_then(|seed| seed.database.as_deref())).await;
        pairs.extend(database.as_ref().map(database_settings).into_iter().flatten());
        pairs.extend(settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())));
        let config = Config::load(&Source::from_pairs(pairs)).expect("the settings of the tests are right");
        let url = config.public_url.as_str().trim_end_matches('/').to_owned();
        let platform = Platform::open(config, clock, jobs::table(), jobs::LISTENERS).await.expect("the platform opens");
        let cast = match seed {
            Some(seed) => seed.cast.clone(),
            None => people(&platform).await,
        };
        platform.tripwire.arm();
        let server = server::server(Arc::clone(&platform), listener, 1).expect("the server starts");
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { platform, cast, url, data_dir, server: handle, database }
    }

    /// A browser in which nobody is signed in.
    pub fn stranger(&self) -> Browser {
        Browser::new(&self.url)
    }

    /// A browser in which this person of the cast is fully signed in (the sign-in itself has its own tests).
    pub async fn browser(&self, key: &str) -> Browser {
        let person = self.cast.person(key);
        let mut work =
            self.platform.work(Actor::program("test"), Reach::Everything("a test signs in")).await.expect("a unit of work");
        let method = if person.portal { "password" } else { "password+totp" };
        let open = identity::OpenSession { account: person.account, stage: entity::identity::SessionStage::Full, method };
        let (_, token) = identity::open_session(&mut work, open).await.expect("a session");
        work.counts_as_audited("a test signs in");
        work.commit().await.expect("committed");
        let mut browser = Browser::new(&self.url);
        browser.set_cookie("session", &token);
        browser
    }

    /// Runs jobs until none is due.
    pub async fn run_jobs(&self) -> usize {
        Jobs::run_due(&self.platform).await.expect("the jobs run")
    }

    /// A view of everything.
    pub async fn tx(&self) -> one_legal::platform::Tx {
        self.platform.read(Reach::Everything("a test looks")).await.expect("a view")
    }

    /// The mails in the outbox folder, decoded, oldest first.
    pub fn mails(&self) -> Vec<String> {
        let mut files: Vec<_> = std::fs::read_dir(self.platform.config.outbox_folder())
            .expect("the outbox")
            .filter_map(|entry| entry.ok())
            .filter(|entry| entry.path().extension().is_some_and(|e| e == "eml"))
            .map(|entry| (entry.metadata().and_then(|m| m.modified()).expect("a time"), entry.path()))
            .collect();
        files.sort();
        files.into_iter().map(|(_, path)| std::fs::read_to_string(path).expect("a mail")).collect()
    }
}

impl Drop for Installation {
    fn drop(&mut self) {
        let fired = self.platform.tripwire.fired();
        let handle = self.server.clone();
        drop(handle.stop(false));
        if let Some((server, name)) = self.database.take() {
            let platform = Arc::clone(&self.platform);
            // Dropping the database waits for nothing: a thread of its own, with a runtime of its own.
            let drop_database = std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(async move {
                    // What a task of the test still holds cannot come back, since its runtime stands still here: FORCE ends it.
                    let _ = tokio::time::timeout(Duration::from_millis(50), platform.db.close()).await;
                    if let Ok(admin) = sea_orm::Database::connect(&server).await {
                        let _ = admin.execute_unprepared(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")).await;
                        let _ = admin.close().await;
                    }
                });
            });
            let _ = drop_database.join();
        }
        if !std::thread::panicking() {
            assert!(fired.is_empty(), "these requests changed something without an audit line: {fired:?}");
        }
    }
}
