//! Mail: by SMTP, or as files in `DATA_DIR/outbox` where no `SMTP_URL` is set.

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, header},
};

use entity::{
    Unwalled,
    ids::JobId,
    platform::{
        delivery::DeliveryCause,
        job::{self, JobStatus},
    },
};
use sea_orm::{ColumnTrait, Condition, QueryFilter, QueryOrder, QuerySelect};

use super::{
    Config, Job, Lane, Outcome, Platform, Result, Tx,
    delivery::{self, Failure, Taken},
    text,
};

/// One mail, ready to go. Enqueue it as a job in the command's transaction: `work.enqueue(&mail)`.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Mail {
    /// The same for every attempt at the same mail; becomes the Message-ID.
    pub id: uuid::Uuid,
    /// Whoever looks after these people sees what became of the mail ([`super::delivery`]).
    pub realm: String,
    pub to_name: String,
    pub to_email: String,
    /// Shown as the sender's name: the tenant's portal, or The One Legal.
    pub from_name: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Whom a mail goes to.
#[derive(Clone, Copy, Debug)]
pub struct To<'a> {
    /// To whose people the address belongs.
    pub realm: &'a str,
    pub name: &'a str,
    pub email: &'a str,
}

/// The one letter every mail is: the tenant's look, paragraphs, a button.
#[derive(askama::Template)]
#[template(path = "mail/letter.html")]
struct HtmlLetter<'a> {
    look: &'a super::web::FrameLook,
    /// Absolute, on the host of the button: a mail has no address of its own.
    logo: Option<String>,
    subject: &'a str,
    paragraphs: &'a [String],
    button: Option<(&'a str, &'a str)>,
}

#[derive(askama::Template)]
#[template(path = "mail/letter.txt")]
struct TextLetter<'a> {
    look: &'a super::web::FrameLook,
    paragraphs: &'a [String],
    button: Option<(&'a str, &'a str)>,
}

impl Mail {
    /// A mail with real text and HTML, in the tenant's look. `button` is a label and an absolute address (`Config::link`).
    pub fn letter(
        id: uuid::Uuid,
        to: To<'_>,
        look: &super::web::FrameLook,
        subject: &str,
        paragraphs: &[String],
        button: Option<(&str, &str)>,
    ) -> Result<Self> {
        use askama::Template;
        let subject = &*text::line(subject);
        let look = &super::web::FrameLook { name: text::line(&look.name), ..look.clone() };
        let paragraphs = &paragraphs.iter().map(|words| text::contained(words).into_owned()).collect::<Vec<_>>();
        Ok(Self {
            id,
            realm: to.realm.to_owned(),
            to_name: text::line(to.name),
            to_email: to.email.to_owned(),
            from_name: look.name.clone(),
            subject: subject.to_owned(),
            text: TextLetter { look, paragraphs, button }.render()?,
            html: HtmlLetter { look, logo: logo(look, button), subject, paragraphs, button }.render()?,
        })
    }
}

fn logo(look: &super::web::FrameLook, button: Option<(&str, &str)>) -> Option<String> {
    let host = url::Url::parse(button?.1).ok()?;
    Some(host.join(look.logo.as_deref()?).ok()?.into())
}

pub enum Mailer {
    Smtp { transport: AsyncSmtpTransport<Tokio1Executor>, from: Mailbox },
    Outbox { folder: std::path::PathBuf, from: Mailbox },
}

impl Mailer {
    pub fn open(config: &Config) -> Result<Self> {
        let from: Mailbox = config.mail_from.parse().map_err(|e| anyhow::anyhow!("SES_FROM_ADDRESS: {e}"))?;
        match &config.smtp_url {
            Some(url) => {
                let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())
                    .map_err(|e| anyhow::anyhow!("SMTP_URL: {e}"))?
                    .timeout(Some(std::time::Duration::from_secs(20)))
                    .build();
                Ok(Self::Smtp { transport, from })
            }
            None => {
                let folder = config.outbox_folder();
                std::fs::create_dir_all(&folder)?;
                Ok(Self::Outbox { folder, from })
            }
        }
    }

    /// Who took it, or why nobody did.
    pub async fn send(&self, mail: &Mail) -> Result<std::result::Result<Taken, Failure>> {
        match self {
            Self::Smtp { transport, from } => {
                let message = match compose(mail, from) {
                    Ok(message) => message,
                    Err(answer) => return Ok(Err(Failure { cause: DeliveryCause::NoMailbox, answer, passing: false })),
                };
                return Ok(match transport.send(message).await {
                    // Amazon SES: `250 Ok 0100018…`; its later news name the mail by that word.
                    Ok(response) => {
                        let id = response.message().next().and_then(|line| line.split_whitespace().last());
                        Ok(Taken::ByServer(id.map(str::to_owned)))
                    }
                    Err(error) => Err(delivery::read(&error, from.email.as_ref())),
                });
            }
            Self::Outbox { folder, from } => {
                let bytes = match compose(mail, from) {
                    Ok(message) => message.formatted(),
                    Err(answer) => return Ok(Err(Failure { cause: DeliveryCause::NoMailbox, answer, passing: false })),
                };
                let path = folder.join(format!("{}.eml", mail.id));
                let fresh = folder.join(format!(".{}.part", mail.id));
                tokio::fs::write(&fresh, bytes).await?;
                tokio::fs::rename(&fresh, &path).await?;
            }
        }
        Ok(Ok(Taken::ByOutbox))
    }
}

/// An error is an address that is none.
fn compose(mail: &Mail, from: &Mailbox) -> std::result::Result<Message, String> {
    let address = mail.to_email.parse().map_err(|error| format!("`{}` is no address: {error}", mail.to_email))?;
    let to = Mailbox::new(Some(mail.to_name.clone()), address);
    let sender = Mailbox::new(Some(mail.from_name.clone()), from.email.clone());
    Message::builder()
        .from(sender)
        .to(to)
        .subject(text::line(&mail.subject))
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        .header(header::MIME_VERSION_1_0)
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
        .map_err(|error| error.to_string())
}

/// The jobs of mails to people of this realm that could not be sent yet, or were given up; the oldest first, so many at most.
pub async fn unsent(platform: &Platform, tx: &Tx, realm: &str) -> Result<Vec<JobId>> {
    let rows = job::Entity::rows()
        .filter(job::Column::Kind.eq(Mail::KIND))
        .filter(
            Condition::any()
                .add(job::Column::Status.eq(JobStatus::GaveUp))
                .add(Condition::all().add(job::Column::Status.eq(JobStatus::Queued)).add(job::Column::Attempts.gt(0))),
        )
        .order_by_asc(job::Column::CreatedAt)
        .order_by_asc(job::Column::Id)
        .limit(UNSENT)
        .all(tx)
        .await?;
    let is_theirs = |row: &job::Model| {
        let plain = platform.keyring.open_sealed("job", row.id.0.as_bytes(), &row.payload).ok();
        plain.and_then(|plain| serde_json::from_slice::<Mail>(&plain).ok()).is_some_and(|mail| mail.realm == realm)
    };
    Ok(rows.into_iter().filter(is_theirs).map(|row| row.id).collect())
}

/// So many are looked through.
const UNSENT: u64 = 1_000;

/// Minutes until the next attempt at a mail that could not be sent.
const RETRY_MINUTES: [i64; 6] = [1, 5, 15, 60, 240, 720];

impl Job for Mail {
    const KIND: &'static str = "mail";
    const LANE: Lane = Lane { name: "mail", places: 4 };

    async fn run(self, platform: &std::sync::Arc<Platform>, attempt: i32) -> Result<Outcome> {
        let failure = match platform.mailer.send(&self).await? {
            Ok(taken) => {
                delivery::write_down(platform, &self, Ok(taken), true).await?;
                return Ok(Outcome::Done);
            }
            Err(failure) => failure,
        };
        let next = RETRY_MINUTES.get(usize::try_from(attempt - 1).unwrap_or(0)).filter(|_| failure.passing);
        delivery::write_down(platform, &self, Err(&failure), next.is_none()).await?;
        Ok(match next {
            Some(minutes) => {
                Outcome::Retry { at: platform.clock.now().plus(minutes * entity::Moment::MINUTE), reason: failure.answer }
            }
            // A mailbox that is not there is no fault of the installation's: whoever wrote there sees it beside the person.
            None if !delivery::is_everybodys(failure.cause) => Outcome::Done,
            None => Outcome::GiveUp { reason: format!("{}: {}", failure.cause.label(), failure.answer) },
        })
    }
}
