//! Page 3: who has to acknowledge it, in which order, until when, and who is told.

use actix_web::http::StatusCode;
use askama::Template;
use entity::{
    policies::{SignerChoice, policy},
    tenancy::contact,
};

use super::{WizardStep, finishes, onward, wizard_steps};
use crate::{
    platform::{
        Error, FieldErrors, Result, Tx,
        web::{Answer, Ask, Fields, Frame, page_with},
    },
    policies::{
        access::{Drafter, Edit, May},
        commands::choose_signers::{Signers, choose_signers},
    },
    tenancy::{self, Caller},
};

/// Page 3 as it is shown.
#[derive(Clone, Debug, Default)]
pub(super) struct SignersForm {
    acknowledgement: String,
    signers: String,
    contacts: Vec<(String, String)>,
    sequential: bool,
    deadline: String,
    reminder: String,
    copies_to: String,
    scroll_to_end: bool,
}

impl SignersForm {
    pub(super) fn of(row: &policy::Model, chosen: Vec<entity::ids::ContactId>) -> Self {
        Self {
            acknowledgement: row.acknowledgement.word().to_owned(),
            signers: row.signers.word().to_owned(),
            contacts: chosen.iter().enumerate().map(|(at, id)| (id.to_string(), (at + 1).to_string())).collect(),
            sequential: row.sequential,
            deadline: row.deadline_on.clone().unwrap_or_default(),
            reminder: row.reminder_days.map(|days| days.to_string()).unwrap_or_default(),
            copies_to: row.copies_to.lines().collect::<Vec<_>>().join(", "),
            scroll_to_end: row.scroll_to_end,
        }
    }

    fn read(fields: &Fields) -> Self {
        let text = |name: &str| fields.get(name).unwrap_or_default().to_owned();
        let place = |contact: &str| text(&format!("place.{contact}"));
        Self {
            acknowledgement: text("acknowledgement"),
            signers: text("signers"),
            contacts: fields.all("contact").map(|contact| (contact.to_owned(), place(contact))).collect(),
            sequential: fields.get("order") == Some("sequential"),
            deadline: text("deadline"),
            reminder: text("reminder"),
            copies_to: text("copies_to"),
            scroll_to_end: fields.get("scroll_to_end").is_some(),
        }
    }
}

struct ContactLine {
    contact: contact::Model,
    chosen: bool,
    place: String,
}

#[derive(Template)]
#[template(path = "policies/wizard_3.html")]
pub(super) struct SignersPage {
    frame: Frame,
    policy: Option<policy::Model>,
    client: String,
    form: SignersForm,
    contacts: Vec<ContactLine>,
    errors: FieldErrors,
    manages: bool,
    steps: Vec<WizardStep>,
}

pub(super) async fn signers_page(
    frame: Frame,
    tx: &Tx,
    caller: &Caller,
    row: policy::Model,
    form: SignersForm,
    errors: FieldErrors,
) -> Result<SignersPage> {
    let contacts = tenancy::contacts_of(tx, row.company_id).await?;
    let line = |contact: contact::Model| {
        let chosen = form.contacts.iter().find(|(id, _)| *id == contact.id.to_string());
        ContactLine { chosen: chosen.is_some(), place: chosen.map(|(_, place)| place.clone()).unwrap_or_default(), contact }
    };
    Ok(SignersPage {
        frame,
        client: tenancy::company_in(tx, row.company_id).await?.map(|company| company.name).unwrap_or_default(),
        contacts: contacts.into_iter().map(line).collect(),
        manages: caller.manages(row.tenant_id),
        steps: wizard_steps(Some(&row), 3),
        policy: Some(row),
        form,
        errors,
    })
}

pub(super) async fn save_signers(ask: Ask<(May<Edit>, Drafter), Fields>) -> Answer {
    let may = &ask.who.0;
    let form = SignersForm::read(&ask.body);
    let mut unread = FieldErrors::default();
    let acknowledgement = form.acknowledgement.parse().unwrap_or_else(|_| {
        unread.add("acknowledgement", "Choose one.");
        may.reader.policy.acknowledgement
    });
    let signers = form.signers.parse().unwrap_or(SignerChoice::All);
    let finish = finishes(&ask.body);
    let input = Signers {
        acknowledgement,
        signers,
        contacts: form.contacts.clone(),
        sequential: form.sequential,
        deadline: form.deadline.clone(),
        reminder: form.reminder.clone(),
        copies_to: form.copies_to.clone(),
        scroll_to_end: form.scroll_to_end,
        finish,
    };
    let mut work = ask.work(may.reader.caller.reach()).await?;
    let done = if finish && !unread.is_empty() { Err(Error::Invalid(unread)) } else { choose_signers(&mut work, may, input).await };
    match done {
        Ok(()) => {
            work.commit().await?;
            onward(&ask.body, &may.reader.policy, 3)
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            let tx = ask.platform().read(may.reader.caller.reach()).await?;
            let shown = signers_page(ask.frame(), &tx, &may.reader.caller, may.reader.policy.clone(), form, errors).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(error) => Err(error),
    }
}
