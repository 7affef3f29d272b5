//! The noun: the questions of a service's form, and what is an answer to them. No database, no web.

use serde::{Deserialize, Serialize};

use crate::platform::FieldErrors;

/// Questions one form may have.
pub const QUESTIONS: usize = 20;
const LABEL_LIMIT: usize = 200;
const LINE_LIMIT: usize = 500;
const TEXT_LIMIT: usize = 5_000;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    #[default]
    Text,
    LongText,
    Choice,
    Date,
    Number,
    YesNo,
}

impl QuestionKind {
    pub const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Text, "text", "A line of text"),
        (Self::LongText, "long_text", "A long text"),
        (Self::Choice, "choice", "A choice"),
        (Self::Date, "date", "A date"),
        (Self::Number, "number", "A number"),
        (Self::YesNo, "yes_no", "Yes or no"),
    ];

    pub fn parse(text: &str) -> Self {
        Self::ALL.iter().find(|(_, word, _)| *word == text).map_or(Self::Text, |(kind, ..)| *kind)
    }

    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or("text", |(_, word, _)| word)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    pub label: String,
    pub kind: QuestionKind,
    pub required: bool,
    #[serde(default)]
    pub choices: Vec<String>,
    #[serde(default)]
    pub help: String,
}

impl Question {
    /// What is wrong with the question itself.
    pub fn check(&self, field: &str, errors: &mut FieldErrors) {
        if self.label.chars().count() > LABEL_LIMIT {
            errors.add(field, format!("At most {LABEL_LIMIT} characters."));
        }
        if self.kind == QuestionKind::Choice && self.choices.len() < 2 {
            errors.add(field, "Give at least two choices, one a line.");
        }
    }

    /// The answer as it is kept, `None` where there is none; a sentence where it is no answer.
    pub fn answer(&self, given: &str) -> Result<Option<String>, String> {
        let given = given.trim();
        if given.is_empty() {
            return if self.required { Err("Please answer this.".to_owned()) } else { Ok(None) };
        }
        let limit = if self.kind == QuestionKind::LongText { TEXT_LIMIT } else { LINE_LIMIT };
        if given.chars().count() > limit {
            return Err(format!("At most {limit} characters."));
        }
        match self.kind {
            QuestionKind::Text | QuestionKind::LongText => Ok(Some(given.to_owned())),
            QuestionKind::Choice if self.choices.iter().any(|choice| choice == given) => Ok(Some(given.to_owned())),
            QuestionKind::Choice => Err("Choose one of the list.".to_owned()),
            QuestionKind::Date => {
                let format = time::macros::format_description!("[year]-[month]-[day]");
                time::Date::parse(given, &format)
                    .map(|_| Some(given.to_owned()))
                    .map_err(|_| "Give a day, e.g. 2026-03-31.".to_owned())
            }
            QuestionKind::Number if given.parse::<f64>().is_ok_and(f64::is_finite) => Ok(Some(given.to_owned())),
            QuestionKind::Number => Err("Give a number.".to_owned()),
            QuestionKind::YesNo => match given {
                "yes" | "Yes" => Ok(Some("Yes".to_owned())),
                "no" | "No" => Ok(Some("No".to_owned())),
                _ => Err("Choose yes or no.".to_owned()),
            },
        }
    }
}

/// Questions and answers as the ticket keeps them.
pub type Answers = Vec<(String, String)>;

/// All answers of a form; the n-th question's field is `qN`.
pub fn answers(questions: &[Question], given: impl Fn(usize) -> String, errors: &mut FieldErrors) -> Answers {
    let mut kept = Vec::new();
    for (at, question) in questions.iter().enumerate() {
        match question.answer(&given(at)) {
            Ok(Some(answer)) => kept.push((question.label.clone(), answer)),
            Ok(None) => {}
            Err(sentence) => errors.add(format!("q{at}"), sentence),
        }
    }
    kept
}

/// `within 8 hours`, `within 3 days`
pub fn promise_words(hours: i32) -> String {
    match hours {
        1 => "within an hour".to_owned(),
        24 => "within a day".to_owned(),
        hours if hours % 24 == 0 => format!("within {} days", hours / 24),
        hours => format!("within {hours} hours"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_what_the_question_takes() {
        let ask = |kind, required| Question { kind, required, choices: vec!["A".into(), "B".into()], ..Question::default() };
        for (kind, given, kept) in [
            (QuestionKind::Text, " x ", Some("x")),
            (QuestionKind::Choice, "B", Some("B")),
            (QuestionKind::Date, "2026-02-28", Some("2026-02-28")),
            (QuestionKind::Number, "-1.5", Some("-1.5")),
            (QuestionKind::YesNo, "no", Some("No")),
            (QuestionKind::Text, "  ", None),
        ] {
            assert_eq!(ask(kind, false).answer(given), Ok(kept.map(str::to_owned)), "{kind:?}");
        }
        for (kind, given) in [
            (QuestionKind::Choice, "C"),
            (QuestionKind::Date, "2026-02-30"),
            (QuestionKind::Number, "many"),
            (QuestionKind::Number, "inf"),
            (QuestionKind::YesNo, "maybe"),
            (QuestionKind::Text, ""),
        ] {
            assert!(ask(kind, true).answer(given).is_err(), "{kind:?} {given}");
        }
        assert!(ask(QuestionKind::Text, false).answer(&"x".repeat(501)).is_err());
    }

    #[test]
    fn a_promise_reads_like_one() {
        assert_eq!([1, 8, 24, 72].map(promise_words), ["within an hour", "within 8 hours", "within a day", "within 3 days"]);
    }
}
