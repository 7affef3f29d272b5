//! Writes come from our own pages only (S22), and reading changes nothing.

use std::collections::BTreeMap;

use reqwest::Method;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

use super::crawl::{NO_ID, address, ends, route_table};
use crate::support::Installation;

/// Addresses that programs call with a key of their own.
const MACHINES: &[&str] = &["/webhooks/", "/internal/", "/api/psa/", "/api/books/", "/api/crm/"];

#[actix_web::test]
async fn a_write_from_elsewhere_is_refused_on_every_route() {
    let one = Installation::new().await;
    let mira = one.browser("mira").await;
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().expect("a client");
    let own = one.url.clone();
    let lookalike = format!("{own}.evil.example");
    let other_port = "http://127.0.0.1:1".to_owned();
    let foreign: Vec<Vec<(&str, &str)>> = vec![
        vec![],
        vec![("origin", "null")],
        vec![("origin", "https://evil.example")],
        vec![("origin", &lookalike)],
        vec![("origin", &other_port)],
        vec![("sec-fetch-site", "cross-site")],
        vec![("sec-fetch-site", "same-site")],
        vec![("sec-fetch-site", "none")],
        vec![("sec-fetch-site", "cross-site"), ("origin", &own)],
        vec![("referer", &own)],
    ];
    let before = counts(&one).await;
    let mut tried = 0;
    for (method, pattern) in route_table().await {
        if method == "GET" || MACHINES.iter().any(|machine| pattern.starts_with(machine)) {
            continue;
        }
        for headers in &foreign {
            let path = address(&pattern, NO_ID);
            let mut request = client
                .request(method.parse().expect("a method"), format!("{own}{path}"))
                .header("cookie", mira.cookie_header())
                .header("content-type", "application/x-www-form-urlencoded");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let answer = request.body("").send().await.expect("an answer");
            assert_eq!(answer.status().as_u16(), 403, "{method} {pattern} with {headers:?}");
            tried += 1;
        }
    }
    assert!(tried > 50);
    assert_eq!(counts(&one).await, before, "nothing was changed");
}

#[actix_web::test]
async fn a_program_has_no_origin_and_needs_none() {
    let one = Installation::new().await;
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let mut tried = 0;
    for (method, pattern) in route_table().await {
        let is_api = pattern.starts_with("/api/") && !pattern.starts_with("/api/v1/") && !pattern.starts_with("/api/auth/");
        if method == "GET" || !(is_api || MACHINES.iter().any(|machine| pattern.starts_with(machine))) {
            continue;
        }
        let request = client.request(method.parse().expect("a method"), format!("{}{pattern}", one.url)).body("");
        let status = request.send().await.expect("an answer").status().as_u16();
        assert!([400, 401].contains(&status), "{method} {pattern}: {status} where only the key is missing");
        tried += 1;
    }
    assert!(tried > 5);
}

#[actix_web::test]
async fn our_own_pages_may_write_by_either_header() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let host = one.url.replace("http://", "HTTP://");
    let own = one.url.clone();
    for (name, value) in [("sec-fetch-site", "same-origin"), ("origin", own.as_str()), ("origin", host.as_str())] {
        let request = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().expect("a client");
        let request = request.post(format!("{own}/legal/notifications")).header("cookie", mira.cookie_header()).header(name, value);
        mira.send(request.form(&[("id", "")])).await;
    }
}

#[actix_web::test]
async fn reading_changes_nothing() {
    let one = Installation::new().await;
    let table = route_table().await;
    // What a read may leave: the session's clock; a line that says a privileged thing was read or refused, or that pages were looked
    // for on the wrong host.
    let may_grow = ["audit_entry", "audit_head", "mission_astray"];
    for key in ["", "mira", "tom", "ada", "nils", "ben", "dora", "olga"] {
        let mut browser = if key.is_empty() { one.stranger() } else { one.browser(key).await };
        let before = counts(&one).await;
        for (method, pattern) in &table {
            if method != "GET" || !ends(pattern) {
                continue;
            }
            for part in [NO_ID, "x"] {
                let path = address(pattern, part);
                let answer = browser.send(browser.request(Method::GET, &path).header("accept", "text/html")).await;
                assert!(answer.status < 500, "{key} {path}: {}", answer.text);
            }
        }
        let mut after = counts(&one).await;
        for table in may_grow {
            after.insert(table.to_owned(), before[table]);
        }
        assert_eq!(after, before, "{key} only looked");
    }
}

/// How many rows each table holds.
async fn counts(one: &Installation) -> BTreeMap<String, i64> {
    let backend = one.platform.db.backend();
    let tables = match backend {
        DbBackend::Postgres => "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    };
    let tx = one.tx().await;
    let rows = tx.query_all_raw(Statement::from_string(backend, tables)).await.expect("the tables");
    let mut counts = BTreeMap::new();
    for row in rows {
        let name: String = row.try_get("", "name").expect("a name");
        let count = tx.query_one_raw(Statement::from_string(backend, format!("SELECT COUNT(*) AS n FROM \"{name}\""))).await;
        let count: i64 = count.expect("a count").expect("a row").try_get("", "n").expect("a number");
        counts.insert(name, count);
    }
    assert!(counts.len() > 10);
    counts
}
