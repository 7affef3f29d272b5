//! The noun: what is agreed, and which step of a retainer follows which.

use entity::retainers::{RetainerStatus, amendment, retainer};
use time::Date;

use super::{meter, minutes};
use crate::platform::{FieldErrors, Refusal, Result, money};

/// What the MSP accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Minor units a month.
    pub fee: i64,
    pub currency: String,
    pub included_minutes: i64,
    /// Minor units an hour.
    pub overage_rate: i64,
    /// Unused included time of a month counts in the next one, and only there.
    pub rolls_over: bool,
    pub starts_on: Date,
    pub billing_day: i32,
}

impl Terms {
    pub fn of(row: &retainer::Model) -> Self {
        Self {
            fee: row.fee,
            currency: row.currency.clone(),
            included_minutes: row.included_minutes,
            overage_rate: row.overage_rate,
            rolls_over: row.rolls_over,
            starts_on: meter::day(&row.starts_on).unwrap_or_else(|| row.created_at.date()),
            billing_day: row.billing_day,
        }
    }

    /// The same with what a change of terms sets.
    pub fn changed(&self, by: &amendment::Model) -> Self {
        Self {
            fee: by.fee,
            included_minutes: by.included_minutes,
            overage_rate: by.overage_rate,
            rolls_over: by.rolls_over,
            ..self.clone()
        }
    }

    /// `$1,500.00 a month with 10 h included, $250.00 an hour beyond`: what a change of terms may change.
    pub fn price_words(&self) -> String {
        format!(
            "{} a month with {} included{}, {} an hour beyond",
            money::words(self.fee, &self.currency),
            minutes::words(self.included_minutes),
            if self.rolls_over { " (unused ones roll over)" } else { "" },
            money::words(self.overage_rate, &self.currency),
        )
    }

    /// One line for the history: what was offered or accepted, readable without anything else.
    pub fn words(&self) -> String {
        let (price, start) = (self.price_words(), meter::day_words(self.starts_on));
        format!("{price}, from {start}, billed on day {}", self.billing_day)
    }
}

/// The form as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
pub struct TermsForm {
    #[serde(default)]
    pub fee: String,
    #[serde(default)]
    pub included: String,
    #[serde(default)]
    pub rate: String,
    #[serde(default)]
    pub rolls_over: String,
    #[serde(default)]
    pub starts_on: String,
    #[serde(default)]
    pub billing_day: String,
}

impl TermsForm {
    pub fn of(terms: &Terms) -> Self {
        Self {
            fee: money::plain(terms.fee, &terms.currency),
            included: minutes::hours(terms.included_minutes),
            rate: money::plain(terms.overage_rate, &terms.currency),
            rolls_over: terms.rolls_over.to_string(),
            starts_on: meter::iso(terms.starts_on),
            billing_day: terms.billing_day.to_string(),
        }
    }

    /// The terms, in the tenant's currency, or what is wrong with each field.
    pub fn terms(&self, currency: &str) -> Result<Terms> {
        let mut errors = FieldErrors::default();
        let mut amount = |field: &str, text: &str| {
            money::parse(text, currency).unwrap_or_else(|| {
                errors.add(field, format!("An amount such as {}.", money::example(currency)));
                0
            })
        };
        let fee = amount("fee", &self.fee);
        let overage_rate = amount("rate", &self.rate);
        let included_minutes = included(&self.included).unwrap_or_else(|| {
            errors.add("included", "Hours a month, such as 10 or 7.5, at most 744.");
            0
        });
        let starts_on = meter::day(self.starts_on.trim()).unwrap_or_else(|| {
            errors.add("starts_on", "A date such as 2026-03-01.");
            Date::MIN
        });
        let billing_day = self.billing_day.trim().parse().ok().filter(|day| (1..=28).contains(day)).unwrap_or_else(|| {
            errors.add("billing_day", "A day from 1 to 28, which every month has.");
            1
        });
        errors.check()?;
        let rolls_over = self.rolls_over == "true";
        Ok(Terms { fee, currency: currency.to_owned(), included_minutes, overage_rate, rolls_over, starts_on, billing_day })
    }
}

/// Hours a month, in steps of a tenth: `10`, `7.5`.
fn included(text: &str) -> Option<i64> {
    let text = text.trim();
    let (whole, tenth) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    if whole.is_empty() || whole.len() > 3 || tenth.len() != 1 {
        return None;
    }
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<i64>().ok()).flatten();
    let minutes = digits(whole)? * 60 + digits(tenth)? * 6;
    (minutes <= 744 * 60).then_some(minutes)
}

/// A step of a retainer's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Offer,
    Withdraw,
    Accept,
    Pause,
    Resume,
    Cancel,
}

impl Step {
    /// Where this step leads from there; a refusal that says what can be done instead.
    pub fn from(self, status: RetainerStatus) -> Result<RetainerStatus, Refusal> {
        use RetainerStatus::{Active, Cancelled, Draft, Offered, Paused};
        match (self, status) {
            (Self::Offer, Draft) => Ok(Offered),
            (Self::Withdraw, Offered) => Ok(Draft),
            (Self::Accept, Offered) | (Self::Resume, Paused) => Ok(Active),
            (Self::Pause, Active) => Ok(Paused),
            (Self::Cancel, Draft | Offered | Active | Paused) => Ok(Cancelled),
            (_, Cancelled) => {
                Err(Refusal::new("retainer_cancelled", "This retainer has ended.", "Its history stays; a new one can be offered."))
            }
            (Self::Accept, Draft) => {
                Err(Refusal::new("not_offered", "The attorney has taken this offer back to change it.", "Wait for the new offer."))
            }
            (Self::Accept, _) => {
                Err(Refusal::new("already_accepted", "This retainer has been accepted already.", "Nothing more is needed."))
            }
            (Self::Offer | Self::Withdraw, _) => Err(Refusal::new(
                "wrong_status",
                "This retainer is past its offer.",
                "The terms of a running retainer change from a later month: offer new ones on its page.",
            )),
            (Self::Pause | Self::Resume, _) => Err(Refusal::new(
                "wrong_status",
                "That is possible only for a retainer that is running or paused.",
                "Look at its status again.",
            )),
        }
    }
}

/// Hours are logged while it is active.
pub fn takes_hours(status: RetainerStatus) -> Result<(), Refusal> {
    match status {
        RetainerStatus::Active => Ok(()),
        RetainerStatus::Paused => Err(Refusal::new(
            "retainer_paused",
            "This retainer is paused: it takes no new hours.",
            "Resume it, then log the hours.",
        )),
        RetainerStatus::Cancelled => {
            Err(Refusal::new("retainer_cancelled", "This retainer has ended: it takes no new hours.", "Offer a new retainer."))
        }
        RetainerStatus::Draft | RetainerStatus::Offered => Err(Refusal::new(
            "retainer_not_active",
            "The MSP has not accepted this retainer yet.",
            "Hours can be logged as soon as it is accepted.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_follows_only_where_it_may() {
        use RetainerStatus::{Active, Cancelled, Draft, Offered, Paused};
        let allowed = [
            (Step::Offer, Draft, Offered),
            (Step::Withdraw, Offered, Draft),
            (Step::Accept, Offered, Active),
            (Step::Pause, Active, Paused),
            (Step::Resume, Paused, Active),
            (Step::Cancel, Draft, Cancelled),
            (Step::Cancel, Offered, Cancelled),
            (Step::Cancel, Active, Cancelled),
            (Step::Cancel, Paused, Cancelled),
        ];
        for step in [Step::Offer, Step::Withdraw, Step::Accept, Step::Pause, Step::Resume, Step::Cancel] {
            for status in RetainerStatus::ALL {
                let expected = allowed.iter().find(|(s, from, _)| *s == step && from == status).map(|(_, _, to)| *to);
                assert_eq!(step.from(*status).ok(), expected, "{step:?} from {status}");
            }
        }
        assert!(takes_hours(Active).is_ok() && takes_hours(Paused).is_err() && takes_hours(Draft).is_err());
    }

    #[test]
    fn a_wrong_form_says_what_is_wrong_with_each_field() {
        let wrong = TermsForm {
            fee: "x".into(),
            included: "7.55".into(),
            rate: String::new(),
            rolls_over: String::new(),
            starts_on: "soon".into(),
            billing_day: "29".into(),
        };
        let Err(crate::platform::Error::Invalid(errors)) = wrong.terms("USD") else { panic!("it is wrong") };
        assert_eq!(errors.0.len(), 5);
        let right = TermsForm {
            fee: "1,500".into(),
            included: "10".into(),
            rate: "250".into(),
            rolls_over: String::new(),
            starts_on: "2026-03-01".into(),
            billing_day: "1".into(),
        };
        let terms = right.terms("USD").expect("right");
        assert_eq!(terms.words(), "$1,500.00 a month with 10 h included, $250.00 an hour beyond, from 1 Mar 2026, billed on day 1");
        assert_eq!(TermsForm::of(&terms).terms("USD").expect("again"), terms);
    }
}
