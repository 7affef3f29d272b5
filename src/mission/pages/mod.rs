//! The member's pages.

pub mod dashboard;
pub mod directory;
pub mod events;
pub mod giving;
pub mod groups;
pub mod prayer;

use std::sync::Arc;

use entity::Moment;

use super::{
    MissionMember,
    commands::look::{Seen, Trouble, look},
    record::Record,
};
use crate::{
    platform::{Platform, Result},
    tenancy,
};

/// How old what is shown is, and, calmly, what is the matter; for `mission/_state.html` under the name `state`.
#[derive(Clone, Debug, Default)]
pub struct State {
    pub at: Option<Moment>,
    pub words: Option<String>,
    /// There is nothing to be shown at all.
    pub empty: bool,
}

impl State {
    fn of<R>(seen: &Seen<R>, organisation: &str, email: &str) -> Self {
        let words = seen.trouble.map(|trouble| match trouble {
            Trouble::NotConnected if seen.record.is_some() => format!("{organisation} is not connected at the moment."),
            Trouble::NotConnected => format!("{organisation} has not connected its records here yet."),
            Trouble::Away => format!("{organisation} cannot be reached at the moment. Nothing is lost; please look again later."),
            Trouble::Unknown => format!(
                "{organisation} does not know {email} yet. Ask its office to write this address into your record; then your pages fill by themselves."
            ),
        });
        Self { at: seen.at, words, empty: seen.record.is_none() }
    }
}

/// A record, or an empty one, with the state of its page and the organisation's name.
async fn page_of<R: Record + Default>(platform: &Arc<Platform>, who: &MissionMember) -> Result<(R, State, String)> {
    let seen = look::<R>(platform, who).await?;
    let tx = platform.read(who.caller.reach()).await?;
    let organisation = tenancy::tenant(&tx, who.tenant).await?.map_or_else(String::new, |tenant| tenant.name);
    let state = State::of(&seen, &organisation, &who.caller.email);
    Ok((seen.record.unwrap_or_default(), state, organisation))
}

/// `value` among the words of a filter, in any letters.
fn holds(text: &str, wanted: &str) -> bool {
    let text = text.to_lowercase();
    wanted.to_lowercase().split_whitespace().all(|word| text.contains(word))
}
