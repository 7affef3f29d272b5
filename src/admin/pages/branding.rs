//! Admin → Branding: the portal's name, colours and welcome, with the header as it will look.

use actix_web::http::StatusCode;
use askama::Template;
use entity::tenancy::tenant;
use serde::Deserialize;

use super::shown;
use crate::{
    platform::{
        Error, FieldErrors,
        web::{Answer, Ask, Form, Frame, FrameLook, page, page_with, see_other},
    },
    tenancy::{self, SetBranding, caller::TenantAdmin},
};

#[derive(Template)]
#[template(path = "admin/branding.html")]
struct BrandingPage {
    frame: Frame,
    tab: &'static str,
    typed: BrandingForm,
    look: FrameLook,
    slug: String,
    /// Says what was done to the colour, where something was.
    contrast: String,
    errors: FieldErrors,
}

#[derive(Clone, Deserialize, Default)]
#[serde(default)]
pub struct BrandingForm {
    portal_name: String,
    primary_color: String,
    accent_color: String,
    welcome_text: String,
    /// `preview` shows without saving.
    action: String,
}

/// The contrast of white text on the colour, and what the portal does about it.
fn contrast_words(color: &str) -> String {
    let Some((r, g, b)) = tenancy::rgb(color) else { return String::new() };
    let ratio = tenancy::contrast((r, g, b), (255, 255, 255));
    if ratio >= 4.5 {
        return format!("White text on it has a contrast of {ratio:.1}:1, which is enough (4.5:1).");
    }
    let (r, g, b) = tenancy::readable(r, g, b);
    format!(
        "White text on it would have a contrast of {ratio:.1}:1, which is hard to read; the portal uses #{r:02x}{g:02x}{b:02x} instead."
    )
}

fn branding_page(frame: Frame, tenant: tenant::Model, typed: BrandingForm, errors: FieldErrors) -> BrandingPage {
    let draft = tenant::Model {
        portal_name: typed.portal_name.clone(),
        primary_color: typed.primary_color.clone(),
        accent_color: typed.accent_color.clone(),
        welcome_text: typed.welcome_text.clone(),
        ..tenant
    };
    let contrast = contrast_words(&typed.primary_color);
    BrandingPage { frame, tab: "branding", look: tenancy::look(&draft), slug: draft.slug, typed, contrast, errors }
}

pub async fn show(ask: Ask<TenantAdmin>) -> Answer {
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let tenant = tenancy::tenant(&tx, ask.who.tenant).await?.ok_or(Error::NotFound)?;
    let typed = BrandingForm {
        portal_name: tenant.portal_name.clone(),
        primary_color: tenant.primary_color.clone(),
        accent_color: tenant.accent_color.clone(),
        welcome_text: tenant.welcome_text.clone(),
        action: String::new(),
    };
    page(&branding_page(ask.frame(), tenant, typed, FieldErrors::default()))
}

pub async fn save(ask: Ask<TenantAdmin, Form<BrandingForm>>) -> Answer {
    let Form(form) = &ask.body;
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let tenant = tenancy::tenant(work.read(), ask.who.tenant).await?.ok_or(Error::NotFound)?;
    let input = SetBranding {
        portal_name: form.portal_name.clone(),
        primary_color: form.primary_color.clone(),
        accent_color: form.accent_color.clone(),
        welcome_text: form.welcome_text.clone(),
    };
    match tenancy::set_branding(&mut work, &ask.who, input).await {
        Ok(()) if form.action == "preview" => {
            // Nothing is kept: the work is dropped, and the page shows how it would look.
            drop(work);
            ask.platform().tripwire.audited(&crate::platform::web::request_id(&ask.request));
            page(&branding_page(ask.frame(), tenant, form.clone(), FieldErrors::default()))
        }
        Ok(()) => {
            work.commit().await?;
            see_other("/admin/branding").toast("Saved. Clients see it from now on.").answer()
        }
        Err(error) => page_with(StatusCode::UNPROCESSABLE_ENTITY, &branding_page(ask.frame(), tenant, form.clone(), shown(error)?)),
    }
}
