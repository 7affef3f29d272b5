//! What a page asks of the database does not grow with what stands on it: more rows are not more statements.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, QueryResult, Statement, TransactionTrait};

use super::crawl::{ends, route_table};
use crate::{
    access::matrix::is_open,
    support::{Browser, Installation, World},
};

const PEOPLE: [&str; 4] = ["mira", "ada", "dora", "olga"];

/// Sealed for their own id: a copy would not open. More of them are logged as people do.
const SEALED: [&str; 2] = ["retainers_time_entry", "retainers_proposal"];

/// Looks at every tenant of the installation, as it says.
const FOR_EACH_TENANT: &str = "olga /operator/health";

/// Status and statements of every page, by person and address.
async fn asked(one: &Installation, world: &World) -> BTreeMap<String, (u16, u64)> {
    let mut browsers: Vec<Browser> = Vec::new();
    for person in PEOPLE {
        browsers.push(one.browser(person).await);
    }
    let mut asked = BTreeMap::new();
    for (method, pattern) in route_table().await {
        if method != "GET" || pattern.starts_with("/static") || !ends(&pattern) {
            continue;
        }
        let (path, _) = world.address(&pattern);
        for (person, browser) in PEOPLE.iter().zip(&mut browsers) {
            if !is_open("GET", &pattern, person) {
                continue;
            }
            // What a first look writes down is not asked at the second.
            browser.get(&path).await;
            let before = one.platform.db.asked();
            let status = browser.get(&path).await.status;
            asked.insert(format!("{person} {path}"), (status, one.platform.db.asked() - before));
        }
    }
    asked
}

/// The tables whose rows have an `id`, each with its columns and what they hold.
async fn tables(one: &Installation) -> BTreeMap<String, Vec<(String, String)>> {
    let db = one.platform.db.whole();
    let sql = match db.get_database_backend() {
        DbBackend::Postgres => {
            "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns
              WHERE table_schema = 'public' ORDER BY table_name, ordinal_position"
        }
        _ => {
            "SELECT t.name, c.name, c.type FROM sqlite_master AS t, pragma_table_info(t.name) AS c
              WHERE t.type = 'table' ORDER BY t.name, c.cid"
        }
    };
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.expect("the tables");
    let text = |row: &QueryResult, at| row.try_get_by_index::<String>(at).expect("a word");
    let mut tables: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for row in &rows {
        tables.entry(text(row, 0)).or_default().push((text(row, 1), text(row, 2).to_lowercase()));
    }
    tables.retain(|_, columns| columns.first().is_some_and(|(name, _)| name == "id"));
    tables
}

/// What stands in this column of a copy.
fn value(backend: DbBackend, name: &str, kind: &str, differs: bool) -> String {
    let (id, word, number) = match backend {
        DbBackend::Postgres => ("gen_random_uuid()", "md5(random()::text)", "floor(random() * 1000000)::bigint"),
        _ => ("randomblob(16)", "hex(randomblob(8))", "(abs(random()) % 1000000)"),
    };
    match kind {
        _ if name == "id" => id.to_owned(),
        // Another's id must be somebody's.
        kind if !differs || kind.contains("uuid") => format!("\"{name}\""),
        kind if kind.contains("text") => format!("\"{name}\" || {word}"),
        kind if kind.contains("int") => format!("\"{name}\" + {number}"),
        _ => format!("\"{name}\""),
    }
}

/// The last column of the unique index that an error is about: SQLite names the columns, PostgreSQL the index, whose name holds them.
fn must_differ(error: &str, columns: &[(String, String)]) -> Option<String> {
    let last = |index: &str| {
        let index = index.trim_end_matches("_key");
        let ends = columns.iter().filter(|(name, _)| index.ends_with(name.as_str()));
        ends.max_by_key(|(name, _)| name.len()).map(|(name, _)| name.clone())
    };
    match error.split("UNIQUE constraint failed: ").nth(1) {
        Some(names) => last(names.trim_end_matches(|c: char| !c.is_alphanumeric())),
        None => last(error.split("unique constraint \"").nth(1)?.split('"').next()?),
    }
}

/// Runs the statement on the rows of every tenant; how many it wrote.
async fn beyond_the_wall(db: &DatabaseConnection, sql: &str) -> Result<u64, DbErr> {
    let tx = db.begin().await?;
    if db.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared("SELECT set_config('app.tenants', '*', true)").await?;
    }
    let written = tx.execute_unprepared(sql).await?.rows_affected();
    tx.commit().await?;
    Ok(written)
}

/// Four copies of every row of the story, under ids of their own, where the database lets them stand; how many tables have some.
async fn copy_rows(one: &Installation) -> usize {
    let db = one.platform.db.whole();
    let backend = db.get_database_backend();
    let mut copied = 0;
    for (table, columns) in tables(one).await.into_iter().filter(|(table, _)| !SEALED.contains(&table.as_str())) {
        let names: Vec<String> = columns.iter().map(|(name, _)| format!("\"{name}\"")).collect();
        let mut differing = BTreeSet::new();
        loop {
            let values: Vec<String> =
                columns.iter().map(|(name, kind)| value(backend, name, kind, differing.contains(name))).collect();
            let sql = format!(
                "INSERT INTO \"{table}\" ({}) SELECT {} FROM \"{table}\",
                   (SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) AS four",
                names.join(", "),
                values.join(", ")
            );
            match beyond_the_wall(db, &sql).await {
                Ok(rows) => {
                    copied += usize::from(rows > 0);
                    break;
                }
                // What belongs to one row alone cannot be there twice.
                Err(error) => match must_differ(&error.to_string(), &columns) {
                    Some(column) if differing.insert(column.clone()) => {}
                    _ => break,
                },
            }
        }
    }
    copied
}

async fn log_hours(one: &Installation, world: &World) {
    let mut ada = one.browser("ada").await;
    let today = one.platform.clock.now().date().to_string();
    for (what, minutes) in [("Called Acme Dental", "12 min"), ("Wrote to Acme Dental", "18 min"), ("Read their answer", "6 min")] {
        let hours = [("worked_on", today.as_str()), ("time", minutes), ("description", what)];
        ada.post(&format!("/legal/retainers/{}/hours", world.story.retainer), &hours).await.expect(303);
    }
}

#[actix_web::test]
async fn more_rows_are_not_more_statements() {
    let one = Installation::new().await;
    let world = World::create(&one).await;
    let few = asked(&one, &world).await;
    log_hours(&one, &world).await;
    let copied = copy_rows(&one).await;
    assert!(copied > 30, "only {copied} tables have copies");
    let many = asked(&one, &world).await;
    let mut grown = Vec::new();
    for (page, (status, first)) in few {
        let (then_status, then) = many[&page];
        if std::env::var("SHOW_STATEMENTS").is_ok() {
            println!("{first:>4} {then:>4}  {status} {page}");
        }
        assert_eq!((&page, status), (&page, then_status), "answers otherwise when more stands on it");
        if then > first + 1 && page != FOR_EACH_TENANT {
            grown.push(format!("{page}: {first} statements, then {then}"));
        }
    }
    assert!(grown.is_empty(), "these pages ask once more for each row:\n{}", grown.join("\n"));
}
