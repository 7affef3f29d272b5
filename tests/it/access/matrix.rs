//! The access matrix: every route × every person of the cast, against things of Harbor IT. The table is `matrix.txt`, to be read;
//! `UPDATE_MATRIX=1 cargo test --test it access::` writes it anew after a deliberate change.
//!
//! What a cell says: `open` (the handler ran: any answer but the following), `sign-in` (401, or a redirect to a login page),
//! `403` (seen, not allowed), `404` (not there for this person).

use std::{collections::BTreeMap, fmt::Write as _, path::Path, sync::LazyLock};

use crate::{
    app::crawl::{ends, route_table},
    support::{Browser, Installation, World},
};

const PEOPLE: &[&str] =
    &["mira", "tom", "vik", "ada", "sam", "lou", "nils", "ben", "cleo", "dora", "gus", "eve", "finn", "joy", "olga", "nobody"];

/// Whether the table says that this route's handler runs for this person. What is not in the table is open to all.
pub fn is_open(method: &str, pattern: &str, person: &str) -> bool {
    static OPEN: LazyLock<BTreeMap<String, Vec<&'static str>>> = LazyLock::new(|| {
        let row = |line: &str| {
            let mut words = line.split_whitespace();
            let route = format!("{} {}", words.next()?, words.next()?);
            Some((route, PEOPLE.iter().zip(words).filter(|(_, cell)| *cell == "open").map(|(person, _)| *person).collect()))
        };
        include_str!("matrix.txt").lines().skip(2).filter_map(row).collect()
    });
    OPEN.get(&format!("{method} {pattern}")).is_none_or(|people| people.contains(&person))
}

pub async fn cell(browser: &mut Browser, method: &str, path: &str) -> String {
    let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
    let mut request = browser.request(method.clone(), path).header("accept", "text/html");
    if method != reqwest::Method::GET {
        request = request.form::<[(&str, &str)]>(&[]);
    }
    let answer = browser.send(request).await;
    assert!(
        answer.status < 500,
        "{method} {path} answered {}: {}",
        answer.status,
        answer.text.chars().take(500).collect::<String>()
    );
    match answer.status {
        401 => "sign-in".to_owned(),
        302 | 303 if answer.location().contains("/login?next=") => "sign-in".to_owned(),
        403 => "403".to_owned(),
        404 => "404".to_owned(),
        _ => "open".to_owned(),
    }
}

async fn fresh(one: &Installation, person: &str) -> Browser {
    if person == "nobody" { one.stranger() } else { one.browser(person).await }
}

#[actix_web::test]
async fn every_route_is_open_to_those_in_the_matrix_and_to_nobody_else() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    let mut text = String::from("# every route × every person of the cast, on things of Harbor IT; written by matrix.rs\n");
    write!(text, "{:<72}", "").expect("a string");
    for person in PEOPLE {
        write!(text, " {person:<7}").expect("a string");
    }
    text.push('\n');
    let mut leaks = Vec::new();
    let mut browsers = Vec::new();
    for person in PEOPLE {
        browsers.push(fresh(&one, person).await);
    }
    for (method, pattern) in route_table().await {
        if pattern.starts_with("/static") || pattern == "/favicon.ico" || !ends(&pattern) {
            continue;
        }
        let (path, is_harbors) = world.address(&pattern);
        write!(text, "{:<72}", format!("{method} {pattern}")).expect("a string");
        for (person, browser) in PEOPLE.iter().zip(&mut browsers) {
            let mut found = cell(browser, &method, &path).await;
            // Somebody else's write may have ended this session: only a new one tells.
            if found == "sign-in" && *person != "nobody" {
                *browser = fresh(&one, person).await;
                found = cell(browser, &method, &path).await;
            }
            // A write that was taken may have ended it, or begun another.
            if found == "open" && method != "GET" {
                *browser = fresh(&one, person).await;
            }
            if is_harbors && ["eve", "finn", "joy"].contains(person) && found == "open" {
                leaks.push(format!("{person} got through to {method} {path}"));
            }
            write!(text, " {found:<7}").expect("a string");
        }
        while text.ends_with(' ') {
            text.pop();
        }
        text.push('\n');
    }
    assert!(leaks.is_empty(), "another tenant's people got through:\n{}", leaks.join("\n"));
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/access/matrix.txt");
    if std::env::var("UPDATE_MATRIX").is_ok() {
        std::fs::write(&file, &text).expect("written");
    }
    let known = std::fs::read_to_string(&file).unwrap_or_default();
    let differing: Vec<String> = text
        .lines()
        .filter(|line| !known.lines().any(|k| k == *line))
        .map(|line| format!("now   {line}"))
        .chain(known.lines().filter(|line| !text.lines().any(|t| t == *line)).map(|line| format!("known {line}")))
        .collect();
    assert!(
        differing.is_empty(),
        "the access of these routes changed or is new. If that is meant, run UPDATE_MATRIX=1 cargo test --test it access:: and read the diff.\n{}",
        differing.join("\n")
    );
}
