//! The nouns: what Mission says, as `docs/integrations/mission.yaml` has it, checked before it is shown. No database, no web.

use entity::Moment;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use time::{Date, OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};

use crate::platform::money;

/// Things one answer may hold.
const MOST: usize = 5_000;
/// Larger than any gift.
const LARGEST: i64 = 1_000_000_000_000;

/// What one page of a member is made of.
pub trait Record: Serialize + DeserializeOwned + Send + Sync {
    /// Its name here and below the API's address.
    const NAME: &'static str;
    /// What of it cannot be shown, for whoever runs Mission.
    fn problem(&self) -> Option<String>;
    /// Brings it into the order in which it is shown, and leaves out what is not for this person.
    fn settle(&mut self) {}
}

/// `2026-03-31`
pub fn day(text: &str) -> Option<Date> {
    Date::parse(text, format_description!("[year]-[month]-[day]")).ok()
}

/// `2026-03-31T19:00:00-05:00`
pub fn moment(text: &str) -> Option<Moment> {
    OffsetDateTime::parse(text, &Rfc3339).ok().map(Moment::from_datetime)
}

fn many<T>(list: &[T], what: &str) -> Option<String> {
    (list.len() > MOST).then(|| format!("more than {MOST} {what}"))
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Giving {
    pub gifts: Vec<Gift>,
    /// Who stands on a statement as the receiver.
    #[serde(default)]
    pub organization: Party,
    /// Who stands on it as the giver.
    #[serde(default)]
    pub giver: Party,
    /// What the law wants a statement to say, such as that nothing was given in return.
    #[serde(default)]
    pub statement_note: String,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Party {
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub address: Vec<String>,
    #[serde(default)]
    pub tax_id: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Gift {
    pub id: String,
    pub given_on: String,
    pub fund: String,
    /// Minor units.
    pub amount: i64,
    pub currency: String,
    /// `Card`, `Check 1042`
    #[serde(default)]
    pub method: String,
    #[serde(default = "yes")]
    pub deductible: bool,
}

fn yes() -> bool {
    true
}

impl Gift {
    pub fn year(&self) -> i32 {
        day(&self.given_on).map_or(0, Date::year)
    }

    pub fn amount_words(&self) -> String {
        money::words(self.amount, &self.currency)
    }

    pub fn day_words(&self) -> String {
        day(&self.given_on).map_or_else(|| self.given_on.clone(), |day| Moment::of_day(day).day_words())
    }
}

impl Record for Giving {
    const NAME: &'static str = "giving";

    fn problem(&self) -> Option<String> {
        let wrong = |gift: &&Gift| {
            day(&gift.given_on).is_none()
                || !money::is_known(&gift.currency)
                || gift.amount.abs() > LARGEST
                || gift.fund.len() > 400
        };
        many(&self.gifts, "gifts").or_else(|| self.gifts.iter().find(wrong).map(|gift| format!("gift {} cannot be read", gift.id)))
    }

    fn settle(&mut self) {
        self.gifts.sort_by(|a, b| b.given_on.cmp(&a.given_on).then(b.id.cmp(&a.id)));
    }
}

/// Sums by currency, in its words: `$1,200.00`.
pub fn sums<'a>(gifts: impl IntoIterator<Item = &'a Gift>) -> Vec<String> {
    let mut sums = std::collections::BTreeMap::<&str, i64>::new();
    for gift in gifts {
        *sums.entry(&gift.currency).or_default() += gift.amount;
    }
    sums.into_iter().map(|(currency, sum)| money::words(sum, currency)).collect()
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Events {
    pub events: Vec<Event>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Event {
    pub id: String,
    pub title: String,
    pub starts_at: String,
    #[serde(default)]
    pub ends_at: Option<String>,
    #[serde(default)]
    pub location: String,
    #[serde(default)]
    pub category: String,
    /// Plain text.
    #[serde(default)]
    pub description: String,
    /// This member is registered.
    #[serde(default)]
    pub registered: bool,
    /// None where there is no limit.
    #[serde(default)]
    pub places_left: Option<i64>,
}

impl Event {
    pub fn starts(&self) -> Moment {
        moment(&self.starts_at).unwrap_or(Moment(0))
    }

    pub fn ends(&self) -> Option<Moment> {
        self.ends_at.as_deref().and_then(moment)
    }

    /// Over at that moment; what has no end lasts two hours.
    pub fn is_past(&self, now: Moment) -> bool {
        self.ends().unwrap_or_else(|| self.starts().plus(2 * Moment::HOUR)) < now
    }
}

impl Record for Events {
    const NAME: &'static str = "events";

    fn problem(&self) -> Option<String> {
        let wrong = |event: &&Event| {
            event.id.is_empty()
                || event.id.len() > 200
                || moment(&event.starts_at).is_none()
                || event.ends_at.as_deref().is_some_and(|at| moment(at).is_none())
        };
        many(&self.events, "events")
            .or_else(|| self.events.iter().find(wrong).map(|event| format!("event {} cannot be read", event.id)))
    }

    fn settle(&mut self) {
        self.events.sort_by_key(|event| (event.starts(), event.title.clone()));
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Groups {
    pub groups: Vec<Group>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Group {
    pub id: String,
    pub name: String,
    /// `Small Group`, `Ministry`, `Youth` …
    #[serde(rename = "type", default)]
    pub kind: String,
    #[serde(default)]
    pub description: String,
    #[serde(default)]
    pub schedule: String,
    #[serde(default)]
    pub location: String,
    #[serde(default)]
    pub members: i64,
    #[serde(default)]
    pub max_members: Option<i64>,
    /// This member is in it.
    #[serde(default)]
    pub mine: bool,
}

impl Group {
    /// `9 members`, `12 members / 12 max`
    pub fn members_words(&self) -> String {
        let members = if self.members == 1 { "1 member".to_owned() } else { format!("{} members", self.members) };
        match self.max_members {
            Some(most) => format!("{members} / {most} max"),
            None => members,
        }
    }

    pub fn is_full(&self) -> bool {
        self.max_members.is_some_and(|most| self.members >= most)
    }
}

impl Record for Groups {
    const NAME: &'static str = "groups";

    fn problem(&self) -> Option<String> {
        let wrong = |group: &&Group| group.name.trim().is_empty() || group.members < 0;
        many(&self.groups, "groups")
            .or_else(|| self.groups.iter().find(wrong).map(|group| format!("group {} cannot be read", group.id)))
    }

    fn settle(&mut self) {
        self.groups.sort_by_key(|group| (!group.mine, group.name.to_lowercase()));
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Directory {
    pub people: Vec<Person>,
}

/// What somebody lets others see of them; the organisation decides, here nothing more is asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Person {
    pub id: String,
    pub first_name: String,
    pub last_name: String,
    #[serde(default)]
    pub email: Option<String>,
}

impl Person {
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name.trim(), self.last_name.trim()).trim().to_owned()
    }
}

impl Record for Directory {
    const NAME: &'static str = "directory";

    fn problem(&self) -> Option<String> {
        let wrong = |person: &&Person| person.name().is_empty();
        many(&self.people, "people")
            .or_else(|| self.people.iter().find(wrong).map(|person| format!("person {} has no name", person.id)))
    }

    fn settle(&mut self) {
        self.people.sort_by_key(|person| (person.last_name.to_lowercase(), person.first_name.to_lowercase()));
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PrayerWall {
    pub prayers: Vec<Prayer>,
    /// This member belongs to the prayer team.
    #[serde(default)]
    pub on_prayer_team: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    Public,
    PrayerTeam,
    /// The one who asks, and the staff.
    Private,
}

impl Visibility {
    pub fn label(self) -> &'static str {
        match self {
            Self::Public => "Public",
            Self::PrayerTeam => "Prayer team",
            Self::Private => "Private",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrayerCategory {
    Health,
    Financial,
    Family,
    Spiritual,
    Other,
}

impl PrayerCategory {
    pub const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Health, "health", "Health"),
        (Self::Financial, "financial", "Financial"),
        (Self::Family, "family", "Family"),
        (Self::Spiritual, "spiritual", "Spiritual"),
        (Self::Other, "other", "Other"),
    ];

    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(category, ..)| *category == self).map_or("other", |(_, word, _)| word)
    }

    pub fn label(self) -> &'static str {
        Self::ALL.iter().find(|(category, ..)| *category == self).map_or("Other", |(_, _, label)| label)
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Prayer {
    pub id: String,
    pub text: String,
    pub category: PrayerCategory,
    pub visibility: Visibility,
    pub asked_on: String,
    /// None where it is anonymous.
    #[serde(default)]
    pub author: Option<String>,
    #[serde(default)]
    pub anonymous: bool,
    /// How many said that they prayed.
    #[serde(default)]
    pub prayer_count: i64,
    #[serde(default)]
    pub answered: bool,
    #[serde(default)]
    pub answer_note: String,
    /// This member asked for it.
    #[serde(default)]
    pub mine: bool,
}

impl Prayer {
    /// Who asks, as the others read it.
    pub fn author_words(&self) -> &str {
        match &self.author {
            _ if self.mine => "You",
            Some(name) if !self.anonymous && !name.trim().is_empty() => name,
            _ => "Somebody",
        }
    }

    pub fn day_words(&self) -> String {
        day(&self.asked_on).map_or_else(|| self.asked_on.clone(), |day| Moment::of_day(day).day_words())
    }
}

impl Record for PrayerWall {
    const NAME: &'static str = "prayers";

    fn problem(&self) -> Option<String> {
        let wrong = |prayer: &&Prayer| day(&prayer.asked_on).is_none() || prayer.text.trim().is_empty();
        many(&self.prayers, "prayers")
            .or_else(|| self.prayers.iter().find(wrong).map(|prayer| format!("prayer {} cannot be read", prayer.id)))
    }

    /// Mission says only what this member may see; should it ever say more, it ends here. A name that shall not be known is not kept.
    fn settle(&mut self) {
        let team = self.on_prayer_team;
        self.prayers.retain(|prayer| match prayer.visibility {
            Visibility::Public => true,
            Visibility::PrayerTeam => team || prayer.mine,
            Visibility::Private => prayer.mine,
        });
        for prayer in self.prayers.iter_mut().filter(|prayer| prayer.anonymous) {
            prayer.author = None;
        }
        self.prayers.sort_by(|a, b| a.answered.cmp(&b.answered).then(b.asked_on.cmp(&a.asked_on)).then(b.id.cmp(&a.id)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prayer(id: &str, visibility: Visibility, mine: bool) -> Prayer {
        Prayer {
            id: id.to_owned(),
            text: "Please pray".to_owned(),
            category: PrayerCategory::Health,
            visibility,
            asked_on: "2026-03-01".to_owned(),
            author: Some("Ann".to_owned()),
            anonymous: true,
            prayer_count: 0,
            answered: false,
            answer_note: String::new(),
            mine,
        }
    }

    #[test]
    fn a_prayer_is_seen_by_whom_it_is_for_and_an_anonymous_name_by_nobody() {
        let all = || {
            vec![
                prayer("a", Visibility::Public, false),
                prayer("b", Visibility::PrayerTeam, false),
                prayer("c", Visibility::Private, false),
                prayer("d", Visibility::Private, true),
            ]
        };
        let seen = |on_prayer_team| {
            let mut wall = PrayerWall { prayers: all(), on_prayer_team };
            wall.settle();
            assert!(wall.prayers.iter().all(|prayer| prayer.author.is_none()));
            let mut ids: Vec<String> = wall.prayers.into_iter().map(|prayer| prayer.id).collect();
            ids.sort();
            ids.concat()
        };
        assert_eq!(seen(false), "ad");
        assert_eq!(seen(true), "abd");
    }

    #[test]
    fn sums_are_kept_apart_by_currency() {
        let gift = |amount, currency: &str| Gift {
            id: String::new(),
            given_on: "2026-01-01".to_owned(),
            fund: "General".to_owned(),
            amount,
            currency: currency.to_owned(),
            method: String::new(),
            deductible: true,
        };
        assert_eq!(sums(&[gift(1_000, "USD"), gift(500, "EUR"), gift(2_500, "USD")]), ["€5.00", "$35.00"]);
    }
}
