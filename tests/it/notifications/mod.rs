//! Who is told what, by bell and by mail; the bell's pages.

mod bell;
mod delivery;
mod later;
mod letters;
mod rules;

use entity::{
    Reach,
    ids::{NotificationId, TenantId},
    notifications::notification,
    wall::Walled,
};
use one_legal::{
    notifications,
    platform::{Actor, Told, random},
};
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::Value;

use crate::support::Installation;

/// Tells an event as its slice would: written and heard in one transaction. Answers the event's id.
pub async fn tell(one: &Installation, tenant: TenantId, name: &str, by: Option<&str>, data: Value) -> uuid::Uuid {
    let person = by.map(|key| one.cast.person(key));
    let actor = Actor {
        account: person.map(|p| p.account),
        name: person.map_or_else(|| "job test".to_owned(), |p| p.name.to_owned()),
        ..Actor::default()
    };
    let mut work = one.platform.work(actor.clone(), Reach::Tenants(vec![tenant])).await.expect("a unit of work");
    let told = Told {
        id: random::id(one.platform.clock.now()),
        name: name.to_owned(),
        tenant: Some(tenant),
        at: one.platform.clock.now(),
        actor: actor.account,
        actor_name: actor.name,
        data,
    };
    notifications::listen(&mut work, &told).await.expect("everybody is told");
    work.counts_as_audited("the command that tells has its own line");
    work.commit().await.expect("committed");
    told.id
}

/// The lines of the bell that an event made.
pub async fn lines(one: &Installation, event: uuid::Uuid) -> Vec<notification::Model> {
    let tx = one.tx().await;
    notification::Entity::within(tx.reach()).filter(notification::Column::EventId.eq(event)).all(&tx).await.expect("the lines")
}

/// One line as it stands now.
pub async fn line(one: &Installation, id: NotificationId) -> notification::Model {
    let tx = one.tx().await;
    let found = notification::Entity::within(tx.reach()).filter(notification::Column::Id.eq(id)).one(&tx).await;
    found.expect("the database answers").expect("the line is there")
}

/// The person of the cast with this account.
pub fn key_of(one: &Installation, account: entity::ids::AccountId) -> &'static str {
    one.cast.people.iter().find(|p| p.account == account).map_or("somebody else", |p| p.key)
}

/// Runs what is due and answers the mails that came of it: (address, whole mail).
pub async fn fresh_mails(one: &Installation, known: &mut Vec<String>) -> Vec<(String, String)> {
    one.run_jobs().await;
    let all = one.mails();
    let fresh: Vec<String> = all.iter().filter(|mail| !known.contains(mail)).cloned().collect();
    *known = all;
    fresh.into_iter().map(|mail| (recipient(&mail), mail)).collect()
}

fn recipient(mail: &str) -> String {
    let to = mail.lines().find(|line| line.starts_with("To: ")).expect("a recipient");
    to.rsplit(['<', ' ']).next().unwrap_or_default().trim_end_matches('>').to_owned()
}

/// The parts of a multipart mail, decoded: (media type, text).
pub fn parts(mail: &str) -> Vec<(String, String)> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let boundary = mail.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a multipart mail");
    let decode = |part: &str| {
        let (head, body) = part.trim_start().split_once("\r\n\r\n")?;
        let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned();
        let text = match field("Content-Transfer-Encoding:").as_str() {
            "base64" => String::from_utf8(STANDARD.decode(body.split_whitespace().collect::<String>()).ok()?).ok()?,
            "quoted-printable" => quoted_printable(body),
            _ => body.to_owned(),
        };
        Some((field("Content-Type:"), text))
    };
    mail.split(&format!("--{boundary}")).skip(1).filter_map(decode).collect()
}

fn quoted_printable(body: &str) -> String {
    let body = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = body.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code =
            (*first == b'=').then(|| std::str::from_utf8(tail.get(..2)?).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok()));
        match code.flatten() {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
