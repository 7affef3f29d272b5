//! What the reading script and other programs of the client send.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    access::{ForSignature, SignProof},
    commands,
};
use crate::{
    platform::web::{Answer, Ask, Json},
    signing::{self, Reading, SignEnvelope},
    tenancy::caller::PortalClient,
};

#[derive(Deserialize)]
pub struct Acknowledge {
    policy_id: Uuid,
    #[serde(default)]
    typed_name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    consent: bool,
    #[serde(default)]
    consent_version: String,
    /// Of the text the person had before them.
    #[serde(default)]
    document_sha256: Option<String>,
}

/// 201 the record; 200 the same record again.
pub async fn acknowledge(ask: Ask<(PortalClient, SignProof), Json<Acknowledge>>) -> Answer {
    let (platform, actor) = (ask.platform(), ask.actor());
    let body = ask.body.0;
    let tx = platform.read(ask.who.0.caller.reach()).await?;
    let who = ForSignature::of(&tx, ask.who.0, body.policy_id).await?;
    drop(tx);
    let input = SignEnvelope {
        typed_name: body.typed_name,
        title: body.title,
        consent: body.consent,
        consent_version: body.consent_version,
        document_sha256: body.document_sha256,
    };
    let signed = commands::sign::sign(&platform, actor, &who, input).await?;
    let mut response = if signed.is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    let mut record = serde_json::to_value(&signed.record)?;
    record["policy_id"] = json!(body.policy_id);
    Ok(response.json(record))
}

#[derive(Deserialize)]
pub struct Progress {
    document_sha256: String,
    furthest: i32,
    #[serde(default)]
    parts: BTreeMap<u32, u32>,
}

/// How far the person has read; the answer says what the server knows now.
pub async fn reading(ask: Ask<ForSignature, Json<Progress>>) -> Answer {
    let mut work = ask.work(ask.who.client.caller.reach()).await?;
    let body = ask.body.0;
    let reported = Reading { furthest: body.furthest, parts: body.parts };
    let signer = signing::record_reading(&mut work, &ask.who.signatory, &body.document_sha256, &reported).await?;
    work.commit().await?;
    Ok(HttpResponse::Ok().json(json!({
        "furthest": signer.reading.furthest,
        "percent": signer.reading.percent(),
        "at_end": signer.reached_end_at.is_some(),
    })))
}
