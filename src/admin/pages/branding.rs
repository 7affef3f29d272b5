//! Admin → Branding: how the portal looks, seen while it is chosen. The server makes every preview, so that what is shown is
//! what clients get; the page's script only asks for it while one types.

use actix_web::{HttpRequest, HttpResponse, dev::Payload, http::StatusCode, http::header};
use askama::Template;
use entity::tenancy::{look, tenant};
use futures_util::StreamExt;
use serde_json::json;

use super::shown;
use crate::{
    platform::{
        Error, FieldErrors, Result, Work,
        web::{Answer, Ask, Body, Fields, Frame, FrameLook, page, page_with, path_id, see_other},
    },
    tenancy::{self, SetBranding, Shade, caller::TenantAdmin, picture, sheet},
    vault::Upload,
};

#[derive(Template)]
#[template(path = "admin/branding.html")]
struct BrandingPage {
    frame: Frame,
    tab: &'static str,
    typed: SetBranding,
    look: FrameLook,
    /// What the preview is dressed in.
    colors: String,
    css: String,
    slug: String,
    shades: Vec<Shade>,
    earlier: Vec<look::Model>,
    /// Where the pictures are smaller than advised.
    notes: Vec<String>,
    errors: FieldErrors,
}

fn branding_page(
    frame: Frame,
    tenant: tenant::Model,
    mut earlier: Vec<look::Model>,
    typed: SetBranding,
    errors: FieldErrors,
) -> BrandingPage {
    if !earlier.is_empty() {
        // The first is what stands.
        earlier.remove(0);
    }
    let draft = tenant::Model {
        portal_name: typed.portal_name.clone(),
        primary_color: typed.primary_color.clone(),
        accent_color: typed.accent_color.clone(),
        welcome_text: typed.welcome_text.clone(),
        logo: typed.logo.clone(),
        favicon: typed.favicon.clone(),
        ..tenant
    };
    let look = tenancy::look(&draft);
    BrandingPage {
        frame,
        tab: "branding",
        colors: format!(
            "--brand:{};--brand-rgb:{};--brand-contrast:{};--brand-ink-day:{};--brand-ink-night:{};--accent-day:{};--accent-night:{}",
            look.primary, look.primary_rgb, look.on_primary, look.ink_day, look.ink_night, look.accent, look.accent_night
        ),
        look,
        css: sheet::sheet(&typed.css).unwrap_or_default(),
        slug: draft.slug,
        shades: tenancy::shades(&typed.primary_color, &typed.accent_color),
        earlier,
        notes: Vec::new(),
        typed,
        errors,
    }
}

fn as_it_stands(tenant: &tenant::Model, looks: &[look::Model]) -> SetBranding {
    SetBranding {
        portal_name: tenant.portal_name.clone(),
        primary_color: tenant.primary_color.clone(),
        accent_color: tenant.accent_color.clone(),
        welcome_text: tenant.welcome_text.clone(),
        logo: tenant.logo.clone(),
        favicon: tenant.favicon.clone(),
        css: looks.first().map(|look| look.css.clone()).unwrap_or_default(),
    }
}

pub async fn show(ask: Ask<TenantAdmin>) -> Answer {
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let tenant = tenancy::tenant(&tx, ask.who.tenant).await?.ok_or(Error::NotFound)?;
    let looks = tenancy::looks(&tx, ask.who.tenant).await?;
    let typed = as_it_stands(&tenant, &looks);
    page(&branding_page(ask.frame(), tenant, looks, typed, FieldErrors::default()))
}

/// The form, with pictures or without.
pub struct LookForm {
    fields: Fields,
    /// The field, and what was sent in it.
    pictures: Vec<(String, Vec<u8>)>,
}

impl Body for LookForm {
    async fn read(request: &HttpRequest, payload: Payload) -> Result<Self> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
        if !kind.trim_start().to_ascii_lowercase().starts_with("multipart/") {
            return Ok(Self { fields: Fields::read(request, payload).await?, pictures: Vec::new() });
        }
        let mut upload = Upload::read(request, payload).await?;
        let mut pictures = Vec::new();
        while let Some(mut file) = upload.next_file().await? {
            let mut bytes = Vec::new();
            while let Some(chunk) = file.next().await {
                // One byte over the limit says enough; the rest is read away.
                let left = (picture::LIMIT + 1).saturating_sub(bytes.len());
                let chunk = chunk?;
                bytes.extend_from_slice(&chunk[..chunk.len().min(left)]);
            }
            pictures.push((file.field.clone(), bytes));
        }
        Ok(Self { fields: upload.fields, pictures })
    }
}

pub async fn save(ask: Ask<TenantAdmin, LookForm>) -> Answer {
    let fields = &ask.body.fields;
    let text = |name: &str| fields.get(name).unwrap_or("").to_owned();
    let kept =
        |name: &str| if fields.get(&format!("{name}_off")).is_some() { String::new() } else { text(&format!("{name}_kept")) };
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let tenant = tenancy::tenant(work.read(), ask.who.tenant).await?.ok_or(Error::NotFound)?;
    let looks = tenancy::looks(work.read(), ask.who.tenant).await?;
    let before = as_it_stands(&tenant, &looks);
    // A program that sends only the words keeps pictures and rules.
    let or = |name: &str, before: &str| if fields.get(name).is_some() { text(name) } else { before.to_owned() };
    let mut typed = SetBranding {
        portal_name: text("portal_name"),
        primary_color: text("primary_color"),
        accent_color: text("accent_color"),
        welcome_text: text("welcome_text"),
        logo: if fields.get("logo_kept").is_some() { kept("logo") } else { before.logo },
        favicon: if fields.get("favicon_kept").is_some() { kept("favicon") } else { before.favicon },
        css: or("css", &before.css),
    };
    let mut notes = Vec::new();
    let mut errors = take_pictures(&mut work, &ask.who, &ask.body.pictures, &mut typed, &mut notes).await?;
    if errors.is_empty() && text("action") != "preview" {
        match tenancy::set_branding(&mut work, &ask.who, typed.clone()).await {
            Ok(()) => {
                work.commit().await?;
                return see_other("/admin/branding").toast("Saved. Clients see it from now on.").answer();
            }
            Err(error) => errors = shown(error)?,
        }
    } else if let Err(refused) = sheet::sheet(&typed.css) {
        errors.add("css", format!("These rules are not taken. {}", sheet::words(&refused)));
    }
    // A picture that was sent is kept, so that it need not be chosen again; nobody sees it before it is saved.
    let platform = ask.platform();
    if !ask.body.pictures.is_empty() && errors.of("logo").is_empty() && errors.of("favicon").is_empty() {
        work.counts_as_audited("a picture for a preview; the look is recorded when it is saved");
        work.commit().await?;
    } else {
        drop(work);
    }
    platform.tripwire.audited(&crate::platform::web::request_id(&ask.request));
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = BrandingPage { notes, ..branding_page(ask.frame(), tenant, looks, typed, errors) };
    page_with(status, &shown)
}

/// Draws what was sent and keeps it, by the names of its content.
async fn take_pictures(
    work: &mut Work,
    admin: &TenantAdmin,
    pictures: &[(String, Vec<u8>)],
    typed: &mut SetBranding,
    notes: &mut Vec<String>,
) -> Result<FieldErrors> {
    let mut errors = FieldErrors::default();
    for (field, bytes) in pictures {
        let (logo, bytes) = (field == "logo", bytes.clone());
        if !logo && field != "favicon" {
            continue;
        }
        let draw = move || if logo { picture::logo(&bytes) } else { picture::favicon(&bytes) };
        match tokio::task::spawn_blocking(draw).await.map_err(|error| anyhow::anyhow!("a picture: {error}"))? {
            Err(words) => errors.add(field, words),
            Ok(drawn) => {
                let (width, height) = picture::ADVISED;
                if logo && (drawn.width < width || drawn.height < height) {
                    notes.push(format!(
                        "The logo is {} × {} points; from {width} × {height} on it is sharp on every screen.",
                        drawn.width, drawn.height
                    ));
                }
                let name = tenancy::keep_look_file(work, admin, "png", &drawn.png).await?;
                if logo { typed.logo = name } else { typed.favicon = name }
            }
        }
    }
    Ok(errors)
}

pub async fn restore(ask: Ask<TenantAdmin>) -> Answer {
    let mut work = ask.work(ask.who.caller.reach()).await?;
    tenancy::restore_branding(&mut work, &ask.who, path_id(&ask.request, "look")?).await?;
    work.commit().await?;
    see_other("/admin/branding").toast("The earlier look is back. Clients see it from now on.").answer()
}

/// `/look/{name}`: a file of somebody's look. Its name is its content, so it may be kept for ever.
pub async fn file(ask: Ask<()>) -> Answer {
    let name = ask.request.match_info().get("name").unwrap_or("");
    let kind = match name.rsplit_once('.') {
        Some((_, "png")) => "image/png",
        Some((_, "css")) => "text/css; charset=utf-8",
        _ => return Err(Error::NotFound),
    };
    let tx = ask.platform().read_in_line(entity::Reach::Everything("a portal's look before sign-in")).await?;
    let content = tenancy::look_file(&tx, name).await?.ok_or(Error::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .body(content))
}

/// `GET /portal/branding?tenant=SLUG`: a portal's look, for programs.
pub async fn told(ask: Ask<()>) -> Answer {
    let query: Vec<(String, String)> = serde_html_form::from_str(ask.request.query_string()).unwrap_or_default();
    let slug = query.into_iter().find(|(name, _)| name == "tenant").map(|(_, slug)| slug.trim().to_lowercase()).unwrap_or_default();
    let tx = ask.platform().read_in_line(entity::Reach::Everything("a portal's look before sign-in")).await?;
    let Some(tenant) = tenancy::tenant_by_slug(&tx, &slug).await? else {
        return Err(crate::platform::Refusal::new(
            "unknown_tenant",
            "There is no portal of that name.",
            "Compare the slug with the one in your invitation; it must be exactly the same.",
        )
        .status(StatusCode::NOT_FOUND)
        .into());
    };
    let look = tenancy::look(&tenant);
    Ok(HttpResponse::Ok().json(json!({
        "tenant": tenant.slug,
        "name": look.name,
        "primary_color": look.primary,
        "primary_text_color": look.on_primary,
        "accent_color": look.accent,
        "logo": look.logo,
        "favicon": look.favicon,
        "stylesheet": look.stylesheet,
        "welcome_text": look.welcome,
        "mode": tenant.kind.word(),
    })))
}
