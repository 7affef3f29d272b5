//! Contacts of the PSA's who may come to the portal; and whether an admin said what matches what.

use sea_orm_migration::{prelude::*, schema::*};

use crate::kit::{drop_tables, index, tenant_wall};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .alter_table(Table::alter().table("integrations_psa_match").add_column(boolean("said").default(false)).to_owned())
            .await?;
        manager
            .create_table(
                Table::create()
                    .table("integrations_psa_person")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(text("theirs"))
                    .col(text("company_theirs"))
                    .col(text("name"))
                    .col(text("email"))
                    .col(boolean("portal_access"))
                    .col(text("access_level"))
                    .col(big_integer("version"))
                    .col(uuid_null("contact_id"))
                    .col(boolean_null("granted"))
                    .col(text("followed_level"))
                    .col(text_null("waits"))
                    .col(big_integer_null("waits_since"))
                    .col(big_integer("seen_at"))
                    .foreign_key(ForeignKey::create().from("integrations_psa_person", "tenant_id").to("tenancy_tenant", "id"))
                    .foreign_key(ForeignKey::create().from("integrations_psa_person", "contact_id").to("tenancy_contact", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "integrations_psa_person", &["tenant_id", "theirs"], true).await?;
        tenant_wall(manager, "integrations_psa_person").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["integrations_psa_person"]).await?;
        manager.alter_table(Table::alter().table("integrations_psa_match").drop_column("said").to_owned()).await
    }
}
