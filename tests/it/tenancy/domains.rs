//! Domains of an MSP's own: whose they are is shown by a record, and nothing is served before that.

use entity::{
    Moment,
    identity::SsoFace,
    tenancy::{DomainState, domain},
    wall::Walled,
};
use one_legal::{
    admin,
    identity::ticket::{self, Ticket},
    tenancy,
};
use sea_orm::{ColumnTrait, QueryFilter};

use crate::support::{Answer, Browser, Installation, dns::NameServer};

const TARGET: &str = "portal.one.example";
const OWN: &str = "portal.harbor.example";
const SECRET: &str = "the-hub-and-the-portal-share-this-one";
const DOOR: &str = "/api/auth/client-hub-sso";

async fn installed(server: &NameServer) -> Installation {
    server.a(TARGET, [192, 0, 2, 7]);
    let settings =
        [("PORTAL_HOST", TARGET), ("DNS_RESOLVER", &server.address), ("LOGIN_RATE", "1000"), ("PORTAL_CLIENT_SSO_SECRET", SECRET)];
    Installation::with(&settings).await
}

async fn row(one: &Installation, tenant: entity::ids::TenantId, host: &str) -> domain::Model {
    let tx = one.tx().await;
    let rows = domain::Entity::within(tx.reach()).filter(domain::Column::TenantId.eq(tenant));
    rows.filter(domain::Column::Host.eq(host)).one(&tx).await.expect("a reading").expect("the domain")
}

/// Adds the domain and answers its proof.
async fn add(one: &Installation, who: &str, host: &str) -> domain::Model {
    let mut admin = one.browser(who).await;
    admin.post("/admin/domains", &[("host", host)]).await.expect(303);
    let tenant = if who == "eve" { one.cast.pine } else { one.cast.harbor };
    row(one, tenant, host).await
}

/// A look because an admin asked for one: the state afterwards, and what the page says.
async fn check(one: &Installation, who: &str, before: &domain::Model) -> (DomainState, String) {
    let mut admin = one.browser(who).await;
    admin.post(&format!("/admin/domains/{}/check", before.id), &[]).await.expect(303);
    let after = row(one, before.tenant_id, &before.host).await;
    if !after.reason.is_empty() {
        admin.get("/admin/domains").await.expect(200).shows(&after.reason.replace('\'', "&#39;"));
    }
    (after.state, after.reason)
}

/// As a browser asks that was led here by this name.
async fn at(browser: &mut Browser, host: &str, path: &str) -> Answer {
    let request = browser.request(reqwest::Method::GET, path).header("host", host).header("accept", "text/html");
    browser.send(request).await
}

async fn post_at(browser: &mut Browser, host: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let request = browser.request(reqwest::Method::POST, path).header("host", host).header("accept", "text/html").form(fields);
    browser.send(request).await
}

#[actix_web::test]
async fn a_domain_goes_from_pending_to_active_as_its_records_are_set_and_each_reason_is_the_true_one() {
    let server = NameServer::start();
    let one = installed(&server).await;
    let mut mira = one.browser("mira").await;
    for wrong in ["harbor", "127.0.0.1", "x.portal.one.example"] {
        mira.post("/admin/domains", &[("host", wrong)]).await.expect(422).shows(&format!("value=\"{wrong}\""));
    }
    let own = add(&one, "mira", OWN).await;
    mira.post("/admin/domains", &[("host", OWN)]).await.expect(422).shows("in the list already");
    let proof = tenancy::domain::proof(&own.token);
    mira.get("/admin/domains").await.expect(200).shows(TARGET).shows("_one-legal.portal.harbor.example").shows(&proof);
    let (state, why) = check(&one, "mira", &own).await;
    assert!(state == DomainState::Pending && why.contains("no TXT record"), "{why}");
    server.txt("_one-legal.portal.harbor.example", &["v=spf1 -all", "one-legal=something-else"]);
    let (state, why) = check(&one, "mira", &own).await;
    assert!(state == DomainState::Pending && why.contains("holds something else"), "{why}");
    // Where it leads does not matter before it is shown whose it is.
    server.cname(OWN, TARGET);
    assert_eq!(check(&one, "mira", &own).await.0, DomainState::Pending);
    let mut stranger = one.stranger();
    at(&mut stranger, OWN, "/portal/login").await.expect(404).shows("shows no portal yet");
    stranger.get(&format!("/tls/ask?domain={OWN}")).await.expect(404);
    server.no_cname(OWN);
    server.txt("_one-legal.portal.harbor.example", &[&proof]);
    let (state, why) = check(&one, "mira", &own).await;
    assert!(state == DomainState::Verified && why.contains("no CNAME record"), "{why}");
    at(&mut stranger, OWN, "/portal/login").await.expect(404);
    server.cname(OWN, "elsewhere.example");
    let (state, why) = check(&one, "mira", &own).await;
    assert!(state == DomainState::Verified && why.contains("leads to elsewhere.example instead of portal.one.example"), "{why}");
    server.cname(OWN, TARGET);
    assert_eq!(check(&one, "mira", &own).await, (DomainState::Active, String::new()));
    at(&mut stranger, OWN, "/portal/login").await.expect(200).shows("Harbor IT Client Portal");
    assert_eq!(at(&mut stranger, OWN, "/").await.expect(303).location(), "/portal/login");
    stranger.get(&format!("/tls/ask?domain={OWN}")).await.expect(200);
    for host in [TARGET, "harbor.portal.one.example"] {
        stranger.get(&format!("/tls/ask?domain={host}")).await.expect(200);
    }
    for host in ["habror.portal.one.example", "other.example", ""] {
        stranger.get(&format!("/tls/ask?domain={host}")).await.expect(404);
    }
    one.browser("eve").await.post(&format!("/admin/domains/{}/remove", own.id), &[]).await.expect(404);
    mira.post(&format!("/admin/domains/{}/remove", own.id), &[]).await.expect(303);
    at(&mut one.stranger(), OWN, "/portal/login").await.expect(200).hides("Harbor IT Client Portal");
    one.stranger().get(&format!("/tls/ask?domain={OWN}")).await.expect(404);
}

/// A domain that serves Harbor.
async fn active(one: &Installation, server: &NameServer) -> domain::Model {
    let own = add(one, "mira", OWN).await;
    server.txt(&format!("_one-legal.{OWN}"), &[&tenancy::domain::proof(&own.token)]);
    server.cname(OWN, TARGET);
    assert_eq!(check(one, "mira", &own).await.0, DomainState::Active);
    row(one, own.tenant_id, OWN).await
}

#[actix_web::test]
async fn on_its_own_domain_a_portal_is_whole_and_no_other_is_there() {
    let server = NameServer::start();
    let one = installed(&server).await;
    active(&one, &server).await;
    let cleo = one.cast.person("cleo").clone();
    let mut browser = one.stranger();
    at(&mut browser, OWN, "/portal/login?tenant=harbor").await.expect(200);
    at(&mut browser, OWN, "/portal/login?tenant=pine").await.expect(404);
    let fields = [("email", &*cleo.email), ("password", &*cleo.password)];
    let answer = post_at(&mut browser, OWN, "/portal/login", &fields).await.expect(303);
    for cookie in answer.headers.get_all("set-cookie") {
        assert!(!cookie.to_str().expect("text").to_lowercase().contains("domain="), "cookies belong to the host alone: {cookie:?}");
    }
    at(&mut browser, OWN, "/portal/dashboard").await.expect(200);
    // A write from another site is refused here as everywhere.
    let request = reqwest::Client::new()
        .post(format!("{}/portal/profile/name", one.url))
        .header("cookie", browser.cookie_header())
        .header("host", OWN)
        .header("origin", "https://evil.example")
        .form(&[("name", "X")]);
    browser.send(request).await.expect(403);
    // Links in mails lead to the domain, and work there.
    post_at(&mut one.stranger(), OWN, "/portal/forgot", &[("email", &cleo.email)]).await.expect(200);
    post_at(&mut one.stranger(), OWN, "/portal/link", &[("email", &cleo.email), ("password", "")]).await.expect(200);
    one.run_jobs().await;
    let letters = one.letters_to(&cleo.email);
    let port = one.url.rsplit(':').next().expect("a port").to_owned();
    let base = format!("http://{OWN}:{port}");
    let links: Vec<&str> =
        letters.iter().filter_map(|letter| letter.text.split_whitespace().find(|word| word.starts_with(&base))).collect();
    assert_eq!(links.len(), 2, "{:?}", letters.iter().map(|letter| &letter.text).collect::<Vec<_>>());
    for link in links {
        at(&mut one.stranger(), OWN, link.strip_prefix(&base).expect("a path")).await.expect(200);
    }
}

/// A link of the Hub for somebody new of this client.
fn link(one: &Installation, slug: &str, company: entity::ids::CompanyId, jti: &str) -> String {
    let ticket = Ticket {
        face: SsoFace::Client,
        sub: format!("hub-{jti}"),
        email: format!("{jti}@{slug}.example"),
        name: "Hugo Lind".to_owned(),
        tenant_id: String::new(),
        tenant_slug: slug.to_owned(),
        company: company.to_string(),
        access_level: "own".to_owned(),
        psa_contact: String::new(),
        org_type: "msp".to_owned(),
        org_role: String::new(),
        entitlements: None,
        jti: jti.to_owned(),
    };
    ticket::sign(SECRET, &ticket, one.platform.clock.now().seconds()).expect("signed")
}

#[actix_web::test]
async fn a_link_of_the_hub_opens_on_the_portals_own_domain_and_on_nobody_elses() {
    let server = NameServer::start();
    let one = installed(&server).await;
    let token = link(&one, "harbor", one.cast.acme, "before");
    let address = format!("{DOOR}?token={token}&next=%2Fportal%2Fdocuments");
    at(&mut one.stranger(), TARGET, &address).await.expect(200).shows("Continue");
    active(&one, &server).await;
    // From the hosts of all portals it leads to the portal's own, used up by nobody, kept and told by nothing on the way.
    let port = one.url.rsplit(':').next().expect("a port").to_owned();
    let base = format!("http://{OWN}:{port}");
    for host in [TARGET, "pine.portal.one.example"] {
        let led = at(&mut one.stranger(), host, &address).await.expect(303);
        assert_eq!(led.location(), format!("{base}{address}"));
        assert_eq!(
            (&led.headers["referrer-policy"], &led.headers["cache-control"]),
            (&"no-referrer".parse().unwrap(), &"no-store".parse().unwrap())
        );
        assert!(!led.headers.contains_key("set-cookie"));
    }
    let mut hugo = one.stranger();
    at(&mut hugo, OWN, &address).await.expect(200).shows("Harbor IT Client Portal").shows("Continue");
    let entered = post_at(&mut hugo, OWN, DOOR, &[("token", &token), ("next", "/portal/documents")]).await.expect(303);
    assert_eq!(entered.location(), "/portal/documents");
    assert_eq!(
        (&entered.headers["referrer-policy"], &entered.headers["cache-control"]),
        (&"no-referrer".parse().unwrap(), &"no-store".parse().unwrap())
    );
    at(&mut hugo, OWN, "/portal/documents").await.expect(200).shows("Hugo Lind");
    at(&mut one.stranger(), OWN, &address).await.expect(410).shows("This link has been used");
    // Pine's link at Harbor's domain: there is no such portal there, nothing of it is shown, and it is not used up.
    let foreign = link(&one, "pine", one.cast.fir, "foreign");
    let address = format!("{DOOR}?token={foreign}");
    at(&mut one.stranger(), OWN, &address).await.expect(400).shows("Unknown portal").hides("Pine");
    let mut finns = one.stranger();
    let refused = post_at(&mut finns, OWN, DOOR, &[("token", &foreign)]).await.expect(400).shows("Unknown portal").hides("Pine");
    assert!(!refused.headers.contains_key("set-cookie"));
    at(&mut finns, OWN, "/portal/dashboard").await.expect(303);
    // Nor on a name that somebody has only claimed.
    add(&one, "eve", "portal.pine.example").await;
    at(&mut one.stranger(), "portal.pine.example", &address).await.expect(400).shows("Unknown portal");
    // At the host of all portals it is good.
    at(&mut finns, TARGET, &address).await.expect(200).shows("Pine");
    assert_eq!(post_at(&mut finns, TARGET, DOOR, &[("token", &foreign)]).await.expect(303).location(), "/portal/dashboard");
}

#[actix_web::test]
async fn a_domain_is_one_portals_whoever_else_names_it() {
    let server = NameServer::start();
    let one = installed(&server).await;
    // Eve names it first, and cannot show that it is hers.
    let eves = add(&one, "eve", OWN).await;
    active(&one, &server).await;
    let (state, why) = check(&one, "eve", &eves).await;
    assert!(state == DomainState::Pending && why.contains("something else"), "{why}");
    // Even with a record of hers beside Harbor's it stays Harbor's.
    let harbors = row(&one, one.cast.harbor, OWN).await;
    let both = [tenancy::domain::proof(&harbors.token), tenancy::domain::proof(&eves.token)];
    server.txt(&format!("_one-legal.{OWN}"), &[&both[0], &both[1]]);
    let (state, why) = check(&one, "eve", &eves).await;
    assert!(state == DomainState::Pending && why.contains("Another portal here"), "{why}");
    at(&mut one.stranger(), OWN, "/portal/login").await.expect(200).shows("Harbor IT Client Portal");
    one.browser("eve").await.post(&format!("/admin/domains/{}/check", harbors.id), &[]).await.expect(404);
}

#[actix_web::test]
async fn a_domain_that_leads_elsewhere_serves_nobody_and_silence_takes_nothing_away() {
    let server = NameServer::start();
    let one = installed(&server).await;
    let own = active(&one, &server).await;
    server.fall_silent(true);
    let (state, why) = check(&one, "mira", &own).await;
    assert!(state == DomainState::Active && why.contains("did not answer"), "{why}");
    server.fall_silent(false);
    server.cname(OWN, "elsewhere.example");
    // Nobody has to press a button.
    one.platform.clock.advance(2 * Moment::HOUR);
    tenancy::check_due(&one.platform).await.expect("a look");
    let after = row(&one, one.cast.harbor, OWN).await;
    assert_eq!(after.state, DomainState::Failing);
    at(&mut one.stranger(), OWN, "/portal/login").await.expect(404);
    let found = admin::findings(&one.platform).await;
    let finding = found.iter().find(|finding| finding.check == "domain").expect("a finding");
    assert!(finding.what.contains(OWN) && finding.what.contains("elsewhere.example") && finding.since.is_some(), "{finding:?}");
    assert!(finding.fix.contains("Admin → Domains"));
    one.stranger().post("/portal/forgot?tenant=harbor", &[("email", &one.cast.person("cleo").email)]).await.expect(200);
    one.run_jobs().await;
    let letter = one.letters_to(&one.cast.person("cleo").email).pop().expect("a letter");
    assert!(letter.text.contains(&format!("http://{TARGET}:")) && !letter.text.contains(OWN), "{}", letter.text);
    server.cname(OWN, TARGET);
    assert_eq!(check(&one, "mira", &own).await.0, DomainState::Active);
}

#[actix_web::test]
async fn a_bare_domain_may_lead_here_by_its_addresses() {
    let server = NameServer::start();
    let one = installed(&server).await;
    let own = add(&one, "mira", "harbor.example").await;
    server.txt("_one-legal.harbor.example", &[&tenancy::domain::proof(&own.token)]);
    server.a("harbor.example", [192, 0, 2, 9]);
    let (state, why) = check(&one, "mira", &own).await;
    assert!(state == DomainState::Verified && why.contains("192.0.2.9"), "{why}");
    server.a("harbor.example", [192, 0, 2, 7]);
    assert_eq!(check(&one, "mira", &own).await.0, DomainState::Active);
}
