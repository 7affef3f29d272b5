//! Clients and contacts as the CRM knows them, and who they are here.

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
                    .table("crm_client")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(text("client_ref"))
                    .col(text("name"))
                    .col(text("legal_name"))
                    .col(text("people"))
                    .col(uuid_null("company_id"))
                    .col(boolean("ignored"))
                    .col(text("linked_by"))
                    .col(big_integer_null("gone_at"))
                    .col(big_integer("version"))
                    .col(big_integer("first_seen_at"))
                    .col(big_integer("revision"))
                    .col(big_integer("told_revision"))
                    .col(big_integer_null("changed_at"))
                    .col(big_integer_null("told_at"))
                    .col(text("told"))
                    .col(text("trouble"))
                    .foreign_key(ForeignKey::create().from("crm_client", "tenant_id").to("tenancy_tenant", "id"))
                    .foreign_key(ForeignKey::create().from("crm_client", "company_id").to("tenancy_company", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "crm_client", &["tenant_id", "client_ref"], true).await?;
        // One client here is one company there.
        index(manager, "crm_client", &["company_id"], true).await?;
        tenant_wall(manager, "crm_client").await?;
        manager
            .create_table(
                Table::create()
                    .table("crm_contact")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("client_id"))
                    .col(text("contact_ref"))
                    .col(uuid("contact_id"))
                    .col(text("name"))
                    .col(text("email"))
                    .col(text("title"))
                    .foreign_key(ForeignKey::create().from("crm_contact", "tenant_id").to("tenancy_tenant", "id"))
                    .foreign_key(ForeignKey::create().from("crm_contact", "client_id").to("crm_client", "id"))
                    .foreign_key(ForeignKey::create().from("crm_contact", "contact_id").to("tenancy_contact", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "crm_contact", &["client_id", "contact_ref"], true).await?;
        tenant_wall(manager, "crm_contact").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["crm_contact", "crm_client"]).await
    }
}
