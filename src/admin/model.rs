//! Health of the language model: none, half set, failing, or well. What it says of a failure is its kind alone.

use super::health::Finding;
use crate::platform::{Platform, Result, llm, remote};

const HITS: &str = "clients who ask for help: they get the articles found, and no answer from them";

pub async fn finding(platform: &Platform) -> Result<Finding> {
    let settings = &platform.config.llm;
    if settings.is_off() {
        return Ok(Finding::ok("model", "No language model is set: help finds articles, and nothing is written by a machine."));
    }
    if let Some(setting) = settings.missing() {
        let fix = format!("Set {setting}, or take the other LLM settings away.");
        return Ok(Finding::failing("model", format!("{setting} is not set: the model is not asked."), HITS, fix));
    }
    let Some(seen) = remote::seen(platform, llm::NAME).await? else {
        let fix = "Ask something in a client's help; then this line says whether address, key and name are right.";
        return Ok(Finding::warning("model", "The model was not asked yet.", HITS, fix));
    };
    let Some(since) = seen.failing_since else {
        let at = seen.last_success_at.map(|at| format!(" It last answered on {}.", at.words())).unwrap_or_default();
        return Ok(Finding::ok("model", format!("The model answers.{at}")));
    };
    let why = seen.last_error.unwrap_or_default();
    let fix = if why.contains("refused our key") {
        "Compare LLM_API_KEY with the keys at the model's provider; make a new one there if it was taken back."
    } else if why.contains("does not know what was asked for") {
        "Compare LLM_MODEL with the provider's list of models, and LLM_API_URL with its documentation."
    } else if why.contains("it refused with") {
        "Look at the provider's console whether the account has credit and may use LLM_MODEL."
    } else if why.contains("not in its contract") {
        "Look whether LLM_API_URL is right: its end decides how it is spoken to (docs/operations.md)."
    } else {
        "Look whether this machine reaches LLM_API_URL, and at the provider's status page; it is asked again by itself."
    };
    Ok(Finding::failing("model", format!("The model was asked, and {why}."), HITS, fix).since(since))
}
