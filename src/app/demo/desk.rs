//! The service desk of the story: what can be asked for, and some tickets.

use entity::{
    Moment,
    ids::{ServiceId, TicketId},
    tickets::{TicketCategory, TicketPriority, TicketStatus},
};

use super::stage::Stage;
use crate::{
    platform::{Result, random},
    tenancy::caller::{PortalClient, TenantAdmin},
    tickets::{self, Change, Comment, DeskTicket, DeskWorker, OpenTicket, Question, QuestionKind, Requester, SaveService},
};

/// The ticket that waits for Cleo, and the service of new colleagues.
pub async fn fill(stage: &Stage<'_>) -> Result<(TicketId, ServiceId)> {
    let question = |label: &str, kind, required, choices: &[&str], help: &str| Question {
        label: label.to_owned(),
        kind,
        required,
        choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
        help: help.to_owned(),
    };
    let colleague = service(
        stage,
        SaveService {
            name: "A new colleague".to_owned(),
            description: "Account, mailbox and a computer, ready on the first day.".to_owned(),
            category: TicketCategory::Access,
            priority: TicketPriority::Normal,
            sla_hours: Some(72),
            questions: vec![
                question("Name", QuestionKind::Text, true, &[], "As it shall stand in the address book."),
                question("First day", QuestionKind::Date, true, &[], ""),
                question("Computer", QuestionKind::Choice, true, &["Laptop", "Desktop", "None, they have one"], ""),
                question("Needs a phone", QuestionKind::YesNo, false, &[], ""),
                question("What they will work on", QuestionKind::LongText, false, &[], "So that they get the right programs."),
            ],
            offered: true,
        },
    )
    .await?;
    service(
        stage,
        SaveService {
            name: "Access to a shared folder".to_owned(),
            description: "For somebody who is with you already.".to_owned(),
            category: TicketCategory::Access,
            priority: TicketPriority::Normal,
            sla_hours: Some(8),
            questions: vec![
                question("Folder", QuestionKind::Text, true, &[], ""),
                question("For whom", QuestionKind::Text, true, &[], ""),
                question("They may change what is in it", QuestionKind::YesNo, true, &[], ""),
            ],
            offered: true,
        },
    )
    .await?;

    let printer = open(
        stage,
        "ben",
        "Printer at the front desk prints half pages",
        TicketCategory::Hardware,
        TicketPriority::Normal,
        "Since this morning it stops in the middle of the page and blinks orange. Restarting did not help.",
        None,
    )
    .await?;
    stage.minutes(25).await?;
    answer(stage, "tom", printer, "A new fuser is on its way; until then please print in room 2.", false, None).await?;
    change(
        stage,
        "tom",
        printer,
        Change { status: Some(TicketStatus::WaitingOnVendor), assignee: Some(Some(stage.account("tom"))), ..Change::default() },
    )
    .await?;
    answer(stage, "tom", printer, "Third fuser this year. Offer them a lease.", true, None).await?;
    stage.minutes(90).await?;
    let answers = [("Name", "Priya Nair"), ("First day", &stage.day(12)), ("Computer", "Laptop"), ("Needs a phone", "Yes")]
        .map(|(question, answer)| (question.to_owned(), answer.to_owned()))
        .to_vec();
    let priya = open(
        stage,
        "cleo",
        "A new colleague: Priya Nair",
        TicketCategory::Access,
        TicketPriority::Normal,
        "",
        Some((colleague, answers)),
    )
    .await?;
    stage.minutes(40).await?;
    let words = "Gladly. Which programs will she need: the imaging suite as well, or only scheduling?";
    answer(stage, "tom", priya, words, false, Some(TicketStatus::WaitingOnClient)).await?;
    let resolved = open(
        stage,
        "dora",
        "Cannot open the insurer's portal",
        TicketCategory::Software,
        TicketPriority::High,
        "It says my browser is too old.",
        None,
    )
    .await?;
    stage.minutes(15).await?;
    answer(stage, "mira", resolved, "Your browser is up to date now; please try again.", false, Some(TicketStatus::Resolved))
        .await?;
    stage.minutes(30).await?;
    open(
        stage,
        "gus",
        "Dispatch loses the network every few minutes",
        TicketCategory::Network,
        TicketPriority::Urgent,
        "All four dispatchers, since the storm last night. Phones work.",
        None,
    )
    .await?;
    stage.later(Moment::MINUTE).await?;
    Ok((priya, colleague))
}

async fn service(stage: &Stage<'_>, input: SaveService) -> Result<ServiceId> {
    let mut work = stage.work("mira").await?;
    let id = tickets::save_service(&mut work, &TenantAdmin::of(stage.caller("mira"))?, None, &input).await?;
    work.commit().await?;
    Ok(id)
}

async fn open(
    stage: &Stage<'_>,
    key: &str,
    subject: &str,
    category: TicketCategory,
    priority: TicketPriority,
    description: &str,
    service: Option<(ServiceId, Vec<(String, String)>)>,
) -> Result<TicketId> {
    let mut work = stage.work(key).await?;
    let requester = Requester::of(PortalClient::of(stage.caller(key))?);
    let input = OpenTicket {
        subject: subject.to_owned(),
        category,
        priority,
        description: description.to_owned(),
        service,
        key: random::token(),
    };
    let (id, _) = tickets::open(&mut work, &requester, input).await?;
    work.commit().await?;
    Ok(id)
}

async fn answer(stage: &Stage<'_>, key: &str, id: TicketId, body: &str, internal: bool, then: Option<TicketStatus>) -> Result<()> {
    let mut work = stage.work(key).await?;
    let worker = DeskWorker::of(DeskTicket::of(work.read(), stage.caller(key), id).await?)?;
    let comment = Comment { body: body.to_owned(), key: random::token() };
    tickets::comment_as_staff(&mut work, &worker, &comment, internal, then).await?;
    work.commit().await
}

async fn change(stage: &Stage<'_>, key: &str, id: TicketId, input: Change) -> Result<()> {
    let mut work = stage.work(key).await?;
    let worker = DeskWorker::of(DeskTicket::of(work.read(), stage.caller(key), id).await?)?;
    tickets::change(&mut work, &worker, &input).await?;
    work.commit().await
}
