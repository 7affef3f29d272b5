//! Every address of invoices.

use actix_web::web::{ServiceConfig, get, post};

use super::{api, pages};

pub fn routes(config: &mut ServiceConfig) {
    config.route("/portal/invoices", get().to(pages::list::list));
    config.route("/portal/invoices/{invoice}", get().to(pages::show::show));
    config.route("/portal/invoices/{invoice}/pdf", get().to(pages::show::pdf));
    config.route("/admin/integrations/books", get().to(pages::books::show));
    config.route("/admin/integrations/books/sync", post().to(pages::books::sync));
    config.route("/admin/integrations/books/clients/{client}", post().to(pages::books::map));
    config.route("/api/v1/invoices", get().to(api::list_by_key));
    config.route("/api/books/invoices", post().to(api::tell));
}
