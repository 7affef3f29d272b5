//! Every address of other programs and of the pages about them.

use actix_web::web::{ServiceConfig, get, post};

use super::psa::{api, pages};

pub fn routes(config: &mut ServiceConfig) {
    config.route("/api/psa/tickets", post().to(api::tickets));
    config.route("/api/psa/matters", post().to(api::matters));
    config.route("/api/psa/reviews", post().to(api::reviews));
    config.route("/admin/integrations/psa", get().to(pages::show));
    config.route("/admin/integrations/psa", post().to(pages::save));
    config.route("/admin/integrations/psa/compare", post().to(pages::compare));
}
