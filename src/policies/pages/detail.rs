//! One policy: where it stands, its text, the review beside it, who has signed, and what happened.

use std::collections::HashMap;

use actix_web::{HttpRequest, http::StatusCode, web::Query};
use askama::Template;
use entity::{
    Moment,
    ids::{AccountId, ContactId, PolicyCommentId, TenantId},
    policies::{Acknowledgement, PolicyStatus, comment, person, policy},
};
use serde::Deserialize;

use super::{short_day, wizard::day_or};
use crate::{
    audit,
    platform::{
        FieldErrors, Platform, Result, Tx,
        web::{Answer, Ask, Frame, frame::initials, page_with, platform},
    },
    policies::{
        PolicyFacts,
        access::Reader,
        crypt::Key,
        policy::{Verb, source},
        queries,
        remark::{Place, Remark, place},
        render::{Document, Marks, render},
    },
    signing::{self, EnvelopeView},
    tenancy::{self, Reachable},
    vault::{self, DocumentRow},
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DetailQuery {
    tab: String,
    /// The paragraph whose comment box is open; `whole` for the document.
    comment: String,
    /// The comment whose answer box is open.
    reply: String,
}

/// What came back wrong and is shown again.
#[derive(Clone, Debug, Default)]
pub struct Again {
    pub errors: FieldErrors,
    pub tab: &'static str,
    pub words: String,
    pub anchor: String,
    pub answers: String,
    pub note: String,
    pub reason: String,
}

/// A comment with its answers.
struct Thread {
    id: PolicyCommentId,
    author: String,
    initials: String,
    role: String,
    at: Moment,
    words: String,
    quote: String,
    changed: bool,
    resolved_by: Option<String>,
    answers: Vec<Thread>,
    /// Its answer box is open.
    answering: bool,
}

struct ParagraphView {
    anchor: String,
    html: String,
    threads: Vec<Thread>,
    /// Its comment box is open.
    commenting: bool,
}

struct SectionView {
    number: usize,
    name: String,
    paragraphs: Vec<ParagraphView>,
}

/// One step of the way, for the stepper.
struct Step {
    label: &'static str,
    at: Option<Moment>,
    done: bool,
    current: bool,
}

/// A line of the audit log, in words.
struct HistoryLine {
    words: String,
    actor: String,
    at: Moment,
}

/// `policy.sent_back` as people say it; an action without words of its own reads as it is written.
fn history_words(action: &str) -> String {
    let words = match action {
        "policy.created" => "Draft begun",
        "policy.edited" => "Draft changed",
        "policy.submitted" => "Sent to the attorney",
        "policy.recalled" => "Taken back from review",
        "policy.sent_back" => "Sent back",
        "policy.approved" => "Approved by the attorney",
        "policy.commented" => "Commented",
        "policy.comment_resolved" => "Comment settled",
        "policy.comment_reopened" => "Comment opened again",
        "policy.sent_to_client" => "Sent to the client",
        "policy.reminded" => "Signers reminded",
        "policy.signer_replaced" => "Signer replaced",
        "policy.fully_signed" => "Signed by all",
        "policy.published" => "Final approval: published",
        "policy.superseded" => "Superseded by a new version",
        "policy.archived" => "Archived",
        "policy.cancelled" => "Cancelled",
        "policy.renewed" => "Begun as a renewal",
        "policy.person_added" => "Somebody was put on it",
        "policy.person_removed" => "Somebody was taken off it",
        other => return other.replace(['.', '_'], " "),
    };
    words.to_owned()
}

struct Can {
    edit: bool,
    submit: bool,
    recall: bool,
    approve: bool,
    send_back: bool,
    comment: bool,
    send: bool,
    remind: bool,
    replace: bool,
    finish: bool,
    cancel: bool,
    archive: bool,
    renew: bool,
    put_on: bool,
}

#[derive(Template)]
#[template(path = "policies/detail.html")]
struct DetailPage {
    frame: Frame,
    policy: policy::Model,
    client: String,
    effective: String,
    expiry: String,
    deadline: String,
    tab: String,
    steps: Vec<Step>,
    can: Can,
    next: String,
    document: Document,
    sections: Vec<SectionView>,
    whole: Vec<Thread>,
    commenting_whole: bool,
    open_comments: usize,
    envelope: Option<EnvelopeView>,
    /// The signers who have not signed: can they sign in, and did their mail arrive?
    reach: HashMap<ContactId, Reachable>,
    documents: Vec<DocumentRow>,
    others: Vec<(ContactId, String)>,
    people: Vec<person::Model>,
    could_be_put_on: Vec<(AccountId, String)>,
    before: Option<PolicyFacts>,
    after: Option<PolicyFacts>,
    history: Vec<HistoryLine>,
    reason: Option<String>,
    again: Again,
    errors: FieldErrors,
}

pub async fn detail(ask: Ask<Reader>, query: Query<DetailQuery>) -> Answer {
    show(&ask.request, &ask.who, &query, Again::default()).await
}

/// The page, also as the answer to something typed wrong.
pub async fn show(request: &HttpRequest, who: &Reader, query: &DetailQuery, again: Again) -> Answer {
    let platform = platform(request);
    let tx = platform.read(who.caller.reach()).await?;
    let row = &who.policy;
    let opened = queries::open(&platform, &tx, row).await?;
    let unsent = matches!(row.status, PolicyStatus::Draft | PolicyStatus::InternalReview);
    let document =
        render(&opened.content, &opened.draft, &opened.tenant.currency, if unsent { Marks::Blanks } else { Marks::None })?;
    let (sections, whole) = beside(&tx, &opened.key, who, query, &again, &document).await?;
    let count = |threads: &[Thread]| threads.iter().filter(|thread| thread.resolved_by.is_none()).count();
    let open_comments =
        count(&whole) + sections.iter().flat_map(|section| &section.paragraphs).map(|p| count(&p.threads)).sum::<usize>();
    let envelope = match row.envelope_id {
        Some(id) => signing::envelope(&tx, id).await?,
        None => None,
    };
    let can = can(who);
    let others = if can.replace { others(&tx, row, envelope.as_ref()).await? } else { Vec::new() };
    let reach = match &envelope {
        Some(view) => reach(&platform, &tx, row.tenant_id, view).await?,
        None => HashMap::new(),
    };
    let people = queries::people(&tx, row.id).await?;
    let could_be_put_on = if can.put_on { queries::could_be_put_on(&tx, row.tenant_id).await? } else { Vec::new() };
    let (before, after) = queries::neighbours(&tx, row).await?;
    let lines = audit::history(&tx, &source(row.id)).await?.into_iter().rev();
    let history = lines.map(|line| HistoryLine { words: history_words(&line.action), actor: line.actor, at: line.at }).collect();
    let tab = match (again.tab, query.tab.as_str()) {
        ("", "") if row.status == PolicyStatus::InternalReview || row.sent_back_at.is_some() => "review",
        ("", "") if row.status == PolicyStatus::ClientReview => "signatures",
        ("", known @ ("text" | "review" | "signatures" | "history")) => known,
        ("", _) => "text",
        (again, _) => again,
    };
    let status = if again.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = DetailPage {
        frame: Frame::of(request),
        client: tenancy::company_in(&tx, row.company_id).await?.map(|company| company.name).unwrap_or_default(),
        effective: short_day(&row.effective_on),
        expiry: day_or(row.expires_on.as_deref(), "No end"),
        deadline: day_or(row.deadline_on.as_deref(), "None"),
        tab: tab.to_owned(),
        steps: steps(row),
        next: next(row, envelope.as_ref(), open_comments),
        can,
        document,
        sections,
        whole,
        commenting_whole: query.comment == "whole"
            || (again.tab == "review"
                && again.anchor.is_empty()
                && again.answers.is_empty()
                && !again.errors.of("words").is_empty()),
        open_comments,
        documents: vault::documents_of(&tx, &who.caller, &source(row.id)).await?,
        envelope,
        reach,
        others,
        could_be_put_on: could_be_put_on
            .into_iter()
            .filter(|(id, _)| !people.iter().any(|person| person.account_id == *id))
            .collect(),
        people,
        before,
        after,
        history,
        reason: row.reason.as_deref().map(|sealed| opened.key.open("reason", sealed)).transpose()?,
        errors: again.errors.clone(),
        again,
        policy: row.clone(),
    };
    page_with(status, &shown)
}

fn can(who: &Reader) -> Can {
    Can {
        edit: who.can(Verb::Edit),
        submit: who.can(Verb::Submit),
        recall: who.can(Verb::Recall),
        approve: who.can(Verb::Approve),
        send_back: who.can(Verb::SendBack),
        comment: who.can(Verb::Comment),
        send: who.can(Verb::SendToClient),
        remind: who.can(Verb::Remind),
        replace: who.can(Verb::ReplaceSigner),
        finish: who.can(Verb::ApproveFinally),
        cancel: who.can(Verb::Cancel),
        archive: who.can(Verb::Archive),
        renew: who.can(Verb::Renew),
        put_on: who.can(Verb::PutOn),
    }
}

/// How those who have not signed can be reached.
async fn reach(platform: &Platform, tx: &Tx, tenant: TenantId, view: &EnvelopeView) -> Result<HashMap<ContactId, Reachable>> {
    let mut missing = tenancy::contacts_of(tx, view.company).await?;
    missing.retain(|contact| view.signer(contact.id).is_some_and(|signer| signer.signed_at.is_none()));
    tenancy::reachable(platform, tx, tenant, &missing).await
}

/// Contacts who could take a signer's place.
async fn others(tx: &Tx, row: &policy::Model, envelope: Option<&EnvelopeView>) -> Result<Vec<(ContactId, String)>> {
    let asked = |id| envelope.is_some_and(|view| view.signer(id).is_some());
    let contacts = tenancy::contacts_of(tx, row.company_id).await?;
    Ok(contacts.into_iter().filter(|contact| !asked(contact.id)).map(|contact| (contact.id, contact.name)).collect())
}

fn steps(row: &policy::Model) -> Vec<Step> {
    use PolicyStatus::{Archived, ClientReview, Draft, FinalApproval, InternalReview, Published, Superseded};
    let order = [Draft, InternalReview, ClientReview, FinalApproval, Published];
    let here = match row.status {
        Superseded | Archived => Some(4),
        status => order.iter().position(|step| *step == status),
    };
    let moments = [Some(row.created_at), row.submitted_at, row.sent_at, row.signed_at, row.published_at];
    let step = |at: usize| Step {
        label: order[at].label(),
        at: moments[at].filter(|_| here.is_none_or(|here| at <= here)),
        done: here.map_or(moments[at].is_some(), |here| at < here || row.published_at.is_some()),
        current: here == Some(at) && row.status == order[at],
    };
    (0..order.len()).map(step).collect()
}

/// What happens next, and whose turn it is.
fn next(row: &policy::Model, envelope: Option<&EnvelopeView>, open_comments: usize) -> String {
    match row.status {
        PolicyStatus::Draft if row.sent_back_at.is_some() => {
            format!(
                "The attorney sent it back. {} Change what is asked for, answer, and send it again.",
                comments_words(open_comments)
            )
        }
        PolicyStatus::Draft => "A draft: finish the wizard and send it on.".to_owned(),
        PolicyStatus::InternalReview if row.approved_at.is_some() => {
            format!("Approved by {}. The MSP can send it to the client.", row.approved_by_name.as_deref().unwrap_or("the attorney"))
        }
        PolicyStatus::InternalReview => "With the attorney, who approves it or sends it back with comments.".to_owned(),
        PolicyStatus::ClientReview => match envelope {
            Some(view) if view.signers.iter().any(|signer| signer.declined_at.is_some() && signer.counts()) => {
                "A signer declined. Read why below; replace the signer, or cancel and start again.".to_owned()
            }
            Some(view) => format!("With the client: {} of {} have signed.", view.signed(), view.required()),
            None => "With the client.".to_owned(),
        },
        PolicyStatus::FinalApproval if row.acknowledgement == Acknowledgement::Informational => {
            "Nobody has to sign it; the client can read it. The owner, an admin or the primary attorney gives final approval."
                .to_owned()
        }
        PolicyStatus::FinalApproval => {
            "Everything is signed. The owner, an admin or the primary attorney gives final approval.".to_owned()
        }
        PolicyStatus::Published => "Fully executed. It never changes again; renew it to make a new version.".to_owned(),
        PolicyStatus::Superseded => "Replaced by a newer version.".to_owned(),
        PolicyStatus::Archived => "Inactive, kept for the record.".to_owned(),
        PolicyStatus::Cancelled => "Cancelled. Start again from it if it is still wanted.".to_owned(),
    }
}

fn comments_words(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "1 comment is open.".to_owned(),
        count => format!("{count} comments are open."),
    }
}

/// Each comment beside the paragraph it belongs to now; the rest on the whole document.
async fn beside(
    tx: &Tx,
    key: &Key,
    who: &Reader,
    query: &DetailQuery,
    again: &Again,
    document: &Document,
) -> Result<(Vec<SectionView>, Vec<Thread>)> {
    let mut by_paragraph: HashMap<String, Vec<Thread>> = HashMap::new();
    let mut whole = Vec::new();
    let rows = queries::comments(tx, who.policy.id).await?;
    let answering = if again.answers.is_empty() { query.reply.as_str() } else { again.answers.as_str() };
    for row in rows.iter().filter(|row| row.parent_id.is_none()) {
        let mut thread = thread(key, row, answering)?;
        for answer in rows.iter().filter(|answer| answer.parent_id == Some(row.id)) {
            thread.answers.push(self::thread(key, answer, "")?);
        }
        match place(&row.anchor, document) {
            Place::Beside { anchor, changed } => {
                thread.changed = changed;
                by_paragraph.entry(anchor).or_default().push(thread);
            }
            Place::Whole => whole.push(thread),
        }
    }
    let commenting = if again.anchor.is_empty() { query.comment.as_str() } else { again.anchor.as_str() };
    let sections = document.sections.iter().map(|section| SectionView {
        number: section.number,
        name: section.name.clone(),
        paragraphs: section
            .blocks
            .iter()
            .flat_map(|block| &block.paragraphs)
            .map(|paragraph| ParagraphView {
                threads: by_paragraph.remove(&paragraph.anchor).unwrap_or_default(),
                commenting: paragraph.anchor == commenting,
                anchor: paragraph.anchor.clone(),
                html: paragraph.html.clone(),
            })
            .collect(),
    });
    let sections: Vec<SectionView> = sections.collect();
    Ok((sections, whole))
}

fn thread(key: &Key, row: &comment::Model, answering: &str) -> Result<Thread> {
    let remark: Remark = key.open(&format!("comment:{}", row.id), &row.body)?;
    Ok(Thread {
        id: row.id,
        initials: initials(&row.author_name),
        author: row.author_name.clone(),
        role: row.author_role.clone(),
        at: row.created_at,
        words: remark.words,
        quote: remark.quote,
        changed: false,
        resolved_by: row.resolved_by_name.clone(),
        answers: Vec::new(),
        answering: row.id.to_string() == answering,
    })
}
