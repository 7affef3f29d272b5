//! The noun: a company as the CRM sends it, checked. Pure.

use serde::{Deserialize, Serialize};

use crate::{identity, platform::text};

/// People one company may have.
const PEOPLE: usize = 500;

/// As `docs/integrations/crm.yaml` says; what it does not name is left alone.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Company {
    pub id: String,
    pub name: String,
    /// As it stands in contracts; the name where left out.
    #[serde(default)]
    pub legal_name: String,
    /// False: archived or deleted over there.
    #[serde(default = "yes")]
    pub active: bool,
    #[serde(default)]
    pub contacts: Vec<Person>,
    /// Grows with every change of it or of its people.
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Person {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub email: String,
    #[serde(default)]
    pub title: String,
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

impl Company {
    /// What it is called where it cannot be taken; its name may be what is wrong with it.
    pub fn called(&self) -> String {
        format!("company {}", text::line(&self.id))
    }

    /// The first thing that is wrong with it, for whoever keeps the CRM.
    pub fn problem(&self) -> Option<String> {
        let named = |what: &str| Some(format!("{}: {what}", self.called()));
        let fits = |word: &str, most: usize| word.chars().count() <= most && !word.chars().any(char::is_control);
        let needed = |word: &str, most: usize| !word.trim().is_empty() && fits(word, most);
        if !needed(&self.id, 200) || !needed(&self.name, 160) || !fits(&self.legal_name, 160) {
            return named("id and name are needed, and id, name and legal_name are not longer than 200, 160 and 160 characters");
        }
        if self.contacts.len() > PEOPLE {
            return named("it has more than 500 contacts");
        }
        let wrong =
            |one: &Person| !needed(&one.id, 200) || !needed(&one.name, 120) || !fits(&one.title, 120) || !fits(&one.email, 254);
        match self.contacts.iter().find(|one| wrong(one)) {
            Some(one) => named(&format!(
                "contact {}: id and name are needed, and id, name, title and email are not longer than 200, 120, 120 and 254 characters",
                text::line(&one.id)
            )),
            None => None,
        }
    }

    pub fn legal_name(&self) -> &str {
        Some(self.legal_name.trim()).filter(|text| !text.is_empty()).unwrap_or(self.name.trim())
    }
}

impl Person {
    /// Where they can be written to; who has no address cannot be asked to sign.
    pub fn address(&self) -> Option<String> {
        identity::parse_email(&self.email).filter(|_| self.active)
    }
}

/// Two names that only differ in capitals and spaces are one.
pub fn is_same_name(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    plain(one) == plain(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_whatever_their_capitals_and_spaces() {
        assert!(is_same_name(" ACME  Dental", "Acme Dental"));
        assert!(!is_same_name("Acme Dental", "Acme Dental Care"));
    }

    #[test]
    fn what_is_wrong_with_a_company_is_said_with_its_name() {
        let company: Company = serde_json::from_value(serde_json::json!({ "id": "c-1", "name": " ", "version": 1 })).expect("JSON");
        assert!(company.problem().is_some_and(|words| words.starts_with("company c-1: id and name are needed")));
    }
}
