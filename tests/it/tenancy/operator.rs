//! The operator: tenants, attorneys, engagements; never a tenant's data.

use crate::support::Installation;

#[actix_web::test]
async fn olga_makes_a_tenant_invites_its_owner_and_engages_an_attorney() {
    let one = Installation::new().await;
    let mut olga = one.browser("olga").await;
    olga.get("/operator").await.expect(200).shows("Harbor IT").shows("Pine MSP");
    let fields = |slug: &'static str, zone: &'static str| {
        [("name", "Cove Systems"), ("slug", slug), ("zone", zone), ("primary_color", "#0f766e"), ("accent_color", "#b45309")]
    };
    for (slug, words) in [
        ("x", "3 to 40"),
        ("Cove Systems", "3 to 40"),
        ("admin", "kept for the product"),
        ("harbor", "has this short name already"),
    ] {
        olga.post("/operator/tenants/new", &fields(slug, "America/Denver")).await.expect(422).shows(words).shows("Cove Systems");
    }
    olga.post("/operator/tenants/new", &fields("cove", "Mars/Olympus")).await.expect(422).shows("time zone");
    let made = olga.post("/operator/tenants/new", &fields("cove", "America/Denver")).await.expect(303);
    let page = made.location().to_owned();
    olga.post(&format!("{page}/owner"), &[("name", "Kai Reef"), ("email", "kai@cove.example")]).await.expect(303);
    let ada = one.cast.person("ada").account.to_string();
    olga.post(&format!("{page}/engage"), &[("account", &ada), ("role", "")]).await.expect(422).shows("Choose a role");
    olga.post(&format!("{page}/engage"), &[("account", &ada), ("role", "of_counsel")]).await.expect(303);
    olga.get(&page).await.expect(200).shows("Kai Reef").shows("Invited, has not accepted yet").shows("Of counsel");
    one.stranger().get("/portal/login?tenant=cove").await.expect(200).shows("Cove Systems Client Portal");
    one.run_jobs().await;
    assert!(one.newest_link("kai@cove.example").starts_with("/invite/"));
    olga.post(&format!("{page}/engagements/{ada}/end"), &[]).await.expect(303);
    olga.post(&format!("{page}/engagements/{ada}/end"), &[]).await.expect(404);
    let mira = one.cast.person("mira").account.to_string();
    olga.post(&format!("{page}/engage"), &[("account", &mira), ("role", "primary")]).await.expect(404);
}

#[actix_web::test]
async fn an_ended_engagement_ends_the_attorneys_sessions_at_once() {
    let one = Installation::new().await;
    let (mut olga, mut sam) = (one.browser("olga").await, one.browser("sam").await);
    sam.get("/legal/profile").await.expect(200);
    let sam_id = one.cast.person("sam").account;
    olga.post(&format!("/operator/tenants/{}/engagements/{sam_id}/end", one.cast.harbor), &[]).await.expect(303);
    sam.get_json("/legal/profile").await.expect(401);
}

#[actix_web::test]
async fn the_operators_screens_are_not_there_for_anybody_else() {
    let one = Installation::new().await;
    for who in ["mira", "tom", "ada", "eve", "dora", "joy"] {
        let mut browser = one.browser(who).await;
        for path in ["/operator", "/operator/tenants/new", "/operator/attorneys", "/operator/operators", "/operator/resets"] {
            assert_eq!(browser.get(path).await.status, 404, "{who} {path}");
        }
        for path in ["/operator/tenants/new", "/operator/attorneys", "/operator/operators", "/operator/resets"] {
            assert_eq!(browser.post(path, &[("name", "X"), ("email", "x@x.example")]).await.status, 404, "{who} {path}");
        }
    }
    one.stranger().get("/operator").await.expect(303);
}

#[actix_web::test]
async fn an_operator_does_not_shut_themselves_out_and_touches_no_staff() {
    let one = Installation::new().await;
    let mut olga = one.browser("olga").await;
    let me = one.cast.person("olga").account;
    olga.post(&format!("/operator/operators/{me}/deactivate"), &[]).await.expect(409);
    let tom = one.cast.person("tom").account;
    olga.post(&format!("/operator/attorneys/{tom}/deactivate"), &[]).await.expect(404);
    let lou = one.cast.person("lou").account;
    olga.post(&format!("/operator/attorneys/{lou}/deactivate"), &[]).await.expect(303);
    olga.post("/operator/attorneys", &[("name", "Ada"), ("email", "ada@whitfield.example")])
        .await
        .expect(422)
        .shows("has an account here already");
}
