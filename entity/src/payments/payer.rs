//! An MSP as Stripe's customer, and the payment method its retainers are charged to.

use sea_orm::entity::prelude::*;

use crate::{Moment, Walled, ids::TenantId};

words! {
    pub enum MethodKind {
        Card = "card" => "Card",
        BankAccount = "us_bank_account" => "Bank account (ACH)",
    }
}

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "payments_payer")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: TenantId,
    /// `cus_…`; none until it was made.
    pub customer: Option<String>,
    /// `pm_…`; none until one was set up.
    pub method: Option<String>,
    pub method_kind: Option<MethodKind>,
    /// `Visa •••• 4242`
    pub method_words: String,
    /// `2031-08`: a card's last month.
    pub expires: String,
    /// `cs_…`: the set-up at Stripe's page that was begun last.
    pub session: Option<String>,
    /// When the payment method last changed.
    pub changed_at: Moment,
    pub created_at: Moment,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
impl Walled for Entity {
    fn tenant_column() -> Column {
        Column::TenantId
    }
}
