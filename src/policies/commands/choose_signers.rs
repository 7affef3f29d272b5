//! Page 3 of the wizard: who has to acknowledge it, in which order, until when.

use entity::{
    ids::ContactId,
    policies::{Acknowledgement, SignerChoice, policy, signer},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::step::{line, open, save, take};
use crate::{
    audit, identity,
    platform::{FieldErrors, Result, Work},
    policies::{
        access::{Edit, May},
        policy::{Verb, day, today},
    },
    tenancy,
};

/// What page 3 asks, as typed.
#[derive(Clone, Debug, Default)]
pub struct Signers {
    pub acknowledgement: Acknowledgement,
    pub signers: SignerChoice,
    /// Chosen contacts with their places, in the order of the page.
    pub contacts: Vec<(String, String)>,
    pub sequential: bool,
    pub deadline: String,
    pub reminder: String,
    /// Addresses, apart by spaces, commas or lines.
    pub copies_to: String,
    pub scroll_to_end: bool,
    pub finish: bool,
}

pub async fn choose_signers(work: &mut Work, who: &May<Edit>, input: Signers) -> Result<()> {
    let (row, _) = take(work, &who.reader, Verb::Edit).await?;
    let opened = open(work, &row).await?;
    let known = tenancy::contacts_of(work.read(), row.company_id).await?;
    let mut errors = FieldErrors::default();
    let mut chosen: Vec<(i32, ContactId)> = Vec::new();
    for (contact, place) in &input.contacts {
        let found = contact.parse::<ContactId>().ok().filter(|id| known.iter().any(|row| row.id == *id));
        match found {
            Some(id) if !chosen.iter().any(|(_, other)| *other == id) => {
                let place = place.trim().parse::<i32>().ok().filter(|place| (1..=999).contains(place));
                chosen.push((place.unwrap_or(chosen.len() as i32 + 1), id));
            }
            Some(_) => {}
            None => errors.add("contact", "That is no contact of this client."),
        }
    }
    chosen.sort_by_key(|(place, _)| *place);
    let required = input.acknowledgement == Acknowledgement::Required;
    if required && input.signers == SignerChoice::Specific && chosen.is_empty() {
        errors.add("contact", "Choose at least one contact.");
    }
    if required && known.is_empty() {
        errors.add("signers", "This client has no contacts yet: add them under Admin → Clients.");
    }
    let deadline = match input.deadline.trim() {
        "" => None,
        typed => match day(typed) {
            Some(day) if day >= today(&opened.tenant.zone, work.now()) => Some(day.to_string()),
            Some(_) => {
                errors.add("deadline", "That day has passed.");
                None
            }
            None => {
                errors.add("deadline", "Give a day, or leave it empty.");
                None
            }
        },
    };
    let reminder = match input.reminder.trim() {
        "" | "0" => None,
        typed => match typed.parse::<i32>() {
            Ok(days) if (1..=60).contains(&days) => Some(days),
            _ => {
                errors.add("reminder", "Give 1 to 60 days, or leave it empty for none.");
                None
            }
        },
    };
    let copies = copies(&input.copies_to, &mut errors);
    if input.finish {
        errors.check()?;
    }
    let mut change: policy::ActiveModel = row.clone().into();
    change.acknowledgement = Set(input.acknowledgement);
    change.signers = Set(input.signers);
    change.sequential = Set(input.sequential);
    change.deadline_on = Set(deadline);
    change.reminder_days = Set(reminder);
    if let Some(copies) = copies {
        change.copies_to = Set(copies.join("\n"));
    }
    change.scroll_to_end = Set(input.scroll_to_end);
    if input.finish {
        change.wizard_page = Set(row.wizard_page.max(3));
    }
    let row = save(work, change).await?;
    signer::Entity::delete_many().filter(signer::Column::PolicyId.eq(row.id)).exec(work.write()).await?;
    let rows: Vec<signer::ActiveModel> = chosen
        .into_iter()
        .enumerate()
        .map(|(at, (_, contact))| signer::ActiveModel {
            policy_id: Set(row.id),
            contact_id: Set(contact),
            tenant_id: Set(row.tenant_id),
            place: Set(at as i32 + 1),
        })
        .collect();
    let count = rows.len();
    if count > 0 {
        signer::Entity::insert_many(rows).exec_without_returning(work.write()).await?;
    }
    audit::record(work, line("policy.edited", &row).with("page", 3).with("chosen_signers", count)).await
}

/// More than that is a mailing list.
const MOST_COPIES: usize = 5;

/// The addresses that are told of it, each in its one spelling and once; none where one of them is wrong.
fn copies(typed: &str, errors: &mut FieldErrors) -> Option<Vec<String>> {
    let mut known: Vec<String> = Vec::new();
    for address in typed.split([',', ';', ' ', '\n', '\r', '\t']).filter(|address| !address.is_empty()) {
        match identity::parse_email(address) {
            Some(email) if known.contains(&email) => {}
            Some(email) => known.push(email),
            None => {
                errors.add("copies_to", format!("{address} is no e-mail address."));
                return None;
            }
        }
    }
    if known.len() > MOST_COPIES {
        errors.add("copies_to", format!("Give at most {MOST_COPIES} addresses."));
        return None;
    }
    Some(known)
}
