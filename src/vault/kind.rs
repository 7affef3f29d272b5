//! Kinds of files: an allow-list by content **and** extension. What a browser or a machine could run is never taken.
//!
//! Office files are zip archives: their list of entries is read (never an entry), and what would unpack to far more than it is,
//! carries macros, or reaches outside itself is refused.

use super::file_name;

/// A kind that is taken.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    extensions: &'static [&'static str],
    pub media_type: &'static str,
    pub words: &'static str,
    looks: Looks,
}

#[derive(Debug, PartialEq, Eq)]
enum Looks {
    /// Begins with one of these.
    Begins(&'static [&'static [u8]]),
    /// `RIFF....WEBP`
    Webp,
    Text,
    /// Text that begins with a mail header.
    Mail,
    /// A zip archive with all of these entries (a name that ends in `/` is a folder).
    Archive(&'static [&'static str]),
}

const KINDS: &[Kind] = &[
    kind(&["pdf"], "application/pdf", "PDF", Looks::Begins(&[b"%PDF-"])),
    kind(
        &["docx"],
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Word document",
        Looks::Archive(&["[Content_Types].xml", "word/"]),
    ),
    kind(
        &["xlsx"],
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Excel workbook",
        Looks::Archive(&["[Content_Types].xml", "xl/"]),
    ),
    kind(
        &["pptx"],
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "PowerPoint slides",
        Looks::Archive(&["[Content_Types].xml", "ppt/"]),
    ),
    kind(&["odt"], "application/vnd.oasis.opendocument.text", "OpenDocument text", Looks::Archive(&["mimetype", "content.xml"])),
    kind(
        &["ods"],
        "application/vnd.oasis.opendocument.spreadsheet",
        "OpenDocument sheet",
        Looks::Archive(&["mimetype", "content.xml"]),
    ),
    kind(&["txt"], "text/plain", "Text", Looks::Text),
    kind(&["md"], "text/markdown", "Markdown", Looks::Text),
    kind(&["csv"], "text/csv", "CSV table", Looks::Text),
    kind(&["eml"], "message/rfc822", "E-mail", Looks::Mail),
    kind(&["png"], "image/png", "PNG picture", Looks::Begins(&[b"\x89PNG\r\n\x1a\n"])),
    kind(&["jpg", "jpeg"], "image/jpeg", "JPEG picture", Looks::Begins(&[b"\xff\xd8\xff"])),
    kind(&["gif"], "image/gif", "GIF picture", Looks::Begins(&[b"GIF87a", b"GIF89a"])),
    kind(&["tif", "tiff"], "image/tiff", "TIFF picture", Looks::Begins(&[b"II*\0", b"MM\0*"])),
    kind(&["webp"], "image/webp", "WebP picture", Looks::Webp),
];

const fn kind(extensions: &'static [&'static str], media_type: &'static str, words: &'static str, looks: Looks) -> Kind {
    Kind { extensions, media_type, words, looks }
}

/// For the `accept` attribute of a file field, and for people.
pub fn accepted() -> String {
    KINDS.iter().flat_map(|kind| kind.extensions).map(|end| format!(".{end}")).collect::<Vec<_>>().join(",")
}

/// What people call a media type.
pub fn words_of(media_type: &str) -> &'static str {
    KINDS.iter().find(|kind| kind.media_type == media_type).map_or("File", |kind| kind.words)
}

/// The media types people may filter by, with their names.
pub fn choices() -> Vec<(&'static str, &'static str)> {
    KINDS.iter().map(|kind| (kind.extensions[0], kind.words)).collect()
}

pub fn media_type_of(extension: &str) -> Option<&'static str> {
    KINDS.iter().find(|kind| kind.extensions.contains(&extension)).map(|kind| kind.media_type)
}

/// Kinds that are shown in the browser: no script runs in them, and the answer is sandboxed all the same.
pub fn is_viewable(media_type: &str) -> bool {
    matches!(media_type, "application/pdf" | "image/png" | "image/jpeg" | "text/plain")
}

const ACTIVE: &[&str] = &["html", "htm", "xhtml", "shtml", "svg", "xml", "xsl", "js", "mjs", "mht", "mhtml", "wasm", "swf"];
const PROGRAMS: &[&str] =
    &["exe", "dll", "msi", "bat", "cmd", "com", "scr", "ps1", "vbs", "sh", "jar", "apk", "app", "lnk", "hta", "iso", "py"];
const OLD_OR_MACRO: &[&str] = &["doc", "xls", "ppt", "msg", "docm", "xlsm", "pptm", "dotm", "rtf"];
const ARCHIVES: &[&str] = &["zip", "7z", "rar", "gz", "tar", "tgz", "bz2", "xz"];

/// The kind this name promises, or a sentence why it is not taken.
pub fn by_name(name: &str) -> Result<&'static Kind, String> {
    let Some(end) = file_name::extension(name) else {
        return Err("The file has no extension that says what it is. Give it one, for example .pdf.".to_owned());
    };
    if let Some(kind) = KINDS.iter().find(|kind| kind.extensions.contains(&end.as_str())) {
        return Ok(kind);
    }
    let end = end.as_str();
    Err(if ACTIVE.contains(&end) {
        format!(".{end} files can run in a browser and are not taken. Save it as a PDF first.")
    } else if PROGRAMS.contains(&end) {
        format!(".{end} files are programs and are not taken.")
    } else if OLD_OR_MACRO.contains(&end) {
        format!(".{end} files may carry macros and are not taken. Save it as .docx, .xlsx, .pptx or .pdf first.")
    } else if ARCHIVES.contains(&end) {
        "Archives are not taken. Unpack it and upload the files one by one.".to_owned()
    } else {
        format!(".{end} files are not taken. Upload a PDF, an office document, text, a picture or an e-mail.")
    })
}

const HEAD: usize = 1_024;
/// An office file's list of entries must fit in here; about 5,000 of them do.
const TAIL: usize = 512 * 1024;

/// Looks at a file as it comes, keeping its beginning and its end.
pub struct Inspector {
    kind: &'static Kind,
    head: Vec<u8>,
    tail: Vec<u8>,
    seen: u64,
    judged: bool,
}

impl Inspector {
    pub fn new(name: &str) -> Result<Self, String> {
        Ok(Self { kind: by_name(name)?, head: Vec::new(), tail: Vec::new(), seen: 0, judged: false })
    }

    pub fn push(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.seen += bytes.len() as u64;
        if self.head.len() < HEAD {
            self.head.extend_from_slice(&bytes[..bytes.len().min(HEAD - self.head.len())]);
            if self.head.len() == HEAD {
                self.judge_head()?;
            }
        }
        match self.kind.looks {
            Looks::Archive(_) => {
                self.tail.extend_from_slice(bytes);
                if self.tail.len() > 2 * TAIL {
                    self.tail.drain(..self.tail.len() - TAIL);
                }
            }
            // UTF-16 text has NULs; it says so in its first two bytes.
            Looks::Text | Looks::Mail if !is_utf16(&self.head) && bytes.iter().any(|b| is_binary(*b)) => {
                return Err(self.not_what_it_says());
            }
            _ => {}
        }
        Ok(())
    }

    /// The kind, at the end of the file.
    pub fn finish(mut self) -> Result<&'static Kind, String> {
        if self.seen == 0 {
            return Err("The file is empty.".to_owned());
        }
        self.judge_head()?;
        if let Looks::Archive(entries) = self.kind.looks {
            super::archive::check(&self.tail, self.seen, entries).map_err(|trouble| match trouble {
                super::archive::Trouble::NotOne => self.not_what_it_says(),
                super::archive::Trouble::Refused(sentence) => sentence.to_owned(),
            })?;
        }
        Ok(self.kind)
    }

    fn judge_head(&mut self) -> Result<(), String> {
        if std::mem::replace(&mut self.judged, true) {
            return Ok(());
        }
        let head = self.head.as_slice();
        if is_active(head) {
            return Err(
                "The file holds HTML, SVG or XML, which can run in a browser and is not taken. Save it as a PDF first.".to_owned()
            );
        }
        let fits = match self.kind.looks {
            Looks::Begins(magics) => magics.iter().any(|magic| head.starts_with(magic)),
            Looks::Webp => head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"),
            Looks::Archive(_) => head.starts_with(b"PK\x03\x04"),
            Looks::Text => !is_program(head),
            Looks::Mail => begins_with_header(head),
        };
        if fits { Ok(()) } else { Err(self.not_what_it_says()) }
    }

    fn not_what_it_says(&self) -> String {
        format!(
            "The file is named .{} but its content is something else. Check the file and upload it again.",
            self.kind.extensions[0]
        )
    }
}

fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff])
}

fn is_binary(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)
}

/// What a browser would take for markup, after white space, NULs (UTF-16) and a byte-order mark.
fn is_active(head: &[u8]) -> bool {
    let text: Vec<u8> = head.iter().filter(|b| **b != 0 && b.is_ascii()).map(u8::to_ascii_lowercase).collect();
    let text = text.trim_ascii_start();
    const SIGNS: &[&[u8]] = &[
        b"<!doctype",
        b"<html",
        b"<head",
        b"<body",
        b"<script",
        b"<svg",
        b"<?xml",
        b"<iframe",
        b"<!--",
        b"<style",
        b"<title",
        b"<meta",
        b"<table",
        b"<div",
        b"<a ",
        b"<img",
        b"<math",
        b"<object",
        b"<embed",
        b"<form",
        b"<link",
        b"<base",
    ];
    SIGNS.iter().any(|sign| text.starts_with(sign))
}

/// Programs and scripts that name themselves in their first bytes.
fn is_program(head: &[u8]) -> bool {
    [b"MZ".as_slice(), b"\x7fELF", b"#!", b"PK\x03\x04", b"%PDF-", b"\xca\xfe\xba\xbe"].iter().any(|magic| head.starts_with(magic))
}

/// `Name: value` in the first line.
fn begins_with_header(head: &[u8]) -> bool {
    let line = head.split(|b| *b == b'\n').next().unwrap_or_default();
    match line.iter().position(|b| *b == b':') {
        Some(at) => at > 0 && line[..at].iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-'),
        // `From ` begins a mail saved from a mailbox.
        None => line.starts_with(b"From "),
    }
}
