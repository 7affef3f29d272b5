//! Tenants, staff, engagements, companies and contacts.

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
                    .table("tenancy_tenant")
                    .col(pk_uuid("id"))
                    .col(text_uniq("slug"))
                    .col(text("name"))
                    .col(text("kind"))
                    .col(text("zone"))
                    .col(text("currency"))
                    .col(text("portal_name"))
                    .col(text("primary_color"))
                    .col(text("accent_color"))
                    .col(text("welcome_text"))
                    .col(big_integer("created_at"))
                    .to_owned(),
            )
            .await?;
        for (table, role) in [("tenancy_staff", "role"), ("tenancy_engagement", "role")] {
            let mut create = Table::create();
            create
                .table(table)
                .col(pk_uuid("id"))
                .col(uuid("tenant_id"))
                .col(uuid("account_id"))
                .col(text(role))
                .col(big_integer("created_at"))
                .foreign_key(ForeignKey::create().from(table, "tenant_id").to("tenancy_tenant", "id"))
                .foreign_key(ForeignKey::create().from(table, "account_id").to("identity_account", "id"));
            if table == "tenancy_engagement" {
                create.col(big_integer_null("ended_at"));
            }
            manager.create_table(create.to_owned()).await?;
            index(manager, table, &["account_id", "tenant_id"], true).await?;
            tenant_wall(manager, table).await?;
        }
        manager
            .create_table(
                Table::create()
                    .table("tenancy_company")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(text("name"))
                    .col(text("legal_name"))
                    .col(big_integer("created_at"))
                    .foreign_key(ForeignKey::create().from("tenancy_company", "tenant_id").to("tenancy_tenant", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "tenancy_company", &["tenant_id", "name"], true).await?;
        tenant_wall(manager, "tenancy_company").await?;
        manager
            .create_table(
                Table::create()
                    .table("tenancy_contact")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("company_id"))
                    .col(text("name"))
                    .col(text("email"))
                    .col(text("title"))
                    .col(text("access"))
                    .col(uuid_null("account_id"))
                    .col(big_integer("created_at"))
                    .foreign_key(ForeignKey::create().from("tenancy_contact", "company_id").to("tenancy_company", "id"))
                    .foreign_key(ForeignKey::create().from("tenancy_contact", "account_id").to("identity_account", "id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "tenancy_contact", &["tenant_id", "company_id", "email"], true).await?;
        index(manager, "tenancy_contact", &["account_id"], false).await?;
        tenant_wall(manager, "tenancy_contact").await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["tenancy_contact", "tenancy_company", "tenancy_engagement", "tenancy_staff", "tenancy_tenant"]).await
    }
}
