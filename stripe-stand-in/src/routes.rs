//! Every address of Stripe's that is answered here, one a line, with the parameters it takes.
//!
//! The parameters are those of API version 2026-09-30.endive as Stripe's own client libraries list them. `later` marks what
//! is documented and not modelled.

use serde_json::Value;

use crate::api::*;
use crate::error::Answer;
use crate::spec::LIST;
use crate::world::{Call, World};
use crate::{events, money, spec};

pub type Run = fn(&mut World, &Call, &Value) -> Answer;

pub struct Route {
    pub method: &'static str,
    pub path: &'static str,
    pub spec: &'static str,
    pub run: Run,
}

const NONE: &str = "";
const ACCOUNT: &str = "business_profile:any business_type:individual|company|non_profit|government_entity capabilities:any company:any \
    default_currency:currency documents:later email:str external_account:any groups:later individual:any metadata:map \
    settings:any tos_acceptance:any account_token:later";
const CUSTOMER: &str = "address:any balance:int business_name:str cash_balance:later description:str email:str individual_name:str \
    invoice_prefix:str invoice_settings:any metadata:map name:str next_invoice_sequence:int phone:str preferred_locales:strs \
    shipping:any source:later tax:later tax_exempt:none|exempt|reverse validate:bool";
const INTENT: &str = "amount_details:later excluded_payment_method_types:strs hooks:later \
    payment_details:later payment_method:str payment_method_data:later payment_method_options:any receipt_email:str \
    setup_future_usage:off_session|on_session shipping:any allowed_payment_method_types:strs \
    capture_method:automatic|automatic_async";
const ATTEMPT: &str = "confirmation_token:later error_on_requires_action:bool mandate:str mandate_data:any off_session:true|false|one_off|recurring \
    radar_options:later return_url:str use_stripe_sdk:bool";
const CONNECT: &str = "application_fee_amount:later transfer_data:later";

macro_rules! routes {
    ($($method:ident $path:literal $run:expr, $($spec:expr),+;)+) => {
        static ROUTES: std::sync::LazyLock<Vec<Route>> = std::sync::LazyLock::new(|| vec![
            $(Route { method: stringify!($method), path: $path, run: $run, spec: Box::leak([$($spec),+].join(" ").into_boxed_str()) },)+
        ]);
    };
}

routes! {
    GET  "/v1/account" accounts::own, NONE;
    POST "/v1/accounts" accounts::create, ACCOUNT, "country:str controller:any type:express|standard|custom";
    GET  "/v1/accounts" accounts::list, LIST, "created:range";
    GET  "/v1/accounts/:id" accounts::retrieve, NONE;
    POST "/v1/accounts/:id" accounts::update, ACCOUNT;
    DELETE "/v1/accounts/:id" accounts::delete, NONE;
    POST "/v1/accounts/:id/login_links" account_links::login, NONE;
    POST "/v1/account_links" account_links::create,
        "account!:str type!:account_onboarding|account_update collect:currently_due|eventually_due collection_options:any \
         refresh_url!:str return_url!:str";
    GET  "/v1/accounts/:id/external_accounts" external_accounts::list, LIST, "object:bank_account|card";
    POST "/v1/accounts/:id/external_accounts" external_accounts::create,
        "external_account!:any default_for_currency:bool metadata:map";
    GET  "/v1/accounts/:id/external_accounts/:bank" external_accounts::retrieve, NONE;
    DELETE "/v1/accounts/:id/external_accounts/:bank" external_accounts::delete, NONE;

    POST "/v1/customers" customers::create, CUSTOMER, "payment_method:str tax_id_data:later test_clock:later";
    GET  "/v1/customers" customers::list, LIST, "created:range email:str test_clock:later";
    GET  "/v1/customers/:id" customers::retrieve, NONE;
    POST "/v1/customers/:id" customers::update, CUSTOMER, "default_source:later";
    DELETE "/v1/customers/:id" customers::delete, NONE;
    GET  "/v1/customers/:id/payment_methods" payment_methods::list_of_customer, LIST, "type:str allow_redisplay:str";

    POST "/v1/payment_methods" payment_methods::create,
        "type!:card|us_bank_account card:any us_bank_account:any billing_details:any metadata:map allow_redisplay:str customer:later \
         payment_method:later radar_options:later";
    GET  "/v1/payment_methods" payment_methods::list, LIST, "customer:str customer_account:later type:str allow_redisplay:str";
    GET  "/v1/payment_methods/:id" payment_methods::retrieve, NONE;
    POST "/v1/payment_methods/:id" payment_methods::update,
        "allow_redisplay:str billing_details:any card:later metadata:map us_bank_account:later";
    POST "/v1/payment_methods/:id/attach" payment_methods::attach, "customer!:str customer_account:later";
    POST "/v1/payment_methods/:id/detach" payment_methods::detach, NONE;
    GET  "/v1/mandates/:id" setup_intents::mandate, NONE;

    POST "/v1/setup_intents" setup_intents::create,
        "allowed_payment_method_types:strs attach_to_self:later automatic_payment_methods.enabled:bool \
         automatic_payment_methods.allow_redirects:always|never confirm:bool confirmation_token:later customer:str \
         customer_account:later description:str excluded_payment_method_types:strs flow_directions:later mandate_data:any \
         metadata:map on_behalf_of:later payment_method:str payment_method_configuration:later payment_method_data:later \
         payment_method_options:any return_url:str single_use:later usage:off_session|on_session use_stripe_sdk:bool";
    GET  "/v1/setup_intents" setup_intents::list,
        LIST, "attach_to_self:later created:range customer:str customer_account:later payment_method:str";
    GET  "/v1/setup_intents/:id" setup_intents::retrieve, "client_secret:str";
    POST "/v1/setup_intents/:id/confirm" setup_intents::confirm,
        "allowed_payment_method_types:strs confirmation_token:later mandate_data:any payment_method:str payment_method_data:later \
         payment_method_options:any return_url:str use_stripe_sdk:bool";
    POST "/v1/setup_intents/:id/cancel" setup_intents::cancel, "cancellation_reason:abandoned|requested_by_customer|duplicate";

    POST "/v1/checkout/sessions" checkout_sessions::create,
        "mode!:setup|payment|subscription success_url:str cancel_url:str customer:str customer_email:str client_reference_id:str \
         currency:currency expires_at:int locale:str metadata:map setup_intent_data.description:str setup_intent_data.metadata:map \
         setup_intent_data.on_behalf_of:later allowed_payment_method_types:strs excluded_payment_method_types:strs \
         payment_method_options:any billing_address_collection:auto|required customer_creation:always|if_required \
         adaptive_pricing:later after_expiration:later allow_promotion_codes:later automatic_tax:later branding_settings:later \
         consent_collection:later custom_fields:later custom_text:later customer_account:later customer_update:later discounts:later \
         integration_identifier:str invoice_creation:later line_items:later managed_payments:later name_collection:later \
         optional_items:later origin_context:later payment_intent_data:later payment_method_collection:later \
         payment_method_configuration:later payment_method_data:later permissions:later phone_number_collection:later \
         redirect_on_completion:later return_url:later saved_payment_method_options:later shipping_address_collection:later \
         shipping_options:later submit_type:later subscription_data:later tax_id_collection:later ui_mode:later wallet_options:later";
    GET  "/v1/checkout/sessions" checkout_sessions::list,
        LIST, "created:range customer:str customer_account:later customer_details:later payment_intent:str payment_link:later \
         status:open|complete|expired subscription:later";
    GET  "/v1/checkout/sessions/:id" checkout_sessions::retrieve, NONE;
    POST "/v1/checkout/sessions/:id/expire" checkout_sessions::expire, NONE;

    POST "/v1/payment_intents" payment_intents::create, INTENT, ATTEMPT, CONNECT,
        "amount!:int currency!:currency automatic_payment_methods.enabled:bool \
         automatic_payment_methods.allow_redirects:always|never confirm:bool confirmation_method:automatic|manual customer:str \
         customer_account:later description:str metadata:map on_behalf_of:later payment_method_configuration:later \
         statement_descriptor:str statement_descriptor_suffix:str transfer_group:str";
    GET  "/v1/payment_intents" payment_intents::list, LIST, "created:range customer:str customer_account:later";
    GET  "/v1/payment_intents/:id" payment_intents::retrieve, "client_secret:str";
    POST "/v1/payment_intents/:id" payment_intents::update, INTENT, CONNECT,
        "amount:int currency:currency customer:str customer_account:later description:str metadata:map \
         payment_method_configuration:later statement_descriptor:str statement_descriptor_suffix:str transfer_group:str";
    POST "/v1/payment_intents/:id/confirm" payment_intents::confirm, INTENT, ATTEMPT, "amount_to_confirm:later";
    POST "/v1/payment_intents/:id/cancel" payment_intents::cancel,
        "cancellation_reason:duplicate|fraudulent|requested_by_customer|abandoned";

    GET  "/v1/charges" charges::list, LIST, "created:range customer:str payment_intent:str transfer_group:str";
    GET  "/v1/charges/:id" charges::retrieve, NONE;
    POST "/v1/charges/:id" charges::update,
        "customer:later description:str fraud_details:later metadata:map receipt_email:str shipping:later transfer_group:str";
    POST "/v1/refunds" refunds::create,
        "amount:int charge:str currency:later customer:later instructions_email:str metadata:map origin:later payment_intent:str \
         reason:duplicate|fraudulent|requested_by_customer refund_application_fee:later reverse_transfer:later";
    GET  "/v1/refunds" refunds::list, LIST, "charge:str created:range payment_intent:str";
    GET  "/v1/refunds/:id" refunds::retrieve, NONE;
    POST "/v1/refunds/:id" refunds::update, "metadata:map";

    POST "/v1/transfers" transfers::create,
        "amount:int currency!:currency destination!:str description:str metadata:map source_transaction:str \
         source_type:bank_account|card|fpx transfer_group:str";
    GET  "/v1/transfers" transfers::list, LIST, "created:range destination:str transfer_group:str";
    GET  "/v1/transfers/:id" transfers::retrieve, NONE;
    POST "/v1/transfers/:id" transfers::update, "description:str metadata:map";
    POST "/v1/transfers/:id/reversals" reversals::create,
        "amount:int description:str metadata:map refund_application_fee:later";
    GET  "/v1/transfers/:id/reversals" reversals::list, LIST;
    GET  "/v1/transfers/:id/reversals/:reversal" reversals::retrieve, NONE;

    POST "/v1/payouts" payouts::create,
        "amount!:int currency!:currency description:str destination:str metadata:map method:standard|instant payout_method:later \
         source_type:bank_account|card|fpx statement_descriptor:str";
    GET  "/v1/payouts" payouts::list, LIST, "arrival_date:range created:range destination:str status:str";
    GET  "/v1/payouts/:id" payouts::retrieve, NONE;
    POST "/v1/payouts/:id" payouts::update, "metadata:map";
    POST "/v1/payouts/:id/cancel" payouts::cancel, NONE;

    GET  "/v1/balance" money::balance, NONE;
    GET  "/v1/balance_transactions" money::transactions,
        LIST, "created:range currency:currency payout:str source:str type:str";
    GET  "/v1/balance_transactions/:id" money::transaction, NONE;

    GET  "/v1/disputes" disputes::list, LIST, "charge:str created:range payment_intent:str";
    GET  "/v1/disputes/:id" disputes::retrieve, NONE;
    POST "/v1/disputes/:id" disputes::update, "evidence:any metadata:map submit:bool";
    POST "/v1/disputes/:id/close" disputes::close, NONE;

    GET  "/v1/events" events::list, LIST, "created:range delivery_success:later type:str types:strs";
    GET  "/v1/events/:id" events::retrieve, NONE;
    POST "/v1/webhook_endpoints" webhook_endpoints::create,
        "enabled_events!:strs url!:str api_version:str connect:bool description:str metadata:map";
    GET  "/v1/webhook_endpoints" webhook_endpoints::list, LIST;
    GET  "/v1/webhook_endpoints/:id" webhook_endpoints::retrieve, NONE;
    POST "/v1/webhook_endpoints/:id" webhook_endpoints::update,
        "description:str disabled:bool enabled_events:strs metadata:map url:str";
    DELETE "/v1/webhook_endpoints/:id" webhook_endpoints::delete, NONE;
}

/// Every address and the names of its parameters (`later` ones among them), to be compared with Stripe's own lists.
pub fn shown() -> Value {
    let names = |route: &Route| {
        let mut names: Vec<&str> = spec::names(route.spec).map(|name| name.split('.').next().unwrap_or(name)).collect();
        names.sort_unstable();
        names.dedup();
        serde_json::json!({ "method": route.method, "path": route.path, "params": names })
    };
    ROUTES.iter().map(names).collect()
}

/// The route of this address, and the words that stand for its `:names`.
pub fn find(method: &str, path: &str) -> Option<(&'static Route, Vec<String>)> {
    let words: Vec<&str> = path.trim_matches('/').split('/').collect();
    ROUTES.iter().filter(|route| route.method == method).find_map(|route| {
        let wanted: Vec<&str> = route.path.trim_matches('/').split('/').collect();
        let same =
            wanted.len() == words.len() && wanted.iter().zip(&words).all(|(want, word)| want.starts_with(':') || want == word);
        let args =
            || wanted.iter().zip(&words).filter(|(want, _)| want.starts_with(':')).map(|(_, word)| (*word).to_owned()).collect();
        same.then(|| (route, args()))
    })
}
