//! Our API as an OpenAPI 3.1 document: what `one-legal openapi` prints, `/api/openapi.json` answers and `/api/docs` shows.
//!
//! Words of states come from the types themselves, and a test holds the addresses against the routes: neither can drift.

mod page;
mod paths;
mod schemas;

use actix_web::{
    HttpResponse,
    web::{self, ServiceConfig},
};
use serde_json::{Map, Value, json};

use crate::platform::web::{Answer, Ask};

/// What is written of one address and method.
#[derive(Clone, Debug)]
pub struct Op {
    pub method: &'static str,
    pub path: &'static str,
    pub tag: &'static str,
    pub summary: &'static str,
    /// Scopes of a key that open it.
    pub scopes: &'static [&'static str],
    /// Others who may: `session`, `integration`, `stripe`, `anyone`.
    pub others: &'static [&'static str],
    pub query: Vec<(&'static str, &'static str, Value)>,
    pub body: Option<Value>,
    pub answers: Vec<(u16, &'static str, Option<Value>)>,
}

/// Problems any address may answer; those of writes beside them.
const PROBLEMS: &[(u16, &str)] = &[
    (400, "The request could not be read"),
    (401, "Nobody is signed in, or the key is wrong, shut or expired"),
    (403, "Seen, but not allowed: the scope is missing, or the role"),
    (404, "Not there, or not yours to see"),
    (422, "Something given is wrong; `errors` says which field"),
    (429, "Too often; `Retry-After` says how long to wait"),
    (503, "Out of service for a moment"),
];
const PROBLEMS_OF_WRITES: &[(u16, &str)] = &[
    (409, "A rule says no; `next_step` says what to do"),
    (413, "Too large"),
    (415, "Another Content-Type is wanted, or the body is compressed"),
];

pub fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn problem(words: &str) -> Value {
    json!({ "description": words, "content": { "application/problem+json": { "schema": reference("Problem") } } })
}

impl Op {
    fn parameters(&self) -> Vec<Value> {
        let mut out = Vec::new();
        for part in self.path.split('{').skip(1) {
            let name = part.split(['}', ':']).next().unwrap_or_default();
            let schema = match name {
                "seq" => json!({ "type": "integer", "minimum": 1 }),
                _ => json!({ "type": "string", "format": "uuid" }),
            };
            out.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
        }
        for (name, words, schema) in &self.query {
            out.push(json!({ "name": name, "in": "query", "required": false, "description": words, "schema": schema }));
        }
        if self.method == "POST" && !self.scopes.is_empty() {
            out.push(json!({ "name": "Idempotency-Key", "in": "header", "required": false,
                "description": "Your own word for this write: the same again gets the same answer, and does nothing. Kept for a day.",
                "schema": { "type": "string", "minLength": 1, "maxLength": 200 } }));
        }
        out
    }

    fn security(&self) -> Vec<Value> {
        let mut out = Vec::new();
        if !self.scopes.is_empty() {
            out.push(json!({ "api_key": [] }));
        }
        for who in self.others {
            out.push(match *who {
                "session" => json!({ "session": [] }),
                "integration" => json!({ "integration_key": [] }),
                _ => json!({}),
            });
        }
        out
    }

    fn is_write(&self) -> bool {
        self.method != "GET"
    }

    fn json(&self) -> Value {
        let mut answers = Map::new();
        for (status, words, schema) in &self.answers {
            let mut answer = json!({ "description": words });
            if let Some(schema) = schema {
                answer["content"] = json!({ "application/json": { "schema": schema } });
            }
            answers.insert(status.to_string(), answer);
        }
        let more: &[(u16, &str)] = if self.is_write() { PROBLEMS_OF_WRITES } else { &[] };
        for (status, words) in PROBLEMS.iter().chain(more) {
            answers.entry(status.to_string()).or_insert_with(|| problem(words));
        }
        let scope = match self.scopes {
            [] => String::new(),
            scopes => format!("Scope of the key: `{}`.", scopes.join("`, `")),
        };
        let mut op = json!({
            "tags": [self.tag],
            "summary": self.summary,
            "description": scope,
            "operationId": format!("{}{}", self.method.to_lowercase(), self.path.replace(['/', '{', '}', '-', '.'], "_")),
            "parameters": self.parameters(),
            "responses": answers,
            "security": self.security(),
        });
        if let Some(schema) = &self.body {
            op["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": schema } } });
        }
        op
    }
}

/// Every address that is documented.
pub fn operations() -> Vec<Op> {
    paths::all()
}

/// The whole document.
pub fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for op in operations() {
        let entry = paths.entry(op.path).or_insert_with(|| json!({}));
        entry[op.method.to_lowercase()] = op.json();
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "The One Legal",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "An MSP's own data, for its own programs. A key is made at Admin → API keys and sent as \
                `Authorization: Bearer olk_…`; it opens its own MSP alone, and of that what it was made for. Lists are read on by \
                `after=` with `next` of the answer before. Errors are `application/problem+json` (RFC 9457) with a stable `code`. \
                No key reads conversations, descriptions, texts or bytes of documents: they are privileged.",
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "api_key": { "type": "http", "scheme": "bearer", "description": "A key of Admin → API keys: olk_…" },
                "session": { "type": "apiKey", "in": "cookie", "name": "session", "description": "A person signed in; writes from our own pages alone" },
                "integration_key": { "type": "apiKey", "in": "header", "name": "X-Integration-Key", "description": "The key both installations hold" },
            },
            "schemas": schemas::all(),
        },
    })
}

pub fn routes(config: &mut ServiceConfig) {
    config.route("/api/docs", web::get().to(page::show));
    config.route("/api/openapi.json", web::get().to(json_document));
}

async fn json_document(_ask: Ask<()>) -> Answer {
    Ok(HttpResponse::Ok().json(document()))
}
