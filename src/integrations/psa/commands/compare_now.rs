//! An admin wants it compared now.

use super::matching::read_anew;
use crate::{
    audit,
    integrations::psa::{jobs::ComparePsa, queries},
    platform::{Result, Work},
    tenancy::caller::TenantAdmin,
};

/// Where something could not be taken everything is read anew: what was put right over there, and what is gone, is seen then.
pub async fn compare_now(work: &mut Work, who: &TenantAdmin) -> Result<()> {
    if !queries::refused(work.read(), who.tenant).await?.is_empty() {
        read_anew(work, who.tenant).await?;
    }
    audit::record(work, audit::Line::new("psa.compared", "psa").tenant(who.tenant)).await?;
    work.enqueue(&ComparePsa { tenant: who.tenant }).await
}
