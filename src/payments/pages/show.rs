//! `/legal/payouts/{id}`: what a payout is made of, what happened to it, whose turn it is, and what they do.

use askama::Template;
use entity::payments::{Movement, PayoutStatus, Step};

use super::leave;
use crate::{
    entrance::Fresh,
    payments::{
        Book, PayoutLine, PayoutPayee, PayoutPayer, PayoutViewer, advance, approve as approve_payout,
        cause::Fix,
        commands::{approve::NEEDED, confirm::confirm as confirm_payment},
        others::waits_for,
        queries::{self, PayoutDetail, Till},
        try_again as charge_again, waive as waive_payout,
    },
    platform::{
        money,
        web::{Answer, Ask, Frame, page, see_other},
    },
};

/// What the reader can do about it.
struct May {
    approve: bool,
    confirm: bool,
    try_again: bool,
    waive: bool,
}

#[derive(Template)]
#[template(path = "payments/show.html")]
struct ShowPage {
    frame: Frame,
    detail: PayoutDetail,
    attorney: bool,
    retries: usize,
    needed: u64,
    may: May,
    /// What moved or is to move, with its amount.
    sums: Vec<(&'static str, i64)>,
    /// What whoever's turn it is does: words, and the button of a reader whose turn it is.
    fix: Option<(&'static str, Option<(&'static str, String)>)>,
}

impl ShowPage {
    fn line(&self) -> &PayoutLine {
        &self.detail.line
    }

    fn amount(&self, minor: &i64) -> String {
        money::words(*minor, &self.detail.line.currency)
    }

    fn nothing(&self) -> String {
        self.amount(&0)
    }

    fn is_good(&self, words: &str) -> bool {
        ["reached the bank", "Approved by", "Charged", "Transferred", "Dispute won"].iter().any(|good| words.contains(good))
    }

    fn is_bad(&self, words: &str) -> bool {
        let bad = [
            "Withheld",
            "Dispute lost",
            "Returned to",
            "sent the payout back",
            "has restricted",
            "declined",
            "does not hold enough",
        ];
        bad.iter().any(|bad| words.contains(bad))
    }
}

/// What was charged, passed on and given back so far; where nothing has moved yet, what is to.
fn sums(moved: &[(Movement, i64)], amount: i64) -> Vec<(&'static str, i64)> {
    let of = |movement: Movement| moved.iter().filter(|(one, _)| *one == movement).map(|(_, amount)| amount).sum::<i64>();
    let charged = of(Movement::Charged);
    let back = of(Movement::Returned) + of(Movement::Lost);
    let withheld = of(Movement::Withheld) - of(Movement::Released) - of(Movement::Lost);
    let (passed, reversed) = (of(Movement::Transferred), of(Movement::Reversed));
    let mut sums = Vec::new();
    let mut add = |words, amount: i64| {
        if amount != 0 {
            sums.push((words, amount));
        }
    };
    add("Waived by the attorney", of(Movement::Waived));
    if charged == 0 {
        add("To be charged to the MSP", amount - of(Movement::Waived));
        add("To be passed on to the attorney", amount - of(Movement::Waived));
        return sums;
    }
    add("Charged to the MSP", charged);
    add("Given back to the MSP", -back);
    add("Withheld from the platform in a dispute", -withheld);
    add("Passed on to the attorney", passed);
    add("Taken back from the attorney", -reversed);
    let open = charged - back - (passed - reversed);
    add("To be passed on to the attorney", open.max(0));
    add("Still to come back from the attorney", open.min(0));
    sums
}

pub async fn show(ask: Ask<PayoutViewer>) -> Answer {
    let (view, platform) = (&ask.who, ask.platform());
    let caller = &view.seat.caller;
    let tx = platform.read(view.seat.reach()).await?;
    let till = Till::of(&platform);
    let detail = queries::payout(&tx, caller, view.settlement.clone(), till).await?;
    let line = &detail.line;
    let (book, source) = (Book::Agreement(detail.agreement.clone()), format!("settlement:{}", line.id));
    let postings = queries::postings(&tx, &book).await?.into_iter().filter(|posting| posting.source == source);
    let moved: Vec<_> = postings.map(|posting| (posting.movement, posting.amount)).collect();
    let may = May {
        approve: view.pays() && line.step == Step::Approval && !detail.approved_by.contains(&caller.name),
        confirm: view.pays() && till.ready && line.step == Step::Confirming,
        try_again: view.pays() && till.ready && (line.step == Step::Failed || (line.step == Step::Scheduled && line.attempt > 0)),
        waive: view.is_paid() && matches!(line.step, Step::Failed | Step::Scheduled | Step::Approval),
    };
    // A button that posts stands on this page; one that leads elsewhere is a link.
    let fix = line.fix().map(|(words, label, fix)| {
        let leads = line.mine && matches!(fix, Fix::Method | Fix::Account);
        let words = if line.mine { words } else { waits_for(&line.cause, line.turn).unwrap_or(words) };
        (words, leads.then(|| (label, line.place_of(fix))))
    });
    page(&ShowPage {
        frame: ask.frame(),
        attorney: caller.is_attorney(),
        retries: platform.config.payout_retry_days.len(),
        needed: NEEDED.saturating_sub(detail.approved_by.len() as u64),
        may,
        sums: sums(&moved, line.amount),
        fix,
        detail,
    })
}

fn address(view: &PayoutViewer) -> String {
    format!("/legal/payouts/{}", view.settlement.id)
}

pub async fn approve(ask: Ask<Fresh<PayoutPayer>>) -> Answer {
    let view = &ask.who.view;
    let mut work = ask.work(view.seat.reach()).await?;
    let left = approve_payout(&mut work, &ask.who).await?;
    work.commit().await?;
    let words = if left == 0 { "Approved: it is charged now" } else { "Approved: one more person must say yes" };
    see_other(address(view)).toast(words).answer()
}

pub async fn try_again(ask: Ask<PayoutPayer>) -> Answer {
    let view = &ask.who.view;
    let mut work = ask.work(view.seat.reach()).await?;
    charge_again(&mut work, &ask.who).await?;
    work.commit().await?;
    see_other(address(view)).toast("The charge is asked for").answer()
}

pub async fn waive(ask: Ask<Fresh<PayoutPayee>>) -> Answer {
    let view = &ask.who.view;
    let mut work = ask.work(view.seat.reach()).await?;
    waive_payout(&mut work, &ask.who).await?;
    work.commit().await?;
    see_other(address(view)).toast("Waived: it is not charged any more").answer()
}

/// On to the page of the MSP's bank.
pub async fn confirm(ask: Ask<PayoutPayer>) -> Answer {
    let (view, platform) = (&ask.who.view, ask.platform());
    let work = ask.work(view.seat.reach()).await?;
    let to = confirm_payment(&platform, work, &ask.who).await?;
    let back = address(view);
    if to == platform.config.link(&format!("{back}/confirmed")) {
        return see_other(format!("{back}/confirmed")).answer();
    }
    leave::page_to(&ask, "Confirm the Payment", "Your bank wants to hear it from you, on its own page.", to, &back)
}

/// Back from the bank: what came of it is looked at before it is shown.
pub async fn confirmed(ask: Ask<PayoutPayer>) -> Answer {
    let view = &ask.who.view;
    let platform = ask.platform();
    if let Err(error) = advance(&platform, view.settlement.id).await {
        tracing::warn!(%error, "what the bank said is looked at later");
    }
    let tx = platform.read(view.seat.reach()).await?;
    let now = PayoutViewer::of(&tx, view.seat.clone(), view.settlement.id).await?;
    let back = see_other(address(view));
    if now.settlement.step == Step::Confirming {
        back.warn("The bank has not confirmed it yet").answer()
    } else {
        back.toast("Your bank's answer has arrived").answer()
    }
}
