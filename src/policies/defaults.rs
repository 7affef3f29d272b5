//! The templates that ship with the product, read from the texts beside this file.

use entity::policies::{Acknowledgement, Category};
use serde::Deserialize;

use super::template::{Content, Section, Variable};

/// One template file; an unknown key is refused.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultTemplate {
    pub slug: String,
    pub title: String,
    pub category: Category,
    pub summary: String,
    pub acknowledgement: Acknowledgement,
    #[serde(default)]
    pub automatic: bool,
    #[serde(default)]
    pub direct_to_client: bool,
    pub variables: Vec<Variable>,
    pub sections: Vec<Section>,
}

impl DefaultTemplate {
    pub fn content(&self) -> Content {
        Content { variables: self.variables.clone(), sections: self.sections.clone() }
    }
}

const TEXTS: &[&str] = &[
    include_str!("defaults/msa.toml"),
    include_str!("defaults/sow.toml"),
    include_str!("defaults/dpa.toml"),
    include_str!("defaults/aup.toml"),
    include_str!("defaults/nda.toml"),
    include_str!("defaults/baa.toml"),
    include_str!("defaults/payment-terms.toml"),
    include_str!("defaults/rate-change-notice.toml"),
    include_str!("defaults/third-party-access.toml"),
    include_str!("defaults/onboarding.toml"),
    include_str!("defaults/incident-response.toml"),
];

/// All of them.
pub fn all() -> Result<Vec<DefaultTemplate>, toml::de::Error> {
    TEXTS.iter().map(|text| toml::from_str(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::template::{Kind, is_name, names_in};

    #[test]
    fn every_default_template_is_whole() {
        let all = all().expect("the templates that ship can be read");
        assert!(all.len() >= 10);
        for template in &all {
            let content = template.content();
            for section in &content.sections {
                for name in names_in(&section.name).into_iter().chain(names_in(&section.body)) {
                    assert!(content.variable(name).is_some(), "{}: `{name}` in `{}` is not defined", template.slug, section.name);
                }
            }
            for variable in &content.variables {
                assert!(is_name(&variable.name), "{}: `{}`", template.slug, variable.name);
                assert_eq!(variable.kind == Kind::Choice, !variable.choices.is_empty(), "{}: `{}`", template.slug, variable.name);
                let used = content.sections.iter().any(|s| names_in(&s.body).contains(&variable.name.as_str()));
                assert!(used, "{}: `{}` is used nowhere", template.slug, variable.name);
            }
        }
        let mut slugs: Vec<_> = all.iter().map(|t| t.slug.as_str()).collect();
        slugs.sort_unstable();
        slugs.dedup();
        assert_eq!(slugs.len(), all.len(), "slugs are unique");
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let text = TEXTS[0].replacen("slug =", "slag =", 1);
        assert!(toml::from_str::<DefaultTemplate>(&text).is_err());
    }
}
