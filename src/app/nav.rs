//! The sidebar of each kind of person, with counts of what waits.

use entity::{
    Moment,
    tenancy::{AccessLevel, AttorneyRole},
};

use crate::{
    announcements, invoices, knowledge, messaging, notifications, payments,
    platform::{
        Count, Result, Tx, counts,
        web::{Frame, NavItem},
    },
    policies, retainers, signing,
    tenancy::{Caller, Seat},
    tickets,
};

/// Label, address, icon, and how many wait there.
type Item = (&'static str, &'static str, &'static str, Option<Count>);

/// Answers how many lines of the person's bell lead to this very address.
pub async fn fill(frame: &mut Frame, tx: &Tx, caller: &Caller, now: Moment, address: &str) -> Result<u64> {
    let path = address.split('?').next().unwrap_or(address);
    let items = items(tx, caller);
    let mut asked: Vec<Count> = items.iter().filter_map(|(.., count)| count.clone()).collect();
    asked.push(notifications::unread(tx, caller.account));
    asked.push(notifications::unread_at(tx, caller.account, address));
    let timers = retainers::timers(tx, caller);
    let may_have_timer = timers.is_some();
    asked.extend(timers);
    let mut found = counts::ask(tx, asked).await?;
    if may_have_timer && found.pop() != Some(0) {
        frame.timer = retainers::header_timer(tx, now, caller).await?;
    }
    let lead_here = found.pop().unwrap_or_default();
    frame.unread = found.pop().unwrap_or_default();
    let mut found = found.into_iter();
    // The longest matching address is where we are.
    // Files are a tab of the portal's documents.
    let at = if path.starts_with("/portal/files") { "/portal/documents" } else { path };
    let here = items.iter().map(|(_, href, ..)| *href).filter(|href| at.starts_with(href)).max_by_key(|href| href.len());
    frame.nav = items
        .iter()
        .map(|(label, href, icon, count)| NavItem {
            label: (*label).to_owned(),
            href: (*href).to_owned(),
            icon,
            active: here == Some(*href),
            count: count.as_ref().and_then(|_| found.next()).unwrap_or_default(),
        })
        .collect();
    Ok(lead_here)
}

fn items(tx: &Tx, caller: &Caller) -> Vec<Item> {
    match &caller.seat {
        Seat::Operator => vec![
            ("Tenants", "/operator", "building", None),
            ("Attorneys", "/operator/attorneys", "gavel", None),
            ("Operators", "/operator/operators", "shield-lock", None),
            ("Lost devices", "/operator/resets", "device-mobile", None),
            ("Payouts", "/operator/payouts", "cash", None),
            ("Health", "/operator/health", "heartbeat", None),
            ("Jobs", "/operator/jobs", "list-check", None),
            ("Audit log", "/operator/audit", "history", None),
        ],
        Seat::Staff { tenant, .. } => {
            let mut items = firm(tx, caller);
            items.insert(1, ("Tickets", "/legal/tickets", "ticket", tickets::waiting_count_for_staff(tx, caller)));
            items.insert(2, ("Help", "/legal/help", "lifebuoy", Some(knowledge::waiting_count(tx, *tenant))));
            if caller.manages(*tenant) {
                items.push(("Billing", "/legal/billing", "credit-card", None));
                items.push(("Admin", "/admin", "settings", None));
                items.push(("Audit log", "/admin/audit", "history", None));
            }
            items
        }
        Seat::Attorney { engagements } => {
            // Of counsel and outside counsel work on what they are put on; retainers are the primary attorney's.
            let inner = engagements.iter().any(|(_, role)| !matches!(role, AttorneyRole::OfCounsel | AttorneyRole::OutsideCounsel));
            let primary = engagements.iter().any(|(_, role)| *role == AttorneyRole::Primary);
            let mut items = firm(tx, caller);
            items.retain(|(label, ..)| match *label {
                "Templates" | "Compliance" => inner,
                "Retainers" => primary,
                "Payouts" => caller.earns(),
                _ => true,
            });
            items
        }
        Seat::Client { tenant, company, contact, access } => {
            let documents = signing::waiting_count(tx, *contact);
            let announced = announcements::unread_count(tx, *tenant, *company, caller.account);
            let mut items = vec![
                ("Dashboard", "/portal/dashboard", "home", None),
                ("Tickets", "/portal/tickets", "ticket", Some(tickets::waiting_count_for_client(tx, *contact))),
                ("Service Catalog", "/portal/catalog", "shopping-cart", None),
                ("Documents", "/portal/documents", "signature", Some(documents)),
                ("Announcements", "/portal/announcements", "speakerphone", Some(announced)),
                ("Messages", "/portal/messages", "messages", Some(messaging::unread_conversations(tx, caller.account))),
            ];
            // The company's bills are shown to those who see all of it.
            if *access != AccessLevel::Own {
                items.push(("Invoices", "/portal/invoices", "receipt", Some(invoices::open_count(tx, *company))));
            }
            if *access == AccessLevel::CompanyAdmin {
                items.push(("Team", "/portal/team", "users", None));
            }
            items.push(("Profile", "/portal/profile", "user", None));
            items
        }
        Seat::Member { .. } => {
            vec![
                ("Dashboard", "/portal/mission/dashboard", "home", None),
                ("Giving", "/portal/mission/giving", "heart-handshake", None),
                ("Events", "/portal/mission/events", "calendar-event", None),
                ("Groups", "/portal/mission/groups", "users-group", None),
                ("Directory", "/portal/mission/directory", "books", None),
                ("Prayer Wall", "/portal/mission/prayer", "pray", None),
            ]
        }
    }
}

fn firm(tx: &Tx, caller: &Caller) -> Vec<Item> {
    vec![
        ("Dashboard", "/legal/dashboard", "home", None),
        ("Policies", "/legal/policies", "file-text", Some(policies::waiting_for(tx, caller))),
        ("Templates", "/legal/policies/templates", "files", None),
        ("Compliance", "/legal/compliance", "shield-check", None),
        ("Matters", "/legal/matters", "gavel", Some(messaging::unread_conversations(tx, caller.account))),
        ("Vault", "/legal/vault", "vault", None),
        ("Retainers", "/legal/retainers", "clock", None),
        ("Payouts", "/legal/payouts", "cash", payments::waiting_count(tx, caller)),
    ]
}
