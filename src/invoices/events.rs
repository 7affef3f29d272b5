//! What this slice tells the others.

use entity::ids::{AccountId, CompanyId, InvoiceId, TenantId};
use serde::Serialize;

use crate::platform::events;

#[derive(Clone, Debug, Serialize)]
pub struct About {
    pub tenant: TenantId,
    pub company: CompanyId,
    pub invoice: InvoiceId,
    pub issuer: String,
    pub number: String,
    /// `$1,500.00`
    pub amount: String,
    /// Those of the company who see all of it.
    pub people: Vec<AccountId>,
}

events! {
    /// To those of the company who see its invoices.
    InvoiceSent = "invoice.sent",
}
