//! What changed between two versions of a template, section by section, word by word.

use similar::{ChangeTag, TextDiff};

use super::template::Content;

/// A section as it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionChange {
    pub name: String,
    /// `added`, `removed`, `changed` or `moved`
    pub kind: &'static str,
    pub pieces: Vec<Piece>,
}

/// Words that stayed, came or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// `same`, `added` or `removed`
    pub kind: &'static str,
    pub text: String,
}

/// Sections are the same ones where their names are.
pub fn between(before: &Content, after: &Content) -> Vec<SectionChange> {
    let mut changes = Vec::new();
    for (at, section) in after.sections.iter().enumerate() {
        match before.sections.iter().position(|old| old.name == section.name) {
            None => changes.push(SectionChange {
                name: section.name.clone(),
                kind: "added",
                pieces: vec![Piece { kind: "added", text: section.body.clone() }],
            }),
            Some(old) if before.sections[old].body != section.body => changes.push(SectionChange {
                name: section.name.clone(),
                kind: "changed",
                pieces: pieces(&before.sections[old].body, &section.body),
            }),
            Some(old) if old != at && before.sections.len() == after.sections.len() => {
                changes.push(SectionChange { name: section.name.clone(), kind: "moved", pieces: Vec::new() });
            }
            Some(_) => {}
        }
    }
    for section in before.sections.iter().filter(|old| !after.sections.iter().any(|section| section.name == old.name)) {
        changes.push(SectionChange {
            name: section.name.clone(),
            kind: "removed",
            pieces: vec![Piece { kind: "removed", text: section.body.clone() }],
        });
    }
    changes
}

fn pieces(before: &str, after: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for change in TextDiff::from_words(before, after).iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => "same",
            ChangeTag::Insert => "added",
            ChangeTag::Delete => "removed",
        };
        match pieces.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(change.value()),
            _ => pieces.push(Piece { kind, text: change.value().to_owned() }),
        }
    }
    shorten(pieces)
}

/// Long stretches that stayed are cut to their ends.
fn shorten(pieces: Vec<Piece>) -> Vec<Piece> {
    const KEEP: usize = 160;
    let cut = |piece: Piece| {
        let count = piece.text.chars().count();
        if piece.kind != "same" || count <= KEEP * 2 + 40 {
            return piece;
        }
        let start: String = piece.text.chars().take(KEEP).collect();
        let end: String = piece.text.chars().skip(count - KEEP).collect();
        Piece { kind: "same", text: format!("{start} … {end}") }
    };
    pieces.into_iter().map(cut).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::template::Section;

    #[test]
    fn sections_are_compared_by_name() {
        let content = |sections: &[(&str, &str)]| Content {
            variables: Vec::new(),
            sections: sections.iter().map(|(name, body)| Section { name: (*name).to_owned(), body: (*body).to_owned() }).collect(),
        };
        let before = content(&[("Term", "One year from signing."), ("Fees", "Monthly."), ("Law", "Delaware.")]);
        let after = content(&[("Term", "Two years from signing."), ("Fees", "Monthly."), ("Notices", "By mail.")]);
        let changes = between(&before, &after);
        let kinds: Vec<_> = changes.iter().map(|change| (change.name.as_str(), change.kind)).collect();
        assert_eq!(kinds, [("Term", "changed"), ("Notices", "added"), ("Law", "removed")]);
        let words: Vec<_> = changes[0].pieces.iter().map(|piece| piece.kind).collect();
        assert!(words.contains(&"added") && words.contains(&"removed") && words.contains(&"same"), "{words:?}");
    }
}
