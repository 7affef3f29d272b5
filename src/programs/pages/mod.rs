//! Admin → API keys: which programs come, what each may, and how to shut one.

use actix_web::http::StatusCode;
use askama::Template;
use entity::{Moment, ids::ApiKeyId, programs::key};

use super::{
    commands::create_key::NewKey,
    create_key,
    key::{LIVES, SCOPES, standing},
    queries, revoke_key,
};
use crate::{
    entrance::Fresh,
    platform::{
        Error, FieldErrors, Platform, Result, random,
        web::{Answer, Ask, Fields, Frame, page, page_with, path_id, see_other},
    },
    tenancy::caller::TenantAdmin,
};

struct Row {
    key: key::Model,
    standing: &'static str,
    scopes: Vec<&'static str>,
    /// It ends within two weeks.
    soon: bool,
}

#[derive(Template)]
#[template(path = "programs/keys.html")]
struct KeysPage {
    frame: Frame,
    tab: &'static str,
    rows: Vec<Row>,
    scopes: &'static [(&'static str, &'static str, &'static str)],
    lives: &'static [(&'static str, &'static str)],
    typed: NewKey,
    errors: FieldErrors,
    /// Shown this once.
    made: Option<(String, String)>,
    /// This form has made its key before.
    made_before: bool,
    rate: u32,
}

impl KeysPage {
    fn chosen(&self, word: &str) -> bool {
        self.typed.scopes.iter().any(|chosen| chosen == word)
    }
}

async fn keys_page(frame: Frame, platform: &Platform, who: &TenantAdmin, typed: NewKey, errors: FieldErrors) -> Result<KeysPage> {
    let now = platform.clock.now();
    let tx = platform.read(who.caller.reach()).await?;
    let rows = queries::keys(&tx, who.tenant)
        .await?
        .into_iter()
        .map(|key| Row {
            standing: standing(&key, now),
            scopes: SCOPES
                .iter()
                .filter(|(word, ..)| key.scopes.split(' ').any(|s| s == *word))
                .map(|(_, label, _)| *label)
                .collect(),
            soon: key.expires_at > now && key.expires_at.since(now) < 14 * Moment::DAY,
            key,
        })
        .collect();
    Ok(KeysPage {
        frame,
        tab: "keys",
        rows,
        scopes: SCOPES,
        lives: LIVES,
        typed,
        errors,
        made: None,
        made_before: false,
        rate: platform.config.api_rate,
    })
}

fn empty_form() -> NewKey {
    NewKey { days: "90".to_owned(), key: random::token(), ..NewKey::default() }
}

pub async fn list(ask: Ask<TenantAdmin>) -> Answer {
    let typed = empty_form();
    page(&keys_page(ask.frame(), &ask.platform(), &ask.who, typed, FieldErrors::default()).await?)
}

/// The page with the key on it, this once: reloaded, it makes no second key and shows none.
pub async fn create(ask: Ask<Fresh<TenantAdmin>, Fields>) -> Answer {
    let text = |name: &str| ask.body.get(name).unwrap_or_default().to_owned();
    let input = NewKey {
        name: text("name"),
        scopes: ask.body.all("scopes").map(str::to_owned).collect(),
        days: text("days"),
        key: text("key"),
    };
    let mut work = ask.work(ask.who.caller.reach()).await?;
    match create_key(&mut work, &ask.who, &input).await {
        Ok(None) => {
            drop(work);
            let mut shown = keys_page(ask.frame(), &ask.platform(), &ask.who, empty_form(), FieldErrors::default()).await?;
            shown.made_before = true;
            page_with(StatusCode::CONFLICT, &shown)
        }
        Ok(Some((_, token))) => {
            work.commit().await?;
            let mut shown = keys_page(ask.frame(), &ask.platform(), &ask.who, empty_form(), FieldErrors::default()).await?;
            shown.made = Some((input.name.trim().to_owned(), token));
            page_with(StatusCode::CREATED, &shown)
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            let shown = keys_page(ask.frame(), &ask.platform(), &ask.who, input, errors).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(error) => Err(error),
    }
}

pub async fn revoke(ask: Ask<TenantAdmin>) -> Answer {
    let id: ApiKeyId = path_id(&ask.request, "key")?;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    revoke_key(&mut work, &ask.who, id).await?;
    work.commit().await?;
    see_other("/admin/api-keys").toast("The key is shut; whoever uses it gets in no more.").answer()
}
