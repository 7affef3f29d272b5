//! Hears what attorneys do, inside the transaction that told it, and proposes time for it.

use std::{future::Future, pin::Pin};

use entity::{
    ids::{ConversationId, MatterId},
    retainers::ProposalKind,
};

use super::commands::propose::{Piece, propose};
use crate::{
    matters,
    platform::{Result, Told, Tx, Work},
};

pub fn listen<'a>(work: &'a mut Work, told: &'a Told) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
    Box::pin(async move {
        let (Some(tenant), Some(account)) = (told.tenant, told.actor) else { return Ok(()) };
        if !HEARD.contains(&told.name.as_str()) {
            return Ok(());
        }
        match piece(work.read(), told).await? {
            Some(piece) => propose(work, told.id, tenant, account, piece).await,
            None => Ok(()),
        }
    })
}

const HEARD: &[&str] = &["message.written", "document.opened", "policy.sent_back", "policy.approved"];

/// What of an event may become time; none where it belongs to no matter and is no review.
async fn piece(tx: &Tx, told: &Told) -> Result<Option<Piece>> {
    let text = |field: &str| told.data[field].as_str().unwrap_or_default().to_owned();
    Ok(match told.name.as_str() {
        "message.written" => of_conversation(tx, &text("conversation")).await?.map(|matter| Piece {
            kind: ProposalKind::Messages,
            matter: Some(matter),
            source: matters::owner(matter),
            pieces: told.data["messages"].as_i64().and_then(|n| i32::try_from(n).ok()).unwrap_or(1),
            subject: String::new(),
        }),
        "document.opened" => {
            let owner = text("owner");
            let matter = match owner.split_once(':') {
                Some(("matter", id)) => id.parse().ok(),
                Some(("conversation", id)) => of_conversation(tx, id).await?,
                _ => None,
            };
            matter.map(|matter| Piece {
                kind: ProposalKind::Document,
                matter: Some(matter),
                source: format!("document:{}", text("document")),
                pieces: 1,
                subject: text("title"),
            })
        }
        review => Some(Piece {
            kind: if review == "policy.approved" { ProposalKind::Approved } else { ProposalKind::Returned },
            matter: None,
            source: format!("policy:{}", text("policy")),
            pieces: 1,
            subject: format!("“{}” for {}", text("title"), text("company")),
        }),
    })
}

async fn of_conversation(tx: &Tx, id: &str) -> Result<Option<MatterId>> {
    match id.parse::<ConversationId>() {
        Ok(id) => matters::of_conversation(tx, id).await,
        Err(_) => Ok(None),
    }
}
