//! How the portal looks: name, colours, welcome text.

use entity::tenancy::tenant;
use sea_orm::{ActiveModelTrait, Set};

use crate::{
    audit,
    platform::{FieldErrors, Result, Work},
    tenancy::{caller::TenantAdmin, look::rgb},
};

#[derive(Clone, Debug, Default)]
pub struct SetBranding {
    pub portal_name: String,
    pub primary_color: String,
    pub accent_color: String,
    pub welcome_text: String,
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
    errors.check()?;
    tenant::ActiveModel {
        id: Set(admin.tenant),
        portal_name: Set(name.to_owned()),
        primary_color: Set(input.primary_color.to_lowercase()),
        accent_color: Set(input.accent_color.to_lowercase()),
        welcome_text: Set(welcome.to_owned()),
        ..Default::default()
    }
    .update(work.write())
    .await?;
    let line =
        audit::Line::new("branding.changed", format!("tenant:{}", admin.tenant)).tenant(admin.tenant).with("portal_name", name);
    audit::record(work, line).await
}
