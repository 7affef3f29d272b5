//! `/legal/vault/upload` and `/legal/vault/{id}/versions`: a file comes in.

use actix_web::{HttpRequest, http::StatusCode};
use askama::Template;
use entity::ids::{CompanyId, TenantId};

use crate::{
    platform::{
        Error, FieldErrors, Result,
        web::{Answer, Ask, Fields, Frame, page_with, see_other, wants_page},
    },
    tenancy::{self, caller::Firm},
    vault::{
        Audience, Category, DocumentRow, IN_THE_VAULT, NewDocument, Upload,
        access::{Contributor, Reviser, may_add},
        commands::{
            add_version::{add_version, refuse_sealed},
            receive::receive,
        },
        kind,
    },
};

/// What people may put on a shelf by hand; policies and templates come there by being signed and published.
const SHELVES: [Category; 4] = [Category::Contracts, Category::Correspondence, Category::CustomWork, Category::ClientPolicies];

/// What was typed.
#[derive(Clone, Debug, Default)]
struct Typed {
    tenant: String,
    client: String,
    category: String,
    title: String,
    staff: bool,
    attorneys: bool,
    company: bool,
}

impl Typed {
    fn of(fields: &Fields) -> Self {
        let text = |name: &str| fields.get(name).unwrap_or("").trim().to_owned();
        let checked = |name: &str| fields.all("audience").any(|value| value == name);
        Self {
            tenant: text("tenant"),
            client: text("client"),
            category: text("category"),
            title: text("title"),
            staff: checked("staff"),
            attorneys: checked("attorneys"),
            company: checked("company"),
        }
    }
}

#[derive(Template)]
#[template(path = "vault/upload.html")]
struct UploadPage {
    frame: Frame,
    typed: Typed,
    errors: FieldErrors,
    tenants: Vec<(String, String)>,
    clients: Vec<(String, String)>,
    shelves: Vec<(&'static str, &'static str)>,
    /// Attributes of the file field.
    accepts: String,
    limit: String,
}

pub async fn form(ask: Ask<(Firm, Contributor)>) -> Answer {
    let typed = Typed { staff: true, attorneys: true, ..Typed::default() };
    show(&ask.request, &ask.who.1, typed, FieldErrors::default(), StatusCode::OK).await
}

async fn show(request: &HttpRequest, who: &Contributor, typed: Typed, errors: FieldErrors, status: StatusCode) -> Answer {
    let platform = crate::platform::web::platform(request);
    let tx = platform.read(who.caller.reach()).await?;
    let (mut tenants, mut clients) = (Vec::new(), Vec::new());
    for tenant in &who.tenants {
        let name = tenancy::tenant(&tx, *tenant).await?.map(|tenant| tenant.name).unwrap_or_default();
        for company in tenancy::companies(&tx, *tenant).await? {
            let label = if who.tenants.len() > 1 { format!("{} ({name})", company.name) } else { company.name };
            clients.push((company.id.to_string(), label));
        }
        tenants.push((tenant.to_string(), name));
    }
    drop(tx);
    let mut frame = Frame::of(request);
    frame.banner = super::banner(&platform).await.or(frame.banner);
    let shelves = SHELVES.iter().map(|shelf| (shelf.word(), shelf.label())).collect();
    let limit = format!("{} MB", platform.config.upload_limit / (1024 * 1024));
    page_with(status, &UploadPage { frame, typed, errors, tenants, clients, shelves, accepts: accepts(), limit })
}

pub async fn submit(ask: Ask<(Firm, Contributor), Upload>) -> Answer {
    let Ask { who: (_, who), body: mut upload, request } = ask;
    let typed = Typed::of(&upload.fields);
    match take(&request, &who, &typed, &mut upload).await {
        Ok(id) => done(&request, &format!("/legal/vault/{id}"), "The document is in the vault, encrypted."),
        Err(error) => {
            upload.drain().await;
            let (errors, status) = shown(&request, error)?;
            show(&request, &who, typed, errors, status).await
        }
    }
}

async fn take(request: &HttpRequest, who: &Contributor, typed: &Typed, upload: &mut Upload) -> Result<entity::ids::DocumentId> {
    let platform = crate::platform::web::platform(request);
    let (tenant, company) = place(request, who, typed).await?;
    let mut errors = FieldErrors::default();
    let category = typed.category.parse::<Category>().ok().filter(|category| SHELVES.contains(category));
    if category.is_none() {
        errors.add("category", "Choose where it belongs.");
    }
    let mut audience = vec![Audience::Account(who.caller.account)];
    if typed.staff {
        audience.push(Audience::Staff);
    }
    if typed.attorneys {
        audience.push(Audience::Attorneys);
    }
    match (typed.company, company) {
        (true, Some(company)) => audience.push(Audience::Company(company)),
        (true, None) => errors.add("client", "Choose the client whose people may read it."),
        (false, _) => {}
    }
    let file = upload.next_file().await?;
    if file.is_none() {
        errors.add("file", "Choose a file.");
    }
    errors.check()?;
    let (Some(file), Some(category)) = (file, category) else { return Err(Error::invalid("file", "Choose a file.")) };
    let new = NewDocument {
        tenant,
        company,
        category,
        title: typed.title.clone(),
        file_name: file.name.clone(),
        media_type: String::new(),
        owner: IN_THE_VAULT.to_owned(),
        audience,
    };
    receive(&platform, crate::platform::web::actor(request), who.caller.reach(), new, file).await
}

fn accepts() -> String {
    format!("accept='{}'", kind::accepted())
}

/// The tenant and client the form names, of those this person adds to.
async fn place(request: &HttpRequest, who: &Contributor, typed: &Typed) -> Result<(TenantId, Option<CompanyId>)> {
    if !typed.client.is_empty() {
        let platform = crate::platform::web::platform(request);
        let tx = platform.read(who.caller.reach()).await?;
        let company = match typed.client.parse() {
            Ok(id) => tenancy::company_in(&tx, id).await?,
            Err(_) => None,
        };
        return match company.filter(|company| may_add(&who.caller, company.tenant_id)) {
            Some(company) => Ok((company.tenant_id, Some(company.id))),
            None => Err(Error::invalid("client", "Choose a client from the list.")),
        };
    }
    match who.tenants.as_slice() {
        [only] => Ok((*only, None)),
        several => match typed.tenant.parse::<TenantId>().ok().filter(|tenant| several.contains(tenant)) {
            Some(tenant) => Ok((tenant, None)),
            None => Err(Error::invalid("tenant", "Choose a client, or the MSP whose vault it goes into.")),
        },
    }
}

/// What a person's form shows again: field errors, and a file that is too large. Everything else, and programs, get the error itself.
fn shown(request: &HttpRequest, error: Error) -> Result<(FieldErrors, StatusCode)> {
    if !wants_page(request) {
        return Err(error);
    }
    let mut errors = FieldErrors::default();
    match error {
        Error::Invalid(errors) => Ok((errors, StatusCode::UNPROCESSABLE_ENTITY)),
        Error::Refused(refusal) if refusal.status == StatusCode::PAYLOAD_TOO_LARGE => {
            errors.add("file", format!("{} {}", refusal.sentence, refusal.next_step));
            Ok((errors, refusal.status))
        }
        other => Err(other),
    }
}

/// A redirect for a form, 201 with the same address for the script that shows progress.
fn done(request: &HttpRequest, href: &str, words: &str) -> Answer {
    let mut response = see_other(href).toast(words).answer()?;
    if !wants_page(request) {
        response.head_mut().status = StatusCode::CREATED;
    }
    Ok(response)
}

#[derive(Template)]
#[template(path = "vault/version.html")]
struct VersionPage {
    frame: Frame,
    document: DocumentRow,
    errors: FieldErrors,
    /// Attributes of the file field.
    accepts: String,
    limit: String,
    back: String,
}

pub async fn version_form(ask: Ask<(Firm, Reviser)>) -> Answer {
    refuse_sealed(&ask.who.1.document)?;
    show_version(&ask.request, &ask.who.1, FieldErrors::default(), StatusCode::OK).await
}

async fn show_version(request: &HttpRequest, who: &Reviser, errors: FieldErrors, status: StatusCode) -> Answer {
    let platform = crate::platform::web::platform(request);
    let mut frame = Frame::of(request);
    frame.banner = super::banner(&platform).await.or(frame.banner);
    let limit = format!("{} MB", platform.config.upload_limit / (1024 * 1024));
    let back = format!("/legal/vault/{}", who.document.id);
    page_with(status, &VersionPage { frame, document: who.document.clone(), errors, accepts: accepts(), limit, back })
}

pub async fn submit_version(ask: Ask<(Firm, Reviser), Upload>) -> Answer {
    let Ask { who: (_, who), body: mut upload, request } = ask;
    let platform = crate::platform::web::platform(&request);
    let added = async {
        let file = upload.next_file().await?.ok_or_else(|| Error::invalid("file", "Choose a file."))?;
        let name = file.name.clone();
        add_version(&platform, crate::platform::web::actor(&request), &who, &name, file).await
    };
    match added.await {
        Ok(number) => done(&request, &format!("/legal/vault/{}", who.document.id), &format!("Version {number} is in the vault.")),
        Err(error) => {
            upload.drain().await;
            let (errors, status) = shown(&request, error)?;
            show_version(&request, &who, errors, status).await
        }
    }
}
