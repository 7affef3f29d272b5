//! What Mission said last for each member's pages, and who looked for them in an MSP's portal.

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
                    .table("mission_page")
                    .col(uuid("account_id"))
                    .col(text("page"))
                    .col(uuid("tenant_id"))
                    .col(binary("sealed"))
                    .col(big_integer("taken_at"))
                    .primary_key(Index::create().col("account_id").col("page"))
                    .foreign_key(ForeignKey::create().from("mission_page", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        tenant_wall(manager, "mission_page").await?;
        manager
            .create_table(
                Table::create()
                    .table("mission_astray")
                    .col(uuid("tenant_id").primary_key())
                    .col(text("host"))
                    .col(big_integer("at"))
                    .foreign_key(ForeignKey::create().from("mission_astray", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        tenant_wall(manager, "mission_astray").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["mission_astray", "mission_page"]).await
    }
}
