//! `/portal/mission/giving`: what was given, by year and fund, and the statement of a year as a PDF.

use actix_web::{HttpResponse, http::header, web::Query};
use askama::Template;
use serde::Deserialize;
use serde_json::json;

use super::{State, page_of};
use crate::{
    audit,
    mission::{
        MissionMember,
        record::{self, Gift, Giving},
    },
    platform::{
        Error, typeset,
        web::{
            Answer, Ask, Frame, Pager,
            answer::disposition,
            page,
            paging::{PAGE_SIZE, PageQuery},
        },
    },
};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Filter {
    pub year: String,
    pub fund: String,
    pub page: Option<String>,
}

#[derive(Template)]
#[template(path = "mission/giving.html")]
struct GivingPage {
    frame: Frame,
    state: State,
    organisation: String,
    filter: Filter,
    filtered: bool,
    any: bool,
    years: Vec<(i32, i32)>,
    funds: Vec<(String, String)>,
    gifts: Vec<Gift>,
    sums: Vec<String>,
    /// The year whose statement is offered.
    statement: Option<i32>,
    pager: Pager,
}

fn years(giving: &Giving) -> Vec<i32> {
    let mut years: Vec<i32> = giving.gifts.iter().map(Gift::year).collect();
    years.dedup();
    years
}

pub async fn list(ask: Ask<MissionMember>, filter: Query<Filter>) -> Answer {
    let filter = filter.into_inner();
    let (giving, state, organisation) = page_of::<Giving>(&ask.platform(), &ask.who).await?;
    let years = years(&giving);
    let year = filter.year.parse::<i32>().ok();
    let mut funds: Vec<String> = giving.gifts.iter().map(|gift| gift.fund.clone()).collect();
    funds.sort();
    funds.dedup();
    let any = !giving.gifts.is_empty();
    let matching =
        |gift: &Gift| year.is_none_or(|year| gift.year() == year) && (filter.fund.is_empty() || gift.fund == filter.fund);
    let found: Vec<Gift> = giving.gifts.into_iter().filter(matching).collect();
    let paging = PageQuery { page: filter.page.clone() };
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("year", &filter.year)
        .append_pair("fund", &filter.fund)
        .finish();
    page(&GivingPage {
        frame: ask.frame(),
        state,
        organisation,
        filtered: !filter.year.is_empty() || !filter.fund.is_empty(),
        any,
        statement: year.filter(|year| years.contains(year)).or_else(|| years.first().copied()),
        years: years.into_iter().map(|year| (year, year)).collect(),
        funds: funds.into_iter().map(|fund| (fund.clone(), fund)).collect(),
        sums: record::sums(&found),
        pager: Pager::new(paging.number(), found.len() as u64, &format!("/portal/mission/giving?{query}")),
        gifts: found.into_iter().skip(paging.offset() as usize).take(PAGE_SIZE as usize).collect(),
        filter,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Year {
    year: String,
}

pub async fn statement(ask: Ask<MissionMember>, asked: Query<Year>) -> Answer {
    let platform = ask.platform();
    let now = platform.clock.now();
    let (giving, state, organisation) = page_of::<Giving>(&platform, &ask.who).await?;
    let year = asked.year.parse::<i32>().ok().filter(|year| years(&giving).contains(year)).ok_or(Error::NotFound)?;
    let mut gifts: Vec<&Gift> = giving.gifts.iter().filter(|gift| gift.year() == year).collect();
    gifts.reverse();
    let mut funds: Vec<&str> = gifts.iter().map(|gift| gift.fund.as_str()).collect();
    funds.sort_unstable();
    funds.dedup();
    let by_fund: Vec<_> = funds
        .iter()
        .map(|fund| json!([fund, record::sums(gifts.iter().copied().filter(|gift| gift.fund == *fund)).join(" + ")]))
        .collect();
    let or = |given: &str, other: &str| if given.is_empty() { other.to_owned() } else { given.to_owned() };
    let data = json!({
        "year": year.to_string(),
        "organization": or(&giving.organization.name, &organisation),
        "address": giving.organization.address,
        "tax_id": giving.organization.tax_id,
        "giver": or(&giving.giver.name, &ask.who.caller.name),
        "giver_address": giving.giver.address,
        "gifts": gifts.iter().map(|gift| json!([gift.day_words(), gift.fund, gift.method, if gift.deductible { "" } else { "not deductible" }, gift.amount_words()])).collect::<Vec<_>>(),
        "funds": by_fund,
        "total": record::sums(gifts.iter().copied()).join(" + "),
        "deductible": record::sums(gifts.iter().copied().filter(|gift| gift.deductible)).join(" + "),
        "note": giving.statement_note,
        "as_of": state.at.unwrap_or(now).day_words(),
    });
    let mut work = ask.work(ask.who.caller.reach()).await?;
    let line = audit::Line::new("giving_statement.downloaded", format!("account:{}", ask.who.caller.account));
    audit::record(&mut work, line.tenant(ask.who.tenant).with("year", year.to_string())).await?;
    work.commit().await?;
    let template = ("statement.typ", include_str!("statement.typ"));
    let name = format!("giving-{year}");
    let ident = format!("{name}-{}", ask.who.caller.account);
    let set = actix_web::web::block(move || typeset::pdf(template, data, &ident, now)).await;
    let bytes = set.map_err(|error| anyhow::anyhow!("typesetting: {error}"))??;
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((header::CONTENT_DISPOSITION, disposition("attachment", &format!("{name}.pdf"))))
        .body(bytes))
}
