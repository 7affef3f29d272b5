//! Every address of other programs and of the pages about them.

use actix_web::web::{ServiceConfig, get, post};

use super::{
    crm, outgoing,
    psa::{api, pages},
};

pub fn routes(config: &mut ServiceConfig) {
    config.route("/api/psa/tickets", post().to(api::tickets));
    config.route("/api/psa/contacts", post().to(api::contacts));
    config.route("/api/psa/matters", post().to(api::matters));
    config.route("/api/psa/reviews", post().to(api::reviews));
    config.route("/api/crm/compliance", get().to(crm::api::compliance));
    config.route("/admin/integrations/crm/tell", post().to(crm::pages::tell));
    config.route("/api/v1/feed", get().to(outgoing::api::feed));
    config.route("/admin/integrations/hooks", get().to(outgoing::pages::list));
    config.route("/admin/integrations/hooks", post().to(outgoing::pages::create));
    config.route("/admin/integrations/hooks/{hook}", get().to(outgoing::pages::show));
    config.route("/admin/integrations/hooks/{hook}/{verb}", post().to(outgoing::pages::act));
    config.route("/admin/integrations/hooks/{hook}/deliveries/{delivery}/replay", post().to(outgoing::pages::send_again));
    config.route("/admin/integrations/psa", get().to(pages::show));
    config.route("/admin/integrations/psa", post().to(pages::save));
    config.route("/admin/integrations/psa/compare", post().to(pages::compare));
    config.route("/admin/integrations/psa/people/{person}/{verdict}", post().to(pages::decide_person));
}
