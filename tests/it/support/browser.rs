//! A small browser: cookies, same-origin headers, forms. Redirects are not followed unless asked.

use std::collections::BTreeMap;

use serde_json::Value;

thread_local! {
    /// One for all browsers of a test: to make one takes longer than most requests. Cookies are each browser's own.
    static CLIENT: reqwest::Client =
        reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().expect("a client");
}

pub struct Browser {
    url: String,
    client: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers.get("location").and_then(|v| v.to_str().ok()).unwrap_or("")
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("no JSON ({e}): {}", self.text))
    }

    /// The stable code of a problem.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Asserts the status and hands the answer on, with the body shown on failure.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(
            self.status,
            status,
            "location {:?}, body: {}",
            self.location(),
            self.text.chars().take(3_000).collect::<String>()
        );
        self
    }

    /// The page's text holds this.
    #[track_caller]
    pub fn shows(self, words: &str) -> Self {
        assert!(self.text.contains(words), "`{words}` is not on the page: {}", self.text.chars().take(6_000).collect::<String>());
        self
    }

    #[track_caller]
    pub fn hides(self, words: &str) -> Self {
        assert!(!self.text.contains(words), "`{words}` is on the page");
        self
    }
}

impl Browser {
    pub fn new(url: &str) -> Self {
        Self { url: url.to_owned(), client: CLIENT.with(Clone::clone), cookies: BTreeMap::new() }
    }

    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    pub fn cookie_header(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// A request as this browser would make it, for what the helpers below do not say.
    pub fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.url))
            .header("cookie", self.cookie_header())
            .header("origin", &self.url)
            .header("sec-fetch-site", "same-origin")
    }

    pub async fn send(&mut self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        for cookie in response.headers().get_all("set-cookie") {
            let text = cookie.to_str().expect("a cookie in ASCII");
            let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
            let (name, value) = pair.split_once('=').expect("name=value");
            if value.is_empty() || attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = response.bytes().await.unwrap_or_default();
        Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// A page, as a person's browser asks for it.
    pub async fn get(&mut self, path: &str) -> Answer {
        let request = self.request(reqwest::Method::GET, path).header("accept", "text/html");
        self.send(request).await
    }

    /// An address, as a program asks for it.
    pub async fn get_json(&mut self, path: &str) -> Answer {
        let request = self.request(reqwest::Method::GET, path).header("accept", "application/json");
        self.send(request).await
    }

    /// A form sent by a person.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.request(reqwest::Method::POST, path).header("accept", "text/html").form(fields);
        self.send(request).await
    }

    pub async fn post_json(&mut self, path: &str, body: &Value) -> Answer {
        let request = self.request(reqwest::Method::POST, path).header("accept", "application/json").json(body);
        self.send(request).await
    }
}
