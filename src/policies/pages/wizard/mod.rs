//! The wizard: four pages, each saved when it is sent, so that closing the browser loses nothing. The fourth is `review.rs`.

mod client;
mod signers;
mod values;

use entity::policies::policy;

pub use self::client::{create, existing, new};
use self::{
    client::{BasicsForm, client_page, save_client},
    signers::{SignersForm, save_signers, signers_page},
    values::{save_values, values_page},
};
use super::{review::Returned, short_day};
use crate::{
    platform::{
        Error, FieldErrors,
        web::{Answer, Ask, Fields, page, path_id, see_other},
    },
    policies::{
        access::{Drafter, Edit, May, state},
        policy::{Verb, step},
        queries,
    },
};

/// One of the four pages, for the steps above them.
pub(in crate::policies::pages) struct WizardStep {
    pub label: &'static str,
    pub href: Option<String>,
    pub done: bool,
    pub current: bool,
}

/// Finished pages and the one after them can be gone to.
pub(in crate::policies::pages) fn wizard_steps(row: Option<&policy::Model>, page: i32) -> Vec<WizardStep> {
    let done = row.map_or(0, |row| row.wizard_page);
    let step = |(number, label): (i32, &'static str)| WizardStep {
        label,
        href: row.filter(|_| number != page && number <= done + 1).map(|row| format!("/legal/policies/{}/wizard/{number}", row.id)),
        done: number <= done,
        current: number == page,
    };
    (1..).zip(["Client", "Details", "Acknowledgement", "Review and send"]).map(step).collect()
}

/// GET of pages 1 to 4; whoever comes to a policy that has moved on sees the policy.
pub async fn show(ask: Ask<(May<Edit>, Drafter)>) -> Answer {
    let number: u8 = path_id(&ask.request, "page")?;
    let (may, drafter) = &ask.who;
    let row = may.reader.policy.clone();
    if step(state(&row), Verb::Edit).is_err() {
        return see_other(format!("/legal/policies/{}", row.id)).answer();
    }
    let platform = ask.platform();
    let tx = platform.read(may.reader.caller.reach()).await?;
    let frame = ask.frame();
    match number {
        1 => {
            let form = BasicsForm::of(&row);
            page(&client_page(&platform, &tx, frame, drafter, Some(row), form, FieldErrors::default()).await?)
        }
        2 => page(&values_page(frame, &tx, queries::open(&platform, &tx, &row).await?, row, FieldErrors::default()).await?),
        3 => {
            let form = SignersForm::of(&row, queries::chosen(&tx, row.id).await?);
            page(&signers_page(frame, &tx, &may.reader.caller, row, form, FieldErrors::default()).await?)
        }
        4 => {
            let opened = queries::open(&platform, &tx, &row).await?;
            super::review::show(&tx, frame, opened, &may.reader, Returned::default()).await
        }
        _ => Err(Error::NotFound),
    }
}

pub async fn save(ask: Ask<(May<Edit>, Drafter), Fields>) -> Answer {
    match path_id::<u8>(&ask.request, "page")? {
        1 => save_client(ask).await,
        2 => save_values(ask).await,
        3 => save_signers(ask).await,
        _ => Err(Error::NotFound),
    }
}

/// Where the button leads after the page was saved.
fn onward(fields: &Fields, row: &policy::Model, page: u8) -> Answer {
    let to = |page: u8| see_other(format!("/legal/policies/{}/wizard/{page}", row.id)).answer();
    match fields.get("go") {
        Some("back") => to(page - 1),
        Some("preview") => see_other(format!("/legal/policies/{}/wizard/{page}#preview", row.id)).answer(),
        Some("save") => see_other(format!("/legal/policies/{}", row.id)).toast("Draft saved.").answer(),
        _ => to(page + 1),
    }
}

/// Only "Next" needs the page to be complete.
fn finishes(fields: &Fields) -> bool {
    !matches!(fields.get("go"), Some("back" | "preview" | "save")) && fields.get("draft").is_none()
}

/// A day as the review page says it.
pub(in crate::policies::pages) fn day_or(text: Option<&str>, none: &str) -> String {
    text.map_or_else(|| none.to_owned(), short_day)
}
