//! The model test of the wall between tenants (S29): people of two MSPs do at random what people do, on one server, in turns, and try
//! ids of each other's. Whatever each of them is answered and sees, in every step and in the end, is what they would be answered
//! and would see on a server where the other MSP does nothing at all, and where the ids they tried were never given.
//!
//! `WALL_MODEL_STEPS=5000 cargo test --release --test it access::model -- --nocapture` runs it at length; `MODEL_SEED` begins
//! elsewhere.

use std::collections::BTreeSet;

use super::acts::{ACTS, Act, SIDES, Step, Team};
use crate::support::{
    Installation,
    dice::{Dice, number},
};

/// Each side does each thing once, in turns; from then on by the dice, and every third step is a try at the other's.
fn script(steps: usize, seed: u64) -> Vec<Step> {
    let first = |nr: usize| Step { nr, side: nr % 2, act: ACTS[nr / 2], thrown: [0, nr / 2, 0, 0] };
    let mut dice = Dice(seed);
    let mut thrown = |nr: usize| {
        let act = if dice.below(3) == 0 { Act::Trespass } else { ACTS[dice.below(ACTS.len())] };
        Step { nr, side: dice.below(2), act, thrown: std::array::from_fn(|_| dice.below(1_000)) }
    };
    (0..2 * ACTS.len()).map(first).chain((2 * ACTS.len()..2 * ACTS.len() + steps).map(&mut thrown)).collect()
}

/// What the people of a side came across.
struct Came {
    log: Vec<String>,
    trespassed: usize,
    done: BTreeSet<Act>,
}

/// The same script on a server on which only these sides do anything.
async fn run(script: &[Step], sides: &[usize]) -> Vec<Came> {
    let one = Installation::new().await;
    let mut teams = Vec::new();
    for side in sides {
        teams.push(Team::of(&one, &SIDES[*side]).await);
    }
    for step in script {
        // The time goes on in others' steps, too; no two things are of one moment.
        one.platform.clock.advance(1_000 + i64::try_from(step.thrown[3]).expect("it is small") * 20);
        if step.nr % 100 == 99 {
            for team in &mut teams {
                team.sign_in().await;
            }
        }
        if step.nr % 15 == 14 {
            one.run_jobs().await;
        }
        if let Some(at) = sides.iter().position(|side| *side == step.side) {
            let others = teams.iter().enumerate().find(|(other, _)| *other != at).map(|(_, team)| team.things.clone());
            teams[at].act(step, others.as_ref()).await;
        }
    }
    // What waits for a while before it is told is told.
    one.platform.clock.advance(11 * 60_000);
    one.run_jobs().await;
    for team in &mut teams {
        team.look_at_everything(&one).await;
    }
    teams.into_iter().map(|team| Came { log: team.log, trespassed: team.trespassed, done: team.done }).collect()
}

/// Fails at the first line in which the two differ, with what comes before it.
fn alike(who: &str, beside: &[String], alone: &[String]) {
    for (with, without) in beside.iter().zip(alone) {
        if with != without {
            let title = with.lines().next().unwrap_or_default();
            let differs = with.lines().zip(without.lines()).find(|(with, without)| with != without);
            let (with, without) = differs.unwrap_or(("more lines", "or fewer"));
            panic!("{who}, {title}:\nbeside the other:  {with}\nwithout the other: {without}");
        }
    }
    assert_eq!(beside.len(), alone.len(), "{who} came across as much");
}

#[actix_web::test]
async fn two_tenants_on_one_server_are_two_servers_with_one_tenant_each() {
    let (steps, seed) = (number("WALL_MODEL_STEPS", 150), number("MODEL_SEED", 1));
    println!("seed {seed}, {steps} steps");
    let script = script(usize::try_from(steps).expect("it fits"), seed);
    let together = run(&script, &[0, 1]).await;
    for (side, beside) in together.iter().enumerate() {
        let alone = run(&script, &[side]).await.remove(0);
        println!("{}: {} answers and views", SIDES[side].slug, alone.log.len());
        alike(SIDES[side].slug, &beside.log, &alone.log);
    }
    let tried: usize = together.iter().map(|side| side.trespassed).sum();
    println!("{tried} times an id of the other MSP's was tried");
    assert!(tried * 10 >= script.len(), "ids of each other's are tried, not only unknown ones: {tried}");
    let done: BTreeSet<Act> = together.iter().flat_map(|side| side.done.iter().copied()).collect();
    let never: Vec<Act> =
        ACTS.into_iter().filter(|act| !done.contains(act) && *act != Act::Trespass && *act != Act::Look).collect();
    assert!(never.is_empty(), "these were never done, only refused: {never:?}");
}
