//! Attachments: real files, streamed into the vault, read by those who take part.

use super::desk;
use crate::support::Installation;

#[actix_web::test]
async fn tom_opens_a_matter_with_a_pdf_and_a_docx_attached() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let mut ada = one.browser("ada").await;
    let (invoice, contract) = (desk::pdf("Invoice 4711, 12,400 USD"), desk::docx("The contract"));
    let form = desk::form(&one, &[])
        .part("files", desk::file("invoice 4711.pdf", invoice.clone()))
        .part("files", desk::file("contract.docx", contract.clone()));
    let matter = desk::send(&mut tom, "/legal/matters/new", form).await.expect(303).location().to_owned();
    tom.get(&matter).await.expect(200).shows("with 2 documents").shows("Tom Okafor added 2 documents");
    ada.get(&format!("{matter}/documents")).await.expect(200).hides("invoice 4711.pdf");
    ada.post(&format!("{matter}/claim"), &[]).await.expect(303);
    let page = ada
        .get(&format!("{matter}/documents"))
        .await
        .expect(200)
        .shows("invoice 4711.pdf")
        .shows("contract.docx")
        .shows("Word document");
    for (name, bytes) in [("invoice 4711.pdf", &invoice), ("contract.docx", &contract)] {
        let row = page.text.split("<tr>").find(|row| row.contains(name)).expect("a row");
        let id = row.split("/legal/vault/").nth(1).and_then(|rest| rest.get(..36)).expect("an id");
        let request = ada.request(reqwest::Method::GET, &format!("/legal/vault/{id}/download"));
        let got = request.send().await.expect("an answer");
        assert_eq!(got.status(), 200);
        assert_eq!(got.bytes().await.expect("bytes").as_ref(), bytes.as_slice());
    }
}

#[actix_web::test]
async fn a_file_that_is_not_taken_costs_nothing_else() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let form = desk::form(&one, &[])
        .part("files", desk::file("invoice.pdf", desk::pdf("4711")))
        .part("files", desk::file("run.exe", b"MZ programs".to_vec()));
    let answer = desk::send(&mut tom, "/legal/matters/new", form).await.expect(303);
    let address = answer.location().to_owned();
    assert!(address.ends_with("/documents"), "{address}");
    tom.get(&address).await.expect(200).shows("run.exe").shows("are programs and are not taken").shows("invoice.pdf");
    // On the documents page the same stands beside the field.
    let form = reqwest::multipart::Form::new().part("files", desk::file("page.html", b"<html>".to_vec()));
    desk::send(&mut tom, &address, form).await.expect(422).shows("can run in a browser");
    desk::send(&mut tom, &address, reqwest::multipart::Form::new().text("x", "y"))
        .await
        .expect(422)
        .shows("Choose at least one file");
}

#[actix_web::test]
async fn the_description_lies_nowhere_in_the_clear() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let canary = "canary-of-the-description-77";
    let matter = desk::open(&one, &mut tom, &[("description", canary)]).await;
    tom.get(&matter).await.expect(200).shows(canary);
    for entry in std::fs::read_dir(one.data_dir.path()).expect("the folder").flatten() {
        if entry.path().is_file() {
            let bytes = std::fs::read(entry.path()).expect("a file");
            assert!(!bytes.windows(canary.len()).any(|window| window == canary.as_bytes()), "{}", entry.path().display());
        }
    }
}

#[actix_web::test]
async fn markup_in_any_field_is_text_on_every_page() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let nasty = "\"'><script>alert(1)</script>{{7*7}}<img src=x onerror=alert(1)>";
    let matter = desk::open(&one, &mut tom, &[("title", nasty), ("description", nasty)]).await;
    for tab in ["", "/documents", "/activity", "/people", "/edit", "/hours"] {
        let page = tom.get(&format!("{matter}{tab}")).await.expect(200).hides("<script>alert").hides("<img src=x").text;
        let parsed = scraper::Html::parse_document(&page);
        let heading = scraper::Selector::parse("h1").expect("a selector");
        let title: String = parsed.select(&heading).next().expect("a heading").text().collect();
        assert_eq!(title.trim(), nasty, "{tab}");
    }
    tom.get("/legal/matters").await.expect(200).hides("<script>alert").hides("<img src=x");
}

#[actix_web::test]
async fn what_is_sent_in_the_conversation_is_among_the_documents_and_lies_with_the_client() {
    let one = Installation::new().await;
    let (mut tom, mut ada, mut cleo) = (one.browser("tom").await, one.browser("ada").await, one.browser("cleo").await);
    let matter = desk::open(&one, &mut tom, &[]).await;
    desk::put_on(&one, &mut tom, &matter, "cleo").await;
    let list = tom.get_json("/api/v1/matters").await.expect(200).json();
    let conversation = list["items"][0]["conversation_id"].as_str().expect("an id").to_owned();
    let form = reqwest::multipart::Form::new().part("file", desk::file("server-log.txt", b"two disks failed".to_vec()));
    let path = format!("/api/v1/conversations/{conversation}/attachments");
    let request = tom.request(reqwest::Method::POST, &path).header("accept", "application/json").multipart(form);
    let attached = tom.send(request).await.expect(201).json();
    let documents = format!("{matter}/documents");
    tom.get(&documents).await.expect(200).hides("server-log.txt");
    let message = serde_json::json!({ "body": "The log", "attachments": [attached["files"][0]["id"]] });
    tom.post_json(&format!("/api/v1/conversations/{conversation}/messages"), &message).await.expect(201);
    tom.get(&documents).await.expect(200).shows("server-log.txt").hides("No documents yet");
    tom.get(&format!("/legal/vault?client={}", one.cast.acme)).await.expect(200).shows("server-log.txt");
    cleo.get(&matter.replace("/legal/matters/", "/portal/messages/"))
        .await
        .expect(200)
        .shows("server-log.txt")
        .hides("Nothing has been filed");
    // Ada sees the matter by office, and its documents once she takes part.
    ada.get(&documents).await.expect(200).hides("server-log.txt");
    ada.post(&format!("{matter}/claim"), &[]).await.expect(303);
    ada.get(&documents).await.expect(200).shows("server-log.txt");
    one.browser("mira").await.get(&documents).await.expect(404);
}

#[actix_web::test]
async fn what_was_asked_stays_open_after_a_claim() {
    let one = Installation::new().await;
    let (mut tom, mut ada) = (one.browser("tom").await, one.browser("ada").await);
    let matter = desk::open(&one, &mut tom, &[]).await;
    ada.post(&format!("{matter}/claim"), &[]).await.expect(303);
    ada.get(&matter).await.expect(200).shows("<details class=\"card matter-description\" open>");
}
