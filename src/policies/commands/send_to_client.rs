//! `→ client_review`: the text is fixed, hashed and handed to signing; the contacts are asked to sign.

use entity::{
    policies::{Acknowledgement, PolicyStatus, policy},
    tenancy::tenant,
};
use sea_orm::Set;

use super::{
    publish,
    step::{complete, line, open, save, take},
};
use crate::{
    audit, identity,
    platform::{Mail, Result, Work, mail::To, secret},
    policies::{
        access::{May, SendToClient},
        events::{PolicySentToClient, PolicyShared},
        jobs::LayOutNotice,
        policy::{Verb, day, day_words, source},
        queries,
        render::{Marks, render},
    },
    signing, tenancy,
};

/// An informational policy needs no signature: it goes straight on to final approval.
pub async fn send_to_client(work: &mut Work, who: &May<SendToClient>) -> Result<()> {
    let (row, next) = take(work, &who.reader, Verb::SendToClient).await?;
    let opened = open(work, &row).await?;
    complete(work, &row, &opened).await?;
    let text = render(&opened.content, &opened.draft, &opened.tenant.currency, Marks::None)?.html();
    let signers = queries::signers(work.read(), &row).await?;
    let mut hash = secret::sha256_hex(text.as_bytes());
    let required = row.acknowledgement == Acknowledgement::Required;
    let now = work.now();
    let mut change: policy::ActiveModel = row.clone().into();
    change.rendered = Set(Some(opened.key.seal("rendered", &text)?));
    change.sent_at = Set(Some(now));
    change.wizard_page = Set(4);
    change.sent_back_at = Set(None);
    if required {
        let envelope = signing::NewEnvelope {
            tenant: row.tenant_id,
            company: row.company_id,
            title: row.title.clone(),
            issuer: opened.tenant.name.clone(),
            text_html: text,
            source: source(row.id),
            version: row.version,
            signers: signers.clone(),
            sequential: row.sequential,
            deadline: row.deadline_on.as_deref().and_then(day).and_then(|day| signing::end_of_day(day, &opened.tenant.zone)),
            scroll_to_end: row.scroll_to_end,
            reminders_days: row.reminder_days,
        };
        let id = signing::send(work, envelope).await?;
        // Signing cleans the text once more; the hash is of the very bytes that are shown.
        hash = signing::envelope(work.read(), id).await?.map_or(hash, |view| view.sha256);
        change.envelope_id = Set(Some(id));
        change.status = Set(next);
    } else {
        change.status = Set(PolicyStatus::FinalApproval);
    }
    change.text_sha256 = Set(Some(hash.clone()));
    let row = save(work, change).await?;
    let sent = line("policy.sent_to_client", &row).with("sha256", hash).with("signers", if required { signers.len() } else { 0 });
    audit::record(work, sent).await?;
    tell_copies(work, &row, &opened.tenant, required).await?;
    let about = queries::about(work.read(), &row).await?;
    work.tell(&PolicySentToClient { about: about.clone() })?;
    if required {
        return Ok(());
    }
    work.enqueue(&LayOutNotice { tenant: row.tenant_id, policy: row.id, published: false }).await?;
    work.tell(&PolicyShared { about, issuer: opened.tenant.name.clone(), contacts: signers })?;
    if row.automatic {
        publish::publish(work, row).await?;
    }
    Ok(())
}

/// Those who are only told, e.g. the client's lawyer: by mail, without the document and without a link into the portal.
async fn tell_copies(work: &mut Work, row: &policy::Model, tenant: &tenant::Model, required: bool) -> Result<()> {
    let copies: Vec<String> = row.copies_to.lines().map(str::to_owned).collect();
    if copies.is_empty() {
        return Ok(());
    }
    let client = tenancy::company_in(work.read(), row.company_id).await?.map(|company| company.name).unwrap_or_default();
    let names = queries::signer_names(work.read(), row).await?.join(", ");
    let asked = if required { format!("to be signed by {names}") } else { "for information; no signature is asked for".to_owned() };
    let deadline = row.deadline_on.as_deref().and_then(day).filter(|_| required);
    let deadline = deadline.map(|day| format!(" It is due on {}.", day_words(day))).unwrap_or_default();
    let subject = format!("{}: “{}” was sent to {client}", tenant.name, row.title);
    for email in copies {
        let paragraphs = [
            "Hello,".to_owned(),
            format!("{} sent “{}”, version {}, to {client}, {asked}.{deadline}", tenant.name, row.title, row.version),
            format!(
                "You are named to be told of it, for example as the client's lawyer. There is nothing for you to sign. The document is not attached: \
                 for a copy ask {} at {client}.",
                if names.is_empty() { "your contact" } else { &names }
            ),
        ];
        let to = To { realm: &identity::portal_realm(tenant.id), name: &email, email: &email };
        let mail = Mail::letter(work.id(), to, &tenancy::look(tenant), &subject, &paragraphs, None)?;
        work.enqueue(&mail).await?;
    }
    Ok(())
}
