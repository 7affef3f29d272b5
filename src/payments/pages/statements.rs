//! `/legal/statements`: what moved in a month, as page, CSV and PDF; each side reads its own. And the totals of a year.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{HttpResponse, http::header, web::Query};
use askama::Template;
use entity::{
    Moment,
    ids::{AccountId, SettlementId, TenantId},
    payments::Movement,
};
use serde::Deserialize;
use serde_json::json;

use crate::{
    audit, identity,
    payments::{
        MethodKeeper, PayoutSeat,
        calendar::{self, Calendar},
        queries::{self, WantedMoves},
        statement::{self, Row, Side, Statement},
    },
    platform::{
        Result, Tx, money, text, typeset,
        web::{Answer, Ask, Frame, answer::disposition, page},
    },
    tenancy,
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    month: String,
    retainer: String,
    /// The attorney for an MSP, the MSP for an attorney.
    with: String,
}

impl Filter {
    fn wanted(&self, side: Side) -> WantedMoves {
        let agreement = (!self.retainer.is_empty()).then(|| self.retainer.clone());
        match side {
            Side::Msp => WantedMoves { agreement, payee: self.with.parse::<AccountId>().ok(), tenant: None },
            Side::Attorney => WantedMoves { agreement, payee: None, tenant: self.with.parse::<TenantId>().ok() },
        }
    }

    /// `base` with these filters for another month.
    fn href(&self, base: &str, month: Calendar) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("month", &month.word());
        for (name, value) in [("retainer", &self.retainer), ("with", &self.with)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("{base}?{}", query.finish())
    }
}

/// What was asked for, read.
struct Read {
    side: Side,
    /// Whose statement it is.
    name: String,
    zone: String,
    month: Calendar,
    statements: Vec<Statement>,
}

fn side_of(seat: &PayoutSeat) -> Side {
    if seat.caller.is_attorney() { Side::Attorney } else { Side::Msp }
}

/// The zone in which this reader's months begin: the MSP's, or that of the first MSP an attorney works for.
async fn zone_of(tx: &Tx, seat: &PayoutSeat, wanted: &WantedMoves) -> Result<String> {
    let tenant = match wanted.tenant.or_else(|| seat.caller.home_tenant()) {
        Some(tenant) => Some(tenant),
        None => queries::first_tenant(tx, seat).await?,
    };
    let zone = match tenant {
        Some(tenant) => tenancy::tenant(tx, tenant).await?.map(|tenant| tenant.zone),
        None => None,
    };
    Ok(zone.unwrap_or_else(|| "UTC".to_owned()))
}

async fn read(ask: &Ask<PayoutSeat>, filter: &Filter) -> Result<Read> {
    let (seat, platform) = (&ask.who, ask.platform());
    let side = side_of(seat);
    let wanted = filter.wanted(side);
    let tx = platform.read(seat.reach()).await?;
    let zone = zone_of(&tx, seat, &wanted).await?;
    let month = Calendar::parse(&filter.month).unwrap_or_else(|| Calendar::at(&zone, platform.clock.now()));
    let until = month.ends(&zone);
    let moved = queries::moved(&tx, seat, &wanted, until).await?;
    let name = match seat.caller.home_tenant().filter(|_| side == Side::Msp) {
        Some(tenant) => tenancy::tenant(&tx, tenant).await?.map_or_else(String::new, |tenant| tenant.name),
        None => seat.caller.name.clone(),
    };
    Ok(Read { side, name, statements: statement::statements(side, &moved, month.starts(&zone), until), zone, month })
}

#[derive(Template)]
#[template(path = "payments/statements.html")]
struct StatementsPage {
    frame: Frame,
    read: Read,
    filter: Filter,
    retainers: Vec<(String, String)>,
    others: Vec<(String, String)>,
    attorney: bool,
    previous: String,
    next: Option<String>,
    csv: String,
    pdf: String,
    year: i32,
    /// The month runs still.
    runs: bool,
}

impl StatementsPage {
    fn day(&self, at: &Moment) -> String {
        calendar::day_words(*at, &self.read.zone)
    }
}

/// `$1,500.00`; a change with its sign, `–` where there is none.
fn amount(minor: &i64, currency: &str) -> String {
    money::words(*minor, currency)
}

fn change(minor: &i64, currency: &str) -> String {
    match minor {
        0 => "–".to_owned(),
        up if *up > 0 => format!("+{}", money::words(*up, currency)),
        down => money::words(*down, currency),
    }
}

/// What a line is called by this side.
fn what(row: &Row, side: &Side) -> String {
    let with = match side {
        Side::Msp => &row.moved.attorney,
        Side::Attorney => &row.moved.msp,
    };
    if row.moved.period.is_empty() { with.clone() } else { format!("{with}, {}", row.moved.period) }
}

pub async fn show(ask: Ask<PayoutSeat>, filter: Query<Filter>) -> Answer {
    let filter = filter.into_inner();
    let platform = ask.platform();
    let found = read(&ask, &filter).await?;
    let now = Calendar::at(&found.zone, platform.clock.now());
    let tx = platform.read(ask.who.reach()).await?;
    let month = found.month;
    page(&StatementsPage {
        frame: ask.frame(),
        retainers: queries::agreements(&tx, &ask.who).await?,
        others: queries::others(&tx, &ask.who).await?,
        attorney: found.side == Side::Attorney,
        previous: filter.href("/legal/statements", month.previous()),
        next: (month != now).then(|| filter.href("/legal/statements", month.next())),
        csv: filter.href("/legal/statements.csv", month),
        pdf: filter.href("/legal/statements.pdf", month),
        year: month.year(),
        runs: month == now,
        filter,
        read: found,
    })
}

/// Who took which statement out stands in the audit log.
async fn exported(ask: &Ask<PayoutSeat>, found: &Read, format: &str) -> Result<()> {
    let mut work = ask.work(ask.who.reach()).await?;
    let line = audit::Line::new("statement.exported", format!("account:{}", ask.who.caller.account))
        .tenant(ask.who.caller.home_tenant())
        .with("month", found.month.word())
        .with("format", format);
    audit::record(&mut work, line).await?;
    work.commit().await
}

fn file(body: Vec<u8>, kind: &'static str, name: &str) -> Answer {
    Ok(HttpResponse::Ok()
        .content_type(kind)
        .insert_header((header::CONTENT_DISPOSITION, disposition("attachment", name)))
        .body(body))
}

fn write(rows: &[Vec<String>]) -> Result<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    for row in rows {
        csv.write_record(row.iter().map(|cell| text::cell(cell).into_owned())).map_err(|error| anyhow::anyhow!("csv: {error}"))?;
    }
    Ok(csv.into_inner().map_err(|error| anyhow::anyhow!("csv: {error}"))?)
}

pub async fn csv(ask: Ask<PayoutSeat>, filter: Query<Filter>) -> Answer {
    let found = read(&ask, &filter).await?;
    let head = ["date", "what", "msp", "attorney", "period", "reference", "currency", "amount", "change", "balance"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for statement in &found.statements {
        let of = |minor| money::plain(minor, &statement.currency);
        let sum = |at: Moment, what: &str, balance: i64| {
            let mut row = vec![calendar::iso(at, &found.zone), what.to_owned()];
            row.extend(["", "", "", ""].map(str::to_owned));
            row.extend([statement.currency.clone(), String::new(), String::new(), of(balance)]);
            row
        };
        rows.push(sum(found.month.starts(&found.zone), "Opening balance", statement.opening));
        for row in &statement.rows {
            let moved = &row.moved;
            rows.push(vec![
                calendar::iso(moved.at, &found.zone),
                moved.movement.label().to_owned(),
                moved.msp.clone(),
                moved.attorney.clone(),
                moved.period.clone(),
                moved.reference.clone(),
                moved.currency.clone(),
                of(moved.amount),
                of(row.change),
                of(row.balance),
            ]);
        }
        rows.push(sum(found.month.ends(&found.zone).plus(-1), "Closing balance", statement.closing));
    }
    exported(&ask, &found, "csv").await?;
    file(write(&rows)?, "text/csv; charset=utf-8", &format!("statement-{}.csv", found.month.word()))
}

pub async fn pdf(ask: Ask<PayoutSeat>, filter: Query<Filter>) -> Answer {
    let found = read(&ask, &filter).await?;
    let now = ask.platform().clock.now();
    let statements: Vec<_> = found
        .statements
        .iter()
        .map(|one| {
            let of = |minor: i64| money::words(minor, &one.currency);
            let rows: Vec<_> = one
                .rows
                .iter()
                .map(|row| {
                    json!([
                        calendar::day_words(row.moved.at, &found.zone),
                        row.moved.movement.label(),
                        what(row, &found.side),
                        row.moved.reference,
                        of(row.moved.amount),
                        change(&row.change, &one.currency),
                        of(row.balance),
                    ])
                })
                .collect();
            json!({
                "currency": one.currency,
                "opening": of(one.opening),
                "closing": of(one.closing),
                "held": of(one.held),
                "disputed": of(one.disputed),
                "billed": of(one.totals.billed),
                "charged": of(one.totals.charged),
                "passed_on": of(one.totals.passed_on),
                "returned": of(one.totals.returned),
                "waived": of(one.totals.waived),
                "rows": rows,
            })
        })
        .collect();
    let data = json!({
        "name": found.name,
        "month": found.month.words(),
        "zone": found.zone,
        "balance": found.side.balance_words(),
        "made": calendar::day_words(now, &found.zone),
        "statements": statements,
    });
    exported(&ask, &found, "pdf").await?;
    let template = ("statement.typ", include_str!("statement.typ"));
    let name = format!("statement-{}", found.month.word());
    let ident = name.clone();
    let set = actix_web::web::block(move || typeset::pdf(template, data, &ident, now)).await;
    file(set.map_err(|error| anyhow::anyhow!("typesetting: {error}"))??, "application/pdf", &format!("{name}.pdf"))
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct YearQuery {
    year: String,
}

/// What one of the other side was paid, or paid, in a year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearLine {
    name: String,
    email: String,
    currency: String,
    total: i64,
    count: usize,
}

impl YearLine {
    fn total_words(&self) -> String {
        money::words(self.total, &self.currency)
    }
}

struct Year {
    year: i32,
    this_year: i32,
    lines: Vec<YearLine>,
}

/// By the date of the transfer, in the reader's zone; what was taken back in the year is taken off.
async fn year_of(tx: &Tx, seat: &PayoutSeat, query: &YearQuery, now: Moment) -> Result<Year> {
    let zone = zone_of(tx, seat, &WantedMoves::default()).await?;
    let this_year = Calendar::at(&zone, now).year();
    let year = query.year.parse::<i32>().ok().filter(|year| (2000..=2200).contains(year)).unwrap_or(this_year);
    let (from, until) = calendar::year(year, &zone);
    let side = side_of(seat);
    let moved = queries::moved(tx, seat, &WantedMoves::default(), until).await?;
    let mut sums: BTreeMap<(String, uuid::Uuid, String), (i64, BTreeSet<SettlementId>)> = BTreeMap::new();
    for one in moved.iter().filter(|one| one.at >= from) {
        let sign = match one.movement {
            Movement::Transferred => 1,
            Movement::Reversed => -1,
            _ => continue,
        };
        let (name, id) = match side {
            Side::Msp => (one.attorney.clone(), one.payee.0),
            Side::Attorney => (one.msp.clone(), one.tenant.0),
        };
        let sum = sums.entry((name, id, one.currency.clone())).or_default();
        sum.0 += sign * one.amount;
        if sign > 0 {
            sum.1.extend(one.settlement);
        }
    }
    let people = match side {
        Side::Msp => identity::accounts(tx, sums.keys().map(|(_, id, _)| AccountId(*id))).await?,
        Side::Attorney => Default::default(),
    };
    let lines = sums
        .into_iter()
        .map(|((name, id, currency), (total, settlements))| {
            let person = people.get(&AccountId(id));
            YearLine {
                name: person.map_or(name, |person| person.name.clone()),
                email: person.map(|person| person.email.clone()).unwrap_or_default(),
                currency,
                total,
                count: settlements.len(),
            }
        })
        .collect();
    Ok(Year { year, this_year, lines })
}

#[derive(Template)]
#[template(path = "payments/year.html")]
struct YearPage {
    frame: Frame,
    year: Year,
    attorney: bool,
    manages: bool,
}

pub async fn year(ask: Ask<PayoutSeat>, query: Query<YearQuery>) -> Answer {
    let (platform, caller) = (ask.platform(), &ask.who.caller);
    let tx = platform.read(ask.who.reach()).await?;
    let year = year_of(&tx, &ask.who, &query, platform.clock.now()).await?;
    let manages = caller.home_tenant().is_some_and(|tenant| caller.manages(tenant));
    page(&YearPage { frame: ask.frame(), year, attorney: caller.is_attorney(), manages })
}

/// What each attorney was paid in a year: the figures of a Form 1099-NEC.
pub async fn year_csv(ask: Ask<MethodKeeper>, query: Query<YearQuery>) -> Answer {
    let platform = ask.platform();
    let seat = PayoutSeat::of(std::sync::Arc::clone(&ask.who.caller))?;
    let tx = platform.read(seat.reach()).await?;
    let found = year_of(&tx, &seat, &query, platform.clock.now()).await?;
    drop(tx);
    let mut rows = vec![["year", "name", "email", "currency", "total", "payouts"].map(str::to_owned).to_vec()];
    for line in &found.lines {
        rows.push(vec![
            found.year.to_string(),
            line.name.clone(),
            line.email.clone(),
            line.currency.clone(),
            money::plain(line.total, &line.currency),
            line.count.to_string(),
        ]);
    }
    let mut work = ask.work(seat.reach()).await?;
    let line = audit::Line::new("year.exported", format!("tenant:{}", ask.who.tenant)).tenant(ask.who.tenant);
    audit::record(&mut work, line.with("year", i64::from(found.year))).await?;
    work.commit().await?;
    file(write(&rows)?, "text/csv; charset=utf-8", &format!("1099-{}.csv", found.year))
}
