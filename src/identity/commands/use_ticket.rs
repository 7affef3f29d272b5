//! A ticket is used up in the transaction that makes the session; how the Hub's links fare is noted for those who look after it.

use entity::{
    Moment,
    identity::{SsoFace, arrival, ticket_use},
    wall::Unwalled,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Set, sea_query::Expr};

use crate::{
    audit,
    identity::{
        realm_tenant,
        ticket::{Fault, Ticket},
    },
    platform::{Result, Tx, Work, secret},
};

/// Far longer than any ticket lives.
const KEPT: i64 = 2 * Moment::DAY;

fn key(ticket: &Ticket) -> String {
    secret::sha256_hex(format!("{}\n{}", ticket.face, ticket.jti).as_bytes())
}

/// Uses it up; true for exactly one of several at once. Comes before anything else is written, so that of two who hold the same
/// link the second waits here and not at the account both would make.
pub async fn use_ticket(work: &mut Work, ticket: &Ticket) -> Result<bool> {
    let now = work.now();
    ticket_use::Entity::delete_many().filter(ticket_use::Column::KeepUntil.lt(now)).exec(work.write()).await?;
    let row = ticket_use::ActiveModel { key: Set(key(ticket)), used_at: Set(now), keep_until: Set(now.plus(KEPT)) };
    let written = ticket_use::Entity::insert(row)
        .on_conflict_do_nothing_on([ticket_use::Column::Key])
        .exec_without_returning(work.write())
        .await?;
    Ok(matches!(written, sea_orm::TryInsertResult::Inserted(1)))
}

pub async fn ticket_was_used(tx: &Tx, ticket: &Ticket) -> Result<bool> {
    Ok(ticket_use::Entity::rows().filter(ticket_use::Column::Key.eq(key(ticket))).one(tx).await?.is_some())
}

/// The same refusal of the same person is noted once in so long: a link that is opened again and again writes nothing.
const ONCE_IN: i64 = Moment::MINUTE;

/// Notes that a link let this person in, or why not. `realm` and `email` are empty where nobody's name can be believed.
/// False where it was noted just before: then nothing was written.
pub async fn note_arrival(work: &mut Work, face: SsoFace, realm: &str, email: &str, fault: Option<Fault>) -> Result<bool> {
    use arrival::{Column, Entity};
    let now = work.now();
    let this = || Condition::all().add(Column::Face.eq(face)).add(Column::Realm.eq(realm)).add(Column::Email.eq(email));
    if let Some(fault) = fault {
        let before = Entity::rows().filter(this()).one(work.read()).await?;
        let same = before.is_some_and(|row| {
            row.last_fault.as_deref() == Some(fault.code()) && row.last_fault_at.is_some_and(|at| now.since(at) < ONCE_IN)
        });
        if same {
            return Ok(false);
        }
    }
    let fresh = arrival::ActiveModel {
        id: Set(work.id()),
        face: Set(face),
        realm: Set(realm.to_owned()),
        email: Set(email.to_owned()),
        last_ok_at: Set(None),
        last_fault: Set(None),
        last_fault_at: Set(None),
    };
    Entity::insert(fresh)
        .on_conflict_do_nothing_on([Column::Face, Column::Realm, Column::Email])
        .exec_without_returning(work.write())
        .await?;
    let update = Entity::update_many().filter(this());
    let update = match fault {
        None => update.col_expr(Column::LastOkAt, Expr::value(now.0)),
        Some(fault) => {
            update.col_expr(Column::LastFault, Expr::value(fault.code())).col_expr(Column::LastFaultAt, Expr::value(now.0))
        }
    };
    update.exec(work.write()).await?;
    if let Some(fault) = fault {
        let object = if email.is_empty() { "account:unknown".to_owned() } else { format!("email:{email}") };
        let line = audit::Line::new("sso.refused", object).tenant(realm_tenant(realm)).denied();
        audit::record(work, line.with("reason", fault.code()).with("face", face.word())).await?;
    }
    Ok(true)
}
