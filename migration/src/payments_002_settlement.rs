//! Who pays and who is paid, each period's settlement with its history, Stripe's webhooks, and the reconciliations.

use sea_orm_migration::{prelude::*, schema::*};

use crate::kit::{append_only, drop_tables, index, tenant_wall};

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let to = |table: &'static str, column: &'static str, other: &'static str| {
            ForeignKey::create().from(table, column).to(other, "id").to_owned()
        };
        manager
            .create_table(
                Table::create()
                    .table("payments_payee")
                    .col(pk_uuid("account_id"))
                    .col(text_null("stripe_account"))
                    .col(boolean("submitted"))
                    .col(boolean("transfers"))
                    .col(boolean("payouts"))
                    .col(text("due"))
                    .col(text("disabled_reason"))
                    .col(text("bank"))
                    .col(boolean("bank_failed"))
                    .col(big_integer("seen_at"))
                    .col(big_integer("created_at"))
                    .foreign_key(&mut to("payments_payee", "account_id", "identity_account"))
                    .to_owned(),
            )
            .await?;
        index(manager, "payments_payee", &["stripe_account"], true).await?;
        manager
            .create_table(
                Table::create()
                    .table("payments_payer")
                    .col(pk_uuid("tenant_id"))
                    .col(text_null("customer"))
                    .col(text_null("method"))
                    .col(text_null("method_kind"))
                    .col(text("method_words"))
                    .col(text("expires"))
                    .col(text_null("session"))
                    .col(big_integer("changed_at"))
                    .col(big_integer("created_at"))
                    .foreign_key(&mut to("payments_payer", "tenant_id", "tenancy_tenant"))
                    .to_owned(),
            )
            .await?;
        index(manager, "payments_payer", &["customer"], true).await?;
        tenant_wall(manager, "payments_payer").await?;
        manager
            .create_table(
                Table::create()
                    .table("payments_settlement")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(text("agreement"))
                    .col(uuid("payee_id"))
                    .col(text("payee_name"))
                    .col(text("period_first"))
                    .col(text("period_last"))
                    .col(big_integer("amount"))
                    .col(text("currency"))
                    .col(text("lines"))
                    .col(uuid("agreed_by"))
                    .col(text("agreed_by_name"))
                    .col(big_integer("agreed_at"))
                    .col(integer("agreed_version"))
                    .col(text("step"))
                    .col(text("status"))
                    .col(text("cause"))
                    .col(text("turn"))
                    .col(integer("attempt"))
                    .col(big_integer_null("next_at"))
                    .col(big_integer_null("key_at"))
                    .col(text_null("customer"))
                    .col(text_null("method"))
                    .col(text_null("intent"))
                    .col(text_null("charge"))
                    .col(text_null("transfer"))
                    .col(text_null("payout"))
                    .col(big_integer_null("arrives_at"))
                    .col(big_integer("fee"))
                    .col(integer("version"))
                    .col(big_integer_null("paid_at"))
                    .col(big_integer("created_at"))
                    .col(big_integer("updated_at"))
                    .check(Expr::cust("amount > 0"))
                    .foreign_key(&mut to("payments_settlement", "tenant_id", "tenancy_tenant"))
                    .foreign_key(&mut to("payments_settlement", "payee_id", "identity_account"))
                    .foreign_key(&mut to("payments_settlement", "agreed_by", "identity_account"))
                    .to_owned(),
            )
            .await?;
        index(manager, "payments_settlement", &["agreement", "period_first"], true).await?;
        for columns in [&["tenant_id", "created_at"][..], &["payee_id"], &["status"], &["intent"], &["charge"], &["transfer"]] {
            index(manager, "payments_settlement", columns, false).await?;
        }
        tenant_wall(manager, "payments_settlement").await?;
        manager
            .create_table(
                Table::create()
                    .table("payments_happening")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("settlement_id"))
                    .col(integer("number"))
                    .col(big_integer("at"))
                    .col(text("actor_name"))
                    .col(text("words"))
                    .col(text("reference"))
                    .foreign_key(&mut to("payments_happening", "settlement_id", "payments_settlement"))
                    .to_owned(),
            )
            .await?;
        index(manager, "payments_happening", &["settlement_id", "number"], true).await?;
        append_only(manager, "payments_happening").await?;
        tenant_wall(manager, "payments_happening").await?;
        manager
            .create_table(
                Table::create()
                    .table("payments_approval")
                    .col(pk_uuid("id"))
                    .col(uuid("tenant_id"))
                    .col(uuid("settlement_id"))
                    .col(uuid("account_id"))
                    .col(text("name"))
                    .col(big_integer("at"))
                    .foreign_key(&mut to("payments_approval", "settlement_id", "payments_settlement"))
                    .foreign_key(&mut to("payments_approval", "account_id", "identity_account"))
                    .to_owned(),
            )
            .await?;
        index(manager, "payments_approval", &["settlement_id", "account_id"], true).await?;
        append_only(manager, "payments_approval").await?;
        tenant_wall(manager, "payments_approval").await?;
        manager
            .create_table(
                Table::create()
                    .table("payments_webhook")
                    .col(text("id").primary_key())
                    .col(text("kind"))
                    .col(text("account"))
                    .col(text("object"))
                    .col(text("object_id"))
                    .col(text("hint"))
                    .col(boolean("livemode"))
                    .col(big_integer("received_at"))
                    .col(binary("payload"))
                    .col(big_integer_null("worked_at"))
                    .col(text("outcome"))
                    .to_owned(),
            )
            .await?;
        index(manager, "payments_webhook", &["worked_at"], false).await?;
        index(manager, "payments_webhook", &["received_at"], false).await?;
        manager
            .create_table(
                Table::create()
                    .table("payments_reconciliation")
                    .col(pk_uuid("id"))
                    .col(big_integer("at"))
                    .col(text("by"))
                    .col(integer("settlements"))
                    .col(integer("objects"))
                    .col(text("differences"))
                    .to_owned(),
            )
            .await?;
        index(manager, "payments_reconciliation", &["at"], false).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let tables = [
            "payments_reconciliation",
            "payments_webhook",
            "payments_approval",
            "payments_happening",
            "payments_settlement",
            "payments_payer",
            "payments_payee",
        ];
        drop_tables(manager, &tables).await
    }
}
