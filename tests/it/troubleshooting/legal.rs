//! Causes of the legal side's page that no other test shows in passing.

use entity::{
    Reach,
    policies::{Acknowledgement, PolicyStatus, policy},
    tenancy::{company, contact},
};
use one_legal::platform::Actor;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter, Set};

use crate::{
    causes,
    policies::support as policies,
    support::{
        Installation,
        smtp::{MailServer, Mood},
    },
};

#[actix_web::test]
async fn an_empty_list_of_clients_says_why_it_is_empty() {
    let one = Installation::new().await;
    let mut work = one.platform.work(Actor::program("test"), Reach::Everything("a test")).await.expect("a unit of work");
    let gone = contact::Entity::delete_many().filter(contact::Column::CompanyId.eq(one.cast.fir));
    gone.exec(work.write()).await.expect("nobody is left");
    company::Entity::delete_many()
        .filter(company::Column::Id.eq(one.cast.fir))
        .exec(work.write())
        .await
        .expect("no client is left");
    work.counts_as_audited("a test takes Pine's only client away");
    work.commit().await.expect("committed");
    let mut eve = one.browser("eve").await;
    causes::named("L1.1", &eve.get("/legal/policies/new").await.expect(200).shows("There are no clients yet").text);
    eve.get("/admin/health").await.expect(200).shows("has no client companies");
}

#[actix_web::test]
async fn a_locked_attorney_reads_until_when() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut ada = one.stranger();
    for _ in 0..2 {
        one.password(&mut ada, "ada", "wrong").await.expect(422);
    }
    let page = one.password(&mut ada, "ada", "wrong").await.expect(422).shows("try again in 15 minutes");
    causes::named("L2.4", &page.text);
}

#[actix_web::test]
async fn a_policy_that_waits_says_of_each_signer_whether_they_can_be_reached() {
    let server = MailServer::start().await;
    let settings = server.settings();
    let pairs: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let one = Installation::with(&pairs).await;
    let mut mira = one.browser("mira").await;
    server.feels(Mood { recipient: Some("550 5.1.1 no such user".to_owned()), ..Mood::default() });
    let sent = policies::sent(&one, "msa").await;
    one.run_jobs().await;
    let page = mira.get(&format!("/legal/policies/{sent}?tab=signatures")).await.expect(200);
    let page = page.shows("Cleo Vance").shows("Send reminder");
    causes::named("L3.1", &page.text);
    causes::named("L3.2", &page.text);
    causes::named("L3.3", &page.text);
    // Whoever has signed is reached.
    policies::sign(&one, "cleo", sent).await;
    policies::sign(&one, "dora", sent).await;
    let page = mira.get(&format!("/legal/policies/{sent}?tab=signatures")).await.expect(200);
    page.hides("could not be delivered").hides("Portal:");
    // The bell told Mira at once; her mail did not arrive, and Settings says so.
    one.run_jobs().await;
    mira.get("/legal/settings").await.expect(200).shows("could not be delivered");
    server.feels(Mood::default());
    one.platform.clock.advance(entity::Moment::MINUTE);
    let again = policies::sent(&one, "dpa").await;
    policies::sign(&one, "cleo", again).await;
    policies::sign(&one, "dora", again).await;
    one.run_jobs().await;
    let page = mira.get("/legal/settings").await.expect(200);
    causes::named("L8.1", &page.text);
    causes::named("L8.4", &page.text);
}

#[actix_web::test]
async fn a_refused_link_of_the_hub_stands_in_health() {
    let one = Installation::with(&[("PORTAL_CLIENT_SSO_SECRET", "the-hub-and-the-portal-share-this-one")]).await;
    let mut client = one.stranger();
    let token = crate::support::python::tickets(&[serde_json::json!({
        "claims": {
            "iss": "hub", "context": "client_portal", "tenant_id": one.cast.harbor, "client_id": one.cast.acme, "sub": "1", "jti": "1",
            "email": "cleo@acmedental.example", "name": "Cleo Vance", "access_level": "own",
            "iat": one.platform.clock.now().0 / 1_000, "exp": one.platform.clock.now().0 / 1_000 + 60,
        },
        "secret": "a-secret-that-nobody-here-has-heard-of",
    })]);
    client.post("/api/auth/client-hub-sso", &[("token", &token[0])]).await.shows("is not the same on both sides");
    causes::named("L3.4", &one.browser("olga").await.get("/operator/health").await.expect(200).text);
    causes::named("L3.4", &one.browser("mira").await.get("/admin/health").await.expect(200).text);
}

#[actix_web::test]
async fn a_vault_that_seems_empty_says_what_hides_its_documents() {
    let one = Installation::new().await;
    let sent = policies::sent(&one, "msa").await;
    policies::sign(&one, "cleo", sent).await;
    policies::sign(&one, "dora", sent).await;
    one.run_jobs().await;
    let mut mira = one.browser("mira").await;
    mira.get("/legal/vault").await.expect(200).shows("Acme Dental");
    causes::named("L4.2", &mira.get("/legal/vault?q=something+else").await.expect(200).text);
    causes::named("L4.4", &mira.get("/legal/vault?category=correspondence").await.expect(200).text);
}

#[actix_web::test]
async fn a_score_opens_to_what_counts_and_to_what_does_not() {
    let one = Installation::new().await;
    let half = policies::sent(&one, "msa").await;
    policies::sign(&one, "cleo", half).await;
    let mut mira = one.browser("mira").await;
    let page = format!("/legal/compliance/{}", one.cast.acme);
    let shown = mira.get(&page).await.expect(200).shows("0 of 1");
    causes::named("L10.4", &shown.text);
    policies::sign(&one, "dora", half).await;
    mira.get(&page).await.expect(200).shows("1 of 1");
    // One that is archived, and one that nobody has to sign.
    let archived = policies::draft(&one, &mut mira, one.cast.acme, "dpa").await;
    let informational = policies::draft(&one, &mut mira, one.cast.acme, "aup").await;
    mira.get(&page).await.expect(200).shows("Not with the client yet.");
    let mut work = one.platform.work(Actor::program("test"), Reach::Everything("a test")).await.expect("a unit of work");
    for (id, status, acknowledgement) in [
        (archived, PolicyStatus::Archived, Acknowledgement::Required),
        (informational, PolicyStatus::Published, Acknowledgement::Informational),
    ] {
        let change =
            policy::ActiveModel { id: Set(id), status: Set(status), acknowledgement: Set(acknowledgement), ..Default::default() };
        change.update(work.write()).await.expect("changed");
    }
    work.counts_as_audited("a test changes a status");
    work.commit().await.expect("committed");
    let shown = mira.get(&page).await.expect(200).shows("1 of 1").shows("What does not count");
    causes::named("L10.2", &shown.text);
    causes::named("L10.3", &shown.text);
}
