//! What became of each mail: written down at every attempt, and again when the mail server sends news of it later, so that
//! whoever invited or asked somebody sees whether the mail arrived, and whoever runs the installation why none does.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use entity::{
    Moment, Reach, Unwalled,
    platform::delivery::{self, DeliveryCause, DeliveryState},
};
use lettre::transport::smtp;
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{Set, Unchanged},
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder,
    sea_query::Expr,
};

use super::{Actor, Mail, Platform, Refusal, Result, Tx};

/// How long it is kept what became of a mail.
const KEPT: i64 = 180 * Moment::DAY;

/// Why the server did not take a mail, and whether it may yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub cause: DeliveryCause,
    /// The server's own words.
    pub answer: String,
    /// The same mail may go later, or once somebody mends the settings.
    pub passing: bool,
}

/// True where a mail to anybody fails alike: the operator mends it, and the mail goes then.
pub fn is_everybodys(cause: DeliveryCause) -> bool {
    use DeliveryCause::{Sandbox, SenderUnverified, SignIn, Unreachable};
    matches!(cause, Unreachable | SignIn | SenderUnverified | Sandbox)
}

/// What to do, said to whoever runs the installation or, for one person's mailbox, to whoever wrote to them.
pub fn fix(cause: DeliveryCause) -> &'static str {
    match cause {
        DeliveryCause::Unreachable => "Look at SMTP_URL (host and port) and at the way out of this machine. What waits goes then.",
        DeliveryCause::SignIn => "Compare user and password in SMTP_URL with the mail server's.",
        DeliveryCause::SenderUnverified => "Verify the address of SES_FROM_ADDRESS, or its domain, in the Amazon SES console.",
        DeliveryCause::Sandbox => {
            "Request production access in the Amazon SES console: until then it sends to verified recipients only."
        }
        DeliveryCause::NoMailbox => "Compare the address with the person letter by letter, correct it, and send again.",
        DeliveryCause::MailboxFull => "Ask the person by telephone to make room, then send again.",
        DeliveryCause::CalledSpam => "Ask the person to look in the spam folder and to allow our sender, then send again.",
        DeliveryCause::Other => "Read what the mail server said, and send again.",
    }
}

/// What the words of an SMTP server mean. Codes: RFC 5321 and RFC 3463; Amazon SES: "Amazon SES SMTP response codes".
pub fn read(error: &smtp::Error, from: &str) -> Failure {
    let answer = error.to_string();
    if error.status().is_none() {
        return Failure { cause: DeliveryCause::Unreachable, answer, passing: true };
    }
    let cause = cause_of(&answer, from);
    Failure { cause, passing: error.is_transient() || is_everybodys(cause), answer }
}

fn cause_of(answer: &str, from: &str) -> DeliveryCause {
    let words = answer.to_lowercase();
    let holds = |any: &[&str]| any.iter().any(|word| words.contains(word));
    if holds(&["is not verified"]) {
        // SES names which of the two addresses failed its check.
        let domain = from.rsplit('@').next().unwrap_or(from).to_lowercase();
        let ours = words.split([' ', ',', '<', '>']).any(|word| word == from.to_lowercase() || word == domain);
        return if ours { DeliveryCause::SenderUnverified } else { DeliveryCause::Sandbox };
    }
    if holds(&["(535)", "5.7.8", "(530)", "authentication"]) {
        return DeliveryCause::SignIn;
    }
    if holds(&[
        "5.1.1",
        "5.1.2",
        "5.1.3",
        "5.1.10",
        "user unknown",
        "no such user",
        "mailbox unavailable",
        "does not exist",
        "(553)",
    ]) {
        return DeliveryCause::NoMailbox;
    }
    if holds(&["5.2.2", "4.2.2", "(452)", "(552)", "quota", "mailbox full"]) {
        return DeliveryCause::MailboxFull;
    }
    if holds(&["spam", "5.7.1", "blocked", "blacklist", "reputation"]) {
        return DeliveryCause::CalledSpam;
    }
    DeliveryCause::Other
}

/// Who took a mail: the mail server (with the id it gave), or the outbox folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    ByServer(Option<String>),
    ByOutbox,
}

/// It was taken, or not.
pub(super) async fn write_down(
    platform: &Arc<Platform>,
    mail: &Mail,
    came: std::result::Result<Taken, &Failure>,
    last: bool,
) -> Result<()> {
    let now = platform.clock.now();
    let (state, cause, answer, server_id) = match came {
        Ok(Taken::ByServer(id)) => (DeliveryState::Sent, None, None, id),
        Ok(Taken::ByOutbox) => (DeliveryState::Kept, None, None, None),
        Err(failure) => {
            let state = if last { DeliveryState::Failed } else { DeliveryState::Waiting };
            (state, Some(failure.cause), Some(failure.answer.chars().take(500).collect()), None)
        }
    };
    let mut work = platform.work(Actor::program("mail"), Reach::Everything("mails belong to no tenant")).await?;
    let row = delivery::ActiveModel {
        id: Set(mail.id),
        realm: Set(mail.realm.clone()),
        email: Set(mail.to_email.to_lowercase()),
        state: Set(state),
        cause: Set(cause),
        answer: Set(answer),
        server_id: Set(server_id),
        created_at: Set(now),
        changed_at: Set(now),
    };
    match delivery::Entity::rows().filter(delivery::Column::Id.eq(mail.id)).one(work.read()).await? {
        None => {
            delivery::Entity::insert(row).exec_without_returning(work.write()).await?;
            delivery::Entity::delete_many()
                .filter(delivery::Column::Realm.eq(mail.realm.as_str()))
                .filter(delivery::Column::Email.eq(mail.to_email.to_lowercase()))
                .filter(delivery::Column::CreatedAt.lt(now.plus(-KEPT)))
                .exec(work.write())
                .await?;
        }
        Some(known) => {
            let change = delivery::ActiveModel { id: Unchanged(mail.id), created_at: Unchanged(known.created_at), ..row };
            change.update(work.write()).await?;
        }
    }
    work.counts_as_audited("what becomes of a mail is its own log");
    work.commit().await
}

/// Later news of a mail that the server took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    Delivered,
    /// Sent back for good, with the other side's words.
    Bounced(String),
    Complained,
}

/// Writes news of a mail down; of a mail nobody sent from here, nothing. A bounce is not undone by what comes after it.
pub async fn take_news(platform: &Arc<Platform>, server_id: &str, news: News) -> Result<bool> {
    let (state, cause, answer) = match news {
        News::Delivered => (DeliveryState::Delivered, None, None),
        News::Bounced(words) => {
            let cause = cause_of(&words, "");
            let cause = if cause == DeliveryCause::Other && words.is_empty() { DeliveryCause::NoMailbox } else { cause };
            (DeliveryState::Bounced, Some(cause), Some(words.chars().take(500).collect::<String>()))
        }
        News::Complained => (DeliveryState::Complained, Some(DeliveryCause::CalledSpam), None),
    };
    let before: &[DeliveryState] = match state {
        DeliveryState::Delivered => &[DeliveryState::Sent],
        DeliveryState::Bounced => &[DeliveryState::Sent, DeliveryState::Delivered],
        _ => &[DeliveryState::Sent, DeliveryState::Delivered, DeliveryState::Bounced],
    };
    let mut work = platform.work(Actor::program("mail server"), Reach::Everything("mails belong to no tenant")).await?;
    let changed = delivery::Entity::update_many()
        .col_expr(delivery::Column::State, Expr::value(state.word()))
        .col_expr(delivery::Column::Cause, Expr::value(cause.map(DeliveryCause::word)))
        .col_expr(delivery::Column::Answer, Expr::value(answer))
        .col_expr(delivery::Column::ChangedAt, Expr::value(platform.clock.now().0))
        .filter(delivery::Column::ServerId.eq(server_id))
        .filter(delivery::Column::State.is_in(before.iter().copied()))
        .exec(work.write())
        .await?
        .rows_affected;
    work.counts_as_audited("what becomes of a mail is its own log");
    work.commit().await?;
    Ok(changed > 0)
}

/// Tells SNS that its news are wanted here. Only an address of SNS itself is asked: anybody may send us another.
pub async fn confirm_subscription(platform: &Platform, address: &str) -> Result<()> {
    let refused = || {
        Refusal::new("bad_subscription", "That is no address of Amazon SNS.", "Confirm the subscription in the SNS console.")
            .status(actix_web::http::StatusCode::BAD_REQUEST)
    };
    let url = url::Url::parse(address).ok().filter(is_of_sns).ok_or_else(refused)?;
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(std::time::Duration::from_millis(platform.config.remote_timeout_ms))
        .build()
        .map_err(anyhow::Error::from)?;
    let answer = client.get(url).send().await.map_err(|error| anyhow::anyhow!("SNS: {}", error.without_url()))?;
    if !answer.status().is_success() {
        return Err(anyhow::anyhow!("SNS answered {} to the confirmation", answer.status()).into());
    }
    Ok(())
}

fn is_of_sns(url: &url::Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let region = host.strip_prefix("sns.").and_then(|rest| rest.strip_suffix(".amazonaws.com"));
    url.scheme() == "https"
        && url.port().is_none()
        && url.username().is_empty()
        && region.is_some_and(|region| !region.is_empty() && region.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

/// The last mail to one address, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastMail {
    pub at: Moment,
    /// It did not arrive, and somebody should do something.
    pub is_trouble: bool,
    pub words: String,
    /// The same for a client, who cannot mend a mail server: where it did not arrive, without the cause.
    pub to_client: String,
}

/// What became of the last mail to each of these addresses of one realm.
pub async fn last_mails(tx: &Tx, realm: &str, emails: impl IntoIterator<Item = String>) -> Result<HashMap<String, LastMail>> {
    let emails = emails.into_iter().map(|email| email.to_lowercase());
    let rows = delivery::Entity::rows()
        .filter(delivery::Column::Realm.eq(realm))
        .filter(delivery::Column::Email.is_in(emails))
        .order_by_asc(delivery::Column::CreatedAt)
        .order_by_asc(delivery::Column::Id)
        .all(tx)
        .await?;
    Ok(rows.into_iter().map(|row| (row.email.clone(), told(&row))).collect())
}

fn told(row: &delivery::Model) -> LastMail {
    let is_trouble = !matches!(row.state, DeliveryState::Kept | DeliveryState::Sent | DeliveryState::Delivered);
    let words = match row.state {
        DeliveryState::Kept => "No mail server is set: the last mail lies in the outbox and reached nobody.".to_owned(),
        DeliveryState::Sent => "The last mail went out; no news of it since. Not there? Look in the spam folder.".to_owned(),
        DeliveryState::Delivered => "The last mail reached the mailbox. Not seen? Look in the spam folder.".to_owned(),
        state => {
            let cause = row.cause.unwrap_or(DeliveryCause::Other);
            let verb = match state {
                DeliveryState::Waiting => "The last mail is not sent yet and is tried again",
                DeliveryState::Bounced => "The last mail came back",
                DeliveryState::Complained => "The last mail was called spam by its reader",
                _ => "The last mail could not be delivered",
            };
            let remedy = if is_everybodys(cause) { "Whoever runs this installation sees it in Health." } else { fix(cause) };
            format!("{verb}: {}. {remedy}", lower_first(cause.label()))
        }
    };
    let to_client = match row.state {
        DeliveryState::Sent | DeliveryState::Delivered => words.clone(),
        DeliveryState::Waiting => "The last mail is not sent yet and is tried again.".to_owned(),
        _ => "The last mail could not be delivered.".to_owned(),
    };
    LastMail { at: row.changed_at, is_trouble, words, to_client }
}

fn lower_first(text: &str) -> String {
    match text.strip_prefix("The ") {
        Some(rest) => format!("the {rest}"),
        None => text.replacen("There is", "there is", 1),
    }
}

/// When a mail to people of this realm last went out.
pub async fn last_sent(tx: &Tx, realm: &str) -> Result<Option<Moment>> {
    let went = [DeliveryState::Sent, DeliveryState::Delivered];
    let row = delivery::Entity::rows()
        .filter(delivery::Column::Realm.eq(realm))
        .filter(delivery::Column::State.is_in(went))
        .order_by_desc(delivery::Column::ChangedAt)
        .one(tx)
        .await?;
    Ok(row.map(|row| row.changed_at))
}

/// Why mail does not go: since when, the cause, the server's words. None where the newest that was tried went; what a sandbox
/// refuses counts for a day, since mail to verified recipients goes on beside it.
pub async fn trouble(tx: &Tx, now: Moment) -> Result<Option<(Moment, DeliveryCause, String)>> {
    let sent = delivery::Entity::rows()
        .filter(delivery::Column::State.is_in([DeliveryState::Sent, DeliveryState::Delivered, DeliveryState::Bounced]))
        .order_by_desc(delivery::Column::ChangedAt)
        .one(tx)
        .await?;
    let after = sent.map_or(Moment(0), |row| row.changed_at);
    let everybodys = DeliveryCause::ALL.iter().copied().filter(|cause| is_everybodys(*cause));
    let row = delivery::Entity::rows()
        .filter(delivery::Column::State.is_in([DeliveryState::Waiting, DeliveryState::Failed]))
        .filter(delivery::Column::Cause.is_in(everybodys))
        .filter(
            Condition::any().add(delivery::Column::ChangedAt.gte(after)).add(
                Condition::all()
                    .add(delivery::Column::Cause.eq(DeliveryCause::Sandbox))
                    .add(delivery::Column::ChangedAt.gt(now.plus(-Moment::DAY))),
            ),
        )
        .order_by_desc(delivery::Column::ChangedAt)
        .one(tx)
        .await?;
    Ok(row.and_then(|row| Some((row.created_at, row.cause?, row.answer.unwrap_or_default()))))
}

/// People whose own mail does not arrive, the longest first: the last one to them failed, came back, or was called spam. Of one
/// realm, or of all.
pub async fn unreached(tx: &Tx, realm: Option<&str>) -> Result<Vec<(String, LastMail)>> {
    let mut rows = delivery::Entity::rows();
    if let Some(realm) = realm {
        rows = rows.filter(delivery::Column::Realm.eq(realm));
    }
    let lost = [DeliveryState::Failed, DeliveryState::Bounced, DeliveryState::Complained];
    let some = rows.clone().filter(delivery::Column::State.is_in(lost)).all(tx).await?;
    let emails: BTreeSet<String> = some.into_iter().map(|row| row.email).collect();
    let all = rows
        .filter(delivery::Column::Email.is_in(emails))
        .order_by_asc(delivery::Column::CreatedAt)
        .order_by_asc(delivery::Column::Id)
        .all(tx)
        .await?;
    let newest: BTreeMap<(String, String), delivery::Model> =
        all.into_iter().map(|row| ((row.realm.clone(), row.email.clone()), row)).collect();
    let mut found: Vec<_> = newest
        .into_values()
        .filter(|row| lost.contains(&row.state) && !row.cause.is_some_and(is_everybodys))
        .map(|row| (row.email.clone(), told(&row)))
        .collect();
    found.sort_by_key(|(_, last)| last.at);
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_sns_is_asked_to_confirm() {
        let is = |text: &str| is_of_sns(&url::Url::parse(text).expect("an address"));
        assert!(is("https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=1"));
        for foreign in [
            "http://sns.eu-central-1.amazonaws.com/",
            "https://sns.eu-central-1.amazonaws.com.example.com/",
            "https://sns.evil.example/x.amazonaws.com",
            "https://sns..amazonaws.com/",
            "https://169.254.169.254/",
            "https://sns.eu-central-1.amazonaws.com:8443/",
        ] {
            assert!(!is(foreign), "{foreign}");
        }
    }

    #[test]
    fn the_words_of_a_mail_server_name_the_cause() {
        let ours = "legal@harbor.example";
        for (answer, cause) in [
            (
                "permanent error (554): Message rejected: Email address is not verified. The following identities failed the check in \
                 region US-EAST-1: legal@harbor.example",
                DeliveryCause::SenderUnverified,
            ),
            (
                "permanent error (554): Message rejected: Email address is not verified. The following identities failed the check in \
                 region US-EAST-1: cleo@acme.example",
                DeliveryCause::Sandbox,
            ),
            ("permanent error (535): Authentication Credentials Invalid", DeliveryCause::SignIn),
            ("permanent error (550): 5.1.1 <cleo@acme.example>: Recipient address rejected", DeliveryCause::NoMailbox),
            ("permanent error (552): 5.2.2 over quota", DeliveryCause::MailboxFull),
            ("permanent error (550): 5.7.1 message refused", DeliveryCause::CalledSpam),
            ("permanent error (550): no", DeliveryCause::Other),
        ] {
            assert_eq!(cause_of(answer, ours), cause, "{answer}");
        }
    }
}
