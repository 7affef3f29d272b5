//! `/healthz` and `/readyz`.

use actix_web::{HttpResponse, http::StatusCode, web};
use serde_json::json;

use crate::platform::web::{Answer, Ask};

pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/healthz", web::get().to(healthz));
    config.route("/readyz", web::get().to(readyz));
}

/// The process lives.
async fn healthz() -> Answer {
    Ok(HttpResponse::Ok().json(json!({ "status": "ok" })))
}

/// The dependencies answer: database and blob store.
async fn readyz(ask: Ask<()>) -> Answer {
    let platform = ask.platform();
    let database = platform.db.ping().await;
    let blobs = platform.blobs.writable().await;
    let word = |result: &crate::platform::Result<()>| if result.is_ok() { "ok" } else { "failing" };
    let ready = database.is_ok() && blobs.is_ok();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    Ok(HttpResponse::build(status).json(json!({
        "status": if ready { "ready" } else { "not_ready" },
        "database": word(&database),
        "blobs": word(&blobs),
    })))
}
