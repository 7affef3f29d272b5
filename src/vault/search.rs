//! What a list of documents is asked for; every filter stands in the address.

use entity::{
    Moment,
    ids::CompanyId,
    vault::{Category, DocumentStatus},
};

/// Filters of a list. Nonsense in a filter is no filter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Search {
    /// Words in the title, the file name or the client's name; all of them.
    pub text: String,
    pub category: Option<Category>,
    pub company: Option<CompanyId>,
    /// The kinds' first extension: `pdf`, `docx` …
    pub kind: Option<String>,
    pub status: Option<DocumentStatus>,
    /// From this day on, and up to the end of that day (UTC).
    pub from: Option<Moment>,
    pub until: Option<Moment>,
    pub sort: Sort,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Newest,
    Oldest,
    Title,
    Largest,
}

impl Sort {
    /// Beside the newest first, which is how a list is sorted unless somebody says otherwise.
    pub const CHOICES: [(&'static str, &'static str); 3] =
        [("oldest", "Oldest first"), ("title", "By title"), ("largest", "Largest first")];

    pub fn of(word: &str) -> Self {
        match word {
            "oldest" => Self::Oldest,
            "title" => Self::Title,
            "largest" => Self::Largest,
            _ => Self::Newest,
        }
    }
}

/// `2026-03-02` as its first moment.
pub fn day(text: &str) -> Option<Moment> {
    let date = time::Date::parse(text, time::macros::format_description!("[year]-[month]-[day]")).ok()?;
    Some(Moment::from_datetime(date.midnight().assume_utc()))
}
