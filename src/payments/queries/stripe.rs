//! What is known of Stripe: payers, payees, webhooks, the last reconciliation, and how all of it does.

use entity::{
    Moment, Unwalled,
    ids::{AccountId, TenantId},
    payments::{Step, Turn, payee, payer, reconciliation, settlement, webhook},
    wall::Walled,
};
use sea_orm::{ColumnTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::{
    payments::stripe::{CallError, Stripe},
    platform::{Platform, Result, Tx, web::paging::PAGE_SIZE},
};

/// Who pays for this tenant, as last seen at Stripe.
pub async fn payer_of(tx: &Tx, tenant: TenantId) -> Result<Option<payer::Model>> {
    Ok(payer::Entity::within(tx.reach()).filter(payer::Column::TenantId.eq(tenant)).one(tx).await?)
}

/// The account this attorney is paid to, as last seen at Stripe.
pub async fn payee_of(tx: &Tx, account: AccountId) -> Result<Option<payee::Model>> {
    Ok(payee::Entity::rows().filter(payee::Column::AccountId.eq(account)).one(tx).await?)
}

/// Stripe does not pay this attorney: there is no account, or something is asked for.
pub async fn account_is_due(tx: &Tx, account: AccountId) -> Result<bool> {
    Ok(payee_of(tx, account).await?.is_none_or(|row| !row.transfers || !row.payouts || row.bank_failed))
}

/// A page of Stripe's webhooks, latest first; those that nobody has worked off alone, where asked for.
pub async fn webhooks(tx: &Tx, waiting: bool, offset: u64) -> Result<(Vec<webhook::Model>, u64)> {
    let mut select = webhook::Entity::rows();
    if waiting {
        select = select.filter(webhook::Column::WorkedAt.is_null());
    }
    let total = select.clone().count(tx).await?;
    let rows = select
        .order_by_desc(webhook::Column::ReceivedAt)
        .order_by_desc(webhook::Column::Id)
        .offset(offset)
        .limit(PAGE_SIZE)
        .all(tx)
        .await?;
    Ok((rows, total))
}

/// A webhook as the operator reads it: what came, without what opens anything.
#[derive(Clone, Debug)]
pub struct WebhookDetail {
    pub row: webhook::Model,
    /// Pretty JSON.
    pub payload: String,
}

pub async fn webhook(platform: &Platform, tx: &Tx, id: &str) -> Result<Option<WebhookDetail>> {
    let Some(row) = webhook::Entity::rows().filter(webhook::Column::Id.eq(id)).one(tx).await? else { return Ok(None) };
    let bytes = platform.keyring.open_sealed("webhook", row.id.as_bytes(), &row.payload)?;
    let mut value: serde_json::Value = serde_json::from_slice(&bytes)?;
    hide_secrets(&mut value);
    Ok(Some(WebhookDetail { payload: serde_json::to_string_pretty(&value)?, row }))
}

fn hide_secrets(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, field) in fields {
                let opens = name.contains("secret") || name == "url" || name.ends_with("_url");
                if opens && field.is_string() {
                    *field = "(hidden)".into();
                } else {
                    hide_secrets(field);
                }
            }
        }
        serde_json::Value::Array(list) => list.iter_mut().for_each(hide_secrets),
        _ => {}
    }
}

/// The last comparison with Stripe.
pub async fn last_reconciliation(tx: &Tx) -> Result<Option<reconciliation::Model>> {
    Ok(reconciliation::Entity::rows().order_by_desc(reconciliation::Column::At).one(tx).await?)
}

/// What the health pages say of payments.
#[derive(Clone, Debug)]
pub struct PaymentsHealth {
    /// Whether Stripe takes our key; none where none is set.
    pub answer: Option<std::result::Result<(), String>>,
    pub live: bool,
    /// Webhooks that nobody has worked off, and since when.
    pub waiting: u64,
    pub waiting_since: Option<Moment>,
    pub last_webhook: Option<Moment>,
    /// The last comparison with Stripe, and how many differences it found.
    pub reconciled: Option<(Moment, usize)>,
    /// Settlements that need the operator, and since when.
    pub operators_turn: u64,
    pub operators_turn_since: Option<Moment>,
}

/// Whether Stripe takes our key, at this moment; none where none is set.
pub async fn stripe_answers(platform: &Platform) -> Option<std::result::Result<(), CallError>> {
    match Stripe::of(platform) {
        Some(stripe) => Some(stripe.answers().await),
        None => None,
    }
}

/// When Stripe last told something.
pub async fn last_webhook(tx: &Tx) -> Result<Option<Moment>> {
    let last = webhook::Entity::rows().order_by_desc(webhook::Column::ReceivedAt).one(tx).await?;
    Ok(last.map(|row| row.received_at))
}

pub async fn health(platform: &Platform) -> Result<PaymentsHealth> {
    let (answer, live) = match Stripe::of(platform) {
        None => (None, false),
        Some(stripe) => (Some(stripe.answers().await.map_err(|error| format!("{error:?}"))), stripe.is_live()),
    };
    let tx = platform.read(entity::Reach::Everything("health looks at the whole installation")).await?;
    let waiting = || webhook::Entity::rows().filter(webhook::Column::WorkedAt.is_null());
    let first = waiting().order_by_asc(webhook::Column::ReceivedAt).one(&tx).await?;
    let operators = || {
        settlement::Entity::within(tx.reach())
            .filter(settlement::Column::Turn.eq(Turn::Operator))
            .filter(settlement::Column::Step.is_not_in([Step::Paid, Step::Waived]))
    };
    let reconciled = last_reconciliation(&tx).await?;
    Ok(PaymentsHealth {
        answer,
        live,
        waiting: waiting().count(&tx).await?,
        waiting_since: first.map(|row| row.received_at),
        last_webhook: last_webhook(&tx).await?,
        reconciled: reconciled.map(|row| {
            let differences: Vec<String> = serde_json::from_str(&row.differences).unwrap_or_default();
            (row.at, differences.len())
        }),
        operators_turn: operators().count(&tx).await?,
        operators_turn_since: operators().order_by_asc(settlement::Column::UpdatedAt).one(&tx).await?.map(|row| row.updated_at),
    })
}
