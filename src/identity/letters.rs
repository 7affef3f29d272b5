//! What people are told by mail about their account. Each goes out with the transaction it tells of.

use entity::{Moment, identity::account};

use super::FIRM;
use crate::platform::{
    Result, Work,
    mail::{Mail, To},
    web::FrameLook,
};

async fn send(
    work: &mut Work,
    to: &account::Model,
    look: &FrameLook,
    subject: &str,
    words: &[String],
    button: Option<(&str, &str)>,
) -> Result<()> {
    let mail = Mail::letter(work.id(), To { realm: &to.realm, name: &to.name, email: &to.email }, look, subject, words, button)?;
    work.enqueue(&mail).await
}

/// About security, in the product's own look: the tenant's name would only make a phisher's work easier.
async fn warn(work: &mut Work, to: &account::Model, subject: &str, words: &[String]) -> Result<()> {
    let mut words = words.to_vec();
    words.push(
        "If that was you, there is nothing to do. If it was not, change your password now and tell your administrator.".to_owned(),
    );
    let path = if to.realm == FIRM { "/login" } else { "/portal/login" };
    let link = work.platform().config.link(path);
    send(work, to, &FrameLook::default(), subject, &words, Some(("Sign in", &link))).await
}

pub async fn invitation(
    work: &mut Work,
    to: &account::Model,
    look: &FrameLook,
    place: &str,
    inviter: &str,
    link: &str,
) -> Result<()> {
    let words = [
        format!("Hello {},", to.name),
        format!("{inviter} invites you to {place}."),
        "Choose a password to accept. The link works once, within 7 days; after that ask for a new one.".to_owned(),
    ];
    send(work, to, look, &format!("{inviter} invites you to {place}"), &words, Some(("Accept the invitation", link))).await
}

/// To whom the address belongs, and to nobody else: without a link, for it would lead to nothing.
pub async fn invited_elsewhere(work: &mut Work, to: &account::Model, look: &FrameLook, place: &str, inviter: &str) -> Result<()> {
    let words = [
        format!("Hello {},", to.name),
        format!("{inviter} invites you to {place}."),
        "This address signs in for somebody else already, and one address signs in for one firm. If you want to accept, give them \
         another address of yours. They were not told about this one."
            .to_owned(),
    ];
    send(work, to, look, &format!("{inviter} invites you to {place}"), &words, None).await
}

pub async fn reset(work: &mut Work, to: &account::Model, look: &FrameLook, link: &str) -> Result<()> {
    let words = [
        format!("Hello {},", to.name),
        "Somebody, probably you, asked for a new password. The link works once, within 60 minutes.".to_owned(),
        "If it was not you, leave it: your password stays as it is.".to_owned(),
    ];
    send(work, to, look, "Choose a new password", &words, Some(("Choose a new password", link))).await
}

pub async fn sign_in_link(work: &mut Work, to: &account::Model, look: &FrameLook, link: &str) -> Result<()> {
    let words = [
        format!("Hello {},", to.name),
        format!("Here is your link into {}. It works once, within 15 minutes.", look.name),
        "If you did not ask for it, leave it: nobody comes in without this mail.".to_owned(),
    ];
    send(work, to, look, &format!("Your link into {}", look.name), &words, Some(("Sign in", link))).await
}

pub async fn locked(work: &mut Work, to: &account::Model, until: Moment, own_device: bool) -> Result<()> {
    let from = if own_device { "from a device you use" } else { "from a device you have not used before" };
    let words = [
        format!("Signing in as {} went wrong three times {from}.", to.email),
        format!(
            "That way in is locked until {}. Sessions you have open go on, and devices you have signed in on before can still sign in.",
            until.words()
        ),
    ];
    warn(work, to, "Your account was locked for 15 minutes", &words).await
}

pub async fn password_changed(work: &mut Work, to: &account::Model) -> Result<()> {
    let words = [format!("The password of {} was changed on {}. All other sessions were ended.", to.email, work.now().words())];
    warn(work, to, "Your password was changed", &words).await
}

pub async fn recovery_code_used(work: &mut Work, to: &account::Model, left: u64) -> Result<()> {
    let words =
        [format!("A recovery code was used to sign in as {}. {left} are left; you can make new ones in your profile.", to.email)];
    warn(work, to, "A recovery code was used", &words).await
}

pub async fn recovery_codes_made(work: &mut Work, to: &account::Model) -> Result<()> {
    let words = [format!("New recovery codes were made for {}. The old ones do not work any more.", to.email)];
    warn(work, to, "New recovery codes were made", &words).await
}

pub async fn factor_set_up(work: &mut Work, to: &account::Model) -> Result<()> {
    let words =
        [format!("An authenticator app was set up for {}. From now on you sign in with your password and its code.", to.email)];
    warn(work, to, "Your authenticator app was set up", &words).await
}

/// `by`: an administrator who took it off, if it was not the person.
pub async fn factor_turned_off(work: &mut Work, to: &account::Model, by: Option<&str>) -> Result<()> {
    let what = match by {
        Some(by) => {
            format!("{by} took the authenticator app off {}, because it was reported lost. All your sessions were ended.", to.email)
        }
        None => format!("The authenticator app of {} was turned off. All other sessions were ended.", to.email),
    };
    let words = [what, "From now on you sign in without a code; you can set up an app again in your profile.".to_owned()];
    warn(work, to, "Your authenticator app was turned off", &words).await
}

pub async fn passkey_added(work: &mut Work, to: &account::Model, name: &str, host: &str) -> Result<()> {
    let words = [format!("A passkey, “{name}”, was added to {} on {}. It works on {host}.", to.email, work.now().words())];
    warn(work, to, "A passkey was added", &words).await
}

pub async fn passkey_removed(work: &mut Work, to: &account::Model, name: &str) -> Result<()> {
    let words = [format!("The passkey “{name}” of {} was taken away on {}.", to.email, work.now().words())];
    warn(work, to, "A passkey was taken away", &words).await
}

pub async fn passkey_stopped(work: &mut Work, to: &account::Model, name: &str) -> Result<()> {
    let words = [
        format!("The passkey “{name}” of {} answered with a count that lies behind us: it may have been copied.", to.email),
        "It opens nothing any more. Take it away in your profile, and add a new one from a device you trust.".to_owned(),
    ];
    warn(work, to, "A passkey was stopped", &words).await
}

pub async fn factor_reset_started(work: &mut Work, to: &account::Model) -> Result<()> {
    let words = [
        format!("An operator started to reset the authenticator app of {}, because its device was reported lost.", to.email),
        "A second person has to confirm it. Until then nothing changes, and your app's codes still work.".to_owned(),
    ];
    warn(work, to, "A reset of your authenticator app was started", &words).await
}

pub async fn factor_reset_confirmed(work: &mut Work, to: &account::Model, link: &str) -> Result<()> {
    let words = [
        format!("The authenticator app of {} was reset, and all your sessions were ended.", to.email),
        "Set up a new one with the link below and your password. It works for 24 hours.".to_owned(),
        "If you did not ask for this, do not open the link; tell your administrator at once.".to_owned(),
    ];
    send(work, to, &FrameLook::default(), "Set up your new authenticator app", &words, Some(("Set up a new app", link))).await
}

/// To the address that is to be confirmed; it does not say which one the account has now.
pub async fn confirm_email(work: &mut Work, to: &account::Model, new: &str, look: &FrameLook, link: &str) -> Result<()> {
    let to = account::Model { email: new.to_owned(), ..to.clone() };
    let words = [
        format!("Hello {},", to.name),
        format!("You asked to sign in with {new} from now on. Confirm that this address is yours."),
        "The link works once, within 60 minutes. If it was not you, leave it: nothing changes.".to_owned(),
    ];
    send(work, &to, look, "Confirm your new e-mail address", &words, Some(("Confirm the address", link))).await
}

/// To the address the account has now.
pub async fn email_change_asked(work: &mut Work, to: &account::Model, new: &str) -> Result<()> {
    let words = [
        format!("On {} the e-mail of this account was asked to become {new}.", work.now().words()),
        "It changes when the link that was mailed there is opened; until then you sign in as before.".to_owned(),
    ];
    warn(work, to, "A change of your e-mail address was asked for", &words).await
}

/// To whom an address belongs that somebody else asked for.
pub async fn email_wanted(work: &mut Work, to: &account::Model) -> Result<()> {
    let words = [
        format!("Somebody asked to sign in with {}, which is your address here.", to.email),
        "Nothing was changed, and they were not told that you have an account.".to_owned(),
    ];
    warn(work, to, "Somebody asked for your e-mail address", &words).await
}

/// To both addresses.
pub async fn email_changed(work: &mut Work, before: &account::Model, after: &account::Model) -> Result<()> {
    let words = [
        format!("The e-mail of this account was changed from {} to {} on {}.", before.email, after.email, work.now().words()),
        "All other sessions were ended. From now on the new address signs in; the password is the same.".to_owned(),
    ];
    warn(work, before, "Your e-mail address was changed", &words).await?;
    warn(work, after, "Your e-mail address was changed", &words).await
}

/// `what`: `your session in Firefox on Windows (203.0.113.7)`
pub async fn sessions_closed(work: &mut Work, to: &account::Model, what: &str) -> Result<()> {
    let words = [
        format!("{} ended {what} on {}. Sign in again as before.", work.actor().name, work.now().words()),
        "If you do not know why, ask them.".to_owned(),
    ];
    let path = if to.realm == FIRM { "/login" } else { "/portal/login" };
    let link = work.platform().config.link(path);
    send(work, to, &FrameLook::default(), "You were signed out by an administrator", &words, Some(("Sign in", &link))).await
}
