//! Who must have said yes before money moves.

use entity::{
    audit::entry,
    payments::{Movement, Step, Turn},
    tenancy::StaffRole,
};
use serde_json::json;

use super::till::Till;

#[actix_web::test]
async fn above_the_limit_two_people_must_say_yes() {
    let till = Till::with(&[("PAYOUT_APPROVAL_LIMIT", "1000")], "4242424242424242", "000123456789").await;
    let small = till.bill_of("retainer:small", "2026-02-01", 100_000).await;
    let large = till.bill_of("retainer:large", "2026-02-01", 100_001).await;
    till.quiet().await;
    assert_ne!(till.row(small).await.step, Step::Approval, "the limit itself is not above it");
    let row = till.row(large).await;
    assert_eq!((row.step, row.turn, row.cause.as_str()), (Step::Approval, Turn::Msp, "approval"));
    let mut mira = till.one.browser("mira").await;
    let mut tom = till.one.browser("tom").await;
    let mut ada = till.one.browser("ada").await;
    let mut eve = till.one.browser("eve").await;
    let approve = format!("/legal/payouts/{large}/approve");
    eve.post(&approve, &[]).await.expect(404);
    tom.post(&approve, &[]).await.expect(403);
    ada.post(&approve, &[]).await.expect(403);
    mira.post(&approve, &[]).await.expect(303);
    till.quiet().await;
    assert_eq!(till.row(large).await.step, Step::Approval, "one is not two");
    mira.post(&approve, &[]).await.expect(409);
    assert_eq!(till.moved(large), (0, 0));
    // A second admin.
    till.promote("tom", StaffRole::Admin).await;
    till.one.browser("tom").await.post(&approve, &[]).await.expect(303);
    till.until(large, &[Step::Paid], 15).await;
    assert_eq!(till.moved(large), (100_001, 100_001));
}

#[actix_web::test]
async fn every_call_that_moves_money_names_who_agreed_and_whose_word_began_it() {
    let till = Till::open().await;
    let id = till.bill(150_000).await;
    till.until(id, &[Step::Paid], 15).await;
    let charge = till.row(id).await.charge.expect("a charge");
    till.admin(&format!("charge/{charge}/dispute"), json!({}));
    till.quiet().await;
    let entries = till.audited(&format!("settlement:{id}")).await;
    for action in ["settlement.charge_asked", "settlement.transfer_asked"] {
        let line = entries.iter().find(|line: &&entry::Model| line.action == action).expect(action);
        assert_eq!(line.actor, "settlement schedule");
        assert!(line.detail.contains("Mira"), "{}", line.detail);
    }
    // What stands at Stripe was asked for by a line of the log: as many as there are, and no more.
    let asked = |action: &str| entries.iter().filter(|line| line.action == action).count();
    let money = till.stripe.money();
    let stands = |list: &str| {
        let all = money[list].as_array().expect("a list");
        all.iter().filter(|one| one["metadata"]["settlement"] == id.to_string()).count()
    };
    assert_eq!(stands("charges"), asked("settlement.charge_asked"));
    assert_eq!(stands("transfers"), asked("settlement.transfer_asked"));
}

#[actix_web::test]
async fn a_retainer_nobody_accepted_is_never_billed() {
    let till = Till::open().await;
    let retainer = crate::retainers::desk::offer(&mut till.one.browser("ada").await).await;
    let id: entity::ids::RetainerId = retainer.rsplit('/').next().expect("an id").parse().expect("an id");
    let tx = till.one.tx().await;
    assert!(one_legal::retainers::Mandate::of(&tx, id).await.is_err(), "no mandate without an acceptance");
    drop(tx);
    till.pass(70 * super::till::DAY).await;
    one_legal::retainers::jobs::nightly(till.platform()).await.expect("a night");
    till.quiet().await;
    let money = till.stripe.money();
    assert!(money["charges"].as_array().expect("charges").is_empty());
    assert!(money["transfers"].as_array().expect("transfers").is_empty());
}

/// The commands of the product and what each may do with money: a new one must be thought of here.
#[test]
fn only_the_settlements_own_step_calls_what_moves_money() {
    let calls = ["stripe.charge(", "stripe.transfer(", "stripe.reverse("];
    let mut found = Vec::new();
    let mut folders = vec![std::path::PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder").filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            if calls.iter().any(|call| text.contains(call)) {
                found.push(path.display().to_string());
            }
        }
    }
    assert_eq!(found, ["src/payments/commands/advance.rs"]);
    let schedules: Vec<String> = {
        let text = |path: &str| std::fs::read_to_string(path).expect("a file");
        // A settlement is only ever made with the mandate of an accepted retainer.
        assert!(text("src/retainers/commands/bill_months.rs").contains("agreed: mandate.agreed()"));
        std::process::Command::new("grep")
            .args(["-rl", "payments::schedule(", "src"])
            .output()
            .map(|out| String::from_utf8_lossy(&out.stdout).lines().map(str::to_owned).collect())
            .expect("grep")
    };
    let wiring = |path: &&String| !path.starts_with("src/app/demo");
    assert_eq!(schedules.iter().filter(wiring).collect::<Vec<_>>(), ["src/retainers/commands/bill_months.rs"]);
}

#[actix_web::test]
async fn the_ledger_of_a_waived_month_owes_nothing() {
    let till = Till::with(&[], "4000000000000341", "000123456789").await;
    let id = till.bill(150_000).await;
    till.quiet().await;
    let waive = format!("/legal/payouts/{id}/waive");
    till.one.browser("mira").await.post(&waive, &[]).await.expect(403);
    till.one.browser("ada").await.post(&waive, &[]).await.expect(303);
    let row = till.row(id).await;
    assert_eq!((row.step, row.turn), (Step::Waived, Turn::Nobody));
    assert_eq!(till.movements(id).await, [(Movement::Due, 150_000), (Movement::Waived, 150_000)]);
    till.pass(20 * super::till::DAY).await;
    assert_eq!(till.moved(id), (0, 0), "and nothing is charged later");
}
