//! `/legal/kept/{id}` and `/portal/kept/{id}`: what was typed when the session had ended, to be looked at and sent again.

use askama::Template;
use entity::{Moment, ids::KeptFormId};

use crate::{
    entrance::access::Oneself,
    identity::{self, KeptForm, cookie},
    platform::{
        Error, Result,
        web::{Answer, Ask, Frame, answer::own_path, page, path_id, see_other},
    },
};

/// How a field is shown again.
enum Shown {
    /// As it was: nothing a person typed.
    Hidden,
    Line,
    Text,
}

struct FieldRow {
    /// `kept-3`
    id: String,
    name: String,
    label: String,
    value: String,
    shown: Shown,
}

impl FieldRow {
    fn hidden(&self) -> bool {
        matches!(self.shown, Shown::Hidden)
    }

    fn long(&self) -> bool {
        matches!(self.shown, Shown::Text)
    }
}

struct Kept {
    base: &'static str,
    id: KeptFormId,
    path: String,
    multipart: bool,
    fields: Vec<FieldRow>,
    files: Vec<FieldRow>,
    until: Moment,
    /// Sent without a session, not without a fresh proof.
    signed_out: bool,
}

#[derive(Template)]
#[template(path = "entrance/kept_firm.html")]
struct FirmKept {
    frame: Frame,
    k: Kept,
}

#[derive(Template)]
#[template(path = "entrance/kept_portal.html")]
struct PortalKept {
    frame: Frame,
    k: Kept,
}

fn base(one: &Oneself) -> &'static str {
    if one.caller.is_client() { "/portal/kept" } else { "/legal/kept" }
}

/// `effective_date` → `Effective date`
fn label(name: &str) -> String {
    let words: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut letters = words.chars();
    letters.next().map_or_else(|| "Field".to_owned(), |first| first.to_uppercase().chain(letters).collect())
}

fn shown(name: &str, value: &str) -> Shown {
    let technical = value.is_empty()
        || uuid::Uuid::parse_str(value).is_ok()
        || (value.len() >= 32 && value.chars().all(|c| c.is_ascii_hexdigit()))
        || ["id", "version", "seq", "key"].iter().any(|word| name == *word || name.ends_with(&format!("_{word}")));
    if technical {
        Shown::Hidden
    } else if value.contains('\n') || value.chars().count() > 100 {
        Shown::Text
    } else {
        Shown::Line
    }
}

fn rows(pairs: Vec<(String, String)>, prefix: &str) -> Vec<FieldRow> {
    pairs
        .into_iter()
        .enumerate()
        .map(|(n, (name, value))| FieldRow {
            id: format!("{prefix}-{n}"),
            label: label(&name),
            shown: shown(&name, &value),
            name,
            value,
        })
        .collect()
}

/// One's own kept form, kept for this browser, and until when.
async fn mine(ask: &Ask<Oneself>, id: KeptFormId) -> Result<(KeptForm, Moment)> {
    let platform = ask.platform();
    let token = cookie::kept_token(&ask.request, &platform.config).ok_or(Error::NotFound)?;
    identity::kept_form(&platform, ask.who.caller.account, &token, id).await?.ok_or(Error::NotFound)
}

pub async fn show(ask: Ask<Oneself>) -> Answer {
    let id: KeptFormId = path_id(&ask.request, "id")?;
    let (kept, until) = mine(&ask, id).await?;
    let base = base(&ask.who);
    // Kept is only what came to an address of ours; shown is it only while it is one.
    let path = own_path(Some(&kept.path), "").to_owned();
    if path.is_empty() {
        return Err(Error::NotFound);
    }
    let k = Kept {
        base,
        id,
        path,
        multipart: kept.form.multipart,
        fields: rows(kept.form.fields, "kept"),
        files: rows(kept.form.files, "kept-file"),
        until,
        signed_out: ask.who.me.session.created_at >= until.plus(-identity::KEPT_FOR),
    };
    if ask.who.caller.is_client() { page(&PortalKept { frame: ask.frame(), k }) } else { page(&FirmKept { frame: ask.frame(), k }) }
}

pub async fn discard(ask: Ask<Oneself>) -> Answer {
    let id: KeptFormId = path_id(&ask.request, "id")?;
    mine(&ask, id).await?;
    let platform = ask.platform();
    identity::forget_form(&platform, ask.who.caller.account, id).await?;
    platform.tripwire.audited(&crate::platform::web::request_id(&ask.request));
    see_other(ask.who.caller.home()).toast("Discarded.").answer()
}
