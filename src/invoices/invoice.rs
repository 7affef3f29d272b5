//! The noun: an invoice as Books sends it, checked, and how it reads here. Pure.

use entity::invoices::InvoiceStatus;
use serde::{Deserialize, Serialize};
use time::{Date, macros::format_description};

use crate::platform::{money, text};

/// Lines one invoice may have.
const LINES: usize = 500;
/// Larger than any bill, smaller than what overflows a sum of lines.
const LARGEST: i64 = 1_000_000_000_000;

/// As `docs/integrations/books.yaml` says; what it does not name is left alone.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Incoming {
    pub id: String,
    pub client_id: String,
    pub client_name: String,
    pub number: String,
    pub status: InvoiceStatus,
    /// ISO 4217.
    pub currency: String,
    pub issued_on: String,
    #[serde(default)]
    pub due_on: Option<String>,
    /// Minor units.
    pub total: i64,
    pub balance: i64,
    #[serde(default)]
    pub tax: i64,
    #[serde(default)]
    pub lines: Vec<Line>,
    #[serde(default)]
    pub note: String,
    /// Grows with every change.
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Line {
    pub description: String,
    /// As Books writes it: `1.5`.
    #[serde(default)]
    pub quantity: String,
    #[serde(default)]
    pub unit_price: Option<i64>,
    pub amount: i64,
}

/// What of an invoice is only shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Detail {
    pub lines: Vec<Line>,
    pub tax: i64,
    pub note: String,
}

impl Incoming {
    /// What it is called where it cannot be taken.
    pub fn called(&self) -> String {
        format!("invoice {}", text::line(&self.id))
    }

    /// The first thing that is wrong with it, for whoever keeps Books.
    pub fn problem(&self) -> Option<String> {
        let named = |what: &str| Some(format!("{}: {what}", self.called()));
        let words = [(&self.id, 200), (&self.client_id, 200), (&self.client_name, 300), (&self.number, 100)];
        if words.iter().any(|(word, most)| word.trim().is_empty() || word.chars().count() > *most) {
            return named("id, client_id, client_name and number are needed, and not longer than 200, 200, 300 and 100 characters");
        }
        if !money::is_known(&self.currency) {
            return named("currency is no ISO 4217 code");
        }
        if day(&self.issued_on).is_none() || self.due_on.as_deref().is_some_and(|due| day(due).is_none()) {
            return named("issued_on and due_on are days such as 2026-03-31");
        }
        let sums = [self.total, self.balance, self.tax];
        let amounts = self.lines.iter().flat_map(|line| [Some(line.amount), line.unit_price]).flatten();
        if sums.into_iter().chain(amounts).any(|amount| amount.abs() > LARGEST) {
            return named("an amount is out of range; amounts are minor units");
        }
        if self.lines.len() > LINES || self.lines.iter().any(|line| line.description.len() > 4_000 || line.quantity.len() > 40) {
            return named("it has more than 500 lines, or a line that is too long");
        }
        if self.note.len() > 8_000 {
            return named("note is longer than 8,000 bytes");
        }
        None
    }

    pub fn detail(&self) -> Detail {
        Detail { lines: self.lines.clone(), tax: self.tax, note: self.note.clone() }
    }
}

/// `2026-03-31`
pub fn day(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

/// As it is today: of what was sent, that is overdue of which something is left to pay after its day, whether or not Books has
/// said so.
pub fn status_on(status: InvoiceStatus, due_on: Option<&str>, balance: i64, today: Date) -> InvoiceStatus {
    let late = due_on.and_then(day).is_some_and(|due| due < today);
    match status {
        InvoiceStatus::Sent | InvoiceStatus::Overdue if late && balance > 0 => InvoiceStatus::Overdue,
        InvoiceStatus::Sent | InvoiceStatus::Overdue => InvoiceStatus::Sent,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::*;

    #[test]
    fn an_open_invoice_is_overdue_from_the_day_after_its_last() {
        let on = |today| status_on(InvoiceStatus::Sent, Some("2026-03-31"), 100, today);
        assert_eq!(on(date!(2026 - 03 - 31)), InvoiceStatus::Sent);
        assert_eq!(on(date!(2026 - 04 - 01)), InvoiceStatus::Overdue);
        assert_eq!(status_on(InvoiceStatus::Sent, None, 100, date!(2030 - 01 - 01)), InvoiceStatus::Sent);
        assert_eq!(status_on(InvoiceStatus::Paid, Some("2026-03-31"), 0, date!(2026 - 04 - 01)), InvoiceStatus::Paid);
    }
}
