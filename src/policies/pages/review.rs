//! Page 4 of the wizard: everything at a glance, and to whom it goes.

use actix_web::http::StatusCode;
use askama::Template;
use entity::policies::{Acknowledgement, policy};

use super::{
    short_day,
    wizard::{WizardStep, day_or, wizard_steps},
};
use crate::{
    platform::{
        FieldErrors, Refusal, Tx,
        web::{Answer, Frame, page, page_with},
    },
    policies::{
        access::Reader,
        policy::Verb,
        queries::{self, Opened},
        render::{Document, Marks, render},
    },
    tenancy,
};

#[derive(Template)]
#[template(path = "policies/wizard_4.html")]
struct ReviewPage {
    frame: Frame,
    policy: Option<policy::Model>,
    client: String,
    effective: String,
    /// `15 Dec 2026 to 1 Dec 2027`
    in_force: String,
    deadline: String,
    signers: Vec<String>,
    required: bool,
    missing: Vec<String>,
    hidden: usize,
    document: Document,
    may_submit: bool,
    may_send: bool,
    open_comments: u64,
    note: String,
    errors: FieldErrors,
    /// A rule said no: the sentence and the next step.
    refused: Option<Refusal>,
    steps: Vec<WizardStep>,
}

impl ReviewPage {
    /// Nothing that is incomplete can be sent.
    fn is_incomplete(&self) -> bool {
        !self.missing.is_empty() || (self.required && self.signers.is_empty())
    }
}

fn in_force(row: &policy::Model) -> String {
    let from = short_day(&row.effective_on);
    row.expires_on.as_deref().map_or_else(|| format!("from {from}, no end"), |end| format!("{from} to {}", short_day(end)))
}

/// What came back and is shown again.
#[derive(Default)]
pub(super) struct Returned<'a> {
    pub errors: FieldErrors,
    pub note: &'a str,
    pub refused: Option<Refusal>,
}

pub(super) async fn show(tx: &Tx, frame: Frame, opened: Opened, reader: &Reader, returned: Returned<'_>) -> Answer {
    let Returned { errors, note, refused } = returned;
    let row = &reader.policy;
    let missing = opened.draft.check(&opened.content, &opened.tenant.currency);
    let label = |name: &String| opened.content.variable(name).map_or_else(|| "Sections".to_owned(), |v| v.label.clone());
    let required = row.acknowledgement == Acknowledgement::Required;
    let contacts = tenancy::contacts_of(tx, row.company_id).await?;
    let ids = if required { queries::signers(tx, row).await? } else { Vec::new() };
    let signers = ids.iter().filter_map(|id| contacts.iter().find(|contact| contact.id == *id)).map(|contact| contact.name.clone());
    let status = match &refused {
        Some(refusal) => refusal.status,
        None if errors.is_empty() => StatusCode::OK,
        None => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let shown = ReviewPage {
        frame,
        client: tenancy::company_in(tx, row.company_id).await?.map(|company| company.name).unwrap_or_default(),
        effective: short_day(&row.effective_on),
        in_force: in_force(row),
        deadline: day_or(row.deadline_on.as_deref(), "none"),
        signers: signers.collect(),
        required,
        missing: missing.0.keys().map(label).collect(),
        hidden: opened.draft.placed(&opened.content).iter().filter(|place| place.hidden).count(),
        document: render(&opened.content, &opened.draft, &opened.tenant.currency, Marks::Blanks)?,
        may_submit: reader.can(Verb::Submit),
        may_send: reader.can(Verb::SendToClient),
        open_comments: queries::open_comments(tx, row.id).await?,
        note: note.to_owned(),
        errors,
        refused,
        steps: wizard_steps(Some(row), 4),
        policy: Some(row.clone()),
    };
    if status == StatusCode::OK { page(&shown) } else { page_with(status, &shown) }
}
