//! The cast: the people of tests, demo, docs and screenshots, always the same.
//!
//! MSP **Harbor IT**: Mira (owner), Tom (technician), Vik (viewer). Attorneys: **Ada** (primary), Sam (associate),
//! Lou (paralegal), Nils (outside counsel). Client **Acme Dental**: Ben (own), Cleo (company), Dora (company admin).
//! Client **Bluefin Freight**: Gus. Second tenant **Pine MSP**: Eve (owner), who must never see anything of Harbor's, with
//! her client Fir Clinic: Finn. Mission tenant **Grace Chapel**: Joy (member). Operator: Olga.

use std::sync::Arc;

use entity::{
    Reach,
    identity::{AccountKind, AccountStatus, account},
    ids::{AccountId, CompanyId, ContactId, TenantId},
    tenancy::{AccessLevel, AttorneyRole, StaffRole, TenantKind, company, contact, engagement, staff, tenant},
};
use sea_orm::{ActiveModelTrait, Set};

use crate::{
    audit, identity,
    platform::{Actor, Platform, Result, Work, random},
    policies,
};

/// One person of the cast, with what they sign in with.
#[derive(Clone, Debug)]
pub struct Member {
    /// `mira`
    pub key: &'static str,
    pub name: &'static str,
    /// As in the README: `MSP owner`.
    pub role: &'static str,
    pub email: String,
    pub password: String,
    /// Base32; none for clients.
    pub totp_secret: Option<String>,
    pub account: AccountId,
    pub tenant: Option<TenantId>,
    pub tenant_slug: Option<&'static str>,
    pub company: Option<CompanyId>,
    pub contact: Option<ContactId>,
    /// Signs in at the portal.
    pub portal: bool,
}

/// The cast as it stands in one database.
#[derive(Clone, Debug)]
pub struct Cast {
    pub people: Vec<Member>,
    pub harbor: TenantId,
    pub pine: TenantId,
    pub grace: TenantId,
    pub acme: CompanyId,
    pub bluefin: CompanyId,
    pub fir: CompanyId,
}

impl Cast {
    /// The person by first name, e.g. `mira`.
    pub fn person(&self, key: &str) -> &Member {
        self.people.iter().find(|member| member.key == key).expect("the cast is fixed; see the top of this file")
    }
}

/// The password everybody of the cast has; only `demo` and tests make these people.
pub const PASSWORD: &str = "harbor-lights-over-quiet-water";

/// Where all three tenants sit.
pub const ZONE: &str = "America/Chicago";

/// Writes the cast into an empty database.
pub async fn create(platform: &Arc<Platform>) -> Result<Cast> {
    let reach = Reach::Everything("the cast has several tenants");
    let mut work = platform.work(Actor::program("command demo"), reach).await?;
    let hash = identity::hash_password(platform, PASSWORD).await?;
    let harbor =
        add_tenant(&mut work, "harbor", "Harbor IT", TenantKind::Msp, "#0e7490", "Welcome to Harbor IT's client portal.").await?;
    let pine = add_tenant(&mut work, "pine", "Pine MSP", TenantKind::Msp, "#15803d", "Welcome to Pine.").await?;
    let grace = add_tenant(&mut work, "grace", "Grace Chapel", TenantKind::Mission, "#e11d48", "Welcome home.").await?;
    policies::install_defaults(&mut work, harbor).await?;
    policies::install_defaults(&mut work, pine).await?;
    let acme = add_company(&mut work, harbor, "Acme Dental", "Acme Dental LLC").await?;
    let bluefin = add_company(&mut work, harbor, "Bluefin Freight", "Bluefin Freight Inc.").await?;
    let fir = add_company(&mut work, pine, "Fir Clinic", "Fir Clinic PLLC").await?;
    let mut cast = Cast { people: Vec::new(), harbor, pine, grace, acme, bluefin, fir };

    let firm = |key, name, role, email: &str, kind, tenant| New { key, name, role, email: email.to_owned(), kind, tenant };
    let olga = firm("olga", "Olga Petrova", "Operator", "olga@one.example", AccountKind::Operator, None);
    add_person(&mut work, &mut cast, olga, &hash).await?;
    for (key, name, role, email, tenant, slug, seat) in [
        ("mira", "Mira Castellan", "MSP owner", "mira@harbor.example", harbor, "harbor", StaffRole::Owner),
        ("tom", "Tom Okafor", "MSP technician", "tom@harbor.example", harbor, "harbor", StaffRole::Member),
        ("vik", "Vik Rao", "MSP viewer", "vik@harbor.example", harbor, "harbor", StaffRole::Viewer),
        ("eve", "Eve Lindqvist", "Owner of another MSP", "eve@pine.example", pine, "pine", StaffRole::Owner),
    ] {
        let member =
            add_person(&mut work, &mut cast, firm(key, name, role, email, AccountKind::Staff, Some(tenant)), &hash).await?;
        cast.people[member].tenant = Some(tenant);
        cast.people[member].tenant_slug = Some(slug);
        staff::ActiveModel {
            id: Set(work.id()),
            tenant_id: Set(tenant),
            account_id: Set(cast.people[member].account),
            role: Set(seat),
            created_at: Set(work.now()),
        }
        .insert(work.write())
        .await?;
    }
    for (key, name, role, email, seat) in [
        ("ada", "Ada Whitfield", "Primary attorney", "ada@whitfield.example", AttorneyRole::Primary),
        ("sam", "Sam Ortega", "Associate attorney", "sam@whitfield.example", AttorneyRole::Associate),
        ("lou", "Lou Bennett", "Paralegal", "lou@whitfield.example", AttorneyRole::Paralegal),
        ("nils", "Nils Aaberg", "Outside counsel", "nils@aaberg.example", AttorneyRole::OutsideCounsel),
    ] {
        let member = add_person(&mut work, &mut cast, firm(key, name, role, email, AccountKind::Attorney, None), &hash).await?;
        cast.people[member].tenant = Some(harbor);
        cast.people[member].tenant_slug = Some("harbor");
        engagement::ActiveModel {
            id: Set(work.id()),
            tenant_id: Set(harbor),
            account_id: Set(cast.people[member].account),
            role: Set(seat),
            created_at: Set(work.now()),
            ended_at: Set(None),
        }
        .insert(work.write())
        .await?;
    }
    for (key, name, title, email, tenant, slug, company, access) in [
        ("ben", "Ben Marsh", "Hygienist", "ben@acmedental.example", harbor, "harbor", acme, AccessLevel::Own),
        ("cleo", "Cleo Vance", "Office Manager", "cleo@acmedental.example", harbor, "harbor", acme, AccessLevel::Company),
        ("dora", "Dora Kim", "Managing Partner", "dora@acmedental.example", harbor, "harbor", acme, AccessLevel::CompanyAdmin),
        ("gus", "Gus Hale", "Operations Director", "gus@bluefin.example", harbor, "harbor", bluefin, AccessLevel::CompanyAdmin),
        ("finn", "Finn Dahl", "Practice Lead", "finn@firclinic.example", pine, "pine", fir, AccessLevel::CompanyAdmin),
    ] {
        let role = match access {
            AccessLevel::Own => "Client user (own)",
            AccessLevel::Company => "Client user (company)",
            AccessLevel::CompanyAdmin => "Company admin",
        };
        let new = New { key, name, role, email: email.to_owned(), kind: AccountKind::Client, tenant: Some(tenant) };
        let member = add_person(&mut work, &mut cast, new, &hash).await?;
        let contact: ContactId = work.id();
        contact::ActiveModel {
            id: Set(contact),
            tenant_id: Set(tenant),
            company_id: Set(company),
            name: Set(name.to_owned()),
            email: Set(email.to_owned()),
            title: Set(title.to_owned()),
            access: Set(access),
            account_id: Set(Some(cast.people[member].account)),
            created_at: Set(work.now()),
        }
        .insert(work.write())
        .await?;
        let person = &mut cast.people[member];
        (person.tenant, person.tenant_slug, person.company, person.contact) =
            (Some(tenant), Some(slug), Some(company), Some(contact));
    }
    let joy = New {
        key: "joy",
        name: "Joy Abara",
        role: "Mission member",
        email: "joy@grace.example".to_owned(),
        kind: AccountKind::Member,
        tenant: Some(grace),
    };
    let joy = add_person(&mut work, &mut cast, joy, &hash).await?;
    cast.people[joy].tenant = Some(grace);
    cast.people[joy].tenant_slug = Some("grace");
    audit::record(&mut work, audit::Line::new("cast.created", "installation")).await?;
    work.commit().await?;
    Ok(cast)
}

struct New {
    key: &'static str,
    name: &'static str,
    role: &'static str,
    email: String,
    kind: AccountKind,
    tenant: Option<TenantId>,
}

async fn add_person(work: &mut Work, cast: &mut Cast, new: New, hash: &str) -> Result<usize> {
    let id: AccountId = work.id();
    let portal = matches!(new.kind, AccountKind::Client | AccountKind::Member);
    let secret = (!portal).then(random::bytes::<20>);
    let sealed = secret.map(|secret| work.platform().keyring.seal("totp", id.0.as_bytes(), &secret));
    account::ActiveModel {
        id: Set(id),
        realm: Set(match new.tenant {
            Some(tenant) if portal => identity::portal_realm(tenant),
            _ => identity::FIRM.to_owned(),
        }),
        email: Set(new.email.clone()),
        name: Set(new.name.to_owned()),
        kind: Set(new.kind),
        status: Set(AccountStatus::Active),
        tenant_id: Set(new.tenant),
        password_hash: Set(Some(hash.to_owned())),
        totp_secret: Set(sealed),
        totp_step: Set(0),
        created_at: Set(work.now()),
        last_login_at: Set(None),
    }
    .insert(work.write())
    .await?;
    cast.people.push(Member {
        key: new.key,
        name: new.name,
        role: new.role,
        email: new.email,
        password: PASSWORD.to_owned(),
        totp_secret: secret.map(|secret| base32(&secret)),
        account: id,
        tenant: None,
        tenant_slug: None,
        company: None,
        contact: None,
        portal,
    });
    Ok(cast.people.len() - 1)
}

async fn add_tenant(work: &mut Work, slug: &str, name: &str, kind: TenantKind, color: &str, welcome: &str) -> Result<TenantId> {
    let id: TenantId = work.id();
    tenant::ActiveModel {
        id: Set(id),
        slug: Set(slug.to_owned()),
        name: Set(name.to_owned()),
        kind: Set(kind),
        zone: Set(ZONE.to_owned()),
        currency: Set("USD".to_owned()),
        portal_name: Set(if kind == TenantKind::Mission { name.to_owned() } else { format!("{name} Client Portal") }),
        primary_color: Set(color.to_owned()),
        accent_color: Set("#f59e0b".to_owned()),
        welcome_text: Set(welcome.to_owned()),
        sign_proof: Set(false),
        logo: Set(String::new()),
        favicon: Set(String::new()),
        stylesheet: Set(String::new()),
        host: Set(String::new()),
        created_at: Set(work.now()),
    }
    .insert(work.write())
    .await?;
    Ok(id)
}

async fn add_company(work: &mut Work, tenant: TenantId, name: &str, legal_name: &str) -> Result<CompanyId> {
    let id: CompanyId = work.id();
    company::ActiveModel {
        id: Set(id),
        tenant_id: Set(tenant),
        name: Set(name.to_owned()),
        legal_name: Set(legal_name.to_owned()),
        created_at: Set(work.now()),
    }
    .insert(work.write())
    .await?;
    Ok(id)
}

/// RFC 4648 base32 without padding, as authenticator apps take it.
pub fn base32(secret: &[u8]) -> String {
    identity::totp::base32(secret)
}
