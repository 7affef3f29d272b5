//! The ledger. A row is one debit and one credit of the same amount, so an unbalanced entry has no shape to be written in; the
//! foreign keys name book, currency and tenant beside the account, so money of one book cannot move into another.

use sea_orm_migration::{prelude::*, schema::*};

use crate::kit::{append_only, drop_tables, index, tenant_wall};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// What an account and a posting of it have in common.
const SAME: [&str; 3] = ["book", "currency", "tenant_id"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("payments_account")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(text("book"))
                    .col(text("kind"))
                    .col(text("currency"))
                    .col(big_integer("created_at"))
                    .check(Expr::cust("(kind IN ('processing_fees', 'platform')) = (book LIKE 'platform:%')"))
                    .foreign_key(ForeignKey::create().from("payments_account", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "payments_account", &["book", "kind", "currency"], true).await?;
        index(manager, "payments_account", &["id", SAME[0], SAME[1], SAME[2]], true).await?;
        append_only(manager, "payments_account").await?;
        tenant_wall(manager, "payments_account").await?;
        manager
            .create_table(
                Table::create()
                    .table("payments_posting")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(text("book"))
                    .col(text("currency"))
                    .col(uuid("debit"))
                    .col(uuid("credit"))
                    .col(big_integer("amount"))
                    .col(text("movement"))
                    .col(text("source"))
                    .col(text("reference"))
                    .col(text("once"))
                    .col(big_integer("at"))
                    .check(Expr::cust("amount > 0"))
                    .check(Expr::cust("debit <> credit"))
                    .foreign_key(&mut of_the_same_book("debit"))
                    .foreign_key(&mut of_the_same_book("credit"))
                    .to_owned(),
            )
            .await?;
        index(manager, "payments_posting", &["once"], true).await?;
        index(manager, "payments_posting", &["book", "at"], false).await?;
        index(manager, "payments_posting", &["source"], false).await?;
        index(manager, "payments_posting", &["debit"], false).await?;
        index(manager, "payments_posting", &["credit"], false).await?;
        append_only(manager, "payments_posting").await?;
        tenant_wall(manager, "payments_posting").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["payments_posting", "payments_account"]).await
    }
}

fn of_the_same_book(side: &'static str) -> ForeignKeyCreateStatement {
    let mut key = ForeignKey::create();
    key.name(format!("payments_posting_{side}_of_the_same_book"))
        .from_tbl("payments_posting")
        .from_col(side)
        .to_tbl("payments_account")
        .to_col("id");
    for column in SAME {
        key.from_col(column).to_col(column);
    }
    key
}
