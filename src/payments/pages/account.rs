//! `/legal/profile/payouts`: the account at Stripe that an attorney is paid to.

use askama::Template;
use entity::{Moment, Reach, payments::payee};

use super::leave;
use crate::{
    entrance::Fresh,
    payments::{
        Earner, asked,
        commands::open_dashboard::{look_at_account, open_dashboard},
        open_account, queries,
    },
    platform::{
        Result, Tx,
        web::{Answer, Ask, Frame, page, see_other},
    },
};

const HERE: &str = "/legal/profile/payouts";

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    NotBegun,
    /// Stripe's form was not finished, or it asks for more.
    Due,
    /// Nothing is asked; Stripe is looking at what it was given.
    Checking,
    /// Stripe has stopped transfers or payouts.
    Restricted,
    /// A payout came back from the bank.
    BankFailed,
    Ready,
}

impl Standing {
    fn of(row: Option<&payee::Model>, due: &[String]) -> Self {
        let Some(row) = row.filter(|row| row.stripe_account.is_some()) else { return Self::NotBegun };
        if !row.submitted {
            Self::Due
        } else if row.disabled_reason.starts_with("rejected") || (!row.disabled_reason.is_empty() && due.is_empty()) {
            if row.disabled_reason == "requirements.pending_verification" { Self::Checking } else { Self::Restricted }
        } else if !row.disabled_reason.is_empty() {
            Self::Restricted
        } else if row.bank_failed {
            Self::BankFailed
        } else if row.transfers && row.payouts {
            Self::Ready
        } else if !due.is_empty() {
            Self::Due
        } else {
            Self::Checking
        }
    }

    fn badge(self) -> (&'static str, &'static str) {
        match self {
            Self::NotBegun => ("grey", "Not set up"),
            Self::Due => ("amber", "Not finished"),
            Self::Checking => ("blue", "Being checked"),
            Self::Restricted => ("red", "Restricted"),
            Self::BankFailed => ("red", "Bank account failed"),
            Self::Ready => ("green", "Ready"),
        }
    }
}

#[derive(Template)]
#[template(path = "payments/account.html")]
struct AccountPage {
    frame: Frame,
    standing: Standing,
    due: Vec<String>,
    restriction: &'static str,
    bank: String,
    /// Stripe's dashboard can be opened.
    opens: bool,
    seen_at: Option<Moment>,
    ready: bool,
}

const OWN: Reach = Reach::Everything("an attorney's own payout account belongs to no tenant");

async fn row(tx: &Tx, earner: &Earner) -> Result<Option<payee::Model>> {
    queries::payee_of(tx, earner.caller.account).await
}

pub async fn show(ask: Ask<Earner>) -> Answer {
    let platform = ask.platform();
    let tx = platform.read(OWN).await?;
    let row = row(&tx, &ask.who).await?;
    let codes: Vec<String> = row.as_ref().map_or_else(|| Ok(Vec::new()), |row| serde_json::from_str(&row.due))?;
    let standing = Standing::of(row.as_ref(), &codes);
    page(&AccountPage {
        frame: ask.frame(),
        standing,
        due: asked::requirements(&codes),
        restriction: row.as_ref().map_or("", |row| asked::restriction(&row.disabled_reason)),
        bank: row.as_ref().map(|row| row.bank.clone()).unwrap_or_default(),
        opens: row.as_ref().is_some_and(|row| row.submitted),
        seen_at: row.filter(|row| row.stripe_account.is_some()).map(|row| row.seen_at),
        ready: platform.config.stripe_secret_key.is_some(),
    })
}

pub async fn open(ask: Ask<Fresh<Earner>>) -> Answer {
    let to = open_account(&ask.platform(), ask.actor(), &ask.who).await?;
    let words = "You tell Stripe who you are and where your money goes, on its own page.";
    leave::page_to(&ask, "Set Up Payouts", words, to, HERE)
}

/// The attorney's own dashboard at Stripe.
pub async fn stripe(ask: Ask<Fresh<Earner>>) -> Answer {
    let to = open_dashboard(&ask.platform(), ask.actor(), &ask.who).await?;
    leave::page_to(&ask, "Open Stripe", "Your account at Stripe shows every payout and your bank account.", to, HERE)
}

/// Back from Stripe's form.
pub async fn back(ask: Ask<Earner>) -> Answer {
    let platform = ask.platform();
    look_at_account(&platform, ask.actor(), &ask.who).await;
    let tx = platform.read(OWN).await?;
    let done = row(&tx, &ask.who).await?.is_some_and(|row| row.transfers && row.payouts);
    if done { see_other(HERE).toast("Your payout account is ready").answer() } else { see_other(HERE).answer() }
}

/// The link to Stripe's form opens once: whoever comes with a used one gets another.
pub async fn again(ask: Ask<Earner>) -> Answer {
    let platform = ask.platform();
    look_at_account(&platform, ask.actor(), &ask.who).await;
    leave::at_once(&open_account(&platform, ask.actor(), &ask.who).await?)
}
