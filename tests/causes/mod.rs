//! What became of every cause that the earlier product's troubleshooting pages name. A test says so in passing:
//! `causes::named("P1.1", &page)` where the product said it, `causes::impossible("P3.2")` where it could not happen.

#![allow(dead_code, reason = "each test binary uses its part")]

use serde::Deserialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Impossible,
    Named,
    NotYet,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    pub id: String,
    pub cause: String,
    pub outcome: Outcome,
    /// Who reads the words, and where.
    #[serde(default)]
    pub who: String,
    #[serde(default)]
    pub words: String,
    /// What the product does about it.
    #[serde(default)]
    pub does: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub id: String,
    pub symptom: String,
    pub cause: Vec<Cause>,
}

#[derive(Deserialize)]
struct File {
    section: Vec<Section>,
}

pub fn sections() -> Vec<Section> {
    toml::from_str::<File>(include_str!("causes.toml")).expect("the list of causes is right").section
}

#[track_caller]
fn cause(id: &str, outcome: Outcome) -> Cause {
    let found = sections().into_iter().flat_map(|section| section.cause).find(|cause| cause.id == id);
    let found = found.unwrap_or_else(|| panic!("there is no cause {id}"));
    assert_eq!(found.outcome, outcome, "{id}: {}", found.cause);
    found
}

/// The product said it, in the words that the list promises.
#[track_caller]
pub fn named(id: &str, said: &str) {
    let words = cause(id, Outcome::Named).words;
    let read = read(said);
    assert!(read.contains(&words), "{id}: `{words}` is not said in: {}", read.chars().take(4_000).collect::<String>());
}

/// The test that called this has shown that it cannot happen.
#[track_caller]
pub fn impossible(id: &str) {
    cause(id, Outcome::Impossible);
}

/// A page as it is read; plain words as they are.
fn read(said: &str) -> String {
    if !said.contains("</") {
        return said.to_owned();
    }
    let page = scraper::Html::parse_document(said);
    page.root_element().text().flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}
