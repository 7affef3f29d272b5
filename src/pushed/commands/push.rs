//! Takes a document for signature; the same `external_id` again is the same document.

use actix_web::http::StatusCode;
use entity::{
    ids::{CompanyId, ContactId, PushedId, TenantId},
    pushed::document,
    tenancy::{AliasKind, company, tenant},
};
use sea_orm::{ActiveModelTrait, Set, SqlErr};
use serde::{Deserialize, Serialize};

use crate::{
    audit, identity,
    platform::{Error, FieldErrors, Refusal, Result, Work, secret},
    pushed::queries,
    signing::{self, NewEnvelope},
    tenancy,
};

/// Who is to sign: a contact of the client's, by their e-mail.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct PushedSigner {
    pub email: String,
}

/// What is pushed.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Push {
    /// Slug of the MSP here.
    pub tenant: String,
    /// The client here: our id of it …
    #[serde(default)]
    pub company_id: Option<CompanyId>,
    /// … or the number by which the Hub and the PSA know it.
    #[serde(default)]
    pub company_number: Option<String>,
    /// The sender's own name of the document.
    pub external_id: String,
    pub title: String,
    /// HTML.
    pub text_html: String,
    /// In signing order.
    pub signers: Vec<PushedSigner>,
    /// Who asks, as the signer reads it; the MSP where left out.
    #[serde(default)]
    pub issuer: Option<String>,
    #[serde(default)]
    pub sequential: bool,
    /// `2026-03-31`
    #[serde(default)]
    pub deadline: Option<String>,
    #[serde(default)]
    pub reminder_days: Option<i32>,
    #[serde(default)]
    pub scroll_to_end: Option<bool>,
}

/// Signers of one document.
const MOST_SIGNERS: usize = 50;

fn unknown(code: &'static str, sentence: String, next: &'static str) -> Error {
    Refusal::new(code, sentence, next).status(StatusCode::UNPROCESSABLE_ENTITY).into()
}

/// The document, and whether it is new.
pub async fn push(work: &mut Work, tenant: &tenant::Model, input: &Push) -> Result<(document::Model, bool)> {
    let content = secret::sha256_hex(serde_json::to_string(input)?.as_bytes());
    if let Some(row) = queries::by_external_id(work.read(), tenant.id, &input.external_id).await? {
        if row.content != content {
            return Err(Refusal::new(
                "external_id_reused",
                "A document of this external_id was pushed before, with another content.",
                "Give what is new an external_id of its own; what was sent for signature does not change.",
            )
            .into());
        }
        work.counts_as_audited("it was pushed before; nothing changes");
        return Ok((row, false));
    }
    let deadline = check(input)?.and_then(|day| signing::end_of_day(day, &tenant.zone));
    let company = client(work, tenant.id, input).await?;
    let signers = contacts(work, &company, input).await?;
    let id: PushedId = work.id();
    let envelope = NewEnvelope {
        tenant: tenant.id,
        company: company.id,
        title: input.title.trim().to_owned(),
        issuer: input.issuer.as_deref().map(str::trim).filter(|name| !name.is_empty()).unwrap_or(&tenant.name).to_owned(),
        text_html: input.text_html.clone(),
        source: queries::source(id),
        version: 1,
        signers,
        sequential: input.sequential,
        deadline,
        scroll_to_end: input.scroll_to_end.unwrap_or(true),
        reminders_days: input.reminder_days,
    };
    let envelope = signing::send(work, envelope).await?;
    let row = document::ActiveModel {
        id: Set(id),
        tenant_id: Set(tenant.id),
        company_id: Set(company.id),
        external_id: Set(input.external_id.clone()),
        content: Set(content),
        title: Set(input.title.trim().to_owned()),
        envelope_id: Set(envelope),
        pushed_at: Set(work.now()),
    };
    let row = row.insert(work.write()).await.map_err(|error| match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            let next = "Send it again: the answer is the one document.";
            Error::from(Refusal::new("same_moment", "The same document is being pushed at this very moment.", next))
        }
        _ => error.into(),
    })?;
    let line = audit::Line::new("document.pushed", format!("pushed:{id}"))
        .tenant(tenant.id)
        .with("external_id", input.external_id.clone())
        .with("envelope", envelope.to_string());
    audit::record(work, line).await?;
    Ok((row, true))
}

/// What is wrong with it by itself; the day of the deadline.
fn check(input: &Push) -> Result<Option<time::Date>> {
    let mut errors = FieldErrors::default();
    let fits =
        |text: &str, most: usize| !text.trim().is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control);
    if !fits(&input.external_id, 200) {
        errors.add("external_id", "Give your own name of the document, up to 200 characters.");
    }
    if !fits(&input.title, 200) {
        errors.add("title", "Give a title, up to 200 characters.");
    }
    if input.issuer.as_deref().is_some_and(|name| !name.is_empty() && !fits(name, 160)) {
        errors.add("issuer", "Keep the issuer within 160 characters.");
    }
    if input.signers.is_empty() || input.signers.len() > MOST_SIGNERS {
        errors.add("signers", format!("Name 1 to {MOST_SIGNERS} people who sign."));
    }
    if input.reminder_days.is_some_and(|days| !(0..=60).contains(&days)) {
        errors.add("reminder_days", "Give days from 0 to 60.");
    }
    let day = time::macros::format_description!("[year]-[month]-[day]");
    let deadline = input.deadline.as_deref().map(|text| time::Date::parse(text, day));
    if matches!(deadline, Some(Err(_))) {
        errors.add("deadline", "Give a day, e.g. 2026-03-31.");
    }
    errors.check()?;
    Ok(deadline.and_then(std::result::Result::ok))
}

async fn client(work: &Work, tenant: TenantId, input: &Push) -> Result<company::Model> {
    let tx = work.read();
    let id = match (input.company_id, input.company_number.as_deref()) {
        (Some(id), _) => Some(id),
        (None, Some(number)) => {
            tenancy::alias(tx, tenant, AliasKind::Company, number.trim()).await?.map(|row| CompanyId(row.about))
        }
        (None, None) => return Err(Error::invalid("company_id", "Name the client: company_id, or company_number.")),
    };
    let company = match id {
        Some(id) => tenancy::company_in(tx, id).await?.filter(|row| row.tenant_id == tenant),
        None => None,
    };
    company.ok_or_else(|| {
        unknown(
            "unknown_company",
            format!("{} has no client of this id or number.", input.tenant),
            "Add the client there, or enter its number at Admin \u{2192} Clients; then push again.",
        )
    })
}

async fn contacts(work: &Work, company: &company::Model, input: &Push) -> Result<Vec<ContactId>> {
    let known = tenancy::contacts_of(work.read(), company.id).await?;
    let (mut found, mut missing) = (Vec::new(), Vec::new());
    for signer in &input.signers {
        let email = identity::normalise(&signer.email);
        match known.iter().find(|row| row.email == email) {
            Some(row) => found.push(row.id),
            None => missing.push(signer.email.clone()),
        }
    }
    if missing.is_empty() {
        return Ok(found);
    }
    Err(unknown(
        "unknown_contact",
        format!("{} has no contact with the address {}.", company.name, missing.join(", ")),
        "Add them at Admin \u{2192} Clients \u{2192} company, then push again.",
    ))
}
