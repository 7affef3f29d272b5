//! A book balances at every instant, mixes with no other, and takes the same thing once.

use entity::{
    Moment, Reach,
    ids::TenantId,
    payments::{AccountKind, Movement, account},
    wall::Walled,
};
use one_legal::{
    payments::{Balances, Book, Posting, balances, post, postings},
    platform::{Actor, Error},
};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter};

use crate::support::Installation;

fn agreement(one: &Installation, word: &str, movement: Movement, amount: i64, reference: &str) -> Posting {
    Posting {
        tenant: one.cast.harbor,
        book: Book::Agreement(format!("retainer:{word}")),
        movement,
        amount,
        currency: "USD".to_owned(),
        source: format!("settlement:{word}"),
        reference: reference.to_owned(),
    }
}

async fn posted(one: &Installation, posting: Posting) -> Result<bool, Error> {
    let tenant = posting.tenant;
    let mut work = one.platform.work(Actor::program("test"), Reach::Tenants(vec![tenant])).await?;
    let posted = post(&mut work, posting).await?;
    work.commit().await?;
    Ok(posted)
}

async fn book(one: &Installation, word: &str) -> Balances {
    balances(&one.tx().await, &Book::Agreement(format!("retainer:{word}"))).await.expect("the balances")
}

fn lies(balances: &Balances, kind: AccountKind) -> i64 {
    balances.get(&("USD".to_owned(), kind)).copied().unwrap_or(0)
}

fn code(error: Error) -> &'static str {
    match error {
        Error::Refused(refusal) => refusal.code,
        other => panic!("not refused: {other:?}"),
    }
}

#[actix_web::test]
async fn a_month_is_due_charged_and_passed_on_and_nothing_is_left() {
    let one = Installation::new().await;
    for (movement, reference) in [(Movement::Due, ""), (Movement::Charged, "ch_1"), (Movement::Transferred, "tr_1")] {
        assert!(posted(&one, agreement(&one, "a", movement, 150_000, reference)).await.expect("posted"));
        one.platform.clock.advance(Moment::DAY);
    }
    assert!(book(&one, "a").await.values().all(|balance| *balance == 0));
    let lines = postings(&one.tx().await, &Book::Agreement("retainer:a".to_owned())).await.expect("the lines");
    let told: Vec<_> = lines.iter().map(|line| (line.movement, line.amount, line.reference.as_str())).collect();
    assert_eq!(
        told,
        [(Movement::Due, 150_000, ""), (Movement::Charged, 150_000, "ch_1"), (Movement::Transferred, 150_000, "tr_1")]
    );
}

#[actix_web::test]
async fn nothing_is_passed_on_before_it_was_charged_nor_charged_before_it_is_due() {
    let one = Installation::new().await;
    let refused = posted(&one, agreement(&one, "a", Movement::Charged, 100, "ch_1")).await.expect_err("not due");
    assert_eq!(code(refused), "not_due");
    posted(&one, agreement(&one, "a", Movement::Due, 100, "")).await.expect("posted");
    let refused = posted(&one, agreement(&one, "a", Movement::Transferred, 100, "tr_1")).await.expect_err("not charged");
    assert_eq!(code(refused), "not_charged");
    posted(&one, agreement(&one, "a", Movement::Charged, 100, "ch_1")).await.expect("posted");
    let refused = posted(&one, agreement(&one, "a", Movement::Transferred, 101, "tr_1")).await.expect_err("more than charged");
    assert_eq!(code(refused), "not_charged");
    let refused = posted(&one, agreement(&one, "a", Movement::Charged, 100, "ch_2")).await.expect_err("twice");
    assert_eq!(code(refused), "not_due");
    // What another agreement was charged does not pay this one.
    posted(&one, agreement(&one, "b", Movement::Due, 100, "")).await.expect("posted");
    let refused = posted(&one, agreement(&one, "b", Movement::Transferred, 100, "tr_2")).await.expect_err("another's money");
    assert_eq!(code(refused), "not_charged");
}

#[actix_web::test]
async fn a_lost_dispute_leaves_the_msp_owing_and_the_attorney_unpaid() {
    let one = Installation::new().await;
    for (movement, reference) in [
        (Movement::Due, ""),
        (Movement::Charged, "ch_1"),
        (Movement::Transferred, "tr_1"),
        (Movement::Withheld, "du_1"),
        (Movement::Reversed, "trr_1"),
        (Movement::Lost, "du_1"),
    ] {
        posted(&one, agreement(&one, "a", movement, 900, reference)).await.expect("posted");
    }
    let balances = book(&one, "a").await;
    assert_eq!(
        [AccountKind::Payer, AccountKind::Payee, AccountKind::Held, AccountKind::Disputed].map(|kind| lies(&balances, kind)),
        [900, -900, 0, 0]
    );
}

#[actix_web::test]
async fn of_twenty_who_post_the_same_at_once_one_does() {
    let one = Installation::new().await;
    posted(&one, agreement(&one, "a", Movement::Due, 100, "")).await.expect("posted");
    let tries = (0..20).map(|_| posted(&one, agreement(&one, "a", Movement::Charged, 100, "ch_1")));
    let answers = futures_util::future::join_all(tries).await;
    let done = answers.into_iter().map(|answer| answer.expect("told again, not refused")).filter(|posted| *posted).count();
    assert_eq!(done, 1);
    assert_eq!(lies(&book(&one, "a").await, AccountKind::Held), 100);
}

#[actix_web::test]
async fn the_same_thing_with_another_amount_is_a_defect_and_not_a_posting() {
    let one = Installation::new().await;
    posted(&one, agreement(&one, "a", Movement::Due, 100, "")).await.expect("posted");
    let error = posted(&one, agreement(&one, "a", Movement::Due, 200, "")).await.expect_err("another amount");
    assert!(matches!(error, Error::Internal(_)), "{error:?}");
    assert_eq!(lies(&book(&one, "a").await, AccountKind::Payer), 100);
}

#[actix_web::test]
async fn another_tenant_reads_nothing_and_cannot_post_into_the_book() {
    let one = Installation::new().await;
    posted(&one, agreement(&one, "a", Movement::Due, 100, "")).await.expect("posted");
    let pine = Reach::Tenants(vec![one.cast.pine]);
    let tx = one.platform.read(pine.clone()).await.expect("a view");
    let seen = balances(&tx, &Book::Agreement("retainer:a".to_owned())).await.expect("read");
    assert!(seen.is_empty(), "{seen:?}");
    drop(tx);
    let mut work = one.platform.work(Actor::program("test"), pine).await.expect("a work");
    let posting = Posting { tenant: one.cast.pine, ..agreement(&one, "a", Movement::Due, 100, "x") };
    post(&mut work, posting).await.expect_err("the book is Harbor's");
}

/// Each of these has no shape the database would take, whoever writes it.
#[actix_web::test]
async fn an_unbalanced_mixed_or_changed_entry_cannot_be_written_even_by_hand() {
    let one = Installation::new().await;
    for word in ["a", "b"] {
        posted(&one, agreement(&one, word, Movement::Due, 100, "")).await.expect("posted");
    }
    let here = &one;
    let account = |word: &str, kind| {
        let book = format!("retainer:{word}");
        async move {
            let tx = here.tx().await;
            let row = account::Entity::within(tx.reach())
                .filter(account::Column::Book.eq(book))
                .filter(account::Column::Kind.eq(kind))
                .one(&tx)
                .await
                .expect("read");
            row.expect("an account").id.to_string()
        }
    };
    let (payer, payee, other) =
        (account("a", AccountKind::Payer).await, account("a", AccountKind::Payee).await, account("b", AccountKind::Payee).await);
    let copy = |debit: &str, credit: &str, amount: &str, currency: &str, tenant: TenantId| {
        let uuid = |id: &str| match one.platform.db.backend() {
            sea_orm::DbBackend::Sqlite => format!("x'{}'", id.replace('-', "")),
            _ => format!("'{id}'"),
        };
        format!(
            "INSERT INTO payments_posting (id, tenant_id, book, currency, debit, credit, amount, movement, source, reference, once, at)
             SELECT {}, {}, book, '{currency}', {}, {}, {amount}, movement, source, reference, 'again', at
             FROM payments_posting WHERE book = 'retainer:a'",
            uuid(&uuid::Uuid::from_u128(7).to_string()),
            uuid(&tenant.to_string()),
            uuid(debit),
            uuid(credit),
        )
    };
    let (harbor, pine) = (one.cast.harbor, one.cast.pine);
    for (what, sql) in [
        ("into another book", copy(&payer, &other, "100", "USD", harbor)),
        ("nothing", copy(&payer, &payee, "0", "USD", harbor)),
        ("a negative amount", copy(&payer, &payee, "-100", "USD", harbor)),
        ("from an account to itself", copy(&payer, &payer, "100", "USD", harbor)),
        ("another currency", copy(&payer, &payee, "100", "EUR", harbor)),
        ("another tenant", copy(&payer, &payee, "100", "USD", pine)),
        ("a changed amount", "UPDATE payments_posting SET amount = 1".to_owned()),
        ("a posting deleted", "DELETE FROM payments_posting".to_owned()),
        ("an account moved", "UPDATE payments_account SET book = 'retainer:b'".to_owned()),
        (
            "the platform's money in a client's book",
            "INSERT INTO payments_account (id, tenant_id, book, kind, currency, created_at)
             SELECT tenant_id, tenant_id, book, 'platform', currency, 0 FROM payments_account WHERE book = 'retainer:a'"
                .to_owned(),
        ),
    ] {
        by_hand(&one, &sql).await.expect_err(what);
    }
    by_hand(&one, &copy(&payer, &payee, "100", "USD", harbor)).await.expect("the copy itself is well-formed");
}

/// Runs it in sight of every tenant, as somebody with the database's own shell would.
async fn by_hand(one: &Installation, sql: &str) -> Result<(), sea_orm::DbErr> {
    let reach = Reach::Everything("a test writes by hand");
    let mut work = one.platform.work(Actor::program("test"), reach).await.expect("a work");
    work.write().execute_unprepared(sql).await?;
    work.counts_as_audited("written by hand");
    work.commit().await.expect("committed");
    Ok(())
}

#[test]
fn whatever_happens_in_whatever_order_every_book_sums_to_zero() {
    let system = actix_web::rt::System::new();
    system.block_on(async {
        let one = Installation::new().await;
        let mut runner = TestRunner::new(ProptestConfig { cases: 1, failure_persistence: None, ..ProptestConfig::default() });
        let step = (0..Movement::ALL.len(), 1..3_i64, 0..2_usize, 0..4_u8);
        for run in 0..8 {
            let steps = prop::collection::vec(step.clone(), 30).new_tree(&mut runner).expect("steps").current();
            for (movement, amount, word, reference) in steps {
                let (movement, word) = (Movement::ALL[movement], format!("{run}-{word}"));
                if movement == Movement::Fee {
                    continue;
                }
                // Refused or posted or known already: the book balances all the same.
                let _ = posted(&one, agreement(&one, &word, movement, amount * 100, &reference.to_string())).await;
                let balances = book(&one, &word).await;
                assert_eq!(balances.values().sum::<i64>(), 0, "{balances:?}");
                assert!(lies(&balances, AccountKind::Payer) >= 0, "never charged beyond what is owed: {balances:?}");
                assert!(lies(&balances, AccountKind::Disputed) >= 0, "{balances:?}");
            }
        }
    });
}
