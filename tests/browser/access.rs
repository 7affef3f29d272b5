//! Every page of the product before axe-core (WCAG 2.2 A and AA), by day and by night, in a tenant's harshest colour; and what a
//! first visit weighs.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use crate::{chrome::Chrome, person::Person, product::Product};

/// axe-core, by npm, at the version of the lock file.
fn axe() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/axe");
    let script: PathBuf = folder.join("node_modules/axe-core/axe.min.js");
    if !script.exists() {
        let installed = Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder).output();
        let installed = installed.expect("npm is needed: ./check installs it");
        assert!(installed.status.success(), "npm ci: {}", String::from_utf8_lossy(&installed.stderr));
    }
    std::fs::read_to_string(script).expect("axe-core")
}

const RUN: &str = "const done=arguments[0];(async()=>{\
    const tags=['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa'];\
    const options={resultTypes:['violations'],elementRef:false};\
    const still=document.createElement('style');still.nonce=document.querySelector('style')?.nonce;still.textContent='*{transition:none!important;animation:none!important}';document.head.append(still);\
    document.querySelectorAll('[data-toast]').forEach(e=>e.remove());\
    const day=await axe.run(document,{...options,runOnly:{type:'tag',values:tags}});\
    document.documentElement.dataset.bsTheme='dark';\
    const night=await axe.run(document,{...options,runOnly:{type:'rule',values:['color-contrast','link-in-text-block']}});\
    document.documentElement.dataset.bsTheme='light';\
    const list=(when,run)=>run.violations.flatMap(v=>v.nodes.slice(0,4).map(n=>`${when} ${v.id}: ${n.target.join(' ')} — ${n.failureSummary.split('\\n').slice(1).join(' ').trim()} — ${n.html.slice(0,160)}`));\
    done([...list('day',day),...list('night',night)]);\
    })().catch(e=>done(['axe failed: '+e]));";

/// The links of a page that lead to pages of ours.
const LINKS: &str = "return [...document.querySelectorAll('a[href]')].filter(a=>a.origin===location.origin&&!a.hasAttribute('download'))\
    .map(a=>a.pathname+a.search);";

/// One page of each kind: ids are all alike, and so are queries but for the tab they open.
fn kind(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let part = |part: &str| if part.len() >= 32 { "{id}".to_owned() } else { part.to_owned() };
    let tab = query.split('&').find(|pair| pair.starts_with("tab=") || pair.starts_with("way=")).unwrap_or("");
    format!("{}?{tab}", path.split('/').map(part).collect::<Vec<_>>().join("/"))
}

/// What is a file, a way out, or outside the product.
fn is_page(address: &str) -> bool {
    let path = address.split('?').next().unwrap_or_default();
    !["/download", "/export", ".pdf", ".csv", "/logout", "/dev/", "/static/", "/look/", "/raw", "/zip", "/certificate", "/file"]
        .iter()
        .any(|part| path.contains(part))
}

type Found = BTreeMap<String, BTreeSet<String>>;

/// Opens what this person can open from these addresses on, one page of each kind, and lets axe look at each.
async fn looks_at_all(chrome: &Chrome, person: &Person, axe: &str, from: &[&str], seen: &mut BTreeSet<String>) -> Found {
    let mut found = Found::new();
    // Chromium puts it into every page from now on.
    chrome.tool(&person.driver, "Page.addScriptToEvaluateOnNewDocument", json!({ "source": axe })).await;
    let mut waiting: VecDeque<String> = from.iter().map(|address| (*address).to_owned()).collect();
    while let Some(address) = waiting.pop_front() {
        if !is_page(&address) || !seen.insert(kind(&address)) {
            continue;
        }
        person.open(&address).await;
        let html = "return document.contentType==='text/html'&&!!document.querySelector('main');";
        if !person.driver.execute(html, vec![]).await.is_ok_and(|answer| answer.json().as_bool() == Some(true)) {
            continue;
        }
        let run = person.driver.execute_async(RUN, vec![]).await.expect("axe ran");
        for words in run.json().as_array().into_iter().flatten().filter_map(Value::as_str) {
            found.entry(words.to_owned()).or_default().insert(format!("{} {}", person.name, kind(&address)));
        }
        let links = person.driver.execute(LINKS, vec![]).await.expect("the links");
        waiting.extend(links.json().as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned));
    }
    found
}

struct Cast {
    product: Product,
    people: Value,
}

impl Cast {
    async fn start() -> Self {
        let product = Product::start("demo").await;
        let people = product.people();
        Self { product, people }
    }

    async fn comes_in(&self, chrome: &Chrome, name: &str) -> Person {
        let person = Person::new(name, chrome.browser().await, &self.product.url);
        let all = self.people["people"].as_array().expect("people");
        let row = all.iter().find(|row| row["name"].as_str().is_some_and(|full| full.starts_with(name))).expect("of the cast");
        let word = |field: &str| row[field].as_str().unwrap_or_default();
        if row["portal"] == true {
            person.signs_in_at_the_portal(word("tenant"), word("email"), word("password")).await;
            person.is_at("/portal/").await;
        } else {
            let (_, code) = self.product.run(&["demo", "--totp", word("email")]);
            person.signs_in(word("email"), word("password"), code.trim()).await;
            person.until("a page behind the door", || async { !person.path().await.starts_with("/login") }).await;
        }
        person
    }
}

/// Harbor's portal in the colour that no letter can be read on.
async fn dresses_in_yellow(mira: &Person) {
    mira.open("/admin/branding").await;
    let paint = "for(const [n,v] of [['primary_color','#ffff00'],['accent_color','#ffff00']])document.getElementById(n).value=v;\
        document.querySelector('[data-look-form] [value=save]').click();";
    mira.driver.execute(paint, vec![]).await.expect("typed");
    mira.sees("Clients see it from now on").await;
}

fn report(found: Found) {
    let words: Vec<String> = found
        .into_iter()
        .map(|(what, pages)| format!("{what}\n    on {}", pages.into_iter().collect::<Vec<_>>().join(", ")))
        .collect();
    assert!(words.is_empty(), "{} violations:\n{}", words.len(), words.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_holds_wcag_2_2_aa_by_day_and_night_in_the_harshest_colour() {
    let cast = Cast::start().await;
    let chrome = Chrome::start().await;
    let axe = axe();
    let mira = cast.comes_in(&chrome, "Mira").await;
    dresses_in_yellow(&mira).await;
    let doors = [
        "/login",
        "/forgot",
        "/portal/login?tenant=harbor",
        "/portal/forgot?tenant=harbor",
        "/portal/login?tenant=nobody",
        "/portal/register?invite=dead",
        "/portal/reset?token=dead",
        "/api/auth/client-hub-sso?token=dead",
        "/nothing-here",
    ];
    let stranger = Person::new("A stranger", chrome.browser().await, &cast.product.url);
    let cleo = cast.comes_in(&chrome, "Cleo").await;
    let (ada, dora, olga, joy) = (
        cast.comes_in(&chrome, "Ada").await,
        cast.comes_in(&chrome, "Dora").await,
        cast.comes_in(&chrome, "Olga").await,
        cast.comes_in(&chrome, "Joy").await,
    );
    // The firm's pages, the portal's and the operator's at once; what two people share is looked at once.
    let firm = async {
        let mut seen = BTreeSet::new();
        let mut found = looks_at_all(&chrome, &mira, &axe, &["/legal/dashboard", "/admin"], &mut seen).await;
        found.extend(looks_at_all(&chrome, &ada, &axe, &["/legal/dashboard", "/legal/profile"], &mut seen).await);
        (found, seen.len())
    };
    let portal = async {
        let mut seen = BTreeSet::new();
        let mut found = looks_at_all(&chrome, &stranger, &axe, &doors, &mut seen).await;
        found.extend(looks_at_all(&chrome, &cleo, &axe, &["/portal/dashboard", "/portal/documents"], &mut seen).await);
        found.extend(looks_at_all(&chrome, &dora, &axe, &["/portal/team", "/portal/dashboard"], &mut seen).await);
        seen.remove("/portal/dashboard?");
        found.extend(looks_at_all(&chrome, &joy, &axe, &["/portal/dashboard"], &mut seen).await);
        found.extend(looks_at_all(&chrome, &olga, &axe, &["/operator"], &mut seen).await);
        (found, seen.len())
    };
    let ((mut found, pages), (more, others)) = tokio::join!(firm, portal);
    found.extend(more);
    println!("axe-core looked at {} kinds of pages, by day and by night", pages + others);
    assert!(pages + others > 80, "only {} kinds of pages were found", pages + others);
    for person in [mira, stranger, cleo, ada, dora, olga, joy] {
        person.leaves().await;
    }
    report(found);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_visit_weighs_little_and_asks_no_other_host() {
    let cast = Cast::start().await;
    let chrome = Chrome::start().await;
    let weigh = "return [...performance.getEntriesByType('navigation'),...performance.getEntriesByType('resource')].map(e=>[e.name,e.transferSize]);";
    for (who, page) in [("Cleo", "/portal/login?tenant=harbor"), ("Cleo", "/portal/dashboard"), ("Mira", "/legal/dashboard")] {
        let person = match page {
            "/portal/login?tenant=harbor" => Person::new(who, chrome.browser().await, &cast.product.url),
            _ => cast.comes_in(&chrome, who).await,
        };
        chrome.tool(&person.driver, "Network.enable", json!({})).await;
        chrome.tool(&person.driver, "Network.clearBrowserCache", json!({})).await;
        person.open(page).await;
        let parts = person.driver.execute(weigh, vec![]).await.expect("the parts").json().as_array().expect("a list").clone();
        let mut sum = 0;
        for part in &parts {
            let (name, size) = (part[0].as_str().unwrap_or_default(), part[1].as_u64().unwrap_or(0));
            assert!(name.starts_with(&cast.product.url) || name.starts_with("data:"), "{page} asks {name}");
            sum += size;
        }
        println!("{page}: {} kB in {} parts", sum / 1_000, parts.len());
        assert!(sum > 10_000 && sum <= 150_000, "{page} weighs {sum} bytes: {parts:?}");
        // Who comes back loads the page and nothing else of ours again.
        person.open(page).await;
        let again = person.driver.execute(weigh, vec![]).await.expect("the parts").json().as_array().expect("a list").clone();
        let loaded: Vec<&Value> =
            again.iter().filter(|part| part[0].as_str().is_some_and(|name| name.contains("/static/")) && part[1] != 0).collect();
        assert!(loaded.is_empty() && again.len() > 4, "{page} loads again: {loaded:?}");
        person.leaves().await;
    }
}
