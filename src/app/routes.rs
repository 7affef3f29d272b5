//! Every slice's addresses, in one place.

use actix_web::web::ServiceConfig;

use crate::{
    admin, announcements, compliance, crm, entrance, home, integrations, invoices, knowledge, matters, messaging, mission,
    notifications, payments, platform, policies, portal, programs, pushed, retainers, tickets, vault,
};

pub fn routes(config: &mut ServiceConfig) {
    platform::web::statics::routes(config);
    super::health::routes(config);
    super::openapi::routes(config);
    compliance::routes::routes(config);
    super::dev_mail::routes(config);
    entrance::routes::routes(config);
    programs::routes::routes(config);
    pushed::routes::routes(config);
    crm::routes::routes(config);
    notifications::routes::routes(config);
    messaging::routes::routes(config);
    matters::routes::routes(config);
    payments::routes::routes(config);
    retainers::routes::routes(config);
    invoices::routes::routes(config);
    announcements::routes::routes(config);
    home::routes::routes(config);
    admin::routes::routes(config);
    vault::routes::routes(config);
    tickets::routes::routes(config);
    knowledge::routes::routes(config);
    mission::routes::routes(config);
    integrations::routes::routes(config);
    portal::routes::routes(config);
    policies::routes::routes(config);
}
