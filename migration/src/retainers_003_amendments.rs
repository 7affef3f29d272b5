//! Unused hours that roll over, terms that change from a later month, and who was told that hours run out.

use sea_orm_migration::{prelude::*, schema::*};

use crate::kit::{drop_tables, index, tenant_wall};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let rolls_over = Table::alter().table("retainers_retainer").add_column(boolean("rolls_over").default(false)).to_owned();
        manager.alter_table(rolls_over).await?;
        manager
            .create_table(
                Table::create()
                    .table("retainers_amendment")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("retainer_id"))
                    .col(text("status"))
                    .col(big_integer("fee"))
                    .col(big_integer("included_minutes"))
                    .col(big_integer("overage_rate"))
                    .col(boolean("rolls_over"))
                    .col(text("effective_on"))
                    .col(big_integer("offered_at"))
                    .col(text("offered_by_name"))
                    .col(big_integer_null("decided_at"))
                    .col(uuid_null("decided_by"))
                    .col(text_null("decided_by_name"))
                    .foreign_key(ForeignKey::create().from("retainers_amendment", "retainer_id").to("retainers_retainer", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "retainers_amendment", &["retainer_id", "status"], false).await?;
        tenant_wall(manager, "retainers_amendment").await?;
        manager
            .create_table(
                Table::create()
                    .table("retainers_warning")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("retainer_id"))
                    .col(text("month"))
                    .col(integer("percent"))
                    .col(big_integer("told_at"))
                    .foreign_key(ForeignKey::create().from("retainers_warning", "retainer_id").to("retainers_retainer", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "retainers_warning", &["retainer_id", "month", "percent"], true).await?;
        tenant_wall(manager, "retainers_warning").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["retainers_warning", "retainers_amendment"]).await?;
        manager.alter_table(Table::alter().table("retainers_retainer").drop_column("rolls_over").to_owned()).await
    }
}
