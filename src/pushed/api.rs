//! `POST /internal/signing/push`: 201 for a new document, 200 for the same again.

use actix_web::HttpResponse;
use entity::Reach;
use serde_json::{Value, json};

use super::{Push, Pusher, push};
use crate::{
    platform::{
        Actor, Error, Refusal,
        web::{Answer, Ask, Json},
    },
    signing, tenancy,
};

pub async fn push_document(ask: Ask<Pusher, Json<Push>>) -> Answer {
    let input = &ask.body.0;
    let platform = ask.platform();
    let tx = platform.read(Reach::Everything("the sender names the tenant")).await?;
    let tenant = tenancy::tenant_by_slug(&tx, &input.tenant).await?.ok_or_else(|| {
        Error::from(
            Refusal::new(
                "unknown_tenant",
                "There is no MSP of this slug here.",
                "Look up its slug at Operator \u{2192} Tenants of this installation, then push again.",
            )
            .status(actix_web::http::StatusCode::UNPROCESSABLE_ENTITY),
        )
    })?;
    drop(tx);
    let actor = Actor { name: "another installation".to_owned(), method: "integration key".to_owned(), ..ask.actor() };
    let mut work = platform.work(actor, Reach::Tenants(vec![tenant.id])).await?;
    let (row, is_new) = push(&mut work, &tenant, input).await?;
    let view = signing::envelope(work.read(), row.envelope_id).await?.ok_or(Error::NotFound)?;
    work.commit().await?;
    let signers: Vec<Value> =
        view.signers.iter().map(|signer| json!({ "name": signer.name, "email": signer.email, "status": signer.status })).collect();
    let mut answer = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(json!({
        "id": row.id,
        "external_id": row.external_id,
        "envelope_id": row.envelope_id,
        "status": view.status,
        "sha256": view.sha256,
        "signers": signers,
        "url": platform.config.link(&format!("/portal/documents/{}/sign", row.id)),
    })))
}
