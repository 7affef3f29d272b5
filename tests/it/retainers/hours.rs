//! Hours and the meter, which both sides read the same.

use super::desk::{meter, running};
use crate::{matters::desk as matters, support::Installation};

#[actix_web::test]
async fn an_hour_and_a_half_on_a_matter_moves_both_meters() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut ada = one.browser("ada").await;
    let mut mira = one.browser("mira").await;
    let mut tom = one.browser("tom").await;
    let matter = matters::open(&one, &mut tom, &[]).await;
    ada.post(&format!("{matter}/claim"), &[]).await.expect(303);
    let hours = [("time", "1.5"), ("worked_on", "2026-03-02"), ("description", "Read the contract, wrote to Acme")];
    ada.post(&format!("{matter}/hours"), &hours).await.expect(303);
    for browser in [&mut ada, &mut mira] {
        let read = meter(browser).await;
        assert_eq!((&read["used_minutes"], &read["left_minutes"], &read["overage_minutes"]), (&90.into(), &510.into(), &0.into()));
        browser.get(&retainer).await.expect(200).shows("1.5 of 10.0 h").shows("8.5 h");
        browser.get("/legal/retainers").await.expect(200).shows("1.5 of 10.0 h");
    }
    tom.get(&format!("{matter}/hours")).await.expect(200).shows("Read the contract").shows("1.5");
    // Mira does not take part in the matter: the time counts for her, its name and what was done do not show.
    let log =
        mira.get(&format!("{retainer}/hours")).await.expect(200).shows("1.5").hides("Read the contract").hides("Disputed invoice");
    log.shows("On a matter you do not take part in");
    mira.get(&format!("{retainer}/hours/export"))
        .await
        .expect(200)
        .hides("Read the contract")
        .hides("Disputed invoice")
        .shows("90,1.5");
    mira.get_json("/api/v1/time_entries").await.expect(200).hides("Read the contract").hides("Disputed invoice");
    ada.get(&format!("{retainer}/hours")).await.expect(200).shows("Read the contract").shows("Disputed invoice 4711");
}

#[actix_web::test]
async fn time_counts_in_steps_of_six_minutes() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut ada = one.browser("ada").await;
    let mut expected = 0;
    for (typed, counted) in [("1h20m", 84), ("1.3", 78), ("80", 84), ("1:20", 84), ("1", 6), ("6", 6)] {
        let hours = [("time", typed), ("worked_on", "2026-03-02"), ("description", typed)];
        ada.post(&format!("{retainer}/hours"), &hours).await.expect(303);
        expected += counted;
        assert_eq!(meter(&mut ada).await["used_minutes"], expected, "{typed}");
    }
    for (field, value) in [
        ("time", "25h"),
        ("time", "soon"),
        ("worked_on", "2026-03-03"),
        ("worked_on", "2026-02-28"),
        ("worked_on", "x"),
        ("description", " "),
        ("matter", "x"),
    ] {
        let mut hours = vec![("time", "1h"), ("worked_on", "2026-03-02"), ("matter", ""), ("description", "typed text stays")];
        hours.retain(|(name, _)| *name != field);
        hours.push((field, value));
        let page = ada.post(&format!("{retainer}/hours"), &hours).await.expect(422);
        assert!(field == "description" || page.text.contains("typed text stays"), "{field}");
    }
    assert_eq!(meter(&mut ada).await["used_minutes"], expected);
}

#[actix_web::test]
async fn entries_are_corrected_and_written_off_until_settled() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut ada = one.browser("ada").await;
    let mut mira = one.browser("mira").await;
    ada.post(&format!("{retainer}/hours"), &[("time", "11h"), ("worked_on", "2026-03-02"), ("description", "Too much")])
        .await
        .expect(303);
    let read = meter(&mut mira).await;
    assert_eq!((&read["overage_minutes"], &read["overage_cost"]), (&60.into(), &25_000.into()));
    mira.get(&retainer).await.expect(200).shows("$250.00");
    let entries = ada.get_json("/api/v1/time_entries").await.expect(200).json();
    let entry = format!("/legal/hours/{}", entries["items"][0]["id"].as_str().expect("an id"));
    ada.get(&entry).await.expect(200).shows("Too much").shows("11 h");
    ada.post(&entry, &[("time", "1h"), ("worked_on", "2026-03-01"), ("description", "Right")]).await.expect(303);
    assert_eq!(meter(&mut mira).await["used_minutes"], 60);
    ada.post(&entry, &[("time", "?"), ("worked_on", "2026-03-01"), ("description", "Right")])
        .await
        .expect(422)
        .shows("value=\"?\"");
    ada.post(&format!("{entry}/write-off"), &[]).await.expect(303);
    assert_eq!(meter(&mut mira).await["used_minutes"], 0);
    mira.get(&format!("{retainer}/hours")).await.expect(200).shows("Written off").shows("Right");
    ada.post(&format!("{entry}/restore"), &[]).await.expect(303);
    assert_eq!(meter(&mut mira).await["used_minutes"], 60);
    // Nobody else touches it.
    for (key, status) in [("mira", 403), ("vik", 403), ("sam", 404), ("eve", 404), ("cleo", 404)] {
        let mut browser = one.browser(key).await;
        browser.get(&entry).await.expect(status);
        browser.post(&entry, &[("time", "9h"), ("worked_on", "2026-03-01"), ("description", "x")]).await.expect(status);
        browser.post(&format!("{entry}/write-off"), &[]).await.expect(status);
    }
}

#[actix_web::test]
async fn the_log_filters_by_day_and_matter_and_the_next_month_begins_at_zero() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut ada = one.browser("ada").await;
    for (day, words) in [("2026-03-01", "First"), ("2026-03-02", "=SUM(A1)")] {
        ada.post(&format!("{retainer}/hours"), &[("time", "1h"), ("worked_on", day), ("description", words)]).await.expect(303);
    }
    ada.get(&format!("{retainer}/hours?from=2026-03-02")).await.expect(200).shows("=SUM(A1)").hides("First");
    ada.get(&format!("{retainer}/hours?to=2026-03-01")).await.expect(200).shows("First").hides("=SUM(A1)");
    ada.get(&format!("{retainer}/hours?from=x&to=y&matter=z&page=-1")).await.expect(200).shows("First");
    let csv = ada.get(&format!("{retainer}/hours/export?from=2026-03-02")).await.expect(200).shows("'=SUM(A1)").hides("First");
    assert!(csv.headers["content-disposition"].to_str().expect("text").starts_with("attachment"));
    assert_eq!(meter(&mut ada).await["forecast_minutes"], 1_860, "two hours in two days, over 31 days");
    one.platform.clock.advance(31 * entity::Moment::DAY);
    let mut ada = one.browser("ada").await;
    assert_eq!(meter(&mut ada).await["used_minutes"], 0);
}

#[actix_web::test]
async fn an_associate_logs_on_a_matter_and_never_sees_the_retainer() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut tom = one.browser("tom").await;
    let mut sam = one.browser("sam").await;
    let matter = matters::open(&one, &mut tom, &[]).await;
    let hours = [("time", "30m"), ("worked_on", "2026-03-02"), ("description", "Research by Sam")];
    sam.post(&format!("{matter}/hours"), &hours).await.expect(403);
    sam.post(&format!("{matter}/claim"), &[]).await.expect(303);
    sam.post(&format!("{matter}/hours"), &hours).await.expect(303);
    sam.get(&format!("{matter}/hours")).await.expect(200).shows("Research by Sam").hides("1,500").hides("/legal/retainers/");
    sam.get(&retainer).await.expect(404);
    sam.get_json("/api/v1/retainers").await.expect(404);
    sam.get_json("/api/v1/time_entries").await.expect(404);
    one.browser("ada").await.get(&format!("{retainer}/hours")).await.expect(200).shows("Research by Sam").shows("Sam Ortega");
    tom.post(&format!("{matter}/hours"), &hours).await.expect(403);
}

#[actix_web::test]
async fn what_was_done_lies_nowhere_in_the_clear() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let canary = "canary-of-the-hours-51";
    let hours = [("time", "1h"), ("worked_on", "2026-03-02"), ("description", canary)];
    one.browser("ada").await.post(&format!("{retainer}/hours"), &hours).await.expect(303);
    for entry in std::fs::read_dir(one.data_dir.path()).expect("the folder").flatten() {
        if entry.path().is_file() {
            let bytes = std::fs::read(entry.path()).expect("a file");
            assert!(!bytes.windows(canary.len()).any(|window| window == canary.as_bytes()), "{}", entry.path().display());
        }
    }
}

#[actix_web::test]
async fn a_settled_entry_stands_as_it_is() {
    use entity::retainers::time_entry;
    use sea_orm::{EntityTrait, sea_query::Expr};
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut ada = one.browser("ada").await;
    let hours = [("time", "1h"), ("worked_on", "2026-03-02"), ("description", "Call")];
    ada.post(&format!("{retainer}/hours"), &hours).await.expect(303);
    let entries = ada.get_json("/api/v1/time_entries").await.expect(200).json();
    let entry = format!("/legal/hours/{}", entries["items"][0]["id"].as_str().expect("an id"));
    let settled = Expr::value(one.platform.clock.now().0);
    let update = time_entry::Entity::update_many().col_expr(time_entry::Column::SettledAt, settled);
    let reach = entity::Reach::Tenants(vec![one.cast.harbor]);
    let mut work = one.platform.work(one_legal::platform::Actor::program("test"), reach).await.expect("a work");
    assert_eq!(update.exec(work.write()).await.expect("settled").rows_affected, 1);
    work.counts_as_audited("a test");
    work.commit().await.expect("committed");
    let said = "This time has been settled and stands as it is";
    ada.post(&entry, &hours).await.expect(409).shows(said).shows("Log a new entry for what is missing");
    ada.post(&format!("{entry}/write-off"), &[]).await.expect(409).shows(said);
    ada.get(&format!("{retainer}/hours")).await.expect(200).shows("Settled").hides("Write off");
}

#[actix_web::test]
async fn the_log_filters_by_attorney_and_a_write_off_is_undone_beside_its_line() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut sam = one.browser("sam").await;
    let matter = matters::open(&one, &mut one.browser("tom").await, &[]).await;
    sam.post(&format!("{matter}/claim"), &[]).await.expect(303);
    let hours = |words| [("time", "1h"), ("worked_on", "2026-03-02"), ("description", words)];
    sam.post(&format!("{matter}/hours"), &hours("Research by Sam")).await.expect(303);
    let mut ada = one.browser("ada").await;
    ada.post(&format!("{retainer}/hours"), &hours("Call by Ada")).await.expect(303);
    let id = one.cast.person("sam").account;
    let only = format!("{retainer}/hours?attorney={id}");
    ada.get(&only).await.expect(200).shows("Attorney: Sam Ortega").shows("Research by Sam").hides("Call by Ada");
    ada.get(&format!("{retainer}/hours/export?attorney={id}")).await.expect(200).shows("Research by Sam").hides("Call by Ada");
    let entries = ada.get_json(&format!("/api/v1/time_entries?attorney={id}")).await.expect(200).json();
    assert_eq!(entries["total"], 1);
    let entry = format!("/legal/hours/{}", entries["items"][0]["id"].as_str().expect("an id"));
    ada.get(&only).await.expect(200).shows("Write off").hides("Undo");
    ada.post(&format!("{entry}/write-off"), &[]).await.expect(303);
    ada.get(&only).await.expect(200).shows("Written off").shows("Undo");
    ada.post(&format!("{entry}/restore"), &[]).await.expect(303);
    assert_eq!(meter(&mut ada).await["used_minutes"], 120);
}

#[actix_web::test]
async fn each_figure_of_the_meter_opens_to_its_entries() {
    let one = Installation::new().await;
    let retainer = running(&one).await;
    let mut ada = one.browser("ada").await;
    for (day, time, words) in [("2026-03-01", "8h", "The first eight"), ("2026-03-02", "5h", "Five more")] {
        ada.post(&format!("{retainer}/hours"), &[("time", time), ("worked_on", day), ("description", words)]).await.expect(303);
    }
    let log = format!("{retainer}/hours?from=2026-03-01&#38;to=2026-03-31");
    let page = ada.get(&retainer).await.expect(200).text.replace("&amp;", "&#38;");
    assert!(page.contains(&format!("{log}\">13.0 of 10.0 h")), "{page}");
    assert!(page.contains(&format!("{log}&#38;beyond=600\"><b>3.0 h</b> over")), "{page}");
    let over = ada.get(&format!("{retainer}/hours?from=2026-03-01&to=2026-03-31&beyond=600")).await.expect(200);
    over.shows("Five more").hides("The first eight").shows("beyond the 10.0 h");
}
