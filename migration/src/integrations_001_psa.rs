//! What is known of the PSA: how far it was read, what matches what, and who delivers.

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
                    .table("integrations_psa_state")
                    .col(pk_uuid("tenant_id"))
                    .col(text_null("cursor"))
                    .col(big_integer_null("last_run_at"))
                    .col(big_integer_null("last_ok_at"))
                    .col(text_null("last_error"))
                    .col(big_integer_null("failing_since"))
                    .foreign_key(ForeignKey::create().from("integrations_psa_state", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        tenant_wall(manager, "integrations_psa_state").await?;
        manager
            .create_table(
                Table::create()
                    .table("integrations_psa_match")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(text("kind"))
                    .col(text("theirs"))
                    .col(text("label"))
                    .col(text_null("ours"))
                    .col(boolean("preferred"))
                    .col(big_integer("seen_at"))
                    .foreign_key(ForeignKey::create().from("integrations_psa_match", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "integrations_psa_match", &["tenant_id", "kind", "theirs"], true).await?;
        tenant_wall(manager, "integrations_psa_match").await?;
        manager
            .create_table(
                Table::create()
                    .table("integrations_psa_claim")
                    .col(pk_uuid("ticket_id"))
                    .col(uuid("tenant_id"))
                    .col(text("token"))
                    .col(big_integer("until"))
                    .foreign_key(ForeignKey::create().from("integrations_psa_claim", "ticket_id").to("tickets_ticket", "id"))
                    .to_owned(),
            )
            .await?;
        tenant_wall(manager, "integrations_psa_claim").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["integrations_psa_claim", "integrations_psa_match", "integrations_psa_state"]).await
    }
}
