//! Policies for programs and scripts: what may be known of them, without their words.

use actix_web::{HttpResponse, web::Query};
use serde_json::{Value, json};

use super::{PolicyFacts, access::Reader, pages::list::ListQuery, queries};
use crate::{
    platform::{
        Error,
        web::{Answer, Ask, Pager},
    },
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
    let mut answer = view(&facts);
    if let Some(id) = facts.envelope
        && let Some(envelope) = signing::envelope(&tx, id).await?
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
