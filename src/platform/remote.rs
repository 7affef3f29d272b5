//! Other programs, spoken to over HTTP and JSON: time-outs, retries with jitter, a breaker, idempotency keys, bounded answers.
//!
//! What came of it last is written down ([`entity::platform::remote`]), so that the health pages know it after a restart too.
//! Never call within a `Work`: the other side may take its time, and what is written down needs a transaction of its own.

use std::{collections::HashMap, fmt, sync::Arc, time::Duration};

use actix_web::{HttpRequest, http::header::HeaderValue};
use entity::{
    Moment, Reach, Unwalled,
    platform::{refusal, remote},
};
use parking_lot::Mutex;
use reqwest::{
    Method, StatusCode,
    header::{CONTENT_TYPE, RETRY_AFTER},
    redirect::Policy,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use subtle::ConstantTimeEq;

use super::{Actor, Platform, Refusal, Result, config::Service, random};

/// Both ways: ours to them, theirs to us.
pub const KEY_HEADER: &str = "x-integration-key";

/// Bytes one answer may have.
const ANSWER: usize = 8 * 1024 * 1024;
/// Tries of a call that may be repeated.
const TRIES: u32 = 3;
/// Failures in a row after which nobody is asked any more for a while.
const PATIENCE: u32 = 5;
const REST: i64 = 30 * Moment::SECOND;
/// A success is written down again after this long.
const FRESH: i64 = Moment::MINUTE;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// The setting that is missing.
    NotSet(&'static str),
    /// No connection: name, port, TLS, or cut off in the middle.
    Unreachable(String),
    TimedOut,
    /// It failed again and again and is not asked until then.
    Resting(Moment),
    /// 401 or 403: it does not take our key.
    KeyRefused,
    /// 404.
    Missing,
    /// Another 4xx: it read the request and said no.
    Refused {
        status: u16,
        detail: String,
    },
    /// 429 or 5xx.
    Failed(u16),
    /// 2xx with something that is not what its contract says.
    Garbage(String),
}

impl CallError {
    /// The same call may succeed later.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::TimedOut | Self::Resting(_) | Self::Failed(_))
    }

    /// What is wrong and what to do, to whoever runs the installation.
    pub fn fix(&self) -> String {
        match self {
            Self::NotSet(setting) => format!("Set {setting} and start again."),
            Self::Unreachable(_) | Self::TimedOut | Self::Resting(_) | Self::Failed(_) => {
                "Look whether it runs and whether this machine reaches it. Everything waiting is delivered when it is back."
                    .to_owned()
            }
            Self::KeyRefused => "Compare the key here with the one it expects; they must be the same.".to_owned(),
            Self::Missing | Self::Refused { .. } => "Look at what it says, put that right, then send again.".to_owned(),
            Self::Garbage(_) => {
                "Look whether the address is the right one, and whether both sides speak the same version.".to_owned()
            }
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotSet(setting) => write!(f, "{setting} is not set"),
            Self::Unreachable(why) => write!(f, "it cannot be reached ({why})"),
            Self::TimedOut => write!(f, "it did not answer in time"),
            Self::Resting(until) => write!(f, "it failed several times in a row and is asked again from {}", until.words()),
            Self::KeyRefused => write!(f, "it refused our key"),
            Self::Missing => write!(f, "it does not know what was asked for"),
            Self::Refused { status, detail } if detail.is_empty() => write!(f, "it refused with {status}"),
            Self::Refused { status, detail } => write!(f, "it refused with {status}: {detail}"),
            Self::Failed(status) => write!(f, "it failed with {status}"),
            Self::Garbage(why) => write!(f, "it answered something that is not in its contract ({why})"),
        }
    }
}

/// One request.
#[derive(Clone, Debug)]
pub struct Call<'a> {
    method: Method,
    path: &'a str,
    query: &'a [(&'a str, &'a str)],
    body: Option<Value>,
    /// The other side does what carries the same key once.
    idempotency_key: Option<&'a str>,
}

impl<'a> Call<'a> {
    /// `path` is below the service's address, without a leading slash.
    pub fn get(path: &'a str, query: &'a [(&'a str, &'a str)]) -> Self {
        Self { method: Method::GET, path, query, body: None, idempotency_key: None }
    }

    /// Changes something; may be repeated because of its key.
    pub fn post(path: &'a str, idempotency_key: &'a str, body: Value) -> Self {
        Self { method: Method::POST, path, query: &[], body: Some(body), idempotency_key: Some(idempotency_key) }
    }

    /// Changes something that is there; may be repeated because of its key.
    pub fn patch(path: &'a str, idempotency_key: &'a str, body: Value) -> Self {
        Self { method: Method::PATCH, ..Self::post(path, idempotency_key, body) }
    }
}

#[derive(Default)]
struct Breaker {
    failures: u32,
    resting_until: Option<Moment>,
}

/// One other program.
pub struct Remote {
    /// As people read it: `PSA`.
    name: &'static str,
    base: url::Url,
    key: super::config::Secret,
    client: reqwest::Client,
    breaker: Mutex<Breaker>,
}

#[derive(Default)]
struct Remotes(Mutex<HashMap<&'static str, Arc<Remote>>>);

impl Remote {
    /// The service of these settings, or the setting that is missing.
    pub fn of(platform: &Platform, service: &Service) -> std::result::Result<Arc<Self>, CallError> {
        let base = service.url.as_ref().ok_or(CallError::NotSet(service.url_setting))?;
        let key = service.key.as_ref().ok_or(CallError::NotSet(service.key_setting))?;
        let remotes = platform.shared::<Remotes>();
        let mut remotes = remotes.0.lock();
        if let Some(known) = remotes.get(service.name) {
            return Ok(Arc::clone(known));
        }
        let client = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(3))
            .timeout(Duration::from_millis(platform.config.remote_timeout_ms))
            .build()
            .map_err(|error| CallError::Unreachable(error.to_string()))?;
        let made = Arc::new(Self { name: service.name, base: base.clone(), key: key.clone(), client, breaker: Mutex::default() });
        remotes.insert(service.name, Arc::clone(&made));
        Ok(made)
    }

    /// Asks, tries again what passes, and writes down what came of it.
    pub async fn call<T: DeserializeOwned>(&self, platform: &Arc<Platform>, call: Call<'_>) -> std::result::Result<T, CallError> {
        self.may_ask(platform.clock.now())?;
        let answer = self.tried(&call).await;
        let now = platform.clock.now();
        let told = match &answer {
            // It answers: that it said no to this one thing is not its failure.
            Ok(_) | Err(CallError::Missing | CallError::Refused { .. }) => Ok(()),
            Err(error) => Err(error),
        };
        self.count(now, told.is_ok());
        if let Err(error) = self.write_down(platform, now, told).await {
            tracing::warn!(%error, remote = self.name, "what came of a call cannot be written down");
        }
        answer
    }

    fn may_ask(&self, now: Moment) -> std::result::Result<(), CallError> {
        let mut breaker = self.breaker.lock();
        match breaker.resting_until {
            Some(until) if now < until => Err(CallError::Resting(until)),
            Some(_) => {
                // One goes ahead; the others wait for what comes of it.
                breaker.resting_until = Some(now.plus(REST));
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn count(&self, now: Moment, answered: bool) {
        let mut breaker = self.breaker.lock();
        if answered {
            *breaker = Breaker::default();
            return;
        }
        breaker.failures += 1;
        if breaker.failures >= PATIENCE {
            breaker.resting_until = Some(now.plus(REST));
        }
    }

    async fn tried<T: DeserializeOwned>(&self, call: &Call<'_>) -> std::result::Result<T, CallError> {
        let mut tried = 0;
        loop {
            tried += 1;
            let (error, wait) = match self.once(call).await {
                Ok(answer) => return Ok(answer),
                Err(failed) => failed,
            };
            if !error.is_passing() || tried == TRIES {
                return Err(error);
            }
            let wait = wait.unwrap_or_else(|| {
                let jitter = u64::from(random::bytes::<1>()[0]);
                Duration::from_millis((100 << tried) + jitter)
            });
            tokio::time::sleep(wait).await;
        }
    }

    /// The answer, or the failure and how long it asks to be left alone.
    async fn once<T: DeserializeOwned>(&self, call: &Call<'_>) -> std::result::Result<T, (CallError, Option<Duration>)> {
        let mut url = self.base.join(call.path).map_err(|error| (CallError::Garbage(error.to_string()), None))?;
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query);
        }
        let mut request = self.client.request(call.method.clone(), url).header(KEY_HEADER, self.key.expose());
        if let Some(key) = call.idempotency_key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = &call.body {
            request = request.json(body);
        }
        let mut response = request.send().await.map_err(|error| (unsent(error), None))?;
        let status = response.status();
        let wait = response
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.parse().ok())
            .map(|seconds: u64| Duration::from_secs(seconds.min(5)));
        let is_json = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("application/json") || value.starts_with("application/problem+json"));
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| (unsent(error), None))? {
            if bytes.len() + chunk.len() > ANSWER {
                return Err((CallError::Garbage("longer than 8 MiB".to_owned()), None));
            }
            bytes.extend_from_slice(&chunk);
        }
        match status {
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Err((CallError::KeyRefused, None)),
            StatusCode::NOT_FOUND => Err((CallError::Missing, None)),
            StatusCode::TOO_MANY_REQUESTS => Err((CallError::Failed(429), wait)),
            status if status.is_server_error() => Err((CallError::Failed(status.as_u16()), wait)),
            status if status.is_client_error() => {
                Err((CallError::Refused { status: status.as_u16(), detail: detail_of(&bytes) }, None))
            }
            status if !status.is_success() => Err((CallError::Garbage(format!("status {}", status.as_u16())), None)),
            StatusCode::NO_CONTENT => shaped(b"null"),
            _ if !is_json => Err((CallError::Garbage("no JSON".to_owned()), None)),
            _ => shaped(&bytes),
        }
    }

    async fn write_down(&self, platform: &Arc<Platform>, now: Moment, told: std::result::Result<(), &CallError>) -> Result<()> {
        let known = seen(platform, self.name).await?;
        let failing = known.as_ref().is_some_and(|row| row.failing_since.is_some());
        let fresh = known.as_ref().and_then(|row| row.last_success_at).is_some_and(|at| now < at.plus(FRESH));
        if told.is_ok() && fresh && !failing {
            return Ok(());
        }
        let mut work = platform.work(Actor::program("remote"), Reach::Everything("other programs belong to no tenant")).await?;
        let row = remote::ActiveModel { name: Set(self.name.to_owned()), ..Default::default() };
        remote::Entity::insert(row)
            .on_conflict(OnConflict::column(remote::Column::Name).do_nothing().to_owned())
            .exec_without_returning(work.write())
            .await?;
        let update = remote::Entity::update_many().filter(remote::Column::Name.eq(self.name));
        let update = match told {
            Ok(()) => update
                .col_expr(remote::Column::LastSuccessAt, Expr::value(now.0))
                .col_expr(remote::Column::FailingSince, Expr::value(Option::<i64>::None)),
            Err(error) => {
                let since = known.and_then(|row| row.failing_since).unwrap_or(now);
                update
                    .col_expr(remote::Column::LastError, Expr::value(error.to_string()))
                    .col_expr(remote::Column::LastErrorAt, Expr::value(now.0))
                    .col_expr(remote::Column::FailingSince, Expr::value(since.0))
            }
        };
        update.exec(work.write()).await?;
        work.counts_as_audited("how another program does is no deed");
        work.commit().await
    }
}

/// Refuses (401) whoever calls us in that program's name without its key; nobody has it where none is set. A wrong key is written
/// down, so that the health pages and `doctor` can say it.
pub async fn prove_key(request: &HttpRequest, service: &Service) -> Result<()> {
    let unauthorized = |refusal: Refusal| -> Result<()> { Err(refusal.status(actix_web::http::StatusCode::UNAUTHORIZED).into()) };
    let Some(key) = &service.key else {
        let next = "Set it here and over there to the same key.";
        return unauthorized(Refusal::new("integration_not_set", format!("{} is not set here.", service.key_setting), next));
    };
    let given = request.headers().get(KEY_HEADER).map(HeaderValue::as_bytes).unwrap_or_default();
    if key.expose().as_bytes().ct_eq(given).into() {
        return Ok(());
    }
    let platform = super::web::platform(request);
    if !given.is_empty()
        && let Err(error) = note_refusal(&platform, service.key_setting, &super::web::peer_ip(request)).await
    {
        tracing::warn!(%error, setting = service.key_setting, "a wrong key cannot be written down");
    }
    unauthorized(Refusal::new(
        "bad_integration_key",
        format!("The {KEY_HEADER} is not the one set here."),
        format!("Send the value of {} of this installation in the header {KEY_HEADER}.", service.key_setting),
    ))
}

/// When a wrong key was last written down, by setting: once a minute is enough.
#[derive(Default)]
struct Noted(Mutex<HashMap<&'static str, Moment>>);

async fn note_refusal(platform: &Arc<Platform>, setting: &'static str, ip: &str) -> Result<()> {
    use sea_orm::sea_query::ExprTrait as _;
    let now = platform.clock.now();
    let noted = platform.shared::<Noted>();
    if noted.0.lock().insert(setting, now).is_some_and(|at| now.since(at) < FRESH) {
        return Ok(());
    }
    let mut work = platform.work(Actor::program("remote"), Reach::Everything("other programs belong to no tenant")).await?;
    let row = refusal::ActiveModel { setting: Set(setting.to_owned()), at: Set(now), ip: Set(ip.to_owned()), times: Set(0) };
    refusal::Entity::insert(row)
        .on_conflict(OnConflict::column(refusal::Column::Setting).do_nothing().to_owned())
        .exec_without_returning(work.write())
        .await?;
    refusal::Entity::update_many()
        .col_expr(refusal::Column::At, Expr::value(now.0))
        .col_expr(refusal::Column::Ip, Expr::value(ip))
        .col_expr(refusal::Column::Times, Expr::col(refusal::Column::Times).add(1))
        .filter(refusal::Column::Setting.eq(setting))
        .exec(work.write())
        .await?;
    work.counts_as_audited("a wrong key is no deed");
    work.commit().await
}

/// The last wrong key that came instead of this setting's; none in the last week.
pub async fn last_refused(platform: &Platform, setting: &str) -> Result<Option<refusal::Model>> {
    let tx = platform.read(Reach::Everything("other programs belong to no tenant")).await?;
    let row = refusal::Entity::rows().filter(refusal::Column::Setting.eq(setting)).one(&tx).await?;
    Ok(row.filter(|row| platform.clock.now().since(row.at) < 7 * Moment::DAY))
}

/// What came of the last calls to a service; none where it was never called.
pub async fn seen(platform: &Platform, name: &str) -> Result<Option<remote::Model>> {
    let tx = platform.read(Reach::Everything("other programs belong to no tenant")).await?;
    Ok(remote::Entity::rows().filter(remote::Column::Name.eq(name)).one(&tx).await?)
}

fn shaped<T: DeserializeOwned>(bytes: &[u8]) -> std::result::Result<T, (CallError, Option<Duration>)> {
    serde_json::from_slice(bytes).map_err(|error| (CallError::Garbage(error.to_string()), None))
}

/// The sentence of problem+JSON; what else it says may hold anything.
fn detail_of(bytes: &[u8]) -> String {
    let problem: Option<Value> = serde_json::from_slice(bytes).ok();
    let sentence = problem.as_ref().and_then(|value| value.get("detail").or_else(|| value.get("title"))?.as_str());
    sentence.unwrap_or_default().chars().take(300).collect()
}

fn unsent(error: reqwest::Error) -> CallError {
    if error.is_timeout() {
        return CallError::TimedOut;
    }
    // The innermost cause says it in words; the address stands in the settings.
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    CallError::Unreachable(cause.to_string())
}
