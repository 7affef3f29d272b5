//! Why somebody of the PSA's waits for a decision, in words, and what an admin may say. No database, no web.

use entity::integrations::{PersonWait, psa_person};

/// What an admin says of somebody who waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Do what the PSA says.
    Obey,
    /// Leave it here as it is, until the PSA says something new.
    Keep,
    /// Of several this one counts.
    Follow,
    /// Nobody here: what the PSA says of them is not listened to.
    Leave,
    /// Listen again.
    Heed,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Self::Obey => "obey",
            Self::Keep => "keep",
            Self::Follow => "follow",
            Self::Leave => "leave",
            Self::Heed => "heed",
        }
    }

    pub fn of(word: &str) -> Option<Self> {
        [Self::Obey, Self::Keep, Self::Follow, Self::Leave, Self::Heed].into_iter().find(|verdict| verdict.word() == word)
    }
}

/// What is so, and what to do.
pub fn why(row: &psa_person::Model) -> String {
    let name = &row.name;
    match row.waits {
        None => String::new(),
        Some(PersonWait::Company) => {
            "Their company in the PSA is no client here yet: match it under Companies, or leave them out.".to_owned()
        }
        Some(PersonWait::NoAddress) => "The PSA has no e-mail address that mail can be sent to: enter it there.".to_owned(),
        Some(PersonWait::Twin) => {
            "The PSA has them twice, and says two things: say which of the two counts, or leave this one out.".to_owned()
        }
        Some(PersonWait::TwoCompanies) => {
            format!("The PSA has {} at two companies, and one address signs in for one: say at which they come in.", row.email)
        }
        Some(PersonWait::Taken) => {
            format!(
                "{} signs in here for somebody else already: give them another address in the PSA, or leave them out.",
                row.email
            )
        }
        Some(PersonWait::Moved) => {
            format!("{name} is known here at another company: say that they stay there, or leave them out.")
        }
        Some(PersonWait::OtherAddress) => {
            format!("Here {name} has another address than {}: invite them at the one here, or leave them out.", row.email)
        }
        Some(PersonWait::ByHand) if row.portal_access => {
            format!("Somebody here made {name} an admin of their company; the PSA says “{}”.", row.access_level)
        }
        Some(PersonWait::ByHand) => {
            format!("The PSA takes {name}'s portal access away, and somebody here made them an admin of their company.")
        }
        Some(PersonWait::ShutHere) => format!("The PSA gives {name} portal access, and somebody here deactivated them."),
        Some(PersonWait::Gone) => format!("{name} came in by the PSA, which does not have them any more."),
    }
}

/// What may be said, with what its button reads; the first is what the PSA wants.
pub fn verdicts(row: &psa_person::Model) -> &'static [(Verdict, &'static str)] {
    use Verdict::{Follow, Keep, Leave, Obey};
    match row.waits {
        None => &[],
        Some(PersonWait::Company | PersonWait::NoAddress | PersonWait::Taken) => &[(Leave, "Leave them out")],
        Some(PersonWait::Twin) => &[(Follow, "This one counts"), (Leave, "Leave this one out")],
        Some(PersonWait::TwoCompanies) => &[(Follow, "They come in here"), (Leave, "Leave this one out")],
        Some(PersonWait::Moved) => &[(Keep, "They stay there"), (Leave, "Leave them out")],
        Some(PersonWait::OtherAddress) => &[(Obey, "Invite at the address here"), (Leave, "Leave them out")],
        Some(PersonWait::ByHand) if row.portal_access => &[(Obey, "Change the level"), (Keep, "Stay an admin")],
        Some(PersonWait::ByHand | PersonWait::Gone) => &[(Obey, "Deactivate them"), (Keep, "Let them stay")],
        Some(PersonWait::ShutHere) => &[(Obey, "Let them in again"), (Keep, "Stay deactivated")],
    }
}
