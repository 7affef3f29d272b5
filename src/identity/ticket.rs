//! Tickets: what a link of the Hub says, and whether it is believed at this moment.
//!
//! HS256 under the secret of its face and nothing else; young by `iat` whatever `exp` says; the rest is who it says and where.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use entity::{Moment, identity::SsoFace};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde_json::{Map, Value, json};

use super::email;
use crate::platform::{Config, Result, config::SsoSecrets};

/// Seconds a clock may differ from ours.
const SKEW: i64 = 5;

/// Seconds a ticket lives from its `iat`.
pub fn life(face: SsoFace) -> i64 {
    match face {
        SsoFace::Client => 70,
        SsoFace::Staff => 60,
    }
}

/// The setting that holds the face's secrets.
pub fn setting(face: SsoFace) -> &'static str {
    match face {
        SsoFace::Client => "PORTAL_CLIENT_SSO_SECRET",
        SsoFace::Staff => "PORTAL_SSO_SECRET",
    }
}

pub fn secrets(config: &Config, face: SsoFace) -> &SsoSecrets {
    match face {
        SsoFace::Client => &config.client_sso,
        SsoFace::Staff => &config.staff_sso,
    }
}

/// Who is meant, and where; nothing in it is believed before [`read`] has answered it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    pub face: SsoFace,
    /// The Hub's number of the person.
    pub sub: String,
    /// In its one spelling.
    pub email: String,
    pub name: String,
    pub tenant_id: String,
    pub tenant_slug: String,
    /// The client company, by our number or another program's.
    pub company: String,
    pub access_level: String,
    pub psa_contact: String,
    pub org_type: String,
    pub org_role: String,
    /// None where the link says nothing of them.
    pub entitlements: Option<Vec<String>>,
    pub jti: String,
}

/// Why a link lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    NotConfigured,
    BadSignature,
    BadContext,
    /// A claim is missing or says what cannot be.
    BadClaims,
    Expired,
    FromFuture,
    TooLong,
    Used,
    UnknownTenant,
    UnknownCompany,
    /// The address signs in for another company, or as somebody else.
    OtherPlace,
    /// The account was deactivated.
    Shut,
    NotEntitled,
}

impl Fault {
    pub const ALL: [Self; 13] = [
        Self::NotConfigured,
        Self::BadSignature,
        Self::BadContext,
        Self::BadClaims,
        Self::Expired,
        Self::FromFuture,
        Self::TooLong,
        Self::Used,
        Self::UnknownTenant,
        Self::UnknownCompany,
        Self::OtherPlace,
        Self::Shut,
        Self::NotEntitled,
    ];

    /// Stable, for programs and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotConfigured => "sso_not_configured",
            Self::BadSignature => "sso_bad_signature",
            Self::BadContext => "sso_bad_context",
            Self::BadClaims => "sso_bad_claims",
            Self::Expired => "sso_expired",
            Self::FromFuture => "sso_from_future",
            Self::TooLong => "sso_too_long",
            Self::Used => "sso_used",
            Self::UnknownTenant => "sso_unknown_tenant",
            Self::UnknownCompany => "sso_unknown_company",
            Self::OtherPlace => "sso_other_place",
            Self::Shut => "sso_account_shut",
            Self::NotEntitled => "sso_not_entitled",
        }
    }

    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fault| fault.code() == code)
    }

    pub fn title(self, face: SsoFace) -> &'static str {
        match (self, face) {
            (Self::NotConfigured, SsoFace::Client) => "Client SSO not configured",
            (Self::NotConfigured, SsoFace::Staff) => "Staff SSO not configured",
            (Self::BadSignature, _) => "This link cannot be trusted",
            (Self::BadContext | Self::BadClaims | Self::TooLong, _) => "This link is not for here",
            (Self::Expired, _) => "This link is too old",
            (Self::FromFuture, _) => "The clocks differ",
            (Self::Used, _) => "This link has been used",
            (Self::UnknownTenant, _) => "Unknown portal",
            (Self::UnknownCompany, _) => "Unknown company",
            (Self::OtherPlace, _) => "This address is taken",
            (Self::Shut, _) => "Your account is deactivated",
            (Self::NotEntitled, _) => "Not part of your plan",
        }
    }

    /// What is so, to the person who followed the link and to their admin.
    pub fn reason(self, face: SsoFace) -> String {
        let setting = setting(face);
        match self {
            Self::NotConfigured => format!("Signing in from the Hub is not set up here: {setting} is missing or too short."),
            Self::BadSignature => {
                format!(
                    "The link was not signed with the secret that is set here: {setting} is not the same on both sides, or the link was changed."
                )
            }
            Self::BadContext => "The link was made for another product or another kind of person.".to_owned(),
            Self::BadClaims => "The link lacks something that it has to say, or says what cannot be.".to_owned(),
            Self::Expired => format!("A link of the Hub works for {} seconds, and this one is older.", life(face)),
            Self::FromFuture => {
                "The link says it was made later than now: the clock of the Hub or of this server is wrong.".to_owned()
            }
            Self::TooLong => format!("The link wants to work for longer than the {} seconds that are allowed.", life(face)),
            Self::Used => "A link of the Hub works once, and this one has been used.".to_owned(),
            Self::UnknownTenant => "The link names a portal that is not here.".to_owned(),
            Self::UnknownCompany => "The link names a company that this portal does not know.".to_owned(),
            Self::OtherPlace => "This e-mail address signs in here for another company, or as somebody else.".to_owned(),
            Self::Shut => "Your account was deactivated, so no way in works, this one neither.".to_owned(),
            Self::NotEntitled => "Your organisation's subscription in the Hub does not hold this product.".to_owned(),
        }
    }

    /// What to do now.
    pub fn next_step(self, face: SsoFace) -> &'static str {
        match (self, face) {
            (Self::NotConfigured, SsoFace::Client) => {
                "Ask your provider to set PORTAL_CLIENT_SSO_SECRET to the Hub's value. Meanwhile you can sign in by e-mail."
            }
            (Self::NotConfigured, SsoFace::Staff) => "Ask whoever runs this server to set PORTAL_SSO_SECRET to the Hub's value.",
            (Self::BadSignature, _) => {
                "Open it again from the Hub. If that does not help, your provider has to compare the secret on both sides."
            }
            (Self::BadContext | Self::BadClaims | Self::TooLong | Self::FromFuture, _) => {
                "Open it again from the Hub. If that does not help, tell your provider what stands above."
            }
            (Self::Expired | Self::Used, SsoFace::Client) => {
                "Have a fresh link mailed to you, or open the portal from the Hub again."
            }
            (Self::Expired | Self::Used, SsoFace::Staff) => "Open it from the Hub again: each click there makes a fresh link.",
            (Self::UnknownTenant, _) => "Ask your provider for the address of your portal.",
            (Self::UnknownCompany, _) => {
                "Ask your provider to enter the company's number of the Hub at Admin → Clients → your company."
            }
            (Self::OtherPlace, _) => "Ask your provider to give you another address here or there.",
            (Self::Shut, _) => "Ask your provider to reactivate it at Admin → Clients → your company → Users.",
            (Self::NotEntitled, _) => "Ask the owner of your organisation to add it in the Hub.",
        }
    }
}

/// A link that was refused, and whom it named where its signature was right.
#[derive(Clone, Debug)]
pub struct Refused {
    pub fault: Fault,
    pub ticket: Option<Ticket>,
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self { fault, ticket: None }
    }
}

/// Longer than any ticket with every claim.
const LONGEST: usize = 8 * 1024;

/// Reads a ticket of this face at this moment. Whether it was used before is not known here.
pub fn read(config: &Config, face: SsoFace, token: &str, now: Moment) -> std::result::Result<Ticket, Refused> {
    let secrets = secrets(config, face);
    if secrets.usable.is_empty() {
        return Err(Fault::NotConfigured.into());
    }
    let claims = believed(secrets, token).ok_or(Fault::BadSignature)?;
    let text = |names: &[&str]| -> String {
        let said = names.iter().find_map(|name| claims.get(*name)).map(|value| match value {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        });
        said.unwrap_or_default().chars().filter(|c| !c.is_control()).take(300).collect()
    };
    let mut name = text(&["name"]);
    if name.is_empty() {
        name = format!("{} {}", text(&["firstName", "first_name"]), text(&["lastName", "last_name"])).trim().to_owned();
    }
    let entitlements = claims.get("entitlements").map(|value| {
        value.as_array().into_iter().flatten().filter_map(|slug| slug.as_str().map(str::to_lowercase)).collect::<Vec<_>>()
    });
    let ticket = Ticket {
        face,
        sub: text(&["sub"]),
        email: email::parse(&text(&["email"])).unwrap_or_default(),
        name: name.chars().take(120).collect(),
        tenant_id: text(&["tenant_id", "tenantId"]).to_lowercase(),
        tenant_slug: text(&["tenant_slug", "tenantSlug"]).to_lowercase(),
        company: text(&["client_id", "clientId"]),
        access_level: text(&["access_level", "accessLevel"]),
        psa_contact: text(&["psa_contact_id", "psaContactId"]),
        org_type: text(&["org_type", "orgType"]),
        org_role: text(&["orgRole", "org_role"]),
        entitlements,
        jti: text(&["jti"]),
    };
    let seconds = |name: &str| claims.get(name).and_then(Value::as_i64).filter(|at| (0..=99_999_999_999).contains(at));
    match fault(face, &ticket, &text(&["context"]), claims.get("aud"), (seconds("iat"), seconds("exp"), seconds("nbf")), now) {
        None => Ok(ticket),
        Some(fault) => Err(Refused { fault, ticket: Some(ticket) }),
    }
}

/// `iat`, `exp` and `nbf` in seconds.
type Times = (Option<i64>, Option<i64>, Option<i64>);

fn fault(face: SsoFace, ticket: &Ticket, context: &str, audience: Option<&Value>, times: Times, now: Moment) -> Option<Fault> {
    let right_context = match face {
        SsoFace::Client => context == "client_portal",
        SsoFace::Staff => context.is_empty() || context == "staff_portal",
    };
    let names_us = |value: &Value| value.as_str().is_some_and(|name| AUDIENCES.contains(&name));
    let right_audience = match audience {
        None => true,
        Some(Value::Array(names)) => names.iter().any(names_us),
        Some(one) => names_us(one),
    };
    if !right_context || !right_audience {
        return Some(Fault::BadContext);
    }
    let (Some(iat), Some(exp), nbf) = times else { return Some(Fault::BadClaims) };
    if exp.saturating_sub(iat) > life(face) {
        return Some(Fault::TooLong);
    }
    let from = iat.max(nbf.unwrap_or(0));
    if Moment(from.saturating_mul(1_000)).since(now) > SKEW * Moment::SECOND {
        return Some(Fault::FromFuture);
    }
    let dies = exp.saturating_mul(1_000);
    if now.since(Moment(iat.saturating_mul(1_000))) > life(face) * Moment::SECOND || now.0 > dies {
        return Some(Fault::Expired);
    }
    let lacks_something = ticket.email.is_empty()
        || ticket.sub.is_empty()
        || ticket.jti.is_empty()
        || (ticket.tenant_id.is_empty() && ticket.tenant_slug.is_empty());
    lacks_something.then_some(Fault::BadClaims)
}

/// What a ticket that names its audience may call us.
const AUDIENCES: [&str; 5] = ["client_portal", "staff_portal", "portal", "legal", "one-legal"];

/// The claims, if one of the secrets has signed exactly this.
fn believed(secrets: &SsoSecrets, token: &str) -> Option<Map<String, Value>> {
    if token.len() > LONGEST || !is_plain(token) {
        return None;
    }
    let mut rules = Validation::new(Algorithm::HS256);
    // By the clock of this installation, further up.
    rules.required_spec_claims.clear();
    (rules.validate_exp, rules.validate_nbf, rules.validate_aud) = (false, false, false);
    secrets.usable.iter().find_map(|secret| {
        let key = DecodingKey::from_secret(secret.expose().as_bytes());
        jsonwebtoken::decode::<Map<String, Value>>(token, &key, &rules).ok().map(|data| data.claims)
    })
}

/// A header that says HS256 and names no key, nor anything else that wants to be heeded.
fn is_plain(token: &str) -> bool {
    let header = token.split('.').next().and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let Some(Ok(Value::Object(header))) = header.map(|bytes| serde_json::from_slice::<Value>(&bytes)) else { return false };
    header.iter().all(|(name, value)| match name.as_str() {
        "alg" => value == "HS256",
        "typ" => value.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("JWT")),
        _ => false,
    })
}

/// Signs a ticket as the Hub does, for a link to test with.
pub fn sign(secret: &str, ticket: &Ticket, iat: i64) -> Result<String> {
    let mut claims = json!({
        "sub": ticket.sub,
        "email": ticket.email,
        "name": ticket.name,
        "tenant_id": ticket.tenant_id,
        "tenant_slug": ticket.tenant_slug,
        "iat": iat,
        "exp": iat + life(ticket.face),
        "jti": ticket.jti,
    });
    match ticket.face {
        SsoFace::Client => {
            claims["context"] = json!("client_portal");
            claims["client_id"] = json!(ticket.company);
            claims["access_level"] = json!(ticket.access_level);
            claims["psa_contact_id"] = json!(ticket.psa_contact);
            claims["org_type"] = json!(ticket.org_type);
        }
        SsoFace::Staff => {
            claims["orgRole"] = json!(ticket.org_role);
            claims["entitlements"] = json!(ticket.entitlements);
        }
    }
    let key = EncodingKey::from_secret(secret.as_bytes());
    Ok(jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).map_err(|e| anyhow::anyhow!("a ticket: {e}"))?)
}
