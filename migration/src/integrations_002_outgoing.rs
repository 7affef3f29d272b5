//! What happens, for programs outside: the feed, who hears it, and what was delivered.

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
                    .table("integrations_hook")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(text("name"))
                    .col(text("url"))
                    .col(binary("secret"))
                    .col(text("events"))
                    .col(text("created_by_name"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("paused_at"))
                    .col(text_null("paused_why"))
                    .col(big_integer_null("last_ok_at"))
                    .col(big_integer_null("failing_since"))
                    .col(text_null("last_error"))
                    .foreign_key(ForeignKey::create().from("integrations_hook", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "integrations_hook", &["tenant_id"], false).await?;
        tenant_wall(manager, "integrations_hook").await?;
        manager
            .create_table(
                Table::create()
                    .table("integrations_feed_event")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(big_integer("seq"))
                    .col(text("name"))
                    .col(big_integer("at"))
                    .col(text("data"))
                    .foreign_key(ForeignKey::create().from("integrations_feed_event", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "integrations_feed_event", &["tenant_id", "seq"], true).await?;
        tenant_wall(manager, "integrations_feed_event").await?;
        manager
            .create_table(
                Table::create()
                    .table("integrations_feed_head")
                    .col(uuid("tenant_id").primary_key())
                    .col(big_integer("seq"))
                    .foreign_key(ForeignKey::create().from("integrations_feed_head", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        tenant_wall(manager, "integrations_feed_head").await?;
        manager
            .create_table(
                Table::create()
                    .table("integrations_delivery")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("hook_id"))
                    .col(uuid("event_id"))
                    .col(text("status"))
                    .col(integer("attempts"))
                    .col(big_integer_null("next_at"))
                    .col(integer_null("last_status"))
                    .col(text_null("last_answer"))
                    .col(big_integer_null("tried_at"))
                    .col(big_integer_null("delivered_at"))
                    .col(big_integer("created_at"))
                    .foreign_key(ForeignKey::create().from("integrations_delivery", "tenant_id").to("tenancy_tenant", "id"))
                    .foreign_key(ForeignKey::create().from("integrations_delivery", "hook_id").to("integrations_hook", "id"))
                    .foreign_key(ForeignKey::create().from("integrations_delivery", "event_id").to("integrations_feed_event", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "integrations_delivery", &["hook_id", "created_at"], false).await?;
        index(manager, "integrations_delivery", &["event_id"], false).await?;
        tenant_wall(manager, "integrations_delivery").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["integrations_delivery", "integrations_feed_head", "integrations_feed_event", "integrations_hook"])
            .await
    }
}
