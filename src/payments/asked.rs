//! What Stripe asks an attorney for, and why it restricts an account, in plain words. Pure.

/// `individual.verification.document` → a sentence. One that is not known is shown as Stripe writes it, so that nothing is hidden.
pub fn requirement(code: &str) -> String {
    // What is said of a person is the same, whichever person of the account it is.
    let field = match code.split_once('.') {
        Some(("individual" | "representative", field)) => field,
        Some((person, field)) if person.starts_with("person_") => field,
        _ => code,
    };
    let words = match field {
        "external_account" => "The bank account that payouts go to.",
        "tos_acceptance.date" | "tos_acceptance.ip" | "tos_acceptance.user_agent" => "Your agreement to Stripe's terms of service.",
        "business_type" => "Whether you work as a person or as a company.",
        "business_profile.mcc" => "What kind of business it is.",
        "business_profile.url" | "business_profile.product_description" => "Your website, or a sentence about what you do.",
        "business_profile.support_phone" => "A phone number for your clients.",
        "first_name" | "last_name" => "Your legal name.",
        "email" => "Your e-mail address.",
        "phone" => "Your phone number.",
        "id_number" => "Your tax or identity number (in the US the whole Social Security number).",
        "ssn_last_4" => "The last four digits of your Social Security number.",
        "verification.document" => "A photo of an identity document: passport, driver's license or ID card.",
        "verification.additional_document" => "A document that shows your address.",
        "verification.proof_of_liveness" => "A photo of yourself, so that Stripe knows it is you.",
        "company.name" => "The legal name of your company.",
        "company.tax_id" => "The tax number (EIN) of your company.",
        "company.phone" => "The phone number of your company.",
        "company.verification.document" => "A document that shows your company's registration.",
        "company.owners_provided" | "owners_provided" => "Who owns the company.",
        "company.directors_provided" | "directors_provided" => "Who directs the company.",
        _ if field.starts_with("dob.") => "Your date of birth.",
        _ if field.starts_with("address.") => "Your address.",
        _ if field.starts_with("company.address.") => "The address of your company.",
        _ if field.starts_with("relationship.") => "Your role in the company.",
        _ if field.starts_with("settings.payments.statement_descriptor") => "The name that stands on bank statements.",
        _ => return format!("Stripe asks for “{code}”."),
    };
    words.to_owned()
}

/// Stripe's list, each thing once: a date of birth is three codes and one thing to give.
pub fn requirements(codes: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for words in codes.iter().map(|code| requirement(code)) {
        if !all.contains(&words) {
            all.push(words);
        }
    }
    all
}

/// Why an account is restricted; empty where it is not.
pub fn restriction(reason: &str) -> &'static str {
    match reason {
        "" => "",
        "requirements.past_due" | "action_required.requested_capabilities" => {
            "Stripe asked for something and its deadline has passed. Give it, and payouts go on."
        }
        "requirements.pending_verification" | "under_review" | "listed" => {
            "Stripe is checking what you gave it. That takes minutes, seldom days; nothing is asked of you now."
        }
        "rejected.fraud"
        | "rejected.terms_of_service"
        | "rejected.listed"
        | "rejected.platform_fraud"
        | "rejected.platform_terms_of_service"
        | "rejected.platform_other"
        | "rejected.incomplete_verification"
        | "rejected.other" => "Stripe has closed this account. Write to Stripe's support; it tells only the account's owner why.",
        "platform_paused" => "The platform has paused this account. Ask its operator.",
        _ => "Stripe has restricted this account. Its page at Stripe says why.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stripe_asks_for_is_said_once_and_in_words() {
        let codes = [
            "individual.dob.day",
            "individual.dob.month",
            "individual.dob.year",
            "external_account",
            "individual.verification.document",
            "tos_acceptance.date",
            "tos_acceptance.ip",
            "person_1Abc.first_name",
            "something.new",
        ]
        .map(str::to_owned);
        let words = requirements(&codes);
        assert_eq!(words.len(), 6, "{words:?}");
        assert_eq!(words[0], "Your date of birth.");
        assert!(words.contains(&"Stripe asks for “something.new”.".to_owned()));
    }

    #[test]
    fn every_restriction_has_words() {
        for reason in ["requirements.past_due", "rejected.fraud", "platform_paused", "something.new"] {
            assert!(restriction(reason).ends_with('.'), "{reason}");
        }
        assert_eq!(restriction(""), "");
    }
}
