//! A person opened a page: their lines that lead there have done what they are for.

use std::sync::Arc;

use super::mark_read::mark_at;
use crate::{
    notifications::queries::forms_of,
    platform::{Actor, Platform, Result},
    tenancy::Caller,
};

/// Asked only where [`unread_at`](crate::notifications::unread_at) has found some: other pages write nothing. How many there were.
pub async fn opened(platform: &Arc<Platform>, caller: &Caller, address: &str) -> Result<u64> {
    let actor = Actor { account: Some(caller.account), name: caller.name.clone(), ..Actor::default() };
    let mut work = platform.work(actor, caller.reach()).await?;
    let marked = mark_at(&mut work, caller.account, &forms_of(address)).await?;
    work.commit().await?;
    Ok(marked)
}
