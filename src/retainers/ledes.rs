//! A month's bill as LEDES 1998B, the text file that clients' billing programs read, and the check of such a file.
//!
//! Source: LEDES Oversight Committee, "LEDES 1998B": ASCII, 24 fields a line apart by `|`, every line ended by `[]`, the first two
//! lines fixed; a line's total is units × unit cost + adjustment, the invoice's the sum of its lines.
//!
//! The monthly fee is one line. Each entry is a line at the overage rate, less what the included hours cover of it, oldest first;
//! so the lines add up to the bill to the last minor unit.

use time::Date;
use unicode_normalization::UnicodeNormalization;

use super::{Bill, Terms, meter::cost, minutes};
use crate::platform::money;

const FIRST: &str = "LEDES1998B[]";
const FIELDS: [&str; 24] = [
    "INVOICE_DATE",
    "INVOICE_NUMBER",
    "CLIENT_ID",
    "LAW_FIRM_MATTER_ID",
    "INVOICE_TOTAL",
    "BILLING_START_DATE",
    "BILLING_END_DATE",
    "INVOICE_DESCRIPTION",
    "LINE_ITEM_NUMBER",
    "EXP/FEE/INV_ADJ_TYPE",
    "LINE_ITEM_NUMBER_OF_UNITS",
    "LINE_ITEM_ADJUSTMENT_AMOUNT",
    "LINE_ITEM_TOTAL",
    "LINE_ITEM_DATE",
    "LINE_ITEM_TASK_CODE",
    "LINE_ITEM_EXPENSE_CODE",
    "LINE_ITEM_ACTIVITY_CODE",
    "TIMEKEEPER_ID",
    "LINE_ITEM_DESCRIPTION",
    "LAW_FIRM_ID",
    "LINE_ITEM_UNIT_COST",
    "TIMEKEEPER_NAME",
    "TIMEKEEPER_CLASSIFICATION",
    "CLIENT_MATTER_ID",
];

/// Which invoice it is; the names as they are, cut and made ASCII when written.
pub struct Invoice<'a> {
    pub number: String,
    pub client: &'a str,
    pub firm: String,
    /// The attorney of the retainer, for the line of the fee.
    pub attorney: Timekeeper<'a>,
    pub description: String,
}

#[derive(Clone, Copy)]
pub struct Timekeeper<'a> {
    pub id: uuid::Uuid,
    pub name: &'a str,
    /// `PT` partner, `AS` associate, `OC` counsel, `LA` legal assistant, `OT` other.
    pub class: &'static str,
}

pub struct Worked<'a> {
    pub day: Date,
    pub minutes: i64,
    pub description: &'a str,
    pub matter: Option<uuid::Uuid>,
    pub by: Timekeeper<'a>,
}

/// The file; `worked` in the order worked.
pub fn write(invoice: &Invoice, terms: &Terms, bill: &Bill, worked: &[Worked]) -> String {
    let mut out = format!("{FIRST}\r\n{}[]\r\n", FIELDS.join("|"));
    let (first, last) = (date(bill.month.first), date(bill.month.last));
    let money = |minor: i64| money::plain(minor, &terms.currency);
    let mut number = 0;
    let mut line =
        |matter: &str, minutes_as_units: String, unit: i64, adjustment: i64, total: i64, day: Date, who: Timekeeper, what: &str| {
            number += 1;
            let fields: [String; 24] = [
                date(bill.month.next_billing()),
                invoice.number.clone(),
                ascii(invoice.client, 20),
                matter.to_owned(),
                money(bill.total()),
                first.clone(),
                last.clone(),
                ascii(&invoice.description, 15_000),
                number.to_string(),
                "F".to_owned(),
                minutes_as_units,
                money(adjustment),
                money(total),
                date(day),
                String::new(),
                String::new(),
                String::new(),
                short(who.id),
                ascii(what, 15_000),
                invoice.firm.clone(),
                money(unit),
                ascii(&last_first(who.name), 30),
                who.class.to_owned(),
                String::new(),
            ];
            out.push_str(&fields.join("|"));
            out.push_str("[]\r\n");
        };
    let mut fee = format!("Monthly fee, {} of {} days", bill.days, bill.month.days());
    if bill.carried > 0 {
        fee.push_str(&format!("; {} h carried over", minutes::hours(bill.carried)));
    }
    line("RETAINER", "1".to_owned(), bill.fee, 0, bill.fee, bill.month.last, invoice.attorney, &fee);
    let mut sum = 0;
    for entry in worked {
        // What lies beyond the included minutes after this entry, less what lay there before it: cents add up by themselves.
        let beyond = |minutes: i64| cost((minutes - bill.included).max(0), terms.overage_rate);
        let total = beyond(sum + entry.minutes) - beyond(sum);
        sum += entry.minutes;
        let matter = entry.matter.map_or_else(|| "RETAINER".to_owned(), short);
        let full = cost(entry.minutes, terms.overage_rate);
        let units = format!("{}.{}", entry.minutes / 60, entry.minutes % 60 / 6);
        line(&matter, units, terms.overage_rate, total - full, total, entry.day, entry.by, entry.description);
    }
    out
}

/// `20260301`
fn date(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), u8::from(day.month()), day.day())
}

/// The end of an id, which is random; 12 letters of the 20 that fit.
pub fn short(id: uuid::Uuid) -> String {
    let text = id.simple().to_string();
    text.get(20..).unwrap_or(&text).to_uppercase()
}

/// `Ada Whitfield` → `Whitfield, Ada`
fn last_first(name: &str) -> String {
    name.trim().rsplit_once(' ').map_or_else(|| name.trim().to_owned(), |(first, last)| format!("{last}, {first}"))
}

/// Letters without their marks; what has no ASCII letter is `?`; nothing that would end a field or a line.
fn ascii(text: &str, limit: usize) -> String {
    let plain = text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).map(|c| match c {
        '|' | '/' => '/',
        '[' => '(',
        ']' => ')',
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{2010}'..='\u{2015}' => '-',
        ' '..='~' => c,
        c if c.is_whitespace() => ' ',
        _ => '?',
    });
    plain.take(limit).collect()
}

/// Amounts are compared in ten-thousandths of a major unit: no currency has more digits.
const SCALE: usize = 4;

/// What is wrong with a file, by line; empty where it is well-formed and its totals add up.
pub fn check(text: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if !text.is_ascii() {
        wrong.push("The file is not ASCII.".to_owned());
    }
    let mut lines = text.lines();
    if lines.next() != Some(FIRST) {
        wrong.push(format!("Line 1 is not {FIRST}"));
    }
    if lines.next() != Some(&format!("{}[]", FIELDS.join("|"))) {
        wrong.push("Line 2 does not name the 24 fields in their order.".to_owned());
    }
    let mut totals: Vec<(String, Option<i64>, i64)> = Vec::new();
    for (at, line) in (3..).zip(lines) {
        let Some(body) = line.strip_suffix("[]").filter(|body| !body.contains(['[', ']'])) else {
            wrong.push(format!("Line {at} does not end in [], or has one before its end."));
            continue;
        };
        let fields: Vec<&str> = body.split('|').collect();
        let Ok(fields) = <[&str; 24]>::try_from(fields) else {
            wrong.push(format!("Line {at} does not have 24 fields."));
            continue;
        };
        wrong.extend(check_line(&fields).into_iter().map(|what| format!("Line {at}: {what}")));
        let (total, of_line) = (parse(fields[4]), parse(fields[12]).unwrap_or(0));
        match totals.iter_mut().find(|(number, ..)| *number == fields[1]) {
            Some((_, said, sum)) => {
                if *said != total {
                    wrong.push(format!("Line {at}: another INVOICE_TOTAL than on the line before."));
                }
                *sum += of_line;
            }
            None => totals.push((fields[1].to_owned(), total, of_line)),
        }
    }
    if totals.is_empty() {
        wrong.push("There is no line item.".to_owned());
    }
    for (number, said, sum) in totals {
        if said != Some(sum) {
            wrong.push(format!("Invoice {number}: its lines do not add up to INVOICE_TOTAL."));
        }
    }
    wrong
}

fn check_line(fields: &[&str; 24]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, value) in FIELDS.iter().zip(fields) {
        let limit = match *name {
            "INVOICE_DESCRIPTION" | "LINE_ITEM_DESCRIPTION" => 15_000,
            "TIMEKEEPER_NAME" => 30,
            _ => 20,
        };
        if value.len() > limit {
            wrong.push(format!("{name} is longer than {limit}."));
        }
        let may_be_empty = ["LINE_ITEM_TASK_CODE", "LINE_ITEM_EXPENSE_CODE", "LINE_ITEM_ACTIVITY_CODE", "CLIENT_MATTER_ID"];
        if value.is_empty() && !may_be_empty.contains(name) {
            wrong.push(format!("{name} is empty."));
        }
        let is_day = |text: &str| Date::parse(text, time::macros::format_description!("[year][month][day]")).is_ok();
        if name.ends_with("_DATE") && !is_day(value) {
            wrong.push(format!("{name} is no day as YYYYMMDD."));
        }
    }
    match (parse(fields[10]), parse(fields[11]), parse(fields[12]), parse(fields[20])) {
        (Some(units), Some(adjustment), Some(total), Some(unit)) => {
            // Rounded, half up, to as many digits as the amounts of the line have.
            let digits = [4, 11, 12, 20].iter().map(|field| fraction(fields[*field])).max().unwrap_or(0);
            let step = 10_i128.pow((2 * SCALE - digits) as u32);
            let rounded =
                (2 * i128::from(units) * i128::from(unit) + step).div_euclid(2 * step) * 10_i128.pow((SCALE - digits) as u32);
            if rounded + i128::from(adjustment) != i128::from(total) {
                wrong.push("units × unit cost + adjustment is not the total.".to_owned());
            }
        }
        _ => wrong.push("an amount or the units cannot be read.".to_owned()),
    }
    if !["E", "F", "IE", "IF"].contains(&fields[9]) {
        wrong.push("EXP/FEE/INV_ADJ_TYPE is none of E, F, IE, IF.".to_owned());
    }
    wrong
}

/// In ten-thousandths.
fn parse(text: &str) -> Option<i64> {
    let (sign, text) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 12 || fraction.len() > SCALE || !plain(whole) || !plain(fraction) {
        return None;
    }
    format!("{whole}{fraction:0<SCALE$}").parse::<i64>().ok().map(|value| sign * value)
}

/// Digits after the point.
fn fraction(text: &str) -> usize {
    text.split_once('.').map_or(0, |(_, digits)| digits.len().min(SCALE))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::{Duration, macros::date as day};

    use super::*;
    use crate::retainers::Month;

    fn file(fee: i64, rate: i64, included: i64, days: i64, entries: &[(i64, String)]) -> String {
        file_in("USD", fee, rate, included, 0, days, entries)
    }

    fn file_in(currency: &str, fee: i64, rate: i64, included: i64, carried: i64, days: i64, entries: &[(i64, String)]) -> String {
        let month = Month::containing(day!(2026 - 03 - 01), 1);
        let terms = Terms {
            fee,
            currency: currency.to_owned(),
            included_minutes: included,
            overage_rate: rate,
            rolls_over: true,
            starts_on: month.first,
            billing_day: 1,
        };
        let used = entries.iter().map(|(minutes, _)| minutes).sum();
        let bill = Bill::carrying(&terms, month, days, carried, used);
        let by = Timekeeper { id: uuid::Uuid::from_u128(7), name: "Zoë O’Hara|x[]", class: "PT" };
        let worked: Vec<Worked> = entries
            .iter()
            .enumerate()
            .map(|(at, (minutes, description))| Worked {
                day: month.first + Duration::days(at as i64 % 31),
                minutes: *minutes,
                description,
                matter: (at % 2 == 0).then(|| uuid::Uuid::from_u128(9)),
                by,
            })
            .collect();
        let invoice = Invoice {
            number: "202603-1".to_owned(),
            client: "harbor",
            firm: short(uuid::Uuid::from_u128(7)),
            attorney: by,
            description: "Retainer".to_owned(),
        };
        write(&invoice, &terms, &bill, &worked)
    }

    #[test]
    fn a_month_reads_as_a_billing_program_expects() {
        let text = file(150_000, 25_000, 600, 31, &[(480, "Read the lease".to_owned()), (180, "Wrote to Acme".to_owned())]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "LEDES1998B[]");
        assert!(lines[2].contains("|1750.00|20260301|20260331|Retainer|1|F|1|0.00|1500.00|20260331|"), "{}", lines[2]);
        assert!(lines[3].contains("|2|F|8.0|-2000.00|0.00|20260301|"), "{}", lines[3]);
        // Two of the three hours are covered.
        assert!(lines[4].contains("|3|F|3.0|-500.00|250.00|20260302|"), "{}", lines[4]);
        assert!(lines[4].contains("|250.00|O'Hara/x(), Zoe|PT|[]"), "{}", lines[4]);
        assert_eq!(check(&text), Vec::<String>::new());
    }

    #[test]
    fn what_is_wrong_with_a_file_is_named() {
        let right = file(150_000, 25_000, 600, 31, &[(660, "x".to_owned())]);
        for (from, to, named) in [
            ("LEDES1998B[]", "LEDES98BI[]", "Line 1"),
            ("INVOICE_DATE|", "", "Line 2"),
            ("|1750.00|", "|1750.01|", "add up"),
            ("|11.0|", "|12.0|", "units"),
            ("|20260301|2", "|20261301|2", "no day"),
            ("|F|", "|Q|", "EXP/FEE"),
            ("[]\r\n20260401", "\r\n20260401", "end in []"),
            ("RETAINER|", "", "24 fields"),
            ("Retainer", "Retainér", "ASCII"),
        ] {
            let found = check(&right.replace(from, to)).join("\n");
            assert!(found.contains(named), "{from} → {to}: {found:?}");
        }
        assert!(!check("").is_empty());
    }

    proptest! {
        #[test]
        fn whatever_was_worked_the_file_is_right(
            fee in 0..=10_000_000_i64, rate in 0..=1_000_000_i64, included in 0..=6_000_i64, days in 0..=31_i64,
            entries in prop::collection::vec((1..=240_i64, "\\PC{0,60}"), 0..40),
            carried in 0..=1_000_i64, currency in prop::sample::select(vec!["JPY", "USD", "KWD", "CLF"]),
        ) {
            let entries: Vec<_> = entries.into_iter().map(|(steps, words)| (steps * 6, format!("a{words}"))).collect();
            prop_assert_eq!(check(&file_in(currency, fee, rate, included, carried * 6, days, &entries)), Vec::<String>::new());
        }

        #[test]
        fn no_text_makes_the_check_panic(text in "\\PC{0,200}") {
            let _ = check(&text);
        }
    }
}
