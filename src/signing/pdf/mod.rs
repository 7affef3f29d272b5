//! The signed document as a PDF: a fixed template, and the document's words as data.

use super::certificate::{Notice, SignedDocument};
use crate::platform::{Result, typeset};

const TEMPLATE: (&str, &str) = ("document.typ", include_str!("document.typ"));

/// Sets the document; takes a moment, so never inside a transaction. The same document gives the same bytes.
pub fn render_pdf(document: &SignedDocument) -> Result<Vec<u8>> {
    let at = document.view.completed_at.unwrap_or(document.view.sent_at);
    typeset::pdf(TEMPLATE, document.data(), &document.view.id.to_string(), at)
}

/// The same for a text that is only to be read.
pub fn render_notice(notice: &Notice) -> Result<Vec<u8>> {
    typeset::pdf(TEMPLATE, notice.data(), &notice.ident, notice.at)
}
