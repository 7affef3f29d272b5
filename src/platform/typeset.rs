//! Typesetting: a fixed Typst template, fonts built in, and data as JSON that is never read as markup. No file, no network, no clock.

use std::sync::LazyLock;

use entity::Moment;
use serde_json::Value;
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

use super::{Result, text};

/// The same for every document: library and fonts.
struct Machine {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    data: FileId,
}

static MACHINE: LazyLock<Machine> = LazyLock::new(|| {
    let fonts: Vec<Font> = typst_assets::fonts().flat_map(|bytes| Font::iter(Bytes::new(bytes))).collect();
    Machine {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        data: FileId::new(None, VirtualPath::new("data.json")),
    }
});

/// What the template can reach: itself and the document's data.
struct Desk {
    machine: &'static Machine,
    main: Source,
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
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
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

/// Sets `template` (named for its messages) with `data`, which it reads as `json("data.json")`. It takes a moment, so never inside
/// a transaction. The same template, data, name and moment give the same bytes.
pub fn pdf((name, template): (&'static str, &'static str), mut data: Value, ident: &str, at: Moment) -> Result<Vec<u8>> {
    text::contain_json(&mut data);
    let main = Source::new(FileId::new(None, VirtualPath::new(name)), template.to_owned());
    let desk = Desk { machine: &MACHINE, main, data: Bytes::new(serde_json::to_vec(&data)?) };
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
