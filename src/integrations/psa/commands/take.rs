//! Takes in a ticket as the PSA has it, whether it was told or read. The same again, and an older one, change nothing.

use std::sync::Arc;

use entity::{
    Reach,
    ids::{CompanyId, ContactId, TenantId, TicketId},
    integrations::MatchKind,
    tenancy::TenantKind,
};

use super::matching::note_seen;
use crate::{
    integrations::psa::{
        queries,
        wire::{self, AHEAD, Contact, Ticket, is_id},
    },
    platform::{Actor, Error, Platform, Refusal, Result, Work},
    tenancy,
    tickets::{self, Field, Heard, Opened, OutsideComment, Snapshot, Stamped},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    New(TicketId),
    News(TicketId),
    Known(TicketId),
}

impl Taken {
    pub fn id(self) -> TicketId {
        match self {
            Self::New(id) | Self::News(id) | Self::Known(id) => id,
        }
    }
}

/// The code of a refusal that matching a company lifts.
pub const UNMATCHED: &str = "company_unmatched";

/// What the other side is called where people read it.
pub const NAME: &str = "The PSA";

/// The MSP of this slug.
pub async fn tenant_of(platform: &Platform, slug: &str) -> Result<TenantId> {
    let tx = platform.read(Reach::Everything("the PSA names the MSP by its slug")).await?;
    let found = tenancy::tenant_by_slug(&tx, slug).await?.filter(|tenant| tenant.kind == TenantKind::Msp);
    found.map(|tenant| tenant.id).ok_or_else(|| {
        let sentence = format!("No MSP here is called `{}`.", slug.chars().take(60).collect::<String>());
        Refusal::new("unknown_tenant", sentence, "Send the slug that stands in the address of its portal.")
            .status(actix_web::http::StatusCode::NOT_FOUND)
            .into()
    })
}

pub async fn take(platform: &Arc<Platform>, tenant: TenantId, theirs: &Ticket) -> Result<Taken> {
    match once(platform, tenant, theirs).await {
        // Two of the same came at once, and the other was first: now it is known.
        Err(Error::Internal(_)) => once(platform, tenant, theirs).await,
        other => other,
    }
}

async fn once(platform: &Arc<Platform>, tenant: TenantId, theirs: &Ticket) -> Result<Taken> {
    check(platform, theirs)?;
    let mut work = platform.work(Actor::program(NAME), Reach::Tenants(vec![tenant])).await?;
    let snapshot = snapshot(&mut work, tenant, theirs).await?;
    let taken = match ours(&work, tenant, theirs).await? {
        Some(id) => match tickets::receive(&mut work, id, &snapshot, NAME).await? {
            Heard::News => Taken::News(id),
            Heard::Known => Taken::Known(id),
        },
        None => {
            let Some(company) = company(&mut work, tenant, theirs).await? else {
                // That it is not matched is kept, for whoever matches it.
                work.counts_as_audited("a company of the PSA that nobody has matched yet");
                work.commit().await?;
                return Err(unmatched(theirs));
            };
            let contact = contact(&mut work, tenant, company, theirs.contact.as_ref()).await?;
            let opened = Opened {
                tenant,
                company,
                contact,
                opened_by_name: theirs.contact.as_ref().map(|person| person.name.clone()).unwrap_or_default(),
                category: theirs.category.as_deref().and_then(|word| word.parse().ok()),
                description: theirs.description.clone(),
            };
            Taken::New(tickets::receive_new(&mut work, opened, &snapshot, NAME).await?)
        }
    };
    work.commit().await?;
    Ok(taken)
}

fn unmatched(theirs: &Ticket) -> Error {
    let name = theirs.company_name.as_deref().unwrap_or(&theirs.company_id);
    Refusal::new(
        UNMATCHED,
        format!("`{name}` is not matched with a client here."),
        "An admin matches it at Admin → PSA; then the ticket is taken by itself.",
    )
    .into()
}

fn check(platform: &Platform, theirs: &Ticket) -> Result<()> {
    let now = platform.clock.now();
    if !is_id(&theirs.id) || !is_id(&theirs.company_id) || !theirs.comments.iter().all(|comment| is_id(&comment.id)) {
        return Err(Error::invalid("id", "Ids have 1 to 200 characters."));
    }
    for field in Field::ALL {
        if theirs.field(field).moment()?.since(now) > AHEAD {
            return Err(Refusal::new(
                "clock_ahead",
                format!("The {} was written in the future ({}).", field.word(), theirs.field(field).at),
                "Set the clock of the PSA's machine; send it again.",
            )
            .into());
        }
    }
    Ok(())
}

/// The ticket here: by our own id that the PSA has kept, or by theirs.
async fn ours(work: &Work, tenant: TenantId, theirs: &Ticket) -> Result<Option<TicketId>> {
    if let Some(id) = theirs.external_id.as_deref().and_then(|text| text.parse::<TicketId>().ok())
        && let Some(row) = tickets::ticket(work.read(), id).await?
        && row.tenant_id == tenant
    {
        return Ok(Some(id));
    }
    Ok(tickets::by_outside_ref(work.read(), tenant, &theirs.id).await?.map(|row| row.id))
}

/// In our words; a status that nobody has matched is left as it is here, and listed for the admin.
async fn snapshot(work: &mut Work, tenant: TenantId, theirs: &Ticket) -> Result<Snapshot> {
    let mut fields = Vec::new();
    for field in Field::ALL {
        let written = theirs.field(field);
        let value = match field {
            Field::Status => match queries::status_here(work.read(), tenant, &written.value).await? {
                Some(word) => Some(word),
                None => {
                    note_seen(work, tenant, MatchKind::Status, &written.value, &written.value, None).await?;
                    None
                }
            },
            Field::Priority => wire::priority(&written.value),
            Field::Subject => field.parse(&written.value),
        };
        if let Some(value) = value {
            fields.push(Stamped { field, value, at: written.moment()? });
        }
    }
    let comments = theirs
        .comments
        .iter()
        .map(|comment| OutsideComment {
            id: comment.id.clone(),
            ours: comment.external_id.as_deref().and_then(|text| text.parse().ok()),
            author: comment.author.clone(),
            body: comment.body.clone(),
            internal: comment.internal,
            by_client: comment.by_client,
        })
        .collect();
    Ok(Snapshot { outside_ref: theirs.id.clone(), version: theirs.version, fields, comments })
}

/// The client of this company of theirs; one that nobody has matched yet is listed for the admin.
pub async fn company_of(work: &mut Work, tenant: TenantId, theirs: &str, name: Option<&str>) -> Result<Option<CompanyId>> {
    if let Some(known) = queries::company_here(work.read(), tenant, theirs).await? {
        return Ok(Some(known));
    }
    let name = name.unwrap_or(theirs);
    let guess = queries::company_guess(work.read(), tenant, theirs, name).await?;
    note_seen(work, tenant, MatchKind::Company, theirs, name, guess.map(|id| id.to_string())).await?;
    queries::company_here(work.read(), tenant, theirs).await
}

async fn company(work: &mut Work, tenant: TenantId, theirs: &Ticket) -> Result<Option<CompanyId>> {
    company_of(work, tenant, &theirs.company_id, theirs.company_name.as_deref()).await
}

/// The person of that company: by the PSA's id, or by e-mail.
async fn contact(work: &mut Work, tenant: TenantId, company: CompanyId, theirs: Option<&Contact>) -> Result<Option<ContactId>> {
    let Some(theirs) = theirs else { return Ok(None) };
    let known = match &theirs.id {
        Some(id) => queries::contact_here(work.read(), tenant, id).await?,
        None => None,
    };
    let wanted = theirs.email.trim().to_lowercase();
    for person in tenancy::contacts_of(work.read(), company).await? {
        if known == Some(person.id) || (known.is_none() && !wanted.is_empty() && person.email.to_lowercase() == wanted) {
            return Ok(Some(person.id));
        }
    }
    Ok(None)
}
