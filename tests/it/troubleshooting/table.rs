//! The table of all causes, made of the list and of the tests that show them.

use std::{
    collections::BTreeMap,
    fmt::Write,
    path::{Path, PathBuf},
};

use crate::causes::{self, Cause, Outcome};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of tests").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() {
            sources(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push(entry);
        }
    }
}

/// The name under which cargo runs what stands in this file.
fn module(path: &Path) -> String {
    let path = path.strip_prefix(root().join("tests")).expect("below tests").with_extension("");
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).filter(|part| part != "mod").collect();
    parts.join("::")
}

/// Which test shows which cause.
fn shown() -> BTreeMap<String, Vec<String>> {
    let mut files = Vec::new();
    sources(&root().join("tests/it"), &mut files);
    sources(&root().join("tests/browser"), &mut files);
    files.sort();
    let mut shown: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source");
        let mut test = String::new();
        for line in text.lines() {
            if let Some(name) = line.split("async fn ").nth(1).filter(|_| !line.starts_with(' ')) {
                test = format!("{}::{}", module(&file), name.split(['(', '<']).next().unwrap_or_default());
            }
            for call in ["causes::named(\"", "causes::impossible(\""] {
                if let Some(id) = line.split(call).nth(1).and_then(|rest| rest.split('"').next())
                    && id.starts_with(['P', 'L'])
                {
                    let tests = shown.entry(id.to_owned()).or_default();
                    if !tests.contains(&test) {
                        tests.push(test.clone());
                    }
                }
            }
        }
    }
    shown
}

fn row(cause: &Cause, tests: &[String]) -> String {
    let outcome = match cause.outcome {
        Outcome::Impossible => "impossible".to_owned(),
        Outcome::Named => format!("named: “{}” — to {}", cause.words, cause.who),
        Outcome::NotYet => "not yet".to_owned(),
    };
    let tests = tests.iter().map(|test| format!("`{test}`")).collect::<Vec<_>>().join("<br>");
    format!("| {} | {} | {outcome} | {} | {tests} |", cause.id, cause.cause, cause.does).replace('\n', " ")
}

fn document() -> String {
    let shown = shown();
    let mut text = String::from(
        "# Troubleshooting\n\nEvery cause that the earlier product's two troubleshooting pages name (40 of its portal, 39 of its legal \
         side), and what this product\nmakes of it: it cannot happen, or the product says it, with the fix, to whoever can mend it. \
         `Admin → Health` and `one-legal doctor` look at\neverything that can be looked at. Made by the tests (`tests/causes`, \
         `tests/it/troubleshooting`); do not edit.\n",
    );
    for section in causes::sections() {
        let _ = write!(
            text,
            "\n## {}\n\n| | Cause | Outcome | What the product does | Shown by |\n|---|---|---|---|---|\n",
            section.symptom
        );
        for cause in &section.cause {
            let _ = writeln!(text, "{}", row(cause, shown.get(&cause.id).map_or(&[], Vec::as_slice)));
        }
    }
    text
}

#[test]
fn every_cause_has_its_answer_and_the_table_says_so() {
    let sections = causes::sections();
    let count = |side: &str| sections.iter().filter(|section| section.id.starts_with(side)).flat_map(|s| &s.cause).count();
    assert_eq!((count("P"), count("L")), (40, 39));
    let shown = shown();
    for section in &sections {
        for cause in &section.cause {
            assert!(cause.id.starts_with(&format!("{}.", section.id)), "{} stands in {}", cause.id, section.id);
            match cause.outcome {
                // Their capabilities are not there yet: drafting by a model, reviews of contracts.
                Outcome::NotYet => assert!(["L6", "L7"].contains(&section.id.as_str()), "{} has no answer", cause.id),
                outcome => {
                    assert!(shown.contains_key(&cause.id), "no test shows {}: {}", cause.id, cause.cause);
                    assert!(!cause.does.is_empty(), "{} does nothing", cause.id);
                    assert_eq!(outcome == Outcome::Named, !cause.words.is_empty() && !cause.who.is_empty(), "{}", cause.id);
                }
            }
        }
    }
    let known: Vec<&String> = sections.iter().flat_map(|section| &section.cause).map(|cause| &cause.id).collect();
    assert!(shown.keys().all(|id| known.contains(&id)), "a test shows what is not in the list");
    let path = root().join("docs/troubleshooting.md");
    if std::env::var_os("UPDATE_TROUBLESHOOTING").is_some() {
        std::fs::write(&path, document()).expect("written");
    }
    let stands = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stands == document(), "docs/troubleshooting.md is not what the tests say: UPDATE_TROUBLESHOOTING=1 writes it anew");
}
