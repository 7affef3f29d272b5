//! Whatever people write into a field, the page that shows it holds the same text and no element more (S71): asked of an HTML parser.

use std::collections::BTreeMap;

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use scraper::{Html, Node};

use crate::{
    support::{Answer, Browser, Installation},
    tickets,
};

/// How many elements of each kind, and the text of all of them with what stands in attributes that people read, without white space.
fn parsed(page: &Answer) -> (BTreeMap<String, usize>, String) {
    let html = Html::parse_document(&page.text);
    let (mut kinds, mut text) = (BTreeMap::new(), String::new());
    for node in html.tree.values() {
        match node {
            Node::Element(element) => {
                *kinds.entry(element.name().to_owned()).or_default() += 1;
                text.extend(element.attr("value").into_iter().chain(element.attr("title")));
            }
            Node::Text(words) => text.push_str(words),
            _ => {}
        }
    }
    text.retain(|c| !c.is_whitespace());
    (kinds, text)
}

/// Signs that mean something to HTML, scripts, styles, templates, addresses and Markdown.
const NASTY: [&str; 12] = [
    "<img src=x onerror=alert(1)>",
    "</title></script></textarea></style></select><b>x",
    "\"><svg/onload=alert(1)>",
    "' onfocus='alert(1)' x='",
    "&lt;script&gt; &amp; &#60;b&#62; &notit;",
    "{{ 7*7 }} {% raw %} ${7} `x`",
    "<!-- --> <![CDATA[ ]]> <?php ?>",
    "javascript:alert(1) //x \\u003cb\\u003e",
    "<a href=//evil.example>click</a>",
    "a\u{301}e\u{327} \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467} \u{5d0}\u{5d1} 漢字",
    "<base href=//evil.example/><form action=//evil.example>",
    "\u{ff1c}script\u{ff1e} \u{2028} <\u{0131}mg>",
];

/// Any Unicode that a line may hold: what is refused or contained (`platform::text`) has its own tests.
fn lines(many: usize) -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let allowed = |c: char| {
        !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
    };
    let sign = prop_oneof![any::<char>(), prop::char::range(' ', '~'), Just('<'), Just('"'), Just('&')]
        .prop_filter("a line's", move |c| allowed(*c));
    let line = prop::collection::vec(sign, 1..60).prop_map(|signs| format!("x{}x", signs.into_iter().collect::<String>()));
    (0..many).map(|_| line.new_tree(&mut runner).expect("a line").current()).collect()
}

/// There the words are cut to the length of a name.
const NO_PORTAL: &str = "a portal that is not there";

/// The pages on which what was written into these fields is read.
async fn write(
    one: &Installation,
    ben: &mut Browser,
    mira: &mut Browser,
    words: &str,
    number: usize,
) -> Vec<(&'static str, Answer)> {
    let mut pages = Vec::new();
    let key = format!("k-{number}");
    let fields =
        [("subject", words), ("description", words), ("category", "hardware"), ("priority", "normal"), ("key", key.as_str())];
    let ticket = tickets::send(ben, "/portal/tickets/new", &fields).await.expect(303).location().to_owned();
    pages.push(("a ticket for its client", ben.get(&ticket).await.expect(200)));
    pages.push(("a ticket at the desk", mira.get(&ticket.replace("/portal/", "/legal/")).await.expect(200)));
    let client = mira.post("/admin/clients/new", &[("name", words), ("legal_name", words)]).await.expect(303).location().to_owned();
    pages.push(("a client", mira.get(&client).await.expect(200)));
    let fields =
        [("title", words), ("summary", words), ("body", "One line."), ("category", "hardware"), ("tags", "one"), ("preview", "1")];
    pages.push(("an article's preview", mira.post("/admin/knowledge/new", &fields).await.expect(200)));
    ben.post("/portal/profile/name", &[("name", words)]).await.expect(303);
    pages.push(("one's own name", ben.get("/portal/settings").await.expect(200)));
    // What is typed wrong comes back in its field.
    let wrong = [("name", words), ("email", "none"), ("role", "member")];
    pages.push(("a form shown again", mira.post("/admin/staff", &wrong).await.expect(422)));
    let query: String = url::form_urlencoded::byte_serialize(words.as_bytes()).collect();
    pages.push((NO_PORTAL, one.stranger().get(&format!("/portal/login?tenant={query}")).await.expect(404)));
    pages
}

#[actix_web::test]
async fn any_text_in_any_field_is_that_text_on_the_page_and_no_element() {
    let one = Installation::new().await;
    let (mut ben, mut mira) = (one.browser("ben").await, one.browser("mira").await);
    let plain = write(&one, &mut ben, &mut mira, "Plain words", 0).await;
    let plain: Vec<_> = plain.iter().map(|(place, page)| (*place, parsed(page).0)).collect();
    let texts = NASTY.into_iter().map(str::to_owned).chain(lines(24));
    for (number, words) in texts.enumerate() {
        let pages = write(&one, &mut ben, &mut mira, &words, number + 1).await;
        for ((place, page), (_, kinds)) in pages.iter().zip(&plain) {
            let (found, text) = parsed(page);
            assert_eq!(&found, kinds, "{place} with {words:?} has other elements");
            let same: String = words.chars().filter(|c| !c.is_whitespace()).collect();
            assert!(*place == NO_PORTAL || text.contains(&same), "{place} shows another text than {words:?}");
        }
    }
}
