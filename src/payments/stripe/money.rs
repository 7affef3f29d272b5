//! Charges, transfers and what comes back of them, as Stripe shows them.

use std::collections::HashMap;

use entity::Moment;
use stripe_client_core::StripeRequest;
use stripe_connect::{
    transfer::{CreateTransfer, ListTransfer, RetrieveTransfer},
    transfer_reversal::{CreateIdTransferReversal, ListIdTransferReversal},
};
use stripe_core::{
    balance_transaction::ListBalanceTransaction,
    dispute::ListDispute,
    payment_intent::{
        CancelPaymentIntent, ConfirmPaymentIntent, CreatePaymentIntent, CreatePaymentIntentOffSession, ListPaymentIntent,
        RetrievePaymentIntent,
    },
    payout::ListPayout,
    refund::ListRefund,
};
use stripe_shared::{
    AccountId, ChargeStatus, DisputeStatus, PaymentIntent, PaymentIntentAllowedPaymentMethodTypes as Allowed,
    PaymentIntentNextAction, Transfer,
};
use stripe_types::RangeQueryTs;

use super::{Called, Stripe, currency};

/// A charge to be made off-session, with everything that is frozen for its attempt.
#[derive(Clone, Debug)]
pub struct ChargeOrder {
    pub key: String,
    pub settlement: String,
    pub attempt: i32,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    pub customer: String,
    pub method: String,
    pub description: String,
}

#[derive(Clone, Debug)]
pub struct TransferOrder {
    pub key: String,
    pub group: String,
    pub settlement: String,
    pub amount: i64,
    pub currency: String,
    pub destination: String,
    /// The charge whose money it is.
    pub charge: String,
    pub description: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntentFact {
    pub id: String,
    /// Stripe's word: `succeeded`, `processing`, `requires_action`, `requires_payment_method`, `canceled` …
    pub status: String,
    pub amount: i64,
    pub currency: String,
    pub customer: String,
    pub livemode: bool,
    pub settlement: String,
    pub attempt: i32,
    /// Why the last try failed.
    pub error: String,
    /// Where the payer confirms, while it is asked for.
    pub confirm_at: Option<String>,
    /// The charge, where it was asked for with the intent; its name in any case.
    pub charge: Option<ChargeFact>,
    pub charge_id: String,
    /// Unix seconds.
    pub created: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChargeFact {
    pub id: String,
    pub amount: i64,
    pub currency: String,
    pub succeeded: bool,
    pub failure: String,
    /// What Stripe took, and in which currency.
    pub fee: i64,
    pub fee_currency: String,
    pub refunds: Vec<RefundFact>,
    pub disputes: Vec<DisputeFact>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefundFact {
    pub id: String,
    pub amount: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DisputeFact {
    pub id: String,
    pub amount: i64,
    pub reason: String,
    /// Money is withheld while it is open; an inquiry (`warning_…`) withholds nothing.
    pub open: bool,
    pub lost: bool,
    pub won: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransferFact {
    pub id: String,
    pub amount: i64,
    pub currency: String,
    pub destination: String,
    /// The payment on the connected account; what payouts carry.
    pub payment: String,
    pub created: i64,
    pub settlement: String,
    pub reversals: Vec<ReversalFact>,
}

impl TransferFact {
    pub fn reversed(&self) -> i64 {
        self.reversals.iter().map(|reversal| reversal.amount).sum()
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReversalFact {
    pub id: String,
    pub amount: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayoutFact {
    pub id: String,
    /// Stripe's word: `pending`, `in_transit`, `paid`, `failed`, `canceled`.
    pub status: String,
    /// `account_closed`, `no_account` …
    pub failure: String,
    pub arrives_at: Option<Moment>,
}

/// Objects a list answers at most.
const PAGE: i64 = 100;

impl Stripe {
    /// Whether Stripe takes our key.
    pub async fn answers(&self) -> Called<()> {
        self.read(ListTransfer::new().limit(1).customize()).await.map(|_| ())
    }

    /// Charges off-session. The id of the payment intent, also where the charge was declined: then by the refusal.
    pub async fn charge(&self, order: &ChargeOrder) -> Called<String> {
        let request = CreatePaymentIntent::new(order.amount, currency(&order.currency))
            .customer(&order.customer)
            .payment_method(&order.method)
            .allowed_payment_method_types(vec![Allowed::Card, Allowed::UsBankAccount])
            .off_session(CreatePaymentIntentOffSession::Bool(true))
            .confirm(true)
            .description(&order.description)
            .transfer_group(format!("{}:{}", order.settlement, order.attempt))
            .metadata(HashMap::from([
                ("settlement".to_owned(), order.settlement.clone()),
                ("attempt".to_owned(), order.attempt.to_string()),
            ]));
        Ok(self.change(&order.key, &request).await?.id.to_string())
    }

    /// The intent of this attempt among the customer's since then, for a call whose answer was lost.
    pub async fn find_intent(&self, customer: &str, since: Moment, settlement: &str, attempt: i32) -> Called<Option<String>> {
        let attempt = attempt.to_string();
        let wanted = |intent: &PaymentIntent| {
            intent.metadata.get("settlement").is_some_and(|id| id == settlement)
                && intent.metadata.get("attempt").is_some_and(|word| *word == attempt)
        };
        let mut after: Option<String> = None;
        loop {
            // A minute earlier: their clock is not ours.
            let mut request =
                ListPaymentIntent::new().customer(customer).created(RangeQueryTs::gte(since.seconds() - 60)).limit(PAGE);
            if let Some(after) = after.take() {
                request = request.starting_after(after);
            }
            let page = self.read(request.customize()).await?;
            if let Some(found) = page.data.iter().find(|intent| wanted(intent)) {
                return Ok(Some(found.id.to_string()));
            }
            match page.data.last().filter(|_| page.has_more) {
                Some(last) => after = Some(last.id.to_string()),
                None => return Ok(None),
            }
        }
    }

    /// An intent with its charge, refunds and disputes.
    pub async fn intent(&self, id: &str) -> Called<IntentFact> {
        let request = RetrievePaymentIntent::new(id).expand(vec!["latest_charge.balance_transaction".to_owned()]);
        let intent = self.read(request.customize()).await?;
        let mut fact = intent_fact(&intent);
        if let Some(charge) = fact.charge.as_mut().filter(|charge| charge.succeeded) {
            let disputes = self.read(ListDispute::new().charge(&charge.id).limit(PAGE).customize()).await?;
            charge.disputes = disputes
                .data
                .into_iter()
                .map(|dispute| DisputeFact {
                    id: dispute.id.to_string(),
                    amount: dispute.amount,
                    reason: dispute.reason,
                    open: matches!(dispute.status, DisputeStatus::NeedsResponse | DisputeStatus::UnderReview),
                    lost: dispute.status == DisputeStatus::Lost,
                    won: dispute.status == DisputeStatus::Won,
                })
                .collect();
            let refunds = self.read(ListRefund::new().charge(&charge.id).limit(PAGE).customize()).await?;
            // A pending refund of a bank debit has left the balance already; one that failed has come back.
            let real = |status: &Option<String>| matches!(status.as_deref(), Some("succeeded" | "pending"));
            charge.refunds = refunds
                .data
                .into_iter()
                .filter(|refund| real(&refund.status))
                .map(|refund| RefundFact { id: refund.id.to_string(), amount: refund.amount })
                .collect();
        }
        Ok(fact)
    }

    /// Ends an intent that has not been paid. Refused where it was paid meanwhile.
    pub async fn cancel_intent(&self, id: &str) -> Called<()> {
        self.read(CancelPaymentIntent::new(id).customize()).await.map(|_| ())
    }

    /// Begins the confirmation that the bank asked for, with the payer present; where they go for it.
    pub async fn confirm_intent(&self, id: &str, method: &str, back: &str) -> Called<Option<String>> {
        let request = ConfirmPaymentIntent::new(id).payment_method(method).return_url(back);
        Ok(intent_fact(&self.read(request.customize()).await?).confirm_at)
    }

    pub async fn transfer(&self, order: &TransferOrder) -> Called<String> {
        let request = CreateTransfer::new(currency(&order.currency), &order.destination)
            .amount(order.amount)
            .source_transaction(&order.charge)
            .description(&order.description)
            .transfer_group(&order.group)
            .metadata(HashMap::from([("settlement".to_owned(), order.settlement.clone())]));
        Ok(self.change(&order.key, &request).await?.id.to_string())
    }

    /// The transfer of this group, for a call whose answer was lost.
    pub async fn find_transfer(&self, group: &str) -> Called<Option<String>> {
        let page = self.read(ListTransfer::new().transfer_group(group).limit(PAGE).customize()).await?;
        Ok(page.data.first().map(|transfer| transfer.id.to_string()))
    }

    pub async fn transfer_fact(&self, id: &str) -> Called<TransferFact> {
        let transfer = self.read(RetrieveTransfer::new(id).customize()).await?;
        let mut fact = transfer_fact(&transfer);
        if transfer.amount_reversed > 0 {
            let page = self.read(ListIdTransferReversal::new(id).limit(PAGE).customize()).await?;
            fact.reversals = page.data.iter().map(|one| ReversalFact { id: one.id.to_string(), amount: one.amount }).collect();
        }
        Ok(fact)
    }

    /// Takes so much of a transfer back.
    pub async fn reverse(&self, key: &str, transfer: &str, amount: i64) -> Called<()> {
        self.change(key, &CreateIdTransferReversal::new(transfer).amount(amount)).await.map(|_| ())
    }

    /// The payout that carries this payment to the bank; of several (one may have come back) the last.
    pub async fn payout_of(&self, account: &str, transfer: &TransferFact) -> Called<Option<PayoutFact>> {
        let on = |account: &str| account.parse::<AccountId>().unwrap_or_else(|never| match never {});
        let list = ListPayout::new().created(RangeQueryTs::gte(transfer.created)).limit(PAGE);
        let mut payouts = self.read(list.customize().account_id(on(account))).await?.data;
        payouts.sort_by_key(|payout| payout.created);
        // What the payment became: a payout that fails leaves its money to the next one under its own name.
        let mut carried = vec![transfer.payment.clone()];
        let mut found = None;
        for payout in payouts {
            let lines = ListBalanceTransaction::new().payout(payout.id.to_string()).limit(PAGE);
            let lines = self.read(lines.customize().account_id(on(account))).await?.data;
            let carries = lines
                .iter()
                .filter(|line| line.type_.as_str() != "payout")
                .any(|line| line.source.as_ref().is_some_and(|source| carried.iter().any(|id| source.id().as_str() == id)));
            if carries {
                carried.push(payout.id.to_string());
                found = Some(PayoutFact {
                    id: payout.id.to_string(),
                    status: payout.status,
                    failure: payout.failure_code.unwrap_or_default(),
                    arrives_at: Some(Moment(payout.arrival_date * 1_000)),
                });
            }
        }
        Ok(found)
    }

    /// Every intent and transfer of ours since then, for the reconciliation.
    pub async fn moved_since(&self, since: Moment) -> Called<(Vec<IntentFact>, Vec<TransferFact>)> {
        let created = || RangeQueryTs::gte(since.seconds());
        let (mut intents, mut transfers) = (Vec::new(), Vec::new());
        let mut after: Option<String> = None;
        loop {
            let mut request = ListPaymentIntent::new().created(created()).limit(PAGE);
            if let Some(after) = after.take() {
                request = request.starting_after(after);
            }
            let page = self.read(request.customize()).await?;
            intents.extend(page.data.iter().map(intent_fact));
            match page.data.last().filter(|_| page.has_more) {
                Some(last) => after = Some(last.id.to_string()),
                None => break,
            }
        }
        loop {
            let mut request = ListTransfer::new().created(created()).limit(PAGE);
            if let Some(after) = after.take() {
                request = request.starting_after(after);
            }
            let page = self.read(request.customize()).await?;
            transfers.extend(page.data.iter().map(transfer_fact));
            match page.data.last().filter(|_| page.has_more) {
                Some(last) => after = Some(last.id.to_string()),
                None => break,
            }
        }
        Ok((intents, transfers))
    }
}

fn intent_fact(intent: &PaymentIntent) -> IntentFact {
    let error = intent.last_payment_error.as_ref().map(|error| {
        error
            .decline_code
            .clone()
            .filter(|code| code != "generic_decline")
            .or_else(|| error.code.as_ref().map(|code| code.as_str().to_owned()))
            .unwrap_or_else(|| "declined".to_owned())
    });
    let confirm_at = intent
        .next_action
        .as_ref()
        .and_then(|action: &PaymentIntentNextAction| action.redirect_to_url.as_ref().and_then(|to| to.url.clone()));
    let charge = intent.latest_charge.as_ref().and_then(|charge| charge.as_object()).map(|charge| {
        let line = charge.balance_transaction.as_ref().and_then(|line| line.as_object());
        ChargeFact {
            id: charge.id.to_string(),
            amount: charge.amount,
            currency: charge.currency.to_string().to_uppercase(),
            succeeded: charge.status == ChargeStatus::Succeeded && charge.paid,
            failure: charge.failure_code.clone().unwrap_or_default(),
            fee: line.map_or(0, |line| line.fee),
            fee_currency: line.map(|line| line.currency.to_string().to_uppercase()).unwrap_or_default(),
            ..ChargeFact::default()
        }
    });
    IntentFact {
        id: intent.id.to_string(),
        status: intent.status.as_str().to_owned(),
        amount: intent.amount,
        currency: intent.currency.to_string().to_uppercase(),
        customer: intent.customer.as_ref().map(|customer| customer.id().to_string()).unwrap_or_default(),
        livemode: intent.livemode,
        settlement: intent.metadata.get("settlement").cloned().unwrap_or_default(),
        attempt: intent.metadata.get("attempt").and_then(|word| word.parse().ok()).unwrap_or_default(),
        error: error.unwrap_or_default(),
        confirm_at,
        charge,
        charge_id: intent.latest_charge.as_ref().map(|charge| charge.id().to_string()).unwrap_or_default(),
        created: intent.created,
    }
}

fn transfer_fact(transfer: &Transfer) -> TransferFact {
    TransferFact {
        id: transfer.id.to_string(),
        amount: transfer.amount,
        currency: transfer.currency.to_string().to_uppercase(),
        destination: transfer.destination.as_ref().map(|account| account.id().to_string()).unwrap_or_default(),
        payment: transfer.destination_payment.as_ref().map(|payment| payment.id().to_string()).unwrap_or_default(),
        created: transfer.created,
        settlement: transfer.metadata.get("settlement").cloned().unwrap_or_default(),
        reversals: transfer.reversals.data.iter().map(|one| ReversalFact { id: one.id.to_string(), amount: one.amount }).collect(),
    }
}
