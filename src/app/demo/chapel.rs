//! What Mission would have said of Joy last, so that Grace Chapel's pages hold something where no Mission is connected.

use super::stage::Stage;
use crate::{
    mission::{
        self, MissionMember,
        record::{
            Directory, Event, Events, Gift, Giving, Group, Groups, Party, Person, Prayer, PrayerCategory, PrayerWall, Record,
            Visibility,
        },
    },
    platform::Result,
};

pub async fn fill(stage: &Stage<'_>) -> Result<()> {
    keep(stage, giving(stage)).await?;
    keep(stage, events(stage)).await?;
    keep(stage, groups()).await?;
    keep(stage, directory()).await?;
    keep(stage, wall(stage)).await
}

async fn keep<R: Record>(stage: &Stage<'_>, mut record: R) -> Result<()> {
    record.settle();
    mission::keep(stage.platform, &MissionMember::of(stage.caller("joy"))?, &record).await
}

fn giving(stage: &Stage<'_>) -> Giving {
    let gift = |days: i64, fund: &str, amount: i64, method: &str| Gift {
        id: format!("gift-{days}"),
        given_on: stage.day(-days),
        fund: fund.to_owned(),
        amount,
        currency: "USD".to_owned(),
        method: method.to_owned(),
        deductible: fund != "Bookshop",
    };
    Giving {
        gifts: vec![
            gift(6, "General Fund", 15_000, "Card"),
            gift(13, "Building", 5_000, "Card"),
            gift(34, "General Fund", 15_000, "Card"),
            gift(41, "Bookshop", 2_450, "Cash"),
            gift(62, "General Fund", 15_000, "Check 1042"),
            gift(90, "Missions", 25_000, "Bank transfer"),
            gift(125, "General Fund", 15_000, "Card"),
            gift(380, "Missions", 20_000, "Bank transfer"),
            gift(402, "General Fund", 12_000, "Check 0988"),
        ],
        organization: Party {
            name: "Grace Chapel Inc.".to_owned(),
            address: vec!["12 Hill Road".to_owned(), "Springfield, IL 62701".to_owned()],
            tax_id: "37-0000000".to_owned(),
        },
        giver: Party {
            name: "Joy Abara".to_owned(),
            address: vec!["4 Elm Street".to_owned(), "Springfield, IL 62704".to_owned()],
            ..Party::default()
        },
        statement_note: "No goods or services were provided in exchange for the deductible gifts listed here.".to_owned(),
    }
}

fn events(stage: &Stage<'_>) -> Events {
    let event = |id: &str, title: &str, days: i64, hour: i64, location: &str, category: &str, description: &str| Event {
        id: id.to_owned(),
        title: title.to_owned(),
        starts_at: format!("{}T{hour:02}:00:00-06:00", stage.day(days)),
        ends_at: Some(format!("{}T{:02}:00:00-06:00", stage.day(days), hour + 2)),
        location: location.to_owned(),
        category: category.to_owned(),
        description: description.to_owned(),
        registered: id != "dinner",
        places_left: (id == "picnic").then_some(12),
    };
    let practise = "We practise for Sunday. Newcomers are welcome.";
    let dishes = "Everybody brings a dish; we set the tables at five.";
    let picnic = "Bring a blanket.\nWe bring the food.";
    Events {
        events: vec![
            event("rehearsal", "Choir rehearsal", 3, 19, "Sanctuary", "Music", practise),
            event("dinner", "Neighbourhood dinner", 6, 17, "Fellowship hall", "Community", dishes),
            event("picnic", "Picnic of all groups", 30, 11, "Lincoln Park, pavilion 3", "Fellowship", picnic),
            event("concert", "Concert of the choirs", -38, 18, "Sanctuary", "Music", ""),
        ],
    }
}

fn groups() -> Groups {
    let group = |id: &str,
                 name: &str,
                 kind: &str,
                 description: &str,
                 schedule: &str,
                 location: &str,
                 members: (i64, Option<i64>),
                 mine: bool| Group {
        id: id.to_owned(),
        name: name.to_owned(),
        kind: kind.to_owned(),
        description: description.to_owned(),
        schedule: schedule.to_owned(),
        location: location.to_owned(),
        members: members.0,
        max_members: members.1,
        mine,
    };
    Groups {
        groups: vec![
            group(
                "choir",
                "Choir",
                "Ministry",
                "Four voices and a lot of laughter. We sing on two Sundays of each month.",
                "Thursdays, 7 pm",
                "Sanctuary",
                (23, None),
                true,
            ),
            group(
                "tuesday",
                "Tuesday table",
                "Small Group",
                "We eat together, read a chapter and talk about our week. Children are welcome and have their own corner.",
                "Tuesdays, 6:30 pm",
                "At the Adlers'",
                (12, Some(12)),
                false,
            ),
            group(
                "repair",
                "Repair café",
                "Interest",
                "Bring what is broken. Somebody knows how to mend it.",
                "First Saturdays",
                "Fellowship hall",
                (9, Some(20)),
                false,
            ),
            group(
                "grief",
                "Walking with grief",
                "Support",
                "Eight evenings for people who have lost somebody.",
                "Mondays in spring",
                "Library",
                (6, Some(10)),
                false,
            ),
            group(
                "youth",
                "Friday youth",
                "Youth",
                "Games, questions and pizza for ages 13 to 18.",
                "Fridays, 6 pm",
                "Youth room",
                (31, None),
                false,
            ),
        ],
    }
}

fn directory() -> Directory {
    let person = |first: &str, last: &str, email: Option<&str>| Person {
        id: format!("{first}-{last}"),
        first_name: first.to_owned(),
        last_name: last.to_owned(),
        email: email.map(str::to_owned),
    };
    Directory {
        people: vec![
            person("Ruth", "Adler", Some("ruth@grace.example")),
            person("Joy", "Abara", Some("joy@grace.example")),
            person("Björn", "Ek", None),
            person("Samuel", "Okoye", Some("samuel@grace.example")),
            person("Maria", "Santos", Some("maria@grace.example")),
            person("Peter", "Whitcombe", None),
            person("Hannah", "Lee", Some("hannah@grace.example")),
        ],
    }
}

fn wall(stage: &Stage<'_>) -> PrayerWall {
    let prayer = |id: &str, days: i64, author: Option<&str>, category: PrayerCategory, text: &str, prayed: i64| Prayer {
        id: id.to_owned(),
        text: text.to_owned(),
        category,
        visibility: Visibility::Public,
        asked_on: stage.day(-days),
        author: author.map(str::to_owned),
        anonymous: author.is_none(),
        prayer_count: prayed,
        answered: false,
        answer_note: String::new(),
        mine: false,
    };
    PrayerWall {
        prayers: vec![
            prayer("w1", 2, Some("Ruth Adler"), PrayerCategory::Health, "For my mother, whose operation is on Thursday.", 14),
            prayer("w2", 5, None, PrayerCategory::Financial, "For work that lets me be home in the evening.", 6),
            Prayer {
                visibility: Visibility::Private,
                mine: true,
                ..prayer("w3", 8, Some("Joy Abara"), PrayerCategory::Family, "For patience with the teenagers in my house.", 0)
            },
            Prayer {
                answered: true,
                answer_note: "All came home well. Thank you!".to_owned(),
                ..prayer("w4", 30, Some("Samuel Okoye"), PrayerCategory::Other, "For the youth trip and those who drive.", 21)
            },
        ],
        on_prayer_team: false,
    }
}
