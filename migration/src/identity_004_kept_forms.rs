//! Forms that came after their session had ended, sealed, for a day.

use sea_orm_migration::{prelude::*, schema::*};

use crate::kit::{drop_tables, index};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("identity_kept_form")
                    .col(pk_uuid("id"))
                    .col(uuid("account_id"))
                    .col(text("browser_hash"))
                    .col(binary("sealed"))
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .foreign_key(ForeignKey::create().from("identity_kept_form", "account_id").to("identity_account", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "identity_kept_form", &["account_id"], false).await?;
        index(manager, "identity_kept_form", &["expires_at"], false).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["identity_kept_form"]).await
    }
}
