//! Addresses of compliance.

use actix_web::web::{ServiceConfig, get};

use super::{api, pages};

pub fn routes(config: &mut ServiceConfig) {
    config.route("/legal/compliance", get().to(pages::overview));
    config.route("/legal/compliance/{company}", get().to(pages::company));
    config.route("/api/v1/compliance/{company}", get().to(api::company));
}
