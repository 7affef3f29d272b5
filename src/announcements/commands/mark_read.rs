//! Somebody has read it. The same again changes nothing: the first time stands.

use entity::announcements::read;
use sea_orm::{EntityTrait, Set, sea_query::OnConflict};

use crate::{
    announcements::ReadableAnnouncement,
    platform::{Result, Work},
};

pub async fn mark_read(work: &mut Work, who: &ReadableAnnouncement) -> Result<()> {
    let row = read::ActiveModel {
        announcement_id: Set(who.row.id),
        account_id: Set(who.client.caller.account),
        tenant_id: Set(who.client.tenant),
        company_id: Set(who.client.company),
        name: Set(who.client.caller.name.clone()),
        at: Set(work.now()),
    };
    let once = OnConflict::columns([read::Column::AnnouncementId, read::Column::AccountId]).do_nothing().to_owned();
    read::Entity::insert(row).on_conflict(once).exec_without_returning(work.write()).await?;
    work.counts_as_audited("who has read what is its own log");
    Ok(())
}
