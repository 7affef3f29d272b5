//! Companies, contacts and the portal's look, by owner and admin of the MSP alone.

use crate::{identity::invite::contact_of, support::Installation};

#[actix_web::test]
async fn mira_adds_a_client_and_its_people() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    mira.get("/admin").await.expect(200).shows("Acme Dental").shows("Bluefin Freight").hides("Fir Clinic");
    mira.get("/admin/clients?q=acme").await.expect(200).shows("Acme Dental").hides("Bluefin");
    mira.get("/admin/clients?q=zzz&page=-7").await.expect(200).shows("No client matches");
    mira.post("/admin/clients/new", &[("name", ""), ("legal_name", "")]).await.expect(422).shows("Give the company");
    mira.post("/admin/clients/new", &[("name", "ACME dental")])
        .await
        .expect(422)
        .shows("a client of this name already")
        .shows("ACME dental");
    let made = mira.post("/admin/clients/new", &[("name", "Cedar Law"), ("legal_name", "Cedar Law LLP")]).await.expect(303);
    let page = made.location().to_owned();
    mira.get(&page).await.expect(200).shows("Cedar Law").shows("Nobody yet");
    let contacts = format!("{page}/contacts");
    mira.post(&contacts, &[("name", "Ivy Cole"), ("email", "no address"), ("access", "own")])
        .await
        .expect(422)
        .shows("That is no e-mail address")
        .shows("value=\"Ivy Cole\"");
    mira.post(&contacts, &[("name", "Ivy Cole"), ("email", "ivy@cedar.example"), ("access", "everything")]).await.expect(422);
    mira.post(&contacts, &[("name", "Ivy Cole"), ("email", "Ivy@Cedar.example"), ("title", "Clerk"), ("access", "own")])
        .await
        .expect(303);
    mira.get(&page).await.expect(200).shows("ivy@cedar.example").shows("Not invited");
    mira.post(&contacts, &[("name", "Ivy Cole"), ("email", "ivy@cedar.example"), ("access", "own")])
        .await
        .expect(422)
        .shows("has this address already");
    let ivy = contact_of(&one, "ivy@cedar.example").await;
    mira.post(&format!("/admin/contacts/{ivy}/deactivate"), &[]).await.expect(409);
    mira.post(&format!("/admin/contacts/{ivy}/invite"), &[]).await.expect(303);
    mira.get(&page).await.expect(200).shows("Invited, has not accepted yet");
    mira.post(&format!("/admin/contacts/{ivy}/nonsense"), &[]).await.expect(404);
    mira.post(&page, &[("name", "Cedar & Sons"), ("legal_name", "Cedar LLP")]).await.expect(303);
    mira.post(&page, &[("name", "Bluefin Freight"), ("legal_name", "X")]).await.expect(422).shows("another client of this name");
    mira.get(&page).await.expect(200).shows("Cedar &#38; Sons");
}

#[actix_web::test]
async fn one_address_signs_in_for_one_company_of_a_portal() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let path = format!("/admin/clients/{}/contacts", one.cast.bluefin);
    let fields = [("name", "Cleo Vance"), ("email", "cleo@acmedental.example"), ("access", "own"), ("invite", "true")];
    mira.post(&path, &fields).await.expect(422).shows("for another company already");
}

#[actix_web::test]
async fn another_access_level_holds_at_once_and_ends_the_persons_sessions() {
    let one = Installation::new().await;
    let (mut mira, mut ben) = (one.browser("mira").await, one.browser("ben").await);
    let id = one.cast.person("ben").contact.expect("a contact");
    mira.post(&format!("/admin/contacts/{id}"), &[("name", "Ben Marsh"), ("title", "Hygienist"), ("access", "company")])
        .await
        .expect(303);
    ben.get_json("/portal/profile").await.expect(401);
    ben = one.browser("ben").await;
    ben.get("/portal/profile").await.expect(200).shows("Company items");
}

#[actix_web::test]
async fn a_lock_is_shown_to_the_admin_and_lifted_by_a_button() {
    let one = Installation::with(&[("LOGIN_RATE", "1000")]).await;
    let mut stranger = one.stranger();
    for _ in 0..3 {
        one.password(&mut stranger, "cleo", "wrong").await.expect(422);
    }
    let mut mira = one.browser("mira").await;
    let page = format!("/admin/clients/{}", one.cast.acme);
    mira.get(&page).await.expect(200).shows("Locked after three wrong tries");
    let id = one.cast.person("cleo").contact.expect("a contact");
    mira.post(&format!("/admin/contacts/{id}/unlock"), &[]).await.expect(303);
    one.sign_in(&mut stranger, "cleo").await.expect(303);
    // The same at her own browser, whose tries are counted by themselves.
    stranger.post("/logout", &[]).await.expect(303);
    for _ in 0..3 {
        one.password(&mut stranger, "cleo", "wrong").await.expect(422);
    }
    mira.get(&page).await.expect(200).shows("Locked after three wrong tries");
    mira.post(&format!("/admin/contacts/{id}/unlock"), &[]).await.expect(303);
    mira.get(&page).await.expect(200).hides("Locked after three wrong tries");
    one.sign_in(&mut stranger, "cleo").await.expect(303);
}

#[actix_web::test]
async fn companies_and_contacts_come_in_by_csv_all_or_none() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let bad = "company,contact_name,contact_email,access\nDelta Co,Dan,dan@delta.example,own\nEcho Co,Eva,not-an-address,own\nFox Co,Fay,fay@fox.example,boss\n";
    mira.post("/admin/clients/import", &[("csv", bad)]).await.expect(422).shows("Row 3:").shows("Row 4:").shows("Delta Co");
    mira.get("/admin/clients").await.expect(200).hides("Delta Co");
    mira.post("/admin/clients/import", &[("csv", "name,email\nx,y\n")]).await.expect(422).shows("`company` is missing");
    let good = "\u{feff}Company;Legal Name;Contact Name;Contact Email;Contact Title\nDelta Co;Delta Inc.;Dan Day;dan@delta.example;CFO\nDelta Co;;Dot Day;dot@delta.example;\nacme dental;;Ben Marsh;ben@acmedental.example;\n";
    mira.post("/admin/clients/import", &[("csv", good)]).await.expect(303);
    mira.get("/admin/clients").await.expect(200).shows("Delta Co").shows("Delta Inc.");
    mira.post("/admin/clients/import", &[("csv", good)]).await.expect(422).shows("nothing new");
}

#[actix_web::test]
async fn branding_is_previewed_saved_and_corrected_where_it_could_not_be_read() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let fields = |color: &'static str, action: &'static str| {
        [
            ("portal_name", "Harbor Desk"),
            ("primary_color", color),
            ("accent_color", "#f59e0b"),
            ("welcome_text", "Ahoy."),
            ("action", action),
        ]
    };
    mira.post("/admin/branding", &fields("#fde047", "preview")).await.expect(200).shows("Harbor Desk").shows("corrected");
    one.stranger().get("/portal/login?tenant=harbor").await.expect(200).hides("Harbor Desk");
    mira.post("/admin/branding", &fields("red; } body { display: none", "save")).await.expect(422).shows("#rrggbb");
    mira.post("/admin/branding", &fields("#7c3aed", "save")).await.expect(303);
    one.stranger().get("/portal/login?tenant=harbor").await.expect(200).shows("Harbor Desk").shows("#7c3aed").shows("Ahoy.");
    one.stranger().get("/portal/login?tenant=pine").await.expect(200).hides("Harbor Desk");
}

#[actix_web::test]
async fn eve_of_another_tenant_finds_nothing_of_harbors_and_who_may_not_is_told_so() {
    let one = Installation::new().await;
    let mut eve = one.browser("eve").await;
    let (acme, ben) = (one.cast.acme, one.cast.person("ben").contact.expect("a contact"));
    eve.get(&format!("/admin/clients/{acme}")).await.expect(404);
    eve.post(&format!("/admin/clients/{acme}"), &[("name", "Eve's"), ("legal_name", "Eve's")]).await.expect(404);
    eve.post(&format!("/admin/clients/{acme}/contacts"), &[("name", "E"), ("email", "e@x.example"), ("access", "own")])
        .await
        .expect(404);
    eve.post(&format!("/admin/contacts/{ben}"), &[("name", "E"), ("title", ""), ("access", "own")]).await.expect(404);
    for verb in ["invite", "deactivate", "reactivate", "unlock"] {
        eve.post(&format!("/admin/contacts/{ben}/{verb}"), &[]).await.expect(404);
    }
    let mut random = one.browser("mira").await;
    random.get("/admin/clients/019d0000-0000-7000-8000-000000000000").await.expect(404);
    random.get("/admin/clients/not-an-id").await.expect(404);
    for (who, status) in [("tom", 403), ("vik", 403), ("ada", 404), ("nils", 404), ("dora", 404), ("olga", 404), ("joy", 404)] {
        let mut browser = one.browser(who).await;
        for path in [
            "/admin",
            "/admin/clients",
            "/admin/clients/new",
            "/admin/clients/import",
            "/admin/staff",
            "/admin/branding",
            "/admin/resets",
        ] {
            assert_eq!(browser.get(path).await.status, status, "{who} {path}");
        }
        assert_eq!(browser.post("/admin/clients/new", &[("name", "X")]).await.status, status, "{who}");
        assert_eq!(browser.post("/admin/branding", &[("portal_name", "X")]).await.status, status, "{who}");
    }
}
