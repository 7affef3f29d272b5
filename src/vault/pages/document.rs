//! `/legal/vault/{id}`: one document, its versions, who may read it, and what was done with it.

use askama::Template;
use entity::{Moment, Reach, tenancy::tenant};

use crate::{
    audit, identity,
    platform::{
        Result, Tx,
        web::{Answer, Ask, Frame, page},
    },
    tenancy::{self, caller::Firm},
    vault::{
        Audience, DocumentRow, VersionRow,
        access::{Reader, may_add},
        kind, queries,
    },
};

/// One line of what was done.
struct Happened {
    at: Moment,
    actor: String,
    words: String,
    bad: bool,
}

#[derive(Template)]
#[template(path = "vault/document.html")]
struct DocumentPage {
    frame: Frame,
    document: DocumentRow,
    client: String,
    tenant: String,
    versions: Vec<VersionRow>,
    readers: Vec<String>,
    /// None for those who only read this one document.
    history: Option<Vec<Happened>>,
    viewable: bool,
    may_revise: bool,
}

pub async fn show(ask: Ask<(Firm, Reader)>) -> Answer {
    let platform = ask.platform();
    let (_, reader) = &ask.who;
    let document = reader.document.clone();
    let tx = platform.read(reader.caller.reach()).await?;
    let tenant = tenancy::tenant(&tx, document.tenant).await?;
    let insider = may_add(&reader.caller, document.tenant) || reader.caller.staff_role(document.tenant).is_some();
    let history = if insider { Some(history(&tx, &document).await?) } else { None };
    let versions = queries::versions(&tx, document.id).await?;
    let client = super::list::client_name(&tx, &document).await?;
    let audience = queries::audience_of(&tx, document.id).await?;
    drop(tx);
    let readers = readers(&ask, &audience, tenant.as_ref()).await?;
    let mut frame = ask.frame();
    frame.banner = super::banner(&platform).await.or(frame.banner);
    page(&DocumentPage {
        frame,
        client,
        tenant: tenant.map(|tenant| tenant.name).unwrap_or_default(),
        versions,
        readers,
        history,
        viewable: kind::is_viewable(&document.media_type),
        may_revise: may_add(&reader.caller, document.tenant) && !document.is_sealed(),
        document,
    })
}

/// The audience in words.
async fn readers(ask: &Ask<(Firm, Reader)>, audience: &[Audience], tenant: Option<&tenant::Model>) -> Result<Vec<String>> {
    // Names of accounts stand outside the wall of tenants.
    let tx = ask.platform().read(Reach::Everything("the names of those a document is granted to")).await?;
    let tenant = tenant.map_or("the MSP", |tenant| tenant.name.as_str());
    let mut words = Vec::new();
    for one in audience {
        words.push(match one {
            Audience::Staff => format!("Staff of {tenant}"),
            Audience::Attorneys => format!("Attorneys engaged with {tenant}"),
            Audience::Company(id) => match tenancy::company_in(&tx, *id).await? {
                Some(company) => format!("{}: people who see the company's items", company.name),
                None => continue,
            },
            Audience::Contacts(id) => match tenancy::company_in(&tx, *id).await? {
                Some(company) => format!("{}: everybody in the portal", company.name),
                None => continue,
            },
            Audience::Contact(id) => match tenancy::contact_in(&tx, *id).await? {
                Some(contact) => contact.name,
                None => continue,
            },
            Audience::Account(id) => match identity::account(&tx, *id).await? {
                Some(account) => account.name,
                None => continue,
            },
        });
    }
    Ok(words)
}

async fn history(tx: &Tx, document: &DocumentRow) -> Result<Vec<Happened>> {
    let mut lines = Vec::new();
    for entry in audit::history(tx, &format!("document:{}", document.id)).await? {
        let detail: serde_json::Value = serde_json::from_str(&entry.detail).unwrap_or_default();
        let version = detail["version"].as_i64().map(|number| format!(" version {number}")).unwrap_or_default();
        let words = match entry.action.as_str() {
            "document.added" => "added it".to_owned(),
            "document.revised" => format!("added{version}"),
            "document.viewed" => format!("viewed{version}"),
            "document.downloaded" => format!("downloaded{version}"),
            "document.granted" => "let somebody read it".to_owned(),
            "document.ungranted" => "took a reader away".to_owned(),
            other => other.replace(['.', '_'], " "),
        };
        lines.push(Happened { at: Moment(entry.at.0), actor: entry.actor, words, bad: entry.result == "denied" });
    }
    lines.reverse();
    Ok(lines)
}
