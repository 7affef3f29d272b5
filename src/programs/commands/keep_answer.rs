//! Keeps what a write was answered, under the program's own word for it.

use actix_web::http::StatusCode;
use entity::{
    Moment,
    ids::{ApiAnswerId, ApiKeyId, TenantId},
    programs::answer,
    wall::Walled,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, Set,
    sea_query::{Expr, OnConflict},
};
use serde_json::Value;

use crate::platform::{Error, Refusal, Result, Work};

/// How long an answer is kept.
const KEPT: i64 = Moment::DAY;

pub enum Claimed {
    /// It is to be done; this row takes the answer.
    Now(ApiAnswerId),
    /// It was done, and answered with this.
    Before(StatusCode, Value),
}

/// Takes the word for this write. Of two at once the second waits for the first, and reads its answer.
pub async fn claim(work: &mut Work, tenant: TenantId, key: ApiKeyId, word: &str, request: &str) -> Result<Claimed> {
    let now = work.now();
    answer::Entity::delete_many()
        .filter(answer::Column::KeyId.eq(key))
        .filter(answer::Column::CreatedAt.lt(now.plus(-KEPT)))
        .exec(work.write())
        .await?;
    let id: ApiAnswerId = work.id();
    let row = answer::ActiveModel {
        id: Set(id),
        tenant_id: Set(tenant),
        key_id: Set(key),
        idempotency_key: Set(word.to_owned()),
        request: Set(request.to_owned()),
        status: Set(0),
        body: Set(String::new()),
        created_at: Set(now),
    };
    answer::Entity::insert(row)
        .on_conflict(OnConflict::columns([answer::Column::KeyId, answer::Column::IdempotencyKey]).do_nothing().to_owned())
        .exec_without_returning(work.write())
        .await?;
    let tx = work.read();
    let kept = answer::Entity::within(tx.reach())
        .filter(answer::Column::KeyId.eq(key))
        .filter(answer::Column::IdempotencyKey.eq(word))
        .one(tx)
        .await?
        .ok_or(Error::NotFound)?;
    if kept.id == id {
        return Ok(Claimed::Now(id));
    }
    if kept.request != request {
        return Err(Refusal::new(
            "idempotency_key_reused",
            "This Idempotency-Key came before with another request.",
            "Give each write its own word; send the same one only to repeat the very same request.",
        )
        .status(StatusCode::UNPROCESSABLE_ENTITY)
        .into());
    }
    let status = u16::try_from(kept.status).ok().and_then(|status| StatusCode::from_u16(status).ok()).unwrap_or(StatusCode::OK);
    Ok(Claimed::Before(status, serde_json::from_str(&kept.body)?))
}

pub async fn keep(work: &mut Work, id: ApiAnswerId, status: StatusCode, body: &Value) -> Result<()> {
    answer::Entity::update_many()
        .col_expr(answer::Column::Status, Expr::value(i32::from(status.as_u16())))
        .col_expr(answer::Column::Body, Expr::value(body.to_string()))
        .filter(answer::Column::Id.eq(id))
        .exec(work.write())
        .await?;
    Ok(())
}
