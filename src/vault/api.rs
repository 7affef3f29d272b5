//! Documents for programs.

use std::sync::Arc;

use actix_web::{HttpResponse, web::Query};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{DocumentRow, access::Reader, pages::list::Asked, queries};
use crate::{
    platform::{
        Leaf,
        leaf::{self, query, word},
        web::{
            Answer, Ask,
            paging::{PAGE_SIZE, PageQuery},
        },
    },
    programs::{May, ReadDocuments},
    tenancy::Caller,
};

fn document(row: &DocumentRow) -> Value {
    json!({
        "id": row.id,
        "tenant_id": row.tenant,
        "company_id": row.company,
        "category": row.category,
        "owner": row.owner,
        "title": row.title,
        "file_name": row.file_name,
        "media_type": row.media_type,
        "size": row.size,
        "sha256": row.sha256,
        "version": row.version,
        "status": row.status,
        "created_by": row.created_by_name,
        "created_at": row.created_at.rfc3339(),
        "updated_at": row.updated_at.rfc3339(),
        "content": format!("/api/v1/documents/{}/content", row.id),
    })
}

/// The filters are the page's: `q`, `category`, `client`, `type`, `status`, `from`, `until`, `sort`, `page`.
pub async fn list(ask: Ask<Arc<Caller>>, asked: Query<Asked>, number: Query<PageQuery>) -> Answer {
    let tx = ask.platform().read(ask.who.reach()).await?;
    let (rows, total) = queries::search(&tx, &ask.who, &asked.search(), number.offset(), PAGE_SIZE).await?;
    let documents: Vec<Value> = rows.iter().map(document).collect();
    Ok(HttpResponse::Ok().json(json!({ "documents": documents, "page": number.number(), "page_size": PAGE_SIZE, "total": total })))
}

pub async fn show(ask: Ask<Reader>) -> Answer {
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let versions: Vec<Value> = queries::versions(&tx, ask.who.document.id)
        .await?
        .iter()
        .map(|version| {
            json!({ "number": version.number, "file_name": version.file_name, "media_type": version.media_type, "size": version.size,
                    "sha256": version.sha256, "created_by": version.created_by_name, "created_at": version.created_at.rfc3339() })
        })
        .collect();
    let mut body = document(&ask.who.document);
    body["versions"] = json!(versions);
    Ok(HttpResponse::Ok().json(body))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Of {
    category: String,
    client: String,
}

/// What all staff of the MSP may read, by name; never the bytes, whose every reading is a person's.
pub async fn list_by_key(ask: Ask<May<ReadDocuments>>) -> Answer {
    let (leaf, of) = (Leaf::of(&ask.request)?, query::<Of>(&ask.request)?);
    let category = word("category", &of.category, "That is no category of the vault.")?;
    let client = word("client", &of.client, "Give a client's id.")?;
    let tx = ask.platform().read(ask.who.reach()).await?;
    let (rows, next) = queries::leaf_of(&tx, ask.who.tenant, category, client, &leaf).await?;
    let item = |row: &DocumentRow| {
        let mut item = document(row);
        if let Some(fields) = item.as_object_mut() {
            fields.remove("content");
        }
        item
    };
    Ok(leaf::answer(rows.iter().map(item).collect(), next))
}
