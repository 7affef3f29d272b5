//! What a template is made of: ordered named sections and typed variables.

use serde::{Deserialize, Serialize};

use crate::platform::FieldErrors;

/// The texts of one template version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    pub variables: Vec<Variable>,
    pub sections: Vec<Section>,
}

/// A named part of the document; the body is Markdown with `{{variables}}`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    pub name: String,
    pub body: String,
}

/// A blank to be filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variable {
    pub name: String,
    pub label: String,
    pub kind: Kind,
    pub required: bool,
    pub default: String,
    pub help: String,
    pub choices: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    #[default]
    Text,
    Number,
    Money,
    Date,
    Choice,
}

impl Kind {
    pub const ALL: &'static [Self] = &[Self::Text, Self::Number, Self::Money, Self::Date, Self::Choice];

    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "number",
            Self::Money => "money",
            Self::Date => "date",
            Self::Choice => "choice",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Number => "Number",
            Self::Money => "Money",
            Self::Date => "Date",
            Self::Choice => "Choice",
        }
    }

    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }
}

impl Content {
    pub fn variable(&self, name: &str) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.name == name)
    }
}

impl Content {
    /// The whole text as one Markdown file.
    pub fn markdown(&self, title: &str) -> String {
        let mut text = format!("# {title}\n");
        for (at, section) in self.sections.iter().enumerate() {
            text.push_str(&format!("\n## {}. {}\n\n{}\n", at + 1, section.name, section.body.trim()));
        }
        text
    }
}

/// Variables the text uses that nobody defined.
pub fn undefined(content: &Content) -> Vec<String> {
    let mut missing: Vec<String> = Vec::new();
    for section in &content.sections {
        for name in names_in(&section.name).into_iter().chain(names_in(&section.body)) {
            if content.variable(name).is_none() && !missing.iter().any(|known| known == name) {
                missing.push(name.to_owned());
            }
        }
    }
    missing
}

/// What is wrong with a text that is being written, by field of the editor (`section.3.name`, `variable.0.choices`).
pub fn problems(content: &Content) -> FieldErrors {
    let mut errors = FieldErrors::default();
    if content.sections.is_empty() {
        errors.add("sections", "Keep at least one section.");
    }
    if content.sections.len() > 200 || content.variables.len() > 200 {
        errors.add("sections", "At most 200 sections and 200 variables.");
    }
    for (at, section) in content.sections.iter().enumerate() {
        if section.name.trim().is_empty() || section.name.chars().count() > 200 {
            errors.add(format!("section.{at}.name"), "Give the section a name of at most 200 characters.");
        }
        if section.body.chars().count() > 40_000 {
            errors.add(format!("section.{at}.body"), "At most 40,000 characters in a section.");
        }
    }
    for (at, variable) in content.variables.iter().enumerate() {
        if !is_name(&variable.name) {
            errors.add(format!("variable.{at}.name"), "Lower-case letters, digits and underscores, e.g. notice_period.");
        }
        if content.variables[..at].iter().any(|other| other.name == variable.name) {
            errors.add(format!("variable.{at}.name"), "There is another variable of this name.");
        }
        if variable.label.trim().is_empty() || variable.label.chars().count() > 200 {
            errors.add(format!("variable.{at}.label"), "Give it a label of at most 200 characters.");
        }
        if variable.kind == Kind::Choice && variable.choices.is_empty() {
            errors.add(format!("variable.{at}.choices"), "Give the choices, one a line.");
        }
        if variable.kind == Kind::Choice && !variable.default.is_empty() && !variable.choices.contains(&variable.default) {
            errors.add(format!("variable.{at}.default"), "The default is none of the choices.");
        }
        if variable.default.chars().count() > 4_000 || variable.help.chars().count() > 1_000 {
            errors.add(format!("variable.{at}.default"), "That is too long.");
        }
    }
    errors
}

/// `Service Level Agreement` as `service-level-agreement`.
pub fn slug_of(title: &str) -> String {
    let mut slug = String::new();
    for c in title.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug: String = slug.trim_end_matches('-').chars().take(60).collect();
    if slug.is_empty() { "template".to_owned() } else { slug }
}

/// The names of `{{variables}}` in a text, in the order they stand there, each once.
pub fn names_in(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let inside = &rest[start + 2..];
        let Some(end) = inside.find("}}") else { break };
        let name = inside[..end].trim();
        if is_name(name) && !names.contains(&name) {
            names.push(name);
        }
        rest = if is_name(name) { &inside[end + 2..] } else { &rest[start + 1..] };
    }
    names
}

/// Lower-case letters, digits and underscores, beginning with a letter; at most 60.
pub fn is_name(text: &str) -> bool {
    text.len() <= 60
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_once_and_in_order() {
        assert_eq!(names_in("{{b}} and {{ a }} and {{b}}, not {{A}} nor {{{x}}"), ["b", "a", "x"]);
        assert_eq!(names_in("{{open"), Vec::<&str>::new());
    }
}
