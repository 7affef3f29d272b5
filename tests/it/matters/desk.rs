//! What the tests of matters do again and again: a form with files, a small real PDF, a small real DOCX.

use std::io::Write;

use reqwest::{
    Method,
    multipart::{Form, Part},
};

use crate::support::{Answer, Browser, Installation};

/// The form of a new matter; fields given here replace the usual ones.
pub fn form(one: &Installation, fields: &[(&str, &str)]) -> Form {
    let company = one.cast.acme.to_string();
    let usual = [
        ("key", ""),
        ("title", "Disputed invoice 4711"),
        ("type", "contract_dispute"),
        ("company", company.as_str()),
        ("urgency", "high"),
        ("description", "Acme refuses to pay for the migration."),
    ];
    let mut form = Form::new();
    for (name, value) in usual {
        let value = fields.iter().find(|(other, _)| *other == name).map_or(value, |(_, value)| value);
        form = form.text(name.to_owned(), value.to_owned());
    }
    for (name, value) in fields.iter().filter(|(name, _)| !usual.iter().any(|(other, _)| other == name)) {
        form = form.text((*name).to_owned(), (*value).to_owned());
    }
    form
}

pub fn file(name: &str, bytes: Vec<u8>) -> Part {
    Part::bytes(bytes).file_name(name.to_owned())
}

pub async fn send(browser: &mut Browser, path: &str, form: Form) -> Answer {
    let request = browser.request(Method::POST, path).header("accept", "text/html").multipart(form);
    browser.send(request).await
}

/// Opens a matter and answers its address, `/legal/matters/ID`.
pub async fn open(one: &Installation, browser: &mut Browser, fields: &[(&str, &str)]) -> String {
    send(browser, "/legal/matters/new", form(one, fields)).await.expect(303).location().to_owned()
}

pub async fn put_on(one: &Installation, browser: &mut Browser, matter: &str, key: &str) {
    let account = one.cast.person(key).account.to_string();
    browser.post(&format!("{matter}/people"), &[("account", &account)]).await.expect(303);
}

pub async fn take_off(one: &Installation, browser: &mut Browser, matter: &str, key: &str) {
    let account = one.cast.person(key).account.to_string();
    browser.post(&format!("{matter}/people/remove"), &[("account", &account)]).await.expect(303);
}

/// One page with a line of text.
pub fn pdf(text: &str) -> Vec<u8> {
    let stream = format!("BT /F1 18 Tf 72 720 Td ({text}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{stream}\nendstream", stream.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut out = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    for (at, object) in objects.iter().enumerate() {
        places.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", at + 1).as_bytes());
    }
    let table = out.len();
    out.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for place in places {
        out.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
    }
    out.extend_from_slice(format!("trailer << /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1).as_bytes());
    out
}

/// One paragraph.
pub fn docx(text: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let parts = [
        (
            "[Content_Types].xml",
            r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#.to_owned(),
        ),
        (
            "_rels/.rels",
            r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#.to_owned(),
        ),
        (
            "word/document.xml",
            format!(r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"#),
        ),
    ];
    for (name, content) in parts {
        zip.start_file(name, options).expect("an entry");
        zip.write_all(content.as_bytes()).expect("written");
    }
    zip.finish().expect("a zip archive").into_inner()
}
