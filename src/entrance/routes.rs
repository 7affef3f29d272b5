//! Every address of the doors.

use actix_web::web::{ServiceConfig, get, post};

use super::pages::{
    activity, authenticator, email, factor, home, invite, kept, login, mail_link, passkey, portal, profile, prove, reset, sso,
};

/// What takes a form of the profile: opened by itself after an error or a reload, it leads back to the profile.
const PROFILE_FORMS: [&str; 10] = [
    "authenticator",
    "authenticator/confirm",
    "email",
    "name",
    "passkeys",
    "passkeys/new",
    "passkeys/{passkey}/name",
    "password",
    "prove",
    "recovery-codes",
];

pub fn routes(config: &mut ServiceConfig) {
    config.route("/", get().to(home::start));
    config.route("/login", get().to(login::show));
    config.route("/login", post().to(login::enter));
    for address in ["/login/totp", "/portal/login/totp"] {
        config.route(address, get().to(factor::show));
        config.route(address, post().to(factor::enter));
    }
    for door in ["/login/passkey", "/portal/login/passkey"] {
        config.route(door, post().to(passkey::enter));
        config.route(&format!("{door}/ask"), post().to(passkey::ask_at_door));
    }
    for address in ["/api/auth/client-hub-sso", "/api/auth/hub-sso"] {
        config.route(address, get().to(sso::show));
        config.route(address, post().to(sso::enter));
    }
    config.route("/login/setup", get().to(factor::show_set_up));
    config.route("/login/setup", post().to(factor::set_up));
    config.route("/logout", post().to(home::leave));
    config.route("/invite/{token}", get().to(invite::show));
    config.route("/invite/{token}", post().to(invite::accept));
    config.route("/setup/{token}", get().to(invite::show_set_up));
    config.route("/setup/{token}", post().to(invite::start_set_up));
    for address in ["/email/{token}", "/portal/email/{token}"] {
        config.route(address, get().to(email::show));
        config.route(address, post().to(email::confirm));
    }
    config.route("/forgot", get().to(reset::show_forgot));
    config.route("/forgot", post().to(reset::forgot));
    config.route("/reset", get().to(reset::show));
    config.route("/reset", post().to(reset::set));
    config.route("/portal/login", get().to(portal::show));
    config.route("/portal/login", post().to(portal::enter));
    config.route("/portal/logout", post().to(home::leave));
    config.route("/portal/register", get().to(portal::show_register));
    config.route("/portal/register", post().to(portal::register));
    config.route("/portal/link", get().to(mail_link::show));
    config.route("/portal/link", post().to(mail_link::send));
    config.route("/portal/link/{token}", get().to(mail_link::open));
    config.route("/portal/link/{token}", post().to(mail_link::enter));
    config.route("/portal/forgot", get().to(reset::show_portal_forgot));
    config.route("/portal/forgot", post().to(reset::portal_forgot));
    config.route("/portal/reset", get().to(reset::show_portal));
    config.route("/portal/reset", post().to(reset::set_portal));
    config.route("/portal/profile/authenticator/off", post().to(authenticator::turn_off));
    for face in ["/legal/prove", "/portal/prove"] {
        config.route(face, get().to(prove::back_to));
        config.route(face, post().to(prove::prove));
        config.route(&format!("{face}/passkey"), post().to(passkey::prove));
        config.route(&format!("{face}/passkey/ask"), post().to(passkey::ask_proof));
    }
    for face in ["/legal/kept", "/portal/kept"] {
        config.route(&format!("{face}/{{id}}"), get().to(kept::show));
        config.route(&format!("{face}/{{id}}/discard"), post().to(kept::discard));
    }
    for face in ["/legal/profile", "/portal/profile"] {
        config.route(face, get().to(profile::show));
        for form in PROFILE_FORMS {
            config.route(&format!("{face}/{form}"), get().to(profile::back_to));
        }
        config.route(&format!("{face}/authenticator"), post().to(authenticator::begin));
        config.route(&format!("{face}/authenticator/confirm"), post().to(authenticator::confirm));
        config.route(&format!("{face}/passkeys"), post().to(passkey::add));
        config.route(&format!("{face}/passkeys/new"), post().to(passkey::show_new));
        config.route(&format!("{face}/passkeys/{{passkey}}/name"), post().to(passkey::rename));
        config.route(&format!("{face}/passkeys/{{passkey}}/remove"), post().to(passkey::remove));
        config.route(&format!("{face}/activity"), get().to(activity::show));
        config.route(&format!("{face}/name"), post().to(profile::rename));
        config.route(&format!("{face}/prove"), post().to(profile::prove));
        config.route(&format!("{face}/password"), post().to(profile::change_password));
        config.route(&format!("{face}/email"), post().to(email::ask));
        config.route(&format!("{face}/email/withdraw"), post().to(email::withdraw));
        config.route(&format!("{face}/recovery-codes"), post().to(profile::recovery_codes));
        config.route(&format!("{face}/sessions/end-others"), post().to(profile::end_others));
        config.route(&format!("{face}/sessions/{{id}}/end"), post().to(profile::end_one));
    }
}
