//! Admin → Integrations: every other program in one place: is it set, when did it last answer, what waits, where is it looked after.

use askama::Template;
use entity::{Moment, identity::SsoFace};

use crate::{
    crm as clients,
    identity::{self, portal_realm, ticket},
    integrations, invoices,
    platform::{
        Platform, Result, Tx,
        config::{LlmSettings, Service},
        llm, remote,
        web::{Answer, Ask, Frame, page},
    },
    tenancy::caller::TenantAdmin,
    tickets,
};

/// One other program.
struct Program {
    name: &'static str,
    what: &'static str,
    /// Each setting, and whether it is there; never what it holds.
    settings: Vec<(&'static str, bool)>,
    last_ok: Option<Moment>,
    /// Since when it fails, and why.
    failing: Option<(Moment, String)>,
    /// When somebody came with another key than ours.
    refused: Option<Moment>,
    /// What waits, in words; empty where nothing does.
    waiting: String,
    /// Where it is looked after: address and label.
    place: Option<(&'static str, &'static str)>,
    /// Where its button posts to, and what it says.
    button: Option<(&'static str, &'static str)>,
}

impl Program {
    fn new(name: &'static str, what: &'static str, settings: Vec<(&'static str, bool)>) -> Self {
        Self {
            name,
            what,
            settings,
            last_ok: None,
            failing: None,
            refused: None,
            waiting: String::new(),
            place: None,
            button: None,
        }
    }

    /// Tone and words of its badge.
    fn badge(&self) -> (&'static str, &'static str) {
        let set = self.settings.iter().filter(|(_, is_set)| *is_set).count();
        if self.failing.is_some() {
            ("red", "Failing")
        } else if self.refused.is_some() {
            ("amber", "Wrong key came")
        } else if set == self.settings.len() {
            ("green", "Connected")
        } else if set == 0 {
            ("grey", "Not connected")
        } else {
            ("amber", "A setting is missing")
        }
    }

    /// With what came of the calls to it, and of calls in its name.
    async fn spoken_to(self, platform: &Platform, service: &Service) -> Result<Self> {
        let mut program = self.seen(platform, service.name).await?;
        program.refused = remote::last_refused(platform, service.key_setting).await?.map(|row| row.at);
        Ok(program)
    }

    /// With what came of the calls to it.
    async fn seen(mut self, platform: &Platform, name: &str) -> Result<Self> {
        if let Some(seen) = remote::seen(platform, name).await? {
            self.last_ok = seen.last_success_at;
            self.failing = seen.failing_since.map(|since| (since, seen.last_error.unwrap_or_default()));
        }
        Ok(self)
    }
}

#[derive(Template)]
#[template(path = "admin/integrations.html")]
struct IntegrationsPage {
    frame: Frame,
    tab: &'static str,
    programs: Vec<Program>,
}

fn both(service: &Service) -> Vec<(&'static str, bool)> {
    vec![(service.url_setting, service.url.is_some()), (service.key_setting, service.key.is_some())]
}

fn key_alone(service: &Service) -> Vec<(&'static str, bool)> {
    vec![(service.key_setting, service.key.is_some())]
}

async fn hub(platform: &Platform, tx: &Tx, who: &TenantAdmin) -> Result<Program> {
    let is_set = |face| !ticket::secrets(&platform.config, face).usable.is_empty();
    let settings = vec![("PORTAL_CLIENT_SSO_SECRET", is_set(SsoFace::Client)), ("PORTAL_SSO_SECRET", is_set(SsoFace::Staff))];
    let seen = identity::arrivals_at(tx, SsoFace::Client, Some(&portal_realm(who.tenant))).await?;
    let mut hub = Program::new("Hub", "Signs your clients and staff in by a link.", settings);
    (hub.last_ok, hub.place) = (seen.last_ok, Some(("/admin/sign-in", "Refused links")));
    Ok(hub)
}

pub async fn show(ask: Ask<TenantAdmin>) -> Answer {
    let platform = ask.platform();
    let (config, tenant) = (&platform.config, ask.who.tenant);
    let mut psa = Program::new("PSA", "Tickets both ways.", both(&config.psa)).spoken_to(&platform, &config.psa).await?;
    let mut books =
        Program::new("Books", "Your clients' invoices.", both(&config.books)).spoken_to(&platform, &config.books).await?;
    let crm = Program::new("CRM", "Your clients come from it; it shows their scores.", both(&config.crm));
    let mut crm = crm.spoken_to(&platform, &config.crm).await?;
    let push = Program::new("Other installations", "Push documents for your clients to sign.", key_alone(&config.push));
    let mut push = push.spoken_to(&platform, &config.push).await?;
    push.place = Some(("/legal/pushed", "What was pushed"));
    let stripe = vec![
        ("STRIPE_SECRET_KEY", config.stripe_secret_key.is_some()),
        ("STRIPE_WEBHOOK_SECRET", !config.stripe_webhook_secrets.is_empty()),
    ];
    let mut stripe = Program::new("Stripe", "Charges retainers and pays attorneys.", stripe);
    stripe.place = Some(("/admin/payouts", "Payouts"));
    let set = &config.llm;
    let settings = vec![
        (LlmSettings::URL, set.url.is_some()),
        (LlmSettings::KEY, set.key.is_some()),
        (LlmSettings::MODEL, set.model.is_some()),
    ];
    let mut model =
        Program::new("Language model", "Writes answers in help from your articles.", settings).seen(&platform, llm::NAME).await?;
    model.place = Some(("/admin/knowledge", "What it is given"));
    let mail = Program::new("Mail", "Invitations, reminders, news.", vec![("SMTP_URL", config.smtp_url.is_some())]);

    let tx = platform.read(ask.who.caller.reach()).await?;
    let unsent = tickets::of_tenant(&tx, tenant).await?;
    if unsent.waiting > 0 && !config.psa.is_off() {
        psa.waiting = format!("Tickets waiting: {}; in trouble: {}", unsent.waiting, unsent.in_trouble);
    }
    psa.place = Some(("/admin/integrations/psa", "Who is whom"));
    psa.button = (psa.settings.iter().all(|(_, is_set)| *is_set)).then_some(("/admin/integrations/psa/compare", "Ask it now"));
    let unmapped = invoices::unmapped(&tx, tenant).await?.len();
    if unmapped > 0 {
        books.waiting = format!("Clients of its that are nobody here yet: {unmapped}");
    }
    books.place = Some(("/admin/integrations/books", "Who is whom"));
    books.button = (books.settings.iter().all(|(_, is_set)| *is_set)).then_some(("/admin/integrations/books/sync", "Ask it now"));
    let undecided = clients::waiting(&tx, tenant).await?.len();
    let behind = clients::behind(&tx, tenant).await?.len();
    if undecided + behind > 0 && !config.crm.is_off() {
        crm.waiting = format!("Companies to be placed: {undecided}; scores to be told: {behind}");
    }
    crm.place = Some(("/admin/integrations/crm", "Who is whom"));
    crm.button = (crm.settings.iter().all(|(_, is_set)| *is_set)).then_some(("/admin/integrations/crm/sync", "Ask it now"));
    let hooks = integrations::outgoing::overview(&tx, tenant).await?;
    let mut own = Program::new("Your own programs", "Webhooks tell them what happens; API keys let them ask.", Vec::new());
    own.last_ok = hooks.last_ok;
    own.failing = hooks.failing;
    if hooks.waiting + hooks.given_up > 0 {
        own.waiting = format!("Deliveries waiting: {}; given up: {}", hooks.waiting, hooks.given_up);
    }
    own.place = Some(("/admin/integrations/hooks", "Webhooks"));
    let hub = hub(&platform, &tx, &ask.who).await?;
    page(&IntegrationsPage {
        frame: ask.frame(),
        tab: "integrations",
        programs: vec![hub, crm, psa, books, push, model, stripe, mail, own],
    })
}
