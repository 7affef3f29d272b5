//! `/legal/tickets`: the tickets of all clients, as the MSP works on them.

use actix_web::{http::StatusCode, web::Query};
use askama::Template;
use entity::{
    Moment,
    identity::AccountStatus,
    ids::{AccountId, CompanyId, TenantId},
    matters::MatterKind,
    tickets::{EntrySide, TicketStatus, ticket},
};

use super::{
    Said, answers_of, files,
    filter::{self, Filter},
    portal::{gather, key},
    said,
};
use crate::{
    identity,
    matters::MatterOpener,
    platform::{
        Error, FieldErrors, Platform, Result, Tx, random,
        web::{Answer, Ask, Fields, Frame, Pager, page, page_with, see_other},
    },
    tenancy::{self, caller::Desk},
    tickets::{
        Change, Comment, Delivery, DeskTicket, DeskWorker, TicketLine, attachments_of, away_since, change, comment_as_staff,
        entries, href_of_staff, open_matter, queries, ticket as words,
    },
    vault::{DocumentRow, Upload},
};

#[derive(Template)]
#[template(path = "tickets/list_desk.html")]
struct ListPage {
    frame: Frame,
    filter: Filter,
    rows: Vec<TicketLine>,
    pager: Pager,
    filtered: bool,
    away: Option<Moment>,
    statuses: Vec<(&'static str, &'static str)>,
    priorities: Vec<(&'static str, &'static str)>,
    clients: Vec<(CompanyId, String)>,
    people: Vec<(String, String)>,
    sorts: Vec<(&'static str, &'static str)>,
}

/// The MSP's people who can be given a ticket.
async fn people(tx: &Tx, tenant: TenantId) -> Result<Vec<(AccountId, String)>> {
    let mut found = Vec::new();
    for seat in tenancy::seats(tx, tenant).await? {
        if let Some(account) = identity::account(tx, seat.account_id).await?
            && account.status == AccountStatus::Active
        {
            found.push((account.id, account.name));
        }
    }
    Ok(found)
}

pub async fn list(ask: Ask<Desk>, filter: Query<Filter>) -> Answer {
    let filter = filter.into_inner();
    let desk = &ask.who;
    let platform = ask.platform();
    let tx = platform.read(desk.caller.reach()).await?;
    let (rows, total) = queries::list_for_desk(&tx, &platform, desk.tenant, &filter.wanted(&desk.caller)).await?;
    let mut choices = vec![("me".to_owned(), "Me".to_owned()), ("nobody".to_owned(), "Nobody".to_owned())];
    let others = people(&tx, desk.tenant).await?.into_iter().filter(|(id, _)| *id != desk.caller.account);
    choices.extend(others.map(|(id, name)| (id.to_string(), name)));
    page(&ListPage {
        frame: ask.frame(),
        pager: Pager::new(filter.pages().number(), total, &filter.address("/legal/tickets")),
        filtered: filter.is_filtered(),
        away: away_since(&tx, desk.tenant).await?,
        statuses: filter::statuses(),
        priorities: words::priorities(),
        clients: tenancy::companies(&tx, desk.tenant).await?.into_iter().map(|row| (row.id, row.name)).collect(),
        people: choices,
        sorts: queries::Sort::ALL.to_vec(),
        filter,
        rows,
    })
}

/// What was typed, to be shown again.
#[derive(Clone, Debug, Default)]
struct Typed {
    body: String,
    internal: bool,
    then: String,
    subject: String,
    status: String,
    priority: String,
    assignee: String,
}

fn typed_of(row: &ticket::Model) -> Typed {
    Typed {
        subject: row.subject.clone(),
        status: row.status.word().to_owned(),
        priority: row.priority.word().to_owned(),
        assignee: row.assignee_id.map(|id| id.to_string()).unwrap_or_default(),
        ..Typed::default()
    }
}

#[derive(Template)]
#[template(path = "tickets/show_desk.html")]
struct ShowPage {
    frame: Frame,
    ticket: ticket::Model,
    company: String,
    answers: Vec<(String, String)>,
    said: Vec<Said>,
    documents: Vec<DocumentRow>,
    delivery: Delivery,
    overdue: bool,
    works: bool,
    may_open_matter: bool,
    errors: FieldErrors,
    typed: Typed,
    key: String,
    statuses: Vec<(&'static str, &'static str)>,
    /// What a reply may do to the status.
    nexts: Vec<(&'static str, &'static str)>,
    priorities: Vec<(&'static str, &'static str)>,
    people: Vec<(AccountId, String)>,
    limit_mb: u64,
}

const NEXTS: [TicketStatus; 4] =
    [TicketStatus::InProgress, TicketStatus::WaitingOnClient, TicketStatus::WaitingOnVendor, TicketStatus::Resolved];

async fn show_page(
    platform: &Platform,
    desk: &Desk,
    row: &ticket::Model,
    frame: Frame,
    errors: FieldErrors,
    typed: Option<Typed>,
) -> Result<ShowPage> {
    let tx = platform.read(desk.caller.reach()).await?;
    let row = queries::ticket(&tx, row.id).await?.ok_or(Error::NotFound)?;
    let names = tenancy::company_names(&tx, [row.company_id]).await?;
    Ok(ShowPage {
        frame,
        company: names.get(&row.company_id).cloned().unwrap_or_default(),
        answers: answers_of(&row.answers),
        said: said(entries(&tx, row.id, true).await?, EntrySide::Staff),
        documents: attachments_of(&tx, &desk.caller, row.id).await?,
        delivery: Delivery::of(platform, &row),
        overdue: row.due_at.is_some_and(|due| due < platform.clock.now()) && !words::is_done(row.status),
        works: desk.works,
        may_open_matter: desk.works && MatterOpener::may(&desk.caller),
        errors,
        typed: typed.unwrap_or_else(|| typed_of(&row)),
        key: random::token(),
        statuses: words::statuses(),
        nexts: NEXTS.iter().map(|word| (word.word(), word.label())).collect(),
        priorities: words::priorities(),
        people: people(&tx, row.tenant_id).await?,
        limit_mb: platform.config.upload_limit / 1024 / 1024,
        ticket: row,
    })
}

pub async fn show(ask: Ask<DeskTicket>) -> Answer {
    page(&show_page(&ask.platform(), &ask.who.desk, &ask.who.ticket, ask.frame(), FieldErrors::default(), None).await?)
}

pub async fn comment(mut ask: Ask<DeskWorker, Upload>) -> Answer {
    let platform = ask.platform();
    let field = |name: &str| ask.body.fields.get(name).unwrap_or_default().to_owned();
    let (body, then, internal) = (field("body"), field("then"), field("internal") == "true");
    let input = Comment { body: body.clone(), key: key(&field("key")) };
    let mut errors = FieldErrors::default();
    gather(input.check(), &mut errors)?;
    // A note is among staff; its files would not be.
    let astray = internal && ask.body.has_files();
    if astray {
        errors.add("files", "An internal note takes no files. Leave them out, or take the tick away and send them to the client.");
    }
    if !errors.is_empty() {
        if astray {
            ask.body.drain().await
        } else {
            ask.body.turn_back(&mut errors).await
        }
        let typed = Typed { body, internal, then, ..typed_of(&ask.who.ticket) };
        let shown = show_page(&platform, &ask.who.desk, &ask.who.ticket, ask.frame(), errors, Some(typed)).await?;
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    let reach = ask.who.desk.caller.reach();
    let mut work = ask.work(reach.clone()).await?;
    let fresh = comment_as_staff(&mut work, &ask.who, &input, internal, then.parse().ok()).await?;
    work.commit().await?;
    let address = href_of_staff(ask.who.ticket.id);
    if internal {
        let toast = if fresh { "Your note is there; the client does not see it" } else { "That was sent already" };
        return see_other(address).toast(toast).answer();
    }
    let (actor, row) = (ask.actor(), ask.who.ticket.clone());
    let there = match fresh {
        true => Vec::new(),
        false => files::there(&platform.read(reach.clone()).await?, &ask.who.desk.caller, row.id).await?,
    };
    match files::take(&platform, actor, reach, &row, EntrySide::Staff, &mut ask.body, &there).await? {
        None if !fresh => see_other(address).toast("That was sent already").answer(),
        Some(why) => see_other(address).warn(format!("Your answer is sent, but not everything was attached. {why}")).answer(),
        None => see_other(address).toast("Your answer is sent").answer(),
    }
}

/// What of the form shall be otherwise; a field that is not there stays as it is, an empty one is nobody, or an error.
fn wanted(fields: &Fields) -> Result<Change> {
    let mut errors = FieldErrors::default();
    let mut input = Change { subject: fields.get("subject").map(str::to_owned), ..Change::default() };
    if let Some(text) = fields.get("status") {
        match text.parse() {
            Ok(word) => input.status = Some(word),
            Err(_) => errors.add("status", "Choose a status."),
        }
    }
    if let Some(text) = fields.get("priority") {
        match text.parse() {
            Ok(word) => input.priority = Some(word),
            Err(_) => errors.add("priority", "Choose a priority."),
        }
    }
    match fields.get("assignee") {
        None => {}
        Some("") => input.assignee = Some(None),
        Some(text) => match text.parse() {
            Ok(account) => input.assignee = Some(Some(account)),
            Err(_) => errors.add("assignee", "Choose somebody of your team."),
        },
    }
    errors.check()?;
    Ok(input)
}

pub async fn change_it(ask: Ask<DeskWorker, Fields>) -> Answer {
    let mut work = ask.work(ask.who.desk.caller.reach()).await?;
    let done = match wanted(&ask.body) {
        Ok(input) => change(&mut work, &ask.who, &input).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(changed) => {
            work.commit().await?;
            let words = if changed { "Changed" } else { "All was so already" };
            see_other(href_of_staff(ask.who.ticket.id)).toast(words).answer()
        }
        Err(Error::Invalid(errors)) => {
            drop(work);
            let text = |name: &str| ask.body.get(name).unwrap_or_default().to_owned();
            let typed = Some(Typed {
                subject: text("subject"),
                status: text("status"),
                priority: text("priority"),
                assignee: text("assignee"),
                ..Typed::default()
            });
            let shown = show_page(&ask.platform(), &ask.who.desk, &ask.who.ticket, ask.frame(), errors, typed).await?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(other) => Err(other),
    }
}

/// A ticket that needs a lawyer.
pub async fn matter(ask: Ask<(DeskWorker, MatterOpener)>) -> Answer {
    let (worker, opener) = &ask.who;
    let mut work = ask.work(worker.desk.caller.reach()).await?;
    let (id, is_new) = open_matter(&mut work, worker, opener, MatterKind::General).await?;
    work.commit().await?;
    let words = if is_new { "The matter is open; your attorneys are told" } else { "The matter is open already" };
    see_other(format!("/legal/matters/{id}")).toast(words).answer()
}
