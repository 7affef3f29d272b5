//! An installation beside a stand-in of Stripe: what the tests of money do again and again.

use entity::{
    Moment, Reach, Unwalled,
    audit::entry,
    ids::{AccountId, TenantId},
    payments::{MethodKind, Movement, Step, payee, payer, posting, settlement},
    tenancy::{StaffRole, staff},
    wall::Walled,
};
use one_legal::{
    payments::{self, Agreed, Book, Line, NewSettlement},
    platform::{Actor, Platform},
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};
use serde_json::{Value, json};
use stripe_stand_in::{DeliveryMode, Endpoint, Options, Scope, StandIn};

use crate::support::Installation;

pub const SECRET: &str = "whsec_till_0123456789";
/// 2 March 2026, 10:00 UTC: where the installation's clock stands.
const START: i64 = 1_772_445_600;
pub const DAY: i64 = 86_400;

pub struct Till {
    pub one: Installation,
    pub stripe: StandIn,
    /// Ada's account at Stripe.
    pub account: String,
    pub customer: String,
}

impl Till {
    /// Harbor IT with a good card, Ada with a ready account.
    pub async fn open() -> Self {
        Self::with(&[], "4242424242424242", "000123456789").await
    }

    pub async fn with(settings: &[(&str, &str)], card: &str, bank: &str) -> Self {
        let stripe = StandIn::start(Options { standing_at: Some(START), seed: Some(7), ..Options::default() }).expect("Stripe");
        let mut all = vec![
            ("STRIPE_SECRET_KEY", stripe.secret_key.as_str()),
            ("STRIPE_WEBHOOK_SECRET", SECRET),
            ("STRIPE_API_BASE", stripe.url.as_str()),
            ("STRIPE_TIMEOUT_MS", "3000"),
        ];
        all.extend_from_slice(settings);
        let one = Installation::with(&all).await;
        let endpoint =
            Endpoint { url: format!("{}/webhooks/stripe", one.url), secrets: vec![SECRET.to_owned()], scope: Scope::All };
        stripe.add_endpoint(&endpoint);
        let mut till = Self { one, stripe, account: String::new(), customer: String::new() };
        till.account = till.payee(bank).await;
        till.customer = till.payer(card).await;
        till
    }

    pub fn platform(&self) -> &std::sync::Arc<Platform> {
        &self.one.platform
    }

    pub fn harbor(&self) -> TenantId {
        self.one.cast.harbor
    }

    pub fn ada(&self) -> AccountId {
        self.one.cast.person("ada").account
    }

    pub fn call(&self, method: &str, path: &str, form: &str) -> Value {
        let reply = self.stripe.call(method, path, form);
        assert!(reply.status < 300, "{method} {path}: {} {}", reply.status, reply.body);
        serde_json::from_str(&reply.body).expect("JSON")
    }

    pub fn admin(&self, path: &str, body: Value) -> Value {
        self.stripe.admin("POST", path, body).expect("the stand-in does it")
    }

    /// Ada's account, opened and filled in.
    async fn payee(&self, bank: &str) -> String {
        let account = self.call("POST", "/v1/accounts", "type=express&capabilities[transfers][requested]=true");
        let id = account["id"].as_str().expect("an id").to_owned();
        self.admin(&format!("account/{id}/onboard"), json!({ "account_number": bank }));
        let mut work = self.platform().work(Actor::program("test"), Reach::Everything("a test")).await.expect("a work");
        let now = work.now();
        payee::ActiveModel {
            account_id: Set(self.ada()),
            stripe_account: Set(Some(id.clone())),
            submitted: Set(false),
            transfers: Set(false),
            payouts: Set(false),
            due: Set("[]".to_owned()),
            disabled_reason: Set(String::new()),
            bank: Set(String::new()),
            bank_failed: Set(false),
            seen_at: Set(now),
            created_at: Set(now),
        }
        .insert(work.write())
        .await
        .expect("a row");
        work.counts_as_audited("a test");
        work.commit().await.expect("committed");
        payments::refresh_payee(self.platform(), Actor::program("test"), self.ada()).await.expect("looked at");
        id
    }

    /// Harbor's payment method, set up.
    async fn payer(&self, number: &str) -> String {
        let customer = self.call("POST", "/v1/customers", "name=Harbor");
        let id = customer["id"].as_str().expect("an id").to_owned();
        let mut work = self.platform().work(Actor::program("test"), Reach::Tenants(vec![self.harbor()])).await.expect("a work");
        let now = work.now();
        payer::ActiveModel {
            tenant_id: Set(self.harbor()),
            customer: Set(Some(id.clone())),
            method: Set(None),
            method_kind: Set(None),
            method_words: Set(String::new()),
            expires: Set(String::new()),
            session: Set(None),
            changed_at: Set(now),
            created_at: Set(now),
        }
        .insert(work.write())
        .await
        .expect("a row");
        work.counts_as_audited("a test");
        work.commit().await.expect("committed");
        self.give_method(&id, number).await;
        id
    }

    /// Another card or bank account for Harbor.
    pub async fn give_method(&self, customer: &str, number: &str) -> String {
        let method = self.admin(&format!("customer/{customer}/give_method"), json!({ "number": number }));
        let id = method["id"].as_str().expect("an id").to_owned();
        let kind = if number.len() == 16 { MethodKind::Card } else { MethodKind::BankAccount };
        let mut work = self.platform().work(Actor::program("test"), Reach::Tenants(vec![self.harbor()])).await.expect("a work");
        payer::Entity::update_many()
            .col_expr(payer::Column::Method, sea_orm::sea_query::Expr::value(Some(id.clone())))
            .col_expr(payer::Column::MethodKind, sea_orm::sea_query::Expr::value(Some(kind.word())))
            .filter(payer::Column::TenantId.eq(self.harbor()))
            .exec(work.write())
            .await
            .expect("a row");
        work.counts_as_audited("a test");
        work.commit().await.expect("committed");
        id
    }

    /// A month's bill of Harbor to Ada, on its way.
    pub async fn bill(&self, amount: i64) -> entity::ids::SettlementId {
        self.bill_of("retainer:test", "2026-02-01", amount).await
    }

    pub async fn bill_of(&self, agreement: &str, first: &str, amount: i64) -> entity::ids::SettlementId {
        let mut work =
            self.platform().work(Actor::program("billing day"), Reach::Tenants(vec![self.harbor()])).await.expect("a work");
        let mira = self.one.cast.person("mira").account;
        let input = NewSettlement {
            tenant: self.harbor(),
            agreement: agreement.to_owned(),
            payee: self.ada(),
            payee_name: "Ada Lovelace".to_owned(),
            first: first.to_owned(),
            last: "2026-02-28".to_owned(),
            currency: "USD".to_owned(),
            lines: vec![Line { what: "Monthly fee".to_owned(), amount, href: String::new() }],
            agreed: Agreed { by: mira, by_name: "Mira".to_owned(), at: work.now(), version: 1 },
        };
        let id = payments::schedule(&mut work, input).await.expect("scheduled").expect("it is new");
        work.commit().await.expect("committed");
        id
    }

    pub async fn row(&self, id: entity::ids::SettlementId) -> settlement::Model {
        let tx = self.one.tx().await;
        settlement::Entity::within(tx.reach()).filter(settlement::Column::Id.eq(id)).one(&tx).await.expect("a view").expect("it is")
    }

    /// Time goes by here and at Stripe; everything that falls due meanwhile is done, webhooks and jobs alike.
    pub async fn pass(&self, seconds: i64) {
        let steps = (seconds / DAY).max(1);
        for _ in 0..steps {
            self.stripe.advance(seconds / steps);
            self.platform().clock.advance(seconds / steps * 1_000);
            self.quiet().await;
        }
    }

    /// Until no webhook is on its way and no job is due.
    pub async fn quiet(&self) {
        for _ in 0..20 {
            self.stripe.settled().await;
            if self.one.run_jobs().await == 0 {
                return;
            }
        }
        panic!("it does not come to rest");
    }

    /// Until it stands at one of these steps, at most so many days.
    pub async fn until(&self, id: entity::ids::SettlementId, steps: &[Step], days: i64) -> settlement::Model {
        self.quiet().await;
        for _ in 0..days {
            let row = self.row(id).await;
            if steps.contains(&row.step) {
                return row;
            }
            self.pass(DAY).await;
        }
        let row = self.row(id).await;
        assert!(steps.contains(&row.step), "after {days} days it stands at {} because of `{}`", row.step, row.cause);
        row
    }

    /// The ledger's movements of a settlement, in words.
    pub async fn movements(&self, id: entity::ids::SettlementId) -> Vec<(Movement, i64)> {
        let tx = self.one.tx().await;
        let rows = posting::Entity::within(tx.reach())
            .filter(posting::Column::Source.eq(format!("settlement:{id}")))
            .all(&tx)
            .await
            .expect("postings");
        let mut found: Vec<_> = rows.into_iter().map(|row| (row.movement, row.amount)).collect();
        found.sort();
        found
    }

    /// Every book of Harbor sums to zero.
    pub async fn is_balanced(&self, agreement: &str) {
        let tx = self.one.tx().await;
        for book in [Book::Agreement(agreement.to_owned()), Book::Platform(self.harbor())] {
            let sum: i64 = payments::balances(&tx, &book).await.expect("balances").values().sum();
            assert_eq!(sum, 0, "{book}");
        }
    }

    /// Charges that succeeded at Stripe for this settlement, less what went back; and what was transferred, less reversals.
    pub fn moved(&self, id: entity::ids::SettlementId) -> (i64, i64) {
        let money = self.stripe.money();
        let id = id.to_string();
        let mut charged = 0;
        for charge in money["charges"].as_array().expect("charges") {
            if charge["metadata"]["settlement"] == id && charge["status"] == "succeeded" {
                charged += charge["amount"].as_i64().expect("an amount") - charge["amount_refunded"].as_i64().unwrap_or(0);
                for dispute in money["disputes"].as_array().into_iter().flatten() {
                    if dispute["charge"] == charge["id"] && dispute["status"] == "lost" {
                        charged -= dispute["amount"].as_i64().expect("an amount");
                    }
                }
            }
        }
        let mut passed = 0;
        for transfer in money["transfers"].as_array().expect("transfers") {
            if transfer["metadata"]["settlement"] == id {
                passed += transfer["amount"].as_i64().expect("an amount") - transfer["amount_reversed"].as_i64().unwrap_or(0);
            }
        }
        (charged, passed)
    }

    /// Another role for somebody of Harbor's staff.
    pub async fn promote(&self, key: &str, role: StaffRole) {
        let mut work = self.platform().work(Actor::program("test"), Reach::Tenants(vec![self.harbor()])).await.expect("a work");
        staff::Entity::update_many()
            .col_expr(staff::Column::Role, sea_orm::sea_query::Expr::value(role.word()))
            .filter(staff::Column::AccountId.eq(self.one.cast.person(key).account))
            .exec(work.write())
            .await
            .expect("a row");
        work.counts_as_audited("a test");
        work.commit().await.expect("committed");
    }

    /// The audit log's lines about this object.
    pub async fn audited(&self, object: &str) -> Vec<entry::Model> {
        let tx = self.one.tx().await;
        entry::Entity::rows().filter(entry::Column::Object.eq(object)).all(&tx).await.expect("entries")
    }

    pub fn deliveries(&self, mode: DeliveryMode) {
        self.stripe.delivery_mode(mode);
    }

    pub fn now(&self) -> Moment {
        self.platform().clock.now()
    }
}
