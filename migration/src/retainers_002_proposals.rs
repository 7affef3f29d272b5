//! Proposed entries of time: made from what attorneys did, logged only when accepted.

use sea_orm_migration::{prelude::*, schema::*};

use crate::kit::{drop_tables, index, tenant_wall};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("retainers_proposal")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("attorney_id"))
                    .col(uuid_null("matter_id"))
                    .col(text("kind"))
                    .col(text("source"))
                    .col(uuid("told"))
                    .col(text("worked_on"))
                    .col(integer("pieces"))
                    .col(binary("subject"))
                    .col(text("status"))
                    .col(uuid_null("entry_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer("updated_at"))
                    .foreign_key(ForeignKey::create().from("retainers_proposal", "tenant_id").to("tenancy_tenant", "id"))
                    .foreign_key(ForeignKey::create().from("retainers_proposal", "attorney_id").to("identity_account", "id"))
                    .foreign_key(ForeignKey::create().from("retainers_proposal", "matter_id").to("matters_matter", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "retainers_proposal", &["attorney_id", "status"], false).await?;
        index(manager, "retainers_proposal", &["attorney_id", "source", "worked_on"], false).await?;
        tenant_wall(manager, "retainers_proposal").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["retainers_proposal"]).await
    }
}
