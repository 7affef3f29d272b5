//! What the matters of the story are about, and what is said in them.

use entity::{
    ids::{ConversationId, DocumentId, MatterId, RetainerId},
    matters::{MatterKind, Urgency},
};

use super::{
    cases::{self, Case},
    papers,
    stage::{Paper, Stage},
};
use crate::{
    matters,
    platform::Result,
    vault::{Audience, Category},
};

/// Acme disputes an invoice: Tom brings it, Ada takes it, Cleo is asked.
pub async fn invoice(stage: &Stage<'_>, retainer: RetainerId) -> Result<(MatterId, ConversationId, Vec<DocumentId>)> {
    let cast = stage.cast;
    let case = Case {
        tenant: cast.harbor,
        company: Some(cast.acme),
        title: "Disputed invoice 2291: after-hours work",
        kind: MatterKind::ContractDispute,
        urgency: Urgency::High,
        description: "Acme Dental refuses to pay $1,837.50 of invoice 2291. We worked on their server on a Sunday, at Cleo's request by \
                      telephone. They say that after-hours work needs an approval in writing. What does the agreement say, and what \
                      do we answer by Friday?",
    };
    let (id, conversation) = cases::open(stage, "tom", &case).await?;
    let bill = papers::pdf(&[
        "Invoice 2291",
        "Harbor IT for Acme Dental LLC",
        "Managed services: $4,850.00",
        "After-hours work, 10.5 h at $175.00: $1,837.50",
        "Total: $6,687.50, due in 30 days",
    ]);
    let protest = papers::docx(&[
        "To Harbor IT, accounts",
        "We dispute the line for after-hours work on invoice 2291. Our agreement asks for approval in writing, and none was given.",
        "We will pay the remaining $4,850.00 on time.",
        "Cleo Vance, Office Manager",
    ])?;
    let mut attachments = Vec::new();
    let names = ["invoice-2291.pdf", "letter-of-dispute.docx"];
    for (name, title, bytes) in [(names[0], "Invoice 2291", bill), (names[1], "Letter of dispute", protest)] {
        let paper = Paper {
            tenant: cast.harbor,
            company: Some(cast.acme),
            category: Category::Matters,
            title,
            file_name: name,
            owner: matters::owner(id),
            audience: vec![Audience::Account(stage.account("tom"))],
            bytes,
        };
        attachments.push(stage.file("tom", paper).await?);
    }
    cases::file(stage, "tom", id, &attachments, &names.map(str::to_owned)).await?;
    stage.minutes(50).await?;
    cases::claim(stage, "ada", id).await?;
    stage.minutes(4).await?;
    for (who, wait, words) in [
        ("ada", 3, "Hello Tom, I have it. Both documents are here, thank you."),
        ("ada", 6, "Two questions. When did Cleo call, and is there a ticket from that Sunday?"),
        (
            "tom",
            14,
            "She called at 9:40, the server was down and they had patients at eight on Monday. Ticket 48813 was opened at 9:52, I wrote \
                     *work begins, after-hours rate applies* into it. The client sees those notes.",
        ),
        (
            "ada",
            9,
            "Good, that note helps. Section 6 asks for approval “in writing, including by email or ticket”. The question is whether \
                    she answered.",
        ),
        ("tom", 5, "She did: “please just get it running”, 10:05, in the ticket."),
        ("ada", 22, "Then we are close. Before I write anything formal I would like to hear Cleo. I am adding her here."),
    ] {
        cases::say(stage, who, conversation, words, &[]).await?;
        stage.minutes(wait).await?;
    }
    cases::add(stage, "ada", id, "cleo").await?;
    let export = Paper {
        tenant: cast.harbor,
        company: Some(cast.acme),
        category: Category::Correspondence,
        title: "Ticket 48813, notes",
        file_name: "ticket-48813.txt",
        owner: format!("conversation:{conversation}"),
        audience: ["tom", "ada", "cleo"].map(|key| Audience::Account(stage.account(key))).to_vec(),
        bytes:
            b"09:52 Tom: work begins, after-hours rate applies\n10:05 Cleo: please just get it running\n20:20 Tom: done, tested\n"
                .to_vec(),
    };
    let export = stage.file("tom", export).await?;
    cases::say(
        stage,
        "ada",
        conversation,
        "Hello Cleo. This is about the Sunday work on invoice 2291. @Tom has the notes of the ticket.",
        &[],
    )
    .await?;
    stage.minutes(7).await?;
    cases::say(stage, "tom", conversation, "Here they are.", &[export]).await?;
    stage.minutes(170).await?;
    for (who, wait, words) in [
        (
            "cleo",
            4,
            "Thank you, I had not seen that ticket; the reply went out from the front desk. I was on the phone with Tom at the time.",
        ),
        ("cleo", 31, "Ten and a half hours still seems long to us. Could you tell us what was done?"),
        (
            "tom",
            18,
            "Two failed disks, one rebuild, then the restore of the imaging database: that alone took six hours. I can send the log.",
        ),
        (
            "ada",
            45,
            "A proposal so that nobody has to argue about it: Harbor IT sends the log, credits two hours as a courtesy, and you confirm \
                     that the ticket counts as approval from now on. Would that work for you, @Cleo?",
        ),
        ("cleo", 2, "That sounds fair. I will ask Dora and answer tomorrow."),
    ] {
        cases::say(stage, who, conversation, words, &[]).await?;
        stage.minutes(wait).await?;
    }
    cases::log(stage, "ada", retainer, Some(id), 66, "Conversation with Tom and Cleo about invoice 2291").await?;
    attachments.push(export);
    Ok((id, conversation, attachments))
}

/// Nobody has taken it yet.
pub async fn ransom(stage: &Stage<'_>) -> Result<MatterId> {
    let case = Case {
        tenant: stage.cast.harbor,
        company: Some(stage.cast.bluefin),
        title: "Ransom note on a file server",
        kind: MatterKind::Incident,
        urgency: Urgency::Urgent,
        description: "A ransom note was found on Bluefin Freight's file server at 6:15 this morning. The server is off the network, backups \
                      look whole. We need to know whom to notify and by when, and what we may say to Gus.",
    };
    Ok(cases::open(stage, "mira", &case).await?.0)
}

/// Sam answered it; Tom has yet to close it.
pub async fn laptop(stage: &Stage<'_>) -> Result<MatterId> {
    let case = Case {
        tenant: stage.cast.harbor,
        company: Some(stage.cast.bluefin),
        title: "Former employee keeps a laptop",
        kind: MatterKind::General,
        urgency: Urgency::Normal,
        description: "A dispatcher left Bluefin Freight and has not returned the laptop we manage. May we lock it from here?",
    };
    let (id, conversation) = cases::open(stage, "tom", &case).await?;
    stage.minutes(120).await?;
    cases::claim(stage, "sam", id).await?;
    for (who, words) in [
        ("sam", "You may: the device is Bluefin's, and the acceptable use policy says so. Lock it, do not wipe it yet."),
        ("tom", "Locked. Gus will write to her, I sent him your wording."),
        ("sam", "Good. If it is not back in two weeks, open this again and we send a formal letter."),
    ] {
        cases::say(stage, who, conversation, words, &[]).await?;
        stage.minutes(35).await?;
    }
    stage.days(3).await?;
    cases::resolve(stage, "sam", id).await?;
    Ok(id)
}

/// Pine's own.
pub async fn pine(stage: &Stage<'_>) -> Result<(MatterId, ConversationId)> {
    let case = Case {
        tenant: stage.cast.pine,
        company: Some(stage.cast.fir),
        title: "Lease of the server room",
        kind: MatterKind::General,
        urgency: Urgency::Normal,
        description: "Fir Clinic's landlord asks who is liable for the equipment in the basement.",
    };
    let (id, conversation) = cases::open(stage, "eve", &case).await?;
    stage.minutes(3).await?;
    cases::say(stage, "eve", conversation, "I will collect the lease and the inventory first.", &[]).await?;
    Ok((id, conversation))
}
