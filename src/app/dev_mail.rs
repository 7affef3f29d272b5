//! `/dev/mail`: the outbox of a demo, so that the links in its mails can be clicked. Anywhere else it is not there.

use actix_web::{HttpResponse, http::header, web};
use askama::Template;
use base64::{Engine, engine::general_purpose::STANDARD};

use crate::platform::{
    Error, Result,
    web::{Answer, Ask, Frame, page},
};

pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/dev/mail", web::get().to(list));
    config.route("/dev/mail/{id}", web::get().to(show));
    config.route("/dev/mail/{id}/html", web::get().to(html));
}

/// One mail as a person reads it.
#[derive(Clone, Debug)]
pub struct Letter {
    pub id: String,
    pub from: String,
    pub to: String,
    pub subject: String,
    pub date: String,
    pub text: String,
    pub html: String,
}

#[derive(Template)]
#[template(path = "dev/mails.html")]
struct MailsPage {
    frame: Frame,
    letters: Vec<Letter>,
    to: String,
}

#[derive(Template)]
#[template(path = "dev/mail.html")]
struct MailPage {
    frame: Frame,
    letter: Letter,
    /// Paragraphs; a line that is an address becomes a link.
    lines: Vec<(String, bool)>,
}

/// Newest first.
const SHOWN: usize = 200;

async fn list(ask: Ask<()>) -> Answer {
    let platform = demo_only(&ask)?;
    let to = url::form_urlencoded::parse(ask.request.query_string().as_bytes())
        .find(|(name, _)| name == "to")
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default();
    let mut files = Vec::new();
    for entry in std::fs::read_dir(platform.config.outbox_folder())? {
        let entry = entry?;
        if entry.path().extension().is_some_and(|e| e == "eml") {
            files.push((entry.metadata()?.modified()?, entry.path()));
        }
    }
    files.sort();
    let mut letters = Vec::new();
    for (_, path) in files.into_iter().rev() {
        let id = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        let letter = read(&id, &std::fs::read_to_string(&path)?);
        if letter.to.to_lowercase().contains(&to.to_lowercase()) {
            letters.push(letter);
        }
        if letters.len() == SHOWN {
            break;
        }
    }
    page(&MailsPage { frame: ask.frame(), letters, to })
}

fn demo_only(ask: &Ask<()>) -> Result<std::sync::Arc<crate::platform::Platform>> {
    let platform = ask.platform();
    if platform.config.demo { Ok(platform) } else { Err(Error::NotFound) }
}

fn open(ask: &Ask<()>) -> Result<Letter> {
    let platform = demo_only(ask)?;
    let id: uuid::Uuid = web_id(ask)?;
    let path = platform.config.outbox_folder().join(format!("{id}.eml"));
    let raw = std::fs::read_to_string(path).map_err(|_| Error::NotFound)?;
    Ok(read(&id.to_string(), &raw))
}

fn web_id(ask: &Ask<()>) -> Result<uuid::Uuid> {
    crate::platform::web::path_id(&ask.request, "id")
}

async fn show(ask: Ask<()>) -> Answer {
    let letter = open(&ask)?;
    let lines =
        letter.text.lines().map(|line| (line.to_owned(), line.starts_with("http://") || line.starts_with("https://"))).collect();
    page(&MailPage { frame: ask.frame(), letter, lines })
}

/// The mail's own page, under a policy of its own: styles, and nothing that runs.
async fn html(ask: Ask<()>) -> Answer {
    let letter = open(&ask)?;
    let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
                  sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation";
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_SECURITY_POLICY, policy))
        .content_type("text/html; charset=utf-8")
        .body(letter.html))
}

/// Takes apart what `platform::mail` has put together: headers, and a text and an HTML part.
pub fn read(id: &str, raw: &str) -> Letter {
    let raw = raw.replace("\r\n", "\n");
    let (head, body) = raw.split_once("\n\n").unwrap_or((raw.as_str(), ""));
    let headers = unfold(head);
    let mut letter = Letter {
        id: id.to_owned(),
        from: decode_words(&header(&headers, "from")),
        to: decode_words(&header(&headers, "to")),
        subject: decode_words(&header(&headers, "subject")),
        date: header(&headers, "date"),
        text: String::new(),
        html: String::new(),
    };
    let kind = header(&headers, "content-type");
    let Some(boundary) =
        kind.split("boundary=").nth(1).map(|rest| rest.trim_matches(['"', ';', ' ']).split('"').next().unwrap_or("").to_owned())
    else {
        letter.text = body.to_owned();
        return letter;
    };
    for part in body.split(&format!("--{boundary}")).skip(1) {
        let Some((head, body)) = part.trim_start_matches('\n').split_once("\n\n") else { continue };
        let headers = unfold(head);
        let text = decode_body(&header(&headers, "content-transfer-encoding"), body.trim_end_matches('\n'));
        if header(&headers, "content-type").starts_with("text/html") {
            letter.html = text;
        } else {
            letter.text = text;
        }
    }
    letter
}

fn unfold(head: &str) -> Vec<(String, String)> {
    head.replace("\n ", " ")
        .replace("\n\t", " ")
        .lines()
        .filter_map(|line| line.split_once(':').map(|(name, value)| (name.trim().to_lowercase(), value.trim().to_owned())))
        .collect()
}

fn header(headers: &[(String, String)], name: &str) -> String {
    headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

fn decode_body(encoding: &str, body: &str) -> String {
    match encoding.to_lowercase().as_str() {
        "quoted-printable" => String::from_utf8_lossy(&quoted_printable(&body.replace("=\n", ""), false)).into_owned(),
        "base64" => {
            let bare: String = body.split_whitespace().collect();
            String::from_utf8_lossy(&STANDARD.decode(bare).unwrap_or_default()).into_owned()
        }
        _ => body.to_owned(),
    }
}

fn quoted_printable(text: &str, in_header: bool) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte == b'='
            && let Some(value) = text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok())
        {
            out.push(value);
            at += 3;
            continue;
        }
        out.push(if in_header && byte == b'_' { b' ' } else { byte });
        at += 1;
    }
    out
}

/// RFC 2047: `=?utf-8?b?…?=` and `=?utf-8?q?…?=`.
fn decode_words(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find("=?") {
        out.push_str(&rest[..start]);
        let mut parts = rest[start + 2..].splitn(4, '?');
        let (Some(_), Some(kind), Some(word), Some(after)) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
            break;
        };
        let bytes = match kind {
            "b" | "B" => STANDARD.decode(word).unwrap_or_default(),
            _ => quoted_printable(word, true),
        };
        out.push_str(&String::from_utf8_lossy(&bytes));
        rest = after.strip_prefix('=').unwrap_or(after);
        if rest.trim_start().starts_with("=?") {
            rest = rest.trim_start();
        }
    }
    out.push_str(rest);
    out
}
