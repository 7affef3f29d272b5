//! Keys, documents, versions and grants of the vault.

use sea_orm_migration::{prelude::*, schema::*};

use crate::kit::{drop_tables, index, tenant_wall};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let key = |from: &'static str, column: &'static str, to: &'static str| {
            ForeignKey::create().from(from, column).to(to, "id").to_owned()
        };
        manager
            .create_table(
                Table::create()
                    .table("vault_tenant_key")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(integer("version"))
                    .col(text("store_key"))
                    .col(binary("wrapped"))
                    .col(big_integer("created_at"))
                    .foreign_key(&mut key("vault_tenant_key", "tenant_id", "tenancy_tenant"))
                    .to_owned(),
            )
            .await?;
        index(manager, "vault_tenant_key", &["tenant_id", "version"], true).await?;
        manager
            .create_table(
                Table::create()
                    .table("vault_data_key")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("tenant_key_id"))
                    .col(text("owner"))
                    .col(binary("wrapped"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("disabled_at"))
                    .foreign_key(&mut key("vault_data_key", "tenant_key_id", "vault_tenant_key"))
                    .to_owned(),
            )
            .await?;
        index(manager, "vault_data_key", &["tenant_key_id"], false).await?;
        index(manager, "vault_data_key", &["tenant_id", "owner"], false).await?;
        manager
            .create_table(
                Table::create()
                    .table("vault_document")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid_null("company_id"))
                    .col(text("category"))
                    .col(text("owner"))
                    .col(text("title"))
                    .col(text("status"))
                    .col(uuid("version_id"))
                    .col(integer("version"))
                    .col(text("file_name"))
                    .col(text("media_type"))
                    .col(big_integer("size"))
                    .col(text("sha256"))
                    .col(uuid_null("created_by"))
                    .col(text("created_by_name"))
                    .col(big_integer("created_at"))
                    .col(big_integer("updated_at"))
                    .foreign_key(&mut key("vault_document", "tenant_id", "tenancy_tenant"))
                    .foreign_key(&mut key("vault_document", "company_id", "tenancy_company"))
                    .to_owned(),
            )
            .await?;
        index(manager, "vault_document", &["tenant_id", "updated_at"], false).await?;
        index(manager, "vault_document", &["tenant_id", "owner"], false).await?;
        manager
            .create_table(
                Table::create()
                    .table("vault_document_version")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("document_id"))
                    .col(integer("number"))
                    .col(uuid("data_key_id"))
                    .col(text("file_name"))
                    .col(text("media_type"))
                    .col(big_integer("size"))
                    .col(text("sha256"))
                    .col(uuid_null("created_by"))
                    .col(text("created_by_name"))
                    .col(big_integer("created_at"))
                    .foreign_key(&mut key("vault_document_version", "document_id", "vault_document"))
                    .foreign_key(&mut key("vault_document_version", "data_key_id", "vault_data_key"))
                    .to_owned(),
            )
            .await?;
        index(manager, "vault_document_version", &["document_id", "number"], true).await?;
        manager
            .create_table(
                Table::create()
                    .table("vault_grant")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("document_id"))
                    .col(text("audience"))
                    .col(big_integer("created_at"))
                    .foreign_key(&mut key("vault_grant", "document_id", "vault_document"))
                    .to_owned(),
            )
            .await?;
        index(manager, "vault_grant", &["document_id", "audience"], true).await?;
        index(manager, "vault_grant", &["audience", "tenant_id"], false).await?;
        for table in ["vault_tenant_key", "vault_data_key", "vault_document", "vault_document_version", "vault_grant"] {
            tenant_wall(manager, table).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["vault_grant", "vault_document_version", "vault_document", "vault_data_key", "vault_tenant_key"])
            .await
    }
}
