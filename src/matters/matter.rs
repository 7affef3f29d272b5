//! The noun: what a matter is called and which step follows which. No database, no web.

use entity::{
    Moment,
    ids::{AccountId, CompanyId, ConversationId, MatterId, TenantId},
    matters::{MatterKind, MatterStatus, Urgency},
};

use crate::platform::{FieldErrors, Refusal};

/// Characters a title may have.
pub const TITLE_LIMIT: usize = 200;
/// Characters a description may have.
pub const DESCRIPTION_LIMIT: usize = 20_000;

/// A step of a matter's life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Claim,
    Resolve,
    Close,
    Reopen,
}

impl Step {
    /// Where this step leads from there; a refusal that says what can be done instead.
    pub fn from(self, status: MatterStatus) -> Result<MatterStatus, Refusal> {
        use MatterStatus::{Closed, InProgress, Open, Resolved};
        match (self, status) {
            (Self::Claim, Open) => Ok(InProgress),
            (Self::Claim, _) => Err(Refusal::new(
                "already_claimed",
                "This matter is already with an attorney.",
                "Open it to see who is responsible; join it if you are needed as well.",
            )),
            (Self::Resolve, InProgress) => Ok(Resolved),
            (Self::Resolve, Open) => Err(Refusal::new(
                "not_claimed",
                "Nobody has claimed this matter yet.",
                "An attorney claims it first, then resolves it.",
            )),
            (Self::Close, Resolved) => Ok(Closed),
            (Self::Close, Open | InProgress) => Err(Refusal::new(
                "not_resolved",
                "This matter is not resolved yet.",
                "The attorney marks it resolved; then it can be closed.",
            )),
            (Self::Reopen, Resolved | Closed) => Ok(InProgress),
            (Self::Reopen, Open | InProgress) => Err(Refusal::new(
                "not_resolved",
                "This matter is still being worked on.",
                "Write what is missing into its conversation.",
            )),
            (Self::Resolve | Self::Close, _) => {
                Err(Refusal::new("already_done", "That has been done already.", "Re-open the matter if more is needed."))
            }
        }
    }
}

/// A title on one line, without what cannot be seen.
pub fn clean_title(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

pub fn check_title(title: &str, errors: &mut FieldErrors) {
    if title.is_empty() {
        errors.add("title", "Give the matter a title.");
    } else if title.chars().count() > TITLE_LIMIT {
        errors.add("title", format!("At most {TITLE_LIMIT} characters; the rest belongs into the description."));
    }
}

pub fn check_description(text: &str, errors: &mut FieldErrors) {
    if text.is_empty() {
        errors.add("description", "Say what happened and what you need to know.");
    } else if text.chars().count() > DESCRIPTION_LIMIT {
        errors.add("description", format!("At most {DESCRIPTION_LIMIT} characters; attach a document for more."));
    }
}

/// The owner of a matter's documents in the vault.
pub fn owner(id: MatterId) -> String {
    format!("matter:{id}")
}

/// One line of the list.
#[derive(Clone, Debug)]
pub struct MatterLine {
    pub id: MatterId,
    pub tenant: TenantId,
    pub company_id: Option<CompanyId>,
    pub company: Option<String>,
    pub title: String,
    pub kind: MatterKind,
    pub urgency: Urgency,
    pub status: MatterStatus,
    pub conversation: ConversationId,
    pub opened_by_name: String,
    pub claimed_by: Option<AccountId>,
    pub claimed_by_name: Option<String>,
    pub opened_at: Moment,
    /// When something last happened: a step, a word, a document.
    pub active_at: Moment,
    /// Messages this person has not read.
    pub unread: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_step_follows_only_where_it_may() {
        use MatterStatus::{Closed, InProgress, Open, Resolved};
        let allowed = [
            (Step::Claim, Open, InProgress),
            (Step::Resolve, InProgress, Resolved),
            (Step::Close, Resolved, Closed),
            (Step::Reopen, Resolved, InProgress),
            (Step::Reopen, Closed, InProgress),
        ];
        for step in [Step::Claim, Step::Resolve, Step::Close, Step::Reopen] {
            for status in MatterStatus::ALL {
                let expected = allowed.iter().find(|(s, from, _)| *s == step && from == status).map(|(_, _, to)| *to);
                assert_eq!(step.from(*status).ok(), expected, "{step:?} from {status}");
            }
        }
    }

    #[test]
    fn a_title_is_one_line() {
        assert_eq!(clean_title("  A\r\nB\u{7}  C "), "A B C");
    }
}
