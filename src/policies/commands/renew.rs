//! A new version of a published policy, pre-filled; or a new start after a cancelled one. The old one stays in force until the
//! new one is published.

use entity::{
    ids::PolicyId,
    policies::{PolicyStatus, policy, signer},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, PaginatorTrait, QueryFilter, Set};

use super::step::{line, open, take};
use crate::{
    audit,
    platform::{Refusal, Result, Work},
    policies::{
        access::{May, Renew},
        crypt,
        policy::{Verb, day, today},
        queries,
    },
};

pub async fn renew(work: &mut Work, who: &May<Renew>) -> Result<PolicyId> {
    let (old, _) = take(work, &who.reader, Verb::Renew).await?;
    let renewal = old.status == PolicyStatus::Published;
    if renewal && open_successors(work, old.id).await? > 0 {
        return Err(Refusal::new(
            "renewal_open",
            "A new version of it is being made already.",
            "Carry on with that one; it is in the list.",
        )
        .into());
    }
    let opened = open(work, &old).await?;
    let template = queries::template(work.read(), old.template_id).await?;
    let id: PolicyId = work.id();
    let data_key_id = crypt::new_key(work, old.tenant_id, id).await?;
    let key = crypt::key(work.platform(), work.read(), id, data_key_id).await?;
    let now = work.now();
    let today = today(&opened.tenant.zone, now);
    // It goes on from the day the old one ends, if that is still to come.
    let start = old.expires_on.as_deref().and_then(day).filter(|end| renewal && *end > today).unwrap_or(today);
    let mut draft = opened.draft.clone();
    if draft.value("effective_date") == old.effective_on {
        draft.set("effective_date", &start.to_string());
    }
    // The newest published version of its template; where there is none any more, the one it was made of.
    let newest = template.as_ref().and_then(|template| template.published_version_id).unwrap_or(old.template_version_id);
    if newest != old.template_version_id {
        draft.layout.clear();
    }
    let mut row: policy::ActiveModel = old.clone().into();
    row.id = Set(id);
    row.template_version_id = Set(newest);
    row.version = Set(if renewal { old.version + 1 } else { old.version });
    row.status = Set(PolicyStatus::Draft);
    row.effective_on = Set(start.to_string());
    row.expires_on = Set(None);
    row.deadline_on = Set(None);
    row.wizard_page = Set(1);
    row.data_key_id = Set(data_key_id);
    row.draft = Set(key.seal("draft", &draft)?);
    row.supersedes_id = Set(if renewal { Some(old.id) } else { old.supersedes_id });
    row.created_by = Set(who.reader.caller.account);
    row.created_by_name = Set(who.reader.caller.name.clone());
    (row.created_at, row.updated_at) = (Set(now), Set(now));
    row.notice_id = Set(None);
    (row.rendered, row.text_sha256, row.envelope_id, row.reason) = (Set(None), Set(None), Set(None), Set(None));
    (row.submitted_at, row.sent_back_at, row.approved_at, row.approved_by_name) = (Set(None), Set(None), Set(None), Set(None));
    (row.sent_at, row.signed_at, row.published_at, row.ended_at) = (Set(None), Set(None), Set(None), Set(None));
    let row = row.reset_all().insert(work.write()).await?;
    let chosen = signer::Entity::within(work.read().reach()).filter(signer::Column::PolicyId.eq(old.id)).all(work.read()).await?;
    for chosen in chosen {
        let mut copy: signer::ActiveModel = chosen.into();
        copy.policy_id = Set(id);
        copy.reset_all().insert(work.write()).await?;
    }
    audit::record(work, line("policy.renewed", &row).with("from", old.id.to_string()).with("version", row.version)).await?;
    Ok(id)
}

async fn open_successors(work: &Work, old: PolicyId) -> Result<u64> {
    Ok(policy::Entity::within(work.read().reach())
        .filter(policy::Column::SupersedesId.eq(old))
        .filter(policy::Column::Status.ne(PolicyStatus::Cancelled))
        .count(work.read())
        .await?)
}
