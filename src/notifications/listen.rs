//! Hears every event, inside the transaction that told it, and writes the bell's lines and the mails.

use std::{collections::BTreeSet, future::Future, pin::Pin};

use super::{
    commands,
    jobs::{self, MailLater},
    queries,
    rules::{self, Channel, Rule, Whom},
};
use crate::{
    identity,
    platform::{Mail, Result, Told, Work, mail::To, random, web::FrameLook},
    pushed, tenancy,
};
use entity::{
    identity::{AccountKind, AccountStatus, account},
    ids::{AccountId, ContactId, TenantId},
    tenancy::contact,
};

/// The bus topic that tells a person's open pages to look at the bell.
pub const TOPIC: &str = "notification";

/// What a person has done with, and where their lines about it lead.
const SETTLED: &[(&str, &str)] = &[
    ("conversation.read", "{href}"),
    ("envelope.signed", "/portal/documents/{policy}/sign"),
    ("envelope.declined", "/portal/documents/{policy}/sign"),
];

pub fn listen<'a>(work: &'a mut Work, told: &'a Told) -> Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>> {
    Box::pin(async move {
        if let (Some(pattern), Some(tenant)) = (rules::taken_back(&told.name), told.tenant) {
            let href = rules::fill(pattern, &told.data, &told.actor_name);
            commands::take_back::take_back(work, tenant, &href).await?;
        }
        if let (Some(account), Some((_, pattern))) = (told.actor, SETTLED.iter().find(|(name, _)| *name == told.name)) {
            let told = enriched(work, told).await?;
            let href = rules::fill(pattern, &told.data, &told.actor_name);
            commands::mark_read::mark_at(work, account, &[portal_href(true, href.clone()), href]).await?;
        }
        if rules::of(&told.name).next().is_none() {
            return Ok(());
        }
        // What is a person's own belongs to no tenant; their bell hangs at the first they work for.
        let own = told.tenant.is_none();
        let Some(tenant) = (match told.tenant {
            Some(tenant) => Some(tenant),
            None => home_of(work, told).await?,
        }) else {
            return Ok(());
        };
        let told = &enriched(work, told).await?;
        let mut already: BTreeSet<AccountId> = told.actor.into_iter().collect();
        for rule in rules::of(&told.name) {
            for whom in rule.whom {
                match whom {
                    Whom::Oneself(field) => {
                        for account in ids::<AccountId>(&told.data, field, "account") {
                            already.insert(account);
                            tell(work, told, tenant, rule, account).await?;
                        }
                    }
                    _ if own => {}
                    Whom::Contacts(field) => {
                        for id in ids::<ContactId>(&told.data, field, "contact") {
                            if let Some(contact) = tenancy::contact_in(work.read(), id).await? {
                                tell_contact(work, told, tenant, rule, &contact, &mut already).await?;
                            }
                        }
                    }
                    _ => {
                        for account in accounts(work, told, tenant, *whom).await? {
                            if already.insert(account) {
                                tell(work, told, tenant, rule, account).await?;
                            }
                        }
                    }
                }
            }
        }
        Ok(())
    })
}

/// The first MSP the person of such an event works for.
async fn home_of(work: &Work, told: &Told) -> Result<Option<TenantId>> {
    for account in ids::<AccountId>(&told.data, "account", "account") {
        if let Some(tenant) = tenancy::engaged_with(work.read(), account).await?.first() {
            return Ok(Some(*tenant));
        }
    }
    Ok(None)
}

/// The event with what the words need beside its ids: the company's name, and the policy behind `source`.
async fn enriched(work: &Work, told: &Told) -> Result<Told> {
    let mut told = told.clone();
    if let Some(policy) = told.data["source"].as_str().and_then(|source| source.strip_prefix("policy:")).map(str::to_owned) {
        told.data["policy"] = policy.into();
    }
    // A document another installation pushed stands at the same address in the portal, and at one of its own in the firm.
    if let Some(pushed) = told.data["source"].as_str().and_then(pushed::id_of) {
        told.data["policy"] = pushed.to_string().into();
    }
    if let Some(id) = told.data["company"].as_str().and_then(|text| text.parse().ok())
        && let Some(company) = tenancy::company_in(work.read(), id).await?
    {
        told.data["company"] = company.name.into();
    }
    Ok(told)
}

/// The accounts a rule means. Portal people are only told of what a portal page can show.
async fn accounts(work: &Work, told: &Told, tenant: TenantId, whom: Whom) -> Result<Vec<AccountId>> {
    match whom {
        Whom::Attorneys(roles) => tenancy::attorneys_of(work.read(), tenant, roles).await,
        Whom::Staff(roles) => tenancy::staff_of(work.read(), tenant, roles).await,
        Whom::Account(field) | Whom::Accounts(field) => Ok(ids::<AccountId>(&told.data, field, "account")),
        Whom::Contacts(_) | Whom::Oneself(_) => Ok(Vec::new()),
    }
}

/// One id or a list of them in a field of the event; objects give their field `inner`.
fn ids<I: serde::de::DeserializeOwned>(data: &serde_json::Value, field: &str, inner: &str) -> Vec<I> {
    let one = |value: &serde_json::Value| serde_json::from_value(value.get(inner).unwrap_or(value).clone()).ok();
    match data.get(field) {
        Some(serde_json::Value::Array(list)) => list.iter().filter_map(one).collect(),
        Some(value) => one(value).into_iter().collect(),
        None => Vec::new(),
    }
}

async fn tell(work: &mut Work, told: &Told, tenant: TenantId, rule: &Rule, account: AccountId) -> Result<()> {
    let Some(person) = identity::account(work.read(), account).await? else { return Ok(()) };
    if person.status != AccountStatus::Active {
        return Ok(());
    }
    let is_client = is_client(&person);
    let words = rules::fill(rule.words, &told.data, &told.actor_name);
    let href = portal_href(is_client, firm_href(told, rules::fill(rule.href, &told.data, &told.actor_name)));
    if rule.channel == Channel::BellThenMail {
        // What is new there is one thing to look at, however often it was said.
        commands::mark_read::mark_earlier(work, account, rule.event, &href).await?;
    }
    let line = commands::ring::ring(work, told, tenant, account, &words, &href).await?;
    if rule.channel == Channel::BellThenMail {
        let later = MailLater { line, account, conversation: serde_json::from_value(told.data["conversation"].clone()).ok() };
        let at = work.now().plus(jobs::PATIENCE);
        return work.enqueue_at(&later, at).await;
    }
    if rule.channel == Channel::BellAndMail && queries::wants_mail(work.read(), account, rules::topic(rule.event)).await? {
        let look = look(work, tenant, is_client).await?;
        let to = To { realm: &person.realm, name: &person.name, email: &person.email };
        send(work, to, &look, &words, rule.button, &href).await?;
    }
    Ok(())
}

async fn tell_contact(
    work: &mut Work,
    told: &Told,
    tenant: TenantId,
    rule: &Rule,
    contact: &contact::Model,
    already: &mut BTreeSet<AccountId>,
) -> Result<()> {
    let account = match contact.account_id {
        Some(id) => identity::account(work.read(), id).await?,
        None => None,
    };
    match account {
        Some(account) if account.status == AccountStatus::Active => {
            if already.insert(account.id) {
                tell(work, told, tenant, rule, account.id).await?;
            }
            Ok(())
        }
        // Whoever was shut out is told nothing any more.
        Some(account) if account.status == AccountStatus::Deactivated => Ok(()),
        // A person who has never come in: by mail alone.
        _ => {
            let words = rules::fill(rule.words, &told.data, &told.actor_name);
            let href = rules::fill(rule.href, &told.data, &told.actor_name);
            let look = look(work, tenant, true).await?;
            // The button takes them in by their invitation first, then to the thing itself.
            let next: String = url::form_urlencoded::byte_serialize(href.as_bytes()).collect();
            let href = match tenancy::invitation_link(work, contact, &told.actor_name).await? {
                Some(link) => format!("{link}&next={next}"),
                None => href,
            };
            let realm = identity::portal_realm(tenant);
            let to = To { realm: &realm, name: &contact.name, email: &contact.email };
            send(work, to, &look, &words, rule.button, &href).await
        }
    }
}

/// Whose pages are the portal's.
pub(super) fn is_client(person: &account::Model) -> bool {
    matches!(person.kind, AccountKind::Client | AccountKind::Member)
}

/// Where the firm looks at what was pushed.
fn firm_href(told: &Told, href: String) -> String {
    let is_pushed = told.data["source"].as_str().and_then(pushed::id_of).is_some();
    match href.strip_prefix("/legal/policies/").filter(|_| is_pushed) {
        Some(id) => format!("/legal/pushed/{id}"),
        None => href,
    }
}

/// Clients open matters, help and their own profile in the portal.
fn portal_href(is_client: bool, href: String) -> String {
    if !is_client {
        return href;
    }
    if let Some(help) = href.strip_prefix("/legal/help/") {
        return format!("/portal/help/{help}");
    }
    match (href.strip_prefix("/legal/matters/"), href.strip_prefix("/legal/profile")) {
        (Some(matter), _) => format!("/portal/messages/{matter}"),
        (_, Some(page)) => format!("/portal/profile{page}"),
        _ => href,
    }
}

pub(super) async fn look(work: &Work, tenant: TenantId, portal: bool) -> Result<FrameLook> {
    if !portal {
        return Ok(FrameLook::default());
    }
    Ok(tenancy::tenant(work.read(), tenant).await?.map(|tenant| tenancy::look(&tenant)).unwrap_or_default())
}

async fn send(work: &mut Work, to: To<'_>, look: &FrameLook, words: &str, button: &str, href: &str) -> Result<()> {
    let mail = letter(work, random::id(work.now()), to, look, words, button, href)?;
    work.enqueue(&mail).await
}

/// The mail of one line: a greeting, the words, a button that leads where the line leads.
pub(super) fn letter(
    work: &Work,
    id: uuid::Uuid,
    to: To<'_>,
    look: &FrameLook,
    words: &str,
    button: &str,
    href: &str,
) -> Result<Mail> {
    let url = work.platform().config.link_at(look.host.as_deref(), href);
    Mail::letter(
        id,
        to,
        look,
        words,
        &[format!("Hello {},", to.name), format!("{}.", words.trim_end_matches('.'))],
        Some((button, &url)),
    )
}
