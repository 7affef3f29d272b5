//! The database: SQLite (WAL, `synchronous=FULL`, one writer) or PostgreSQL (row-level security by transaction setting).

use std::{
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use entity::Reach;
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult,
    QueryResult, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
    sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Config, Error, Result, config::SettingError};

/// Connections for readers and, on SQLite, the single one for writers.
pub struct Db {
    readers: DatabaseConnection,
    writer: DatabaseConnection,
    /// The lines of those who may come all at once; the other connections are never theirs.
    reading_line: Arc<Semaphore>,
    writing_line: Arc<Semaphore>,
    asked: Arc<AtomicU64>,
}

/// Connections that read, on SQLite.
const READERS: u32 = 8;

impl Db {
    /// Refuses a database that does not open, naming the setting and the fix.
    pub async fn open(config: &Config) -> Result<Self> {
        let url = config.database_url.expose();
        let opened = if url.starts_with("sqlite:") { Self::open_sqlite(url).await } else { Self::open_postgres(config).await };
        opened.map_err(|error| {
            Error::internal(SettingError {
                setting: "DATABASE_URL".to_owned(),
                problem: format!("the database does not open: {error}"),
                fix:
                    "Look whether it is there, runs, and may be read and written. One that is damaged comes back from your backup."
                        .to_owned(),
            })
        })
    }

    async fn open_postgres(config: &Config) -> std::result::Result<Self, DbErr> {
        let mut options = ConnectOptions::new(config.database_url.expose());
        options
            .max_connections(config.database_connections)
            .acquire_timeout(Duration::from_secs(5))
            .connect_timeout(Duration::from_secs(5))
            .sqlx_logging(false);
        let pool = Database::connect(options).await?;
        // A quarter is always left to everybody else.
        let all = config.database_connections;
        Ok(Self::of(pool.clone(), pool, all / 2, all / 4))
    }

    async fn open_sqlite(url: &str) -> std::result::Result<Self, DbErr> {
        let options = SqliteConnectOptions::from_str(url)
            .map_err(|e| DbErr::Conn(sea_orm::RuntimeErr::Internal(e.to_string())))?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            // All statements of the product's pages are read once for each connection, and a page of rows comes in one piece: the
            // thread that reads does not wait for the one that takes.
            .statement_cache_capacity(256)
            .row_buffer_size(128)
            .pragma("cache_size", "-8000")
            .pragma("temp_store", "MEMORY")
            .pragma("secure_delete", "FAST");
        restrict_file(&options).map_err(|error| DbErr::Conn(sea_orm::RuntimeErr::Internal(error.to_string())))?;
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(Duration::from_secs(10))
                .idle_timeout(None)
                .max_lifetime(None)
                .test_before_acquire(false)
                .connect_with(quiet(options.clone()))
        };
        let fail = |e: sea_orm::sqlx::Error| DbErr::Conn(sea_orm::RuntimeErr::SqlxError(e.into()));
        let writer = pool(1).await.map_err(fail)?;
        let readers = pool(READERS).await.map_err(fail)?;
        Ok(Self::of(readers.into(), writer.into(), READERS / 2, 1))
    }

    fn of(readers: DatabaseConnection, writer: DatabaseConnection, reading: u32, writing: u32) -> Self {
        let line = |places: u32| Arc::new(Semaphore::new(places.max(1) as usize));
        Self { readers, writer, reading_line: line(reading), writing_line: line(writing), asked: Arc::default() }
    }

    pub fn backend(&self) -> DbBackend {
        self.writer.get_database_backend()
    }

    /// For migrations and checks of the whole database.
    pub fn whole(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// A view that changes nothing and sees one state of the database.
    pub async fn read(&self, reach: Reach) -> Result<Tx> {
        let options = match self.backend() {
            DbBackend::Postgres => TransactionOptions {
                access_mode: Some(AccessMode::ReadOnly),
                isolation_level: Some(sea_orm::IsolationLevel::RepeatableRead),
                ..Default::default()
            },
            _ => TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Deferred), ..Default::default() },
        };
        Tx::begin(&self.readers, options, reach, &self.asked).await
    }

    /// The same for one of a crowd (connections that come back all at once, sign-ins on a Monday morning): they stand in a line
    /// of their own, so that everybody else finds a connection free.
    pub async fn read_in_line(&self, reach: Reach) -> Result<Tx> {
        let place = wait_in(&self.reading_line).await?;
        Ok(Tx { _place: Some(place), ..self.read(reach).await? })
    }

    /// A transaction that may write. On SQLite writers queue here, one at a time.
    pub async fn write(&self, reach: Reach) -> Result<Tx> {
        let options = TransactionOptions { sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate), ..Default::default() };
        Tx::begin(&self.writer, options, reach, &self.asked).await
    }

    /// The same for one of a crowd: on SQLite at most one of them stands before the writer, so that a message that is to be
    /// written has at most one of them before it.
    pub async fn write_in_line(&self, reach: Reach) -> Result<Tx> {
        let place = wait_in(&self.writing_line).await?;
        Ok(Tx { _place: Some(place), ..self.write(reach).await? })
    }

    /// How many statements were asked so far: what a page costs is the difference.
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Answers whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        Ok(self.readers.ping().await?)
    }

    pub async fn close(&self) {
        let _ = self.readers.close_by_ref().await;
        let _ = self.writer.close_by_ref().await;
    }
}

async fn wait_in(line: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit> {
    Ok(Arc::clone(line).acquire_owned().await.map_err(|error| anyhow::anyhow!(error))?)
}

fn quiet(options: SqliteConnectOptions) -> SqliteConnectOptions {
    use sea_orm::sqlx::ConnectOptions as _;
    options.disable_statement_logging()
}

/// The database file is readable by its owner alone.
fn restrict_file(options: &SqliteConnectOptions) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    let path = options.get_filename();
    if path.as_os_str() == ":memory:" {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path)?;
    Ok(())
}

/// A transaction and the reach it was opened with. Dropped without commit it leaves nothing.
pub struct Tx {
    inner: DatabaseTransaction,
    reach: Reach,
    asked: Arc<AtomicU64>,
    /// Given up with the transaction, to whoever is next in the line.
    _place: Option<OwnedSemaphorePermit>,
}

impl Tx {
    async fn begin(
        connection: &DatabaseConnection,
        options: TransactionOptions,
        reach: Reach,
        asked: &Arc<AtomicU64>,
    ) -> Result<Self> {
        let inner = connection.begin_with_options(options).await?;
        if inner.get_database_backend() == DbBackend::Postgres {
            let statement = Statement::from_sql_and_values(
                DbBackend::Postgres,
                "SELECT set_config('app.tenants', $1, true)",
                [reach.setting().into()],
            );
            inner.execute_raw(statement).await?;
        }
        Ok(Self { inner, reach, asked: Arc::clone(asked), _place: None })
    }

    fn count(&self) {
        self.asked.fetch_add(1, Ordering::Relaxed);
    }

    /// Whose data this transaction may touch.
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    pub(super) async fn commit(self) -> Result<()> {
        Ok(self.inner.commit().await?)
    }

    pub async fn rollback(self) -> Result<()> {
        Ok(self.inner.rollback().await?)
    }
}

#[async_trait::async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.count();
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.count();
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.count();
        self.inner.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.count();
        self.inner.query_all_raw(statement).await
    }
}
