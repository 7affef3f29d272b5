//! `/legal/billing`: the payment method an MSP's retainers are charged to.

use askama::Template;
use entity::{Moment, payments::payer};

use super::leave;
use crate::{
    entrance::Fresh,
    payments::{MethodKeeper, queries, refresh_payer, remove_method, set_up_method},
    platform::web::{Answer, Ask, Frame, page, see_other},
};

const HERE: &str = "/legal/billing";

#[derive(Template)]
#[template(path = "payments/billing.html")]
struct BillingPage {
    frame: Frame,
    payer: Option<payer::Model>,
    /// Payouts that wait for the MSP.
    waiting: u64,
    /// Payments are set up on this installation.
    ready: bool,
    now: Moment,
}

pub async fn show(ask: Ask<MethodKeeper>) -> Answer {
    let platform = ask.platform();
    let tx = platform.read(ask.who.caller.reach()).await?;
    let waiting = match queries::waiting_count(&tx, &ask.who.caller) {
        Some(count) => count.ask(&tx).await?,
        None => 0,
    };
    page(&BillingPage {
        frame: ask.frame(),
        payer: queries::payer_of(&tx, ask.who.tenant).await?.filter(|row| row.method.is_some()),
        waiting,
        ready: platform.config.stripe_secret_key.is_some(),
        now: platform.clock.now(),
    })
}

pub async fn set_up(ask: Ask<Fresh<MethodKeeper>>) -> Answer {
    let to = set_up_method(&ask.platform(), ask.actor(), &ask.who).await?;
    leave::page_to(&ask, "Add a Payment Method", "You give the card or the bank account to Stripe, not to us.", to, HERE)
}

pub async fn remove(ask: Ask<Fresh<MethodKeeper>>) -> Answer {
    remove_method(&ask.platform(), ask.actor(), &ask.who).await?;
    see_other(HERE).toast("The payment method is removed").answer()
}

/// Back from Stripe's page: what was set up there is taken over before it is shown.
pub async fn back(ask: Ask<MethodKeeper>) -> Answer {
    match refresh_payer(&ask.platform(), ask.actor(), ask.who.tenant).await {
        Ok(true) => see_other(HERE).toast("The payment method is saved").answer(),
        // A webhook may have been faster: then it stands on the page already.
        Ok(false) => see_other(HERE).answer(),
        Err(error) => {
            tracing::warn!(%error, "the payment method is looked at later");
            see_other(HERE).warn("Stripe does not answer at the moment; the payment method appears here by itself").answer()
        }
    }
}

/// `2031-08` → `08/2031`
fn month(expires: &str) -> String {
    expires.split_once('-').map_or_else(|| expires.to_owned(), |(year, month)| format!("{month}/{year}"))
}

/// A card's last month is over, or ends within 45 days.
fn card_ends(expires: &str, now: Moment) -> Option<&'static str> {
    let on = |at: Moment| format!("{:04}-{:02}", at.datetime().year(), u8::from(at.datetime().month()));
    if expires.is_empty() || expires > on(now.plus(45 * Moment::DAY)).as_str() {
        None
    } else if expires < on(now).as_str() {
        Some("The card has expired.")
    } else {
        Some("The card expires soon.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_good_to_the_end_of_its_month() {
        // 2 March 2026.
        let now = Moment(1_772_445_600_000);
        assert_eq!(card_ends("2026-02", now), Some("The card has expired."));
        assert_eq!(card_ends("2026-03", now), Some("The card expires soon."));
        assert_eq!(card_ends("2026-12", now), None);
        assert_eq!(card_ends("", now), None);
        assert_eq!(month("2031-08"), "08/2031");
    }
}
