//! The whole path, as the people named: an installation set up from nothing, a policy from template to sealed document, a matter
//! from opening to hours. Real Chromium, the real binary, every mail taken from the outbox.

use std::{io::Write as _, path::PathBuf, sync::Mutex};

use crate::{
    authenticator::Authenticator,
    chrome::Chrome,
    person::Person,
    product::{Product, mails},
};

const PASSWORD: &str = "quiet harbour lanterns at dawn";

/// Everybody's browser, and the product they meet in.
struct Firm {
    product: Product,
    chrome: Chrome,
    /// TOTP secrets (as text and as bytes), recovery codes and session tokens: what the database must not show.
    secrets: Mutex<Vec<Vec<u8>>>,
}

impl Firm {
    async fn browser(&self, name: &str) -> Person {
        Person::new(name, self.chrome.browser().await, &self.product.url)
    }

    /// Waits for the mail to this address that holds `part`, and answers the first link of ours in it.
    async fn link_in_mail(&self, to: &str, part: &str) -> String {
        let outbox = self.product.data().join("outbox");
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
        loop {
            let link = mails(&outbox).into_iter().rev().filter(|mail| mail.contains(to)).find_map(|mail| {
                let start = mail.find(&format!("{}{part}", self.product.url))?;
                mail[start..].split([' ', '\r', '\n', '"', '<', '>']).next().map(str::to_owned)
            });
            if let Some(link) = link {
                return link;
            }
            assert!(std::time::Instant::now() < deadline, "no mail to {to} with {part}");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    /// Takes an invitation to the firm's side: password, authenticator app, recovery codes.
    async fn joins(&self, name: &str, link: &str) -> (Person, Authenticator) {
        let person = self.browser(name).await;
        person.open(link).await;
        person.sees("Choose a password").await;
        person.fill("name", name).await;
        person.fill("password", PASSWORD).await;
        person.press("Accept and continue").await;
        person.sees("The One Legal").await;
        person.press("Cannot scan").await;
        let secret = person.element("#secret").await.text().await.expect("the key as text").replace(' ', "");
        let mut app = Authenticator::new(&secret);
        person.fill("code", &app.code().await).await;
        person.press("Confirm").await;
        person.sees("Keep these recovery codes").await;
        let codes = person.words_of(".recovery-codes li").await;
        assert_eq!(codes.len(), 10, "{codes:?}");
        self.keeps_private(codes.iter().map(|code| code.as_bytes().to_vec()));
        self.keeps_private([base32(&secret), secret.into_bytes()]);
        person.press("I have kept them").await;
        (person, app)
    }

    fn keeps_private(&self, secrets: impl IntoIterator<Item = Vec<u8>>) {
        self.secrets.lock().expect("one test writes here").extend(secrets);
    }

    /// Takes an invitation to the portal.
    async fn comes_in(&self, name: &str, email: &str) -> Person {
        let link = self.link_in_mail(email, "/portal/register?invite").await;
        let person = self.browser(name).await;
        person.open(&link).await;
        person.sees("Welcome to").await;
        person.fill("name", name).await;
        person.fill("password", PASSWORD).await;
        person.press("Accept and sign in").await;
        person.until("a page behind the door", || async { !person.path().await.starts_with("/portal/register") }).await;
        person
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_path_from_an_empty_installation_to_a_sealed_policy_and_a_matter() {
    let firm = Firm { product: Product::start("serve").await, chrome: Chrome::start().await, secrets: Mutex::default() };

    // 1. Olga sets the installation up; Ada takes her invitation from the mail.
    let (status, printed) = firm.product.run(&["operator", "create", "--email", "olga@one.example"]);
    assert_eq!(status, 0, "{printed}");
    let start = printed.find(&firm.product.url).expect("the set-up link is printed");
    let link = printed[start..].split_whitespace().next().expect("a link").to_owned();
    let (olga, _) = firm.joins("Olga Petrova", &link).await;
    olga.is_at("/operator").await;
    olga.open("/operator/attorneys").await;
    olga.fill("name", "Ada Whitfield").await;
    olga.fill("email", "ada@whitfield.example").await;
    olga.press("Send the invitation").await;
    olga.sees("ada@whitfield.example").await;
    for (slug, name, owner, email) in [
        ("harbor", "Harbor IT", "Mira Castellan", "mira@harbor.example"),
        ("pine", "Pine MSP", "Eve Lindqvist", "eve@pine.example"),
    ] {
        olga.open("/operator/tenants/new").await;
        olga.fill("name", name).await;
        olga.fill("slug", slug).await;
        olga.fill("primary_color", "#0e7490").await;
        olga.press("Make the tenant").await;
        olga.sees("Invite as owner").await;
        olga.fill("name", owner).await;
        olga.fill("email", email).await;
        olga.press("Invite as owner").await;
        olga.sees(email).await;
        if slug == "harbor" {
            olga.fill("account", "Ada Whitfield").await;
            olga.fill("role", "primary").await;
            olga.press("Engage").await;
            olga.sees("Primary attorney").await;
        }
    }
    let (ada, mut adas_app) = firm.joins("Ada Whitfield", &firm.link_in_mail("ada@whitfield.example", "/invite/").await).await;
    ada.is_at("/legal/dashboard").await;
    ada_is_locked_out_elsewhere_but_not_at_home(&firm, &ada, &mut adas_app).await;

    // 2. Mira sets her MSP up and walks the wizard; closing the browser in the middle loses nothing.
    let (mira, mut miras_app) = firm.joins("Mira Castellan", &firm.link_in_mail("mira@harbor.example", "/invite/").await).await;
    mira.is_at("/legal/dashboard").await;
    mira_adds_her_people(&mira).await;
    let (mira, policy) = mira_drafts_the_msa(&firm, mira, &mut miras_app).await;
    let (tom, _) = firm.joins("Tom Okafor", &firm.link_in_mail("tom@harbor.example", "/invite/").await).await;

    // 3. Ada comments on a paragraph and sends it back; Mira answers and sends it again; Ada approves.
    review(&ada, &mira, &policy).await;

    // 4. Cleo and Dora come in by mail and sign; Ben, who was not asked, cannot see it.
    let cleo = firm.comes_in("Cleo Vance", "cleo@acmedental.example").await;
    let dora = firm.comes_in("Dora Kim", "dora@acmedental.example").await;
    let ben = firm.comes_in("Ben Marsh", "ben@acmedental.example").await;
    ben.open("/portal/documents").await;
    ben.sees("No documents awaiting your signature").await;
    ben.sees_not("Master Services Agreement").await;
    ben.open(&format!("/portal/documents/{policy}/sign")).await;
    ben.sees("Not found").await;
    mira.open("/legal/compliance").await;
    mira.sees("0 %").await;
    for (person, title) in [(&cleo, "Office Manager"), (&dora, "Managing Partner")] {
        signs(person, &policy, title).await;
    }

    // 6. The score moved in the same transaction, and opens to the reason.
    mira.open("/legal/compliance").await;
    mira.sees("100 %").await;
    mira.press("Acme Dental").await;
    mira.sees("Dora Kim").await;

    // 5. Final approval; the sealed document opens for those it concerns and for nobody else.
    mira.open(&format!("/legal/policies/{policy}")).await;
    mira.press("Final approval").await;
    mira.press_css("details[open] .confirm-panel button[type=submit]").await;
    mira.sees("Published").await;
    let document = sealed_document(&firm, &mira, &ada, &tom, &cleo, &dora, &policy).await;
    let (eve, _) = firm.joins("Eve Lindqvist", &firm.link_in_mail("eve@pine.example", "/invite/").await).await;
    for address in
        [format!("/legal/policies/{policy}"), format!("/legal/vault/{document}"), format!("/legal/vault/{document}/download")]
    {
        eve.open(&address).await;
        eve.sees("Not found").await;
    }

    // 7. and 8. A matter about a disputed invoice, three people in three browsers, a server killed while they write, and hours.
    let mut firm = firm;
    let matter = a_matter(&mut firm, &tom, &ada, &cleo).await;
    a_retainer(&ada, &mira, &matter).await;

    // 9. Each was told once; the log shows who did all this and verifies.
    mira.open("/legal/notifications").await;
    mira.sees("signed “Master Services Agreement”").await;
    mira.open("/admin/audit").await;
    mira.sees("policy.published").await;
    mira.press("Verify the chain").await;
    mira.sees("nothing was changed").await;
    for person in [&olga, &ada, &mira, &tom, &cleo, &dora, &ben, &eve] {
        let tokens = person.cookies().await;
        assert!(!tokens.is_empty(), "{} is signed in", person.name);
        firm.keeps_private(tokens.into_iter().map(String::into_bytes));
    }
    nothing_stands_in_the_clear(&firm);
    the_log_breaks_when_edited(&firm).await;
    for person in [olga, ada, mira, tom, cleo, dora, ben, eve] {
        person.leaves().await;
    }
}

async fn ada_is_locked_out_elsewhere_but_not_at_home(firm: &Firm, ada: &Person, app: &mut Authenticator) {
    let stranger = firm.browser("A stranger").await;
    for _ in 0..3 {
        stranger.open("/login").await;
        stranger.fill("email", "Ada@Whitfield.example").await;
        stranger.fill("password", "not her password at all").await;
        stranger.press("Continue").await;
        stranger.sees("Sign in").await;
    }
    stranger.sees("15 minutes").await;
    stranger.leaves().await;
    // At home the device is known.
    ada.open("/legal/matters").await;
    ada.press_css(".top-person").await;
    ada.press("Sign out").await;
    ada.signs_in("ada@whitfield.example", PASSWORD, &app.code().await).await;
    ada.is_at("/legal/dashboard").await;
}

async fn mira_adds_her_people(mira: &Person) {
    mira.open("/admin/staff").await;
    mira.fill("name", "Tom Okafor").await;
    mira.fill("email", "tom@harbor.example").await;
    mira.fill("form[action='/admin/staff'] [name='role']", "member").await;
    mira.press("Send the invitation").await;
    mira.sees("tom@harbor.example").await;
    mira.open("/admin/clients/new").await;
    mira.fill("name", "Acme Dental").await;
    mira.fill("legal_name", "Acme Dental LLC").await;
    mira.press("Add the client").await;
    mira.sees("Invite to the portal now").await;
    for (name, email, title, access) in [
        ("Ben Marsh", "ben@acmedental.example", "Hygienist", "own"),
        ("Cleo Vance", "cleo@acmedental.example", "Office Manager", "company"),
        ("Dora Kim", "dora@acmedental.example", "Managing Partner", "company_admin"),
    ] {
        mira.fill("name", name).await;
        mira.fill("email", email).await;
        mira.fill("title", title).await;
        mira.fill("access", access).await;
        mira.press_css("form[action$='/contacts'] button[type=submit]").await;
        mira.sees(email).await;
    }
}

/// The wizard's four pages, with the browser closed after the second.
async fn mira_drafts_the_msa(firm: &Firm, mira: Person, app: &mut Authenticator) -> (Person, String) {
    mira.open("/legal/policies/new").await;
    mira.fill("company", "Acme Dental").await;
    mira.fill("template", "Master Services Agreement").await;
    mira.press("Next: details").await;
    mira.sees("Preview").await;
    let policy = mira.path().await.split('/').nth(3).expect("/legal/policies/ID/wizard/2").to_owned();
    mira.element("[name='v.client_name'], [name='client_name']").await;
    mira.press("Save and leave").await;
    mira.sees("Draft").await;
    mira.leaves().await;
    let mira = firm.browser("Mira Castellan").await;
    mira.signs_in("mira@harbor.example", PASSWORD, &app.code().await).await;
    mira.is_at("/legal/dashboard").await;
    mira.open(&format!("/legal/policies/{policy}/wizard/2")).await;
    // Missing required values hold the page and are named; what was typed stays.
    mira.press("Next: acknowledgement").await;
    mira.element(".is-invalid").await;
    assert!(mira.fills_what_is_missing().await > 0, "the MSA has required values without a default");
    mira.press("Next: acknowledgement").await;
    mira.is_at(&format!("/legal/policies/{policy}/wizard/3")).await;
    mira.tick("input[name=acknowledgement][value=required]").await;
    mira.tick("input[name=signers][value=specific]").await;
    mira.chooses_contact("Cleo Vance").await;
    mira.chooses_contact("Dora Kim").await;
    mira.press("Next: review").await;
    mira.press("Send to the attorney").await;
    mira.sees("Attorney review").await;
    (mira, policy)
}

async fn review(ada: &Person, mira: &Person, policy: &str) {
    ada.open("/legal/policies").await;
    ada.sees("Master Services Agreement").await;
    ada.open(&format!("/legal/policies/{policy}?tab=review")).await;
    ada.press("Comment on this paragraph").await;
    ada.fill("words", "Please name the services by their tier here.").await;
    ada.press_css(".comment-box button.btn-primary").await;
    ada.sees("Please name the services").await;
    ada.press("Send back to the MSP").await;
    ada.sees("Draft").await;
    mira.open(&format!("/legal/policies/{policy}?tab=review")).await;
    mira.sees("Please name the services").await;
    mira.press("Answer").await;
    mira.fill("words", "Named by tier now.").await;
    mira.press_css(".comment-box button.btn-primary").await;
    mira.sees("Named by tier now.").await;
    mira.open(&format!("/legal/policies/{policy}/wizard/4")).await;
    mira.press("Send to the attorney").await;
    mira.sees("Attorney review").await;
    ada.open(&format!("/legal/policies/{policy}")).await;
    ada.press("Approve").await;
    ada.sees("approved").await;
    mira.open(&format!("/legal/policies/{policy}")).await;
    mira.press("Send to the client").await;
    mira.press_css("details[open] .confirm-panel button[type=submit]").await;
    mira.sees("With the client").await;
}

/// Needs Your Signature → read to the end → name, title, consent → signed.
async fn signs(person: &Person, policy: &str, title: &str) {
    person.open("/portal/documents").await;
    person.sees("Master Services Agreement").await;
    person.press("Review & Sign").await;
    person.is_at(&format!("/portal/documents/{policy}/sign")).await;
    person.sees("Definitions").await;
    let brand = "return getComputedStyle(document.documentElement).getPropertyValue('--brand').trim();";
    let brand = person.driver.execute(brand, vec![]).await.expect("a colour");
    assert_eq!(brand.json().as_str(), Some("#0e7490"), "the page is in Harbor IT's colours");
    person.reads_to_the_end().await;
    person.press("Continue").await;
    person.fill("typed_name", &person.name.clone()).await;
    person.fill("title", title).await;
    person.tick("[name=consent]").await;
    person.press("Sign Document").await;
    person.sees("You have signed this document").await;
    person.screenshot("signed").await;
}

/// The sealed PDF opens for Mira, Ada, Cleo and Dora; Tom finds it in the vault.
async fn sealed_document(
    firm: &Firm,
    mira: &Person,
    ada: &Person,
    tom: &Person,
    cleo: &Person,
    dora: &Person,
    policy: &str,
) -> String {
    mira.open(&format!("/legal/policies/{policy}?tab=signatures")).await;
    let link = mira.element("a[href*='/legal/vault/']").await;
    let href = link.attr("href").await.ok().flatten().expect("an address");
    let document = href.split("/legal/vault/").nth(1).and_then(|rest| rest.split(['/', '?']).next()).expect("an id").to_owned();
    for person in [mira, ada, tom] {
        let (status, head) = person.fetch(&format!("/legal/vault/{document}/download")).await;
        assert_eq!((status, head.as_str()), (200, "%PDF"), "{} opens the sealed document", person.name);
    }
    tom.open("/legal/vault?q=Master").await;
    tom.sees("Master Services Agreement").await;
    for person in [cleo, dora] {
        let (status, head) = person.fetch(&format!("/portal/files/{document}/download")).await;
        assert_eq!((status, head.as_str()), (200, "%PDF"), "{} opens the sealed document", person.name);
    }
    let _ = firm;
    document
}

fn two_real_files(folder: &std::path::Path) -> Vec<PathBuf> {
    let pdf = folder.join("invoice-1042.pdf");
    std::fs::write(&pdf, PDF).expect("a PDF");
    let docx = folder.join("complaint.docx");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&docx).expect("a file"));
    for (name, text) in DOCX {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("an entry");
        zip.write_all(text.as_bytes()).expect("its bytes");
    }
    zip.finish().expect("a DOCX");
    vec![pdf, docx]
}

async fn a_matter(firm: &mut Firm, tom: &Person, ada: &Person, cleo: &Person) -> String {
    tom.open("/legal/matters/new").await;
    tom.fill("title", "Disputed invoice 1042").await;
    tom.tick("input[name=type][value=contract_dispute]").await;
    tom.fill("company", "Acme Dental").await;
    tom.tick("input[name=urgency][value=high]").await;
    tom.fill("description", "Acme disputes the after-hours line of invoice 1042.").await;
    tom.attach("files", &two_real_files(firm.product.folder.path())).await;
    tom.press("Open the matter").await;
    tom.sees("Disputed invoice 1042").await;
    let path = tom.path().await;
    let matter = path.split('/').nth(3).and_then(|rest| rest.split('?').next()).expect("/legal/matters/ID").to_owned();
    tom.open(&format!("/legal/matters/{matter}/documents")).await;
    tom.sees("invoice-1042").await;
    tom.sees("complaint").await;
    ada.open("/legal/matters").await;
    ada.press("Disputed invoice 1042").await;
    ada.press("Claim this matter").await;
    ada.sees("In progress").await;
    ada.open(&format!("/legal/matters/{matter}/people")).await;
    ada.fill("account", "Cleo Vance").await;
    ada.press("Put on the matter").await;
    ada.sees("Cleo Vance").await;
    for person in [tom, ada] {
        person.open(&format!("/legal/matters/{matter}")).await;
    }
    cleo.open(&format!("/portal/messages/{matter}")).await;
    let everybody = [tom, ada, cleo];
    for person in everybody {
        person.element(".composer textarea").await;
    }
    let mut said = Vec::new();
    for round in 0..4 {
        if round == 2 {
            // Killed while they write: what was typed meanwhile arrives once it is back.
            firm.product.kill();
            for person in everybody {
                let words = format!("{} while the server was away", person.name);
                person.says(&words).await;
                said.push(words);
            }
            firm.product.spawn().await;
            for person in everybody {
                for words in &said {
                    person.sees(words).await;
                }
            }
        }
        for person in everybody {
            let words = format!("{} in round {round}", person.name);
            person.says(&words).await;
            for other in everybody {
                other.sees(&words).await;
            }
            said.push(words);
        }
    }
    let order = tom.said().await;
    for words in &said {
        assert_eq!(order.iter().filter(|line| line.contains(words)).count(), 1, "`{words}` once in {order:?}");
    }
    assert_eq!(ada.said().await, order, "the same order for Ada");
    assert_eq!(cleo.said().await, order, "the same order for Cleo");
    matter
}

async fn a_retainer(ada: &Person, mira: &Person, matter: &str) {
    ada.open("/legal/retainers/new").await;
    ada.fill("fee", "1500").await;
    ada.fill("included", "5").await;
    ada.fill("rate", "250").await;
    ada.press("Offer it now").await;
    ada.sees("Offered").await;
    mira.open("/legal/retainers").await;
    mira.press("Ada Whitfield").await;
    mira.press("Accept Retainer").await;
    mira.sees("Active").await;
    ada.open(&format!("/legal/matters/{matter}/hours")).await;
    ada.fill("time", "1.5").await;
    ada.fill("description", "Read the invoice and the contract; advised on the after-hours rate.").await;
    ada.press("Log").await;
    ada.sees("1.5").await;
    for person in [ada, mira] {
        person.open("/legal/retainers").await;
        person.sees("1.5").await;
    }
}

/// Neither the database, its WAL nor the blobs hold what is private.
fn nothing_stands_in_the_clear(firm: &Firm) {
    let data = firm.product.data();
    let mut files = vec![data.join("one-legal.db"), data.join("one-legal.db-wal")];
    let mut folders = vec![data.join("blobs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the blobs").filter_map(Result::ok) {
            if entry.path().is_dir() { folders.push(entry.path()) } else { files.push(entry.path()) }
        }
    }
    assert!(files.len() > 4, "there is something to look through");
    let mut secrets = firm.secrets.lock().expect("one test writes here").clone();
    let words = [
        "in round 0",
        "while the server was away",
        "disputes the after-hours line",
        "Please name the services by their tier",
        "Read the invoice and the contract",
        "canary-in-the-invoice",
        "canary-in-the-complaint",
        PASSWORD,
    ];
    secrets.extend(words.iter().map(|word| word.as_bytes().to_vec()));
    for file in files {
        let Ok(bytes) = std::fs::read(&file) else { continue };
        for secret in &secrets {
            let found = memchr::memmem::find(&bytes, secret).is_some();
            assert!(!found, "`{}` stands in the clear in {}", String::from_utf8_lossy(secret), file.display());
        }
    }
}

/// The bytes behind a base32 text (RFC 4648, without padding): a TOTP secret as it is used.
fn base32(text: &str) -> Vec<u8> {
    let mut bits = 0_u64;
    let mut held = 0;
    let mut bytes = Vec::new();
    for letter in text.bytes() {
        let value = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|known| *known == letter).expect("base32");
        bits = bits << 5 | value as u64;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}

/// `audit verify` holds, and names the row that was edited by hand.
async fn the_log_breaks_when_edited(firm: &Firm) {
    let (status, words) = firm.product.run(&["audit", "verify"]);
    assert_eq!(status, 0, "{words}");
    let url = format!("sqlite://{}", firm.product.data().join("one-legal.db").display());
    let database = sea_orm::Database::connect(url).await.expect("the database");
    use sea_orm::ConnectionTrait;
    for sql in ["DROP TRIGGER audit_entry_no_update", "UPDATE audit_entry SET actor = 'Nobody' WHERE action = 'policy.published'"] {
        database.execute_unprepared(sql).await.expect("edited by hand");
    }
    database.close().await.expect("closed");
    let (status, words) = firm.product.run(&["audit", "verify"]);
    assert_eq!(status, 1, "{words}");
    assert!(words.contains("the row was changed"), "{words}");
}

const PDF: &str = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n\
4 0 obj<</Length 64>>stream\nBT /F1 12 Tf 20 100 Td (canary-in-the-invoice 1042) Tj ET\nendstream endobj\n\
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";

const DOCX: &[(&str, &str)] = &[
    (
        "[Content_Types].xml",
        r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#,
    ),
    (
        "word/document.xml",
        r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>canary-in-the-complaint</w:t></w:r></w:p></w:body></w:document>"#,
    ),
];
