//! Who is not active here (any more, or not yet) can do nothing, whatever session they hold; and a field that nobody asked for
//! changes nothing.

use entity::{
    Reach,
    identity::{AccountStatus, account},
    ids::AccountId,
    tenancy::{AccessLevel, contact, engagement},
    wall::{Unwalled, Walled},
};
use one_legal::platform::Actor;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set, sea_query::Expr};

use super::matrix::cell;
use crate::{
    app::crawl::{ends, route_table},
    support::{Installation, World},
};

async fn set_status(one: &Installation, id: AccountId, status: AccountStatus) {
    let mut work = one.platform.work(Actor::program("test"), Reach::Everything("a test")).await.expect("a unit of work");
    let change = account::ActiveModel { id: Set(id), status: Set(status), ..Default::default() };
    change.update(work.write()).await.expect("changed");
    work.counts_as_audited("a test changes a status");
    work.commit().await.expect("committed");
}

#[actix_web::test]
async fn an_account_that_is_not_active_opens_what_a_stranger_opens() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    let mut stranger = one.stranger();
    let mut through = Vec::new();
    for (key, status) in [
        ("cleo", AccountStatus::Deactivated),
        ("tom", AccountStatus::Invited),
        ("lou", AccountStatus::Deactivated),
        ("mira", AccountStatus::Deactivated),
        ("olga", AccountStatus::Deactivated),
    ] {
        // A session that was never ended: the account alone has to say no.
        let mut browser = one.browser(key).await;
        set_status(&one, one.cast.person(key).account, status).await;
        for (method, pattern) in route_table().await {
            if pattern.starts_with("/static") || !ends(&pattern) {
                continue;
            }
            let (path, _) = world.address(&pattern);
            let found = cell(&mut browser, &method, &path).await;
            if found == "open" && cell(&mut stranger, &method, &path).await != "open" {
                through.push(format!("{key} ({}) got through to {method} {path}", status.word()));
            }
        }
    }
    assert!(through.is_empty(), "{}", through.join("\n"));
}

#[actix_web::test]
async fn an_attorney_whose_engagement_ended_finds_nothing_of_that_msp() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    let sam = one.cast.person("sam").account;
    let mut browser = one.browser("sam").await;
    let mut work = one.platform.work(Actor::program("test"), Reach::Everything("a test")).await.expect("a unit of work");
    let ended = engagement::Entity::update_many()
        .col_expr(engagement::Column::EndedAt, Expr::value(one.platform.clock.now().0))
        .filter(engagement::Column::AccountId.eq(sam));
    ended.exec(work.write()).await.expect("ended");
    work.counts_as_audited("a test ends an engagement");
    work.commit().await.expect("committed");
    let mut through = Vec::new();
    for (method, pattern) in route_table().await {
        let (path, concerns) = world.address(&pattern);
        if concerns && ends(&pattern) && cell(&mut browser, &method, &path).await == "open" {
            through.push(format!("{method} {path}"));
        }
    }
    assert!(through.is_empty(), "Sam got through to:\n{}", through.join("\n"));
}

/// Every name a row has that somebody would like to set.
const FIELDS: &[(&str, &str)] = &[
    ("id", "00000000-0000-7000-8000-000000000001"),
    ("role", "owner"),
    ("kind", "operator"),
    ("status", "active"),
    ("state", "published"),
    ("realm", "legal"),
    ("price", "0"),
    ("amount", "0"),
    ("signed_at", "1"),
    ("created_at", "1"),
    ("created_by", "somebody else"),
    ("totp_secret", "AAAA"),
    ("verified", "true"),
];

#[actix_web::test]
async fn a_field_nobody_asked_for_changes_nothing() {
    let one = Installation::new().await;
    let ids = [
        ("tenant_id", one.cast.pine.to_string()),
        ("tenant", one.cast.pine.to_string()),
        ("company_id", one.cast.bluefin.to_string()),
        ("company", one.cast.bluefin.to_string()),
        ("account_id", one.cast.person("mira").account.to_string()),
        ("contact_id", one.cast.person("gus").contact.expect("a contact").to_string()),
    ];
    let with = |own: &[(&'static str, &'static str)]| {
        let mut fields: Vec<(String, String)> = own.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        fields.extend(FIELDS.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
        fields.extend(ids.iter().map(|(n, v)| ((*n).to_owned(), v.clone())));
        fields
    };
    // A colleague: of Dora's own company, not active before they accept, with the level that was chosen.
    let mut dora = one.browser("dora").await;
    let fields = with(&[("name", "Nora New"), ("email", "nora@acmedental.example"), ("title", ""), ("access", "own")]);
    let request = dora.request(reqwest::Method::POST, "/portal/team").header("accept", "text/html").form(&fields);
    dora.send(request).await.expect(303);
    let tx = one.tx().await;
    let nora = contact::Entity::within(tx.reach()).filter(contact::Column::Email.eq("nora@acmedental.example")).all(&tx).await;
    let nora = nora.expect("read");
    assert_eq!(nora.len(), 1);
    assert_eq!((nora[0].tenant_id, nora[0].company_id, nora[0].access), (one.cast.harbor, one.cast.acme, AccessLevel::Own));
    if let Some(id) = nora[0].account_id {
        let account = account::Entity::rows().filter(account::Column::Id.eq(id)).one(&tx).await.expect("read").expect("an account");
        assert_eq!(account.status, AccountStatus::Invited);
        assert_eq!(account.kind, entity::identity::AccountKind::Client);
    }
    drop(tx);
    // A ticket: of Ben's own company, open, whoever it says it is from.
    let mut ben = one.browser("ben").await;
    let mut form = reqwest::multipart::Form::new();
    let own = [("subject", "Mine"), ("category", "hardware"), ("priority", "normal"), ("description", "Words."), ("key", "k1")];
    for (name, value) in with(&own) {
        form = form.text(name, value);
    }
    let request = ben.request(reqwest::Method::POST, "/portal/tickets/new").header("accept", "text/html").multipart(form);
    let answer = ben.send(request).await.expect(303);
    let address = answer.location().to_owned();
    ben.get(&address).await.expect(200).shows("Mine").shows("Open");
    one.browser("dora").await.get(&address).await.expect(200).shows("Ben Marsh");
    one.browser("gus").await.get(&address).await.expect(404);
    one.browser("eve").await.get(&address.replace("/portal/", "/legal/")).await.expect(404);
    // One's own profile: a name, and no rank.
    let fields = with(&[("name", "Ben Marsh the First"), ("time_zone", "UTC")]);
    let request = ben.request(reqwest::Method::POST, "/portal/profile").header("accept", "text/html").form(&fields);
    assert!(ben.send(request).await.status < 500);
    let tx = one.tx().await;
    let row = account::Entity::rows().filter(account::Column::Id.eq(one.cast.person("ben").account)).one(&tx).await;
    let row = row.expect("read").expect("Ben");
    assert_eq!(row.kind, entity::identity::AccountKind::Client);
    assert_eq!((row.status, row.email.as_str()), (AccountStatus::Active, "ben@acmedental.example"));
    drop(tx);
    ben.get("/admin/clients").await.expect(404);
}
