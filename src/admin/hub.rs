//! Ways in, as far as health can tell: the Hub's secrets, how its links fare, and invitations that nobody can take any more.

use entity::identity::SsoFace;

use super::health::Finding;
use crate::{
    identity::{self, ticket},
    platform::{Platform, Result, Tx, config::SsoSecrets},
};

/// One secret each for the links of clients and of MSP staff.
pub fn secrets(platform: &Platform) -> Finding {
    let config = &platform.config;
    let hits = "people who come from the Hub";
    let short = config.client_sso.short + config.staff_sso.short;
    if short > 0 {
        let which = if config.client_sso.short > 0 { ticket::setting(SsoFace::Client) } else { ticket::setting(SsoFace::Staff) };
        return Finding::failing(
            "sso_secrets",
            format!("{which} holds a secret shorter than {} bytes; it counts as not set.", SsoSecrets::SHORTEST),
            hits,
            "Set 32 or more random characters on both sides, e.g. from `openssl rand -hex 32`.",
        );
    }
    if config.client_sso.shares_with(&config.staff_sso) {
        return Finding::failing(
            "sso_secrets",
            "PORTAL_SSO_SECRET and PORTAL_CLIENT_SSO_SECRET hold the same secret: who may make links for clients can make them for staff.",
            hits,
            "Give each its own, on both sides.",
        );
    }
    let missing: Vec<&str> = [SsoFace::Client, SsoFace::Staff]
        .into_iter()
        .filter(|face| ticket::secrets(config, *face).usable.is_empty())
        .map(ticket::setting)
        .collect();
    if missing.is_empty() {
        return Finding::ok("sso_secrets", "The secrets of the Hub's links are set, each its own.");
    }
    Finding::warning(
        "sso_secrets",
        format!("{} not set: links of the Hub open nothing, and say \u{201c}SSO not configured\u{201d}.", missing.join(" and ")),
        hits,
        format!(
            "Set {} to the Hub's value, or leave it: people sign in by password, or by a link in a mail.",
            missing.join(" and ")
        ),
    )
}

/// Refused as it should be: nothing is wrong with the Hub or with us.
fn is_meant(code: &str) -> bool {
    matches!(ticket::Fault::of_code(code), Some(ticket::Fault::Used | ticket::Fault::Shut))
}

/// How the Hub's links fare: the last that let somebody in, and the last that was refused; of one tenant's portal, or of all.
pub async fn links(platform: &Platform, tx: &Tx, realm: Option<&str>) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for (face, check) in [(SsoFace::Client, "sso_clients"), (SsoFace::Staff, "sso_staff")] {
        // Staff have no portal of their own.
        if ticket::secrets(&platform.config, face).usable.is_empty() || (realm.is_some() && face == SsoFace::Staff) {
            continue;
        }
        let seen = identity::arrivals_at(tx, face, realm).await?;
        let who = face.label();
        found.push(match (seen.last_ok, seen.last_fault) {
            (_, Some((code, _))) if is_meant(&code) => Finding::ok(
                check,
                format!("{who}: the last link of the Hub that was refused was one that had been used, or of a shut account."),
            ),
            (ok, Some((code, at))) if ok.is_none_or(|ok| at >= ok) => {
                let fault = ticket::Fault::of_code(&code);
                let (reason, fix) = match fault {
                    Some(ticket::Fault::BadSignature) => (
                        "not signed with the secret that is set here".to_owned(),
                        format!("Compare {} with the Hub's value: both have to be the same.", ticket::setting(face)),
                    ),
                    Some(ticket::Fault::Expired) => (
                        format!("older than {} seconds", ticket::life(face)),
                        "One is a person who was slow. If it happens to all: compare this server's clock with the Hub's."
                            .to_owned(),
                    ),
                    Some(ticket::Fault::FromFuture) => {
                        ("made later than now".to_owned(), "Set the clock of this server and of the Hub by NTP.".to_owned())
                    }
                    Some(other) => (other.reason(face).to_lowercase(), other.next_step(face).to_owned()),
                    None => (code, "Look at the audit log.".to_owned()),
                };
                let last = ok.map_or_else(
                    || "None has let anybody in yet.".to_owned(),
                    |ok| format!("The last that worked came {}.", ok.words()),
                );
                let what = format!("{who}: the last link of the Hub was refused: {}. {last}", reason.trim_end_matches('.'));
                Finding::warning(check, what, "people who come from the Hub", fix).since(at)
            }
            (Some(ok), _) => Finding::ok(check, format!("{who}: the last link of the Hub let somebody in {}.", ok.words())),
            (None, _) => Finding::ok(check, format!("{who}: no link of the Hub has come yet.")),
        });
    }
    Ok(found)
}

/// Who was invited and cannot come in by that mail any more; nobody but an administrator sees why.
pub async fn invitations(platform: &Platform, tx: &Tx, realm: Option<&str>) -> Result<Finding> {
    Ok(match identity::stale_invitations(tx, realm, platform.clock.now()).await? {
        None => Finding::ok("invitations", "Every invitation that waits can be taken."),
        Some((count, since)) => Finding::warning(
            "invitations",
            format!("{count} people were invited, never accepted, and their links have expired: signing in says \u{201c}Invalid credentials\u{201d}."),
            "these people",
            "Resend at Admin \u{2192} Clients \u{2192} company \u{2192} Users, Admin \u{2192} Staff, or Operator \u{2192} Attorneys; the status stands there.",
        )
        .since(since)
        .at(if realm.is_some() { "/admin/clients" } else { "/operator/attorneys" }),
    })
}
