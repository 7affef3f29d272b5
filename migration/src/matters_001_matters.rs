//! Matters and their participants.

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
                    .table("matters_matter")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid_null("company_id"))
                    .col(text("title"))
                    .col(text("kind"))
                    .col(text("urgency"))
                    .col(text("status"))
                    .col(uuid("data_key_id"))
                    .col(binary("description"))
                    .col(uuid("conversation_id"))
                    .col(uuid("opened_by"))
                    .col(text("opened_by_name"))
                    .col(uuid_null("claimed_by"))
                    .col(text_null("claimed_by_name"))
                    .col(text("opening_key"))
                    .col(big_integer("opened_at"))
                    .col(big_integer_null("claimed_at"))
                    .col(big_integer_null("resolved_at"))
                    .col(big_integer_null("closed_at"))
                    .col(big_integer("updated_at"))
                    .foreign_key(ForeignKey::create().from("matters_matter", "tenant_id").to("tenancy_tenant", "id"))
                    .foreign_key(ForeignKey::create().from("matters_matter", "company_id").to("tenancy_company", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "matters_matter", &["tenant_id", "status", "updated_at"], false).await?;
        index(manager, "matters_matter", &["company_id"], false).await?;
        index(manager, "matters_matter", &["conversation_id"], true).await?;
        index(manager, "matters_matter", &["opened_by", "opening_key"], true).await?;
        tenant_wall(manager, "matters_matter").await?;
        manager
            .create_table(
                Table::create()
                    .table("matters_participant")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("matter_id"))
                    .col(uuid("account_id"))
                    .col(text("name"))
                    .col(text("side"))
                    .col(text("role"))
                    .col(big_integer("joined_at"))
                    .col(big_integer_null("left_at"))
                    .foreign_key(ForeignKey::create().from("matters_participant", "matter_id").to("matters_matter", "id"))
                    .foreign_key(ForeignKey::create().from("matters_participant", "account_id").to("identity_account", "id"))
                    .to_owned(),
            )
            .await?;
        // One row a person and matter: who comes back gets the same row again.
        index(manager, "matters_participant", &["matter_id", "account_id"], true).await?;
        index(manager, "matters_participant", &["account_id"], false).await?;
        tenant_wall(manager, "matters_participant").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["matters_participant", "matters_matter"]).await
    }
}
