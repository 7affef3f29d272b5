//! Read → Acknowledge → Confirm. Every step is an address; what was read is on the server.

use actix_web::{http::StatusCode, web::Query};
use askama::Template;
use entity::signing::{EnvelopeStatus, SignerStatus};
use serde::Deserialize;

use super::{href, pdf, view, zone};
use crate::{
    platform::{
        Error, FieldErrors, Result,
        web::{Answer, Ask, Form, Frame, page, page_with, see_other},
    },
    portal::{
        access::{Document, ForSignature, SignProof},
        commands,
    },
    signing::{self, CONSENT, EnvelopeView, Reading, SignEnvelope, Signatory, SignatureRecord, SignerView, Standing},
};

#[derive(Default, Deserialize)]
struct StepQuery {
    #[serde(default)]
    step: String,
    /// One part a page, for readers without script.
    part: Option<u32>,
}

/// A part of the text as it stands on the page: the exact bytes.
struct Piece {
    number: u32,
    html: String,
}

/// What every step shows of the document.
struct Sheet {
    title: String,
    issuer: String,
    version: i32,
    sha256: String,
    href: String,
    /// The address above the steps.
    base: String,
    overdue: bool,
    scroll_to_end: bool,
}

impl Sheet {
    fn new(view: &EnvelopeView, now: entity::Moment) -> Self {
        Self {
            title: view.title.clone(),
            issuer: view.issuer.clone(),
            version: view.version,
            sha256: view.sha256.clone(),
            href: href(view),
            base: href(view).trim_end_matches("/sign").to_owned(),
            overdue: view.is_overdue(now),
            scroll_to_end: view.scroll_to_end,
        }
    }

    fn to(&self, step: &str) -> String {
        format!("{}/{step}", self.base)
    }
}

#[derive(Template)]
#[template(path = "portal/read.html")]
struct ReadPage {
    frame: Frame,
    sheet: Sheet,
    /// `5 Dec 2026`: the last day for signing.
    due: Option<String>,
    pieces: Vec<Piece>,
    parts: usize,
    /// One part a page.
    single: Option<u32>,
    /// The page shows the last part.
    is_last: bool,
    reading: Reading,
    /// JSON: seconds spent on each part so far.
    seconds: String,
    reached_end: bool,
    /// Somebody signs before this person: who.
    waits_for: Option<String>,
    /// None for somebody who only looks on, with the reason in words.
    onlooker: Option<String>,
    pdf: Option<String>,
    decline: DeclineForm,
    errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "portal/acknowledge.html")]
struct AcknowledgePage {
    frame: Frame,
    sheet: Sheet,
    form: SignForm,
    errors: FieldErrors,
    /// A rule said no: the sentence and the next step.
    refused: Option<(String, String)>,
    consent: &'static str,
    consent_version: &'static str,
    reading: Reading,
    signing_as: String,
    email: String,
}

#[derive(Template)]
#[template(path = "portal/confirm.html")]
struct ConfirmPage {
    frame: Frame,
    sheet: Sheet,
    record: SignatureRecord,
    method: &'static str,
    signed: usize,
    required: usize,
    awaited: Vec<String>,
    /// Why it will not be completed.
    stopped: Option<String>,
    pdf: Option<String>,
    is_complete: bool,
}

#[derive(Template)]
#[template(path = "portal/ended.html")]
struct EndedPage {
    frame: Frame,
    sheet: Sheet,
    heading: &'static str,
    sentence: String,
}

pub async fn show(ask: Ask<Document>) -> Answer {
    let query = Query::<StepQuery>::from_query(ask.request.query_string()).map(Query::into_inner).unwrap_or_default();
    let platform = ask.platform();
    let signatory = match &ask.who.standing {
        Standing::Onlooker(onlooker) => return look_on(&ask, &onlooker.view, &query).await,
        Standing::Signatory(signatory) => signatory,
    };
    let view = &signatory.view;
    let signer = view.signer(signatory.contact).ok_or(Error::NotFound)?;
    let sheet = Sheet::new(view, platform.clock.now());
    if signer.status == SignerStatus::Signed {
        if query.step == "text" {
            return text_page(&ask, view, &query, "This is the text you signed.".to_owned()).await;
        }
        return confirmed(&ask, view, signer, sheet).await;
    }
    if let Some((heading, sentence)) = ended(view, signer) {
        if query.step == "text" {
            return text_page(&ask, view, &query, format!("{heading}. You can read the text; it cannot be signed.")).await;
        }
        return page(&EndedPage { frame: ask.frame(), sheet, heading, sentence });
    }
    if query.step == "acknowledge" {
        return match view.may_sign(signer) {
            Ok(()) => page(&acknowledge_page(ask.frame(), sheet, signer, SignForm::default(), FieldErrors::default(), None)),
            Err(refusal) => see_other(href(view)).warn(refusal.sentence).answer(),
        };
    }
    let signer = opened(&ask, signatory, signer).await?;
    read_page(&ask, StatusCode::OK, &signer, query.part, DeclineForm::default(), FieldErrors::default()).await
}

/// The first opening is put on record.
async fn opened(ask: &Ask<Document>, signatory: &Signatory, signer: &SignerView) -> Result<SignerView> {
    if signer.started_at.is_some() {
        return Ok(signer.clone());
    }
    let mut work = ask.work(ask.who.client.caller.reach()).await?;
    let signer = signing::record_reading(&mut work, signatory, &signatory.view.sha256, &Reading::default()).await?;
    work.commit().await?;
    Ok(signer)
}

/// Why it cannot be signed any more, in words for the signer.
fn ended(view: &EnvelopeView, signer: &SignerView) -> Option<(&'static str, String)> {
    if signer.status == SignerStatus::Declined {
        return Some((
            "You declined to sign",
            format!(
                "{} has been told, with your reason. If you changed your mind, write to them: they can ask you again.",
                view.issuer
            ),
        ));
    }
    match view.status {
        EnvelopeStatus::Sent | EnvelopeStatus::Completed => None,
        EnvelopeStatus::Declined => Some((
            "This document is on hold",
            format!("Somebody declined to sign it. {} decides how it goes on; you are told.", view.issuer),
        )),
        EnvelopeStatus::Voided => {
            Some(("This request was withdrawn", format!("{} withdrew it. There is nothing for you to do.", view.issuer)))
        }
    }
}

async fn pieces<B>(ask: &Ask<Document, B>, single: Option<u32>) -> Result<(Vec<Piece>, usize, Option<u32>)> {
    let platform = ask.platform();
    let tx = platform.read(ask.who.client.caller.reach()).await?;
    let text = signing::text_of(&platform, &tx, view(&ask.who.standing).id).await?;
    let parts = signing::parts(&text);
    let count = parts.len();
    let single = single.map(|part| part.clamp(1, u32::try_from(count).unwrap_or(u32::MAX)));
    let chosen = parts.into_iter().filter(|part| single.is_none_or(|single| single == part.number));
    Ok((chosen.map(|part| Piece { number: part.number, html: part.html.to_owned() }).collect(), count, single))
}

async fn read_page(
    ask: &Ask<Document>,
    status: StatusCode,
    signer: &SignerView,
    single: Option<u32>,
    decline: DeclineForm,
    errors: FieldErrors,
) -> Answer {
    let view = view(&ask.who.standing);
    let (pieces, parts, single) = pieces(ask, single).await?;
    let due = match view.deadline {
        Some(at) => {
            let tx = ask.platform().read(ask.who.client.caller.reach()).await?;
            Some(signing::last_day_words(at, &zone(&tx, view.tenant).await?))
        }
        None => None,
    };
    let waits_for = if view.is_turn_of(signer.id) { None } else { view.turn().first().map(|other| other.name.clone()) };
    page_with(
        status,
        &ReadPage {
            frame: ask.frame(),
            sheet: Sheet::new(view, ask.platform().clock.now()),
            due,
            pieces,
            parts,
            single,
            is_last: single.is_some_and(|part| part as usize == parts),
            seconds: serde_json::to_string(&signer.reading.parts)?,
            reading: signer.reading.clone(),
            reached_end: signer.reached_end_at.is_some(),
            waits_for,
            onlooker: None,
            pdf: None,
            decline,
            errors,
        },
    )
}

async fn look_on(ask: &Ask<Document>, view: &EnvelopeView, query: &StepQuery) -> Answer {
    let words = match view.status {
        EnvelopeStatus::Completed => "Everybody asked has signed this document.".to_owned(),
        EnvelopeStatus::Sent => format!("{} of {} have signed. You are not asked to sign it.", view.signed(), view.required()),
        EnvelopeStatus::Declined => "Somebody declined to sign this document.".to_owned(),
        EnvelopeStatus::Voided => return Err(Error::NotFound),
    };
    text_page(ask, view, query, words).await
}

/// The exact text, to be read alone.
async fn text_page(ask: &Ask<Document>, view: &EnvelopeView, query: &StepQuery, words: String) -> Answer {
    let (pieces, parts, single) = pieces(ask, query.part).await?;
    page(&ReadPage {
        frame: ask.frame(),
        sheet: Sheet::new(view, ask.platform().clock.now()),
        due: None,
        pieces,
        parts,
        single,
        is_last: false,
        seconds: String::new(),
        reading: Reading::default(),
        reached_end: true,
        waits_for: None,
        onlooker: Some(words),
        pdf: pdf(view),
        decline: DeclineForm::default(),
        errors: FieldErrors::default(),
    })
}

async fn confirmed(ask: &Ask<Document>, view: &EnvelopeView, signer: &SignerView, sheet: Sheet) -> Answer {
    let tx = ask.platform().read(ask.who.client.caller.reach()).await?;
    let record = signing::record_of(&tx, view, signer.id).await?.ok_or(Error::NotFound)?;
    let method = match record.method.as_str() {
        "password+totp" => "password and one-time code",
        "link" => "one-time link from your e-mail",
        "sso" => "single sign-on",
        _ => "your portal password",
    };
    page(&ConfirmPage {
        frame: ask.frame(),
        sheet,
        method,
        signed: view.signed(),
        required: view.required(),
        awaited: view.signers.iter().filter(|other| other.is_asked()).map(|other| other.name.clone()).collect(),
        stopped: stopped(view),
        pdf: pdf(view),
        is_complete: view.all_signed(),
        record,
    })
}

/// Why it will not be completed, for those who have signed.
fn stopped(view: &EnvelopeView) -> Option<String> {
    match view.status {
        EnvelopeStatus::Sent | EnvelopeStatus::Completed => None,
        EnvelopeStatus::Declined => {
            let who = view.declined_by().map_or("Somebody", |signer| signer.name.as_str());
            let and = format!("it will not be completed unless {} asks another person to sign instead", view.issuer);
            Some(format!("{who} declined; {and}. You are told."))
        }
        EnvelopeStatus::Voided => Some(format!("{} withdrew it; it will not be completed.", view.issuer)),
    }
}

/// What the acknowledgement form sends.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct SignForm {
    #[serde(default)]
    typed_name: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    consent: Option<String>,
    #[serde(default)]
    consent_version: String,
    #[serde(default)]
    document_sha256: String,
}

fn acknowledge_page(
    frame: Frame,
    sheet: Sheet,
    signer: &SignerView,
    form: SignForm,
    errors: FieldErrors,
    refused: Option<(String, String)>,
) -> AcknowledgePage {
    AcknowledgePage {
        frame,
        sheet,
        form,
        errors,
        refused,
        consent: CONSENT.text,
        consent_version: CONSENT.version,
        reading: signer.reading.clone(),
        signing_as: signer.name.clone(),
        email: signer.email.clone(),
    }
}

pub async fn submit(ask: Ask<(ForSignature, SignProof), Form<SignForm>>) -> Answer {
    let who = &ask.who.0;
    let platform = ask.platform();
    let form = ask.body.0.clone();
    let view = &who.signatory.view;
    let input = SignEnvelope {
        typed_name: form.typed_name.clone(),
        title: form.title.clone(),
        consent: form.consent.is_some(),
        consent_version: form.consent_version.clone(),
        document_sha256: Some(form.document_sha256.clone()),
    };
    let (status, errors, refused) = match commands::sign::sign(&platform, ask.actor(), who, input).await {
        Ok(signed) => {
            let words =
                if signed.is_new { "Thank you: your signature is on record." } else { "You have already signed this document." };
            return see_other(href(view)).toast(words).answer();
        }
        Err(Error::Invalid(errors)) => (StatusCode::UNPROCESSABLE_ENTITY, errors, None),
        Err(Error::Refused(refusal)) if refusal.status == StatusCode::CONFLICT => {
            (refusal.status, FieldErrors::default(), Some((refusal.sentence.to_string(), refusal.next_step.to_string())))
        }
        Err(error) => return Err(error),
    };
    let signer = view.signer(who.signatory.contact).ok_or(Error::NotFound)?;
    let sheet = Sheet::new(view, platform.clock.now());
    page_with(status, &acknowledge_page(ask.frame(), sheet, signer, form, errors, refused))
}

/// The part that was read, from the page that shows one part at a time.
#[derive(Debug, Deserialize)]
pub struct NextForm {
    part: u32,
    document_sha256: String,
}

/// Notes the part as read and goes on to the next one, or to the acknowledgement.
pub async fn next(ask: Ask<ForSignature, Form<NextForm>>) -> Answer {
    let platform = ask.platform();
    let view = &ask.who.signatory.view;
    let tx = platform.read(ask.who.client.caller.reach()).await?;
    let text = signing::text_of(&platform, &tx, view.id).await?;
    drop(tx);
    let parts = signing::parts(&text);
    let known = view.signer(ask.who.signatory.contact).map(|signer| signer.reading.clone()).unwrap_or_default();
    let at = ask.body.0.part;
    let part = parts.iter().find(|part| part.number == at).ok_or(Error::NotFound)?;
    // A part counts when those before it were read: nobody jumps to the end by address.
    let reached = if at == 1 { 0 } else { parts.get(at as usize - 2).map_or(0, |before| before.end) };
    if known.furthest < reached {
        let mut work = ask.work(ask.who.client.caller.reach()).await?;
        work.counts_as_audited("nothing more was read");
        work.commit().await?;
        let first = parts.iter().find(|part| part.end > known.furthest).map_or(1, |part| part.number);
        return see_other(format!("{}?part={first}", href(view))).warn("You stopped here the last time.").answer();
    }
    let reported = Reading { furthest: part.end, parts: [(at, 1)].into() };
    let mut work = ask.work(ask.who.client.caller.reach()).await?;
    signing::record_reading(&mut work, &ask.who.signatory, &ask.body.0.document_sha256, &reported).await?;
    work.commit().await?;
    if at as usize == parts.len() {
        return see_other(format!("{}?step=acknowledge", href(view))).answer();
    }
    see_other(format!("{}?part={}", href(view), at + 1)).answer()
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct DeclineForm {
    #[serde(default)]
    reason: String,
}

pub async fn decline(ask: Ask<(Document, ForSignature), Form<DeclineForm>>) -> Answer {
    let (document, who) = ask.who;
    let form = ask.body.0;
    let ask = Ask { who: document, body: (), request: ask.request };
    let mut work = ask.work(who.client.caller.reach()).await?;
    match signing::decline(&mut work, &who.signatory, &form.reason).await {
        Ok(()) => {
            work.commit().await?;
            let words = format!("{} has been told that you declined.", who.signatory.view.issuer);
            see_other(href(&who.signatory.view)).toast(words).answer()
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            let signer = who.signatory.view.signer(who.signatory.contact).cloned().ok_or(Error::NotFound)?;
            read_page(&ask, StatusCode::UNPROCESSABLE_ENTITY, &signer, None, form, errors).await
        }
        Err(error) => Err(error),
    }
}
