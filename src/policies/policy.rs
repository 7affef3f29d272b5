//! A client's policy: its states, who may do what in which, and what others may know of it.

use entity::{
    Moment,
    ids::{CompanyId, EnvelopeId, PolicyId, TemplateId, TenantId},
    policies::{Acknowledgement, Category, PolicyStatus},
    tenancy::{AttorneyRole, StaffRole},
};
use time::Date;

use crate::platform::Refusal;

/// **In force**, for the score: sent to the client and not ended. A policy whose acknowledgement is required counts from the
/// moment it is with the client until it is superseded, archived or cancelled; whether it is fully signed is signing's to say.
pub const IN_FORCE: [PolicyStatus; 3] = [PolicyStatus::ClientReview, PolicyStatus::FinalApproval, PolicyStatus::Published];

/// What other slices may know of a policy: everything but its words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFacts {
    pub policy: PolicyId,
    pub tenant: TenantId,
    pub company: CompanyId,
    pub template: TemplateId,
    pub title: String,
    pub category: Category,
    pub version: i32,
    pub status: PolicyStatus,
    pub acknowledgement: Acknowledgement,
    pub effective: Date,
    pub expiry: Option<Date>,
    /// The attorney has said that it may go to the client.
    pub approved: bool,
    /// The attorney wants changes.
    pub sent_back: bool,
    pub updated_at: Moment,
    pub sent_at: Option<Moment>,
    pub published_at: Option<Moment>,
    pub envelope: Option<EnvelopeId>,
    /// The version it replaces, once it is published.
    pub supersedes: Option<PolicyId>,
}

impl PolicyFacts {
    /// Where the client finds it in the portal, or why not yet.
    pub fn client_sees(&self) -> &'static str {
        match self.status {
            PolicyStatus::Draft => "Nothing: it is a draft. Finish the wizard and send it on.",
            PolicyStatus::InternalReview if self.approved => "Nothing yet: it is approved. Send it to the client.",
            PolicyStatus::InternalReview => "Nothing yet: it is with the attorney.",
            PolicyStatus::ClientReview => "Needs Your Signature, for those who are asked.",
            PolicyStatus::Cancelled => "Nothing: it was cancelled.",
            _ if self.acknowledgement == Acknowledgement::Informational => "For your information.",
            _ => "Signed Documents.",
        }
    }

    /// Why it does not count in the client's score; none where it does. `all`: the client's policies, among them a newer version.
    pub fn left_out(&self, all: &[Self], today: Date) -> Option<String> {
        let newer = all.iter().find(|other| other.supersedes == Some(self.policy) && other.published_at.is_some());
        let why = match self.status {
            PolicyStatus::Superseded if newer.is_some_and(|newer| newer.effective > today) => {
                let from = newer.map(|newer| Moment::of_day(newer.effective).day_words()).unwrap_or_default();
                return Some(format!("Superseded: a newer version is published, effective {from}."));
            }
            PolicyStatus::Draft | PolicyStatus::InternalReview => Some("Not with the client yet."),
            PolicyStatus::Archived => Some("Archived: no longer in force."),
            PolicyStatus::Superseded => Some("Superseded: a newer version is in force."),
            PolicyStatus::Cancelled => Some("Cancelled."),
            _ if self.acknowledgement == Acknowledgement::Informational => Some("Informational: nobody has to sign it."),
            _ => None,
        };
        why.map(str::to_owned)
    }
}

/// A policy that counts in the client's score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequiredPolicy {
    pub policy: PolicyId,
    pub company: CompanyId,
    pub template: TemplateId,
    pub title: String,
    pub category: Category,
    pub version: i32,
    pub status: PolicyStatus,
    pub effective: Date,
    pub expiry: Option<Date>,
    pub sent_at: Option<Moment>,
    pub envelope: Option<EnvelopeId>,
}

/// How signing and the vault name a policy.
pub fn source(policy: PolicyId) -> String {
    format!("policy:{policy}")
}

/// `2026-03-02`; nothing else.
pub fn day(text: &str) -> Option<Date> {
    let format = time::macros::format_description!("[year]-[month]-[day]");
    Date::parse(text.trim(), format).ok().filter(|day| (1900..=9999).contains(&day.year()))
}

/// `2 March 2026` in an agreement reads `March 2, 2026`.
pub fn day_words(day: Date) -> String {
    format!("{} {}, {}", day.month(), day.day(), day.year())
}

/// The day it is now in a zone (IANA name); UTC's where the zone is unknown.
pub fn today(zone: &str, now: Moment) -> Date {
    use time_tz::OffsetDateTimeExt;
    time_tz::timezones::get_by_name(zone).map_or_else(|| now.date(), |zone| now.datetime().to_timezone(zone).date())
}

/// As whom somebody stands before a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Staff(StaffRole),
    Attorney(AttorneyRole),
}

impl Standing {
    /// Of counsel and outside counsel see only what they are put on.
    pub fn sees_all(self) -> bool {
        !matches!(self, Self::Attorney(AttorneyRole::OfCounsel | AttorneyRole::OutsideCounsel))
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Staff(role) => role.label(),
            Self::Attorney(role) => role.label(),
        }
    }
}

/// What can be done with a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Edit,
    Submit,
    /// The MSP takes it back from the attorney.
    Recall,
    Approve,
    SendBack,
    Comment,
    SendToClient,
    Remind,
    ReplaceSigner,
    ApproveFinally,
    Cancel,
    Archive,
    /// A new version, or a new start after a cancelled one.
    Renew,
    /// Of counsel or outside counsel is let in.
    PutOn,
}

impl Verb {
    pub const ALL: &'static [Self] = &[
        Self::Edit,
        Self::Submit,
        Self::Recall,
        Self::Approve,
        Self::SendBack,
        Self::Comment,
        Self::SendToClient,
        Self::Remind,
        Self::ReplaceSigner,
        Self::ApproveFinally,
        Self::Cancel,
        Self::Archive,
        Self::Renew,
        Self::PutOn,
    ];

    /// Whether this role may ever do it.
    pub fn open_to(self, standing: Standing) -> bool {
        use AttorneyRole::{Associate, OfCounsel, Paralegal, Primary};
        use StaffRole::{Admin, Member, Owner, Viewer};
        let staff = matches!(standing, Standing::Staff(Owner | Admin | Member));
        let manager = matches!(standing, Standing::Staff(Owner | Admin));
        let attorney = |roles: &[AttorneyRole]| matches!(standing, Standing::Attorney(role) if roles.contains(&role));
        match self {
            Self::Edit | Self::Submit | Self::Renew => staff || attorney(&[Primary, Associate, Paralegal]),
            Self::Recall | Self::SendToClient | Self::Remind | Self::ReplaceSigner => staff,
            Self::Approve => attorney(&[Primary, Associate, OfCounsel]),
            Self::SendBack => attorney(&[Primary, Associate, OfCounsel, Paralegal]),
            Self::Comment => standing != Standing::Staff(Viewer),
            Self::ApproveFinally | Self::Archive => manager || attorney(&[Primary]),
            Self::Cancel => staff || attorney(&[Primary, Associate]),
            Self::PutOn => manager || attorney(&[Primary, Associate]),
        }
    }

    /// Who may: the words of a 403.
    pub fn whose(self) -> &'static str {
        match self {
            Self::Edit | Self::Submit | Self::Renew => {
                "Policies are drafted by the MSP's owner, admins and technicians, and by attorneys."
            }
            Self::Recall => "Only the MSP's owner, admins and technicians can take a policy back from review.",
            Self::SendToClient => "Only the MSP's owner, admins and technicians send policies to clients.",
            Self::Remind | Self::ReplaceSigner => "Only the MSP's owner, admins and technicians look after the signers.",
            Self::Approve => "Only an attorney (primary, associate, or of counsel put on it) can approve a policy.",
            Self::SendBack => "Only the attorneys and their paralegal can send a policy back.",
            Self::Comment => "Viewers read policies; ask the owner for the technician role to comment.",
            Self::ApproveFinally => "Final approval is given by the MSP's owner, an admin or the primary attorney.",
            Self::Cancel => "A policy is cancelled by the MSP's owner, admins and technicians, or by an attorney.",
            Self::Archive => "A policy is archived by the MSP's owner, an admin or the primary attorney.",
            Self::PutOn => "Others are let in by the MSP's owner, an admin, or the primary or associate attorney.",
        }
    }
}

/// Where a policy stands, as far as the rules ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    pub status: PolicyStatus,
    /// The attorney has approved what is in review.
    pub approved: bool,
    /// The template lets it go to the client without review.
    pub direct: bool,
}

/// The rule of all steps: where this verb leads from here, or why not now and what to do instead.
pub fn step(state: State, verb: Verb) -> Result<PolicyStatus, Refusal> {
    use PolicyStatus::{Archived, Cancelled, ClientReview, Draft, FinalApproval, InternalReview, Published, Superseded};
    use Verb::{
        Approve, ApproveFinally, Archive, Cancel, Comment, Edit, PutOn, Recall, Remind, Renew, ReplaceSigner, SendBack,
        SendToClient, Submit,
    };
    let status = state.status;
    match (verb, status) {
        (Edit, Draft) => Ok(Draft),
        (Submit, Draft) => Ok(InternalReview),
        (Recall | SendBack, InternalReview) => Ok(Draft),
        (Approve, InternalReview) if !state.approved => Ok(InternalReview),
        (SendToClient, InternalReview) if state.approved => Ok(ClientReview),
        (SendToClient, Draft) if state.direct => Ok(ClientReview),
        (Comment, Draft | InternalReview | ClientReview | FinalApproval) => Ok(status),
        (Remind | ReplaceSigner, ClientReview) => Ok(ClientReview),
        (ApproveFinally, FinalApproval) => Ok(Published),
        (Cancel, Draft | InternalReview | ClientReview | FinalApproval) => Ok(Cancelled),
        (Archive, Published | Superseded) => Ok(Archived),
        (Renew, Published | Cancelled) | (PutOn, _) => Ok(status),

        (Approve, InternalReview) => Err(no("already_approved", "It is approved already.", "The MSP sends it to the client.")),
        (SendToClient, InternalReview) => Err(no(
            "not_approved",
            "The attorney has not approved it yet.",
            "Wait for the approval; you are told when it is there.",
        )),
        (SendToClient, Draft) => Err(no(
            "not_approved",
            "This template asks for the attorney's review of each policy.",
            "Send it to the attorney first.",
        )),
        (Edit, InternalReview) => {
            Err(no("wrong_status", "It is with the attorney.", "Take it back first, or wait until it is sent back."))
        }
        (Edit, ClientReview | FinalApproval) => Err(no(
            "wrong_status",
            "The client has it as it is; its text can no longer change.",
            "Cancel it and start again from it.",
        )),
        (Edit | Cancel | Comment, Published) => {
            Err(no("immutable", "It is published and never changes again.", "Use Renew to make a new version of it."))
        }
        (ApproveFinally, ClientReview) => {
            Err(no("not_signed", "Not everybody has signed yet.", "Send a reminder, or wait for the last signature."))
        }
        (Remind | ReplaceSigner, _) => {
            Err(no("wrong_status", "Nobody is asked to sign it now.", "Signers are asked while it is with the client."))
        }
        (Archive, _) => Err(no(
            "wrong_status",
            "Only published and superseded policies are archived.",
            "Cancel it if it is not wanted any more.",
        )),
        (Renew, _) => Err(no("wrong_status", "It can be renewed once it is published.", "Carry on with this version first.")),
        (_, status) => Err(no(
            "wrong_status",
            format!("That cannot be done while it is “{}”.", status.label()),
            "Open the policy again: it may have moved on meanwhile.",
        )),
    }
}

fn no(code: &'static str, sentence: impl Into<std::borrow::Cow<'static, str>>, next_step: &'static str) -> Refusal {
    Refusal::new(code, sentence, next_step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_tenants_zone() {
        let night = Moment(1_772_506_800_000); // 3 March 2026, 03:00 UTC
        assert_eq!(today("America/Chicago", night).to_string(), "2026-03-02");
        assert_eq!(today("Nowhere/Land", night).to_string(), "2026-03-03");
        assert_eq!(day("2026-02-29"), None);
        assert_eq!(day("2026-03-02").map(day_words).as_deref(), Some("March 2, 2026"));
    }

    /// Every status × verb, as one table: where it leads, or the code of the refusal.
    #[test]
    fn every_step_from_every_status() {
        use PolicyStatus as S;
        use Verb as V;
        let code = |status, approved, direct, verb| match step(State { status, approved, direct }, verb) {
            Ok(to) => to.word(),
            Err(refusal) => refusal.code,
        };
        // draft, internal_review, approved, client_review, final_approval, published, superseded, archived, cancelled
        #[rustfmt::skip]
        let table: [(V, [&str; 9]); 14] = [
            (V::Edit,           ["draft",           "wrong_status",    "wrong_status",     "wrong_status",  "wrong_status",   "immutable",    "wrong_status", "wrong_status", "wrong_status"]),
            (V::Submit,         ["internal_review", "wrong_status",    "wrong_status",     "wrong_status",  "wrong_status",   "wrong_status", "wrong_status", "wrong_status", "wrong_status"]),
            (V::Recall,         ["wrong_status",    "draft",           "draft",            "wrong_status",  "wrong_status",   "wrong_status", "wrong_status", "wrong_status", "wrong_status"]),
            (V::Approve,        ["wrong_status",    "internal_review", "already_approved", "wrong_status",  "wrong_status",   "wrong_status", "wrong_status", "wrong_status", "wrong_status"]),
            (V::SendBack,       ["wrong_status",    "draft",           "draft",            "wrong_status",  "wrong_status",   "wrong_status", "wrong_status", "wrong_status", "wrong_status"]),
            (V::Comment,        ["draft",           "internal_review", "internal_review",  "client_review", "final_approval", "immutable",    "wrong_status", "wrong_status", "wrong_status"]),
            (V::SendToClient,   ["not_approved",    "not_approved",    "client_review",    "wrong_status",  "wrong_status",   "wrong_status", "wrong_status", "wrong_status", "wrong_status"]),
            (V::Remind,         ["wrong_status",    "wrong_status",    "wrong_status",     "client_review", "wrong_status",   "wrong_status", "wrong_status", "wrong_status", "wrong_status"]),
            (V::ReplaceSigner,  ["wrong_status",    "wrong_status",    "wrong_status",     "client_review", "wrong_status",   "wrong_status", "wrong_status", "wrong_status", "wrong_status"]),
            (V::ApproveFinally, ["wrong_status",    "wrong_status",    "wrong_status",     "not_signed",    "published",      "wrong_status", "wrong_status", "wrong_status", "wrong_status"]),
            (V::Cancel,         ["cancelled",       "cancelled",       "cancelled",        "cancelled",     "cancelled",      "immutable",    "wrong_status", "wrong_status", "wrong_status"]),
            (V::Archive,        ["wrong_status",    "wrong_status",    "wrong_status",     "wrong_status",  "wrong_status",   "archived",     "archived",     "wrong_status", "wrong_status"]),
            (V::Renew,          ["wrong_status",    "wrong_status",    "wrong_status",     "wrong_status",  "wrong_status",   "published",    "wrong_status", "wrong_status", "cancelled"]),
            (V::PutOn,          ["draft",           "internal_review", "internal_review",  "client_review", "final_approval", "published",    "superseded",   "archived",     "cancelled"]),
        ];
        assert_eq!(table.len(), V::ALL.len());
        let states = [
            S::Draft,
            S::InternalReview,
            S::InternalReview,
            S::ClientReview,
            S::FinalApproval,
            S::Published,
            S::Superseded,
            S::Archived,
            S::Cancelled,
        ];
        for (verb, row) in table {
            for (at, (status, expected)) in states.into_iter().zip(row).enumerate() {
                assert_eq!(code(status, at == 2, false, verb), expected, "{verb:?} from {status:?}");
            }
        }
        assert_eq!(code(S::Draft, false, true, V::SendToClient), "client_review", "where the template allows it");
    }

    /// Every verb × role.
    #[test]
    fn every_verb_for_every_role() {
        use AttorneyRole as A;
        use StaffRole as R;
        let roles = [
            Standing::Staff(R::Owner),
            Standing::Staff(R::Admin),
            Standing::Staff(R::Member),
            Standing::Staff(R::Viewer),
            Standing::Attorney(A::Primary),
            Standing::Attorney(A::Associate),
            Standing::Attorney(A::OfCounsel),
            Standing::Attorney(A::Paralegal),
            Standing::Attorney(A::OutsideCounsel),
        ];
        // owner admin member viewer · primary associate of_counsel paralegal outside_counsel
        let table = [
            (Verb::Edit, "yyy- yy-y-"),
            (Verb::Submit, "yyy- yy-y-"),
            (Verb::Recall, "yyy- -----"),
            (Verb::Approve, "---- yyy--"),
            (Verb::SendBack, "---- yyyy-"),
            (Verb::Comment, "yyy- yyyyy"),
            (Verb::SendToClient, "yyy- -----"),
            (Verb::Remind, "yyy- -----"),
            (Verb::ReplaceSigner, "yyy- -----"),
            (Verb::ApproveFinally, "yy-- y----"),
            (Verb::Cancel, "yyy- yy---"),
            (Verb::Archive, "yy-- y----"),
            (Verb::Renew, "yyy- yy-y-"),
            (Verb::PutOn, "yy-- yy---"),
        ];
        assert_eq!(table.len(), Verb::ALL.len());
        for (verb, row) in table {
            for (standing, expected) in roles.into_iter().zip(row.chars().filter(|c| *c != ' ')) {
                assert_eq!(verb.open_to(standing), expected == 'y', "{verb:?} for {standing:?}");
            }
        }
    }
}
