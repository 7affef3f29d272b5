//! Stripe's test cards and test bank accounts, by number and by token, and how each behaves.

/// How a payment method behaves: when it is set up, and when it is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behaviour {
    pub name: &'static str,
    pub number: &'static str,
    pub tokens: &'static [&'static str],
    pub brand: &'static str,
    /// Declined already when it is attached or set up.
    pub setup_decline: Option<&'static str>,
    /// Declined (cards) or failed days later (bank accounts) when it is charged.
    pub charge_decline: Option<&'static str>,
    pub authentication: Authentication,
    pub then: Then,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authentication {
    Never,
    /// When it is set up, or at a payment with the customer present; afterwards off-session payments pass.
    AtSetUp,
    Always,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    Nothing,
    /// The money is available at once.
    Available,
    Disputed(&'static str),
    /// The debit succeeds, and is returned by the bank days later.
    Returned(&'static str),
}

const OK: Behaviour = Behaviour {
    name: "ok",
    number: "4242424242424242",
    tokens: &["pm_card_visa"],
    brand: "visa",
    setup_decline: None,
    charge_decline: None,
    authentication: Authentication::Never,
    then: Then::Nothing,
};

const fn declined(name: &'static str, number: &'static str, tokens: &'static [&'static str], code: &'static str) -> Behaviour {
    Behaviour { name, number, tokens, setup_decline: Some(code), charge_decline: Some(code), ..OK }
}

pub const CARDS: &[Behaviour] = &[
    OK,
    Behaviour { name: "mastercard", number: "5555555555554444", tokens: &["pm_card_mastercard"], brand: "mastercard", ..OK },
    Behaviour { name: "amex", number: "378282246310005", tokens: &["pm_card_amex"], brand: "amex", ..OK },
    Behaviour {
        name: "authentication_at_set_up",
        number: "4000002500003155",
        tokens: &["pm_card_authenticationRequiredOnSetup"],
        authentication: Authentication::AtSetUp,
        ..OK
    },
    Behaviour {
        name: "authentication_always",
        number: "4000002760003184",
        tokens: &["pm_card_authenticationRequired"],
        authentication: Authentication::Always,
        ..OK
    },
    Behaviour {
        name: "declines_when_charged",
        number: "4000000000000341",
        tokens: &["pm_card_chargeCustomerFail"],
        charge_decline: Some("generic_decline"),
        ..OK
    },
    declined("generic_decline", "4000000000000002", &["pm_card_chargeDeclined", "pm_card_visa_chargeDeclined"], "generic_decline"),
    declined(
        "insufficient_funds",
        "4000000000009995",
        &["pm_card_chargeDeclinedInsufficientFunds", "pm_card_visa_chargeDeclinedInsufficientFunds"],
        "insufficient_funds",
    ),
    declined("lost_card", "4000000000009987", &["pm_card_visa_chargeDeclinedLostCard"], "lost_card"),
    declined("stolen_card", "4000000000009979", &["pm_card_visa_chargeDeclinedStolenCard"], "stolen_card"),
    declined("expired_card", "4000000000000069", &["pm_card_chargeDeclinedExpiredCard"], "expired_card"),
    declined("incorrect_cvc", "4000000000000127", &["pm_card_chargeDeclinedIncorrectCvc"], "incorrect_cvc"),
    declined("processing_error", "4000000000000119", &["pm_card_chargeDeclinedProcessingError"], "processing_error"),
    Behaviour {
        name: "disputed",
        number: "4000000000000259",
        tokens: &["pm_card_createDispute"],
        then: Then::Disputed("fraudulent"),
        ..OK
    },
    Behaviour {
        name: "available_at_once",
        number: "4000000000000077",
        tokens: &["pm_card_bypassPending"],
        then: Then::Available,
        ..OK
    },
];

const BANK: Behaviour = Behaviour {
    name: "bank_ok",
    number: "000123456789",
    tokens: &["pm_usBankAccount_success", "pm_usBankAccount"],
    brand: "",
    ..OK
};

const fn fails(name: &'static str, number: &'static str, tokens: &'static [&'static str], code: &'static str) -> Behaviour {
    Behaviour { name, number, tokens, charge_decline: Some(code), ..BANK }
}

pub const BANKS: &[Behaviour] = &[
    BANK,
    fails("bank_no_account", "000111111116", &["pm_usBankAccount_noAccount"], "no_account"),
    fails("bank_account_closed", "000111111113", &["pm_usBankAccount_accountClosed"], "account_closed"),
    fails("bank_insufficient_funds", "000222222227", &["pm_usBankAccount_insufficientFunds"], "insufficient_funds"),
    fails("bank_debit_not_authorized", "000333333335", &["pm_usBankAccount_debitNotAuthorized"], "debit_not_authorized"),
    fails("bank_invalid_currency", "000444444440", &["pm_usBankAccount_invalidCurrency"], "invalid_currency"),
    Behaviour {
        name: "bank_disputed",
        number: "000555555559",
        tokens: &["pm_usBankAccount_dispute"],
        then: Then::Disputed("debit_not_authorized"),
        ..BANK
    },
    // The stand-in's own number: what Stripe describes as rare, a return after the payment had succeeded.
    Behaviour {
        name: "bank_returned_later",
        number: "000999999991",
        tokens: &["pm_usBankAccount_returnedLater"],
        then: Then::Returned("insufficient_funds"),
        ..BANK
    },
];

pub fn card(number: &str) -> Option<&'static Behaviour> {
    CARDS.iter().find(|behaviour| behaviour.number == number)
}

pub fn bank(number: &str) -> Option<&'static Behaviour> {
    BANKS.iter().find(|behaviour| behaviour.number == number)
}

pub fn token(token: &str) -> Option<(&'static str, &'static Behaviour)> {
    let known = |list: &'static [Behaviour]| list.iter().find(|behaviour| behaviour.tokens.contains(&token));
    known(CARDS).map(|found| ("card", found)).or_else(|| known(BANKS).map(|found| ("us_bank_account", found)))
}

pub fn named(name: &str) -> &'static Behaviour {
    CARDS.iter().chain(BANKS).find(|behaviour| behaviour.name == name).unwrap_or(&CARDS[0])
}

/// What the payer is told.
pub fn words(code: &str) -> &'static str {
    match code {
        "insufficient_funds" => "Your card has insufficient funds.",
        "lost_card" | "stolen_card" | "generic_decline" => "Your card was declined.",
        "expired_card" => "Your card has expired.",
        "incorrect_cvc" => "Your card's security code is incorrect.",
        "processing_error" => "An error occurred while processing your card. Try again in a little bit.",
        "authentication_required" => "Your card was declined. This transaction requires authentication.",
        _ => "Your card was declined.",
    }
}

/// Stripe's words for a bank debit that failed.
pub fn bank_words(code: &str) -> &'static str {
    match code {
        "no_account" => "The bank account could not be located.",
        "account_closed" => "The bank account has been closed.",
        "insufficient_funds" => "The customer's account has insufficient funds to cover this payment.",
        "debit_not_authorized" => "The customer has notified their bank that this payment was unauthorized.",
        "invalid_currency" => "The bank was unable to process this transaction because of its currency.",
        _ => "The bank could not process this payment.",
    }
}

/// Stripe's `code` beside a card's decline code.
pub fn error_code(decline: &str) -> &str {
    match decline {
        "expired_card" | "incorrect_cvc" | "processing_error" | "authentication_required" => decline,
        _ => "card_declined",
    }
}
