//! Comments, and where they stand once the text has moved on.

use serde::{Deserialize, Serialize};

use super::render::Document;

/// What is sealed in a comment's row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark {
    pub words: String,
    /// The paragraph as it read when the comment was written.
    pub quote: String,
}

/// Where a comment stands in the document as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Beside this paragraph; `changed` where its words are others now.
    Beside { anchor: String, changed: bool },
    /// On the whole document, or its section is gone.
    Whole,
}

/// The same paragraph; else one of the same words in its section; else whatever stands at its place; else the section's first;
/// else the whole document.
pub fn place(anchor: &str, document: &Document) -> Place {
    let beside = |anchor: &str, changed| Place::Beside { anchor: anchor.to_owned(), changed };
    if document.paragraphs().any(|paragraph| paragraph.anchor == anchor) {
        return beside(anchor, false);
    }
    let mut parts = anchor.splitn(3, '-');
    let (Some(section), Some(at), Some(hash)) = (parts.next(), parts.next(), parts.next()) else { return Place::Whole };
    let here: Vec<&str> =
        document.paragraphs().map(|p| p.anchor.as_str()).filter(|other| other.split('-').next() == Some(section)).collect();
    let found = here
        .iter()
        .find(|other| other.rsplit('-').next() == Some(hash))
        .map(|same_words| (same_words, false))
        .or_else(|| here.iter().find(|other| other.split('-').nth(1) == Some(at)).map(|same_place| (same_place, true)))
        .or_else(|| here.first().map(|first| (first, true)));
    found.map_or(Place::Whole, |(anchor, changed)| beside(anchor, changed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::{
        draft::Draft,
        render::{Marks, render},
        template::{Content, Section},
    };

    fn document(body: &str) -> Document {
        let content = Content { variables: Vec::new(), sections: vec![Section { name: "S".to_owned(), body: body.to_owned() }] };
        render(&content, &Draft::default(), "USD", Marks::None).expect("rendered")
    }

    #[test]
    fn a_comment_follows_its_words_then_its_place() {
        let before = document("One.\n\nTwo.\n\nThree.");
        let two = before.paragraphs().nth(1).expect("two").anchor.clone();
        let moved = document("Zero.\n\nOne.\n\nTwo.");
        let there = moved.paragraphs().nth(2).expect("two").anchor.clone();
        assert_eq!(place(&two, &moved), Place::Beside { anchor: there, changed: false });
        let rewritten = document("One.\n\nTwo and a half.");
        let there = rewritten.paragraphs().nth(1).expect("second").anchor.clone();
        assert_eq!(place(&two, &rewritten), Place::Beside { anchor: there, changed: true });
        let shorter = document("One.");
        assert_eq!(
            place(&two, &shorter),
            Place::Beside { anchor: shorter.paragraphs().next().expect("one").anchor.clone(), changed: true }
        );
        assert_eq!(place(&two, &Document::default()), Place::Whole);
        assert_eq!(place("", &before), Place::Whole);
    }
}
