//! Uploads: streamed, limited, whole or not at all; nothing readable on the disk; no entry in the log, no byte.

use std::path::{Path, PathBuf};

use entity::{Reach, Walled, vault::document};
use one_legal::vault::{self, Audience};
use reqwest::multipart::{Form, Part};
use sea_orm::{ConnectionTrait, PaginatorTrait};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{
    kinds::docx,
    pages::{PDF, pdf, send, upload},
    store::stored,
};
use crate::support::Installation;

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

fn blobs(one: &Installation) -> Vec<PathBuf> {
    files(&one.platform.config.blob_folder())
        .into_iter()
        .filter(|path| path.file_name().is_some_and(|name| name != "probe"))
        .collect()
}

async fn documents(one: &Installation) -> u64 {
    let tx = one.platform.read(Reach::Everything("a test counts")).await.expect("a view");
    document::Entity::within(tx.reach()).count(&tx).await.expect("a count")
}

/// Waits until the condition holds; a test that never sees it fails.
async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..500 {
        if holds() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{what}: never");
}

#[actix_web::test]
async fn no_plain_text_of_a_document_lies_on_the_disk() {
    let one = Installation::new().await;
    let canary = "CANARY-7f3a-the-rent-is-4200-a-month";
    let mut tom = one.browser("tom").await;
    let text = format!("Dear Ben,\n{canary}\n").repeat(5_000);
    let form = Form::new()
        .text("category", "contracts")
        .text("audience", "staff")
        .part("file", Part::bytes(text.clone().into_bytes()).file_name("lease.txt"));
    let page = upload(&mut tom, form).await.expect(303).location().to_owned();
    let stored_id = stored(&one, vec![Audience::Staff], format!("%PDF-1.7 {canary}").as_bytes()).await;
    assert_eq!(tom.get(&format!("{page}/download?inline=1")).await.expect(200).text, text);
    tom.get(&format!("/legal/vault/{stored_id}/download")).await.expect(200).shows(canary);
    tom.get("/legal/vault?q=lease").await.expect(200);
    let all = files(one.data_dir.path());
    assert!(all.iter().any(|path| path.extension().is_some_and(|end| end == "olv1")), "the blobs are here");
    assert!(all.iter().any(|path| path.extension().is_some_and(|end| end == "db")) || std::env::var("TEST_DATABASE_URL").is_ok());
    for path in all {
        let bytes = std::fs::read(&path).expect("a file");
        assert!(!bytes.windows(canary.len()).any(|window| window == canary.as_bytes()), "{} holds the canary", path.display());
    }
}

#[actix_web::test]
async fn more_than_the_limit_is_413_and_nothing_is_left() {
    let one = Installation::with(&[("UPLOAD_LIMIT_MB", "1")]).await;
    let mut tom = one.browser("tom").await;
    let mut bytes = PDF.to_vec();
    bytes.resize(3 * 1024 * 1024, b'x');
    let large =
        |bytes: &[u8]| Form::new().text("category", "contracts").part("file", Part::bytes(bytes.to_vec()).file_name("large.pdf"));
    upload(&mut tom, large(&bytes)).await.expect(413).shows("limit of 1 MB").shows("nothing was saved");
    let problem = send(&mut tom, "/legal/vault/upload", large(&bytes), "application/json").await.expect(413);
    assert_eq!(problem.code(), "too_large");
    until("the half-written blobs are gone", || blobs(&one).is_empty()).await;
    assert_eq!(documents(&one).await, 0);
    // The limit itself is taken.
    bytes.truncate(1024 * 1024);
    upload(&mut tom, large(&bytes)).await.expect(303);
    assert_eq!((documents(&one).await, blobs(&one).len()), (1, 1));
}

#[actix_web::test]
async fn an_upload_cut_off_anywhere_leaves_no_row_and_no_blob() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let address = one.url.trim_start_matches("http://").to_owned();
    let mut file = PDF.to_vec();
    file.resize(700_000, b'y');
    let boundary = "edge";
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"category\"\r\n\r\ncontracts\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n"
    );
    let mut body = head.into_bytes();
    body.extend(&file);
    body.extend(format!("\r\n--{boundary}--\r\n").bytes());
    let cuts: Vec<usize> =
        (0..12).map(|n| 1 + n * (body.len() - 10) / 12 + usize::from(one_legal::platform::random::bytes::<1>()[0])).collect();
    for cut in cuts.iter().map(|cut| (*cut).min(body.len() - 1)) {
        let mut socket = tokio::net::TcpStream::connect(&address).await.expect("connected");
        let request = format!(
            "POST /legal/vault/upload HTTP/1.1\r\nhost: {address}\r\ncookie: {}\r\norigin: {}\r\nsec-fetch-site: same-origin\r\ncontent-type: multipart/form-data; boundary={boundary}\r\ncontent-length: {}\r\n\r\n",
            tom.cookie_header(),
            one.url,
            body.len()
        );
        socket.write_all(request.as_bytes()).await.expect("sent");
        socket.write_all(&body[..cut]).await.expect("sent");
        socket.shutdown().await.expect("cut");
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(std::time::Duration::from_secs(5), socket.read_to_end(&mut answer)).await;
    }
    // A whole one, so that everything before it was dealt with.
    let form = Form::new().text("category", "contracts").text("audience", "staff").part("file", pdf("whole.pdf"));
    upload(&mut tom, form).await.expect(303);
    until("only the whole upload is left", || blobs(&one).len() == 1).await;
    assert_eq!(documents(&one).await, 1);
}

#[actix_web::test]
async fn a_refused_file_leaves_nothing_even_when_the_trouble_stands_at_its_end() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let mut late = vec![b'a'; 600_000];
    late.push(0);
    for (name, bytes) in [("late.txt", late), ("cut.docx", docx()[..100].to_vec()), ("disguise.docx", PDF.to_vec())] {
        let form = Form::new().text("category", "contracts").part("file", Part::bytes(bytes).file_name(name));
        upload(&mut tom, form).await.expect(422).shows("content is something else");
    }
    until("nothing is left", || blobs(&one).is_empty()).await;
    assert_eq!(documents(&one).await, 0);
    let form = Form::new().text("category", "contracts").part("file", Part::bytes(docx()).file_name("good.docx"));
    upload(&mut tom, form).await.expect(303);
}

#[actix_web::test]
async fn a_damaged_or_swapped_blob_is_never_shown() {
    let one = Installation::new().await;
    let (first, second) =
        (stored(&one, vec![Audience::Staff], &[b'a'; 200_000]).await, stored(&one, vec![Audience::Staff], &[b'b'; 200_000]).await);
    let paths = blobs(&one);
    let (a, b) = (std::fs::read(&paths[0]).expect("a"), std::fs::read(&paths[1]).expect("b"));
    let mut tom = one.browser("tom").await;
    std::fs::write(&paths[0], &b).expect("swapped");
    std::fs::write(&paths[1], &a).expect("swapped");
    for id in [first, second] {
        assert_eq!(tom.get_json(&format!("/api/v1/documents/{id}/content")).await.expect(503).code(), "document_damaged");
    }
    // Damage behind the first part: the answer breaks off and never becomes whole.
    let mut hurt = a.clone();
    let at = hurt.len() - 5;
    hurt[at] ^= 1;
    std::fs::write(&paths[0], &hurt).expect("hurt");
    std::fs::write(&paths[1], &b).expect("put back");
    let results = [
        tom.get_json(&format!("/api/v1/documents/{first}/content")).await,
        tom.get_json(&format!("/api/v1/documents/{second}/content")).await,
    ];
    assert_eq!(
        results.iter().filter(|answer| answer.status == 200 && answer.text.len() == 200_000).count(),
        1,
        "the other one is whole"
    );
    std::fs::remove_file(&paths[0]).expect("gone");
    let gone = [
        tom.get_json(&format!("/api/v1/documents/{first}/content")).await.status,
        tom.get_json(&format!("/api/v1/documents/{second}/content")).await.status,
    ];
    assert!(gone.contains(&503) && gone.contains(&200));
}

#[actix_web::test]
async fn without_its_line_in_the_audit_log_no_document_opens_and_none_is_added() {
    let one = Installation::new().await;
    let id = stored(&one, vec![Audience::Staff], PDF).await;
    let break_log = match one.platform.db.backend() {
        sea_orm::DbBackend::Postgres => "ALTER TABLE audit_entry ADD CONSTRAINT full_disk CHECK (false) NOT VALID",
        _ => "CREATE TRIGGER full_disk BEFORE INSERT ON audit_entry BEGIN SELECT RAISE(ABORT, 'disk is full'); END",
    };
    let mut tom = one.browser("tom").await;
    one.platform.db.whole().execute_unprepared(break_log).await.expect("the log is broken");
    let answer = tom.get_json(&format!("/api/v1/documents/{id}/content")).await;
    assert!(answer.status >= 500 && !answer.text.contains("%PDF"));
    let form = Form::new().text("category", "contracts").part("file", pdf("a.pdf"));
    assert!(send(&mut tom, "/legal/vault/upload", form, "application/json").await.status >= 500);
    assert_eq!(documents(&one).await, 1);
    until("the blob of the failed upload is gone", || blobs(&one).len() == 1).await;
}

#[actix_web::test]
async fn a_file_store_that_is_away_is_503_with_a_banner_and_heals() {
    let one = Installation::new().await;
    let id = stored(&one, vec![Audience::Staff], PDF).await;
    let (folder, away) = (one.platform.config.blob_folder(), one.data_dir.path().join("away"));
    std::fs::rename(&folder, &away).expect("taken away");
    std::fs::write(&folder, b"in its place").expect("a file in its place");
    let mut tom = one.browser("tom").await;
    assert_eq!(tom.get_json(&format!("/api/v1/documents/{id}/content")).await.expect(503).code(), "file_store_unavailable");
    let form = Form::new().text("category", "contracts").part("file", pdf("a.pdf"));
    upload(&mut tom, form).await.expect(503).shows("file store cannot be reached");
    tom.get("/legal/vault").await.expect(200).shows("Master Services Agreement").shows("The file store cannot be reached since");
    std::fs::remove_file(&folder).expect("gone");
    std::fs::rename(&away, &folder).expect("back");
    tom.get("/legal/vault").await.expect(200).hides("cannot be reached");
    tom.get(&format!("/legal/vault/{id}/download")).await.expect(200);
}

#[actix_web::test]
async fn the_sweep_takes_what_no_row_names_and_leaves_the_rest() {
    let one = Installation::new().await;
    let id = stored(&one, vec![Audience::Staff], PDF).await;
    let folder = one.platform.config.blob_folder().join(one.cast.harbor.to_string());
    let orphan = folder.join("01931c6e-0000-7000-8000-000000000000.olv1");
    std::fs::write(&orphan, b"left by a killed process").expect("written");
    std::fs::write(folder.join("01931c6e-0000-7000-8000-000000000001.olv1#1"), b"half").expect("written");
    assert_eq!(vault::sweep(&one.platform).await.expect("swept"), 0, "too young");
    // The files are of today by the machine's clock, whatever the test's clock says.
    one.platform.clock.advance(10 * 365 * entity::Moment::DAY);
    assert_eq!(vault::sweep(&one.platform).await.expect("swept"), 2);
    assert_eq!(blobs(&one).len(), 1);
    let tx = one.platform.read(Reach::Tenants(vec![one.cast.harbor])).await.expect("a view");
    assert_eq!(vault::read(&one.platform, &tx, id).await.expect("still there"), PDF);
}

#[actix_web::test]
async fn a_compressed_upload_is_refused_before_it_is_read() {
    let one = Installation::new().await;
    let mut tom = one.browser("tom").await;
    let request =
        tom.request(reqwest::Method::POST, "/legal/vault/upload").header("content-encoding", "gzip").body(vec![0_u8; 100]);
    tom.send(request).await.expect(415);
    tom.post("/legal/vault/upload", &[("category", "contracts")]).await.expect(415);
}
