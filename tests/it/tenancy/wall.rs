//! The wall between tenants, twice: the scoped finders on every database, row-level security under them on PostgreSQL.

use std::collections::BTreeSet;

use entity::{
    Reach, announcements, crm, integrations, invoices, knowledge, matters, messaging, mission, notifications, payments, platform,
    policies, programs, pushed, retainers, signing, tenancy, tickets, vault, wall::Walled,
};
use one_legal::{
    payments::{Agreed, Line, NewSettlement, schedule},
    platform::{Actor, Tx},
};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DbBackend, EntityName, EntityTrait, PaginatorTrait, QueryFilter, Set, Statement,
};

use crate::support::{Installation, World};

/// Tables that name a tenant and stand outside the wall, each with its reason.
const OUTSIDE: &[(&str, &str)] = &[
    ("identity_account", "sign-in finds the account before any tenant is known; its slice decides who reads it"),
    ("audit_entry", "one chain holds what belongs to no tenant as well; its readings are scoped by its own slice"),
];

pub async fn tables_with_a_tenant(tx: &Tx) -> BTreeSet<String> {
    let sql = match tx.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT c.table_name AS name FROM information_schema.columns c
             JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
             WHERE c.table_schema = 'public' AND c.column_name = 'tenant_id' AND t.table_type = 'BASE TABLE'"
        }
        _ => {
            "SELECT m.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c
             WHERE m.type = 'table' AND c.name = 'tenant_id'"
        }
    };
    names(tx, sql).await
}

pub async fn names(tx: &Tx, sql: &str) -> BTreeSet<String> {
    let rows = tx.query_all_raw(Statement::from_string(tx.get_database_backend(), sql)).await.expect("the catalogue");
    rows.iter().map(|row| row.try_get("", "name").expect("a name")).collect()
}

async fn rows_in(tx: &Tx, table: &str) -> i64 {
    let sql = format!("SELECT COUNT(*) AS n FROM {table}");
    let row = tx.query_one_raw(Statement::from_string(tx.get_database_backend(), sql)).await.expect("a count").expect("a row");
    row.try_get("", "n").expect("a number")
}

/// Name, rows in the reach, rows of that tenant in the reach.
async fn counted<E>(tx: &Tx, harbor: uuid::Uuid) -> (String, u64, u64)
where
    E: Walled + Default + EntityName + EntityTrait<Model: Send + Sync>,
{
    let all = E::within(tx.reach()).count(tx).await.expect("a count");
    let harbors = E::within(tx.reach()).filter(E::tenant_column().eq(harbor)).count(tx).await.expect("a count");
    (E::default().table_name().to_owned(), all, harbors)
}

/// Every walled table, through its scoped finder.
async fn finders(tx: &Tx, harbor: uuid::Uuid) -> Vec<(String, u64, u64)> {
    macro_rules! each {
        ($($slice:ident::$table:ident),+ $(,)?) => { vec![$(counted::<$slice::$table::Entity>(tx, harbor).await),+] };
    }
    each![
        announcements::announcement,
        announcements::read,
        announcements::target,
        crm::client,
        crm::contact,
        invoices::client,
        invoices::invoice,
        integrations::delivery,
        integrations::feed_event,
        integrations::feed_head,
        integrations::hook,
        integrations::psa_claim,
        integrations::psa_match,
        integrations::psa_person,
        integrations::psa_refused,
        integrations::psa_state,
        knowledge::answering,
        knowledge::article,
        knowledge::help,
        knowledge::reader,
        matters::matter,
        matters::participant,
        messaging::conversation,
        messaging::event,
        messaging::participant,
        mission::astray,
        mission::page,
        notifications::notification,
        payments::account,
        payments::approval,
        payments::happening,
        payments::payer,
        payments::posting,
        payments::settlement,
        payments::statement_month,
        platform::sync,
        programs::answer,
        programs::key,
        policies::comment,
        policies::person,
        policies::policy,
        policies::signer,
        policies::template,
        policies::template_version,
        pushed::document,
        retainers::amendment,
        retainers::event,
        retainers::proposal,
        retainers::retainer,
        retainers::time_entry,
        retainers::timer,
        retainers::warning,
        signing::envelope,
        signing::evidence,
        signing::signature,
        signing::signer,
        tenancy::alias,
        tenancy::company,
        tenancy::contact,
        tenancy::domain,
        tenancy::engagement,
        tenancy::look,
        tenancy::look_file,
        tenancy::staff,
        tickets::counter,
        tickets::entry,
        tickets::service,
        tickets::ticket,
        vault::data_key,
        vault::document,
        vault::grant,
        vault::tenant_key,
        vault::version,
    ]
}

#[actix_web::test]
async fn every_table_that_names_a_tenant_stands_behind_the_wall() {
    let one = Installation::new().await;
    let tx = one.tx().await;
    let named = tables_with_a_tenant(&tx).await;
    let outside: BTreeSet<String> = OUTSIDE.iter().map(|(table, _)| (*table).to_owned()).collect();
    let walled: BTreeSet<String> = finders(&tx, one.cast.harbor.0).await.into_iter().map(|(table, ..)| table).collect();
    assert_eq!(&named - &outside, walled, "a table with a tenant has a walled entity in the list above, or a reason in OUTSIDE");
    if one.platform.db.backend() == DbBackend::Postgres {
        let sql = "SELECT p.tablename AS name FROM pg_policies p JOIN pg_class c ON c.relname = p.tablename
                   WHERE p.schemaname = 'public' AND p.policyname = 'tenant_wall' AND c.relrowsecurity AND c.relforcerowsecurity";
        assert_eq!(names(&tx, sql).await, walled, "row-level security is on, and forced on the owner, for each of them");
    }
}

/// The story bills nothing: a settlement that one person has approved, and who pays for it.
async fn owe_something(one: &Installation) {
    let mut work = one.platform.work(Actor::program("test"), Reach::Tenants(vec![one.cast.harbor])).await.expect("a work");
    let mira = one.cast.person("mira").account;
    let now = work.now();
    let owed = NewSettlement {
        tenant: one.cast.harbor,
        agreement: "retainer:story".to_owned(),
        payee: one.cast.person("ada").account,
        payee_name: "Ada".to_owned(),
        first: "2026-02-01".to_owned(),
        last: "2026-02-28".to_owned(),
        currency: "USD".to_owned(),
        lines: vec![Line { what: "Monthly fee".to_owned(), amount: 5_000_000, href: String::new() }],
        agreed: Agreed { by: mira, by_name: "Mira".to_owned(), at: now, version: 1 },
    };
    let settlement = schedule(&mut work, owed).await.expect("scheduled").expect("it is new");
    let yes = payments::approval::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(one.cast.harbor),
        settlement_id: Set(settlement),
        account_id: Set(mira),
        name: Set("Mira".to_owned()),
        at: Set(now),
    };
    yes.insert(work.write()).await.expect("a row");
    let payer = payments::payer::ActiveModel {
        tenant_id: Set(one.cast.harbor),
        customer: Set(None),
        method: Set(None),
        method_kind: Set(None),
        method_words: Set(String::new()),
        expires: Set(String::new()),
        session: Set(None),
        changed_at: Set(now),
        created_at: Set(now),
    };
    payments::payer::Entity::insert(payer)
        .on_conflict(sea_orm::sea_query::OnConflict::column(payments::payer::Column::TenantId).do_nothing().to_owned())
        .exec_without_returning(work.write())
        .await
        .expect("a row");
    work.commit().await.expect("committed");
}

/// The story knows no Hub.
async fn come_from_elsewhere(one: &Installation) {
    let mut work = one.platform.work(Actor::program("test"), Reach::Tenants(vec![one.cast.harbor])).await.expect("a unit of work");
    let row = tenancy::alias::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(one.cast.harbor),
        kind: Set(tenancy::AliasKind::Company),
        number: Set("C-1001".to_owned()),
        about: Set(one.cast.acme.0),
        claimed: Set(String::new()),
        created_at: Set(work.now()),
    };
    tenancy::alias::Entity::insert(row).exec_without_returning(work.write()).await.expect("a row");
    work.counts_as_audited("a test");
    work.commit().await.expect("committed");
}

/// The story has no PSA: what would be known of one.
async fn know_a_psa(one: &Installation, ticket: entity::ids::TicketId) {
    let mut work = one.platform.work(Actor::program("test"), Reach::Tenants(vec![one.cast.harbor])).await.expect("a work");
    let (tenant, now) = (one.cast.harbor, work.now());
    let state =
        integrations::psa_state::ActiveModel { tenant_id: Set(tenant), cursor: Set(Some("7".to_owned())), ..Default::default() };
    integrations::psa_state::Entity::insert(state).exec_without_returning(work.write()).await.expect("a row");
    let claim = integrations::psa_claim::ActiveModel {
        ticket_id: Set(ticket),
        tenant_id: Set(tenant),
        token: Set(String::new()),
        until: Set(now),
    };
    integrations::psa_claim::Entity::insert(claim).exec_without_returning(work.write()).await.expect("a row");
    let refused = integrations::psa_refused::ActiveModel {
        tenant_id: Set(tenant),
        theirs: Set("PSA-1".to_owned()),
        ticket: Set("{}".to_owned()),
        why: Set("PSA-1: It has no subject.".to_owned()),
        refused_at: Set(now),
        seen_at: Set(now),
    };
    integrations::psa_refused::Entity::insert(refused).exec_without_returning(work.write()).await.expect("a row");
    let same = integrations::psa_match::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(tenant),
        kind: Set(integrations::MatchKind::Company),
        theirs: Set("acme".to_owned()),
        label: Set("Acme".to_owned()),
        ours: Set(None),
        preferred: Set(false),
        said: Set(false),
        seen_at: Set(now),
    };
    integrations::psa_match::Entity::insert(same).exec_without_returning(work.write()).await.expect("a row");
    let person = integrations::psa_person::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(tenant),
        theirs: Set("P1".to_owned()),
        company_theirs: Set("acme".to_owned()),
        name: Set("Cleo Vance".to_owned()),
        email: Set("cleo@acmedental.example".to_owned()),
        portal_access: Set(true),
        access_level: Set(String::new()),
        version: Set(1),
        followed_level: Set(String::new()),
        seen_at: Set(now),
        ..Default::default()
    };
    integrations::psa_person::Entity::insert(person).exec_without_returning(work.write()).await.expect("a row");
    work.counts_as_audited("a test");
    work.commit().await.expect("committed");
}

/// Harbor is no mission organisation: what would be known of one.
async fn know_a_mission(one: &Installation) {
    let mut work = one.platform.work(Actor::program("test"), Reach::Tenants(vec![one.cast.harbor])).await.expect("a work");
    let (tenant, now) = (one.cast.harbor, work.now());
    let page = mission::page::ActiveModel {
        account_id: Set(one.cast.person("mira").account),
        page: Set("giving".to_owned()),
        tenant_id: Set(tenant),
        sealed: Set(vec![0]),
        taken_at: Set(now),
    };
    mission::page::Entity::insert(page).exec_without_returning(work.write()).await.expect("a row");
    let astray = mission::astray::ActiveModel { tenant_id: Set(tenant), host: Set("harbor.example".to_owned()), at: Set(now) };
    mission::astray::Entity::insert(astray).exec_without_returning(work.write()).await.expect("a row");
    work.counts_as_audited("a test");
    work.commit().await.expect("committed");
}

/// A CRM that has told of a company, taken at Harbor; and a model that may answer there.
async fn know_a_crm(one: &Installation) {
    let mut work = one.platform.work(Actor::program("test"), Reach::Tenants(vec![one.cast.harbor])).await.expect("a work");
    let told = serde_json::json!({ "id": "c-1", "name": "Cedar", "version": 1,
                                   "contacts": [{ "id": "p-1", "name": "Ines Roth", "email": "ines@cedar.example" }] });
    let told: one_legal::crm::Company = serde_json::from_value(told).expect("a company");
    one_legal::crm::take(&mut work, one.cast.harbor, &[told]).await.expect("taken");
    let answering = knowledge::answering::ActiveModel {
        tenant_id: Set(one.cast.harbor),
        allowed: Set(true),
        asked_count: Set(0),
        answered_count: Set(0),
        unknown_count: Set(0),
        failed_count: Set(0),
        updated_at: Set(work.now()),
    };
    knowledge::answering::Entity::insert(answering).exec_without_returning(work.write()).await.expect("a row");
    let row = platform::sync::ActiveModel {
        tenant_id: Set(one.cast.harbor),
        program: Set("CRM".to_owned()),
        begun_at: Set(work.now()),
        taken_at: Set(None),
        runs: Set(false),
        problem: Set(String::new()),
        untaken: Set(String::new()),
        mark: Set(String::new()),
    };
    platform::sync::Entity::insert(row).exec_without_returning(work.write()).await.expect("a row");
    work.commit().await.expect("committed");
}

/// The story's program has only read so far.
async fn answer_a_program(one: &Installation, key: entity::ids::ApiKeyId) {
    let mut work = one.platform.work(Actor::program("test"), Reach::Tenants(vec![one.cast.harbor])).await.expect("a unit of work");
    let row = programs::answer::ActiveModel {
        id: Set(work.id()),
        tenant_id: Set(one.cast.harbor),
        key_id: Set(key),
        idempotency_key: Set("w-1".to_owned()),
        request: Set(String::new()),
        status: Set(201),
        body: Set("{}".to_owned()),
        created_at: Set(work.now()),
    };
    programs::answer::Entity::insert(row).exec_without_returning(work.write()).await.expect("a row");
    work.counts_as_audited("a test");
    work.commit().await.expect("committed");
}

/// Nothing in the story is above the limit.
async fn approve_something(one: &Installation, settlement: entity::ids::SettlementId) {
    let mut work = one.platform.work(Actor::program("test"), Reach::Tenants(vec![one.cast.harbor])).await.expect("a unit of work");
    let yes = payments::approval::ActiveModel {
        id: sea_orm::Set(work.id()),
        tenant_id: sea_orm::Set(one.cast.harbor),
        settlement_id: sea_orm::Set(settlement),
        account_id: sea_orm::Set(one.cast.person("mira").account),
        name: sea_orm::Set("Mira Castellan".to_owned()),
        at: sea_orm::Set(work.now()),
    };
    payments::approval::Entity::insert(yes).exec_without_returning(work.write()).await.expect("a row");
    work.counts_as_audited("a test");
    work.commit().await.expect("committed");
}

#[actix_web::test]
async fn from_another_tenants_reach_no_row_is_there() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    owe_something(&one).await;
    come_from_elsewhere(&one).await;
    approve_something(&one, world.story.settlement).await;
    know_a_psa(&one, world.story.ticket).await;
    know_a_mission(&one).await;
    know_a_crm(&one).await;
    answer_a_program(&one, world.story.api_key).await;
    let harbor = one.cast.harbor.0;
    let everything = finders(&one.tx().await, harbor).await;
    let empty: Vec<_> = everything.iter().filter(|(_, _, harbors)| *harbors == 0).map(|(table, ..)| table.as_str()).collect();
    assert_eq!(
        empty,
        ["policies_person", "retainers_timer", "retainers_warning"],
        "the story fills every other table, so that this test means something"
    );
    let pine = one.platform.read(Reach::Tenants(vec![one.cast.pine])).await.expect("a view");
    for (table, _, harbors) in finders(&pine, harbor).await {
        assert_eq!(harbors, 0, "{table} shows rows of Harbor to Pine");
    }
    let own = policies::policy::Entity::within(pine.reach()).all(&pine).await.expect("policies");
    assert_eq!(own.iter().map(|row| row.id).collect::<Vec<_>>(), [world.story.pine_policy], "Pine has its own");
    let nobody = one.platform.read(Reach::Tenants(Vec::new())).await.expect("a view");
    for (table, all, _) in finders(&nobody, harbor).await {
        assert_eq!(all, 0, "{table} shows rows to nobody's reach");
    }
    if one.platform.db.backend() == DbBackend::Postgres {
        // The same past the finders: plain SQL, as a forgotten `within` would send it.
        for (table, ..) in everything {
            let sql = format!("SELECT COUNT(*) AS n FROM {table} WHERE tenant_id::text = '{harbor}'");
            let row = pine.query_one_raw(Statement::from_string(DbBackend::Postgres, sql)).await.expect("a count").expect("a row");
            assert_eq!(row.try_get::<i64>("", "n").expect("a number"), 0, "{table} gives rows of Harbor to plain SQL of Pine");
            assert_eq!(rows_in(&nobody, &table).await, 0, "{table} gives rows to plain SQL of nobody");
        }
        let whole = one.platform.db.whole();
        let row =
            whole.query_one_raw(Statement::from_string(DbBackend::Postgres, "SELECT COUNT(*) AS n FROM policies_policy")).await;
        assert_eq!(row.expect("a count").expect("a row").try_get::<i64>("", "n").expect("a number"), 0, "no reach set, no row");
    } else {
        assert!(
            rows_in(&pine, "policies_policy").await > 1,
            "on SQLite the finders are the wall; plain SQL is not used outside tests"
        );
    }
}

#[actix_web::test]
async fn a_row_for_another_tenant_is_not_written() {
    let one = Installation::new().await;
    let (harbor, pine) = (one.cast.harbor, one.cast.pine);
    let work = one.platform.work(Actor::program("test"), Reach::Tenants(vec![pine])).await.expect("a unit of work");
    let id = uuid::Uuid::now_v7();
    let insert = tenancy::company::ActiveModel {
        id: sea_orm::Set(id.into()),
        tenant_id: sea_orm::Set(harbor),
        name: sea_orm::Set("Planted".to_owned()),
        legal_name: sea_orm::Set("Planted Inc.".to_owned()),
        created_at: sea_orm::Set(work.now()),
    };
    let inserted = tenancy::company::Entity::insert(insert).exec_without_returning(work.read()).await;
    if one.platform.db.backend() == DbBackend::Postgres {
        let error = inserted.expect_err("row-level security refuses it").to_string();
        assert!(error.contains("row-level security"), "{error}");
    } else {
        inserted.expect("SQLite has no second wall");
        let found = tenancy::company::Entity::within(work.read().reach()).filter(tenancy::company::Column::Id.eq(id));
        assert_eq!(found.count(work.read()).await.expect("a count"), 0, "and yet the finder does not show it to who wrote it");
    }
    drop(work);
    // An update that would move a row to another tenant.
    let work = one.platform.work(Actor::program("test"), Reach::Tenants(vec![pine])).await.expect("a unit of work");
    let sql = format!("UPDATE tenancy_company SET name = 'Taken' WHERE name = '{}'", "Acme Dental");
    if one.platform.db.backend() == DbBackend::Postgres {
        let changed = work.read().execute_unprepared(&sql).await.expect("an update").rows_affected();
        assert_eq!(changed, 0, "rows of Harbor are not there to be changed");
    }
}
