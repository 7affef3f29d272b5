//! The signed document as a PDF: a fixed template, fonts built in, and the document's words as data.

use std::sync::LazyLock;

use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult},
    foundations::{Bytes, Datetime, Smart},
    layout::PagedDocument,
    syntax::{FileId, Source, VirtualPath},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_pdf::{PdfOptions, Timestamp};

use entity::Moment;

use super::certificate::{Notice, SignedDocument};
use crate::platform::{Result, text};

/// The same for every document: library and fonts.
struct Machine {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    main: Source,
    data: FileId,
}

static MACHINE: LazyLock<Machine> = LazyLock::new(|| {
    let fonts: Vec<Font> = typst_assets::fonts().flat_map(|bytes| Font::iter(Bytes::new(bytes))).collect();
    Machine {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        main: Source::new(FileId::new(None, VirtualPath::new("document.typ")), include_str!("document.typ").to_owned()),
        data: FileId::new(None, VirtualPath::new("data.json")),
    }
});

/// What the template can reach: itself and the document's data; no file, no network, no clock.
struct Desk {
    machine: &'static Machine,
    data: Bytes,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.machine.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.machine.book
    }

    fn main(&self) -> FileId {
        self.machine.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.machine.main.id() { Ok(self.machine.main.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.machine.data { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.machine.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<i64>) -> Option<Datetime> {
        None
    }
}

/// Sets the document; takes a moment, so never inside a transaction. The same document gives the same bytes.
pub fn render_pdf(document: &SignedDocument) -> Result<Vec<u8>> {
    set(document.data(), &document.view.id.to_string(), document.view.completed_at.unwrap_or(document.view.sent_at))
}

/// The same for a text that is only to be read.
pub fn render_notice(notice: &Notice) -> Result<Vec<u8>> {
    set(notice.data(), &notice.ident, notice.at)
}

fn set(mut data: serde_json::Value, ident: &str, at: Moment) -> Result<Vec<u8>> {
    text::contain_json(&mut data);
    let desk = Desk { machine: &MACHINE, data: Bytes::new(serde_json::to_vec(&data)?) };
    let words =
        |errors: &[typst::diag::SourceDiagnostic]| errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ");
    let pages: PagedDocument = typst::compile(&desk).output.map_err(|errors| anyhow::anyhow!("typesetting: {}", words(&errors)))?;
    let at = at.datetime();
    let timestamp =
        Datetime::from_ymd_hms(at.year(), at.month().into(), at.day(), at.hour(), at.minute(), at.second()).map(Timestamp::new_utc);
    let options = PdfOptions { ident: Smart::Custom(ident), timestamp, ..PdfOptions::default() };
    let bytes = typst_pdf::pdf(&pages, &options).map_err(|errors| anyhow::anyhow!("PDF: {}", words(&errors)))?;
    // What typst remembers of one document is of no use to the next one.
    typst::comemo::evict(2);
    Ok(bytes)
}
