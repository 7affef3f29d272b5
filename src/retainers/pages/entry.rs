//! `/legal/hours/{entry}`: correcting an entry, writing it off, taking that back.

use actix_web::http::StatusCode;
use askama::Template;
use entity::{ids::MatterId, retainers::time_entry};

use crate::{
    matters,
    platform::{
        Error, FieldErrors, Platform, Result,
        web::{Answer, Ask, Form, Frame, page, page_with, see_other},
    },
    retainers::{access::EntryOwner, crypt, edit_hours, hours_form::HoursForm, minutes, queries, write_off},
};

#[derive(Template)]
#[template(path = "retainers/entry.html")]
struct EntryPage {
    frame: Frame,
    entry: time_entry::Model,
    form: HoursForm,
    matters: Vec<(MatterId, String)>,
    errors: FieldErrors,
    back: String,
}

/// Where the entry is read: its matter, or the log of its retainer for those who see retainers.
async fn back(platform: &Platform, who: &EntryOwner) -> Result<String> {
    let tx = platform.read(who.caller.reach()).await?;
    let retainer = crate::retainers::RetainerViewer::of(&tx, std::sync::Arc::clone(&who.caller), who.entry.retainer_id).await;
    Ok(match (retainer, who.entry.matter_id) {
        (Ok(_), _) => format!("/legal/retainers/{}/hours", who.entry.retainer_id),
        (Err(_), Some(matter)) => format!("/legal/matters/{matter}/hours"),
        (Err(_), None) => "/legal/matters".to_owned(),
    })
}

async fn entry_page(
    platform: &Platform,
    frame: Frame,
    who: &EntryOwner,
    form: HoursForm,
    errors: FieldErrors,
) -> Result<EntryPage> {
    let back = back(platform, who).await?;
    let tx = platform.read(who.caller.reach()).await?;
    let matters = matters::visible_in(&tx, &who.caller, who.entry.tenant_id).await?;
    Ok(EntryPage { frame, entry: who.entry.clone(), form, matters, errors, back })
}

pub async fn form(ask: Ask<EntryOwner>) -> Answer {
    let platform = ask.platform();
    let entry = &ask.who.entry;
    let tx = platform.read(ask.who.caller.reach()).await?;
    let readable = queries::may_read(&tx, &ask.who.caller, entry).await?;
    drop(tx);
    let typed = HoursForm {
        worked_on: entry.worked_on.clone(),
        time: minutes::words(entry.minutes),
        matter: entry.matter_id.map(|matter| matter.to_string()).unwrap_or_default(),
        description: if readable { crypt::open(&platform, entry)? } else { String::new() },
    };
    page(&entry_page(&platform, ask.frame(), &ask.who, typed, FieldErrors::default()).await?)
}

pub async fn save(ask: Ask<EntryOwner, Form<HoursForm>>) -> Answer {
    let platform = ask.platform();
    let typed = ask.body.0.clone();
    let saved = async {
        let input = typed.read(ask.who.entry.retainer_id)?;
        let mut work = ask.work(ask.who.caller.reach()).await?;
        edit_hours(&mut work, &ask.who, input).await?;
        work.commit().await
    };
    match saved.await {
        Ok(()) => see_other(back(&platform, &ask.who).await?).toast("Corrected").answer(),
        Err(Error::Invalid(errors)) => {
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &entry_page(&platform, ask.frame(), &ask.who, typed, errors).await?)
        }
        Err(other) => Err(other),
    }
}

pub async fn off(ask: Ask<EntryOwner>) -> Answer {
    set(ask, true, "Written off: it is not counted. Undo stands beside its line").await
}

pub async fn restore(ask: Ask<EntryOwner>) -> Answer {
    set(ask, false, "It counts again").await
}

async fn set(ask: Ask<EntryOwner>, off: bool, words: &str) -> Answer {
    let mut work = ask.work(ask.who.caller.reach()).await?;
    write_off(&mut work, &ask.who, off).await?;
    work.commit().await?;
    let back = back(&ask.platform(), &ask.who).await?;
    see_other(format!("{back}#entry-{}", ask.who.entry.id)).toast(words).answer()
}
