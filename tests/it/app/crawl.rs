//! Every route by name, for tests that ask something of all of them.

use std::collections::BTreeSet;

use actix_web::{App, HttpResponse, test, web};
use one_legal::app::routes;

/// Method and pattern of every route, as actix itself reports them.
pub async fn route_table() -> BTreeSet<(String, String)> {
    async fn report(tree: web::Data<actix_web::introspection::IntrospectionTree>) -> HttpResponse {
        HttpResponse::Ok().body(tree.report_as_json())
    }
    let app = test::init_service(App::new().configure(routes::routes).route("/route-table", web::get().to(report))).await;
    let body = test::call_and_read_body(&app, test::TestRequest::get().uri("/route-table").to_request()).await;
    let items: serde_json::Value = serde_json::from_slice(&body).expect("the report is JSON");
    let mut table = BTreeSet::new();
    for item in items.as_array().expect("a list") {
        let path = item["full_path"].as_str().unwrap_or_default().to_owned();
        for method in item["methods"].as_array().into_iter().flatten().filter_map(|method| method.as_str()) {
            if path != "/route-table" {
                table.insert((method.to_owned(), path.clone()));
            }
        }
    }
    assert!(table.len() > 20, "actix reports the routes");
    table
}

/// The pattern with something in place of each `{name}`.
pub fn address(pattern: &str, part: &str) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push_str(part);
        // A pattern may hold braces of its own: `{path:.{1,9}}`.
        let mut depth = 1;
        let end = after.char_indices().find(|(_, c)| {
            depth += match c {
                '{' => 1,
                '}' => -1,
                _ => 0,
            };
            depth == 0
        });
        rest = end.map_or("", |(at, _)| &after[at + 1..]);
    }
    out + rest
}

/// Whether a request to it comes to an end by itself.
pub fn ends(pattern: &str) -> bool {
    pattern != "/ws" && !pattern.starts_with("/api/v1/events")
}

pub const NO_ID: &str = "00000000-0000-7000-8000-000000000000";
