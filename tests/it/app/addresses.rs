//! Whose address counts (S74), and that `?tenant=` never changes whose data a session sees (S78).

use std::collections::BTreeSet;

use entity::{audit::entry, wall::Unwalled};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use crate::support::Installation;

/// The address the audit log keeps of a denied request with these headers.
async fn noted(one: &Installation, headers: &[(&str, &str)]) -> String {
    let mut tom = one.browser("tom").await;
    let mut request = tom.request(reqwest::Method::GET, "/admin/audit").header("accept", "text/html");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let id = tom.send(request).await.expect(403).headers["x-request-id"].to_str().expect("text").to_owned();
    let tx = one.tx().await;
    let line = entry::Entity::rows().filter(entry::Column::RequestId.eq(id)).order_by_desc(entry::Column::Seq).one(&tx).await;
    line.expect("the database answers").expect("a line").ip.expect("an address")
}

#[actix_web::test]
async fn a_strangers_forwarded_header_is_not_believed() {
    let one = Installation::new().await;
    for headers in [
        &[("x-forwarded-for", "203.0.113.9")][..],
        &[("x-real-ip", "203.0.113.9")],
        &[("forwarded", "for=203.0.113.9")],
        &[("x-forwarded-for", "203.0.113.9"), ("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "https")],
    ] {
        assert_eq!(noted(&one, headers).await, "127.0.0.1", "{headers:?}");
    }
}

#[actix_web::test]
async fn behind_the_trusted_proxy_the_last_foreign_hop_counts() {
    let one = Installation::with(&[("TRUSTED_PROXIES", "127.0.0.1,10.0.0.2")]).await;
    for (header, expected) in [
        ("203.0.113.9", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9, 10.0.0.2, 127.0.0.1", "203.0.113.9"),
        ("nonsense", "127.0.0.1"),
        ("", "127.0.0.1"),
        ("10.0.0.2", "127.0.0.1"),
        ("2001:db8::7", "2001:db8::7"),
        // As gateways write it that name the port.
        ("1.1.1.1, 203.0.113.9:4431", "203.0.113.9"),
        ("1.1.1.1, [2001:db8::7]:4431, 10.0.0.2", "2001:db8::7"),
        // Behind what cannot be read everything may be invented.
        ("1.1.1.1, who knows", "127.0.0.1"),
        ("1.1.1.1, who knows, 10.0.0.2", "127.0.0.1"),
    ] {
        assert_eq!(noted(&one, &[("x-forwarded-for", header)]).await, expected, "{header}");
    }
    // As proxies do that add a line of their own.
    let lines = [("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "203.0.113.9, 10.0.0.2")];
    assert_eq!(noted(&one, &lines).await, "203.0.113.9");
}

#[actix_web::test]
async fn a_forwarded_host_makes_no_origin_ours() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    let url = format!("{}/legal/notifications", one.url);
    let request = reqwest::Client::new()
        .post(&url)
        .header("cookie", mira.cookie_header())
        .header("origin", "https://evil.example")
        .header("x-forwarded-host", "evil.example")
        .header("x-forwarded-proto", "https")
        .form(&[("id", "")]);
    mira.send(request).await.expect(403);
}

#[actix_web::test]
async fn naming_another_tenant_changes_nothing_that_a_session_sees() {
    let one = Installation::new().await;
    let addresses = [
        "/legal/dashboard",
        "/legal/policies",
        "/legal/compliance",
        "/legal/matters",
        "/legal/vault",
        "/legal/retainers",
        "/legal/notifications",
        "/admin/audit",
        "/api/v1/notifications",
        "/portal/dashboard",
        "/portal/documents",
        "/portal/messages",
        "/operator/audit",
    ];
    let pine = one.cast.pine.to_string();
    for key in ["mira", "tom", "ada", "cleo", "dora", "olga"] {
        let mut browser = one.browser(key).await;
        for address in addresses {
            let plain = browser.get(address).await;
            for query in
                ["tenant=pine".to_owned(), format!("tenant={pine}"), format!("tenant_id={pine}"), "tenant=nobody".to_owned()]
            {
                let named = browser.get(&format!("{address}?{query}")).await;
                assert_eq!(named.status, plain.status, "{key} {address}?{query}");
                assert_eq!(words(&named.text), words(&plain.text), "{key} {address}?{query}");
            }
        }
    }
}

#[actix_web::test]
async fn a_tenants_name_before_the_portals_host_names_its_portal() {
    let one = Installation::with(&[("PORTAL_HOST", "portal.example.com"), ("LEGAL_HOST", "legal.portal.example.com")]).await;
    let ask = async |host: &str, path: &str| {
        let mut stranger = one.stranger();
        let request = stranger.request(reqwest::Method::GET, path).header("accept", "text/html").header("host", host);
        stranger.send(request).await
    };
    for path in ["/portal/login", "/portal/link", "/portal/forgot"] {
        ask("harbor.portal.example.com", path).await.expect(200).shows("Harbor IT Client Portal");
        ask("PINE.portal.example.com:8443", path).await.expect(200).shows("Pine MSP");
        ask("nobody.portal.example.com", path).await.expect(404).shows("nobody");
        ask("legal.portal.example.com", path).await.expect(200).hides("Harbor IT Client Portal");
        ask("harborportal.example.com", path).await.expect(200).hides("Harbor IT Client Portal");
    }
    // What the address names wins over the host.
    ask("harbor.portal.example.com", "/portal/login?tenant=pine").await.expect(200).shows("Pine MSP");
    assert_eq!(ask("harbor.portal.example.com", "/").await.expect(303).location(), "/portal/login");
    assert_eq!(ask("portal.example.com", "/").await.expect(303).location(), "/portal/login");
    assert_eq!(ask("legal.portal.example.com", "/").await.expect(303).location(), "/login");
}

/// The words a page shows, as a set: nonces and request ids are none.
fn words(page: &str) -> BTreeSet<String> {
    let html = scraper::Html::parse_document(page);
    let main = scraper::Selector::parse("main, .sidebar, title").expect("a selector");
    let is_request_id = |word: &&str| word.len() == 32 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let words = html.select(&main).flat_map(|part| part.text()).flat_map(str::split_whitespace);
    words.filter(|word| !is_request_id(word)).map(str::to_owned).collect()
}
