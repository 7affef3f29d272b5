//! Policies for programs and scripts: what may be known of them, without their words.

use actix_web::{HttpResponse, web::Query};
use entity::ids::PolicyId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{PolicyFacts, access::Reader, pages::list::ListQuery, queries};
use crate::{
    platform::{
        Error, Leaf, Tx,
        leaf::{self, query, word},
        web::{Answer, Ask, Pager, path_id},
    },
    programs::{May, ReadPolicies, ReadTemplates},
    signing,
    tenancy::caller::Firm,
};

fn view(facts: &PolicyFacts) -> Value {
    json!({
        "id": facts.policy,
        "tenant_id": facts.tenant,
        "company_id": facts.company,
        "template_id": facts.template,
        "title": facts.title,
        "category": facts.category,
        "version": facts.version,
        "status": facts.status,
        "acknowledgement": facts.acknowledgement,
        "effective_date": facts.effective.to_string(),
        "expiry_date": facts.expiry.map(|day| day.to_string()),
        "sent_at": facts.sent_at.map(|at| at.rfc3339()),
        "published_at": facts.published_at.map(|at| at.rfc3339()),
    })
}

pub async fn list(ask: Ask<Firm>, query: Query<ListQuery>) -> Answer {
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let (rows, total) = queries::list(&tx, &ask.who.caller, &query.filter(), query.paging().offset()).await?;
    let pager = Pager::new(query.paging().number(), total, "");
    let items: Vec<Value> = rows.into_iter().map(|row| view(&queries::facts(row))).collect();
    Ok(HttpResponse::Ok().json(json!({ "items": items, "page": pager.page, "pages": pager.pages, "total": total })))
}

pub async fn one(ask: Ask<Reader>) -> Answer {
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let facts = queries::facts_of(&tx, ask.who.id()).await?.ok_or(Error::NotFound)?;
    with_signers(&tx, &facts).await
}

async fn with_signers(tx: &Tx, facts: &PolicyFacts) -> Answer {
    let mut answer = view(facts);
    if let Some(id) = facts.envelope
        && let Some(envelope) = signing::envelope(tx, id).await?
    {
        let signers: Vec<Value> = envelope
            .signers
            .iter()
            .map(|signer| json!({ "name": signer.name, "status": signer.status, "signed_at": signer.signed_at.map(|at| at.rfc3339()) }))
            .collect();
        answer["sha256"] = json!(envelope.sha256);
        answer["signers"] = json!(signers);
    }
    Ok(HttpResponse::Ok().json(answer))
}

/// What of a list a program wants.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wanted {
    status: String,
    client: String,
    state: String,
}

const NO_CLIENT: &str = "Give a client's id.";

pub async fn list_by_key(ask: Ask<May<ReadPolicies>>) -> Answer {
    let (leaf, wanted) = (Leaf::of(&ask.request)?, query::<Wanted>(&ask.request)?);
    let status = word("status", &wanted.status, "That is no status of a policy.")?;
    let client = word("client", &wanted.client, NO_CLIENT)?;
    let tx = ask.platform().read(ask.who.reach()).await?;
    let (rows, next) = queries::leaf_of(&tx, ask.who.tenant, status, client, &leaf).await?;
    Ok(leaf::answer(rows.iter().map(view).collect(), next))
}

pub async fn one_by_key(ask: Ask<May<ReadPolicies>>) -> Answer {
    let id: PolicyId = path_id(&ask.request, "id")?;
    let tx = ask.platform().read(ask.who.reach()).await?;
    let facts = queries::facts_of(&tx, id).await?.filter(|facts| facts.tenant == ask.who.tenant).ok_or(Error::NotFound)?;
    with_signers(&tx, &facts).await
}

/// Templates without their words.
pub async fn templates(ask: Ask<May<ReadTemplates>>) -> Answer {
    let (leaf, wanted) = (Leaf::of(&ask.request)?, query::<Wanted>(&ask.request)?);
    let state = word("state", &wanted.state, "Give draft, published or archived.")?;
    let tx = ask.platform().read(ask.who.reach()).await?;
    let (rows, next) = queries::templates_leaf(&tx, ask.who.tenant, state, &leaf).await?;
    let item = |row: &entity::policies::template::Model| {
        json!({ "id": row.id, "slug": row.slug, "title": row.title, "category": row.category, "summary": row.summary,
                "state": row.state, "acknowledgement": row.acknowledgement, "published_version_id": row.published_version_id,
                "created_at": row.created_at.rfc3339(), "updated_at": row.updated_at.rfc3339() })
    };
    Ok(leaf::answer(rows.iter().map(item).collect(), next))
}
