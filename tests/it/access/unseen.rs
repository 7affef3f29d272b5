//! What clients must not see they see nowhere: pages and what these lead to, programs' addresses, exports and files, searches, help,
//! the live door, bell and mail (S35). The words looked for are in `canaries.rs`.

use std::collections::{BTreeSet, VecDeque};

use futures_util::StreamExt;
use reqwest::Method;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use super::{
    canaries::{CLIENTS, Canary, Planted},
    matrix::is_open,
};
use crate::{
    app::crawl::{ends, route_table},
    knowledge::standin::{Provider, Wire},
    messaging::socket::Socket,
    programs::{lists::EVERYTHING, program::Program},
    signing::certificate,
    support::{Browser, Installation, World},
};

/// More than any client of the story can open; a crawl that comes here goes round in circles.
const TOO_MANY: usize = 900;

/// What one reader came across.
struct Reader<'a> {
    who: &'a str,
    canaries: Vec<&'a Canary>,
    /// Words that they are shown and have not come across yet.
    missing: BTreeSet<&'a str>,
    opened: usize,
    leaks: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    fn of(who: &'a str, planted: &'a Planted<'_>) -> Self {
        let canaries = planted.canaries.iter().filter(|canary| canary.kept_from.contains(&who)).collect();
        let missing = planted.shown.iter().filter(|shown| shown.to.contains(&who)).map(|shown| shown.word.as_str()).collect();
        Self { who, canaries, missing, opened: 0, leaks: BTreeSet::new() }
    }

    fn reads(&mut self, place: &str, text: &str) {
        for canary in self.canaries.iter().filter(|canary| text.contains(&canary.word)) {
            let at = text.find(&canary.word).unwrap_or_default();
            let around: String = text[text.floor_char_boundary(at.saturating_sub(80))..].chars().take(160).collect();
            self.leaks.insert(format!("{} reads `{}` at {place}: {around}", self.who, canary.word));
        }
        self.missing.retain(|word| !text.contains(word));
    }

    /// Opens it; answers where its links lead.
    async fn opens(&mut self, browser: &Browser, path: &str) -> Vec<String> {
        let accept = if path.starts_with("/api/") { "application/json" } else { "text/html" };
        let answer = browser.request(Method::GET, path).header("accept", accept).send().await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let bytes = answer.bytes().await.expect("a body");
        self.opened += 1;
        assert!(status < 500, "{} at {path}: {status}", self.who);
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        if bytes.starts_with(b"%PDF-1.7\n%") && status == 200 {
            text.push_str(&certificate::words(&bytes));
        }
        for (name, value) in &headers {
            self.reads(&format!("{path} ({name})"), &String::from_utf8_lossy(value.as_bytes()));
        }
        self.reads(path, &text);
        let is_page = headers.get("content-type").is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        if is_page && status == 200 { links(&text) } else { Vec::new() }
    }
}

/// Where the links of a page lead in this installation, each once.
fn links(page: &str) -> Vec<String> {
    let parts = page.split("href=\"").skip(1).filter_map(|rest| rest.split(['"', '#']).next());
    let mut found: Vec<String> = parts.map(|link| link.replace("&amp;", "&").replace("&#38;", "&")).collect();
    found.retain(|link| link.starts_with('/') && !link.starts_with("//") && !link.starts_with("/static"));
    found.sort();
    found.dedup();
    found
}

/// Every address of the route table, with what the story and the canaries lie in put into it; lists that this person has are
/// searched as well.
async fn addresses(who: &str, world: &World, planted: &Planted<'_>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (method, pattern) in route_table().await {
        if method != "GET" || !ends(&pattern) || pattern.starts_with("/static") {
            continue;
        }
        found.insert(world.address(&pattern).0);
        if !pattern.contains('{') {
            if is_open(&method, &pattern, who) {
                found.insert(format!("{pattern}?q=canary"));
            }
            continue;
        }
        for (part, id) in &planted.things {
            if let Some((before, after)) = pattern.split_once(&format!("{part}{{")) {
                let rest = after.split_once('}').map_or("", |(_, rest)| rest);
                if !rest.contains('{') {
                    found.insert(format!("{before}{part}{id}{rest}"));
                }
            }
        }
    }
    let conversations = planted.things.iter().filter(|(part, _)| *part == "/conversations/");
    found.extend(conversations.map(|(_, id)| format!("/api/v1/conversations/{id}/search?q=canary")));
    found
}

/// Opens every address, and whatever the pages that open lead to.
async fn walk(reader: &mut Reader<'_>, browser: &Browser, addresses: &BTreeSet<String>) {
    let mut known = addresses.clone();
    let mut next: VecDeque<String> = addresses.iter().cloned().collect();
    while let Some(path) = next.pop_front() {
        for link in reader.opens(browser, &path).await {
            if known.insert(link.clone()) {
                next.push_back(link);
            }
        }
        assert!(known.len() < TOO_MANY, "{} goes round in circles: {:?}", reader.who, known.iter().rev().take(40));
    }
}

/// Each word looked for by itself, in other letters than it has: what comes back in the words of the search is not a find.
async fn search(reader: &mut Reader<'_>, browser: &Browser) {
    let words: Vec<String> = reader
        .canaries
        .iter()
        .map(|canary| canary.word.clone())
        .filter(|word| !word.contains(' ') && word.to_uppercase() != *word)
        .collect();
    for word in words {
        let asked = word.to_uppercase().replace('@', "%40").replace('&', "%26");
        for list in ["/portal/help", "/portal/tickets", "/portal/documents", "/portal/files"] {
            reader.opens(browser, &format!("{list}?q={asked}")).await;
        }
    }
}

/// Everything that came over the socket until now, and what it answers to each of these conversations.
async fn hear(reader: &mut Reader<'_>, socket: &mut Socket, conversations: &BTreeSet<String>) {
    for id in conversations {
        socket.say(&json!({ "type": "subscribe", "conversation": id, "after": 0 })).await;
    }
    socket.say(&json!({ "type": "ping", "t": 1 })).await;
    loop {
        match socket.ws.next().await.expect("the socket is open").expect("a frame") {
            Message::Text(text) => {
                reader.reads("the socket", &text);
                if text.contains("\"pong\"") {
                    return;
                }
            }
            Message::Close(reason) => panic!("closed: {reason:?}"),
            _ => {}
        }
    }
}

/// A program of the MSP's with every right to read: it is promised no note, no title or word of a matter, no text of an agreement
/// and nothing of what hours were for.
async fn by_key(one: &Installation, planted: &Planted<'_>, addresses: &BTreeSet<String>) -> BTreeSet<String> {
    let rights: Vec<&str> = EVERYTHING.iter().copied().filter(|right| right.ends_with(":read")).collect();
    let mut program = Program::of(one, "mira", &rights).await;
    let mut reader = Reader::of("a program", planted);
    let is_promised =
        |word: &str| ["note-", "remark-", "value-", "matter-"].iter().any(|part| word.starts_with(part)) || word.contains("hours");
    reader.canaries = planted.canaries.iter().filter(|canary| is_promised(&canary.word)).collect();
    let mut read = 0;
    for path in addresses.iter().filter(|path| path.starts_with("/api/v1/")) {
        let answer = program.get(path).await;
        read += usize::from(answer.status == 200);
        reader.reads(path, &answer.text);
    }
    assert!(read > 15, "only {read} addresses are open to a program");
    reader.leaks
}

#[actix_web::test]
async fn no_client_sees_notes_drafts_or_what_is_of_the_firm_or_of_others_anywhere() {
    let provider = Provider::start(Wire::Messages);
    let one = Installation::with(&provider.settings()).await;
    let world = World::create(&one).await;
    one.run_jobs().await;
    let mut sockets = Vec::new();
    for key in CLIENTS {
        let browser = one.browser(key).await;
        let mut socket = Socket::of(&one, &browser).await;
        // Cleo listens to what is hers while the rest is written elsewhere.
        if key == "cleo" {
            socket.subscribe(world.story.conversation, Some(0)).await;
        }
        sockets.push((key, browser, socket));
    }
    let planted = Planted::everywhere(&one, &world).await;
    // What waited until there was enough of it to tell is told.
    one.platform.clock.advance(11 * 60_000);
    one.run_jobs().await;

    let conversations: BTreeSet<String> = planted
        .things
        .iter()
        .filter(|(part, _)| *part == "/conversations/")
        .map(|(_, id)| id.clone())
        .chain([world.story.conversation.to_string(), world.story.pine_conversation.to_string()])
        .collect();
    provider.says("Look at [1] and [2].");
    let mut leaks = BTreeSet::new();
    for (key, mut browser, mut socket) in sockets {
        let mut reader = Reader::of(key, &planted);
        hear(&mut reader, &mut socket, &conversations).await;
        walk(&mut reader, &browser, &addresses(key, &world, &planted).await).await;
        // Of the access levels she has the widest.
        if key == "dora" {
            search(&mut reader, &browser).await;
        }
        let answer = browser.post("/portal/help/answer", &[("q", "canary article news note")]).await;
        reader.reads("the help's answer", &answer.text);
        for asked in provider.asked() {
            reader.reads("what the model is given", &asked.to_string());
        }
        for letter in one.letters_to(&one.cast.person(key).email) {
            reader.reads(&format!("the mail “{}”", letter.subject), &format!("{letter:?}"));
        }
        println!("{key}: {} addresses, {} canaries", reader.opened, reader.canaries.len());
        assert!(reader.missing.is_empty(), "{key} did not come across {:?}: nor would they across a canary", reader.missing);
        leaks.extend(reader.leaks);
    }
    leaks.extend(by_key(&one, &planted, &addresses("mira", &world, &planted).await).await);
    assert!(leaks.is_empty(), "{} leaks:\n{}", leaks.len(), leaks.into_iter().collect::<Vec<_>>().join("\n"));
    // Each word is where those who ought to see it do.
    let mut unseen = Vec::new();
    for key in planted.canaries.iter().map(|canary| canary.keeper).collect::<BTreeSet<_>>() {
        let mut browser = one.browser(key).await;
        for canary in planted.canaries.iter().filter(|canary| canary.keeper == key) {
            if !browser.get(&canary.address).await.text.contains(&canary.word) {
                unseen.push(format!("{key} does not see `{}` at {}", canary.word, canary.address));
            }
        }
    }
    assert!(unseen.is_empty(), "these prove nothing:\n{}", unseen.join("\n"));
}
