//! What is filled in for one client: the values of the variables, and which sections stand in which order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    policy::{day, day_words},
    template::{Content, Kind, Variable, names_in},
};
use crate::platform::{FieldErrors, money};

/// Characters one value may have.
pub const VALUE_LIMIT: usize = 4_000;

/// The variable that says from when the agreement holds.
const EFFECTIVE: &str = "effective_date";

/// Whether the variable is the day on page 1 of the wizard: it is asked for there alone.
pub fn is_effective_date(variable: &Variable) -> bool {
    variable.name == EFFECTIVE && variable.kind == Kind::Date
}

/// Sealed in the policy's row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// As typed, by variable name; what was filled in for another template stays, in case it comes back.
    pub values: BTreeMap<String, String>,
    /// Empty: all sections as the template orders them.
    pub layout: Vec<Placed>,
}

/// A section of the template and whether this policy shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    pub section: usize,
    pub hidden: bool,
}

impl Draft {
    /// The layout, whole: each section of the template once, whatever was stored.
    pub fn placed(&self, content: &Content) -> Vec<Placed> {
        let mut placed: Vec<Placed> = Vec::with_capacity(content.sections.len());
        for place in &self.layout {
            if place.section < content.sections.len() && !placed.iter().any(|p| p.section == place.section) {
                placed.push(*place);
            }
        }
        for section in 0..content.sections.len() {
            if !placed.iter().any(|p| p.section == section) {
                placed.push(Placed { section, hidden: false });
            }
        }
        placed
    }

    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// Keeps what was typed, cleaned of what no document can show.
    pub fn set(&mut self, name: &str, typed: &str) {
        self.values.insert(name.to_owned(), clean(typed));
    }

    /// The text says the same day as the policy: both are asked for once.
    pub fn follow_effective(&mut self, content: &Content, effective_on: &str) {
        if content.variable(EFFECTIVE).is_some_and(is_effective_date) {
            self.set(EFFECTIVE, effective_on);
        }
    }

    /// The names of variables that the visible sections use.
    pub fn used<'a>(&self, content: &'a Content) -> Vec<&'a str> {
        let mut used = Vec::new();
        for place in self.placed(content).iter().filter(|place| !place.hidden) {
            let section = &content.sections[place.section];
            for name in names_in(&section.name).into_iter().chain(names_in(&section.body)) {
                if !used.contains(&name) {
                    used.push(name);
                }
            }
        }
        used
    }

    /// What keeps this draft from being complete, by variable name.
    pub fn check(&self, content: &Content, currency: &str) -> FieldErrors {
        let used = self.used(content);
        let mut errors = FieldErrors::default();
        for variable in content.variables.iter().filter(|v| used.contains(&v.name.as_str())) {
            if let Err(message) = shown(variable, self.value(&variable.name), currency)
                && (variable.required || !self.value(&variable.name).is_empty())
            {
                errors.add(variable.name.clone(), message);
            }
        }
        if self.placed(content).iter().all(|place| place.hidden) {
            errors.add("sections", "Leave at least one section in the document.");
        }
        errors
    }
}

/// Line ends as `\n`, no control characters, no blanks around; at most [`VALUE_LIMIT`] characters are kept beyond which
/// [`shown`] complains.
pub fn clean(typed: &str) -> String {
    let unified = typed.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n").replace('\t', " ");
    let kept: String = unified.chars().filter(|c| *c == '\n' || !c.is_control()).take(VALUE_LIMIT + 1).collect();
    kept.trim().to_owned()
}

/// A value as the document says it, or what is wrong with it.
pub fn shown(variable: &Variable, value: &str, currency: &str) -> Result<String, String> {
    if value.is_empty() {
        return Err(format!("Fill in: {}.", lower_first(&variable.label)));
    }
    if value.chars().count() > VALUE_LIMIT {
        return Err(format!("At most {VALUE_LIMIT} characters."));
    }
    match variable.kind {
        Kind::Text => Ok(value.to_owned()),
        Kind::Number => number(value).ok_or_else(|| "Give a number from 0 to 1,000,000, e.g. 30.".to_owned()),
        Kind::Money => {
            let minor = money::parse_loosely(value, currency);
            minor
                .map(|minor| money::words(minor, currency))
                .ok_or_else(|| format!("Give an amount, e.g. {}.", money::example(currency)))
        }
        Kind::Date => day(value).map(day_words).ok_or_else(|| "Give a date.".to_owned()),
        Kind::Choice => {
            let known = variable.choices.iter().find(|choice| *choice == value);
            known.cloned().ok_or_else(|| format!("Choose one of: {}.", variable.choices.join(", ")))
        }
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}

/// The most a number in an agreement can be: more is a slip of the keyboard.
const MOST: u64 = 1_000_000;

/// From 0 to [`MOST`]: digits, with commas between thousands and a point allowed.
fn number(text: &str) -> Option<String> {
    let plain = text.replace([',', ' '], "");
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.len() <= 15 && part.bytes().all(|b| b.is_ascii_digit());
    let is_within = match whole.parse::<u64>() {
        Ok(MOST) => fraction.bytes().all(|b| b == b'0'),
        Ok(number) => number < MOST,
        Err(_) => false,
    };
    (all_digits(whole) && all_digits(fraction) && is_within).then(|| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::template::Section;

    fn variable(kind: Kind) -> Variable {
        Variable {
            name: "x".to_owned(),
            label: "Notice period".to_owned(),
            kind,
            required: true,
            choices: vec!["a".to_owned()],
            ..Default::default()
        }
    }

    #[test]
    fn values_read_as_an_agreement_says_them() {
        assert_eq!(shown(&variable(Kind::Money), "1,234.5", "USD"), Ok("$1,234.50".to_owned()));
        assert_eq!(shown(&variable(Kind::Money), "1000000", "CHF"), Ok("CHF 1,000,000.00".to_owned()));
        assert_eq!(shown(&variable(Kind::Money), "1,234", "JPY"), Ok("¥1,234".to_owned()));
        assert_eq!(shown(&variable(Kind::Money), "1.234", "KWD"), Ok("KWD 1.234".to_owned()));
        assert_eq!(shown(&variable(Kind::Date), "2026-03-02", "USD"), Ok("March 2, 2026".to_owned()));
        for right in ["0", "1,000", "2.5", "1,000,000", "1000000.0"] {
            assert_eq!(shown(&variable(Kind::Number), right, "USD"), Ok(right.to_owned()));
        }
        for wrong in ["-3", "1000000.5", "1000001", "99999999999999"] {
            let message = shown(&variable(Kind::Number), wrong, "USD").expect_err(wrong);
            assert!(message.contains("from 0 to 1,000,000"), "{message}");
        }
        for (kind, wrong) in
            [(Kind::Money, "12.345"), (Kind::Money, "x"), (Kind::Date, "2026-02-30"), (Kind::Number, "ten"), (Kind::Choice, "b")]
        {
            assert!(shown(&variable(kind), wrong, "USD").is_err(), "{wrong}");
        }
        assert_eq!(shown(&variable(Kind::Text), "", "USD"), Err("Fill in: notice period.".to_owned()));
    }

    #[test]
    fn a_layout_is_whole_whatever_was_stored() {
        let content = Content { variables: Vec::new(), sections: vec![Section::default(); 3] };
        let layout =
            vec![Placed { section: 2, hidden: true }, Placed { section: 9, hidden: false }, Placed { section: 2, hidden: false }];
        let draft = Draft { layout, ..Draft::default() };
        let sections: Vec<_> = draft.placed(&content).iter().map(|p| (p.section, p.hidden)).collect();
        assert_eq!(sections, [(2, true), (0, false), (1, false)]);
    }

    #[test]
    fn a_variable_of_hidden_sections_alone_is_not_asked_for() {
        let section = |body: &str| Section { name: "S".to_owned(), body: body.to_owned() };
        let content = Content { variables: vec![variable(Kind::Text)], sections: vec![section("{{x}}"), section("other")] };
        let mut draft = Draft::default();
        assert!(!draft.check(&content, "USD").is_empty());
        draft.layout = vec![Placed { section: 0, hidden: true }];
        assert!(draft.check(&content, "USD").is_empty());
        draft.layout.push(Placed { section: 1, hidden: true });
        assert!(!draft.check(&content, "USD").of("sections").is_empty(), "not everything can be hidden");
    }
}
