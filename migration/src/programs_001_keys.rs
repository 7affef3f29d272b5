//! Keys of an MSP's own programs, and what was answered to them.

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
                    .table("programs_key")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(text("name"))
                    .col(text("key_hash"))
                    .col(text("hint"))
                    .col(text("scopes"))
                    .col(uuid("created_by"))
                    .col(text("created_by_name"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .col(big_integer_null("last_used_at"))
                    .col(big_integer_null("revoked_at"))
                    .col(text_null("revoked_by_name"))
                    .foreign_key(ForeignKey::create().from("programs_key", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "programs_key", &["key_hash"], true).await?;
        index(manager, "programs_key", &["tenant_id", "created_at"], false).await?;
        tenant_wall(manager, "programs_key").await?;
        manager
            .create_table(
                Table::create()
                    .table("programs_answer")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("key_id"))
                    .col(text("idempotency_key"))
                    .col(text("request"))
                    .col(integer("status"))
                    .col(text("body"))
                    .col(big_integer("created_at"))
                    .foreign_key(ForeignKey::create().from("programs_answer", "tenant_id").to("tenancy_tenant", "id"))
                    .foreign_key(ForeignKey::create().from("programs_answer", "key_id").to("programs_key", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "programs_answer", &["key_id", "idempotency_key"], true).await?;
        tenant_wall(manager, "programs_answer").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["programs_answer", "programs_key"]).await
    }
}
