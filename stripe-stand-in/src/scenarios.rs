//! What tests make happen in the world outside: banks, card holders, Stripe's own people.

use serde_json::{Value, json};

use crate::api::{accounts, debits, disputes, external_accounts, numbers, payment_methods, payouts};
use crate::due::Due;
use crate::error::ApiError;
use crate::money::Movement;
use crate::world::{Call, World, text};

type Told = Result<Value, ApiError>;

impl World {
    fn need(&self, kind: &str, id: &str) -> Result<(), ApiError> {
        match self.objects.get(id) {
            Some(object) if object.kind == kind => Ok(()),
            _ => Err(ApiError::missing(kind, id, "id")),
        }
    }

    /// One scenario by its words, as `/_test/NOUN/ID/VERB` names it.
    pub fn scenario(&mut self, noun: &str, id: &str, verb: &str, with: &Value) -> Told {
        let word = |key: &str, otherwise: &str| with[key].as_str().unwrap_or(otherwise).to_owned();
        match (noun, verb) {
            ("account", "onboard") => {
                let number = with["account_number"].as_str().unwrap_or("000123456789");
                self.onboard(id, Some(&word("first_name", "Ada")), Some(&word("last_name", "Lovelace")), Some(number), true)
            }
            ("account", "restrict") => {
                let requirement = match with.get("requirement") {
                    Some(requirement) => requirement.clone(),
                    None => json!("individual.verification.document"),
                };
                self.restrict(id, json!({ "reason": word("reason", "requirements.past_due"), "requirement": requirement }))
            }
            ("account", "unrestrict") => self.unrestrict(id),
            ("account", "deauthorize") => self.deauthorize(id),
            ("account", "change_bank") => self.change_bank(id, &word("account_number", "000123456789")),
            ("account", "close_bank") => self.close_bank(id),
            ("account", "fail_next_payout") => {
                self.need("account", id)?;
                self.hide(id, "next_payout_failure", json!(word("code", "account_closed")));
                Ok(self.render(id))
            }
            ("payout", "fail") => {
                self.need("payout", id)?;
                if self.body(id)["status"] == "failed" {
                    return Err(ApiError::refused("status_transition_invalid", "This payout has failed already."));
                }
                payouts::fail(self, id, &word("code", "account_closed"));
                Ok(self.render(id))
            }
            ("charge", "dispute") => {
                self.need("charge", id)?;
                disputes::disputable(self, id)?;
                let dispute = disputes::open(self, id, &word("reason", "fraudulent"));
                Ok(self.render(&dispute))
            }
            ("charge", "return") => {
                self.need("charge", id)?;
                disputes::disputable(self, id)?;
                let dispute = disputes::open(self, id, &word("reason", "insufficient_funds"));
                Ok(self.render(&dispute))
            }
            ("dispute", "win" | "lose") => {
                self.need("dispute", id)?;
                disputes::decide(self, id, verb == "win")?;
                Ok(self.render(id))
            }
            ("payment_intent", "settle") => {
                self.need("payment_intent", id)?;
                debits::settle(self, id, with["failure"].as_str());
                self.due.retain(|timed| !matches!(&timed.what, Due::DebitSettles { intent, .. } if intent == id));
                Ok(self.render(id))
            }
            ("payment_method", "decline") => {
                self.need("payment_method", id)?;
                self.hide(id, "charge_decline", with["code"].clone());
                Ok(self.render(id))
            }
            ("customer", "give_method") => self.give_method(id, with),
            _ => Err(ApiError::no_route("POST", &format!("/_test/{noun}/{id}/{verb}"))),
        }
    }

    /// What a person gives on the onboarding page; `submitted` when they went through to its end.
    pub fn onboard(&mut self, id: &str, first: Option<&str>, last: Option<&str>, bank: Option<&str>, submitted: bool) -> Told {
        self.need("account", id)?;
        for (key, name) in [("first_name", first), ("last_name", last)] {
            if let Some(name) = name.filter(|name| !name.is_empty()) {
                self.hide(id, key, json!(name));
            }
        }
        let bank = match bank.filter(|number| !number.is_empty()) {
            Some(number) => Some(external_accounts::put(self, id, &json!({ "account_number": number }))?),
            None => None,
        };
        let rejected = self.hidden(id)["restriction"]["reason"].as_str().is_some_and(|reason| reason.starts_with("rejected"));
        if submitted {
            self.hide(id, "submitted", json!(true));
            if !rejected {
                // The form asks for what was wanted; sending it in answers that.
                self.hide(id, "restriction", Value::Null);
            }
            if self.body(id)["business_type"].is_null() {
                self.set(id, "business_type", json!("individual"));
            }
        }
        match bank {
            Some(bank) => external_accounts::changed(self, id, &bank),
            None => accounts::refresh(self, id, true),
        }
        payouts::plan(self, id);
        Ok(self.render(id))
    }

    fn restrict(&mut self, id: &str, restriction: Value) -> Told {
        self.need("account", id)?;
        self.hide(id, "restriction", restriction);
        accounts::refresh(self, id, true);
        Ok(self.render(id))
    }

    /// What was wanted was given: the account works again, and its money moves on.
    fn unrestrict(&mut self, id: &str) -> Told {
        self.restrict(id, Value::Null)?;
        payouts::plan(self, id);
        Ok(self.render(id))
    }

    /// The person leaves the platform: the account cannot be reached any more.
    fn deauthorize(&mut self, id: &str) -> Told {
        self.need("account", id)?;
        let application =
            json!({ "id": format!("ca_{}", self.dice.letters(32)), "object": "application", "name": "The One Legal" });
        self.tell_of("account.application.deauthorized", id, application, None);
        self.remove(id);
        Ok(json!({ "id": id, "deauthorized": true }))
    }

    fn change_bank(&mut self, id: &str, number: &str) -> Told {
        self.need("account", id)?;
        let bank = external_accounts::put(self, id, &json!({ "account_number": number }))?;
        external_accounts::changed(self, id, &bank);
        Ok(self.render(id))
    }

    /// The bank closes the account: the next payout there fails. Stripe learns it by that alone.
    fn close_bank(&mut self, id: &str) -> Told {
        self.need("account", id)?;
        let banks: Vec<String> = self.shelf(id, "bank_account").to_vec();
        for bank in banks {
            self.hide(&bank, "number", json!("000111111113"));
        }
        Ok(self.render(id))
    }

    /// A method that is set up for off-session charges, by card number, bank account number or token.
    fn give_method(&mut self, customer: &str, with: &Value) -> Told {
        let owner = self.platform.clone();
        let call = Call { owner: owner.clone(), ..Call::default() };
        let number = with["number"].as_str().unwrap_or("4242424242424242");
        let (kind, behaviour) = if let Some(found) = with["token"].as_str().and_then(numbers::token) {
            found
        } else if let Some(card) = numbers::card(number) {
            ("card", card)
        } else {
            ("us_bank_account", numbers::bank(number).unwrap_or(&numbers::BANKS[0]))
        };
        let method = payment_methods::make(self, &owner, kind, behaviour, behaviour.number);
        payment_methods::attach_to(self, &call, &method, customer)?;
        self.hide(&method, "set_up", json!(true));
        Ok(self.render(&method))
    }

    /// Puts money on the platform's available balance.
    pub fn fund(&mut self, amount: i64, currency: &str) -> Value {
        let (owner, now) = (self.platform.clone(), self.now());
        self.post(Movement {
            owner: &owner,
            amount,
            fee: 0,
            currency,
            kind: "topup",
            category: "topup",
            source: "",
            available_on: now,
            description: Some("Top-up".to_owned()),
        });
        let purse = self.purse(&owner, currency);
        json!({ "available": purse.available, "pending": purse.waiting(), "currency": currency })
    }

    /// Every movement there ever was, for the tests' own sums.
    pub fn money(&mut self) -> Value {
        let mut answer = json!({});
        for (name, kind) in [
            ("payment_intents", "payment_intent"),
            ("charges", "charge"),
            ("refunds", "refund"),
            ("transfers", "transfer"),
            ("reversals", "transfer_reversal"),
            ("payouts", "payout"),
            ("disputes", "dispute"),
        ] {
            let suffix = format!("|{kind}");
            let shelves = self.shelves.iter().filter_map(|(key, ids)| Some((key.strip_suffix(&suffix)?, ids)));
            let mut all = Vec::new();
            for (owner, ids) in shelves {
                for id in ids {
                    let mut body = self.render(id);
                    if owner != self.platform {
                        body["_account"] = json!(owner);
                    }
                    all.push(body);
                }
            }
            answer[name] = Value::Array(all);
        }
        let mut balances = json!({});
        let keys: Vec<String> = self.purses.keys().cloned().collect();
        for key in keys {
            if let Some((owner, currency)) = key.split_once('|') {
                let purse = self.purse(owner, currency);
                let name = if owner == self.platform { "platform" } else { owner };
                if balances.get(name).is_none() {
                    balances[name] = json!({});
                }
                balances[name][currency] = json!({ "available": purse.available, "pending": purse.waiting() });
            }
        }
        answer["balances"] = balances;
        answer["accounts"] = Value::Array(self.shelf(&self.platform, "account").iter().map(|id| self.render(id)).collect());
        debug_assert!(answer["accounts"].as_array().into_iter().flatten().all(|account| !text(account, "id").is_empty()));
        answer
    }
}
