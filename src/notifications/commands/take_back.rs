//! Takes lines back whose thing is not there any more for those who were told of it.

use entity::{ids::TenantId, notifications::notification, wall::Walled};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::{
    notifications::listen::TOPIC,
    platform::{Note, Result, Work},
};

/// All lines that lead there; in the teller's own transaction, and open pages look again after the commit.
pub async fn take_back(work: &mut Work, tenant: TenantId, href: &str) -> Result<()> {
    let there = || {
        let leads_there = Condition::all().add(notification::Column::Href.eq(href));
        leads_there.add(notification::Column::TenantId.eq(tenant))
    };
    let lines = notification::Entity::within(work.read().reach()).filter(there()).all(work.read()).await?;
    notification::Entity::delete_many().filter(there()).exec(work.write()).await?;
    for line in lines {
        work.note(Note::new(TOPIC, line.account_id.0));
    }
    Ok(())
}
