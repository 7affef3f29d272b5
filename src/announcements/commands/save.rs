//! Writes an announcement: kept as a draft, set for a time, or published at once. Of one that is published only the words change.

use entity::{
    announcements::{AnnouncementStatus, announcement, target},
    ids::{AnnouncementId, CompanyId},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};

use super::publish::publish;
use crate::{
    announcements::{SaveAnnouncement, When, announcement::may_move, jobs::PublishAnnouncement, queries},
    audit,
    platform::{Error, FieldErrors, Result, Work},
    tenancy::{self, caller::TenantAdmin},
};

/// A new one, or the one of this id as it shall be.
pub async fn save(
    work: &mut Work,
    who: &TenantAdmin,
    id: Option<AnnouncementId>,
    input: &SaveAnnouncement,
) -> Result<announcement::Model> {
    let known = match id {
        Some(id) => {
            let row = queries::announcement(work.read(), id).await?.filter(|row| row.tenant_id == who.tenant);
            Some(row.ok_or(Error::NotFound)?)
        }
        None => None,
    };
    let mut errors = FieldErrors::default();
    input.check(work.now(), &mut errors);
    if let Some(row) = &known
        && row.status == AnnouncementStatus::Published
    {
        return mend(work, row.clone(), input, errors).await;
    }
    let companies = own_companies(work, who, input, &mut errors).await?;
    errors.check()?;
    // What clients have seen once stays on record, also while it is written anew.
    let unseen = match known.as_ref().map(|row| row.published_at) {
        Some(Some(_)) => AnnouncementStatus::Withdrawn,
        _ => AnnouncementStatus::Draft,
    };
    let row = match known {
        Some(row) => {
            may_move(row.status)?;
            row.into_active_model()
        }
        None => announcement::ActiveModel {
            id: Set(work.id()),
            tenant_id: Set(who.tenant),
            published_at: Set(None),
            edited_at: Set(None),
            author_id: Set(who.caller.account),
            author_name: Set(who.caller.name.clone()),
            created_at: Set(work.now()),
            ..Default::default()
        },
    };
    let (status, publish_at) = match input.when {
        When::Draft | When::Now => (unseen, None),
        When::At(at) => (AnnouncementStatus::Scheduled, Some(at)),
    };
    let row = announcement::ActiveModel {
        title: Set(input.title.trim().to_owned()),
        body: Set(input.body.trim().to_owned()),
        for_all: Set(input.companies.is_none()),
        by_mail: Set(input.by_mail),
        status: Set(status),
        publish_at: Set(publish_at),
        updated_at: Set(work.now()),
        ..row
    };
    let row = if id.is_some() { row.update(work.write()).await? } else { row.insert(work.write()).await? };
    aim(work, &row, &companies).await?;
    let action = if id.is_some() { "announcement.changed" } else { "announcement.written" };
    let line = audit::Line::new(action, format!("announcement:{}", row.id))
        .tenant(who.tenant)
        .with("title", row.title.as_str())
        .with("status", row.status.word());
    audit::record(work, line).await?;
    match input.when {
        When::Draft => Ok(row),
        When::Now => publish(work, row).await,
        When::At(at) => {
            work.enqueue_at(&PublishAnnouncement { tenant: row.tenant_id, announcement: row.id, at }, at).await?;
            Ok(row)
        }
    }
}

/// The words of one that clients see.
async fn mend(
    work: &mut Work,
    row: announcement::Model,
    input: &SaveAnnouncement,
    mut errors: FieldErrors,
) -> Result<announcement::Model> {
    // Its clients and its time are not asked for any more.
    errors.0.retain(|field, _| ["title", "body"].contains(&field.as_str()));
    if input.body.trim().is_empty() {
        errors.add("body", "Write what your clients shall read, or withdraw it.");
    }
    errors.check()?;
    let (title, body) = (input.title.trim(), input.body.trim());
    if row.title == title && row.body == body {
        work.counts_as_audited("its words are as they were");
        return Ok(row);
    }
    let line = audit::Line::new("announcement.mended", format!("announcement:{}", row.id))
        .tenant(row.tenant_id)
        .with("title", title)
        .with("title_before", row.title.as_str());
    let row = announcement::ActiveModel {
        title: Set(title.to_owned()),
        body: Set(body.to_owned()),
        edited_at: Set(Some(work.now())),
        updated_at: Set(work.now()),
        ..row.into_active_model()
    };
    let row = row.update(work.write()).await?;
    audit::record(work, line).await?;
    Ok(row)
}

/// Only clients of one's own.
async fn own_companies(
    work: &Work,
    who: &TenantAdmin,
    input: &SaveAnnouncement,
    errors: &mut FieldErrors,
) -> Result<Vec<CompanyId>> {
    let Some(chosen) = &input.companies else { return Ok(Vec::new()) };
    let own: Vec<CompanyId> = tenancy::companies(work.read(), who.tenant).await?.into_iter().map(|company| company.id).collect();
    if chosen.iter().any(|company| !own.contains(company)) {
        errors.add("companies", "Choose clients from the list.");
    }
    let mut chosen = chosen.clone();
    chosen.sort();
    chosen.dedup();
    Ok(chosen)
}

async fn aim(work: &mut Work, row: &announcement::Model, companies: &[CompanyId]) -> Result<()> {
    let known =
        target::Entity::within(work.read().reach()).filter(target::Column::AnnouncementId.eq(row.id)).all(work.read()).await?;
    if !known.is_empty() {
        target::Entity::delete_many().filter(target::Column::AnnouncementId.eq(row.id)).exec(work.write()).await?;
    }
    if companies.is_empty() {
        return Ok(());
    }
    let rows = companies.iter().map(|company| target::ActiveModel {
        announcement_id: Set(row.id),
        company_id: Set(*company),
        tenant_id: Set(row.tenant_id),
    });
    target::Entity::insert_many(rows).exec_without_returning(work.write()).await?;
    Ok(())
}
