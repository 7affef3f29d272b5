//! The first page of a client: one list of everything that waits for the person, and nothing before it.

use askama::Template;
use entity::{announcements::announcement, policies::PolicyStatus, tickets::ticket};

use super::{
    Item,
    documents::{Notice, notices},
    zone,
};
use crate::{
    announcements,
    invoices::{self, InvoiceLine, InvoiceReader},
    messaging,
    platform::web::{Answer, Ask, Frame, page, see_other},
    portal::access::Guest,
    retainers::day_in,
    signing::{self, SignedFilter},
    tenancy::{self, Caller, caller::PortalClient},
    tickets,
};

#[derive(Template)]
#[template(path = "portal/dashboard.html")]
struct DashboardPage {
    frame: Frame,
    first_name: String,
    to_sign: Vec<Item>,
    /// Tickets that wait for this person.
    asked: Vec<ticket::Model>,
    /// Overdue invoices, where this person sees the company's, and how many there are.
    bills: Vec<InvoiceLine>,
    overdue: u64,
    unread: u64,
    conversations: usize,
    /// Announcements not read yet, the newest first, and how many there are.
    announced: Vec<announcement::Model>,
    unread_announcements: u64,
    signed: Vec<Item>,
    notices: Vec<Notice>,
}

/// Lines of one kind in the list; the page of each kind has the rest.
const LINES: u64 = 3;

impl DashboardPage {
    fn nothing_waits(&self) -> bool {
        self.to_sign.is_empty() && self.asked.is_empty() && self.overdue + self.unread + self.unread_announcements == 0
    }

    /// Overdue invoices that have no line of their own.
    fn more_bills(&self) -> u64 {
        self.overdue.saturating_sub(self.bills.len() as u64)
    }

    fn more_announced(&self) -> u64 {
        self.unread_announcements.saturating_sub(self.announced.len() as u64)
    }
}

fn first_name(caller: &Caller) -> String {
    caller.name.split_whitespace().next().unwrap_or_default().to_owned()
}

pub async fn show(ask: Ask<Guest>) -> Answer {
    match &ask.who {
        Guest::Client(client) => client_page(&ask, client).await,
        Guest::Member => see_other("/portal/mission/dashboard").answer(),
    }
}

async fn client_page(ask: &Ask<Guest>, client: &PortalClient) -> Answer {
    let platform = ask.platform();
    let now = platform.clock.now();
    let tx = platform.read(client.caller.reach()).await?;
    let zone = zone(&tx, client.tenant).await?;
    let to_sign = signing::waiting_for(&tx, client.contact).await?;
    let unread: Vec<u64> = messaging::unread(&tx, client.caller.account).await?.into_iter().map(|(_, count)| count).collect();
    let filter = SignedFilter { contact: client.contact, company: None, search: String::new(), page: 1 };
    let (signed, _) = signing::signed_for(&tx, &filter).await?;
    let (bills, overdue) = match InvoiceReader::of(client) {
        Some(reader) => {
            let zone = tenancy::tenant(&tx, client.tenant).await?.map_or_else(String::new, |tenant| tenant.zone);
            invoices::overdue(&tx, &reader, LINES, day_in(&zone, now)).await?
        }
        None => (Vec::new(), 0),
    };
    let announced = announcements::unread_count(&tx, client.tenant, client.company, client.caller.account).ask(&tx).await?;
    page(&DashboardPage {
        frame: ask.frame(),
        first_name: first_name(&client.caller),
        notices: notices(&tx, client).await?.into_iter().filter(|one| one.status != PolicyStatus::Superseded).take(3).collect(),
        asked: tickets::waiting_for_client(&tx, client).await?,
        announced: announcements::newest_unread(&tx, client, LINES).await?,
        unread_announcements: announced,
        bills,
        overdue,
        to_sign: to_sign.iter().map(|found| Item::new(found, now, &zone)).collect(),
        unread: unread.iter().sum(),
        conversations: unread.len(),
        signed: signed.iter().take(5).map(|found| Item::new(found, now, &zone)).collect(),
    })
}
