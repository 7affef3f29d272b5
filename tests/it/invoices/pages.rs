//! Who sees which invoice, and what stands on it.

use crate::support::{Installation, World};

#[actix_web::test]
async fn a_client_sees_the_companys_invoices_with_their_lines_and_takes_them_as_a_pdf() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    let address = format!("/portal/invoices/{}", world.story.invoice);
    for key in ["cleo", "dora"] {
        let mut client = one.browser(key).await;
        let list = client.get("/portal/invoices").await.expect(200);
        list.shows("B-1041")
            .shows("B-1067")
            .shows("B-1090")
            .shows("B-1102")
            .shows("Draft")
            .shows("Overdue")
            .hides("B-1091")
            .hides("B-1088");
        client.get(&address).await.expect(200).shows("Managed services, Premier tier").shows("2.5").shows("$4,975.00");
        let pdf = client.get(&format!("{address}/pdf")).await.expect(200);
        assert!(pdf.text.starts_with("%PDF"), "a PDF");
        assert!(pdf.headers["content-disposition"].to_str().expect("text").contains("invoice-B-1090.pdf"));
    }
    let mut cleo = one.browser("cleo").await;
    cleo.get("/portal/invoices?status=overdue").await.expect(200).shows("B-1067").hides("B-1090");
    cleo.get("/portal/invoices?status=sent").await.expect(200).shows("B-1090").hides("B-1067");
    cleo.get("/portal/invoices?q=1041").await.expect(200).shows("B-1041").hides("B-1090");
    cleo.get("/portal/invoices?q=nothing&status=lost&page=999999999999999999999").await.expect(200);
}

#[actix_web::test]
async fn a_page_past_the_end_of_a_list_leads_to_its_last_one_with_the_filters_kept() {
    let one = Installation::new().await;
    World::create(&one).await;
    let mut cleo = one.browser("cleo").await;
    let to = cleo.get("/portal/invoices?status=overdue&page=9").await.expect(303).location().to_owned();
    assert!(to.starts_with("/portal/invoices?") && to.contains("status=overdue") && to.ends_with("page=1"), "{to}");
    cleo.get(&to).await.expect(200).shows("B-1067");
    // What is empty is empty on every page.
    cleo.get("/portal/invoices?q=nothing&page=9").await.expect(200);
    let mut mira = one.browser("mira").await;
    for list in ["/admin/clients", "/admin/audit", "/legal/policies", "/legal/matters"] {
        let to = mira.get(&format!("{list}?page=1000")).await.expect(303).location().to_owned();
        assert!(to.starts_with(list) && !to.ends_with("page=1000"), "{to}");
        mira.get(&to).await.expect(200);
    }
}

#[actix_web::test]
async fn who_sees_own_items_only_hears_who_can_change_that_and_others_see_nothing() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    let address = format!("/portal/invoices/{}", world.story.invoice);
    let mut ben = one.browser("ben").await;
    ben.get("/portal/invoices").await.expect(403).shows("your company").hides("B-1090");
    let refused = ben.get("/portal/invoices").await.expect(403).shows("Ask an admin of your company");
    refused.hides("named above").shows("href=\"/portal/tickets\"");
    ben.get(&address).await.expect(403).hides("B-1090");
    for key in ["gus", "eve", "mira", "ada", "joy"] {
        one.browser(key).await.get(&address).await.expect(404).hides("B-1090");
    }
    one.browser("gus").await.get("/portal/invoices").await.expect(200).shows("B-1091").hides("B-1090");
}

#[actix_web::test]
async fn only_owner_and_admin_say_whose_a_client_at_books_is() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    let address = format!("/admin/integrations/books/clients/{}", world.story.books_client);
    let company = one.cast.acme.to_string();
    for (key, status) in [("tom", 403), ("vik", 403), ("ada", 404), ("cleo", 404), ("eve", 404)] {
        one.browser(key).await.post(&address, &[("company", &company)]).await.expect(status);
    }
    one.browser("mira").await.post(&address, &[("company", &company)]).await.expect(303);
    one.browser("cleo").await.get("/portal/invoices").await.expect(200).shows("B-1088");
}
