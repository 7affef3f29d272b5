//! `/legal/payouts`: the Payout History of both sides.

use actix_web::web::Query;
use askama::Template;
use entity::{ids::TenantId, payments::PayoutStatus};
use serde::Deserialize;

use crate::{
    payments::{
        PayoutLine, PayoutSeat,
        queries::{self, Till, WantedPayouts},
    },
    platform::{
        Result, Tx,
        web::{Answer, Ask, Frame, Pager, page, paging::PageQuery},
    },
    tenancy::{Caller, Seat},
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    status: String,
    retainer: String,
    page: Option<String>,
}

impl Filter {
    fn is_set(&self) -> bool {
        !self.status.is_empty() || !self.retainer.is_empty()
    }

    fn here(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("status", &self.status), ("retainer", &self.retainer)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { "/legal/payouts".to_owned() } else { format!("/legal/payouts?{query}") }
    }
}

/// What must be there before money can move, and is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    Nothing,
    Method,
    Account,
    /// The account is there, and Stripe asks for something.
    AccountDue,
    /// The bank sent a payout back: another bank account is wanted.
    Bank,
}

pub async fn missing(tx: &Tx, caller: &Caller) -> Result<Missing> {
    Ok(match &caller.seat {
        Seat::Staff { tenant, .. } => staff_misses(tx, caller, *tenant).await?,
        Seat::Attorney { .. } => match queries::payee_of(tx, caller.account).await? {
            None => Missing::Account,
            Some(row) if row.stripe_account.is_none() => Missing::Account,
            Some(row) if row.transfers && row.payouts && !row.bank_failed => Missing::Nothing,
            Some(row) if row.bank_failed && row.transfers => Missing::Bank,
            Some(_) => Missing::AccountDue,
        },
        _ => Missing::Nothing,
    })
}

async fn staff_misses(tx: &Tx, caller: &Caller, tenant: TenantId) -> Result<Missing> {
    if !caller.manages(tenant) {
        return Ok(Missing::Nothing);
    }
    let has = queries::payer_of(tx, tenant).await?.is_some_and(|row| row.method.is_some());
    Ok(if has { Missing::Nothing } else { Missing::Method })
}

#[derive(Template)]
#[template(path = "payments/list.html")]
struct ListPage {
    frame: Frame,
    lines: Vec<PayoutLine>,
    pager: Pager,
    filter: Filter,
    statuses: Vec<(&'static str, &'static str)>,
    retainers: Vec<(String, String)>,
    retries: usize,
    attorney: bool,
    manages: bool,
    missing: Missing,
}

pub async fn list(ask: Ask<PayoutSeat>, filter: Query<Filter>) -> Answer {
    let filter = filter.into_inner();
    let platform = ask.platform();
    let caller = &ask.who.caller;
    let paging = PageQuery { page: filter.page.clone() };
    let tx = platform.read(ask.who.reach()).await?;
    let wanted = WantedPayouts {
        status: filter.status.parse::<PayoutStatus>().ok(),
        agreement: (!filter.retainer.is_empty()).then(|| filter.retainer.clone()),
        offset: paging.offset(),
    };
    let (lines, total) = queries::payouts(&tx, &ask.who, &wanted, Till::of(&platform)).await?;
    page(&ListPage {
        frame: ask.frame(),
        lines,
        pager: Pager::new(paging.number(), total, &filter.here()),
        statuses: PayoutStatus::ALL.iter().map(|word| (word.word(), word.label())).collect(),
        retainers: queries::agreements(&tx, &ask.who).await?,
        retries: platform.config.payout_retry_days.len(),
        attorney: caller.is_attorney(),
        manages: caller.home_tenant().is_some_and(|tenant| caller.manages(tenant)),
        missing: missing(&tx, caller).await?,
        filter,
    })
}
