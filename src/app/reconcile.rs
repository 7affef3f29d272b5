//! `one-legal reconcile`: the books against Stripe, now; exit 1 where they differ.

use crate::{
    payments,
    platform::{Actor, Clock, Config, Result},
};

pub async fn run(config: Config) -> Result<i32> {
    let platform = super::start::open(config, Clock::system()).await?;
    let Some(seen) = payments::reconcile(&platform, Actor::program("command reconcile"), "command").await? else {
        eprintln!("Payments are not set up: STRIPE_SECRET_KEY is not set.");
        return Ok(2);
    };
    println!("{} settlements, {} charges and transfers compared", seen.settlements, seen.objects);
    for difference in &seen.differences {
        println!("differs  {difference}");
    }
    Ok(i32::from(!seen.differences.is_empty()))
}
