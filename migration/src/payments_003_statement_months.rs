//! Which months' statements are told or wait to be: the row that a second chain of mails cannot write.

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
                    .table("payments_statement_month")
                    .col(uuid("tenant_id"))
                    .col(text("month"))
                    .col(big_integer("begun_at"))
                    .primary_key(Index::create().col("tenant_id").col("month"))
                    .foreign_key(ForeignKey::create().from("payments_statement_month", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        tenant_wall(manager, "payments_statement_month").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["payments_statement_month"]).await
    }
}
