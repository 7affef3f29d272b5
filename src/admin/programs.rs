//! The programs beside this one, as an MSP's admin sees them: is it set, when did it last answer, what waits.

use entity::{Moment, identity::SsoFace, tenancy::TenantKind};

use crate::{
    crm as clients,
    identity::{self, portal_realm, ticket},
    integrations, invoices, payments,
    platform::{
        Platform, Result, Tx,
        config::{LlmSettings, Service},
        delivery, llm, mail, remote,
    },
    tenancy::{self, caller::TenantAdmin},
};

/// Which program; its word stands in addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Hub,
    Crm,
    Psa,
    Books,
    Mission,
    Push,
    Model,
    Stripe,
    Mail,
    Storage,
    Own,
}

impl Kind {
    const ALL: [Self; 11] = [
        Self::Hub,
        Self::Crm,
        Self::Psa,
        Self::Books,
        Self::Mission,
        Self::Push,
        Self::Model,
        Self::Stripe,
        Self::Mail,
        Self::Storage,
        Self::Own,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Self::Hub => "hub",
            Self::Crm => "crm",
            Self::Psa => "psa",
            Self::Books => "books",
            Self::Mission => "mission",
            Self::Push => "push",
            Self::Model => "model",
            Self::Stripe => "stripe",
            Self::Mail => "mail",
            Self::Storage => "storage",
            Self::Own => "own",
        }
    }

    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// There is something that can be asked for nothing: others only come to us, and a model wants to be paid.
    pub fn can_be_tried(self) -> bool {
        !matches!(self, Self::Push | Self::Own | Self::Model)
    }
}

/// One other program.
pub struct Program {
    pub kind: Kind,
    pub name: &'static str,
    pub what: &'static str,
    /// Each setting, and whether it is there; never what it holds.
    pub settings: Vec<(&'static str, bool)>,
    pub last_ok: Option<Moment>,
    /// Since when it fails, and why.
    pub failing: Option<(Moment, String)>,
    /// The last error, also where it answers again.
    pub last_error: Option<(Moment, String)>,
    /// When somebody came with another key than ours.
    pub refused: Option<Moment>,
    /// What waits, in words; empty where nothing does.
    pub waiting: String,
    /// Where it is looked after: address and label.
    pub place: Option<(&'static str, &'static str)>,
    /// Where its buttons post to, and what they say.
    pub buttons: Vec<(&'static str, &'static str)>,
}

impl Program {
    fn new(kind: Kind, name: &'static str, what: &'static str, settings: Vec<(&'static str, bool)>) -> Self {
        Self {
            kind,
            name,
            what,
            settings,
            last_ok: None,
            failing: None,
            last_error: None,
            refused: None,
            waiting: String::new(),
            place: None,
            buttons: Vec::new(),
        }
    }

    fn is_set(&self) -> bool {
        self.settings.iter().all(|(_, is_set)| *is_set)
    }

    /// Tone and words of its badge.
    pub fn badge(&self) -> (&'static str, &'static str) {
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
            let why = seen.last_error.unwrap_or_default();
            self.failing = seen.failing_since.map(|since| (since, why.clone()));
            self.last_error = seen.last_error_at.map(|at| (at, why));
        }
        Ok(self)
    }
}

fn both(service: &Service) -> Vec<(&'static str, bool)> {
    vec![(service.url_setting, service.url.is_some()), (service.key_setting, service.key.is_some())]
}

pub async fn programs(platform: &Platform, tx: &Tx, who: &TenantAdmin) -> Result<Vec<Program>> {
    let mut all = vec![
        hub(platform, tx, who).await?,
        crm(platform, tx, who).await?,
        psa(platform, tx, who).await?,
        books(platform, tx, who).await?,
    ];
    let tenant = tenancy::tenant(tx, who.tenant).await?;
    if tenant.is_some_and(|tenant| tenant.kind == TenantKind::Mission) {
        let mission = Program::new(Kind::Mission, "Mission", "What your members see.", both(&platform.config.mission));
        all.push(mission.spoken_to(platform, &platform.config.mission).await?);
    }
    let key = vec![(platform.config.push.key_setting, platform.config.push.key.is_some())];
    let mut push = Program::new(Kind::Push, "Other installations", "Push documents for your clients to sign.", key)
        .spoken_to(platform, &platform.config.push)
        .await?;
    push.place = Some(("/legal/pushed", "What was pushed"));
    let model = model(platform).await?;
    all.extend([
        push,
        model,
        stripe(platform, tx, who).await?,
        letters(platform, tx, who).await?,
        storage(platform),
        own(tx, who).await?,
    ]);
    Ok(all)
}

async fn hub(platform: &Platform, tx: &Tx, who: &TenantAdmin) -> Result<Program> {
    let is_set = |face| !ticket::secrets(&platform.config, face).usable.is_empty();
    let settings = vec![("PORTAL_CLIENT_SSO_SECRET", is_set(SsoFace::Client)), ("PORTAL_SSO_SECRET", is_set(SsoFace::Staff))];
    let seen = identity::arrivals_at(tx, SsoFace::Client, Some(&portal_realm(who.tenant))).await?;
    let mut hub = Program::new(Kind::Hub, "Hub", "Signs your clients and staff in by a link.", settings);
    (hub.last_ok, hub.place) = (seen.last_ok, Some(("/admin/sign-in", "Refused links")));
    Ok(hub)
}

async fn crm(platform: &Platform, tx: &Tx, who: &TenantAdmin) -> Result<Program> {
    let service = &platform.config.crm;
    let crm = Program::new(Kind::Crm, "CRM", "Your clients come from it; it shows their scores.", both(service));
    let mut crm = crm.spoken_to(platform, service).await?;
    let undecided = clients::waiting(tx, who.tenant).await?.len();
    let behind = clients::behind(tx, who.tenant).await?.len();
    if undecided + behind > 0 && !service.is_off() {
        crm.waiting = format!("Companies to be placed: {undecided}; scores to be told: {behind}");
    }
    crm.place = Some(("/admin/integrations/crm", "Who is whom"));
    if crm.is_set() {
        crm.buttons.push(("/admin/integrations/crm/sync", "Read it now"));
        if behind > 0 {
            crm.buttons.push(("/admin/integrations/crm/tell", "Send what waits"));
        }
    }
    Ok(crm)
}

async fn psa(platform: &Platform, tx: &Tx, who: &TenantAdmin) -> Result<Program> {
    let service = &platform.config.psa;
    let psa = Program::new(Kind::Psa, "PSA", "Tickets both ways; its contacts come to the portal.", both(service));
    let mut psa = psa.spoken_to(platform, service).await?;
    let health = integrations::psa::of_tenant(tx, who.tenant, String::new()).await?;
    if health.unsent.waiting > 0 && !service.is_off() {
        psa.waiting = format!("Tickets waiting: {}; in trouble: {}", health.unsent.waiting, health.unsent.in_trouble);
    }
    if !health.people.is_empty() {
        let more = if psa.waiting.is_empty() { "" } else { "; " };
        psa.waiting = format!("{}{more}People who wait for your word: {}", psa.waiting, health.people.len());
    }
    psa.place = Some(("/admin/integrations/psa", "Who is whom"));
    if psa.is_set() {
        psa.buttons.push(("/admin/integrations/psa/compare", "Read it and send what waits"));
    }
    Ok(psa)
}

async fn books(platform: &Platform, tx: &Tx, who: &TenantAdmin) -> Result<Program> {
    let service = &platform.config.books;
    let mut books =
        Program::new(Kind::Books, "Books", "Your clients' invoices.", both(service)).spoken_to(platform, service).await?;
    let unmapped = invoices::unmapped(tx, who.tenant).await?.len();
    if unmapped > 0 {
        books.waiting = format!("Clients of its that are nobody here yet: {unmapped}");
    }
    books.place = Some(("/admin/integrations/books", "Who is whom"));
    if books.is_set() {
        books.buttons.push(("/admin/integrations/books/sync", "Read it now"));
    }
    Ok(books)
}

async fn model(platform: &Platform) -> Result<Program> {
    let set = &platform.config.llm;
    let settings = vec![
        (LlmSettings::URL, set.url.is_some()),
        (LlmSettings::KEY, set.key.is_some()),
        (LlmSettings::MODEL, set.model.is_some()),
    ];
    let model = Program::new(Kind::Model, "Language model", "Writes answers in help from your articles.", settings);
    let mut model = model.seen(platform, llm::NAME).await?;
    model.place = Some(("/admin/knowledge", "What it is given"));
    Ok(model)
}

async fn stripe(platform: &Platform, tx: &Tx, who: &TenantAdmin) -> Result<Program> {
    let config = &platform.config;
    let settings = vec![
        ("STRIPE_SECRET_KEY", config.stripe_secret_key.is_some()),
        ("STRIPE_WEBHOOK_SECRET", !config.stripe_webhook_secrets.is_empty()),
    ];
    let mut stripe = Program::new(Kind::Stripe, "Stripe", "Charges retainers and pays attorneys.", settings);
    stripe.last_ok = payments::last_webhook(tx).await?;
    let (_, stuck) = payments::stuck(tx, &who.caller, 0, payments::Till::of(platform)).await?;
    if stuck > 0 {
        stripe.waiting = format!("Payouts that wait for somebody: {stuck}");
    }
    stripe.place = Some(("/admin/payouts", "Payouts"));
    Ok(stripe)
}

async fn letters(platform: &Platform, tx: &Tx, who: &TenantAdmin) -> Result<Program> {
    let settings = vec![("SMTP_URL", platform.config.smtp_url.is_some())];
    let mut letters = Program::new(Kind::Mail, "Mail", "Invitations, reminders, news.", settings);
    letters.last_ok = delivery::last_sent(tx, &portal_realm(who.tenant)).await?;
    if let Some((since, cause, answer)) = delivery::trouble(tx, platform.clock.now()).await? {
        letters.failing = Some((since, format!("{}: {answer}", cause.label())));
    }
    let unsent = mail::unsent(platform, tx, &portal_realm(who.tenant)).await?.len();
    if unsent > 0 {
        letters.waiting = format!("Mails to your clients that could not be sent yet: {unsent}");
        letters.buttons.push(("/admin/integrations/mail/again", "Send what waits"));
    }
    letters.place = Some(("/admin/clients", "Who is reached"));
    Ok(letters)
}

fn storage(platform: &Platform) -> Program {
    let what = "Where documents lie, and what seals them.";
    // Without it they lie in a folder of this installation, and nothing is missing.
    let settings = platform.config.storage_url.iter().map(|_| ("STORAGE_URL", true)).collect();
    let mut storage = Program::new(Kind::Storage, "Documents and keys", what, settings);
    storage.place = Some(("/legal/vault", "The vault"));
    storage
}

async fn own(tx: &Tx, who: &TenantAdmin) -> Result<Program> {
    let hooks = integrations::outgoing::overview(tx, who.tenant).await?;
    let what = "Webhooks tell them what happens; API keys let them ask.";
    let mut own = Program::new(Kind::Own, "Your own programs", what, Vec::new());
    own.last_ok = hooks.last_ok;
    own.failing = hooks.failing;
    if hooks.waiting + hooks.given_up > 0 {
        own.waiting = format!("Deliveries waiting: {}; given up: {}", hooks.waiting, hooks.given_up);
    }
    if hooks.given_up > 0 {
        own.buttons.push(("/admin/integrations/own/again", "Send what was given up"));
    }
    own.place = Some(("/admin/integrations/hooks", "Webhooks"));
    Ok(own)
}
