//! Changes the terms of a draft; their version grows, so that nobody accepts what they have not seen.

use entity::retainers::{RetainerStatus, retainer};
use sea_orm::{ActiveModelTrait, IntoActiveModel, Set};

use super::step;
use crate::{
    platform::{Refusal, Result, Work},
    retainers::{Terms, access::Offerer, meter},
};

pub async fn revise(work: &mut Work, offerer: &Offerer, terms: &Terms) -> Result<()> {
    let row = offerer.now(work).await?;
    if row.status != RetainerStatus::Draft {
        return Err(Refusal::new(
            "terms_stand",
            "These terms were offered and stand as they are.",
            "Withdraw the offer to change it; after acceptance, offer new terms from a later month.",
        )
        .into());
    }
    let mut row: retainer::ActiveModel = row.into_active_model();
    row.fee = Set(terms.fee);
    row.included_minutes = Set(terms.included_minutes);
    row.overage_rate = Set(terms.overage_rate);
    row.rolls_over = Set(terms.rolls_over);
    row.starts_on = Set(meter::iso(terms.starts_on));
    row.billing_day = Set(terms.billing_day);
    row.terms_version = Set(row.terms_version.take().unwrap_or(0) + 1);
    row.updated_at = Set(work.now());
    let row = row.update(work.write()).await?;
    step::write_down(work, &row, "retainer.revised", &terms.words()).await
}
