//! What Harbor IT told its clients: one to all, one to Acme alone, one that is to come, one that nobody shall see yet.

use entity::{
    Moment,
    ids::{AnnouncementId, CompanyId},
};

use super::stage::Stage;
use crate::{
    announcements::{self, ReadableAnnouncement, SaveAnnouncement, When},
    platform::Result,
    tenancy::caller::{PortalClient, TenantAdmin},
};

/// Acme's own, and the one that is to come.
pub async fn fill(stage: &Stage<'_>) -> Result<(AnnouncementId, AnnouncementId)> {
    write(stage, "Our new opening hours", HOURS, None, When::Now).await?;
    stage.days(1).await?;
    let acme = write(stage, "Your move to the Premier tier", PREMIER, Some(vec![stage.cast.acme]), When::Now).await?;
    stage.minutes(70).await?;
    read(stage, "cleo", acme).await?;
    let at = stage.platform.clock.now().plus(12 * Moment::DAY);
    let to_come = write(stage, "Planned work on the mail system", MAIL, None, When::At(at)).await?;
    write(stage, "A word on this year's phishing wave", "", None, When::Draft).await?;
    Ok((acme, to_come))
}

async fn read(stage: &Stage<'_>, key: &str, id: AnnouncementId) -> Result<()> {
    let mut work = stage.work(key).await?;
    let client = PortalClient::of(stage.caller(key))?;
    let who = ReadableAnnouncement::of(work.read(), client, id).await?;
    announcements::mark_read(&mut work, &who).await?;
    work.commit().await
}

async fn write(
    stage: &Stage<'_>,
    title: &str,
    body: &str,
    companies: Option<Vec<CompanyId>>,
    when: When,
) -> Result<AnnouncementId> {
    let who = TenantAdmin::of(stage.caller("mira"))?;
    let input = SaveAnnouncement { title: title.to_owned(), body: body.to_owned(), companies, by_mail: when == When::Now, when };
    let mut work = stage.work("mira").await?;
    let row = announcements::save(&mut work, &who, None, &input).await?;
    work.commit().await?;
    Ok(row.id)
}

const HOURS: &str =
    "From the first of next month our service desk answers **from 7 in the morning to 7 in the evening**, Monday to Friday.

- Outside these hours: the emergency line, as before.
- Tickets are taken at any time, here in the portal.

Thank you to everybody who answered our survey.";

const PREMIER: &str = "Your agreement of the Premier tier is signed by all. What changes for you:

1. Critical tickets are answered **within an hour**, around the clock.
2. Tom Okafor visits you on the first Tuesday of each month.
3. Each new computer comes with a spare of the same kind.

You find the signed copy under [Documents](/portal/documents?tab=signed).";

const MAIL: &str = "On Saturday from 10 in the evening to 2 in the morning we move your mailboxes to new machines.

You can read and write as usual; what comes in during that time may arrive up to an hour late. **You need not do anything.**";
