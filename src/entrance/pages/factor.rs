//! `/login/totp` and `/login/setup`: the second factor, given and set up.

use actix_web::http::StatusCode;
use askama::Template;
use entity::{Reach, identity::AccountStatus};
use qrcode::{QrCode, render::svg};
use serde::Deserialize;

use super::{locked_words, one_error, query, with_cookies};
use crate::{
    entrance::access::{HalfWay, SettingUp, Visitor},
    identity::{self, Code, CodeAnswer, FIRM, SetUp, SignedIn, cookie, totp},
    platform::{
        FieldErrors, Platform, Result,
        web::{Answer, Ask, Form, Frame, answer::own_path, page, page_with, see_other},
    },
    tenancy,
};

#[derive(Template)]
#[template(path = "entrance/totp.html")]
struct CodePage {
    frame: Frame,
    /// `/portal` at the clients' door.
    base: &'static str,
    email: String,
    next: String,
    recovery: bool,
    /// Where a passkey stands in for the code; empty where this person has none here.
    passkey_at: String,
    passkey_offer: bool,
    slug: &'static str,
    errors: FieldErrors,
}

impl CodePage {
    fn carry(&self) -> String {
        super::carry(Some(&self.next))
    }
}

/// The look and the addresses of the door this person stands at.
async fn door(frame: Frame, platform: &Platform, half: &SignedIn) -> Result<(Frame, &'static str)> {
    let Some(tenant) = identity::realm_tenant(&half.account.realm) else { return Ok((frame, "")) };
    let tx = platform.read(Reach::Everything("a portal's look before sign-in")).await?;
    Ok(match tenancy::tenant(&tx, tenant).await? {
        Some(tenant) => (super::portal::dressed(frame, &tenant), "/portal"),
        None => (frame, "/portal"),
    })
}

pub async fn show(ask: Ask<HalfWay>) -> Answer {
    let query = query(&ask.request);
    let next = own_path(query.next.as_deref(), "").to_owned();
    let recovery = query.way.as_deref() == Some("recovery");
    let (frame, base) = door(ask.frame(), &ask.platform(), &ask.who.half).await?;
    let passkey_at = passkey_at(&ask.request, &ask.who.half, base).await?;
    let email = ask.who.half.account.email.clone();
    let errors = FieldErrors::default();
    page(&CodePage { frame, base, email, next, recovery, passkey_at, passkey_offer: false, slug: "", errors })
}

async fn passkey_at(request: &actix_web::HttpRequest, half: &SignedIn, base: &str) -> Result<String> {
    let has = super::prove::has_passkey(request, half.account.id).await?;
    Ok(if has { format!("{base}/login/passkey") } else { String::new() })
}

#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    recovery_code: String,
    #[serde(default)]
    next: String,
}

pub async fn enter(ask: Ask<(HalfWay, Visitor), Form<CodeForm>>) -> Answer {
    let platform = ask.platform();
    let Form(form) = &ask.body;
    let half = &ask.who.0.half;
    let recovery = !form.recovery_code.trim().is_empty()
        || form.code.trim().is_empty() && query(&ask.request).way.as_deref() == Some("recovery");
    let code = if recovery { Code::Recovery(form.recovery_code.clone()) } else { Code::Totp(form.code.clone()) };
    let device = cookie::device_token(&ask.request, &platform.config);
    let field = if recovery { "recovery_code" } else { "code" };
    let portal = half.account.realm != FIRM;
    let errors = match identity::confirm_code(&platform, ask.actor(), half, code, device.as_deref()).await? {
        CodeAnswer::SignedIn(opened) => return super::admit(&platform.config, &opened, see_other(own_path(Some(&form.next), "/"))),
        CodeAnswer::Wrong(why) => one_error(field, why),
        CodeAnswer::Locked(until) => {
            let words = locked_words(until, platform.clock.now());
            if portal {
                return super::portal::refused(&ask, &half.account, &form.next, words).await;
            }
            return super::login::refused(ask.frame(), half.account.email.clone(), &form.next, words);
        }
    };
    let next = own_path(Some(&form.next), "").to_owned();
    let (frame, base) = door(ask.frame(), &platform, half).await?;
    let passkey_at = passkey_at(&ask.request, half, base).await?;
    let email = half.account.email.clone();
    let shown = CodePage { frame, base, email, next, recovery, passkey_at, passkey_offer: false, slug: "", errors };
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
}

#[derive(Template)]
#[template(path = "entrance/setup.html")]
struct SetUpPage {
    frame: Frame,
    email: String,
    /// An SVG of our own making.
    qr: String,
    /// For typing, in groups of four.
    secret: String,
    address: String,
    invited: bool,
    errors: FieldErrors,
}

/// A secret as an SVG of our own making, for typing in groups of four, and as an address.
pub fn drawn(secret: &[u8], email: &str) -> Result<(String, String, String)> {
    let address = totp::address(secret, email)?;
    let code = QrCode::new(address.as_bytes()).map_err(|e| anyhow::anyhow!("QR code: {e}"))?;
    let qr = code.render::<svg::Color>().min_dimensions(220, 220).quiet_zone(true).build();
    // Without the XML declaration it can stand inside the page.
    let qr = qr.find("<svg").map_or_else(String::new, |at| qr[at..].to_owned());
    let letters: Vec<char> = totp::base32(secret).chars().collect();
    let typed = letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ");
    Ok((qr, typed, address))
}

fn set_up_page(platform: &Platform, frame: Frame, half: &SignedIn, errors: FieldErrors) -> Result<SetUpPage> {
    let secret = identity::pending_secret(platform, &half.account)?;
    let (qr, secret, address) = drawn(&secret, &half.account.email)?;
    let invited = half.account.status == AccountStatus::Invited;
    Ok(SetUpPage { frame, email: half.account.email.clone(), qr, secret, address, invited, errors })
}

pub async fn show_set_up(ask: Ask<SettingUp>) -> Answer {
    page(&set_up_page(&ask.platform(), ask.frame(), &ask.who.half, FieldErrors::default())?)
}

#[derive(Template)]
#[template(path = "entrance/recovery_codes.html")]
pub struct RecoveryCodesPage {
    pub frame: Frame,
    pub email: String,
    pub codes: Vec<String>,
    /// Where to go on.
    pub onward: String,
}

impl RecoveryCodesPage {
    /// The codes as a file, inside the link itself: nothing is fetched a second time.
    fn file(&self) -> String {
        let text = format!("The One Legal: recovery codes of {}\nEach works once.\n\n{}\n", self.email, self.codes.join("\n"));
        format!(
            "data:text/plain;charset=utf-8,{}",
            percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC)
        )
    }
}

pub async fn set_up(ask: Ask<(SettingUp, Visitor), Form<CodeForm>>) -> Answer {
    let platform = ask.platform();
    let half = &ask.who.0.half;
    let device = cookie::device_token(&ask.request, &platform.config);
    match identity::confirm_set_up(&platform, ask.actor(), half, &ask.body.0.code, device.as_deref()).await? {
        SetUp::Wrong(why) => {
            let shown = set_up_page(&platform, ask.frame(), half, one_error("code", why))?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        SetUp::Done { opened, codes } => {
            let shown =
                RecoveryCodesPage { frame: ask.frame(), email: opened.account.email.clone(), codes, onward: "/".to_owned() };
            with_cookies(page(&shown)?, &super::full_cookies(&platform.config, &opened))
        }
    }
}
