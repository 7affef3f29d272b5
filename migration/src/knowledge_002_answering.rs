//! Whether a model answers an MSP's clients, and how often it did.

use sea_orm_migration::{prelude::*, schema::*};

use crate::kit::{drop_tables, tenant_wall};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("knowledge_answering")
                    .col(pk_uuid("tenant_id"))
                    .col(boolean("allowed"))
                    .col(big_integer("asked_count"))
                    .col(big_integer("answered_count"))
                    .col(big_integer("unknown_count"))
                    .col(big_integer("failed_count"))
                    .col(big_integer("updated_at"))
                    .foreign_key(ForeignKey::create().from("knowledge_answering", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        tenant_wall(manager, "knowledge_answering").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["knowledge_answering"]).await
    }
}
