//! Keeps a service of the catalog: its words, its promise and the questions of its form.

use entity::{
    ids::ServiceId,
    tickets::{TicketCategory, TicketPriority, service},
    wall::Walled,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, IntoActiveModel, QueryFilter, Set};

use crate::{
    audit,
    platform::{Error, FieldErrors, Result, Work},
    tenancy::caller::TenantAdmin,
    tickets::{
        catalog::{QUESTIONS, Question},
        ticket::clean_subject,
    },
};

#[derive(Clone, Debug)]
pub struct SaveService {
    pub name: String,
    pub description: String,
    pub category: TicketCategory,
    pub priority: TicketPriority,
    pub sla_hours: Option<i32>,
    pub questions: Vec<Question>,
    pub offered: bool,
}

/// Hours a promise may have: a year.
const LONGEST: i32 = 24 * 365;

/// A new service, or the one of this id as it shall be.
pub async fn save_service(work: &mut Work, who: &TenantAdmin, id: Option<ServiceId>, input: &SaveService) -> Result<ServiceId> {
    let name = clean_subject(&input.name);
    let mut errors = FieldErrors::default();
    if name.is_empty() || name.chars().count() > 200 {
        errors.add("name", "Give it a name of at most 200 characters.");
    }
    if input.description.chars().count() > 5_000 {
        errors.add("description", "At most 5,000 characters.");
    }
    if input.sla_hours.is_some_and(|hours| !(1..=LONGEST).contains(&hours)) {
        errors.add("sla_hours", "Give hours from 1 to 8760, or leave it empty.");
    }
    if input.questions.len() > QUESTIONS {
        errors.add("", format!("At most {QUESTIONS} questions."));
    }
    for (at, question) in input.questions.iter().enumerate() {
        question.check(&format!("label{at}"), &mut errors);
    }
    errors.check()?;
    let now = work.now();
    let questions = serde_json::to_string(&input.questions)?;
    let fields = |row: &mut service::ActiveModel| {
        row.name = Set(name.clone());
        row.description = Set(input.description.trim().to_owned());
        row.category = Set(input.category);
        row.priority = Set(input.priority);
        row.sla_hours = Set(input.sla_hours);
        row.questions = Set(questions.clone());
        row.offered = Set(input.offered);
        row.updated_at = Set(now);
    };
    let (id, action) = match id {
        Some(id) => {
            let tx = work.read();
            let row = service::Entity::within(tx.reach())
                .filter(service::Column::Id.eq(id))
                .filter(service::Column::TenantId.eq(who.tenant))
                .one(tx)
                .await?
                .ok_or(Error::NotFound)?;
            let mut row = row.into_active_model();
            fields(&mut row);
            row.update(work.write()).await?;
            (id, "service.changed")
        }
        None => {
            let id: ServiceId = work.id();
            let mut row =
                service::ActiveModel { id: Set(id), tenant_id: Set(who.tenant), created_at: Set(now), ..Default::default() };
            fields(&mut row);
            row.insert(work.write()).await?;
            (id, "service.added")
        }
    };
    let line =
        audit::Line::new(action, format!("service:{id}")).tenant(who.tenant).with("name", name).with("offered", input.offered);
    audit::record(work, line).await?;
    Ok(id)
}
