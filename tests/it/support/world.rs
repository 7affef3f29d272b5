//! The firm of the demo in a test: the same story, told by the same commands, and addresses of the things in it.

use entity::{
    retainers::{ProposalStatus, proposal},
    tenancy::staff,
    wall::Walled,
};
use one_legal::app::demo;
use sea_orm::{ColumnTrait, QueryFilter};

use super::Installation;
use crate::app::crawl::NO_ID;

pub struct World {
    pub story: demo::World,
    acme: String,
    harbor: String,
    /// Vik's seat.
    staff: String,
    vik: String,
    nils: String,
    cleo: String,
    /// Time proposed to Ada.
    proposal: String,
}

impl World {
    /// Takes the installation's clock on by [`demo::SPAN`]; make browsers afterwards.
    pub async fn create(one: &Installation) -> Self {
        let story = demo::fill(&one.platform, &one.cast, false).await.expect("the story is told");
        let tx = one.tx().await;
        let vik = staff::Column::AccountId.eq(one.cast.person("vik").account);
        let staff = staff::Entity::within(tx.reach()).filter(vik).one(&tx).await.expect("a reading");
        let open = proposal::Entity::within(tx.reach())
            .filter(proposal::Column::AttorneyId.eq(one.cast.person("ada").account))
            .filter(proposal::Column::Status.eq(ProposalStatus::Open))
            .one(&tx)
            .await
            .expect("a reading");
        Self {
            story,
            acme: one.cast.acme.to_string(),
            harbor: one.cast.harbor.to_string(),
            staff: staff.expect("a seat").id.to_string(),
            vik: one.cast.person("vik").account.to_string(),
            nils: one.cast.person("nils").account.to_string(),
            proposal: open.expect("the story proposes time to Ada").id.to_string(),
            cleo: one.cast.person("cleo").contact.expect("a contact").to_string(),
        }
    }

    /// The address of a route's pattern with Harbor's real ids in it, and whether it concerns a thing of Harbor's.
    pub fn address(&self, pattern: &str) -> (String, bool) {
        let mut concerns = false;
        let parts: Vec<String> = pattern
            .split('/')
            .map(|part| match part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                None => part.to_owned(),
                Some(name) => {
                    let name = name.split(':').next().unwrap_or(name);
                    let (value, is_harbors) = self.value(pattern, name);
                    concerns |= is_harbors;
                    value
                }
            })
            .collect();
        (parts.join("/"), concerns)
    }

    fn value(&self, pattern: &str, name: &str) -> (String, bool) {
        let s = &self.story;
        let under = |prefix: &str| pattern.starts_with(prefix);
        let thing = match name {
            "policy" | "policyId" | "policy_id" => s.client_review.to_string(),
            "conversation" => s.conversation.to_string(),
            "matter" => s.matter.to_string(),
            "document" => s.documents[0].to_string(),
            "retainer" => s.retainer.to_string(),
            "entry" => s.entry.to_string(),
            "proposal" => self.proposal.clone(),
            "invoice" => s.invoice.to_string(),
            "client" if under("/admin/integrations/crm") => s.crm_client.to_string(),
            "client" => s.books_client.to_string(),
            "person" if under("/admin/integrations/psa") => s.psa_person.to_string(),
            "verdict" => return ("leave".to_owned(), false),
            "program" => return ("storage".to_owned(), false),
            "comment" => s.comment.to_string(),
            "envelope" => s.envelope.to_string(),
            "service" => s.service.to_string(),
            "look" => s.look.to_string(),
            "domain" if under("/admin/domains") => s.domain.to_string(),
            "article" => s.article.to_string(),
            "key" => s.api_key.to_string(),
            "hook" => s.hook.to_string(),
            "delivery" => s.delivery.to_string(),
            "pushed" => s.pushed.to_string(),
            "company" | "org" => self.acme.clone(),
            "tenant" => self.harbor.clone(),
            "contact" => self.cleo.clone(),
            "account" if under("/admin/people") => self.vik.clone(),
            "account" | "person" => self.nils.clone(),
            "event" => return ("evt_none".to_owned(), false),
            "staff" => self.staff.clone(),
            "notification" => s.notification.to_string(),
            "page" | "seq" | "number" | "version" => return ("1".to_owned(), false),
            "token" => return ("a-token-nobody-was-sent".to_owned(), false),
            "verb" if under("/admin/integrations/hooks") => return ("pause".to_owned(), false),
            "verb" if under("/portal/team") => return ("unlock".to_owned(), false),
            "verb" if under("/admin") && !under("/admin/resets") => return ("unlock".to_owned(), false),
            "verb" if under("/operator/attorneys") || under("/operator/operators") => return ("resend".to_owned(), false),
            "verb" => return ("cancel".to_owned(), false),
            // Of nobody in the story.
            "passkey" => return (NO_ID.to_owned(), false),
            "reset" => return (NO_ID.to_owned(), false),
            "id" if pattern.contains("/sessions/{id}") => return (NO_ID.to_owned(), pattern.contains("{account}")),
            "id" if under("/operator/jobs/")
                || under("/dev/mail")
                || under("/legal/kept")
                || under("/portal/kept")
                || under("/legal/profile")
                || under("/portal/profile") =>
            {
                return (NO_ID.to_owned(), false);
            }
            "slug" => return ("harbor".to_owned(), false),
            "id" => self.id(pattern),
            other => {
                assert!(
                    under("/static") || under("/dev") || ["path", "file", "name", "filename"].contains(&other),
                    "World::address does not know {{{other}}} of {pattern}"
                );
                return ("none".to_owned(), false);
            }
        };
        (thing, true)
    }

    fn id(&self, pattern: &str) -> String {
        let s = &self.story;
        for (part, id) in [
            ("/tickets/", s.ticket.to_string()),
            ("/announcements/{id}/withdraw", s.announcement_to_come.to_string()),
            ("/announcements/", s.announcement.to_string()),
            ("/help/", s.help.to_string()),
            ("/policies/templates/", s.template.to_string()),
            ("/templates/", s.template.to_string()),
            ("/comments/{comment}", s.sent_back.to_string()),
            ("/policies/", s.client_review.to_string()),
            ("/portal/documents/", s.client_review.to_string()),
            ("/portal/files/", s.documents[0].to_string()),
            ("/portal/messages/", s.matter.to_string()),
            ("/conversations/", s.conversation.to_string()),
            ("/matters/", s.matter.to_string()),
            ("/vault/", s.documents[0].to_string()),
            ("/documents/", s.documents[0].to_string()),
            ("/retainers/", s.retainer.to_string()),
            ("/payouts/", s.settlement.to_string()),
            ("/hours/", s.entry.to_string()),
            ("/time-entries/", s.entry.to_string()),
            ("/envelopes/", s.envelope.to_string()),
            ("/notifications/", s.notification.to_string()),
            ("/clients/", self.acme.clone()),
            ("/companies/", self.acme.clone()),
            ("/contacts/", self.cleo.clone()),
            ("/tenants/", self.harbor.clone()),
        ] {
            if pattern.contains(part) {
                return id;
            }
        }
        panic!("World::address does not know whose {{id}} {pattern} means")
    }
}
