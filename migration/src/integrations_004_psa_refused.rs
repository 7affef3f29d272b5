//! Tickets of the PSA's that could not be taken, kept until they are.

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
                    .table("integrations_psa_refused")
                    .col(uuid("tenant_id"))
                    .col(text("theirs"))
                    .col(text("ticket"))
                    .col(text("why"))
                    .col(big_integer("refused_at"))
                    .col(big_integer("seen_at"))
                    .primary_key(Index::create().col("tenant_id").col("theirs"))
                    .foreign_key(ForeignKey::create().from("integrations_psa_refused", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        tenant_wall(manager, "integrations_psa_refused").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["integrations_psa_refused"]).await
    }
}
