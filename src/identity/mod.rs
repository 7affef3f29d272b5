//! Accounts, passwords, second factors, sessions and links: who somebody is, never what they may do.
//!
//! Promise: unknown, known, invited and locked accounts answer a stranger alike; three wrong tries lock for 15 minutes, also
//! when made at once; a code and a link work once; what ends a session ends it at once.
//! Owns: `identity_*`. Refuses: a full session without everything its realm asks for.

mod commands;
mod device_words;
mod email;
mod kept;
mod letters;
mod passkey;
mod password;
mod queries;
mod recovery;
mod strength;

pub mod cookie;
pub mod gate;
pub mod ticket;
pub mod totp;

pub use commands::{
    accept_invite::{AcceptInvite, Accepted, accept_invite},
    change_email::{EmailChanged, ask_email_change, confirm_email_change, withdraw_email_change},
    change_factor::{NewFactor, begin_factor_change, confirm_factor_change, factor_in_change, take_lost_factor, turn_factor_off},
    change_password::{change_password, new_recovery_codes, rename},
    close_sessions::close_sessions,
    confirm_code::{Code, CodeAnswer, confirm_code},
    count_attempt::{LOCKED_FOR, TRIES},
    end_session::{SESSION_ENDED, end_session, end_sessions_of},
    enter::{Entered, enter},
    invite::{Invite, Invited, invite, resend_invite},
    keep_form::{KEPT_FOR, forget_form, keep_form},
    mail_link::{SIGN_IN_LIFE, SIGN_IN_LINKS, SendSignInLink, ask_sign_in_link, enter_by_link},
    open_session::{OpenSession, open_session},
    passkeys::{
        Answered, Question, add_passkey, ask_any_passkey, ask_new_passkey, ask_passkey, confirm_by_passkey, enter_by_passkey,
        passkeys_of, prove_by_passkey, remove_passkey, rename_passkey, usable_passkeys,
    },
    prove_again::{PROOF_LIFE, Proof, is_fresh, is_proved, prove_again},
    reset_factor::{cancel_factor_reset, confirm_factor_reset, reset_account, start_factor_reset},
    reset_password::{SendReset, ask_reset, reset_password},
    set_status::{deactivate, reactivate, unlock},
    set_up_factor::{SetUp, confirm_set_up, pending_secret, start_set_up},
    sign_in::{Opened, SignIn, SignInAnswer, sign_in},
    touch_session::touch_session,
    use_ticket::{note_arrival, ticket_was_used, use_ticket},
    vouch::{Vouched, vouch, vouch_for},
};
pub use device_words::device_words;
pub use email::{FIRM, normalise, parse as parse_email, portal_realm, realm_tenant};
pub use kept::KeptForm;
pub use passkey::Place;
pub use password::{evaluations, hash_password, judge_password, needs_rehash, verify_password};
pub use queries::{
    Arrivals, LinkState, SignedIn, Standing, account, account_by_email, accounts, accounts_of_kind, arrivals, arrivals_at,
    dead_session_of, ended_among, kept_form, link_account, link_state, new_email, newest_kept_form, open_factor_resets,
    pending_email, recovery_codes_left, refused_arrivals, sessions_of, signed_in, stale_invitations, standings,
};

use commands::remember_device as devices;
