//! A new MSP, or a new mission organisation, on this installation.

use entity::{
    ids::TenantId,
    tenancy::{TenantKind, tenant},
};
use sea_orm::{ActiveModelTrait, Set};

use crate::{
    audit,
    platform::{FieldErrors, Result, Work},
    tenancy::{caller::Operator, look::rgb, queries},
};

#[derive(Clone, Debug, Default)]
pub struct CreateTenant {
    pub name: String,
    pub slug: String,
    /// IANA zone.
    pub zone: String,
    pub primary_color: String,
    pub accent_color: String,
    /// A mission organisation, whose people are members, rather than an MSP.
    pub mission: bool,
}

/// The violet that a form begins with, and what a mission organisation has in its place.
const VIOLET: &str = "#8b5cf6";
const ROSE: &str = "#e11d48";

/// Names that are addresses of ours or would mislead.
const RESERVED: &[&str] = &["admin", "api", "operator", "portal", "legal", "login", "static", "www", "mail", "internal", "test"];

pub async fn create_tenant(work: &mut Work, _operator: &Operator, input: CreateTenant) -> Result<TenantId> {
    let (name, slug) = (input.name.trim(), input.slug.trim().to_lowercase());
    let mut errors = FieldErrors::default();
    if name.is_empty() || name.chars().count() > 120 {
        errors.add("name", "Give its name, up to 120 characters.");
    }
    let plain =
        slug.len() >= 3 && slug.len() <= 40 && slug.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !plain || slug.starts_with('-') || slug.ends_with('-') {
        errors.add("slug", "Use 3 to 40 lower-case letters, digits and hyphens, e.g. harbor-it.");
    } else if RESERVED.contains(&slug.as_str()) {
        errors.add("slug", "This name is kept for the product itself; choose another one.");
    } else if queries::tenant_by_slug(work.read(), &slug).await?.is_some() {
        errors.add("slug", "Another tenant has this short name already.");
    }
    if time_tz::timezones::get_by_name(&input.zone).is_none() {
        errors.add("zone", "Choose a time zone by its name, e.g. America/Chicago.");
    }
    for (field, color) in [("primary_color", &input.primary_color), ("accent_color", &input.accent_color)] {
        if rgb(color).is_none() {
            errors.add(field, "Give a colour as #rrggbb, e.g. #0e7490.");
        }
    }
    errors.check()?;
    let color = input.primary_color.to_lowercase();
    let id: TenantId = work.id();
    tenant::ActiveModel {
        id: Set(id),
        slug: Set(slug.clone()),
        name: Set(name.to_owned()),
        kind: Set(if input.mission { TenantKind::Mission } else { TenantKind::Msp }),
        zone: Set(input.zone),
        currency: Set("USD".to_owned()),
        portal_name: Set(if input.mission { name.to_owned() } else { format!("{name} Client Portal") }),
        primary_color: Set(if input.mission && color == VIOLET { ROSE.to_owned() } else { color }),
        accent_color: Set(input.accent_color.to_lowercase()),
        welcome_text: Set(match input.mission {
            true => format!("Welcome to {name}."),
            false => format!("Welcome to the client portal of {name}."),
        }),
        sign_proof: Set(false),
        logo: Set(String::new()),
        favicon: Set(String::new()),
        stylesheet: Set(String::new()),
        host: Set(String::new()),
        created_at: Set(work.now()),
    }
    .insert(work.write())
    .await?;
    audit::record(work, audit::Line::new("tenant.created", format!("tenant:{id}")).tenant(id).with("slug", slug)).await?;
    Ok(id)
}
