//! Page 1 of the wizard again: another client, template or dates; what was filled in before stays.

use entity::policies::{policy, signer};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::{
    create_draft::{Basics, Checked, check, fill_defaults, prefill},
    step::{line, open, save, take},
};
use crate::{
    audit,
    platform::{Error, Result, Work},
    policies::{
        access::{Drafter, Edit, May},
        policy::Verb,
        queries,
    },
    tenancy,
};

pub async fn choose_client(work: &mut Work, who: &May<Edit>, drafter: &Drafter, basics: &Basics) -> Result<()> {
    let (row, _) = take(work, &who.reader, Verb::Edit).await?;
    // The version this draft was begun with stays, unless another template is chosen.
    let same_template = basics.template == row.template_id.to_string();
    let checked = check(work, drafter, basics).await?;
    if checked.tenant.id != row.tenant_id {
        return Err(Error::invalid("company", "This draft belongs to another MSP; begin a new one for that client."));
    }
    let mut opened = open(work, &row).await?;
    let old = tenancy::company_in(work.read(), row.company_id).await?.ok_or(Error::NotFound)?;
    let before = Checked {
        company: old,
        tenant: opened.tenant.clone(),
        template: checked.template.clone(),
        title: row.title.clone(),
        effective: row.effective_on.clone(),
        expiry: None,
    };
    prefill(&mut opened.draft, &checked, Some(&before));
    let other_company = checked.company.id != row.company_id;
    let mut change: policy::ActiveModel = row.clone().into();
    if !same_template {
        opened.draft.layout.clear();
        let version = checked.template.published_version_id.ok_or(Error::NotFound)?;
        fill_defaults(&mut opened.draft, &queries::content(work.read(), version).await?);
        change.template_id = Set(checked.template.id);
        change.template_version_id = Set(checked.template.published_version_id.ok_or(Error::NotFound)?);
        change.category = Set(checked.template.category);
        change.automatic = Set(checked.template.automatic);
        change.direct_to_client = Set(checked.template.direct_to_client);
    }
    change.company_id = Set(checked.company.id);
    change.title = Set(checked.title);
    change.effective_on = Set(checked.effective);
    change.expires_on = Set(checked.expiry);
    change.draft = Set(opened.key.seal("draft", &opened.draft)?);
    change.wizard_page = Set(row.wizard_page.max(1));
    let row = save(work, change).await?;
    if other_company {
        signer::Entity::delete_many().filter(signer::Column::PolicyId.eq(row.id)).exec(work.write()).await?;
    }
    audit::record(work, line("policy.edited", &row).with("page", 1)).await
}
