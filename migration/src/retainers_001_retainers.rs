//! Retainers, their history, hours and timers.

use sea_orm_migration::{prelude::*, schema::*};

use crate::kit::{append_only, drop_tables, index, tenant_wall};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("retainers_retainer")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("attorney_id"))
                    .col(text("attorney_name"))
                    .col(text("status"))
                    .col(big_integer("fee"))
                    .col(text("currency"))
                    .col(big_integer("included_minutes"))
                    .col(big_integer("overage_rate"))
                    .col(text("starts_on"))
                    .col(integer("billing_day"))
                    .col(integer("terms_version"))
                    .col(uuid_null("accepted_by"))
                    .col(text_null("accepted_by_name"))
                    .col(big_integer_null("accepted_at"))
                    .col(big_integer("created_at"))
                    .col(big_integer("updated_at"))
                    .foreign_key(ForeignKey::create().from("retainers_retainer", "tenant_id").to("tenancy_tenant", "id"))
                    .foreign_key(ForeignKey::create().from("retainers_retainer", "attorney_id").to("identity_account", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "retainers_retainer", &["tenant_id", "attorney_id"], false).await?;
        tenant_wall(manager, "retainers_retainer").await?;
        manager
            .create_table(
                Table::create()
                    .table("retainers_event")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("retainer_id"))
                    .col(big_integer("at"))
                    .col(uuid_null("actor_id"))
                    .col(text("actor_name"))
                    .col(text("what"))
                    .col(text("detail"))
                    .foreign_key(ForeignKey::create().from("retainers_event", "retainer_id").to("retainers_retainer", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "retainers_event", &["retainer_id", "at"], false).await?;
        append_only(manager, "retainers_event").await?;
        tenant_wall(manager, "retainers_event").await?;
        manager
            .create_table(
                Table::create()
                    .table("retainers_time_entry")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("retainer_id"))
                    .col(uuid_null("matter_id"))
                    .col(uuid("attorney_id"))
                    .col(text("attorney_name"))
                    .col(text("worked_on"))
                    .col(big_integer("minutes"))
                    .col(binary("description"))
                    .col(boolean("written_off"))
                    .col(big_integer_null("settled_at"))
                    .col(big_integer("created_at"))
                    .col(big_integer("updated_at"))
                    .foreign_key(ForeignKey::create().from("retainers_time_entry", "retainer_id").to("retainers_retainer", "id"))
                    .foreign_key(ForeignKey::create().from("retainers_time_entry", "matter_id").to("matters_matter", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "retainers_time_entry", &["retainer_id", "worked_on"], false).await?;
        index(manager, "retainers_time_entry", &["matter_id"], false).await?;
        tenant_wall(manager, "retainers_time_entry").await?;
        manager
            .create_table(
                Table::create()
                    .table("retainers_timer")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("account_id"))
                    .col(uuid("retainer_id"))
                    .col(uuid_null("matter_id"))
                    .col(big_integer("started_at"))
                    .foreign_key(ForeignKey::create().from("retainers_timer", "retainer_id").to("retainers_retainer", "id"))
                    .foreign_key(ForeignKey::create().from("retainers_timer", "matter_id").to("matters_matter", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "retainers_timer", &["account_id"], true).await?;
        tenant_wall(manager, "retainers_timer").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["retainers_timer", "retainers_time_entry", "retainers_event", "retainers_retainer"]).await
    }
}
