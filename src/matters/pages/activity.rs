//! `/legal/matters/{id}/activity`: what was done with the matter, by whom, from the audit log.

use askama::Template;
use entity::{Moment, matters::participant};

use super::header::{Header, header};
use crate::{
    audit,
    matters::{MatterView, queries},
    platform::web::{Answer, Ask, Frame, page},
};

#[derive(Template)]
#[template(path = "matters/activity.html")]
struct ActivityPage {
    frame: Frame,
    head: Header,
    lines: Vec<ActivityLine>,
}

struct ActivityLine {
    at: Moment,
    actor: String,
    words: String,
    tone: &'static str,
}

pub async fn show(ask: Ask<MatterView>) -> Answer {
    let tx = ask.platform().read(ask.who.caller.reach()).await?;
    let head = header(&tx, &ask.who, "activity").await?;
    let people = queries::everybody_ever(&tx, ask.who.matter.id).await?;
    let mut lines: Vec<ActivityLine> = audit::history(&tx, &format!("matter:{}", ask.who.matter.id))
        .await?
        .into_iter()
        .map(|entry| {
            let detail: serde_json::Value = serde_json::from_str(&entry.detail).unwrap_or_default();
            let (words, tone) = told(&entry.action, &detail, &people);
            ActivityLine { at: entry.at, actor: entry.actor, words, tone }
        })
        .collect();
    lines.reverse();
    page(&ActivityPage { frame: ask.frame(), head, lines })
}

fn told(action: &str, detail: &serde_json::Value, people: &[participant::Model]) -> (String, &'static str) {
    let named = || {
        let id = detail["account"].as_str().unwrap_or_default();
        people.iter().find(|person| person.account_id.to_string() == id).map_or("somebody", |person| person.name.as_str())
    };
    match action {
        "matter.opened" => ("opened the matter".to_owned(), ""),
        "matter.claimed" => ("claimed it".to_owned(), ""),
        "matter.joined" => ("joined it".to_owned(), ""),
        "matter.resolved" => ("marked it resolved".to_owned(), "is-good"),
        "matter.closed" => ("closed it".to_owned(), "is-good"),
        "matter.reopened" => ("re-opened it".to_owned(), ""),
        "matter.renamed" => ("renamed it".to_owned(), ""),
        "matter.urgency_changed" => (format!("set the urgency to {}", detail["urgency"].as_str().unwrap_or_default()), ""),
        "matter.participant_added" => (format!("put {} on it", named()), ""),
        "matter.participant_removed" => (format!("took {} off it", named()), "is-bad"),
        "matter.documents_added" => {
            let count = detail["documents"].as_array().map_or(0, Vec::len);
            (if count == 1 { "filed a document".to_owned() } else { format!("filed {count} documents") }, "")
        }
        other => (other.replace(['.', '_'], " "), ""),
    }
}
