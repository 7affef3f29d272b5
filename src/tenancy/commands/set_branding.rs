//! How the portal looks: name, pictures, colours, welcome text, rules of its own. Each look is kept, and can come back.

use aws_lc_rs::digest;
use entity::{
    ids::{LookId, TenantId},
    tenancy::{look, look_file, tenant},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::{
    audit,
    platform::{Error, FieldErrors, Result, Work},
    tenancy::{caller::TenantAdmin, look::rgb, queries, sheet},
};

#[derive(Clone, Debug, Default)]
pub struct SetBranding {
    pub portal_name: String,
    pub primary_color: String,
    pub accent_color: String,
    pub welcome_text: String,
    /// Names of files kept by [`keep_look_file`]; empty for none.
    pub logo: String,
    pub favicon: String,
    pub css: String,
}

pub async fn set_branding(work: &mut Work, admin: &TenantAdmin, input: SetBranding) -> Result<()> {
    let mut errors = FieldErrors::default();
    let (name, welcome) = (input.portal_name.trim(), input.welcome_text.trim());
    if name.is_empty() || name.chars().count() > 80 || name.chars().any(char::is_control) {
        errors.add("portal_name", "Give the portal a name, up to 80 characters.");
    }
    if welcome.chars().count() > 400 {
        errors.add("welcome_text", "Keep it within 400 characters.");
    }
    for (field, color) in [("primary_color", &input.primary_color), ("accent_color", &input.accent_color)] {
        if rgb(color).is_none() {
            errors.add(field, "Give a colour as #rrggbb, e.g. #0e7490.");
        }
    }
    for (field, file) in [("logo", &input.logo), ("favicon", &input.favicon)] {
        if !file.is_empty() && !has_file(work, admin.tenant, file).await? {
            errors.add(field, "That picture is not here any more; choose it again.");
        }
    }
    let css = match sheet::sheet(&input.css) {
        Ok(css) => css,
        Err(refused) => {
            errors.add("css", format!("Nothing was saved. {}", sheet::words(&refused)));
            String::new()
        }
    };
    errors.check()?;
    let stylesheet = match css.is_empty() {
        true => String::new(),
        false => keep_look_file(work, admin, "css", css.as_bytes()).await?,
    };
    first_look(work, admin).await?;
    tenant::ActiveModel {
        id: Set(admin.tenant),
        portal_name: Set(name.to_owned()),
        primary_color: Set(input.primary_color.to_lowercase()),
        accent_color: Set(input.accent_color.to_lowercase()),
        welcome_text: Set(welcome.to_owned()),
        logo: Set(input.logo.clone()),
        favicon: Set(input.favicon.clone()),
        stylesheet: Set(stylesheet),
        ..Default::default()
    }
    .update(work.write())
    .await?;
    let input = SetBranding {
        portal_name: name.to_owned(),
        primary_color: input.primary_color.to_lowercase(),
        accent_color: input.accent_color.to_lowercase(),
        welcome_text: welcome.to_owned(),
        ..input
    };
    let by = work.actor().name.clone();
    write(work, admin.tenant, input, &by).await?;
    let line =
        audit::Line::new("branding.changed", format!("tenant:{}", admin.tenant)).tenant(admin.tenant).with("portal_name", name);
    audit::record(work, line).await
}

/// A look from before becomes the look again; what stood in between stays in the list.
pub async fn restore_branding(work: &mut Work, admin: &TenantAdmin, id: LookId) -> Result<()> {
    let row = look::Entity::within(work.read().reach()).filter(look::Column::Id.eq(id)).one(work.read()).await?;
    let row = row.filter(|row| row.tenant_id == admin.tenant).ok_or(Error::NotFound)?;
    let input = SetBranding {
        portal_name: row.portal_name,
        primary_color: row.primary_color,
        accent_color: row.accent_color,
        welcome_text: row.welcome_text,
        logo: row.logo,
        favicon: row.favicon,
        css: row.css,
    };
    set_branding(work, admin, input).await
}

/// Keeps a file of the look under the name of its content; the same content twice is one file. The caller records it.
pub async fn keep_look_file(work: &mut Work, admin: &TenantAdmin, kind: &str, content: &[u8]) -> Result<String> {
    let hash = hex::encode(&digest::digest(&digest::SHA256, content).as_ref()[..16]);
    let name = format!("{hash}.{kind}");
    if !has_file(work, admin.tenant, &name).await? {
        look_file::ActiveModel {
            id: Set(work.id()),
            tenant_id: Set(admin.tenant),
            name: Set(name.clone()),
            content: Set(content.to_vec()),
            made_at: Set(work.now()),
        }
        .insert(work.write())
        .await?;
    }
    Ok(name)
}

async fn has_file(work: &Work, tenant: TenantId, name: &str) -> Result<bool> {
    let rows = look_file::Entity::within(work.read().reach()).filter(look_file::Column::TenantId.eq(tenant));
    Ok(rows.filter(look_file::Column::Name.eq(name)).one(work.read()).await?.is_some())
}

/// What stood before the first change is written down with it, or nothing could bring it back.
async fn first_look(work: &mut Work, admin: &TenantAdmin) -> Result<()> {
    if !queries::looks(work.read(), admin.tenant).await?.is_empty() {
        return Ok(());
    }
    let before = queries::tenant(work.read(), admin.tenant).await?.ok_or(Error::NotFound)?;
    let input = SetBranding {
        portal_name: before.portal_name,
        primary_color: before.primary_color,
        accent_color: before.accent_color,
        welcome_text: before.welcome_text,
        ..SetBranding::default()
    };
    write(work, admin.tenant, input, "at the beginning").await
}

async fn write(work: &mut Work, tenant: TenantId, input: SetBranding, by: &str) -> Result<()> {
    let last = queries::looks(work.read(), tenant).await?.first().map_or(0, |look| look.number);
    let row = look::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(tenant),
        number: Set(last + 1),
        portal_name: Set(input.portal_name),
        primary_color: Set(input.primary_color),
        accent_color: Set(input.accent_color),
        welcome_text: Set(input.welcome_text),
        logo: Set(input.logo),
        favicon: Set(input.favicon),
        css: Set(input.css),
        saved_by: Set(by.to_owned()),
        saved_at: Set(work.now()),
    };
    look::Entity::insert(row).exec_without_returning(work.write()).await?;
    Ok(())
}
