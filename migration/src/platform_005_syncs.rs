//! How far what other programs keep was taken, for every program alike. What was noted of Books alone is not carried over: it is
//! asked once more from the beginning, and what it says again changes nothing.

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
                    .table("platform_sync")
                    .col(uuid("tenant_id"))
                    .col(text("program"))
                    .col(big_integer("begun_at"))
                    .col(big_integer_null("taken_at"))
                    .col(boolean("runs"))
                    .col(text("problem"))
                    .col(text("mark"))
                    .primary_key(Index::create().col("tenant_id").col("program"))
                    .foreign_key(ForeignKey::create().from("platform_sync", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        tenant_wall(manager, "platform_sync").await?;
        drop_tables(manager, &["invoices_sync"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("invoices_sync")
                    .col(uuid("tenant_id").primary_key())
                    .col(big_integer("begun_at"))
                    .col(big_integer_null("taken_at"))
                    .col(text("problem"))
                    .col(text("mark"))
                    .foreign_key(ForeignKey::create().from("invoices_sync", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        tenant_wall(manager, "invoices_sync").await?;
        drop_tables(manager, &["platform_sync"]).await
    }
}
