//! Which files are taken: by content and extension; bombs, disguises and names that are data.

use std::io::Write;

use one_legal::vault::{file_name, kind::Inspector};
use proptest::prelude::*;
use zip::write::SimpleFileOptions;

fn judge(name: &str, bytes: &[u8]) -> Result<&'static str, String> {
    let mut inspector = Inspector::new(name)?;
    for piece in bytes.chunks(7_001) {
        inspector.push(piece)?;
    }
    inspector.finish().map(|kind| kind.media_type)
}

pub fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).expect("an entry");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("an archive").into_inner()
}

pub fn docx() -> Vec<u8> {
    archive(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>"), ("_rels/.rels", b"<Relationships/>")])
}

#[test]
fn twenty_kinds_of_files_are_taken_or_refused_by_name_and_content() {
    let pdf = b"%PDF-1.7\n1 0 obj".to_vec();
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    let word = docx();
    let sheet = archive(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>")]);
    let macros = archive(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<x/>"), ("word/vbaProject.bin", b"x")]);
    let html = b"<!DOCTYPE html><script>alert(1)</script>".to_vec();
    let late_html = b"\xef\xbb\xbf \n<HTML><body>".to_vec();
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec();
    let polyglot = [b"<html><!--".as_slice(), &pdf].concat();
    let cases: &[(&str, &[u8], Option<&str>)] = &[
        ("msa.pdf", &pdf, Some("application/pdf")),
        ("MSA.PDF", &pdf, Some("application/pdf")),
        ("letter.docx", &word, Some("application/vnd.openxmlformats-officedocument.wordprocessingml.document")),
        ("hours.xlsx", &sheet, Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")),
        ("note.txt", "Grüße, Zoë".as_bytes(), Some("text/plain")),
        ("old.txt", b"Gr\xfc\xdfe", Some("text/plain")),
        ("list.csv", b"a,b\r\n1,2\r\n", Some("text/csv")),
        ("read.md", b"# Title\n", Some("text/markdown")),
        ("mail.eml", b"From: ben@acme.example\r\nSubject: x\r\n\r\nHello", Some("message/rfc822")),
        ("scan.png", &png, Some("image/png")),
        ("scan.jpeg", b"\xff\xd8\xff\xe0\0\x10JFIF", Some("image/jpeg")),
        ("x.gif", b"GIF89a\x01\0", Some("image/gif")),
        ("x.webp", b"RIFF\x04\0\0\0WEBPVP8 ", Some("image/webp")),
        ("page.html", &html, None),
        ("page.txt", &html, None),
        ("late.txt", &late_html, None),
        ("page.pdf", &html, None),
        ("poly.pdf", &polyglot, None),
        ("pic.svg", &svg, None),
        ("pic.png", &svg, None),
        ("feed.xml", b"<?xml version='1.0'?><a/>", None),
        ("run.exe", b"MZ\x90\0", None),
        ("run.txt", b"MZ\x90\0", None),
        ("run.pdf.exe", &pdf, None),
        ("sheet.pdf", &sheet, None),
        ("letter.xlsx", &word, None),
        ("letter.docx", &pdf, None),
        ("macros.docx", &macros, None),
        ("macros.docm", &macros, None),
        ("files.zip", &sheet, None),
        ("script.js", b"alert(1)", None),
        ("no-extension", &pdf, None),
        (".pdf", &pdf, None),
        ("empty.pdf", b"", None),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
        ("binary.txt", b"abc\0def", None),
    ];
    for (name, bytes, expected) in cases {
        let found = judge(name, bytes);
        match expected {
            Some(media_type) => assert_eq!(found, Ok(*media_type), "{name}"),
            None => assert!(found.is_err_and(|sentence| sentence.ends_with('.')), "{name} is not taken"),
        }
    }
}

#[test]
fn a_bomb_is_refused_by_its_list_of_entries() {
    let zeros = vec![0_u8; 40 * 1024 * 1024];
    let bomb = archive(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", &zeros)]);
    assert!(bomb.len() < 100_000, "42 kB or so: {}", bomb.len());
    assert!(judge("bomb.docx", &bomb).expect_err("refused").contains("unpack"));
    let many: Vec<(String, &[u8])> = (0..6_000).map(|n| (format!("word/{n}"), b"".as_slice())).collect();
    let mut entries: Vec<(&str, &[u8])> = vec![("[Content_Types].xml", b"<Types/>")];
    entries.extend(many.iter().map(|(name, bytes)| (name.as_str(), *bytes)));
    assert!(judge("many.docx", &archive(&entries)).is_err());
    let outside = archive(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"x"), ("../../etc/passwd", b"x")]);
    assert!(judge("outside.docx", &outside).is_err());
}

#[test]
fn an_honest_large_document_is_taken() {
    // 30 MB that hardly compress, far more than the tail that is kept.
    let mut noise = vec![0_u8; 3 * 1024 * 1024];
    let mut state = 1_u32;
    for byte in &mut noise {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = (state >> 24) as u8;
    }
    let entries: &[(&str, &[u8])] =
        &[("[Content_Types].xml", b"<Types/>"), ("word/media/scan.bin", &noise), ("word/document.xml", b"<x/>")];
    assert!(judge("scan.docx", &archive(entries)).is_ok());
}

#[test]
fn names_lose_what_is_not_a_name() {
    for (raw, clean) in [
        ("msa.pdf", "msa.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ben\\Vertrag für Zoë.pdf", "Vertrag für Zoë.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("nul\0byte.pdf", "nulbyte.pdf"),
        ("gpj.\u{202e}fdp.exe", "gpj.fdp.exe"),
        ("  .hidden.pdf  ", "hidden.pdf"),
        ("", "document"),
        ("...", "document"),
        ("/", "document"),
        ("two   spaces\t.pdf", "two spaces.pdf"),
    ] {
        assert_eq!(file_name::clean(raw), clean, "{raw:?}");
    }
    let long = file_name::clean(&format!("{}.pdf", "ä".repeat(4_000)));
    assert_eq!(long.chars().count(), 200);
    assert!(long.ends_with(".pdf"));
}

proptest! {
    #[test]
    fn any_name_becomes_one_that_can_stand_in_a_header(raw in any::<String>()) {
        let clean = file_name::clean(&raw);
        prop_assert!(!clean.is_empty() && clean.chars().count() <= 200);
        prop_assert!(!clean.chars().any(|c| c.is_control() || matches!(c, '/' | '\\')));
        prop_assert_eq!(file_name::clean(&clean), clean.clone());
        let header = one_legal::platform::web::answer::disposition("attachment", &clean);
        prop_assert!(header.is_ascii());
        prop_assert!(actix_web::http::header::HeaderValue::from_str(&header).is_ok());
    }

    #[test]
    fn no_bytes_make_the_inspector_panic(name in "[a-z]{1,8}\\.(docx|pdf|txt|eml|odt)", bytes in prop::collection::vec(any::<u8>(), 0..3_000)) {
        let _ = judge(&name, &bytes);
    }

    #[test]
    fn a_damaged_archive_is_refused_or_taken_but_never_panics(at in any::<prop::sample::Index>(), value in any::<u8>()) {
        let mut bytes = docx();
        let at = at.index(bytes.len());
        bytes[at] = value;
        let _ = judge("letter.docx", &bytes);
    }
}
