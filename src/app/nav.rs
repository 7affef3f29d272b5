//! The sidebar of each kind of person, with counts of what waits.

use entity::{
    Moment,
    tenancy::{AccessLevel, AttorneyRole},
};

use crate::{
    announcements, invoices, knowledge, messaging, notifications, payments,
    platform::{
        Result, Tx,
        web::{Frame, NavItem},
    },
    policies, retainers, signing,
    tenancy::{Caller, Seat},
    tickets,
};

/// Label, address, icon, and how many wait there.
type Item = (&'static str, &'static str, &'static str, u64);

pub async fn fill(frame: &mut Frame, tx: &Tx, caller: &Caller, now: Moment, path: &str) -> Result<()> {
    let items = items(tx, caller).await?;
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
            count: *count,
        })
        .collect();
    frame.unread = notifications::unread(tx, caller.account).await?;
    frame.timer = retainers::header_timer(tx, now, caller).await?;
    Ok(())
}

async fn items(tx: &Tx, caller: &Caller) -> Result<Vec<Item>> {
    Ok(match &caller.seat {
        Seat::Operator => vec![
            ("Tenants", "/operator", "building", 0),
            ("Attorneys", "/operator/attorneys", "gavel", 0),
            ("Operators", "/operator/operators", "shield-lock", 0),
            ("Lost devices", "/operator/resets", "device-mobile", 0),
            ("Payouts", "/operator/payouts", "cash", 0),
            ("Health", "/operator/health", "heartbeat", 0),
            ("Jobs", "/operator/jobs", "list-check", 0),
            ("Audit log", "/operator/audit", "history", 0),
        ],
        Seat::Staff { tenant, .. } => {
            let mut items = firm(tx, caller).await?;
            items.insert(1, ("Tickets", "/legal/tickets", "ticket", tickets::waiting_for_staff(tx, caller, 1).await?.1));
            items.insert(2, ("Help", "/legal/help", "lifebuoy", knowledge::waiting_count(tx, *tenant).await?));
            if caller.manages(*tenant) {
                items.push(("Billing", "/legal/billing", "credit-card", 0));
                items.push(("Admin", "/admin", "settings", 0));
                items.push(("Audit log", "/admin/audit", "history", 0));
            }
            items
        }
        Seat::Attorney { engagements } => {
            // Of counsel and outside counsel work on what they are put on; retainers are the primary attorney's.
            let inner = engagements.iter().any(|(_, role)| !matches!(role, AttorneyRole::OfCounsel | AttorneyRole::OutsideCounsel));
            let primary = engagements.iter().any(|(_, role)| *role == AttorneyRole::Primary);
            let mut items = firm(tx, caller).await?;
            items.retain(|(label, ..)| match *label {
                "Templates" | "Compliance" => inner,
                "Retainers" => primary,
                // What was earned outlives the engagement.
                "Payouts" => primary || engagements.is_empty(),
                _ => true,
            });
            items
        }
        Seat::Client { tenant, company, contact, access } => {
            let documents = signing::waiting_count(tx, *contact).await?;
            let announced = announcements::unread_count(tx, *tenant, *company, caller.account).await?;
            let mut items = vec![
                ("Dashboard", "/portal/dashboard", "home", 0),
                ("Tickets", "/portal/tickets", "ticket", tickets::waiting_count_for_client(tx, *contact).await?),
                ("Service Catalog", "/portal/catalog", "shopping-cart", 0),
                ("Documents", "/portal/documents", "signature", documents),
                ("Announcements", "/portal/announcements", "speakerphone", announced),
                ("Messages", "/portal/messages", "messages", unread(tx, caller).await?),
            ];
            // The company's bills are shown to those who see all of it.
            if *access != AccessLevel::Own {
                items.push(("Invoices", "/portal/invoices", "receipt", invoices::open_count(tx, *company).await?));
            }
            if *access == AccessLevel::CompanyAdmin {
                items.push(("Team", "/portal/team", "users", 0));
            }
            items.push(("Profile", "/portal/profile", "user", 0));
            items
        }
        Seat::Member { .. } => {
            vec![
                ("Dashboard", "/portal/mission/dashboard", "home", 0),
                ("Giving", "/portal/mission/giving", "heart-handshake", 0),
                ("Events", "/portal/mission/events", "calendar-event", 0),
                ("Groups", "/portal/mission/groups", "users-group", 0),
                ("Directory", "/portal/mission/directory", "books", 0),
                ("Prayer Wall", "/portal/mission/prayer", "pray", 0),
            ]
        }
    })
}

async fn firm(tx: &Tx, caller: &Caller) -> Result<Vec<Item>> {
    Ok(vec![
        ("Dashboard", "/legal/dashboard", "home", 0),
        ("Policies", "/legal/policies", "file-text", policies::waiting_for(tx, caller).await?),
        ("Templates", "/legal/policies/templates", "files", 0),
        ("Compliance", "/legal/compliance", "shield-check", 0),
        ("Matters", "/legal/matters", "gavel", unread(tx, caller).await?),
        ("Vault", "/legal/vault", "vault", 0),
        ("Retainers", "/legal/retainers", "clock", 0),
        ("Payouts", "/legal/payouts", "cash", payments::waiting_for(tx, caller).await?.len() as u64),
    ])
}

/// Conversations with something to read, not messages: one number a person can work off.
async fn unread(tx: &Tx, caller: &Caller) -> Result<u64> {
    Ok(messaging::unread(tx, caller.account).await?.len() as u64)
}
