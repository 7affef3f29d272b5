//! Every address of Mission mode.

use actix_web::web::{ServiceConfig, get};

use super::pages::{dashboard, directory, events, giving, groups, prayer};

pub fn routes(config: &mut ServiceConfig) {
    config.route("/portal/mission/dashboard", get().to(dashboard::show));
    config.route("/portal/mission/giving", get().to(giving::list));
    config.route("/portal/mission/giving/statement", get().to(giving::statement));
    config.route("/portal/mission/events", get().to(events::list));
    config.route("/portal/mission/events/{event}", get().to(events::show));
    config.route("/portal/mission/groups", get().to(groups::list));
    config.route("/portal/mission/directory", get().to(directory::list));
    config.route("/portal/mission/prayer", get().to(prayer::list));
}
