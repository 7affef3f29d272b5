//! Mail: by SMTP, or as files in `DATA_DIR/outbox` where no `SMTP_URL` is set.

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart, header},
};

use super::{Config, Error, Job, Outcome, Platform, Result, text};

/// One mail, ready to go. Enqueue it as a job in the command's transaction: `work.enqueue(&mail)`.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Mail {
    /// The same for every attempt at the same mail; becomes the Message-ID.
    pub id: uuid::Uuid,
    pub to_name: String,
    pub to_email: String,
    /// Shown as the sender's name: the tenant's portal, or The One Legal.
    pub from_name: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// The one letter every mail is: the tenant's look, paragraphs, a button.
#[derive(askama::Template)]
#[template(path = "mail/letter.html")]
struct HtmlLetter<'a> {
    look: &'a super::web::FrameLook,
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
        to: (&str, &str),
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
            to_name: text::line(to.0),
            to_email: to.1.to_owned(),
            from_name: look.name.clone(),
            subject: subject.to_owned(),
            text: TextLetter { look, paragraphs, button }.render()?,
            html: HtmlLetter { look, subject, paragraphs, button }.render()?,
        })
    }
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

    pub async fn send(&self, mail: &Mail) -> Result<()> {
        match self {
            Self::Smtp { transport, from } => {
                transport.send(compose(mail, from)?).await.map_err(|e| anyhow::anyhow!("SMTP: {e}"))?;
            }
            Self::Outbox { folder, from } => {
                let bytes = compose(mail, from)?.formatted();
                let path = folder.join(format!("{}.eml", mail.id));
                let fresh = folder.join(format!(".{}.part", mail.id));
                tokio::fs::write(&fresh, bytes).await?;
                tokio::fs::rename(&fresh, &path).await?;
            }
        }
        Ok(())
    }
}

fn compose(mail: &Mail, from: &Mailbox) -> Result<Message> {
    let to = Mailbox::new(Some(mail.to_name.clone()), mail.to_email.parse().map_err(|e| anyhow::anyhow!("recipient: {e}"))?);
    let sender = Mailbox::new(Some(mail.from_name.clone()), from.email.clone());
    Message::builder()
        .from(sender)
        .to(to)
        .subject(text::line(&mail.subject))
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        .header(header::MIME_VERSION_1_0)
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
        .map_err(|e| Error::Internal(anyhow::anyhow!("mail: {e}")))
}

/// Minutes until the next attempt at a mail that could not be sent.
const RETRY_MINUTES: [i64; 6] = [1, 5, 15, 60, 240, 720];

impl Job for Mail {
    const KIND: &'static str = "mail";

    async fn run(self, platform: &std::sync::Arc<Platform>, attempt: i32) -> Result<Outcome> {
        match platform.mailer.send(&self).await {
            Ok(()) => Ok(Outcome::Done),
            Err(error) => match RETRY_MINUTES.get(usize::try_from(attempt - 1).unwrap_or(0)) {
                Some(minutes) => Ok(Outcome::Retry {
                    at: platform.clock.now().plus(minutes * entity::Moment::MINUTE),
                    reason: error.to_string(),
                }),
                None => Ok(Outcome::GiveUp { reason: format!("{error}; the operator looks at SMTP_URL and the address") }),
            },
        }
    }
}
