//! Asks another program at this moment whether it answers, and says what came of it.

use std::sync::Arc;

use entity::{identity::SsoFace, ids::AccountId};
use uuid::Uuid;

use crate::{
    admin::programs::Kind,
    crm,
    identity::{
        self,
        ticket::{self, Ticket},
    },
    integrations::psa,
    invoices, mission, payments,
    platform::{
        Error, Job, Mail, Outcome, Platform, Refusal, Result, config::Service, delivery, mail::To, pace::Pace, random,
        remote::CallError,
    },
    tenancy::{self, caller::TenantAdmin},
};

/// What came of it, and what to do where it did not go well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    pub is_well: bool,
    pub words: String,
    pub fix: String,
}

impl Tried {
    fn well(words: impl Into<String>) -> Self {
        Self { is_well: true, words: words.into(), fix: String::new() }
    }

    fn trouble(words: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { is_well: false, words: words.into(), fix: fix.into() }
    }
}

/// Tries a minute, so that a button that is pressed again and again is no load over there.
const A_MINUTE: u32 = 10;

#[derive(Default)]
struct TryPace(Pace);

/// Never within a `Work`: the other side may take its time.
pub async fn try_out(platform: &Arc<Platform>, admin: &TenantAdmin, kind: Kind) -> Result<Tried> {
    let who = admin.caller.account.to_string();
    if let Err(seconds) = platform.shared::<TryPace>().0.pass(platform.clock.now(), &who, A_MINUTE) {
        let next = format!("Wait {seconds} seconds, then press it again.");
        return Err(Refusal::new("too_often", "This was tried very often just now.", next)
            .status(actix_web::http::StatusCode::TOO_MANY_REQUESTS)
            .into());
    }
    let tx = platform.read(admin.caller.reach()).await?;
    let slug = tenancy::tenant(&tx, admin.tenant).await?.ok_or(Error::NotFound)?.slug;
    drop(tx);
    let config = &platform.config;
    Ok(match kind {
        Kind::Psa => told(&config.psa, psa::answers(platform, &slug).await, "Its statuses came."),
        Kind::Books => told(&config.books, invoices::answers(platform, &slug).await, "Its invoices can be read."),
        Kind::Crm => told(&config.crm, crm::answers(platform, &slug).await, "Its companies can be read."),
        Kind::Mission => {
            let answer = mission::answers(platform, &slug, &admin.caller.email).await;
            told(&config.mission, answer, "What members see can be read.")
        }
        Kind::Hub => hub(platform),
        Kind::Stripe => stripe(platform).await,
        Kind::Mail => mail(platform, admin).await?,
        Kind::Storage => storage(platform).await,
        Kind::Push | Kind::Own | Kind::Model => return Err(Error::NotFound),
    })
}

fn told(service: &Service, answer: std::result::Result<(), CallError>, what: &str) -> Tried {
    let name = service.name;
    match answer {
        Ok(()) => Tried::well(format!("{name} answers and takes our key. {what}")),
        Err(CallError::NotSet(setting)) => {
            Tried::trouble(format!("{name} is not asked: {setting} is not set."), format!("Set {setting} and start again."))
        }
        Err(CallError::Missing) => Tried::trouble(
            format!("{name} answers and takes our key, and does not know this MSP."),
            format!("Look in {name} whether the MSP is set up there by the same name as in the address of its portal."),
        ),
        Err(CallError::KeyRefused) => Tried::trouble(
            format!("{name} was asked, and it refused our key."),
            format!("Compare {} here with the key {name} expects; they must be the same.", service.key_setting),
        ),
        Err(error @ CallError::Garbage(_)) => Tried::trouble(
            format!("{name} was asked, and {error}."),
            format!("Look whether {} is the right address, and whether both sides speak the same version.", service.url_setting),
        ),
        Err(error) => Tried::trouble(
            format!("{name} was asked, and {error}."),
            format!("Look whether {name} runs at {} and this machine reaches it.", service.url_setting),
        ),
    }
}

/// The Hub is never asked, it sends people: a link is made as it does, and read.
fn hub(platform: &Platform) -> Tried {
    let now = platform.clock.now();
    for face in [SsoFace::Client, SsoFace::Staff] {
        let setting = ticket::setting(face);
        let Some(secret) = ticket::secrets(&platform.config, face).usable.first() else {
            return Tried::trouble(
                format!("{setting} is missing or too short: links of the Hub are refused."),
                format!("Set {setting} to the Hub's value and start again."),
            );
        };
        let link = Ticket {
            face,
            sub: "test".to_owned(),
            email: "test@example.com".to_owned(),
            name: "Test".to_owned(),
            tenant_id: String::new(),
            tenant_slug: "test".to_owned(),
            company: AccountId(Uuid::nil()).to_string(),
            access_level: "own".to_owned(),
            psa_contact: String::new(),
            org_type: "msp".to_owned(),
            org_role: "viewer".to_owned(),
            entitlements: None,
            jti: random::token(),
        };
        let read =
            ticket::sign(secret.expose(), &link, now.seconds()).map(|token| ticket::read(&platform.config, face, &token, now));
        match read {
            Ok(Ok(_)) => {}
            Ok(Err(refused)) => return Tried::trouble(refused.fault.reason(face), refused.fault.next_step(face)),
            Err(error) => return Tried::trouble(error.to_string(), format!("Set {setting} anew.")),
        }
    }
    Tried::well(
        "Links signed with our secrets are read. Whether the Hub has the same ones shows when somebody comes from it: a link that \
         was signed with another stands under Refused links.",
    )
}

async fn stripe(platform: &Platform) -> Tried {
    match payments::stripe_answers(platform).await {
        None => Tried::trouble("Stripe is not asked: STRIPE_SECRET_KEY is not set.", "Set STRIPE_SECRET_KEY and start again."),
        Some(Ok(())) if platform.config.stripe_webhook_secrets.is_empty() => Tried::trouble(
            "Stripe answers and takes our key; STRIPE_WEBHOOK_SECRET is not set, so what it tells is refused.",
            "Set STRIPE_WEBHOOK_SECRET to the signing secret of the endpoint in Stripe's dashboard.",
        ),
        Some(Ok(())) => Tried::well("Stripe answers and takes our key."),
        Some(Err(payments::StripeError::Refused { message, .. })) => Tried::trouble(
            format!("Stripe was asked, and it refused: {message}"),
            "Compare STRIPE_SECRET_KEY with the key in Stripe's dashboard → Developers → API keys.",
        ),
        Some(Err(payments::StripeError::Unknown(why))) => Tried::trouble(
            format!("Stripe was asked, and there is no answer: {why}"),
            "Look whether this machine reaches Stripe (STRIPE_API_BASE, proxies, firewall). Nothing is lost meanwhile.",
        ),
    }
}

/// A letter to whoever presses the button, by the way every letter goes.
async fn mail(platform: &Arc<Platform>, admin: &TenantAdmin) -> Result<Tried> {
    let email = admin.caller.email.clone();
    let tx = platform.read(admin.caller.reach()).await?;
    let tenant = tenancy::tenant(&tx, admin.tenant).await?.ok_or(Error::NotFound)?;
    drop(tx);
    let words = ["You asked for this mail at Admin → Integrations. That you read it means that mail goes out.".to_owned()];
    let to = To { realm: identity::FIRM, name: &admin.caller.name, email: &email };
    let id = random::id(platform.clock.now());
    let letter = Mail::letter(id, to, &tenancy::look(&tenant), "A test of the mail settings", &words, None)?;
    let came = letter.run(platform, i32::MAX).await?;
    let tx = platform.read(admin.caller.reach()).await?;
    let last = delivery::last_mails(&tx, identity::FIRM, [email.clone()]).await?.remove(&email.to_lowercase());
    Ok(match (came, last) {
        (Outcome::Done, Some(last)) if !last.is_trouble && platform.config.smtp_url.is_some() => {
            Tried::well(format!("The mail server took a mail to {email}. Look whether it came, in the spam folder too."))
        }
        (Outcome::Done, Some(last)) if !last.is_trouble => Tried::trouble(
            "SMTP_URL is not set: the mail lies in the outbox folder and reached nobody.",
            "Set SMTP_URL and SES_FROM_ADDRESS and start again.",
        ),
        (Outcome::Done, last) => {
            let words = last.map(|last| last.words).unwrap_or_default();
            Tried::trouble(words, "Read what the mail server says, and put that right.")
        }
        (Outcome::Retry { reason, .. } | Outcome::GiveUp { reason }, _) => Tried::trouble(
            format!("The mail server did not take a mail to {email}: {reason}"),
            "Whoever runs this installation looks at SMTP_URL and SES_FROM_ADDRESS. What waits goes once they are right.",
        ),
    })
}

/// A small object is written and taken away, and something is sealed and opened.
async fn storage(platform: &Platform) -> Tried {
    if let Err(error) = platform.blobs.writable().await {
        return Tried::trouble(
            format!("No document can be stored: {}", error.detail()),
            "Whoever runs this installation looks at STORAGE_URL, and at the room and rights of that folder.",
        );
    }
    let sealed = platform.keyring.seal("probe", b"probe", b"probe");
    match platform.keyring.open_sealed("probe", b"probe", &sealed) {
        Ok(opened) if *opened == *b"probe" => Tried::well("A small object was written and taken away, sealed and opened."),
        _ => Tried::trouble(
            "What is sealed with the keyring cannot be opened.",
            "Whoever runs this installation puts the keyring of this installation back (KEYRING_FILE).",
        ),
    }
}
