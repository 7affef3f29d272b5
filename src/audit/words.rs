//! What an action reads like to the person it concerns.

/// Actions whose own words would say too little.
const WORDS: &[(&str, &str)] = &[
    ("access.denied", "Tried to open something you may not"),
    ("account.read_in_bulk", "Many documents opened in a short time: reported"),
    ("account.locked", "Sign-in locked after three wrong tries"),
    ("account.unlocked", "Sign-in unlocked"),
    ("account.renamed", "Changed the name"),
    ("audit.exported", "Took the audit log out"),
    ("audit.verified", "Verified the audit log"),
    ("document.viewed", "Looked at a document"),
    ("document.downloaded", "Downloaded a document"),
    ("document.granted", "Let somebody read a document"),
    ("document.ungranted", "Took a reader from a document"),
    ("email.change_asked", "Asked for another e-mail address"),
    ("email.change_withdrawn", "Withdrew the new e-mail address"),
    ("email.changed", "Changed the e-mail address"),
    ("envelope.completed", "Gave the last signature on a document"),
    ("envelope.sent", "Sent a document to be signed"),
    ("envelope.viewed", "Opened a document to sign"),
    ("envelope.signed", "Signed a document"),
    ("envelope.declined", "Declined to sign a document"),
    ("factor_reset.started", "Reset of the second factor started"),
    ("factor_reset.confirmed", "Reset of the second factor confirmed"),
    ("factor_reset.cancelled", "Reset of the second factor cancelled"),
    ("invite.accepted", "Accepted an invitation"),
    ("invite.sent", "Invitation sent"),
    ("login.failed", "Sign-in refused: wrong password or code"),
    ("notification_preferences.changed", "Changed which mails come"),
    ("ledger.posted", "Posted in the ledger"),
    ("payment_method.changed", "Changed the payment method"),
    ("payment_method.removed", "Removed the payment method"),
    ("payment_method.set_up_begun", "Began to set up a payment method"),
    ("payments.reconciled", "Compared the books with Stripe's"),
    ("payments.reconciliation_asked", "Asked for the books to be compared with Stripe's"),
    ("payout_account.begun", "Began to set up a payout account"),
    ("payout_account.changed", "The payout account changed at Stripe"),
    ("payout_account.opened", "Opened a payout account at Stripe"),
    ("payout_account.shown_at_stripe", "Opened the payout account at Stripe"),
    ("password.accepted", "Right password, code awaited"),
    ("policy.fully_signed", "A policy is signed by everybody"),
    ("proof.failed", "Wrong password or code when asked again"),
    ("proof.given", "Gave password and code again"),
    ("recovery_code.used", "Signed in with a recovery code"),
    ("reset.asked", "Asked for a new password"),
    ("session.ended", "Signed out, or ended a session"),
    ("session.opened", "Signed in"),
    ("settlement.approved", "Approved a payout"),
    ("settlement.charge_asked", "Asked Stripe for the charge of a payout"),
    ("settlement.charge_cancelled", "Withdrew the charge of a payout"),
    ("settlement.confirmation_begun", "Went to the bank to confirm a payment"),
    ("settlement.looked_at", "Had a payout looked at again"),
    ("settlement.moved", "A payout went on"),
    ("settlement.reversal_asked", "Asked Stripe to take a transfer back"),
    ("settlement.scheduled", "Billed a period"),
    ("settlement.transfer_asked", "Asked Stripe to pass money on"),
    ("settlement.tried_again", "Asked for a payout to be charged now"),
    ("settlement.waived", "Waived a payout"),
    ("statement.exported", "Took a statement out"),
    ("totp.changed", "Set up another authenticator app"),
    ("totp.confirmed", "Second factor set up"),
    ("totp.refused", "Wrong code"),
    ("webhook.replayed", "Had a webhook of Stripe's worked off again"),
    ("year.exported", "Took the year's totals out"),
];

/// `session.opened` → `Signed in`; what has no words of its own reads as it is called: `policy.sent_back` → `Policy sent back`.
pub fn words(action: &str) -> String {
    if let Some((_, words)) = WORDS.iter().find(|(known, _)| *known == action) {
        return (*words).to_owned();
    }
    let words = action.replace(['.', '_'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
