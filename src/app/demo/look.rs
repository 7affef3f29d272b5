//! Harbor IT dresses its portal: a logo, an icon, a rule of its own. And once more, so that there is a look from before.

use entity::{
    ids::{DomainId, LookId},
    tenancy::look,
    wall::Walled,
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::stage::Stage;
use crate::{
    platform::{Error, Result},
    tenancy::{self, SetBranding, caller::TenantAdmin, picture},
};

/// A lighthouse, and the name in strokes: letters as text would look different on every machine.
const LOGO: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 330 76"><g fill="none" stroke="#0e7490" stroke-width="7" stroke-linecap="round" stroke-linejoin="round">
<path d="M26 66L31 26H45L50 66M28 46H48M31 26V14H45V26M14 66H62"/><path stroke="#f59e0b" d="M56 18L68 12M56 24H70"/></g>
<g fill="none" stroke="#164e63" stroke-width="6.5" stroke-linecap="round" stroke-linejoin="round"><path d="M92 24V60M92 42H112M112 24V60M124 60L137 24L150 60M129 48H145M163 60V24H174a9 9 0 0 1 0 18H163M174 42L184 60M198 24H209a8.500 8.500 0 0 1 0 17H198M209 41a9.500 9.500 0 0 1 0 19H198V24M262 60V24H273a9 9 0 0 1 0 18H262M273 42L283 60M301 24V60M312 24H328M320 24V60"/><circle cx="239" cy="42" r="17"/></g></svg>"##;

const ICON: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="#0e7490"/><path d="M24 54L28 24H36L40 54M28 24V12H36V24M16 54H48" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/></svg>"##;

/// The look from before the one that stands.
pub async fn dress(stage: &Stage<'_>) -> Result<LookId> {
    let admin = TenantAdmin::of(stage.caller("mira"))?;
    let drawn =
        |drawn: std::result::Result<picture::Picture, String>| drawn.map_err(|words| Error::internal(anyhow::anyhow!(words)));
    let (logo, favicon) = (drawn(picture::logo(LOGO.as_bytes()))?, drawn(picture::favicon(ICON.as_bytes()))?);
    let mut work = stage.work("mira").await?;
    let tenant = tenancy::tenant(work.read(), admin.tenant).await?.ok_or(Error::NotFound)?;
    let mut look = SetBranding {
        portal_name: tenant.portal_name,
        primary_color: tenant.primary_color,
        accent_color: tenant.accent_color,
        welcome_text: tenant.welcome_text,
        favicon: tenancy::keep_look_file(&mut work, &admin, "png", &favicon.png).await?,
        ..SetBranding::default()
    };
    tenancy::set_branding(&mut work, &admin, look.clone()).await?;
    work.commit().await?;
    stage.minutes(12).await?;
    let mut work = stage.work("mira").await?;
    look.logo = tenancy::keep_look_file(&mut work, &admin, "png", &logo.png).await?;
    ".page-title { letter-spacing: -0.03em }".clone_into(&mut look.css);
    tenancy::set_branding(&mut work, &admin, look).await?;
    work.commit().await?;
    let tx = stage.platform.read(stage.caller("mira").reach()).await?;
    let before = look::Entity::within(tx.reach()).filter(look::Column::Logo.eq("")).order_by_desc(look::Column::Number);
    Ok(before.one(&tx).await?.ok_or(Error::NotFound)?.id)
}

/// A domain whose records nobody has set yet.
pub async fn domain(stage: &Stage<'_>) -> Result<DomainId> {
    let admin = TenantAdmin::of(stage.caller("mira"))?;
    let mut work = stage.work("mira").await?;
    let id = tenancy::add_domain(&mut work, &admin, "portal.harborit.example").await?;
    work.commit().await?;
    Ok(id)
}
