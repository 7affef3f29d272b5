//! Other programs, spoken to over HTTP and JSON: time-outs, retries with jitter, a breaker, idempotency keys, bounded answers.
//!
//! What came of it last is written down ([`entity::platform::remote`]), so that the health pages know it after a restart too.
//! Never call within a `Work`: the other side may take its time, and what is written down needs a transaction of its own.

mod error;
mod standing;

use std::{collections::HashMap, sync::Arc, time::Duration};

use actix_web::{HttpRequest, http::header::HeaderValue};
use entity::{Moment, Reach, Unwalled, platform::refusal};
use parking_lot::Mutex;
use reqwest::{Method, StatusCode, header::CONTENT_TYPE, redirect::Policy};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, OnConflict},
};
use serde::de::DeserializeOwned;
use serde_json::Value;
use subtle::ConstantTimeEq;

use standing::FRESH;

use super::{Actor, Clock, Platform, Refusal, Result, config::Service, text};

pub use error::CallError;
pub use standing::{Standing, seen};
pub(in crate::platform) use standing::{asked_wait, pause};

/// Both ways: ours to them, theirs to us.
pub const KEY_HEADER: &str = "x-integration-key";

/// Bytes one answer may have.
const ANSWER: usize = 8 * 1024 * 1024;
/// Tries of a call that may be repeated.
const TRIES: u32 = 3;
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

/// One other program.
pub struct Remote {
    base: url::Url,
    key: super::config::Secret,
    client: reqwest::Client,
    standing: Standing,
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
        let made = Arc::new(Self { base: base.clone(), key: key.clone(), client, standing: Standing::of(service.name) });
        remotes.insert(service.name, Arc::clone(&made));
        Ok(made)
    }

    /// Asks, tries again what passes, and writes down what came of it.
    pub async fn call<T: DeserializeOwned>(&self, platform: &Arc<Platform>, call: Call<'_>) -> std::result::Result<T, CallError> {
        self.standing.may_ask(platform.clock.now())?;
        let answer = self.tried(&platform.clock, &call).await;
        let now = platform.clock.now();
        let told = match &answer {
            // It answers: that it said no to this one thing is not its failure.
            Ok(_) | Err(CallError::Missing | CallError::Refused { .. }) => Ok(()),
            Err(error) => Err(error),
        };
        self.standing.count(now, told.is_ok());
        self.standing.write_down(platform, now, told).await;
        answer
    }

    /// The same at once, also while it rests: somebody has pressed a button to know.
    pub async fn call_now<T: DeserializeOwned>(
        &self,
        platform: &Arc<Platform>,
        call: Call<'_>,
    ) -> std::result::Result<T, CallError> {
        self.standing.wake();
        self.call(platform, call).await
    }

    async fn tried<T: DeserializeOwned>(&self, clock: &Clock, call: &Call<'_>) -> std::result::Result<T, CallError> {
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
            standing::pause(clock, tried, wait).await;
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
        let mut response = request.send().await.map_err(|error| (CallError::of_transport(error), None))?;
        let status = response.status();
        let wait = standing::asked_wait(response.headers());
        let is_json = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.starts_with("application/json") || value.starts_with("application/problem+json"));
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| (CallError::of_transport(error), None))? {
            if bytes.len() + chunk.len() > ANSWER {
                return Err((CallError::Garbage("longer than 8 MiB".to_owned()), None));
            }
            bytes.extend_from_slice(&chunk);
        }
        match status {
            status if !status.is_success() => Err((CallError::of_status(status, || detail_of(&bytes)), wait)),
            StatusCode::NO_CONTENT => shaped(b"null"),
            _ if !is_json => Err((CallError::Garbage("no JSON".to_owned()), None)),
            _ => shaped(&bytes),
        }
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

/// What came, as text may be kept: nobody types it again over there because of a character that is none.
fn shaped<T: DeserializeOwned>(bytes: &[u8]) -> std::result::Result<T, (CallError, Option<Duration>)> {
    let read = serde_json::from_slice(bytes).and_then(|mut value| {
        text::contain_json(&mut value);
        serde_json::from_value(value)
    });
    read.map_err(|error| (CallError::Garbage(error.to_string()), None))
}

/// The sentence of problem+JSON; what else it says may hold anything.
fn detail_of(bytes: &[u8]) -> String {
    let problem: Option<Value> = serde_json::from_slice(bytes).ok();
    let sentence = problem.as_ref().and_then(|value| value.get("detail").or_else(|| value.get("title"))?.as_str());
    text::line(sentence.unwrap_or_default()).chars().take(300).collect()
}
