//! Opens a matter with its conversation. The same opener with the same key gets the same matter, however often.

use entity::{
    ids::{CompanyId, MatterId, TenantId},
    matters::{MatterKind, MatterStatus, Urgency, matter},
};
use sea_orm::{ActiveModelTrait, Set};

use super::{participation, step};
use crate::{
    audit,
    matters::{
        MatterOpener, crypt, events,
        matter::{check_description, check_title, clean_title},
        queries,
    },
    messaging,
    platform::{Error, FieldErrors, Result, Work},
    tenancy,
};

#[derive(Clone, Debug)]
pub struct OpenMatter {
    /// Made before, so that attachments can belong to it while they come in.
    pub id: MatterId,
    pub tenant: TenantId,
    pub company: Option<CompanyId>,
    pub title: String,
    pub kind: MatterKind,
    pub urgency: Urgency,
    pub description: String,
    /// The opener's own key of this opening (`Idempotency-Key`, or the form's).
    pub key: String,
}

impl OpenMatter {
    /// What is wrong with it, told before attachments are read.
    pub async fn check(&self, tx: &crate::platform::Tx, opener: &MatterOpener) -> Result<()> {
        if !opener.tenants.contains(&self.tenant) {
            return Err(Error::NotFound);
        }
        let mut errors = FieldErrors::default();
        check_title(&clean_title(&self.title), &mut errors);
        check_description(self.description.trim(), &mut errors);
        match self.company {
            None if self.kind != MatterKind::General => {
                errors.add("company", "Choose the client; only a general matter may be without one.")
            }
            Some(company) if tenancy::company_in(tx, company).await?.is_none_or(|row| row.tenant_id != self.tenant) => {
                errors.add("company", "Choose one of the clients in the list.");
            }
            _ => {}
        }
        errors.check()
    }
}

/// The matter, and whether it is new.
pub async fn open(work: &mut Work, opener: &MatterOpener, input: OpenMatter) -> Result<(MatterId, bool)> {
    if let Some(id) = queries::opened_with(work.read(), opener.caller.account, &input.key).await? {
        work.counts_as_audited("the matter was opened before; nothing changes");
        return Ok((id, false));
    }
    input.check(work.read(), opener).await?;
    let title = clean_title(&input.title);
    let conversation = messaging::open_conversation(work, input.tenant, &title).await?;
    messaging::show_at(work, conversation, &format!("/legal/matters/{}", input.id)).await?;
    if let Some(company) = input.company {
        messaging::about_client(work, conversation, company).await?;
    }
    let (data_key_id, description) = crypt::seal_description(work, input.tenant, input.id, input.description.trim()).await?;
    let now = work.now();
    let row = matter::ActiveModel {
        id: Set(input.id),
        tenant_id: Set(input.tenant),
        company_id: Set(input.company),
        title: Set(title),
        kind: Set(input.kind),
        urgency: Set(input.urgency),
        status: Set(MatterStatus::Open),
        data_key_id: Set(data_key_id),
        description: Set(description),
        conversation_id: Set(conversation),
        opened_by: Set(opener.caller.account),
        opened_by_name: Set(opener.caller.name.clone()),
        claimed_by: Set(None),
        claimed_by_name: Set(None),
        opening_key: Set(input.key),
        opened_at: Set(now),
        claimed_at: Set(None),
        resolved_at: Set(None),
        closed_at: Set(None),
        updated_at: Set(now),
    }
    .insert(work.write())
    .await?;
    participation::enter(work, &row, &participation::oneself(&opener.caller, &row)).await?;
    let words = format!("{} opened the matter", opener.caller.name);
    messaging::post_status(work, conversation, &words).await?;
    let line = audit::Line::new("matter.opened", format!("matter:{}", row.id))
        .tenant(row.tenant_id)
        .with("kind", row.kind.word())
        .with("urgency", row.urgency.word());
    audit::record(work, line).await?;
    let about = step::about(work, &row).await?;
    work.tell(&events::MatterOpened { about })?;
    Ok((row.id, true))
}
