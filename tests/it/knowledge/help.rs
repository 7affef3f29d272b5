//! A client wants a person: the desk sees who waits, one comes, and what came of it is written down.

use super::{address, write};
use crate::support::{Browser, Installation};

async fn ask(client: &mut Browser, question: &str) -> String {
    client.post("/portal/help", &[("q", question), ("key", question)]).await.expect(303).location().to_owned()
}

#[actix_web::test]
async fn from_a_question_to_a_person_and_an_article_that_solved_it() {
    let one = Installation::new().await;
    let mut mira = one.browser("mira").await;
    write(&mut mira, "The scanner does not send", "Look at the address book.", &[]).await.expect(303);
    let mut cleo = one.browser("cleo").await;
    let talk = ask(&mut cleo, "Our scanner stopped sending").await;
    assert_eq!(ask(&mut cleo, "Our scanner stopped sending").await, talk, "twice is once");
    cleo.get(&talk)
        .await
        .expect(200)
        .shows("Harbor IT was told")
        .shows("Our scanner stopped sending")
        .shows("The scanner does not send");
    // The desk hears of it by bell and mail, and sees it in its menu, its list and what it has to do.
    one.run_jobs().await;
    assert!(one.mails().iter().any(|mail| mail.contains("tom@harbor.example") && mail.contains("Cleo Vance of Acme Dental")));
    let mut tom = one.browser("tom").await;
    tom.get("/legal/dashboard").await.expect(200).shows("Talk with Cleo Vance: Our scanner");
    let list = tom.get("/legal/help").await.expect(200).shows("Our scanner").shows("Waiting").shows("Acme Dental");
    let desk = address(&list, "/legal/help/0");
    assert_eq!(desk.replace("/legal/", "/portal/"), talk);
    let page = tom.get(&desk).await.expect(200);
    page.shows("What was asked").shows("The scanner does not send").shows("Take it").hides("data-conversation");
    tom.post(&format!("{desk}/claim"), &[]).await.expect(303);
    cleo.get("/portal/notifications").await.expect(200).shows("Tom Okafor is with you now");
    tom.get(&desk).await.expect(200).shows("data-conversation").shows("Our scanner stopped sending");
    // Mira comes too late to take it; she may join.
    mira.post(&format!("{desk}/claim"), &[]).await.expect(409).shows("Tom Okafor has taken it already");
    mira.get(&desk).await.expect(200).hides("data-conversation").shows("Only those who take part");
    mira.post(&format!("{desk}/close"), &[("resolution", "answered")]).await.expect(403);
    mira.post(&format!("{desk}/join"), &[]).await.expect(303);
    mira.get(&desk).await.expect(200).shows("data-conversation");
    // They talk in the one messaging.
    let conversation = address(&tom.get(&desk).await, "/conversations/");
    let form = reqwest::multipart::Form::new().text("body", "Which of the two is it?").text("back", desk.clone());
    let request =
        tom.request(reqwest::Method::POST, &format!("{}/messages", conversation.trim_end_matches("/messages"))).multipart(form);
    tom.send(request).await.expect(303);
    cleo.get(&talk).await.expect(200).shows("Which of the two is it?");
    cleo.get("/portal/messages").await.expect(200).shows("With the service desk").shows("1 new");
    tom.post(&format!("{desk}/close"), &[("resolution", "kb_article")])
        .await
        .expect(422)
        .shows("Choose the article that solved it");
    let article = address(&mira.get("/admin/knowledge").await, "/admin/knowledge/0").replace("/admin/knowledge/", "");
    tom.post(&format!("{desk}/close"), &[("resolution", "kb_article"), ("article", &article)]).await.expect(303);
    let page = tom.get(&desk).await.expect(200);
    page.shows("An article solved it").shows("How it ended").shows("The scanner does not send");
    cleo.get(&talk).await.expect(200).shows("Closed: an article solved it").shows("Which of the two is it?");
    tom.post(&format!("{desk}/close"), &[("resolution", "answered")]).await.expect(409);
    tom.get("/legal/help?status=waiting").await.expect(200).shows("None of that status");
}

#[actix_web::test]
async fn who_asked_may_close_it_and_then_nobody_is_called() {
    let one = Installation::new().await;
    let mut gus = one.browser("gus").await;
    let talk = ask(&mut gus, "A question").await;
    gus.get("/portal/help").await.expect(200).shows("Go on with it");
    gus.post(&format!("{talk}/close"), &[]).await.expect(303);
    let mut tom = one.browser("tom").await;
    tom.get("/legal/dashboard").await.expect(200).hides("Talk with Gus");
    tom.post(&format!("{}/claim", talk.replace("/portal/", "/legal/")), &[]).await.expect(409).shows("not needed any more");
    gus.post("/portal/help", &[("q", " ")]).await.expect(422).shows("Write first what you would like to know");
}

#[actix_web::test]
async fn nobody_else_sees_it_and_viewers_only_that_somebody_waits() {
    let one = Installation::new().await;
    let mut cleo = one.browser("cleo").await;
    let talk = ask(&mut cleo, "CANARY-question").await;
    let desk = talk.replace("/portal/", "/legal/");
    // Colleagues of the same company, too: what one asks is one's own.
    for key in ["ben", "dora", "gus", "finn", "joy", "tom", "ada"] {
        one.browser(key).await.get(&talk).await.expect(404).hides("CANARY");
    }
    for key in ["eve", "ada", "sam", "cleo", "olga", "joy"] {
        let mut browser = one.browser(key).await;
        browser.get(&desk).await.expect(404).hides("CANARY");
        browser.post(&format!("{desk}/claim"), &[]).await.expect(404);
    }
    one.browser("eve").await.get("/legal/help").await.expect(200).hides("CANARY");
    let mut vik = one.browser("vik").await;
    vik.get(&desk).await.expect(200).hides("Take it");
    vik.post(&format!("{desk}/claim"), &[]).await.expect(403);
    vik.post(&format!("{desk}/join"), &[]).await.expect(403);
    vik.get("/legal/dashboard").await.expect(200).hides("Talk with Cleo");
}

#[actix_web::test]
async fn the_button_is_on_every_page_of_a_client_and_of_nobody_else() {
    let one = Installation::new().await;
    let mut cleo = one.browser("cleo").await;
    for page in ["/portal/dashboard", "/portal/tickets", "/portal/profile", "/portal/announcements"] {
        cleo.get(page).await.expect(200).shows("data-help-button");
    }
    one.browser("joy").await.get("/portal/profile").await.expect(200).hides("data-help-button");
    one.browser("mira").await.get("/legal/dashboard").await.expect(200).hides("data-help-button");
}
