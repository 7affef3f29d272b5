//! The looks a portal had, and their files.

use sea_orm_migration::{prelude::*, schema::*};

use crate::kit::{drop_tables, index, tenant_wall};

#[derive(DeriveMigrationName)]
pub struct Migration;

const COLUMNS: [&str; 4] = ["logo", "favicon", "stylesheet", "host"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in COLUMNS {
            manager.alter_table(Table::alter().table("tenancy_tenant").add_column(text(column).default("")).to_owned()).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("tenancy_look")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(integer("number"))
                    .col(text("portal_name"))
                    .col(text("primary_color"))
                    .col(text("accent_color"))
                    .col(text("welcome_text"))
                    .col(text("logo"))
                    .col(text("favicon"))
                    .col(text("css"))
                    .col(text("saved_by"))
                    .col(big_integer("saved_at"))
                    .foreign_key(ForeignKey::create().from("tenancy_look", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "tenancy_look", &["tenant_id", "number"], true).await?;
        tenant_wall(manager, "tenancy_look").await?;
        manager
            .create_table(
                Table::create()
                    .table("tenancy_look_file")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(text("name"))
                    .col(binary("content"))
                    .col(big_integer("made_at"))
                    .foreign_key(ForeignKey::create().from("tenancy_look_file", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "tenancy_look_file", &["tenant_id", "name"], true).await?;
        index(manager, "tenancy_look_file", &["name"], false).await?;
        tenant_wall(manager, "tenancy_look_file").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["tenancy_look_file", "tenancy_look"]).await?;
        for column in COLUMNS {
            manager.alter_table(Table::alter().table("tenancy_tenant").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
