//! Every address of keys, of clients and of the audit log for programs.

use actix_web::web::{ServiceConfig, get, post};

use super::{api, pages};

pub fn routes(config: &mut ServiceConfig) {
    config.route("/admin/api-keys", get().to(pages::list));
    config.route("/admin/api-keys", post().to(pages::create));
    config.route("/admin/api-keys/{key}/revoke", post().to(pages::revoke));
    config.route("/api/v1/clients", get().to(api::clients));
    config.route("/api/v1/clients", post().to(api::create_client));
    config.route("/api/v1/clients/{company}", get().to(api::client));
    config.route("/api/v1/clients/{company}/contacts", get().to(api::contacts));
    config.route("/api/v1/clients/{company}/contacts", post().to(api::create_contact));
    config.route("/api/v1/audit", get().to(api::audit));
}
