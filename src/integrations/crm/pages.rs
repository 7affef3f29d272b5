//! The button that has the CRM told what waits for it; the page itself is `crm/pages.rs`.

use super::jobs::TellWaiting;
use crate::{
    audit,
    platform::web::{Answer, Ask, see_other},
    tenancy::caller::TenantAdmin,
};

pub async fn tell(ask: Ask<TenantAdmin>) -> Answer {
    let mut work = ask.work(ask.who.caller.reach()).await?;
    work.enqueue(&TellWaiting { tenant: ask.who.tenant }).await?;
    let line = audit::Line::new("crm.tell_asked", format!("tenant:{}", ask.who.tenant)).tenant(ask.who.tenant);
    audit::record(&mut work, line).await?;
    work.commit().await?;
    see_other("/admin/integrations/crm").toast("The CRM is told now; reload in a moment.").answer()
}
