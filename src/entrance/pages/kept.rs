//! `/legal/kept/{id}` and `/portal/kept/{id}`: what was typed when the session had ended, to be looked at and sent again.

use askama::Template;
use entity::{Moment, ids::KeptFormId, tenancy::AccessLevel};

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
    /// Chosen, not written: in words, and sent as it was.
    Chosen(String),
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

    fn chosen(&self) -> Option<&str> {
        match &self.shown {
            Shown::Chosen(words) => Some(words),
            _ => None,
        }
    }

    fn long(&self) -> bool {
        matches!(self.shown, Shown::Text)
    }
}

/// `/portal/kept/{id}?now`: straight from the proof that the form waited for.
pub const NOW: &str = "now";

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
    /// The proof was given this very moment, and nothing else kept it from being done: it goes on by itself.
    send_now: bool,
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

/// What a field is called on its own page, where its name alone does not tell.
const LABELS: &[(&str, &str)] = &[
    ("access", "May see"),
    ("css", "CSS"),
    ("csv", "Rows"),
    ("days", "It lives for, in days"),
    ("email", "E-mail"),
    ("host", "Host name"),
    ("sign_proof", "Ask for a proof before a signature"),
    ("typed_name", "Full legal name"),
    ("url", "Address"),
    ("verified", "How you verified who this is"),
    ("which", "What is sent"),
];

/// What is chosen from a list or ticked: nobody types `company_admin`.
const CHOSEN: &[&str] = &[
    "access",
    "category",
    "consent",
    "days",
    "events",
    "invite",
    "kind",
    "mail",
    "priority",
    "role",
    "scopes",
    "sign_proof",
    "status",
    "type",
    "urgency",
    "which",
];

/// Which of several buttons was pressed, and where on a page one was: not to be looked at.
const MACHINERY: &[&str] = &["action", "consent_version", "next", "step", "tab"];

/// `effective_date` → `Effective date`
fn label(name: &str) -> String {
    if let Some((_, label)) = LABELS.iter().find(|(known, _)| *known == name) {
        return (*label).to_owned();
    }
    words(name)
}

/// `company_admin` → `Company admin`
fn words(name: &str) -> String {
    let words: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut letters = words.chars();
    letters.next().map_or_else(|| "Field".to_owned(), |first| first.to_uppercase().chain(letters).collect())
}

/// A choice as its list says it.
fn choice(name: &str, value: &str) -> String {
    match (name, value) {
        (_, "true") => "Yes".to_owned(),
        ("which", "all") => "Everything".to_owned(),
        ("which", "some") => "Only these".to_owned(),
        ("access", level) => level.parse::<AccessLevel>().map_or_else(|_| words(level), |level| level.label().to_owned()),
        _ => words(value),
    }
}

fn shown(name: &str, value: &str) -> Shown {
    let technical = value.is_empty()
        || MACHINERY.contains(&name)
        || uuid::Uuid::parse_str(value).is_ok()
        || (value.len() >= 32 && value.chars().all(|c| c.is_ascii_hexdigit()))
        || ["id", "version", "seq", "key"].iter().any(|word| name == *word || name.ends_with(&format!("_{word}")));
    if technical {
        Shown::Hidden
    } else if CHOSEN.contains(&name) {
        Shown::Chosen(choice(name, value))
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
    let signed_out = ask.who.me.session.created_at >= until.plus(-identity::KEPT_FOR);
    let now = ask.platform().clock.now();
    let k = Kept {
        base,
        id,
        // Files are to be chosen again, and nobody's signature is given but by their own hand.
        send_now: ask.request.query_string() == NOW
            && !signed_out
            && identity::is_fresh(&ask.who.me, now)
            && kept.form.files.is_empty()
            && !path.ends_with("/sign"),
        path,
        multipart: kept.form.multipart,
        fields: rows(kept.form.fields, "kept"),
        files: rows(kept.form.files, "kept-file"),
        until,
        signed_out,
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
