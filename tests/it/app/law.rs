//! The order of modules in `src/lib.rs` is the law: a module uses only those above it.

use std::path::{Path, PathBuf};

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn modules() -> Vec<String> {
    let text = std::fs::read_to_string(source().join("lib.rs")).expect("src/lib.rs");
    text.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).map(str::to_owned).collect()
}

/// The modules of the crate that a file names: `crate::word` and the words inside `use crate::{ … }`.
fn named(text: &str, modules: &[String]) -> Vec<String> {
    let code: String = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 1;
            let mut word = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    _ => {}
                }
                if depth == 1 && (c.is_alphanumeric() || c == '_') {
                    word.push(c);
                } else if !word.is_empty() {
                    found.push(std::mem::take(&mut word));
                }
                if depth == 0 {
                    break;
                }
            }
        } else {
            found.push(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    found.retain(|word| modules.contains(word));
    found
}

#[test]
fn a_module_uses_only_modules_above_it() {
    let modules = modules();
    assert!(modules.len() > 10, "src/lib.rs lists the modules");
    let mut broken = Vec::new();
    for (rank, module) in modules.iter().enumerate() {
        for file in rust_files(&source().join(module)) {
            let text = std::fs::read_to_string(&file).expect("a source file");
            for other in named(&text, &modules) {
                if modules.iter().position(|m| *m == other).expect("known") > rank {
                    broken.push(format!("{} uses `{other}`, which stands below `{module}` in src/lib.rs", file.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn nouns_know_no_database_and_no_web_and_faces_know_no_database() {
    let special = ["access", "queries", "events", "jobs", "routes", "pages", "api", "live", "mod"];
    let mut broken = Vec::new();
    for module in modules().iter().filter(|m| !["platform", "audit", "app"].contains(&m.as_str())) {
        for file in rust_files(&source().join(module)) {
            let text = std::fs::read_to_string(&file).expect("a source file");
            let role = file.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_owned();
            let is_face = ["routes", "pages", "api", "live"].contains(&role.as_str())
                || file.parent().and_then(|p| p.file_name()).is_some_and(|p| p == "pages");
            let is_command = file.components().any(|c| c.as_os_str() == "commands" || c.as_os_str() == "queries");
            if is_face && text.contains("sea_orm") {
                broken.push(format!("{}: a face that names sea_orm", file.display()));
            }
            if !is_face && !is_command && !special.contains(&role.as_str()) && text.contains("sea_orm") {
                broken.push(format!("{}: a noun that names sea_orm", file.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_file_opens_with_a_sentence() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["src", "entity/src", "migration/src", "stripe-stand-in/src", "stripe-stand-in/tests", "tests"] {
        for file in rust_files(&root.join(folder)) {
            let text = std::fs::read_to_string(&file).expect("a source file");
            assert!(text.starts_with("//!"), "{} opens without //!", file.display());
        }
    }
}
