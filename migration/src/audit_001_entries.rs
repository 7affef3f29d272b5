//! The audit log and the heads of its chains.

use sea_orm_migration::{prelude::*, schema::*};

use crate::kit::{append_only, drop_tables, index};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("audit_entry")
                    .col(pk_uuid("id"))
                    .col(text("chain"))
                    .col(uuid_null("tenant_id"))
                    .col(big_integer("seq"))
                    .col(big_integer("at"))
                    .col(uuid_null("actor_id"))
                    .col(text("actor"))
                    .col(text("action"))
                    .col(text("object"))
                    .col(text("result"))
                    .col(text_null("ip"))
                    .col(text_null("request_id"))
                    .col(text("detail"))
                    .col(text("hash"))
                    .to_owned(),
            )
            .await?;
        index(manager, "audit_entry", &["chain", "seq"], true).await?;
        index(manager, "audit_entry", &["object"], false).await?;
        append_only(manager, "audit_entry").await?;
        manager
            .create_table(
                Table::create()
                    .table("audit_head")
                    .col(text("chain").primary_key())
                    .col(big_integer("seq"))
                    .col(text("hash"))
                    .col(text("signature"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_head", "audit_entry"]).await
    }
}
