//! A model writes an answer from the articles found. That a question leaves this house is a deed, audited before it does; what the
//! question and the answer say is kept nowhere. Whatever goes wrong, the articles found are the answer.

use std::sync::Arc;

use entity::{
    ids::TenantId,
    knowledge::answering::{self, Column},
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, Set,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use tokio::sync::mpsc;

use crate::{
    audit,
    knowledge::{
        queries::{self, Found},
        reply::{self, Reply, Source},
    },
    platform::{
        Actor, Platform, Result, Tx, Work,
        llm::{End, Llm, Said},
        pace::Pace,
        remote::CallError,
    },
    tenancy::caller::PortalClient,
};

/// Questions a minute that one person may have answered by a model, and all clients of one MSP.
const OF_ONE: u32 = 6;
const OF_ALL: u32 = 120;
/// Characters after which what there is so far is shown again.
const STEP: usize = 48;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// No model is set, the MSP's admin does not want one, or there is nothing to answer from.
    Not,
    /// It may be asked.
    Offered,
    /// So far.
    Writing(Reply),
    Whole(Reply),
    /// The articles do not answer it.
    Unknown,
    /// It does not answer now.
    Away,
    /// Wait so many seconds.
    TooOften(u64),
}

#[derive(Default)]
struct Paces(Pace);

/// A question that goes to the model.
pub struct Sent {
    llm: Arc<Llm>,
    client: PortalClient,
    actor: Actor,
    question: String,
    sources: Vec<Source>,
}

/// Whether it may be asked about what was found.
pub async fn offered(platform: &Platform, tx: &Tx, tenant: TenantId, found: &[Found]) -> Result<bool> {
    Ok(Llm::of(platform).is_ok() && !found.is_empty() && queries::answering(tx, tenant).await?.is_none_or(|row| row.allowed))
}

/// Lets a question go: with the articles found for it, within the pace, on the record. Otherwise why not.
pub async fn send(
    platform: &Arc<Platform>,
    actor: Actor,
    client: &PortalClient,
    question: &str,
) -> Result<std::result::Result<Sent, Written>> {
    let Ok(llm) = Llm::of(platform) else { return Ok(Err(Written::Not)) };
    let tx = platform.read(client.caller.reach()).await?;
    let found = queries::answer(&tx, client.tenant, question).await?.found;
    if !offered(platform, &tx, client.tenant, &found).await? {
        return Ok(Err(Written::Not));
    }
    let sources = queries::sources(&tx, client.tenant, &found).await?;
    drop(tx);
    let (now, paces) = (platform.clock.now(), platform.shared::<Paces>());
    let tenant = client.tenant.to_string();
    let passed = paces.0.pass(now, &client.caller.account.to_string(), OF_ONE).and_then(|()| paces.0.pass(now, &tenant, OF_ALL));
    if let Err(wait) = passed {
        return Ok(Err(Written::TooOften(wait)));
    }
    let mut work = platform.work(actor.clone(), client.caller.reach()).await?;
    count(&mut work, client.tenant, Column::AskedCount).await?;
    let line = audit::Line::new("help.sent_to_model", format!("tenant:{tenant}")).tenant(client.tenant);
    audit::record(&mut work, line.with("articles", sources.len()).with("host", llm.host()).with("model", llm.model())).await?;
    work.commit().await?;
    Ok(Ok(Sent { llm, client: client.clone(), actor, question: question.to_owned(), sources }))
}

impl Sent {
    /// Asks, shows what there is so far to whoever looks, and counts what came of it.
    pub async fn written(self, platform: &Arc<Platform>, shown: Option<mpsc::Sender<Reply>>) -> Result<Written> {
        let prompt = reply::prompt(&self.question, &self.sources);
        let (pieces, heard) = mpsc::channel(32);
        let (said, ()) = tokio::join!(
            async {
                let said = self.llm.ask(platform, &prompt, &pieces).await;
                drop(pieces);
                said
            },
            show(heard, shown, &self.sources)
        );
        let written = read(said, &self.sources);
        let counted = match written {
            Written::Whole(_) => Column::AnsweredCount,
            Written::Unknown => Column::UnknownCount,
            _ => Column::FailedCount,
        };
        let mut work = platform.work(self.actor, self.client.caller.reach()).await?;
        count(&mut work, self.client.tenant, counted).await?;
        work.counts_as_audited("that it was asked is on the record; what came of it is a count");
        work.commit().await?;
        Ok(written)
    }
}

async fn show(mut heard: mpsc::Receiver<String>, shown: Option<mpsc::Sender<Reply>>, sources: &[Source]) {
    let (mut text, mut told) = (String::new(), 0);
    while let Some(piece) = heard.recv().await {
        let Some(shown) = &shown else { continue };
        text.push_str(&piece);
        if text.len() < told + STEP {
            continue;
        }
        told = text.len();
        if let Some(reply) = Reply::of(&text, sources, false)
            && shown.send(reply).await.is_err()
        {
            return;
        }
    }
}

fn read(said: std::result::Result<Said, CallError>, sources: &[Source]) -> Written {
    match said {
        Ok(Said { end: End::Declined, .. }) => Written::Unknown,
        Ok(Said { text, end }) => {
            let text = if end == End::CutOff { format!("{}…", text.trim_end()) } else { text };
            Reply::of(&text, sources, end == End::Whole).map_or(Written::Unknown, Written::Whole)
        }
        Err(error) => {
            tracing::warn!(%error, "the model gave no answer");
            Written::Away
        }
    }
}

async fn count(work: &mut Work, tenant: TenantId, column: Column) -> Result<()> {
    keep(work, tenant).await?;
    answering::Entity::update_many()
        .col_expr(column, Expr::col(column).add(1))
        .filter(Column::TenantId.eq(tenant))
        .exec(work.write())
        .await?;
    Ok(())
}

/// Makes the row that may not be there yet.
pub(super) async fn keep(work: &mut Work, tenant: TenantId) -> Result<()> {
    let row = answering::ActiveModel {
        tenant_id: Set(tenant),
        allowed: Set(true),
        asked_count: Set(0),
        answered_count: Set(0),
        unknown_count: Set(0),
        failed_count: Set(0),
        updated_at: Set(work.now()),
    };
    answering::Entity::insert(row)
        .on_conflict(OnConflict::column(Column::TenantId).do_nothing().to_owned())
        .exec_without_returning(work.write())
        .await?;
    Ok(())
}
