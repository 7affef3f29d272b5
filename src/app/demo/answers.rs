//! What Harbor IT has written down for its clients, who found it of help, and two who asked for a person.

use entity::{
    ids::{ArticleId, HelpId},
    knowledge::Resolution,
    tickets::TicketCategory,
};

use super::stage::Stage;
use crate::{
    knowledge::{self, AskPerson, Closing, HelpWorker, ReadableArticle, SaveArticle},
    messaging::{self, Participant},
    platform::{Result, random},
    tenancy::caller::{PortalClient, TenantAdmin},
};

/// The printer's article, and Cleo's conversation with Tom, which goes on.
pub async fn fill(stage: &Stage<'_>) -> Result<(ArticleId, HelpId)> {
    let printer = write(stage, &PRINTER).await?;
    for article in [&PASSWORD, &MAIL_PHONE, &PHISHING, &WIFI, &SHARED, &HOME] {
        write(stage, article).await?;
    }
    stage.minutes(30).await?;
    for (key, helpful) in [("cleo", true), ("dora", true), ("gus", false)] {
        rate(stage, key, printer, helpful).await?;
    }
    stage.minutes(40).await?;
    let first = ask(stage, "dora", "How do I get our old mails onto my new phone?").await?;
    stage.minutes(3).await?;
    talk(stage, first, "Hello Dora. The last section of “Your mail on a phone” has it; does that work for you?").await?;
    stage.minutes(9).await?;
    let mail =
        knowledge::answer(&stage.platform.read(stage.caller("mira").reach()).await?, stage.cast.harbor, "mail phone").await?;
    let article = mail.found.first().map(|found| found.id);
    let mut work = stage.work("tom").await?;
    let who = HelpWorker::of(work.read(), stage.caller("tom"), first).await?;
    knowledge::close(&mut work, &who, &Closing { resolution: Resolution::KbArticle, article }).await?;
    work.commit().await?;
    stage.minutes(50).await?;
    let second = ask(stage, "cleo", "Can you see why our scanner stopped sending to e-mail since Monday?").await?;
    stage.minutes(2).await?;
    talk(stage, second, "Hi Cleo, I am looking at it. Which of the two scanners is it, the one at the front desk?").await?;
    stage.minutes(20).await?;
    ask(stage, "gus", "Is it planned to give dispatch a second line? The storm took us down twice this month.").await?;
    Ok((printer, second))
}

async fn ask(stage: &Stage<'_>, key: &str, question: &str) -> Result<HelpId> {
    let client = PortalClient::of(stage.caller(key))?;
    let input = AskPerson { question: question.to_owned(), key: random::token() };
    knowledge::ask(stage.platform, stage.actor(key), &client, &input).await
}

/// Tom comes and writes.
async fn talk(stage: &Stage<'_>, id: HelpId, words: &str) -> Result<()> {
    let mut work = stage.work("tom").await?;
    let who = HelpWorker::of(work.read(), stage.caller("tom"), id).await?;
    knowledge::claim(&mut work, &who).await?;
    work.commit().await?;
    let tom = Participant::of(stage.platform, &stage.caller("tom"), who.row.conversation_id).await?;
    messaging::post(stage.platform, &tom, words, &[]).await?;
    Ok(())
}

async fn rate(stage: &Stage<'_>, key: &str, id: ArticleId, helpful: bool) -> Result<()> {
    let mut work = stage.work(key).await?;
    let who = ReadableArticle::of(work.read(), PortalClient::of(stage.caller(key))?, id).await?;
    knowledge::see(&mut work, &who).await?;
    knowledge::rate(&mut work, &who, helpful).await?;
    work.commit().await
}

struct Article {
    title: &'static str,
    summary: &'static str,
    category: TicketCategory,
    tags: &'static [&'static str],
    body: &'static str,
    published: bool,
}

async fn write(stage: &Stage<'_>, article: &Article) -> Result<ArticleId> {
    let who = TenantAdmin::of(stage.caller("mira"))?;
    let input = SaveArticle {
        title: article.title.to_owned(),
        summary: article.summary.to_owned(),
        body: article.body.to_owned(),
        category: article.category,
        tags: article.tags.iter().map(|tag| (*tag).to_owned()).collect(),
        published: article.published,
    };
    let mut work = stage.work("mira").await?;
    let row = knowledge::save_article(&mut work, &who, None, &input).await?;
    work.commit().await?;
    Ok(row.id)
}

const PRINTER: Article = Article {
    title: "The printer does not print",
    summary: "Four things to try before you open a ticket; they solve nine cases of ten.",
    category: TicketCategory::Hardware,
    tags: &["toner", "paper jam", "offline", "queue"],
    published: true,
    body: "## Look at the printer first

1. **Is there a message on its display?** Paper jam, empty tray and open doors stand there. Take the paper out in the direction of travel and close every door until it clicks.
2. **Is it on the network?** The small light beside the cable blinks. If it is dark, pull the cable and push it in again.

## Then at your computer

1. Open *Settings → Printers* and look whether it says **Offline**. Switch *Use printer offline* off.
2. Open the queue, cancel what hangs there, and print one page again.

## Still nothing?

Turn the printer off, wait **half a minute**, and turn it on. If that does not help, open a ticket and tell us the text on the display word for word.",
};

const PASSWORD: Article = Article {
    title: "Change or reset your password",
    summary: "How to choose a new password, and what to do when you have forgotten it.",
    category: TicketCategory::Access,
    tags: &["login", "sign in", "locked out", "forgotten", "expired"],
    published: true,
    body: "## You know your old one

Press **Ctrl + Alt + Delete**, choose *Change a password*, type the old one once and the new one twice. It holds for your computer and your mail at once; your phone asks for it the next time it fetches mail.

## You have forgotten it, or are locked out

Choose *Forgot my password* below the sign-in field and follow the code on your phone. After five wrong tries your account is locked for fifteen minutes: waiting is enough.

## What makes a good one

Four words that have nothing to do with each other are better than one word with signs in it. Never use the same for two places.",
};

const MAIL_PHONE: Article = Article {
    title: "Your mail on a phone",
    summary: "Set up your company mail, calendar and contacts on an iPhone or an Android phone.",
    category: TicketCategory::Email,
    tags: &["outlook", "iphone", "android", "calendar", "mobile"],
    published: true,
    body: "## What you need

Your e-mail address, your password and the phone on which you confirm sign-ins. Five minutes.

## Steps

1. Install **Outlook** from the App Store or from Google Play. Other mail programs are blocked, so that a lost phone can be emptied.
2. Open it, type your e-mail address, and sign in on the page that comes.
3. Confirm on the phone that asks you. Allow notifications, or new mail comes without a sound.

## A new phone

Install Outlook on the new one first. Your old mails come by themselves within an hour; nothing has to be copied.",
};

const PHISHING: Article = Article {
    title: "A mail looks suspicious",
    summary: "How to recognise phishing, where to report it, and what to do if you have clicked already.",
    category: TicketCategory::Security,
    tags: &["phishing", "scam", "virus", "attachment", "link", "fraud"],
    published: true,
    body: "## Signs

- It presses you: *today*, *last warning*, *your account will be closed*.
- The sender's name is known to you, the address behind it is not.
- It asks for a password, a code or a gift card.

## What to do

Do **not** answer and do not click. Choose *Report → Phishing* in Outlook; we look at it and take it out of everybody's mailbox.

## You have clicked, or typed your password

Change your password at once and **call us**, at any hour. Nobody is blamed for telling; minutes count.",
};

const WIFI: Article = Article {
    title: "The internet is slow or gone",
    summary: "Find out whether it is your computer, the Wi-Fi or the line.",
    category: TicketCategory::Network,
    tags: &["wifi", "wlan", "connection", "vpn", "router"],
    published: true,
    body: "1. **Do others have it as well?** If nobody has internet, it is the line: call us, we see it from here.
2. **Only you?** Switch Wi-Fi off and on. Choose the network with your company's name, not the one for guests.
3. **Only one program?** Close it and open it again; look whether VPN says *connected*.
4. **In one room only?** Tell us which. An access point may need a restart.

When you open a ticket, name the room, the time since when, and how many of you it is.",
};

const SHARED: Article = Article {
    title: "Get back a file you deleted or changed",
    summary: "Earlier versions of files on the shared drive and in OneDrive, up to 90 days back.",
    category: TicketCategory::Software,
    tags: &["restore", "backup", "undelete", "recover", "onedrive", "share"],
    published: true,
    body: "## On the shared drive

Right-click the folder, choose *Restore previous versions*, pick the day, open it, and copy the file out. There is a version of each working day of the last 90.

## In OneDrive

Open OneDrive in the browser and look in the **Recycle bin** on the left. A file that was changed has its *Version history* behind the three dots.

## Older than that

Open a ticket with the name of the file and the month in which you last saw it. We look in the backup; that takes about half a day.",
};

const HOME: Article = Article {
    title: "Working from home: the first day",
    summary: "Not finished: screens, telephone, and which papers may leave the office.",
    category: TicketCategory::Request,
    tags: &["remote", "home office"],
    published: false,
    body: "To be written with Acme's office manager.",
};
