//! Whom another program means: by e-mail within the company first, then by its number of the person. So what was issued to
//! somebody before that program knew them is theirs, whichever way they come in.

use entity::{
    ids::{CompanyId, ContactId, TenantId},
    tenancy::{AliasKind, contact},
};

use super::set_alias::remember;
use crate::{
    audit,
    platform::{Result, Tx, Work},
    tenancy::queries,
};

#[derive(Clone, Debug)]
pub enum Known {
    Here(contact::Model),
    /// At another company of the tenant; nobody is moved by what another program says.
    Elsewhere(contact::Model),
    Nobody,
}

pub async fn known_contact(
    tx: &Tx,
    tenant: TenantId,
    company: CompanyId,
    email: &str,
    numbers: &[(AliasKind, &str)],
) -> Result<Known> {
    if let Some(contact) = queries::contact_by_email(tx, company, email).await? {
        return Ok(Known::Here(contact));
    }
    for (kind, number) in numbers {
        let Some(row) = queries::alias(tx, tenant, *kind, number).await? else { continue };
        if let Some(contact) = queries::contact_in(tx, ContactId(row.about)).await? {
            return Ok(if contact.company_id == company { Known::Here(contact) } else { Known::Elsewhere(contact) });
        }
    }
    Ok(Known::Nobody)
}

/// The PSA's number of this contact: from now on they are known by it, whatever address they come with.
pub async fn know_by_psa_number(work: &mut Work, contact: &contact::Model, number: &str) -> Result<()> {
    let known = queries::alias(work.read(), contact.tenant_id, AliasKind::PsaContact, number).await?;
    if known.is_some_and(|row| row.about == contact.id.0) {
        return Ok(());
    }
    remember(work, contact.tenant_id, AliasKind::PsaContact, number, contact.id.0, "").await?;
    let line = audit::Line::new("contact.known_to_psa", format!("contact:{}", contact.id)).tenant(contact.tenant_id);
    audit::record(work, line.with("number", number)).await
}
