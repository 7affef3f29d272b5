//! The numbers by which other programs know contacts, seats and companies.

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
                    .table("tenancy_alias")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(text("kind"))
                    .col(text("number"))
                    .col(uuid("about"))
                    .col(text("claimed"))
                    .col(big_integer("created_at"))
                    .foreign_key(ForeignKey::create().from("tenancy_alias", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "tenancy_alias", &["tenant_id", "kind", "number"], true).await?;
        index(manager, "tenancy_alias", &["about"], false).await?;
        tenant_wall(manager, "tenancy_alias").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["tenancy_alias"]).await
    }
}
