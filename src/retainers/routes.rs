//! Every address of retainers, hours and the timer.

use actix_web::{
    guard::fn_guard,
    web::{ServiceConfig, get, post},
};

use super::{api, pages};
use crate::programs::by_key;

pub fn routes(config: &mut ServiceConfig) {
    config.route("/legal/retainers", get().to(pages::list::list));
    config.route("/legal/retainers/new", get().to(pages::edit::new));
    config.route("/legal/retainers/new", post().to(pages::edit::create));
    config.route("/legal/retainers/{id}", get().to(pages::show::show));
    config.route("/legal/retainers/{id}/edit", get().to(pages::edit::form));
    config.route("/legal/retainers/{id}/edit", post().to(pages::edit::save));
    config.route("/legal/retainers/{id}/hours", get().to(pages::hours::list));
    config.route("/legal/retainers/{id}/hours", post().to(pages::hours::log));
    config.route("/legal/retainers/{id}/hours/export", get().to(pages::export::csv));
    config.route("/legal/retainers/{id}/hours/ledes", get().to(pages::export::ledes));
    config.route("/legal/retainers/{id}/history", get().to(pages::history::show));
    config.route("/legal/retainers/{id}/offer", post().to(pages::steps::offer));
    config.route("/legal/retainers/{id}/withdraw", post().to(pages::steps::withdraw));
    config.route("/legal/retainers/{id}/accept", post().to(pages::steps::accept));
    config.route("/legal/retainers/{id}/pause", post().to(pages::steps::pause));
    config.route("/legal/retainers/{id}/resume", post().to(pages::steps::resume));
    config.route("/legal/retainers/{id}/cancel", post().to(pages::steps::cancel));
    config.route("/legal/retainers/{id}/change", get().to(pages::change::form));
    config.route("/legal/retainers/{id}/change", post().to(pages::change::offer));
    config.route("/legal/retainers/{id}/change/accept", post().to(pages::change::accept));
    config.route("/legal/retainers/{id}/change/decline", post().to(pages::change::decline));
    config.route("/legal/retainers/{id}/change/withdraw", post().to(pages::change::withdraw));
    config.route("/legal/retainers/{id}/timer", post().to(pages::timer::start_on_retainer));
    config.route("/legal/matters/{id}/hours", get().to(pages::matter_hours::list));
    config.route("/legal/matters/{id}/hours", post().to(pages::matter_hours::log));
    config.route("/legal/matters/{id}/timer", post().to(pages::timer::start_on_matter));
    config.route("/legal/hours/{entry}", get().to(pages::entry::form));
    config.route("/legal/hours/{entry}", post().to(pages::entry::save));
    config.route("/legal/hours/{entry}/write-off", post().to(pages::entry::off));
    config.route("/legal/hours/{entry}/restore", post().to(pages::entry::restore));
    config.route("/legal/proposals", get().to(pages::proposals::list));
    config.route("/legal/proposals/{proposal}/accept", post().to(pages::proposals::accept));
    config.route("/legal/proposals/{proposal}/dismiss", post().to(pages::proposals::dismiss));
    config.route("/legal/proposals/{proposal}/bring-back", post().to(pages::proposals::bring_back));
    config.route("/legal/timer", get().to(pages::timer::show));
    config.route("/legal/timer", post().to(pages::timer::stop));
    config.route("/legal/timer/discard", post().to(pages::timer::discard));
    config.route("/api/v1/retainers", get().guard(fn_guard(by_key)).to(api::retainers_by_key));
    config.route("/api/v1/retainers", get().to(api::retainers));
    config.route("/api/v1/time_entries", get().guard(fn_guard(by_key)).to(api::time_entries_by_key));
    config.route("/api/v1/time_entries", get().to(api::time_entries));
}
