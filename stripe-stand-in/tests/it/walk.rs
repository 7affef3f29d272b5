//! Long random walks: whatever is asked and whatever goes wrong, no money appears or disappears.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use stripe_stand_in::{Fault, FaultKind, Options, StandIn};

use crate::stage::*;

/// A generator of the test's own.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn sum(list: &Value, key: &str, keep: impl Fn(&Value) -> bool) -> i64 {
    list.as_array().into_iter().flatten().filter(|item| keep(item)).filter_map(|item| item[key].as_i64()).sum()
}

/// What every purse holds must be the sum of its balance transactions, and nothing may be given on twice.
fn check(one: &StandIn, accounts: &[String]) {
    let money = one.money();
    for owner in accounts.iter().map(Some).chain([None]) {
        let mut lines: BTreeMap<String, i64> = BTreeMap::new();
        let mut query = "limit=100".to_owned();
        loop {
            let page = match owner {
                Some(account) => ok(&on_account(one, account, "GET", "/v1/balance_transactions", &query)),
                None => get(one, "/v1/balance_transactions", &query),
            };
            for line in page["data"].as_array().into_iter().flatten() {
                *lines.entry(line["currency"].as_str().unwrap_or("").to_owned()).or_default() += line["net"].as_i64().unwrap_or(0);
                query = format!("limit=100&starting_after={}", id(line));
            }
            if page["has_more"] == false {
                break;
            }
        }
        let purse = &money["balances"][owner.map_or("platform", String::as_str)];
        for (currency, net) in lines {
            let held = purse[&currency]["available"].as_i64().unwrap_or(0) + purse[&currency]["pending"].as_i64().unwrap_or(0);
            assert_eq!(held, net, "{owner:?} {currency}");
        }
    }
    for charge in money["charges"].as_array().into_iter().flatten() {
        let given = sum(&money["transfers"], "amount", |t| t["source_transaction"] == charge["id"])
            - sum(&money["transfers"], "amount_reversed", |t| t["source_transaction"] == charge["id"]);
        assert!(given <= charge["amount"].as_i64().unwrap_or(0), "{charge}");
    }
    for transfer in money["transfers"].as_array().into_iter().flatten() {
        let reversed = sum(&money["reversals"], "amount", |r| r["transfer"] == transfer["id"]);
        assert_eq!(transfer["amount_reversed"], json!(reversed));
    }
}

#[test]
fn money_is_conserved_on_every_walk() {
    let methods = ["4242424242424242", "000123456789", "000222222227", "000999999991", "4000000000000341", "4000000000000259"];
    let banks = ["000123456789", "000111111113", "000123456789"];
    for seed in 0..40_u64 {
        let mut dice = Dice(seed + 1);
        let one = StandIn::start(Options { standing_at: Some(START), seed: Some(seed), ..Options::default() }).expect("a stand-in");
        let accounts: Vec<String> = banks.iter().map(|bank| attorney(&one, bank)).collect();
        let payers: Vec<_> = methods.iter().map(|number| payer(&one, number)).collect();
        for kind in [FaultKind::TimeoutAfter, FaultKind::ErrorAfter, FaultKind::RateLimit, FaultKind::CutBefore] {
            one.fault(Fault::always("POST", "*", kind).with_probability(0.04));
        }
        for step in 0..60 {
            let account = &accounts[dice.below(3) as usize];
            let charges = one.money()["charges"].clone();
            let charges: Vec<&Value> = charges.as_array().into_iter().flatten().filter(|c| c["_account"].is_null()).collect();
            let charge = charges.get(dice.below(charges.len().max(1) as u64) as usize).map(|c| id(c)).unwrap_or_default();
            let reply = match dice.below(9) {
                0..=2 => {
                    let (customer, method) = &payers[dice.below(6) as usize];
                    let form = charge_form(customer, method, 1_000 + dice.below(90_000) as i64);
                    keyed(&one, "/v1/payment_intents", &form, &format!("pay-{}", dice.below(30)))
                }
                3 | 4 => {
                    let amount = 1 + dice.below(40_000);
                    let form = format!("amount={amount}&currency=usd&destination={account}&source_transaction={charge}");
                    keyed(&one, "/v1/transfers", &form, &format!("move-{step}"))
                }
                5 => one.call("POST", "/v1/refunds", &format!("charge={charge}&amount={}", 1 + dice.below(500))),
                6 => {
                    let transfers = get(&one, "/v1/transfers", "limit=5");
                    let transfer = transfers["data"][0]["id"].as_str().unwrap_or("tr_none").to_owned();
                    one.call("POST", &format!("/v1/transfers/{transfer}/reversals"), "amount=100")
                }
                7 => {
                    drop(one.admin("POST", &format!("charge/{charge}/dispute"), json!({})));
                    continue;
                }
                _ => {
                    one.advance(dice.below(3 * DAY as u64) as i64);
                    continue;
                }
            };
            assert!([0, 200, 400, 402, 404, 429, 500].contains(&reply.status), "{}", reply.body);
        }
        one.clear_faults();
        check(&one, &accounts);
        one.advance(30 * DAY);
        check(&one, &accounts);
    }
}
