//! The stand-in speaks what the official clients speak, and ours reads what they read.

use std::time::Duration;

use one_legal::platform::{
    llm::{End, Llm, NAME, Prompt, Said},
    remote::{self, CallError},
};
use serde_json::json;
use tokio::sync::mpsc;

use super::standin::{KEY, MODEL, Mood, Provider, Wire};
use crate::support::{Installation, python};

const TEXT: &str = "Öffne alle Türen [1].\n\nThen \"wait\" \\ 10 s — done.";

fn prompt() -> Prompt {
    Prompt { system: "Answer.".to_owned(), asked: "How?".to_owned(), max_tokens: 100, patience: Duration::from_secs(20) }
}

async fn ask(one: &Installation) -> Result<Said, CallError> {
    let (pieces, mut heard) = mpsc::channel(4);
    let llm = Llm::of(&one.platform).expect("a model is set");
    let prompt = prompt();
    let (said, heard) = tokio::join!(
        async {
            let said = llm.ask(&one.platform, &prompt, &pieces).await;
            drop(pieces);
            said
        },
        async {
            let mut all = String::new();
            while let Some(piece) = heard.recv().await {
                all.push_str(&piece);
            }
            all
        }
    );
    if let Ok(said) = &said {
        assert_eq!(said.text, heard, "the pieces are the whole");
    }
    said
}

#[actix_web::test]
async fn the_official_clients_read_the_stand_in_as_we_do() {
    for (wire, client, stop) in [(Wire::Messages, "anthropic", "end_turn"), (Wire::ChatCompletions, "openai", "stop")] {
        let provider = Provider::start(wire);
        provider.says(TEXT);
        let base = provider.url.split("/v1").next().expect("its base").to_owned();
        let question = json!({ "wire": client, "base": base, "key": KEY, "model": MODEL, "question": "How?" });
        assert_eq!(python::ask_model(question.clone()).await, json!({ "text": TEXT, "stop": stop }));
        let theirs = provider.asked().remove(0);
        let one = Installation::with(&provider.settings()).await;
        assert_eq!(ask(&one).await, Ok(Said { text: TEXT.to_owned(), end: End::Whole }));
        let ours = provider.asked().remove(0);
        for (name, value) in ours.as_object().expect("fields") {
            assert!(theirs.get(name).is_some(), "{wire:?}: the official client sends no {name}");
            assert_eq!(value.is_string(), theirs[name].is_string(), "{wire:?}: {name}");
        }
        let wrong = [("key", "another", "AuthenticationError"), ("model", "another", "NotFoundError")];
        for (field, value, error) in wrong {
            let mut question = question.clone();
            question[field] = json!(value);
            assert_eq!(python::ask_model(question).await, json!({ "error": error }), "{wire:?} {field}");
        }
        provider.feels(Mood::Declines);
        let stop = python::ask_model(question.clone()).await["stop"].clone();
        assert_eq!(stop, if wire == Wire::Messages { "refusal" } else { "content_filter" });
        provider.feels(Mood::Overloaded);
        let error = if wire == Wire::Messages { "OverloadedError" } else { "InternalServerError" };
        assert_eq!(python::ask_model(question).await["error"], error);
    }
}

#[actix_web::test]
async fn each_way_to_fail_has_its_name_is_written_down_and_says_nothing_of_what_was_asked() {
    for wire in [Wire::Messages, Wire::ChatCompletions] {
        let provider = Provider::start(wire);
        provider.says("One [1]. ");
        let one = Installation::with(&provider.settings()).await;
        let failed = |code| CallError::Failed(code);
        let overloaded = if wire == Wire::Messages { failed(529) } else { failed(503) };
        let in_the_middle = if wire == Wire::Messages { failed(529) } else { failed(500) };
        // Once is not always.
        provider.feels(Mood::OverloadedOnce);
        assert_eq!(ask(&one).await.expect("the second time").end, End::Whole);
        assert_eq!(provider.asked().len(), 2);
        for (mood, wanted) in [(Mood::Declines, End::Declined), (Mood::CutOff, End::CutOff)] {
            provider.feels(mood);
            assert_eq!(ask(&one).await.expect("an end").end, wanted, "{wire:?} {mood:?}");
        }
        let seen = || async { remote::seen(&one.platform, NAME).await.expect("read").expect("a row") };
        assert_eq!(seen().await.failing_since, None);
        for (mood, wanted) in [
            (Mood::Overloaded, Some(overloaded)),
            (Mood::BreaksOffSaying, Some(in_the_middle)),
            (Mood::BreaksOff, None),
            (Mood::Garbage, None),
            (Mood::Page, None),
            (Mood::Elsewhere, None),
            (Mood::Endless, None),
            (Mood::NoCredit, None),
        ] {
            provider.feels(mood);
            provider.asked();
            let error = ask(&one).await.expect_err("no answer");
            let kind = match mood {
                Mood::BreaksOff => matches!(error, CallError::Unreachable(_)),
                Mood::Garbage | Mood::Page | Mood::Elsewhere | Mood::Endless => matches!(error, CallError::Garbage(_)),
                Mood::NoCredit => {
                    matches!(&error, CallError::Refused { detail, .. } if detail.contains("i") && !detail.contains("How?"))
                }
                _ => wanted.as_ref() == Some(&error),
            };
            assert!(kind, "{wire:?} {mood:?}: {error:?}");
            let tries = if mood == Mood::Overloaded { 2 } else { 1 };
            assert_eq!(provider.asked().len(), tries, "{wire:?} {mood:?}: what was heard is not asked for again");
            let row = seen().await;
            assert!(row.failing_since.is_some(), "{wire:?} {mood:?}");
            assert!(!row.last_error.expect("words").contains("How?"), "what was asked stands nowhere");
            // Well again, so that it is not left alone.
            provider.feels(Mood::Well);
            ask(&one).await.expect("an answer");
        }
        let hasty = Installation::with(&provider.patient("300")).await;
        provider.feels(Mood::Slow);
        assert_eq!(ask(&hasty).await, Err(CallError::TimedOut));
    }
}

#[actix_web::test]
async fn a_wrong_key_a_wrong_name_and_a_missing_setting_are_told_apart() {
    for wire in [Wire::Messages, Wire::ChatCompletions] {
        let provider = Provider::start(wire);
        let url = provider.url.as_str();
        let one = Installation::with(&[("LLM_API_URL", url), ("LLM_API_KEY", "another"), ("LLM_MODEL", MODEL)]).await;
        assert_eq!(ask(&one).await, Err(CallError::KeyRefused));
        let two = Installation::with(&[("LLM_API_URL", url), ("LLM_API_KEY", KEY), ("LLM_MODEL", "another")]).await;
        for _ in 0..5 {
            assert_eq!(ask(&two).await, Err(CallError::Missing));
        }
        assert!(matches!(ask(&two).await, Err(CallError::Resting(_))), "and then it is left alone");
        let half = Installation::with(&[("LLM_API_URL", url), ("LLM_MODEL", MODEL)]).await;
        assert_eq!(Llm::of(&half.platform).err(), Some(CallError::NotSet("LLM_API_KEY")));
    }
}

#[actix_web::test]
async fn too_much_is_not_asked_and_who_leaves_is_not_written_for() {
    let provider = Provider::start(Wire::Messages);
    provider.says(&"word ".repeat(500));
    let one = Installation::with(&provider.settings()).await;
    let llm = Llm::of(&one.platform).expect("set");
    let (pieces, mut heard) = mpsc::channel(1);
    let long = Prompt { asked: "x".repeat(300_000), ..prompt() };
    assert!(matches!(llm.ask(&one.platform, &long, &pieces).await, Err(CallError::Refused { status: 413, .. })));
    assert!(provider.asked().is_empty());
    let prompt = prompt();
    let (said, ()) = tokio::join!(llm.ask(&one.platform, &prompt, &pieces), async {
        heard.recv().await.expect("a piece");
        drop(heard);
    });
    assert_eq!(said.expect("no failure").end, End::Left);
}
