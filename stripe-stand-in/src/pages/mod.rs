//! The hosted pages: what Stripe shows to people, as small as a browser test needs it. Plain HTML, no script.

mod account;
mod authenticate;
mod checkout;

use crate::params;
use crate::world::World;

pub enum Page {
    Html(u16, String),
    Go(String),
}

/// `GET` or (with a form) `POST` of a page under `/_hosted/`.
pub fn answer(world: &mut World, path: &str, query: &str, posted: Option<&str>) -> Page {
    world.tick();
    let words: Vec<&str> = path.trim_start_matches("/_hosted/").trim_matches('/').split('/').collect();
    let form = posted.map(params::pairs);
    match words.as_slice() {
        ["account", account, token] => account::page(world, account, token, form),
        ["checkout", session] => checkout::page(world, session, query, form),
        ["authenticate", intent] => authenticate::page(world, intent, form),
        ["express", account, _] => {
            Page::Html(200, frame("Express dashboard", &format!("<p>The Express dashboard of {}.</p>", escape(account))))
        }
        ["receipt", charge] => Page::Html(200, frame("Receipt", &format!("<p>Receipt of {}.</p>", escape(charge)))),
        _ => Page::Html(404, frame("Not found", "<p>There is nothing here.</p>")),
    }
}

fn field<'a>(form: &'a [(String, String)], name: &str) -> &'a str {
    form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Adds `name=value` to a URL's query.
fn with_query(url: &str, pairs: &[(&str, &str)]) -> String {
    let (url, fragment) = url.split_once('#').map_or((url, ""), |(url, fragment)| (url, fragment));
    let mut out = url.to_owned();
    for (name, value) in pairs {
        out.push(if out.contains('?') { '&' } else { '?' });
        out.push_str(&format!("{name}={value}"));
    }
    if fragment.is_empty() { out } else { format!("{out}#{fragment}") }
}

fn frame(title: &str, content: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <title>{title} · Stripe stand-in</title><style>body{{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;\
         padding:0 1rem;color:#1a1f36}}label{{display:block;margin:1rem 0 .25rem}}input{{font:inherit;width:100%;padding:.5rem;\
         box-sizing:border-box}}button,a.button{{font:inherit;margin:1.25rem .5rem 0 0;padding:.5rem 1rem}}.error{{color:#b3093c}}\
         .note{{color:#697386;font-size:.9rem}}</style></head><body><main><h1>{title}</h1>{content}\
         <p class=\"note\">This is the stand-in for Stripe used in tests and development. No money moves.</p></main></body></html>"
    )
}
