//! A customer's own program: a key, and no cookie.

use reqwest::Method;
use serde_json::Value;

use crate::support::{Answer, Browser, Installation};

pub struct Program {
    browser: Browser,
    url: String,
    pub token: String,
}

/// What stands between the first of these signs and the next quote, tag or blank.
pub fn found(text: &str, prefix: &str) -> Option<String> {
    let at = text.find(prefix)?;
    Some(text[at..].chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect())
}

impl Program {
    /// A key that this person makes in their browser.
    pub async fn of(one: &Installation, person: &str, scopes: &[&str]) -> Self {
        let mut browser = one.browser(person).await;
        let mut fields = vec![("name", "Dashboard"), ("days", "90")];
        fields.extend(scopes.iter().map(|scope| ("scopes", *scope)));
        let page = browser.post("/admin/api-keys", &fields).await.expect(201);
        Self::with(one, &found(&page.text, "olk_").expect("the key is on the page"))
    }

    pub fn with(one: &Installation, token: &str) -> Self {
        Self { browser: Browser::new(&one.url), url: one.url.clone(), token: token.to_owned() }
    }

    /// As `reqwest` itself would send it: no cookie, no origin.
    pub async fn send(&mut self, method: Method, path: &str, word: Option<&str>, body: Option<&Value>) -> Answer {
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let mut request = client.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token);
        if let Some(word) = word {
            request = request.header("idempotency-key", word);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        self.browser.send(request).await
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None, None).await
    }

    pub async fn post(&mut self, path: &str, word: Option<&str>, body: &Value) -> Answer {
        self.send(Method::POST, path, word, Some(body)).await
    }
}
