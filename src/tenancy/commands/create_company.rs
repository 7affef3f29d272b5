//! A client company: by form, or many at once from CSV.

use entity::{
    ids::CompanyId,
    tenancy::{AccessLevel, company},
};
use sea_orm::{ActiveModelTrait, Set};

use super::add_contact::{AddContact, add_contact};
use crate::{
    audit,
    platform::{Error, FieldErrors, Result, Work},
    tenancy::{
        caller::{Keeper, TenantAdmin},
        queries,
    },
};

#[derive(Clone, Debug, Default)]
pub struct CreateCompany {
    pub name: String,
    /// As it stands in contracts; the name where left out.
    pub legal_name: String,
}

pub async fn create_company(work: &mut Work, keeper: impl Into<Keeper>, input: CreateCompany) -> Result<CompanyId> {
    let admin = keeper.into();
    if admin.within.is_some() {
        return Err(Error::NotFound);
    }
    let name = input.name.trim();
    let legal_name = Some(input.legal_name.trim()).filter(|text| !text.is_empty()).unwrap_or(name);
    let mut errors = FieldErrors::default();
    let fits = |text: &str| !text.is_empty() && text.chars().count() <= 160 && !text.chars().any(char::is_control);
    if !fits(name) {
        errors.add("name", "Give the company's name, up to 160 characters.");
    } else if queries::company_named(work.read(), admin.tenant, name).await?.is_some() {
        errors.add("name", "You have a client of this name already.");
    }
    if !name.is_empty() && !fits(legal_name) {
        errors.add("legal_name", "Keep the legal name within 160 characters.");
    }
    errors.check()?;
    let id: CompanyId = work.id();
    company::ActiveModel {
        id: Set(id),
        tenant_id: Set(admin.tenant),
        name: Set(name.to_owned()),
        legal_name: Set(legal_name.to_owned()),
        created_at: Set(work.now()),
    }
    .insert(work.write())
    .await?;
    audit::record(work, audit::Line::new("company.created", format!("company:{id}")).tenant(admin.tenant).with("name", name))
        .await?;
    Ok(id)
}

pub async fn change_company(work: &mut Work, keeper: impl Into<Keeper>, id: CompanyId, input: CreateCompany) -> Result<()> {
    let admin = keeper.into();
    if admin.within.is_some() {
        return Err(Error::NotFound);
    }
    let company = queries::company_in(work.read(), id).await?.ok_or(Error::NotFound)?;
    let (name, legal_name) = (input.name.trim(), input.legal_name.trim());
    let mut errors = FieldErrors::default();
    if name.is_empty() || name.chars().count() > 160 {
        errors.add("name", "Give the company's name, up to 160 characters.");
    } else if queries::company_named(work.read(), admin.tenant, name).await?.is_some_and(|other| other.id != id) {
        errors.add("name", "You have another client of this name.");
    }
    if legal_name.is_empty() || legal_name.chars().count() > 160 {
        errors.add("legal_name", "Give the name as it stands in contracts, up to 160 characters.");
    }
    errors.check()?;
    company::ActiveModel { id: Set(id), name: Set(name.to_owned()), legal_name: Set(legal_name.to_owned()), ..Default::default() }
        .update(work.write())
        .await?;
    let line = audit::Line::new("company.changed", format!("company:{id}"))
        .tenant(admin.tenant)
        .with("from", company.name)
        .with("to", name);
    audit::record(work, line).await
}

/// What an import did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    pub companies: usize,
    pub contacts: usize,
}

const MOST_ROWS: usize = 2_000;

/// Columns `company, legal_name, contact_name, contact_email, contact_title, access` by the names in the first row; all but
/// `company` may be missing. All rows or none: what is wrong is named by its row.
pub async fn import_companies(work: &mut Work, admin: &TenantAdmin, text: &str) -> Result<Imported> {
    let delimiter = if text.lines().next().unwrap_or("").contains(';') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
    let headers: Vec<String> = match reader.headers() {
        Ok(headers) => {
            headers.iter().map(|name| name.trim_start_matches('\u{feff}').to_lowercase().replace([' ', '-'], "_")).collect()
        }
        Err(error) => return Err(Error::invalid("csv", format!("The first row cannot be read: {error}"))),
    };
    let column = |name: &str| headers.iter().position(|header| header == name);
    let Some(company_column) = column("company") else {
        return Err(Error::invalid("csv", "The first row has to name the columns; `company` is missing."));
    };
    let mut errors = FieldErrors::default();
    let mut done = Imported::default();
    for (at, row) in reader.records().enumerate() {
        let number = at + 2;
        if at >= MOST_ROWS {
            errors.add("csv", format!("Import at most {MOST_ROWS} rows at a time."));
            break;
        }
        let Ok(row) = row else {
            errors.add("csv", format!("Row {number} cannot be read."));
            continue;
        };
        let cell = |at: Option<usize>| at.and_then(|at| row.get(at)).unwrap_or("").to_owned();
        let name = cell(Some(company_column));
        if name.is_empty() && row.iter().all(str::is_empty) {
            continue;
        }
        if let Err(error) = import_row(work, admin, &name, &cell, &column, &mut done).await {
            match error {
                Error::Invalid(wrong) => {
                    wrong.0.values().flatten().for_each(|words| errors.add("csv", format!("Row {number}: {words}")))
                }
                Error::Refused(refusal) => errors.add("csv", format!("Row {number}: {}", refusal.sentence)),
                other => return Err(other),
            }
        }
        if errors.of("csv").len() > 20 {
            break;
        }
    }
    if errors.is_empty() && done.companies + done.contacts == 0 {
        errors.add("csv", "There is nothing new in it: every company and contact is here already, or there are no rows.");
    }
    errors.check()?;
    Ok(done)
}

async fn import_row(
    work: &mut Work,
    admin: &TenantAdmin,
    name: &str,
    cell: &impl Fn(Option<usize>) -> String,
    column: &impl Fn(&str) -> Option<usize>,
    done: &mut Imported,
) -> Result<()> {
    let company = match queries::company_named(work.read(), admin.tenant, name).await? {
        Some(company) => company.id,
        None => {
            done.companies += 1;
            create_company(work, admin, CreateCompany { name: name.to_owned(), legal_name: cell(column("legal_name")) }).await?
        }
    };
    let email = cell(column("contact_email"));
    if email.is_empty() {
        return Ok(());
    }
    if queries::contact_by_email(work.read(), company, &crate::identity::normalise(&email)).await?.is_some() {
        return Ok(());
    }
    let access = match cell(column("access")).to_lowercase().as_str() {
        "" => AccessLevel::Own,
        word => word
            .parse()
            .map_err(|_| Error::invalid("access", format!("`{word}` is no access level: own, company or company_admin.")))?,
    };
    let contact = AddContact { name: cell(column("contact_name")), email, title: cell(column("contact_title")), access };
    add_contact(work, admin, company, contact).await?;
    done.contacts += 1;
    Ok(())
}
