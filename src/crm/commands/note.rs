//! What the CRM has still to be told of a client, and what it was told.

use entity::{
    Moment,
    crm::client,
    ids::{CompanyId, CrmClientId},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter,
    sea_query::{Expr, ExprTrait as _},
};

use crate::platform::{Result, Work};

/// The figures of this client changed. True where the CRM knows it.
pub async fn note_change(work: &mut Work, company: CompanyId) -> Result<bool> {
    let now = work.now();
    let update = client::Entity::update_many()
        .col_expr(client::Column::Revision, Expr::col(client::Column::Revision).add(1))
        .col_expr(client::Column::ChangedAt, Expr::value(now.0))
        .filter(client::Column::CompanyId.eq(company));
    Ok(update.exec(work.write()).await?.rows_affected > 0)
}

/// It was told the figures of this revision, as they were at that moment.
pub async fn note_told(work: &mut Work, id: CrmClientId, revision: i64, at: Moment, told: &str) -> Result<()> {
    client::Entity::update_many()
        .col_expr(client::Column::ToldRevision, Expr::value(revision))
        .col_expr(client::Column::ToldAt, Expr::value(at.0))
        .col_expr(client::Column::Told, Expr::value(told))
        .col_expr(client::Column::Trouble, Expr::value(""))
        .filter(client::Column::Id.eq(id))
        // Whoever read later was quicker.
        .filter(client::Column::ToldRevision.lte(revision))
        .exec(work.write())
        .await?;
    work.counts_as_audited("what another program was told is a clock");
    Ok(())
}

/// Why it could not be told.
pub async fn note_trouble(work: &mut Work, id: CrmClientId, why: &str) -> Result<()> {
    client::Entity::update_many()
        .col_expr(client::Column::Trouble, Expr::value(why))
        .filter(client::Column::Id.eq(id))
        .exec(work.write())
        .await?;
    work.counts_as_audited("what another program could not be told is a clock");
    Ok(())
}
