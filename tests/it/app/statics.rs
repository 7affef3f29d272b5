//! Files are named by their version, so that a browser asks for each once.

use std::{collections::BTreeSet, path::Path};

use crate::support::Installation;

/// The addresses of our files in a page, without what stands after `#`.
fn named(text: &str) -> BTreeSet<String> {
    let parts = text.split(['"', '(', ')', ' ', '`']).filter(|part| part.starts_with("/static/"));
    parts.filter_map(|part| part.split('#').next()).map(str::to_owned).collect()
}

#[actix_web::test]
async fn every_file_of_a_page_is_of_one_version_and_is_kept_for_ever() {
    let one = Installation::new().await;
    let mut files = named(&one.stranger().get("/portal/login?tenant=harbor").await.expect(200).text);
    for (key, pages) in [("cleo", ["/portal/dashboard", "/portal/documents"]), ("mira", ["/legal/dashboard", "/admin/branding"])] {
        let mut browser = one.browser(key).await;
        for page in pages {
            files.extend(named(&browser.get(page).await.expect(200).text));
        }
    }
    assert!(files.len() > 6, "{files:?}");
    let versions: BTreeSet<&str> = files.iter().filter_map(|file| file.split('/').nth(2)).collect();
    assert_eq!(versions.len(), 1, "{files:?}");
    let version = (*versions.first().expect("one")).to_owned();
    let mut browser = one.stranger();
    for file in &files {
        let answer = browser.get(file).await.expect(200);
        assert_eq!(answer.headers["cache-control"], "public, max-age=31536000, immutable", "{file}");
        // A file names others beside it, so they are of the same version.
        assert!(file.contains("/vendor/") || !answer.text.contains("/static/"), "{file} names others by a whole address");
    }
    // Another version, before or after this one: the same files, and nothing is kept.
    let other = "0123456789abcdef";
    let answer = browser.get(&format!("/static/{other}/app.css")).await.expect(200);
    assert_eq!(answer.headers["cache-control"], "no-cache");
    assert_eq!(browser.get("/static/app.css").await.expect(200).headers["cache-control"], "public, max-age=600");
    for nothing in [format!("/static/{version}/nothing.css"), format!("/static/{version}/{version}/app.css")] {
        browser.get(&nothing).await.expect(404);
    }
    assert_eq!(browser.get("/favicon.ico").await.expect(302).location(), format!("/static/{version}/favicon.svg"));
}

/// An address without its version would be kept for ten minutes after the next one is there.
#[test]
fn no_page_script_or_sheet_writes_such_an_address_by_hand() {
    fn look(folder: &Path, found: &mut Vec<String>) {
        for path in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if path.is_dir() {
                look(&path, found);
            } else if path.extension().is_some_and(|end| ["html", "js", "css"].iter().any(|ours| end == *ours))
                && std::fs::read_to_string(&path).expect("a text").contains("/static/")
            {
                found.push(path.display().to_string());
            }
        }
    }
    let mut found = Vec::new();
    for folder in ["templates", "static"] {
        look(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut found);
    }
    assert!(found.is_empty(), "{found:?}");
}
