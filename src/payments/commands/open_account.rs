//! An attorney's account at Stripe: opened once, under a key that stands before the call; and the way to its hosted form.

use std::sync::Arc;

use entity::{Reach, Unwalled, payments::payee};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, Set,
    sea_query::{Expr, OnConflict},
};

use crate::{
    audit,
    payments::{access::Earner, stripe::Stripe},
    platform::{Actor, Platform, Result},
};

/// The address of Stripe's form, which opens once and for a few minutes.
pub async fn open_account(platform: &Arc<Platform>, actor: Actor, earner: &Earner) -> Result<String> {
    let stripe = Stripe::needed(platform)?;
    let me = earner.caller.account;
    let reach = || Reach::Everything("an attorney's own account belongs to no tenant");
    let mut work = platform.work(actor.clone(), reach()).await?;
    let now = work.now();
    let fresh = payee::ActiveModel {
        account_id: Set(me),
        stripe_account: Set(None),
        submitted: Set(false),
        transfers: Set(false),
        payouts: Set(false),
        due: Set("[]".to_owned()),
        disabled_reason: Set(String::new()),
        bank: Set(String::new()),
        bank_failed: Set(false),
        seen_at: Set(now),
        created_at: Set(now),
    };
    let once = OnConflict::column(payee::Column::AccountId).do_nothing().to_owned();
    if payee::Entity::insert(fresh).on_conflict(once).exec_without_returning(work.write()).await? > 0 {
        audit::record(&mut work, audit::Line::new("payout_account.begun", format!("account:{me}"))).await?;
    } else {
        work.counts_as_audited("it was begun before");
    }
    let row = payee::Entity::rows().filter(payee::Column::AccountId.eq(me)).one(work.read()).await?;
    work.commit().await?;
    let row = row.ok_or(crate::platform::Error::NotFound)?;
    let account = match row.stripe_account {
        Some(account) => account,
        None => {
            // The same key for as long as no account is known: asked for twice, it is opened once.
            let key = format!("account:{me}:{}", row.created_at.seconds());
            let account = stripe.open_account(&key, &earner.caller.email, &me.to_string()).await?;
            let mut work = platform.work(actor, reach()).await?;
            payee::Entity::update_many()
                .col_expr(payee::Column::StripeAccount, Expr::value(Some(account.clone())))
                .filter(payee::Column::AccountId.eq(me))
                .exec(work.write())
                .await?;
            let line = audit::Line::new("payout_account.opened", format!("account:{me}")).with("stripe_account", account.clone());
            audit::record(&mut work, line).await?;
            work.commit().await?;
            account
        }
    };
    let link = |path: &str| platform.config.link(path);
    let refresh = link("/legal/profile/payouts/again");
    Ok(stripe.account_link(&account, &refresh, &link("/legal/profile/payouts/back")).await?)
}
