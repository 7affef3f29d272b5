//! The score: required policies in force and fully signed, of all required policies in force. Pure.

use entity::{
    Moment,
    ids::{CompanyId, EnvelopeId, PolicyId},
};
use time::Date;

/// One required policy in force and how far its signatures are.
#[derive(Clone, Debug)]
pub struct Requirement {
    pub policy: PolicyId,
    pub company: CompanyId,
    pub title: String,
    /// The policy type: the column of the coverage matrix.
    pub category: String,
    pub version: i32,
    pub effective: Date,
    pub expiry: Option<Date>,
    pub sent_at: Option<Moment>,
    pub envelope: Option<EnvelopeId>,
    /// Who signed and when; none: still missing.
    pub signers: Vec<(String, Option<Moment>)>,
}

impl Requirement {
    pub fn is_signed(&self) -> bool {
        !self.signers.is_empty() && self.signers.iter().all(|(_, at)| at.is_some())
    }

    pub fn missing(&self) -> Vec<&str> {
        self.signers.iter().filter(|(_, at)| at.is_none()).map(|(name, _)| name.as_str()).collect()
    }

    /// The last signature: since when this point counts.
    pub fn signed_at(&self) -> Option<Moment> {
        if self.is_signed() { self.signers.iter().filter_map(|(_, at)| *at).max() } else { None }
    }

    /// It counts from the moment it is with the client; in force it is only from its day on.
    pub fn is_ahead(&self, today: Date) -> bool {
        self.effective > today
    }

    /// `5 Oct 2027`
    pub fn effective_words(&self) -> String {
        day_words(self.effective)
    }

    pub fn expiry_words(&self) -> String {
        self.expiry.map_or_else(|| "No end".to_owned(), day_words)
    }

    /// Whole days since it was sent.
    pub fn days_waiting(&self, now: Moment) -> i64 {
        self.sent_at.map_or(0, |at| now.since(at).max(0) / Moment::DAY)
    }

    /// Whole days until it expires; negative where it has.
    pub fn days_left(&self, today: Date) -> Option<i64> {
        self.expiry.map(|expiry| (expiry - today).whole_days())
    }
}

fn day_words(day: Date) -> String {
    let month = day.month().to_string();
    format!("{} {} {}", day.day(), month.get(..3).unwrap_or(&month), day.year())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    Compliant,
    Attention,
    NonCompliant,
    /// Nothing is required: neither 0 nor 100.
    NothingRequired,
}

impl Band {
    pub fn label(self) -> &'static str {
        match self {
            Self::Compliant => "Compliant",
            Self::Attention => "Attention needed",
            Self::NonCompliant => "Non-compliant",
            Self::NothingRequired => "No required policies",
        }
    }

    /// The class of the figure.
    pub fn class(self) -> &'static str {
        match self {
            Self::Compliant => "score score-good",
            Self::Attention => "score score-attention",
            Self::NonCompliant => "score score-bad",
            Self::NothingRequired => "score",
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    pub signed: usize,
    pub required: usize,
}

impl Score {
    pub fn of<'a>(requirements: impl IntoIterator<Item = &'a Requirement>) -> Self {
        let mut score = Self::default();
        for requirement in requirements {
            score.required += 1;
            score.signed += usize::from(requirement.is_signed());
        }
        score
    }

    /// Whole per cent, rounded down so that 100 means all; none where nothing is required.
    pub fn percent(self) -> Option<usize> {
        (self.signed * 100).checked_div(self.required)
    }

    pub fn band(self) -> Band {
        match self.percent() {
            None => Band::NothingRequired,
            Some(90..) => Band::Compliant,
            Some(70..) => Band::Attention,
            Some(_) => Band::NonCompliant,
        }
    }

    /// `67 %`, or `–`.
    pub fn words(self) -> String {
        self.percent().map_or_else(|| "–".to_owned(), |percent| format!("{percent} %"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nothing_required_is_no_score() {
        let score = Score { signed: 0, required: 0 };
        assert_eq!(score.percent(), None);
        assert_eq!(score.band(), Band::NothingRequired);
    }

    #[test]
    fn bands_begin_at_90_and_70() {
        let band = |signed, required| Score { signed, required }.band();
        assert_eq!(band(9, 10), Band::Compliant);
        assert_eq!(band(89, 100), Band::Attention);
        assert_eq!(band(7, 10), Band::Attention);
        assert_eq!(band(69, 100), Band::NonCompliant);
    }

    proptest! {
        #[test]
        fn a_hundred_means_all(required in 1_usize..500, missing in 0_usize..500) {
            let score = Score { signed: required.saturating_sub(missing), required };
            prop_assert_eq!(score.percent() == Some(100), score.signed == required);
            prop_assert!(score.percent().unwrap_or(0) <= 100);
        }
    }
}
