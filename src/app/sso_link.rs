//! `sso-link`: a link as the Hub makes it, to test with. It is signed with the first secret that is set here.

use clap::{Args, ValueEnum};
use entity::{Reach, identity::SsoFace};

use super::start;
use crate::{
    identity::ticket::{self, Ticket},
    platform::{Clock, Config, Platform, Result, random},
    tenancy,
};

#[derive(Args)]
pub struct SsoLink {
    /// The tenant's short name, as in ?tenant=
    #[arg(long, value_name = "SLUG")]
    pub tenant: String,
    /// The client company: its number here or in the Hub, or its name; not needed with --staff or in a mission tenant
    #[arg(long, value_name = "COMPANY")]
    pub company: Option<String>,
    #[arg(long)]
    pub email: String,
    /// The person's name as the Hub has it
    #[arg(long)]
    pub name: Option<String>,
    /// What a client may see
    #[arg(long, value_enum, default_value_t = Access::Own)]
    pub access: Access,
    /// A link for somebody of the MSP
    #[arg(long)]
    pub staff: bool,
    /// The role of somebody of the MSP
    #[arg(long, value_enum, default_value_t = Role::Member)]
    pub role: Role,
    /// The Hub's number of the person, if not one made of the e-mail
    #[arg(long)]
    pub sub: Option<String>,
    /// Seconds ago at which it says it was made
    #[arg(long, default_value_t = 0)]
    pub age: i64,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Access {
    Own,
    Company,
    CompanyAdmin,
}

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Role {
    Owner,
    Admin,
    Member,
    Viewer,
}

fn word(value: &impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

/// Prints it; 2 where something is missing.
pub async fn run(config: Config, link: SsoLink) -> Result<i32> {
    let platform = start::open(config, Clock::system()).await?;
    let code = match make(&platform, &link).await? {
        Ok(address) => {
            println!("{address}");
            0
        }
        Err(words) => {
            eprintln!("{words}");
            2
        }
    };
    platform.db.close().await;
    Ok(code)
}

/// The address, or what is missing.
pub async fn make(platform: &Platform, link: &SsoLink) -> Result<std::result::Result<String, String>> {
    let face = if link.staff { SsoFace::Staff } else { SsoFace::Client };
    let Some(secret) = ticket::secrets(&platform.config, face).usable.first() else {
        return Ok(Err(format!(
            "{} is not set, or shorter than 32 bytes: there is nothing to sign a link with.",
            ticket::setting(face)
        )));
    };
    let tx = platform.read(Reach::Everything("command sso-link")).await?;
    let Some(tenant) = tenancy::tenant_by_slug(&tx, &link.tenant).await? else {
        return Ok(Err(format!("There is no tenant `{}`.", link.tenant)));
    };
    let host = tenancy::look(&tenant).host;
    let mission = tenant.kind == entity::tenancy::TenantKind::Mission;
    let company = match &link.company {
        None if face == SsoFace::Client && !mission => {
            return Ok(Err("Name the client company: --company, by its name or number.".to_owned()));
        }
        None => String::new(),
        // By name for people; by number, whoever gave it, as it stands.
        Some(named) => {
            let companies = tenancy::companies(&tx, tenant.id).await?;
            companies
                .into_iter()
                .find(|row| row.name.eq_ignore_ascii_case(named))
                .map_or_else(|| named.clone(), |row| row.id.to_string())
        }
    };
    let made = Ticket {
        face,
        sub: link.sub.clone().unwrap_or_else(|| format!("hub-{}", link.email.to_lowercase())),
        email: link.email.clone(),
        name: link.name.clone().unwrap_or_default(),
        tenant_id: tenant.id.to_string(),
        tenant_slug: tenant.slug,
        company,
        access_level: word(&link.access),
        psa_contact: String::new(),
        org_type: if mission { "mission" } else { "msp" }.to_owned(),
        org_role: word(&link.role),
        entitlements: Some(vec!["legal".to_owned(), "portal".to_owned()]),
        jti: random::token(),
    };
    let token = ticket::sign(secret.expose(), &made, platform.clock.now().seconds() - link.age)?;
    let path = match face {
        SsoFace::Client => "/api/auth/client-hub-sso",
        SsoFace::Staff => "/api/auth/hub-sso",
    };
    // A client's link leads to the portal's own domain, or to the clients' host where there is one.
    Ok(Ok(platform.config.link_at(host.as_deref(), &format!("{path}?token={token}"))))
}
