//! The model test: clients, staff and technicians of the PSA write at random, calls come twice, late and out of order, the PSA is
//! away at times. In the end both sides hold the same: no ticket twice, no word lost or twice, the later writing of each field, and
//! nothing that goes round for ever.
//!
//! `PSA_MODEL_STEPS=10000 cargo test --release --test it tickets::model -- --nocapture` runs it at length; `MODEL_SEED` begins
//! elsewhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::Ordering,
};

use entity::{
    ids::TicketId,
    tickets::{EntryKind, TicketPriority, TicketStatus, ticket},
    wall::Walled,
};
use one_legal::{
    platform::Actor,
    tickets::{self, Change, DeskTicket, DeskWorker, Field},
};
use serde_json::{Value, json};

use super::{
    open,
    psa::Psa,
    send,
    sync::{beside, compare, tell},
};
use crate::support::{
    Installation,
    dice::{Dice, number},
};

const STATUSES: [TicketStatus; 6] = [
    TicketStatus::Open,
    TicketStatus::InProgress,
    TicketStatus::WaitingOnClient,
    TicketStatus::WaitingOnVendor,
    TicketStatus::Resolved,
    TicketStatus::Closed,
];
const PRIORITIES: [TicketPriority; 4] = [TicketPriority::Low, TicketPriority::Normal, TicketPriority::High, TicketPriority::Urgent];

async fn rows(one: &Installation) -> Vec<ticket::Model> {
    let tx = one.tx().await;
    ticket::Entity::within(tx.reach()).all(&tx).await.expect("tickets")
}

/// Tom writes a field, past the forms (they have their own tests).
async fn change(one: &Installation, tom: &std::sync::Arc<one_legal::tenancy::Caller>, id: TicketId, input: Change) {
    let actor = Actor { account: Some(tom.account), name: tom.name.clone(), ..Actor::default() };
    let mut work = one.platform.work(actor, tom.reach()).await.expect("a work");
    let worker = DeskWorker::of(DeskTicket::of(work.read(), tom.clone(), id).await.expect("a ticket")).expect("Tom works");
    tickets::change(&mut work, &worker, &input).await.expect("changed");
    work.commit().await.expect("committed");
}

fn tom(one: &Installation) -> std::sync::Arc<one_legal::tenancy::Caller> {
    std::sync::Arc::new(one_legal::tenancy::Caller {
        account: one.cast.person("tom").account,
        session: uuid::Uuid::nil().into(),
        name: "Tom Okafor".to_owned(),
        email: "tom@harbor.example".to_owned(),
        method: "test".to_owned(),
        seat: one_legal::tenancy::Seat::Staff { tenant: one.cast.harbor, role: entity::tenancy::StaffRole::Member },
    })
}

#[actix_web::test]
async fn whatever_comes_in_whatever_order_both_sides_end_alike() {
    let (steps, seed) = (number("PSA_MODEL_STEPS", 300), number("MODEL_SEED", 1));
    println!("seed {seed}, {steps} steps");
    let mut dice = Dice(seed);
    let (one, psa) = beside().await;
    let tom = tom(&one);
    // Calls of the PSA's that are under way: some come late, some twice, some never.
    let mut under_way: Vec<Value> = Vec::new();
    let mut said: BTreeSet<String> = BTreeSet::new();
    let mut opened = 0_usize;
    let mut mail = one.browser("cleo").await;
    for step in 0..steps {
        one.platform.clock.advance([0, 0, 1, 700, 20_000][dice.below(5)]);
        if step % 200 == 199 {
            mail = one.browser("cleo").await;
        }
        let here: Vec<TicketId> = rows(&one).await.iter().map(|row| row.id).collect();
        let there: Vec<String> = psa.state.lock().tickets.keys().cloned().collect();
        match dice.below(20) {
            0 if opened < 40 => {
                open(&mut mail, &format!("Here {step}")).await;
                opened += 1;
            }
            1 if opened < 40 => {
                let id = psa.open("acme", &format!("There {step}"));
                under_way.push(json!({ "ticket": psa.ticket(&id) }));
                opened += 1;
            }
            2..=4 if !here.is_empty() => {
                let words = format!("word-{step}-here");
                let path = format!("/portal/tickets/{}", dice.of(&here));
                let fields = [("body", words.as_str()), ("key", words.as_str())];
                for _ in 0..=dice.below(2) {
                    send(&mut mail, &path, &fields).await.expect(303);
                }
                said.insert(words);
            }
            5..=8 if !here.is_empty() => {
                let id = *dice.of(&here);
                let input = match dice.below(3) {
                    0 => Change { subject: Some(format!("Subject {step}")), ..Change::default() },
                    1 => Change { priority: Some(*dice.of(&PRIORITIES)), ..Change::default() },
                    _ => Change { status: Some(*dice.of(&STATUSES)), ..Change::default() },
                };
                change(&one, &tom, id, input).await;
            }
            9..=11 if !there.is_empty() => {
                let id = dice.of(&there).clone();
                match dice.below(3) {
                    0 => psa.set(&id, "subject", &format!("Theirs {step}")),
                    1 => psa.set(&id, "priority", dice.of(&PRIORITIES).word()),
                    _ => psa.set(&id, "status", dice.of(&STATUSES).word()),
                }
                under_way.push(json!({ "ticket": psa.ticket(&id) }));
            }
            12 | 13 if !there.is_empty() => {
                let (id, words) = (dice.of(&there).clone(), format!("word-{step}-there"));
                psa.say(&id, &words, dice.below(3) == 0);
                said.insert(words);
                under_way.push(json!({ "ticket": psa.ticket(&id) }));
            }
            14..=16 if !under_way.is_empty() => {
                let nth = dice.below(under_way.len());
                // Three of four are done with it; the fourth comes again.
                let call = if dice.below(4) == 0 { under_way[nth].clone() } else { under_way.remove(nth) };
                let answer = tell(&one, "/api/psa/tickets", &call).await;
                assert!(matches!(answer.status, 200 | 201), "{}", answer.text);
            }
            17 => {
                one.run_jobs().await;
            }
            18 => psa.down.store(dice.below(3) == 0, Ordering::SeqCst),
            19 => compare(&one).await,
            _ => {}
        }
    }
    psa.down.store(false, Ordering::SeqCst);
    for call in under_way.iter().rev() {
        tell(&one, "/api/psa/tickets", call).await;
    }
    for _ in 0..4 {
        one.platform.clock.advance(10 * 60_000);
        compare(&one).await;
    }
    let written = |psa: &Psa| {
        let state = psa.state.lock();
        (state.log.len(), state.heard.len())
    };
    let before = written(&psa);
    one.platform.clock.advance(10 * 60_000);
    compare(&one).await;
    assert_eq!(written(&psa), before, "nothing goes round once all is said");
    alike(&one, &psa, opened, &said).await;
}

async fn alike(one: &Installation, psa: &Psa, opened: usize, said: &BTreeSet<String>) {
    let here = rows(one).await;
    let there = psa.state.lock().tickets.len();
    assert_eq!(here.len(), opened, "no ticket twice, none lost, here");
    assert_eq!(there, opened, "no ticket twice, none lost, there");
    let tx = one.tx().await;
    let mut words_here: BTreeMap<String, usize> = BTreeMap::new();
    for row in &here {
        let theirs = row.outside_ref.clone().unwrap_or_else(|| panic!("#{} is not there: {:?}", row.number, row.trouble));
        let held = psa.state.lock().tickets[&theirs].clone();
        for field in Field::ALL {
            let (value, at) = field.of(row);
            assert_eq!((value, at.0), held.fields[field.word()].clone(), "{} of #{} and {theirs}", field.word(), row.number);
        }
        assert_eq!(row.seen_revision.max(row.outgoing_revision), row.seen_revision, "everything of #{} was seen", row.number);
        let mut mine = Vec::new();
        for entry in tickets::entries(&tx, row.id, true).await.expect("entries") {
            if matches!(entry.kind, EntryKind::Comment | EntryKind::Note) {
                *words_here.entry(entry.body.clone()).or_default() += 1;
                mine.push((entry.body, entry.kind == EntryKind::Note));
            }
        }
        let mut others: Vec<(String, bool)> = held.comments.iter().map(|(_, _, _, body, inner)| (body.clone(), *inner)).collect();
        mine.sort();
        others.sort();
        assert_eq!(mine, others, "the words of #{} and {theirs}", row.number);
    }
    let once: BTreeMap<String, usize> = said.iter().map(|words| (words.clone(), 1)).collect();
    assert_eq!(words_here, once, "each word once");
}
