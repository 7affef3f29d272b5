//! What can be wrong with one MSP's own affairs: its clients, its attorney, its look, its people, its payouts.

use entity::{
    Moment,
    payments::Turn,
    tenancy::{AttorneyRole, TenantKind, tenant},
};

use super::{health::Finding, hub};
use crate::{
    compliance,
    identity::portal_realm,
    payments,
    platform::{Platform, Result, Tx, delivery},
    policies, tenancy,
};

/// Days after which an attorney is reminded of, and a signature called overdue.
const PATIENCE: (i64, i64) = (3, 7);

/// The colour of a portal nobody has given a colour.
const DEFAULT_COLOR: &str = "#8b5cf6";

pub async fn findings(platform: &Platform, tx: &Tx, tenant: &tenant::Model) -> Result<Vec<Finding>> {
    let realm = portal_realm(tenant.id);
    let mut found = vec![look(tenant), hub::invitations(platform, tx, Some(&realm)).await?];
    found.extend(hub::links(platform, tx, Some(&realm)).await?);
    found.extend(unreached(tx, tenant, &realm).await?);
    if tenant.kind == TenantKind::Msp {
        found.push(clients(tx, tenant).await?);
        found.push(attorney(tx, tenant).await?);
        found.push(reviews(platform, tx, tenant).await?);
        found.push(signatures(platform, tx, tenant).await?);
        found.extend(payouts(tx, tenant, platform.clock.now()).await?);
    }
    Ok(found.into_iter().map(|finding| finding.of(tenant.id)).collect())
}

fn counted(count: u64, one: &str, more: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { more })
}

fn look(tenant: &tenant::Model) -> Finding {
    if tenant.kind == TenantKind::Msp && tenant.primary_color.eq_ignore_ascii_case(DEFAULT_COLOR) {
        let what = format!("{}'s portal has no colours of its own: it shows the default violet.", tenant.name);
        return Finding::warning("branding", what, "clients, who do not know the portal for theirs", "Set name and colours.")
            .at("/admin/branding");
    }
    Finding::ok("branding", format!("{}'s portal has its own look.", tenant.name))
}

async fn clients(tx: &Tx, tenant: &tenant::Model) -> Result<Finding> {
    let companies = tenancy::companies(tx, tenant.id).await?;
    if companies.is_empty() {
        let what = format!("{} has no client companies: its policy wizard is empty.", tenant.name);
        return Ok(Finding::warning(
            "clients",
            what,
            "the MSP's staff",
            "Its owner adds them at Admin \u{2192} Clients, by form or CSV.",
        )
        .at("/admin/clients"));
    }
    Ok(Finding::ok("clients", format!("{} has {} client companies.", tenant.name, companies.len())))
}

async fn attorney(tx: &Tx, tenant: &tenant::Model) -> Result<Finding> {
    if tenancy::attorneys_of(tx, tenant.id, &[AttorneyRole::Primary]).await?.is_empty() {
        let what = format!("{} has no primary attorney: nobody can approve its policies.", tenant.name);
        return Ok(Finding::warning(
            "attorneys",
            what,
            "the MSP's staff",
            "The operator engages one at Operator \u{2192} Attorneys.",
        ));
    }
    Ok(Finding::ok("attorneys", format!("{} has a primary attorney.", tenant.name)))
}

async fn reviews(platform: &Platform, tx: &Tx, tenant: &tenant::Model) -> Result<Finding> {
    let before = platform.clock.now().plus(-PATIENCE.0 * Moment::DAY);
    Ok(match policies::with_attorney_since(tx, tenant.id, before).await? {
        None => Finding::ok("policy_reviews", "No policy has been with the attorney for more than 3 days."),
        Some((count, since)) => Finding::warning(
            "policy_reviews",
            format!("{} with the attorney for more than 3 days.", counted(count, "policy has been", "policies have been")),
            "the clients who wait for them",
            "Ask the attorney: by a matter, or directly. They stand on the attorney's first screen.",
        )
        .since(since)
        .at("/legal/policies?status=internal_review"),
    })
}

async fn signatures(platform: &Platform, tx: &Tx, tenant: &tenant::Model) -> Result<Finding> {
    let now = platform.clock.now();
    let late = compliance::of_tenant(tx, tenant.id).await?;
    let late = late.iter().filter(|one| !one.is_signed() && one.days_waiting(now) > PATIENCE.1).count();
    if late == 0 {
        return Ok(Finding::ok("signatures", "No signature is more than 7 days late."));
    }
    let what =
        format!("{} for a signature for more than 7 days.", counted(late as u64, "policy has waited", "policies have waited"));
    let fix = "Each says under Acknowledgements whether the person can sign in and whether the mail arrived; remind them there.";
    Ok(Finding::warning("signatures", what, "the clients' compliance scores", fix).at("/legal/compliance"))
}

async fn payouts(tx: &Tx, tenant: &tenant::Model, now: Moment) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for (turn, whose) in [(Turn::Msp, "the MSP"), (Turn::Attorney, "the attorney"), (Turn::Operator, "the operator")] {
        if let Some((count, since)) = payments::waiting_on(tx, tenant.id, turn, now).await? {
            let what = format!("{} for {whose}: {}.", counted(count, "payout waits", "payouts wait"), tenant.name);
            let fix = "Each says what is to be done, with a button that goes there.";
            found.push(Finding::warning("payouts", what, "the attorney's money", fix).since(since).at("/admin/payouts"));
        }
    }
    Ok(found)
}

/// People of this tenant's portal whose mail does not arrive.
async fn unreached(tx: &Tx, tenant: &tenant::Model, realm: &str) -> Result<Option<Finding>> {
    let people = delivery::unreached(tx, Some(realm)).await?;
    Ok(people.first().map(|(email, last)| {
        let who = counted(people.len() as u64, "person does not get their mail", "people do not get their mail");
        let what = format!("{}: {who}. The first is {email}. {}", tenant.name, last.words);
        let fix = "Correct the address at Admin \u{2192} Clients \u{2192} the company \u{2192} Users, and send again.";
        Finding::warning("mail_people", what, "those people: invitations, requests to sign, resets", fix)
            .since(last.at)
            .at("/admin/clients")
    }))
}
