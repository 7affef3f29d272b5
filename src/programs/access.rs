//! Who comes with a key, and what it was made for; only this file makes the witnesses.
//!
//! | who | sees |
//! |---|---|
//! | a program with a live key | of its own MSP what the key was made for |
//! | owner, admin in a browser | the same lists, all of them; nothing to write: their pages do that |
//! | other staff | 403 |
//! | everybody else signed in | nothing: 404 |

use std::{collections::BTreeSet, marker::PhantomData, sync::Arc};

use actix_web::{HttpMessage, HttpRequest, guard::GuardContext, http::StatusCode};
use entity::{
    Moment, Reach,
    ids::{ApiKeyId, TenantId},
};

use super::{
    commands::touch_key::touch_key,
    key::{SCOPES, Scope, scopes_of, standing},
    queries,
};
use crate::{
    platform::{
        Actor, Error, Refusal, Result,
        pace::Pace,
        web::{self, Prove, guard},
    },
    tenancy::{Caller, caller::TenantAdmin},
};

/// A program of the MSP's.
#[derive(Clone, Debug)]
pub struct Program {
    /// None for an owner or admin who looks from a browser.
    pub key: Option<ApiKeyId>,
    pub tenant: TenantId,
    /// As the audit log and comments name it.
    pub name: String,
    scopes: BTreeSet<&'static str>,
}

impl Program {
    pub fn reach(&self) -> Reach {
        Reach::Tenants(vec![self.tenant])
    }

    /// The program whose key this request brought.
    pub fn with_key(request: &HttpRequest) -> Option<Arc<Self>> {
        request.extensions().get::<Arc<Self>>().cloned()
    }

    fn of(request: &HttpRequest) -> Result<Arc<Self>> {
        if let Some(program) = Self::with_key(request) {
            return Ok(program);
        }
        let Ok(caller) = Caller::of(request) else {
            return Err(Refusal::new(
                "api_key_needed",
                "This address takes an API key.",
                "Send Authorization: Bearer olk_\u{2026}; an owner or admin makes one at Admin \u{2192} API keys.",
            )
            .status(StatusCode::UNAUTHORIZED)
            .into());
        };
        let admin = TenantAdmin::of(caller)?;
        let scopes = SCOPES.iter().map(|(word, ..)| *word).filter(|word| word.ends_with(":read")).collect();
        Ok(Arc::new(Self { key: None, tenant: admin.tenant, name: admin.caller.name.clone(), scopes }))
    }
}

/// A program that may do this one thing.
#[derive(Clone, Debug)]
pub struct May<S> {
    pub program: Arc<Program>,
    scope: PhantomData<S>,
}

impl<S> std::ops::Deref for May<S> {
    type Target = Program;

    fn deref(&self) -> &Program {
        &self.program
    }
}

impl<S: Scope> Prove for May<S> {
    async fn prove(request: &HttpRequest) -> Result<Self> {
        let program = Program::of(request)?;
        if !program.scopes.contains(S::WORD) {
            return Err(Refusal::new(
                "scope_missing",
                format!("This needs an API key with the scope {}.", S::WORD),
                "Make a key with this scope at Admin \u{2192} API keys, and shut the old one.",
            )
            .status(StatusCode::FORBIDDEN)
            .into());
        }
        Ok(Self { program, scope: PhantomData })
    }
}

/// Routes that answer people in one way and programs in another: this is for the programs.
pub fn by_key(context: &GuardContext<'_>) -> bool {
    guard::brings_key(context.head().uri.path(), context.head().headers())
}

/// How often each key came.
#[derive(Default)]
struct Paces(Pace);

/// Puts the [`Program`] and its [`Actor`] into a request that brings a key; no session is looked at.
pub async fn identify(request: &HttpRequest) -> Result<()> {
    let platform = web::platform(request);
    let now = platform.clock.now();
    let refused = |code: &'static str, sentence: &'static str| -> Error {
        let next = "An owner or admin makes one at Admin \u{2192} API keys; it is sent as Authorization: Bearer olk_\u{2026}.";
        Refusal::new(code, sentence, next).status(StatusCode::UNAUTHORIZED).into()
    };
    let token = guard::bearer(request.headers()).unwrap_or_default();
    let row = {
        let tx = platform.read(Reach::Everything("whose key this is")).await?;
        queries::by_token(&tx, token).await?.ok_or_else(|| refused("bad_api_key", "There is no such API key."))?
    };
    match standing(&row, now) {
        "revoked" => return Err(refused("api_key_revoked", "This API key was shut.")),
        "expired" => return Err(refused("api_key_expired", "This API key has expired.")),
        _ => {}
    }
    if let Err(wait) = platform.shared::<Paces>().0.pass(now, &row.id.to_string(), platform.config.api_rate) {
        return Err(Refusal::new(
            "rate_limited",
            format!("More than {} requests came with this key within a minute.", platform.config.api_rate),
            format!("Wait {wait} seconds, then go on more slowly."),
        )
        .status(StatusCode::TOO_MANY_REQUESTS)
        .retry_after(wait)
        .into());
    }
    if row.last_used_at.is_none_or(|at| now.since(at) >= Moment::MINUTE) {
        touch_key(&platform, row.id, row.tenant_id).await?;
    }
    let name = format!("{} (API key)", row.name);
    request.extensions_mut().insert(Actor { name: name.clone(), method: "api_key".to_owned(), ..Actor::default() });
    let scopes = scopes_of(&row.scopes);
    request.extensions_mut().insert(Arc::new(Program { key: Some(row.id), tenant: row.tenant_id, name, scopes }));
    Ok(())
}
