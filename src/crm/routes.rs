//! Every address of the CRM's clients.

use actix_web::web::{ServiceConfig, get, post};

use super::{api, pages};

pub fn routes(config: &mut ServiceConfig) {
    config.route("/api/crm/companies", post().to(api::tell));
    config.route("/legal/clients/look", post().to(pages::look));
    config.route("/admin/integrations/crm", get().to(pages::show));
    config.route("/admin/integrations/crm/sync", post().to(pages::sync));
    config.route("/admin/integrations/crm/clients/{client}", post().to(pages::decide_client));
}
