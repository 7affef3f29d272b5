//! The access matrix: every route × every person of the cast, against things of Harbor IT. The table is `matrix.txt`, to be read;
//! `UPDATE_MATRIX=1 cargo test --test it access::` writes it anew after a deliberate change.
//!
//! What a cell says: `open` (the handler ran: any answer but the following), `sign-in` (401, or a redirect to a login page),
//! `403` (seen, not allowed), `404` (not there for this person).

use std::{fmt::Write as _, path::Path};

use crate::{
    app::crawl::{ends, route_table},
    support::{Browser, Installation, World},
};

const PEOPLE: &[&str] =
    &["mira", "tom", "vik", "ada", "sam", "lou", "nils", "ben", "cleo", "dora", "gus", "eve", "finn", "joy", "olga", "nobody"];

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
    // Reading changes nothing, so one session reads everything; each write has its own, since it may end it.
    let mut readers = Vec::new();
    for person in PEOPLE {
        readers.push(if *person == "nobody" { one.stranger() } else { one.browser(person).await });
    }
    for (method, pattern) in route_table().await {
        if pattern.starts_with("/static") || pattern == "/favicon.ico" || !ends(&pattern) {
            continue;
        }
        let (path, is_harbors) = world.address(&pattern);
        write!(text, "{:<72}", format!("{method} {pattern}")).expect("a string");
        for (person, reader) in PEOPLE.iter().zip(&mut readers) {
            let cell = match (method.as_str(), *person) {
                ("GET", _) => cell(reader, &method, &path).await,
                (_, "nobody") => cell(&mut one.stranger(), &method, &path).await,
                (_, person) => cell(&mut one.browser(person).await, &method, &path).await,
            };
            if is_harbors && ["eve", "finn", "joy"].contains(person) && cell == "open" {
                leaks.push(format!("{person} got through to {method} {path}"));
            }
            write!(text, " {cell:<7}").expect("a string");
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
