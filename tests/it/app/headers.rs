//! The headers of safety on every answer of every route, errors too (S70); cookies (S21); what errors tell (S75).

use reqwest::Method;

use super::crawl::{NO_ID, address, ends, route_table};
use crate::{
    access::matrix::is_open,
    support::{Answer, Browser, Installation, World},
};

fn check(what: &str, answer: &Answer) {
    let header = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    let policy = header("content-security-policy");
    for part in ["default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"] {
        let sandboxed = policy.contains("sandbox") && policy.contains("default-src 'none'");
        assert!(sandboxed || policy.contains(part), "{what}: {part} is not in `{policy}`");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("unsafe-eval") && !policy.contains('*'), "{what}: {policy}");
    assert_eq!(header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{what}");
    assert!(!header("x-request-id").is_empty(), "{what}");
    assert!(["same-origin", "no-referrer"].contains(&header("referrer-policy")), "{what}");
    assert_eq!(header("strict-transport-security"), "max-age=31536000; includeSubDomains", "{what}");
    assert!(header("access-control-allow-origin").is_empty(), "{what}: CORS is off");
    if !what.contains(" /static/") && !what.contains("favicon") && !what.contains("branding") {
        assert!(header("cache-control").contains("no-store"), "{what}: {}", header("cache-control"));
    }
    assert!(header("server").is_empty() && header("x-powered-by").is_empty(), "{what}");
    for cookie in answer.headers.get_all("set-cookie") {
        let cookie = cookie.to_str().expect("text");
        assert!(!cookie.contains("Domain="), "{what}: {cookie}");
        assert!(cookie.contains("Path=/"), "{what}: {cookie}");
    }
    if answer.status >= 400 {
        for word in ["SELECT", "sqlx", "src/", ".rs:", "panicked", "RUST_BACKTRACE", "actix"] {
            assert!(!answer.text.contains(word), "{what}: an error tells `{word}`");
        }
    }
}

#[actix_web::test]
async fn every_answer_of_every_route_carries_the_headers_of_safety() {
    let one = Installation::with(&[("PUBLIC_URL", "https://legal.example.com")]).await;
    let http = format!("http://{}", one.platform.config.bind);
    let mut seen = 0;
    for key in ["", "mira", "ada", "cleo", "olga"] {
        let mut browser = if key.is_empty() { Browser::new(&http) } else { over_https(&one, &http, key).await };
        for (method, pattern) in route_table().await {
            if !ends(&pattern) {
                continue;
            }
            let what = format!("{key} {method} {pattern}");
            let method: Method = method.parse().expect("a method");
            for accept in ["text/html", "application/json"] {
                let path = address(&pattern, NO_ID);
                let mut request = browser.request(method.clone(), &path).header("accept", accept);
                if method != Method::GET {
                    request = request.header("content-type", "application/x-www-form-urlencoded").body("");
                }
                let answer = browser.send(request).await;
                assert!(answer.status < 500 || answer.status == 503, "{what}: {} {}", answer.status, answer.text);
                check(&what, &answer);
                seen += 1;
            }
        }
    }
    assert!(seen > 200);
}

#[actix_web::test]
async fn what_is_really_there_carries_them_too() {
    let one = Installation::with(&[("PUBLIC_URL", "https://legal.example.com")]).await;
    let world = World::create(&one).await;
    let http = format!("http://{}", one.platform.config.bind);
    let mut seen = 0;
    for key in ["mira", "ada", "cleo"] {
        let mut browser = over_https(&one, &http, key).await;
        for (method, pattern) in route_table().await {
            if method != "GET" || !pattern.contains('{') || !ends(&pattern) || !is_open(&method, &pattern, key) {
                continue;
            }
            for query in ["", "?inline=1"] {
                let path = format!("{}{query}", world.address(&pattern).0);
                let answer = browser.get(&path).await;
                check(&format!("{key} GET {path}"), &answer);
                seen += usize::from(answer.status == 200);
            }
        }
    }
    assert!(seen > 60, "{seen} pages and files");
}

/// As the proxy in front passes this person's requests on.
async fn over_https(one: &Installation, http: &str, key: &str) -> Browser {
    let token = one.browser(key).await.cookie("session").expect("a session").to_owned();
    let mut browser = Browser::new(http);
    browser.set_cookie("__Host-session", &token);
    browser
}

#[actix_web::test]
async fn over_https_the_session_cookie_is_bound_to_this_host() {
    let one = Installation::with(&[("PUBLIC_URL", "https://legal.example.com")]).await;
    let http = format!("http://{}", one.platform.config.bind);
    let mut mira = over_https(&one, &http, "mira").await;
    mira.get("/legal/notifications").await.expect(200);
    let mut plain = Browser::new(&http);
    plain.set_cookie("session", mira.cookie("__Host-session").expect("a session"));
    plain.get("/legal/notifications").await.expect(303);
    let out = mira.post("/logout", &[]).await.expect(303);
    let cookies: Vec<&str> = out.headers.get_all("set-cookie").iter().filter_map(|c| c.to_str().ok()).collect();
    let gone = cookies.iter().find(|cookie| cookie.starts_with("__Host-session=")).expect("the cookie is taken away");
    for part in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(gone.contains(part), "{gone}");
    }
}

#[actix_web::test]
async fn a_nonce_serves_one_answer_and_every_script_carries_it() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let mut nonces = Vec::new();
    for _ in 0..2 {
        let page = mira.get("/legal/notifications").await.expect(200);
        let policy = page.headers["content-security-policy"].to_str().expect("text").to_owned();
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned();
        assert!(nonce.len() >= 22, "128 bits");
        let html = scraper::Html::parse_document(&page.text);
        let parts = scraper::Selector::parse("script, style").expect("a selector");
        for part in html.select(&parts).filter(|part| part.value().attr("src").is_none()) {
            assert_eq!(part.value().attr("nonce"), Some(nonce.as_str()));
        }
        let inline = scraper::Selector::parse("[style], [onclick], [onload], [onerror], [onsubmit]").expect("a selector");
        assert_eq!(html.select(&inline).count(), 0);
        nonces.push(nonce);
    }
    assert_ne!(nonces[0], nonces[1]);
}
