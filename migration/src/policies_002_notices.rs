//! Whom a policy is copied to, and the vault's document of one that asks for no signature.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for mut column in [text("copies_to").default("").to_owned(), uuid_null("notice_id")] {
            manager.alter_table(Table::alter().table("policies_policy").add_column(&mut column).to_owned()).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["copies_to", "notice_id"] {
            manager.alter_table(Table::alter().table("policies_policy").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
