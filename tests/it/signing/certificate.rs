//! The signed PDF: what it says, that it is set quickly, and that nobody's words are read as markup.

use entity::{
    Moment,
    ids::{CompanyId, EnvelopeId, TenantId},
    signing::EnvelopeStatus,
};
use one_legal::signing::{CONSENT, EnvelopeView, EvidenceLine, Reading, SignatureRecord, SignedDocument, clean, render_pdf};

const AT: Moment = Moment(1_772_445_600_000);

fn signature(name: &str, title: &str) -> SignatureRecord {
    SignatureRecord {
        envelope_id: EnvelopeId(uuid()),
        source: "policy:1".to_owned(),
        version: 2,
        signer: name.to_owned(),
        email: "cleo@acmedental.example".to_owned(),
        typed_name: name.to_owned(),
        title: title.to_owned(),
        consent_version: CONSENT.version.to_owned(),
        consent_sha256: CONSENT.sha256(),
        document_sha256: "ab".repeat(32),
        method: "password".to_owned(),
        ip: "203.0.113.7".to_owned(),
        user_agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/144.0 Safari/537.36".to_owned(),
        reading: Reading { furthest: 1_000, parts: [(1, 130), (2, 95)].into() },
        started_at: Some(AT.rfc3339()),
        reached_end_at: Some(AT.plus(225_000).rfc3339()),
        at: AT.plus(300_000),
        signed_at: AT.plus(300_000).rfc3339(),
    }
}

fn uuid() -> uuid::Uuid {
    one_legal::platform::random::id(AT)
}

fn document(title: &str, text: &str, signatures: Vec<SignatureRecord>) -> SignedDocument {
    let event = |seq, kind: &str| EvidenceLine {
        seq,
        at: AT,
        kind: kind.to_owned(),
        actor: "Cleo Vance".to_owned(),
        detail: "{\"percent\":50}".to_owned(),
        hash: format!("{seq:02x}").repeat(32),
    };
    let view = EnvelopeView {
        id: EnvelopeId(uuid()),
        tenant: TenantId(uuid()),
        company: CompanyId(uuid()),
        title: title.to_owned(),
        issuer: "Harbor IT".to_owned(),
        source: "policy:1".to_owned(),
        version: 2,
        status: EnvelopeStatus::Completed,
        sha256: "ab".repeat(32),
        sequential: false,
        scroll_to_end: true,
        deadline: None,
        sent_at: AT,
        completed_at: Some(AT.plus(300_000)),
        ended_at: None,
        end_reason: None,
        sealed_document: None,
        signers: Vec::new(),
    };
    SignedDocument {
        view,
        text: clean(text),
        client: "Acme Dental LLC".to_owned(),
        accent: "#0e7490".to_owned(),
        signatures,
        evidence: vec![event(1, "sent"), event(2, "viewed"), event(3, "progress"), event(4, "signed"), event(5, "completed")],
    }
}

/// The words of a PDF, page by page.
pub fn words(pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("document.pdf");
    std::fs::write(&path, pdf).expect("written");
    let out = std::process::Command::new("pdftotext")
        .arg("-layout")
        .arg(&path)
        .arg("-")
        .output()
        .expect("pdftotext (poppler-utils) is installed");
    assert!(out.status.success(), "pdftotext: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).expect("UTF-8")
}

/// The Master Services Agreement as it ships, as a person would sign it.
fn msa() -> String {
    let template: toml::Table = toml::from_str(include_str!("../../../src/policies/defaults/msa.toml")).expect("TOML");
    let mut options = comrak::Options::default();
    options.extension.table = true;
    let mut html = String::new();
    for section in template["sections"].as_array().expect("sections") {
        let body = comrak::markdown_to_html(section["body"].as_str().unwrap_or_default(), &options);
        html.push_str(&format!("<section><h2>{}</h2>{body}</section>", section["name"].as_str().unwrap_or_default()));
    }
    html
}

#[test]
fn a_full_agreement_is_set_with_its_certificate() {
    let text = msa()
        + "<h3>Schedule</h3><table><thead><tr><th>Service</th><th align=right>Fee</th></tr></thead><tbody><tr><td>Support</td><td align=right>$1,200</td></tr></tbody></table><blockquote><p>Quoted.</p></blockquote><pre>a  b</pre><ol start=4><li>four<ul><li>deep</li></ul></li></ol><hr>";
    let document = document(
        "Master Services Agreement",
        &text,
        vec![signature("Cleo Vance", "Office Manager"), signature("Dora Kim", "Owner")],
    );
    let pdf = render_pdf(&document).expect("a PDF");
    if let Some(folder) = option_env!("KEEP_PDF") {
        std::fs::write(format!("{folder}/msa.pdf"), &pdf).expect("kept");
    }
    let words = words(&pdf);
    for expected in [
        "Master Services Agreement",
        "Certificate of signature",
        "Cleo Vance",
        "Dora Kim",
        "Office Manager",
        "203.0.113.7",
        "$1,200",
        "Page 1 of",
        &"ab".repeat(32),
    ] {
        assert!(words.contains(expected), "`{expected}` is not in the PDF:\n{words}");
    }
    assert_eq!(pdf, render_pdf(&document).expect("a PDF"), "the same document gives the same bytes");
}

#[test]
fn control_characters_and_overrides_are_not_set() {
    let nasty = "Before \u{202e}gpj.exe\u{0}\u{1}\u{85} &lt;svg onload=alert(1)&gt; after";
    let pdf =
        render_pdf(&document("A\u{202e} title\0", &format!("<p>{nasty}</p>"), vec![signature("Cleo\u{202d} Vance", "CEO\u{7}")]));
    let words = words(&pdf.expect("a PDF"));
    assert!(words.contains("Before gpj.exe <svg onload=alert(1)> after"), "{words}");
    assert!(words.contains("A title") && words.contains("Cleo Vance") && words.contains("CEO"), "{words}");
    let unseen = |c: char| matches!(c, '\u{202d}' | '\u{202e}') || (c.is_control() && !matches!(c, '\n' | '\r' | '\u{c}'));
    assert!(!words.contains(unseen), "{words:?}");
}

#[test]
fn nobodys_words_are_read_as_markup() {
    let title = "#panic(\"x\") *bold* $x^2$ \\ <label> @ref // no";
    let text = "<p>#import \"@preview/x:1.0.0\" #read(\"/etc/passwd\") $a$ `b` _c_ ~ -- ... &lt;script&gt; \u{202e}x \u{4e2d}\u{6587}</p><p>= Heading</p>";
    let pdf = render_pdf(&document(title, text, vec![signature("#eval(\"1\") Robert'); DROP", "*[T]*")])).expect("a PDF");
    let words = words(&pdf);
    assert!(words.contains("#panic(\"x\") *bold* $x^2$ \\ <label> @ref // no"), "{words}");
    assert!(words.contains("#read(\"/etc/passwd\") $a$ `b` _c_"), "{words}");
    assert!(words.contains("#eval(\"1\") Robert'); DROP"), "{words}");
}
