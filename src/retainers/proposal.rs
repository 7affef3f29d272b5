//! The noun: what an attorney did that may become time, in words and in minutes. Pure. No word of what was written or read stands
//! in it: how many messages, and the title of what was reviewed.

use entity::retainers::ProposalKind;

use super::minutes::STEP;

/// Minutes that are proposed; the attorney puts in what it took.
pub fn minutes(kind: ProposalKind, pieces: i32) -> i64 {
    match kind {
        ProposalKind::Messages => (i64::from(pieces) * STEP).clamp(STEP, 4 * 60),
        ProposalKind::Document => 2 * STEP,
        ProposalKind::Returned | ProposalKind::Approved => 5 * STEP,
    }
}

/// What the entry would say.
pub fn words(kind: ProposalKind, pieces: i32, subject: &str) -> String {
    match kind {
        ProposalKind::Messages if pieces == 1 => "Wrote a message in the conversation".to_owned(),
        ProposalKind::Messages => format!("Wrote {pieces} messages in the conversation"),
        ProposalKind::Document => format!("Reviewed the document “{subject}”"),
        ProposalKind::Returned => format!("Reviewed {subject}, returned with comments"),
        ProposalKind::Approved => format!("Reviewed and approved {subject}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proposal_says_what_was_done_and_about_how_long() {
        assert_eq!(words(ProposalKind::Messages, 3, ""), "Wrote 3 messages in the conversation");
        assert_eq!(minutes(ProposalKind::Messages, 3), 18);
        assert_eq!(minutes(ProposalKind::Messages, 10_000), 240);
        assert_eq!(words(ProposalKind::Approved, 1, "“MSA” for Acme"), "Reviewed and approved “MSA” for Acme");
        for kind in ProposalKind::ALL {
            assert_eq!(minutes(*kind, 1) % STEP, 0);
        }
    }
}
