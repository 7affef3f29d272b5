//! Hosts of an MSP's own.

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
                    .table("tenancy_domain")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(text("host"))
                    .col(text_null("held"))
                    .col(text("token"))
                    .col(text("state"))
                    .col(text("reason"))
                    .col(big_integer_null("checked_at"))
                    .col(big_integer("since"))
                    .col(big_integer("created_at"))
                    .foreign_key(ForeignKey::create().from("tenancy_domain", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "tenancy_domain", &["tenant_id", "host"], true).await?;
        index(manager, "tenancy_domain", &["held"], true).await?;
        index(manager, "tenancy_domain", &["host"], false).await?;
        tenant_wall(manager, "tenancy_domain").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["tenancy_domain"]).await
    }
}
