//! The noun: what an article must be. No database, no web.

use entity::tickets::TicketCategory;

use super::search;
use crate::platform::{FieldErrors, markdown};

const TITLE_LIMIT: usize = 200;
const SUMMARY_LIMIT: usize = 500;
const BODY_LIMIT: usize = 50_000;
const TAGS: usize = 20;
const TAG_LIMIT: usize = 40;

#[derive(Clone, Debug)]
pub struct SaveArticle {
    pub title: String,
    /// What it is about, in a sentence or two.
    pub summary: String,
    /// Markdown.
    pub body: String,
    pub category: TicketCategory,
    pub tags: Vec<String>,
    pub published: bool,
}

impl SaveArticle {
    pub fn check(&self, errors: &mut FieldErrors) {
        let mut text = |field: &str, text: &str, limit: usize, needed: Option<&str>| {
            if text.chars().count() > limit {
                errors.add(field, format!("At most {limit} characters."));
            } else if let Some(words) = needed.filter(|_| text.is_empty()) {
                errors.add(field, words);
            }
        };
        text("title", self.title.trim(), TITLE_LIMIT, Some("Give it a title, best in the words a client would use."));
        text("summary", self.summary.trim(), SUMMARY_LIMIT, self.published.then_some("Say in a sentence what it is about."));
        text("body", self.body.trim(), BODY_LIMIT, self.published.then_some("Write what to do."));
        if self.tags.len() > TAGS || self.tags.iter().any(|tag| tag.chars().count() > TAG_LIMIT) {
            errors.add("tags", format!("At most {TAGS} words of at most {TAG_LIMIT} characters each."));
        }
    }

    /// All its words, as a search looks through them.
    pub fn words(&self) -> String {
        search::plain(&format!("{}\n{}\n{}\n{}", self.title, self.tags.join(" "), self.summary, markdown::words(&self.body)))
    }
}

/// `outlook, Mail,mail` → `["outlook", "Mail"]`
pub fn tags(text: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in text.split([',', ';', '\n']).map(str::trim).filter(|tag| !tag.is_empty()) {
        if !tags.iter().any(|known| known.to_lowercase() == tag.to_lowercase()) {
            tags.push(tag.to_owned());
        }
    }
    tags
}
