//! Mail: the server and the sender. Whatever would send a password in the clear, or have every mail refused, is refused here.

use super::source::{Secret, SettingError, Source, is_loopback, wrong};

/// The server, where there is one, and who mails come from.
pub(super) fn checked(source: &Source) -> Result<(Option<Secret>, String), SettingError> {
    let smtp_url = source.get("SMTP_URL").map(Secret::new);
    if let Some(url) = &smtp_url
        && !(url.expose().starts_with("smtp://") || url.expose().starts_with("smtps://"))
    {
        return Err(wrong(
            "SMTP_URL",
            "it is no smtp:// or smtps:// address",
            "Give smtps://user:password@host or smtp://host:port?tls=required.",
        ));
    }
    if let Some(url) = smtp_url.as_ref().and_then(|url| url::Url::parse(url.expose()).ok())
        && url.scheme() == "smtp"
        && !is_loopback(&url)
        && !url.query_pairs().any(|(name, value)| name == "tls" && value == "required")
    {
        return Err(wrong(
            "SMTP_URL",
            "it would send the password and every one-time link in the clear",
            "Use smtps://user:password@host, or add ?tls=required to it.",
        ));
    }
    if smtp_url.is_some() && source.get("SES_FROM_ADDRESS").is_none() {
        return Err(wrong(
            "SES_FROM_ADDRESS",
            "SMTP_URL is set and no sender is: every mail would be refused",
            "Give the address mails come from, e.g. The One Legal <legal@example.com>, and verify it at the mail server.",
        ));
    }
    let mail_from = source.get("SES_FROM_ADDRESS").unwrap_or("The One Legal <no-reply@localhost>").to_owned();
    if mail_from.parse::<lettre::message::Mailbox>().is_err() {
        return Err(wrong(
            "SES_FROM_ADDRESS",
            format!("`{mail_from}` is no sender"),
            "Give an address, e.g. The One Legal <legal@example.com>.",
        ));
    }
    Ok((smtp_url, mail_from))
}
