//! No input gives a 5xx (S75): every route, with nonsense in the address, the query, the body and the cookies. A NUL is refused
//! before anything reads it and has its own test (`messaging::inert`).
//!
//! Queries and bodies are read only where access is proved: all of them are tried on things that are there, by somebody to whom the
//! access matrix opens the route; everybody else tries some.

use reqwest::Method;

use super::crawl::{NO_ID, address, ends, route_table};
use crate::{
    access::matrix::is_open,
    support::{Answer, Browser, Installation, World},
};

const PEOPLE: [&str; 5] = ["mira", "ada", "cleo", "olga", "nobody"];

async fn browser_of(one: &Installation, key: &str) -> Browser {
    if key == "nobody" { one.stranger() } else { one.browser(key).await }
}

/// The first to whom it is open: who tries everything that is tried before access is proved.
fn first_open(method: &str, pattern: &str) -> &'static str {
    PEOPLE.into_iter().find(|key| is_open(method, pattern, key)).unwrap_or(PEOPLE[0])
}

/// What was sent has ended the session.
fn signed_out(answer: &Answer) -> bool {
    answer.status == 401 || answer.location().contains("/login")
}

/// Bad values, already as they stand in an address.
fn values() -> Vec<String> {
    let mut values: Vec<String> = [
        "0",
        "-1",
        "9223372036854775808",
        "18446744073709551616",
        "1e999",
        "NaN",
        "null",
        "%01",
        "a%7Fb",
        "%FF%FE",
        "%ED%A0%80",
        "..%2F..%2Fetc%2Fpasswd",
        "%27%20OR%201%3D1--",
        "%22%3E%3Cscript%3E",
        "%E2%80%AE",
        "%0D%0AX-Evil%3A1",
        "%25",
        "_",
        "true",
        "2026-13-45",
        "0000-00-00",
        "99999-01-01",
        "00000000-0000-7000-8000-000000000000",
        "%F0%9F%92%A9",
        "[]",
        "{}",
        "%5C",
        "*",
    ]
    .map(str::to_owned)
    .to_vec();
    values.push("a".repeat(5_000));
    values.push("%C3%A9".repeat(700));
    values
}

const NAMES: &[&str] = &[
    "page",
    "page_size",
    "limit",
    "offset",
    "q",
    "status",
    "kind",
    "category",
    "company",
    "tenant",
    "sort",
    "order",
    "from",
    "to",
    "actor",
    "action",
    "object",
    "format",
    "next",
    "invite",
    "token",
    "after",
    "tab",
    "month",
    "id",
    "urgency",
    "seq",
    "before",
];

#[actix_web::test]
async fn no_query_and_no_address_gives_a_five_hundred() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    let values = values();
    let mut table: Vec<String> = route_table().await.into_iter().filter(|(method, _)| method == "GET").map(|(_, p)| p).collect();
    table.retain(|pattern| ends(pattern) && !pattern.starts_with("/static"));
    for key in PEOPLE {
        let mut browser = browser_of(&one, key).await;
        for pattern in &table {
            let is_open = is_open("GET", pattern, key);
            let known = if is_open { world.address(pattern).0 } else { address(pattern, NO_ID) };
            // Each name meets several values, all names at once; an id in the address meets every one.
            let mut paths: Vec<String> = (0..if is_open { 4 } else { 1 })
                .map(|turn| {
                    let pair = |(at, name): (usize, &&str)| format!("{name}={}&", values[(at * 5 + turn * 7) % values.len()]);
                    format!("{known}?{}", NAMES.iter().enumerate().map(pair).collect::<String>())
                })
                .collect();
            if pattern.contains('{') {
                let few = if first_open("GET", pattern) == key { 1 } else { 10 };
                paths.extend(values.iter().step_by(few).map(|value| address(pattern, value)));
            }
            for path in paths {
                let answer = browser.send(browser.request(Method::GET, &path).header("accept", "text/html")).await;
                let shown: String = path.chars().take(200).collect();
                assert!(answer.status < 500, "{key} {shown}: {} {}", answer.status, answer.text);
                assert!(!answer.headers.contains_key("x-evil"), "{shown}");
            }
        }
    }
}

#[actix_web::test]
async fn no_body_gives_a_five_hundred() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    let bodies: &[(&str, Vec<u8>)] = &[
        (
            "application/x-www-form-urlencoded",
            b"id=%01&page=-1&open=%0d%0a&email=%ff&password=&code=999999999999&title=%01".to_vec(),
        ),
        ("application/x-www-form-urlencoded", b"&&&===%%%".to_vec()),
        ("application/x-www-form-urlencoded", vec![0xff; 300]),
        ("application/json", b"{".to_vec()),
        ("application/json", b"[[[[[[[[".to_vec()),
        ("application/json", br#"{"id":1e400,"body":"\ud800","seq":-1,"client_id":"x"}"#.to_vec()),
        ("multipart/form-data", b"no boundary".to_vec()),
        (
            "multipart/form-data; boundary=x",
            b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../\0\"\r\n\r\nabc".to_vec(),
        ),
        ("", Vec::new()),
    ];
    for key in PEOPLE {
        let mut browser = browser_of(&one, key).await;
        for (method, pattern) in route_table().await.into_iter().filter(|(method, _)| method != "GET") {
            let reads = first_open(&method, &pattern) == key && is_open(&method, &pattern, key);
            let mut paths = vec![address(&pattern, if reads { "%00" } else { NO_ID })];
            if reads {
                paths.push(world.address(&pattern).0);
                paths.dedup();
            }
            for (kind, body) in bodies.iter().step_by(if reads { 1 } else { 4 }) {
                for path in &paths {
                    let request = browser.request(method.parse().expect("a method"), path).header("accept", "text/html");
                    let answer = browser.send(request.header("content-type", *kind).body(body.clone())).await;
                    assert!(answer.status < 500, "{key} {method} {path} {kind}: {} {}", answer.status, answer.text);
                    if signed_out(&answer) && key != "nobody" {
                        browser = browser_of(&one, key).await;
                    }
                }
            }
        }
    }
}

#[actix_web::test]
async fn no_cookie_gives_a_five_hundred() {
    let one = Installation::new().await;
    for cookie in [
        "session=",
        "session=%00",
        "session=ééé",
        "toast=AAAA",
        "toast=eyJ0b25lIjoiPHNjcmlwdD4iLCJ0ZXh0IjoiPGI-In0",
        "theme=<script>",
        "a=b; ; =; ;;",
    ] {
        for path in ["/login", "/legal/notifications", "/nothing"] {
            let mut stranger = one.stranger();
            let request = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
            let value = reqwest::header::HeaderValue::from_bytes(cookie.as_bytes()).expect("a header");
            let request = request.get(format!("{}{path}", one.url)).header("cookie", value).header("accept", "text/html");
            let answer = stranger.send(request).await;
            assert!(answer.status < 500, "{cookie} {path}: {}", answer.status);
            assert!(!answer.text.contains("<script>\"") && !answer.text.contains("theme=\"<"), "{cookie}");
        }
    }
}
