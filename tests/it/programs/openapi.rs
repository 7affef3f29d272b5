//! The reference says what is there: no address more, none less, and every scope is one.

use std::collections::BTreeSet;

use one_legal::{
    app::openapi::{document, operations},
    programs::SCOPES,
};

use crate::{app::crawl::route_table, support::Installation};

/// Addresses of programs: all of these, and no page.
fn is_for_programs(path: &str) -> bool {
    ["/api/", "/internal/", "/webhooks/", "/healthz", "/readyz", "/portal/signing/"].iter().any(|start| path.starts_with(start))
        || path.ends_with("/reading")
        || path == "/portal/branding"
        || path == "/portal/announcements/{id}/read"
}

#[actix_web::test]
async fn every_address_of_programs_is_documented_and_no_other() {
    let routes: BTreeSet<(String, String)> = route_table().await.into_iter().filter(|(_, path)| is_for_programs(path)).collect();
    let told: BTreeSet<(String, String)> = operations().into_iter().map(|op| (op.method.to_owned(), op.path.to_owned())).collect();
    let missing: Vec<_> = routes.difference(&told).collect();
    let invented: Vec<_> = told.difference(&routes).collect();
    assert!(missing.is_empty(), "add them to src/app/openapi/paths.rs: {missing:?}");
    assert!(invented.is_empty(), "these are no routes: {invented:?}");
    for op in operations() {
        for scope in op.scopes {
            assert!(SCOPES.iter().any(|(word, ..)| word == scope), "{scope} of {} is no scope", op.path);
        }
        // Contract reviews are not built yet: it only refuses.
        assert!(!op.answers.is_empty() || op.path == "/api/psa/reviews", "{} answers something", op.path);
    }
}

#[actix_web::test]
async fn the_reference_is_a_document_and_a_page() {
    let one = Installation::new().await;
    let mut anyone = one.stranger();
    let answer = anyone.get_json("/api/openapi.json").await.expect(200).json();
    assert_eq!(answer, document());
    assert_eq!(answer["openapi"], "3.1.0");
    let text = answer.to_string();
    for part in text.split("#/components/schemas/").skip(1) {
        let name = part.split('"').next().expect("a name");
        assert!(answer["components"]["schemas"].get(name).is_some(), "there is no schema {name}");
    }
    anyone.get("/api/docs").await.expect(200).shows("/api/v1/clients").shows("ticket.opened").shows("clients:read");
    let mut mira = one.browser("mira").await;
    mira.get("/api/docs").await.expect(200).shows("API reference");
}

/// schemathesis, beside the build; installed once.
fn library() -> std::path::PathBuf {
    let target = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("schemathesis");
    if !target.join("schemathesis").is_dir() {
        let installed = std::process::Command::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--target"])
            .arg(&target)
            .arg("schemathesis==4.32.5")
            .output()
            .expect("python3 is needed: ./check installs it");
        assert!(installed.status.success(), "pip install: {}", String::from_utf8_lossy(&installed.stderr));
    }
    target
}

#[actix_web::test]
async fn no_made_up_request_is_answered_by_anything_that_is_not_documented() {
    let one = Installation::with(&[("API_RATE", "1000000")]).await;
    crate::support::World::create(&one).await;
    let all: Vec<&str> = SCOPES.iter().map(|(word, ..)| *word).collect();
    let program = super::program::Program::of(&one, "mira", &all).await;
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/api.py");
    let mut python = tokio::process::Command::new("python3");
    // `API_SECONDS=300` asks for longer.
    let seconds = std::env::var("API_SECONDS").unwrap_or_else(|_| "20".to_owned());
    python.arg(script).args([one.url.as_str(), program.token.as_str(), seconds.as_str()]);
    python.env("PYTHONPATH", library()).env("PYTHONDONTWRITEBYTECODE", "1").current_dir(one.data_dir.path());
    let output = python.output().await.expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    // `43 operations, 1200 requests, 0 wrong`
    let counts: Vec<u32> = said.split_whitespace().filter_map(|word| word.parse().ok()).take(2).collect();
    assert!(counts[0] > 30 && counts[1] > 300, "hardly anything was asked: {said}");
}
