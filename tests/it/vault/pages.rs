//! The vault's pages and addresses: who sees what, how bytes are sent, what is written down about it.

use entity::{Reach, audit::entry, wall::Unwalled};
use one_legal::vault::{Audience, Category, NewDocument};
use reqwest::{
    Method,
    multipart::{Form, Part},
};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::store::{stored, work};
use crate::support::{Answer, Browser, Installation};

pub const PDF: &[u8] = b"%PDF-1.7\n1 0 obj << >> endobj\n%%EOF\n";

pub fn pdf(name: &str) -> Part {
    Part::bytes(PDF.to_vec()).file_name(name.to_owned())
}

pub async fn send(browser: &mut Browser, path: &str, form: Form, accept: &str) -> Answer {
    let request = browser.request(Method::POST, path).header("accept", accept).multipart(form);
    browser.send(request).await
}

pub async fn upload(browser: &mut Browser, form: Form) -> Answer {
    send(browser, "/legal/vault/upload", form, "text/html").await
}

async fn lines(one: &Installation, object: &str) -> Vec<(String, String)> {
    let tx = one.platform.read(Reach::Everything("a test reads the log")).await.expect("a view");
    let rows = entry::Entity::rows()
        .filter(entry::Column::Object.eq(object))
        .order_by_asc(entry::Column::Seq)
        .all(&tx)
        .await
        .expect("rows");
    rows.into_iter().map(|row| (row.action, row.actor)).collect()
}

#[actix_web::test]
async fn mira_adds_a_contract_tom_finds_and_downloads_it_and_it_is_written_down() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    mira.get("/legal/vault").await.expect(200).shows("The vault is empty");
    mira.get("/legal/vault/upload").await.expect(200).shows("Acme Dental").hides("Fir Clinic");
    let form = Form::new()
        .text("category", "contracts")
        .text("client", one.cast.acme.to_string())
        .text("title", "Lease of the clinic")
        .text("audience", "staff")
        .part("file", pdf("../Lease äöü.pdf"));
    let answer = upload(&mut mira, form).await.expect(303);
    let page = answer.location().to_owned();
    mira.get(&page).await.expect(200).shows("Lease of the clinic").shows("Staff of Harbor IT").shows("Mira Castellan");

    let mut tom = one.browser("tom").await;
    tom.get("/legal/vault?q=lease+acme").await.expect(200).shows("Lease of the clinic").shows("Acme Dental");
    tom.get("/legal/vault?category=contracts&type=pdf").await.expect(200).shows("Lease of the clinic");
    tom.get("/legal/vault?category=matters").await.expect(200).shows("Nothing matches");
    tom.get("/legal/vault?q=bluefin").await.expect(200).hides("Lease of the clinic");
    tom.get("/legal/vault?q=100%25_").await.expect(200).shows("Nothing matches");
    let answer = tom.get(&format!("{page}/download")).await.expect(200);
    assert_eq!(answer.text.as_bytes(), PDF);
    let header = |name: &str| answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    assert_eq!(header("content-length"), PDF.len().to_string());
    assert_eq!(header("content-type"), "application/pdf");
    assert!(header("content-disposition").starts_with("attachment; filename=\"Lease ___.pdf\"; filename*=UTF-8''Lease%20%C3%A4"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").contains("sandbox"));
    assert!(header("cache-control").contains("no-store"));
    let inline = tom.get(&format!("{page}/download?inline=1")).await.expect(200);
    assert!(inline.headers["content-disposition"].to_str().expect("ASCII").starts_with("inline"));

    let id = page.rsplit('/').next().expect("an id");
    assert_eq!(
        lines(&one, &format!("document:{id}")).await,
        [
            ("document.added".to_owned(), "Mira Castellan".to_owned()),
            ("document.downloaded".to_owned(), "Tom Okafor".to_owned()),
            ("document.viewed".to_owned(), "Tom Okafor".to_owned()),
        ]
    );
    tom.get(&page).await.expect(200).shows("downloaded version 1");
}

#[actix_web::test]
async fn eve_gets_the_same_404_everywhere_and_ben_where_nothing_was_granted() {
    let one = Installation::new().await;
    let cleo = Audience::Account(one.cast.person("cleo").account);
    let id = stored(&one, vec![Audience::Staff, Audience::Attorneys, cleo], PDF).await;
    let random = "01931c6e-0000-7000-8000-000000000000";
    for person in ["eve", "ben", "gus", "nils", "joy", "olga", "finn"] {
        let mut browser = one.browser(person).await;
        for address in [
            "/legal/vault/{}",
            "/legal/vault/{}/download",
            "/legal/vault/{}/versions",
            "/portal/files/{}/download",
            "/api/v1/documents/{}",
            "/api/v1/documents/{}/content",
        ] {
            let real = browser.get_json(&address.replace("{}", &id.to_string())).await.expect(404);
            let none = browser.get_json(&address.replace("{}", random)).await.expect(404);
            assert_eq!(real.json()["detail"], none.json()["detail"], "{person} {address}");
        }
        let form = Form::new().part("file", pdf("a.pdf"));
        send(&mut browser, &format!("/legal/vault/{id}/versions"), form, "application/json").await.expect(404);
        let list = browser.get_json("/api/v1/documents").await.expect(200);
        assert_eq!(list.json()["total"], 0, "{person}");
    }
    for person in ["mira", "tom", "vik", "ada", "sam", "lou"] {
        let mut browser = one.browser(person).await;
        browser.get(&format!("/legal/vault/{id}")).await.expect(200).shows("Master Services Agreement");
        assert_eq!(browser.get(&format!("/legal/vault/{id}/download")).await.expect(200).text.as_bytes(), PDF);
        // The client's door is not theirs.
        browser.get(&format!("/portal/files/{id}/download")).await.expect(404);
    }
    let mut cleo = one.browser("cleo").await;
    cleo.get("/portal/files").await.expect(200).shows("Master Services Agreement");
    assert_eq!(cleo.get(&format!("/portal/files/{id}/download")).await.expect(200).text.as_bytes(), PDF);
    cleo.get(&format!("/legal/vault/{id}")).await.expect(404);
    cleo.get("/legal/vault").await.expect(404);
    one.browser("ben").await.get("/portal/files").await.expect(200).shows("No files yet");
    let mut stranger = one.stranger();
    stranger.get_json(&format!("/legal/vault/{id}/download")).await.expect(401);
}

#[actix_web::test]
async fn outside_counsel_sees_what_was_granted_and_no_client_besides() {
    let one = Installation::new().await;
    let nils = Audience::Account(one.cast.person("nils").account);
    let granted = stored(&one, vec![Audience::Staff, nils], PDF).await;
    let mut unit = work(&one).await;
    let other = NewDocument {
        tenant: one.cast.harbor,
        company: Some(one.cast.bluefin),
        category: Category::Matters,
        title: "Canary of Bluefin".to_owned(),
        file_name: "canary.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        owner: "matter:1".to_owned(),
        audience: vec![Audience::Staff],
    };
    one_legal::vault::store(&mut unit, other, PDF.to_vec()).await.expect("stored");
    unit.commit().await.expect("committed");
    let mut nils = one.browser("nils").await;
    let list = nils.get("/legal/vault?q=canary").await.expect(200);
    list.hides("Canary of").hides("Bluefin Freight");
    nils.get("/legal/vault").await.expect(200).shows("Acme Dental").hides("Bluefin").hides("Add a document");
    nils.get(&format!("/legal/vault/{granted}")).await.expect(200).hides("History");
    nils.get("/legal/vault/upload").await.expect(403);
}

#[actix_web::test]
async fn a_viewer_reads_but_does_not_add_and_is_told_whom_to_ask() {
    let one = Installation::new().await;
    let id = stored(&one, vec![Audience::Staff], PDF).await;
    let mut vik = one.browser("vik").await;
    vik.get("/legal/vault").await.expect(200).shows("Master Services Agreement").hides("Add a document");
    vik.get("/legal/vault/upload").await.expect(403).shows("Ask an owner");
    let form = Form::new().text("category", "contracts").part("file", pdf("a.pdf"));
    send(&mut vik, "/legal/vault/upload", form, "application/json").await.expect(403);
    vik.get(&format!("/legal/vault/{id}/versions")).await.expect(403);
}

#[actix_web::test]
async fn a_form_with_mistakes_comes_back_with_what_was_typed() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let form = Form::new()
        .text("category", "")
        .text("client", one.cast.acme.to_string())
        .text("title", "My lease")
        .part("file", pdf("a.pdf"));
    upload(&mut tom, form).await.expect(422).shows("Choose where it belongs").shows("My lease").shows("choose it again");
    let form = Form::new().text("category", "contracts").text("title", "My lease");
    upload(&mut tom, form).await.expect(422).shows("Choose a file");
    let form = Form::new().text("category", "contracts").part("file", Part::bytes(Vec::new()).file_name(""));
    upload(&mut tom, form).await.expect(422).shows("Choose a file");
    let form = Form::new().text("category", "contracts").text("client", one.cast.fir.to_string()).part("file", pdf("a.pdf"));
    upload(&mut tom, form).await.expect(422).shows("Choose a client from the list");
    let form = Form::new().text("category", "contracts").text("audience", "company").part("file", pdf("a.pdf"));
    upload(&mut tom, form).await.expect(422).shows("whose people may read it");
    let page = Part::bytes(b"<html><script>alert(1)</script>".to_vec()).file_name("a.pdf");
    let form = Form::new().text("category", "contracts").part("file", page);
    upload(&mut tom, form).await.expect(422).shows("HTML");
    let form = Form::new().text("category", "contracts").part("file", pdf("a.html"));
    upload(&mut tom, form).await.expect(422).shows("run in a browser");
    tom.get("/legal/vault").await.expect(200).shows("The vault is empty");
}

#[actix_web::test]
async fn a_newer_version_stands_beside_the_old_one_but_a_signed_document_stands_alone() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let form = Form::new().text("category", "correspondence").text("audience", "staff").part("file", pdf("letter.pdf"));
    let page = upload(&mut tom, form).await.expect(303).location().to_owned();
    let newer = Part::bytes(b"%PDF-1.7 second".to_vec()).file_name("letter-2.pdf");
    send(&mut tom, &format!("{page}/versions"), Form::new().part("file", newer), "text/html").await.expect(303);
    tom.get(&page).await.expect(200).shows("letter-2.pdf").shows("added version 2");
    assert_eq!(tom.get(&format!("{page}/download")).await.expect(200).text, "%PDF-1.7 second");
    assert_eq!(tom.get(&format!("{page}/download?version=1")).await.expect(200).text.as_bytes(), PDF);
    tom.get(&format!("{page}/download?version=3")).await.expect(404);
    tom.get(&format!("{page}/download?version=x")).await.expect(404);
    let json = tom.get_json(&page.replace("/legal/vault", "/api/v1/documents")).await.expect(200).json();
    assert_eq!((json["version"].as_i64(), json["versions"].as_array().map(Vec::len)), (Some(2), Some(2)));

    let signed = stored(&one, vec![Audience::Staff], PDF).await;
    tom.get(&format!("/legal/vault/{signed}/versions")).await.expect(409).shows("stands as it is");
    let form = Form::new().part("file", pdf("a.pdf"));
    let refused = send(&mut tom, &format!("/legal/vault/{signed}/versions"), form, "application/json").await.expect(409);
    assert_eq!(refused.code(), "document_sealed");
}

#[actix_web::test]
async fn a_grant_taken_back_while_a_page_is_open_counts_for_the_download() {
    let one = Installation::new().await;
    let cleo = Audience::Account(one.cast.person("cleo").account);
    let id = stored(&one, vec![cleo], PDF).await;
    let mut browser = one.browser("cleo").await;
    browser.get(&format!("/portal/files/{id}/download")).await.expect(200);
    let mut unit = work(&one).await;
    one_legal::vault::ungrant(&mut unit, id, cleo).await.expect("taken back");
    unit.commit().await.expect("committed");
    browser.get(&format!("/portal/files/{id}/download")).await.expect(404);
}

#[actix_web::test]
async fn lists_answer_any_nonsense_in_their_filters() {
    let one = Installation::new().await;
    stored(&one, vec![Audience::Staff], PDF).await;
    let mut tom = one.browser("tom").await;
    for query in
        ["page=0", "page=-1", "category=x&client=y&type=z&status=%01", "from=2026-13-99&until=yesterday&sort=up", "q=%27%22%5C%25"]
    {
        tom.get(&format!("/legal/vault?{query}")).await.expect(200);
        tom.get_json(&format!("/api/v1/documents?{query}")).await.expect(200);
    }
    tom.get("/legal/vault?page=9223372036854775808").await.expect(303);
    tom.get_json("/api/v1/documents?page=9223372036854775808").await.expect(200);
    let list = tom.get_json("/api/v1/documents?from=2026-03-02&until=2026-03-02").await.expect(200);
    assert_eq!(list.json()["total"], 1);
    let list = tom.get_json("/api/v1/documents?until=2026-03-01").await.expect(200);
    assert_eq!(list.json()["total"], 0);
}

#[actix_web::test]
async fn every_way_to_sort_is_offered_once() {
    let one = Installation::new().await;
    let page = one.browser("tom").await.get("/legal/vault?sort=newest").await.expect(200);
    for way in ["Sort: Newest first", "Sort: Oldest first", "Sort: By title", "Sort: Largest first"] {
        assert_eq!(page.text.matches(way).count(), 1, "{way}");
    }
}
