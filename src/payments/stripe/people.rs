//! Who is paid (connected accounts) and who pays (customers and their payment methods).

use std::collections::HashMap;

use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionAllowedPaymentMethodTypes as Allowed, RetrieveCheckoutSession,
};
use stripe_client_core::StripeRequest;
use stripe_connect::{
    account::{CreateAccount, CreateAccountCapabilities, CreateAccountCapabilitiesTransfers, CreateAccountType, RetrieveAccount},
    account_link::{CreateAccountLink, CreateAccountLinkType},
    login_link::CreateAccountLoginLink,
};
use stripe_core::customer::CreateCustomer;
use stripe_payment::payment_method::DetachPaymentMethod;
use stripe_shared::{
    AccountCapabilitiesStatus, CheckoutSessionMode, CheckoutSessionStatus, ExternalAccount, PaymentMethod, PaymentMethodType,
};

use super::{Called, Stripe, currency};

/// A connected account as it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountFact {
    pub submitted: bool,
    pub transfers: bool,
    pub payouts: bool,
    /// What Stripe asks for now, past due first.
    pub due: Vec<String>,
    pub disabled_reason: String,
    /// `Test Bank •••• 6789`
    pub bank: String,
    pub bank_failed: bool,
}

/// A payment method as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodFact {
    pub id: String,
    /// The words of `entity::payments::MethodKind`; anything else is not one we charge.
    pub kind: String,
    pub words: String,
    pub expires: String,
    pub customer: Option<String>,
}

impl Stripe {
    /// Opens an attorney's Express account, for transfers alone.
    pub async fn open_account(&self, key: &str, email: &str, ours: &str) -> Called<String> {
        let transfers = CreateAccountCapabilitiesTransfers { requested: Some(true) };
        let request = CreateAccount::new()
            .type_(CreateAccountType::Express)
            .email(email)
            .capabilities(CreateAccountCapabilities { transfers: Some(transfers), ..CreateAccountCapabilities::new() })
            .metadata(HashMap::from([("account".to_owned(), ours.to_owned())]));
        Ok(self.change(key, &request).await?.id.to_string())
    }

    pub async fn account(&self, id: &str) -> Called<AccountFact> {
        let account = self.read(RetrieveAccount::new(id).customize()).await?;
        let requirements = account.requirements;
        let mut due: Vec<String> = requirements.as_ref().and_then(|r| r.past_due.clone()).unwrap_or_default();
        for word in requirements.as_ref().and_then(|r| r.currently_due.clone()).unwrap_or_default() {
            if !due.contains(&word) {
                due.push(word);
            }
        }
        let bank = account.external_accounts.iter().flat_map(|list| &list.data).find_map(|one| match one {
            ExternalAccount::BankAccount(bank) => Some((bank.bank_name.clone(), bank.last4.clone(), bank.status == "errored")),
            ExternalAccount::Card(_) => None,
        });
        Ok(AccountFact {
            submitted: account.details_submitted.unwrap_or(false),
            transfers: account.capabilities.and_then(|c| c.transfers) == Some(AccountCapabilitiesStatus::Active),
            payouts: account.payouts_enabled.unwrap_or(false),
            due,
            disabled_reason: requirements.and_then(|r| r.disabled_reason).map(|r| r.as_str().to_owned()).unwrap_or_default(),
            bank: bank
                .as_ref()
                .map(|(name, last4, _)| format!("{} •••• {last4}", name.as_deref().unwrap_or("Bank account")))
                .unwrap_or_default(),
            bank_failed: bank.is_some_and(|(_, _, errored)| errored),
        })
    }

    /// The address of Stripe's hosted form; it opens once and for a few minutes.
    pub async fn account_link(&self, id: &str, refresh: &str, back: &str) -> Called<String> {
        let request = CreateAccountLink::new(id, CreateAccountLinkType::AccountOnboarding).refresh_url(refresh).return_url(back);
        Ok(self.read(request.customize()).await?.url)
    }

    /// The address of the attorney's own dashboard at Stripe.
    pub async fn login_link(&self, id: &str) -> Called<String> {
        Ok(self.read(CreateAccountLoginLink::new(id).customize()).await?.url)
    }

    pub async fn open_customer(&self, key: &str, name: &str, email: &str, ours: &str) -> Called<String> {
        let request =
            CreateCustomer::new().name(name).email(email).metadata(HashMap::from([("tenant".to_owned(), ours.to_owned())]));
        Ok(self.change(key, &request).await?.id.to_string())
    }

    /// Stripe's page where a payment method is set up for charges to come: its id and its address.
    pub async fn open_setup(&self, customer: &str, in_currency: &str, done: &str, cancelled: &str) -> Called<(String, String)> {
        let mut allowed = vec![Allowed::Card];
        if in_currency.eq_ignore_ascii_case("USD") {
            allowed.push(Allowed::UsBankAccount);
        }
        let request = CreateCheckoutSession::new()
            .mode(CheckoutSessionMode::Setup)
            .customer(customer)
            .currency(currency(in_currency))
            .allowed_payment_method_types(allowed)
            .success_url(done)
            .cancel_url(cancelled);
        let session = self.read(request.customize()).await?;
        Ok((session.id.to_string(), session.url.unwrap_or_default()))
    }

    /// The payment method that was set up there; none while it is not.
    pub async fn set_up_in(&self, session: &str) -> Called<Option<MethodFact>> {
        let request = RetrieveCheckoutSession::new(session).expand(vec!["setup_intent.payment_method".to_owned()]);
        let session = self.read(request.customize()).await?;
        if session.status != Some(CheckoutSessionStatus::Complete) {
            return Ok(None);
        }
        let method = session.setup_intent.and_then(|intent| intent.into_object()).and_then(|intent| intent.payment_method);
        Ok(method.and_then(|method| method.into_object()).map(|method| method_fact(&method)))
    }

    /// Takes a payment method from its customer; one that is gone already is gone.
    pub async fn detach(&self, method: &str) -> Called<()> {
        match self.read(DetachPaymentMethod::new(method).customize()).await {
            Err(error) if !error.is_missing() => Err(error),
            _ => Ok(()),
        }
    }
}

fn method_fact(method: &PaymentMethod) -> MethodFact {
    let (words, expires) = match (&method.card, &method.us_bank_account) {
        (Some(card), _) => {
            (format!("{} •••• {}", brand(&card.brand), card.last4), format!("{:04}-{:02}", card.exp_year, card.exp_month))
        }
        (_, Some(bank)) => (
            format!("{} •••• {}", bank.bank_name.as_deref().unwrap_or("Bank account"), bank.last4.as_deref().unwrap_or("????")),
            String::new(),
        ),
        _ => (method.type_.as_str().to_owned(), String::new()),
    };
    let kind = match method.type_ {
        PaymentMethodType::Card => "card".to_owned(),
        PaymentMethodType::UsBankAccount => "us_bank_account".to_owned(),
        ref other => other.as_str().to_owned(),
    };
    let customer = method.customer.as_ref().map(|customer| customer.id().to_string());
    MethodFact { id: method.id.to_string(), kind, words, expires, customer }
}

fn brand(word: &str) -> String {
    match word {
        "amex" => "American Express".to_owned(),
        "diners" => "Diners Club".to_owned(),
        "jcb" => "JCB".to_owned(),
        "unionpay" => "UnionPay".to_owned(),
        other => {
            let mut letters = other.chars();
            letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_else(|| "Card".to_owned())
        }
    }
}
