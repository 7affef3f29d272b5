//! The trimmed style sheet holds every class of the framework that our pages use.

use std::{collections::BTreeSet, path::Path};

fn words(folder: &Path, extensions: &[&str], found: &mut BTreeSet<String>) {
    for path in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() {
            words(&path, extensions, found);
        } else if path.extension().is_some_and(|extension| extensions.iter().any(|one| extension == *one)) {
            let text = std::fs::read_to_string(&path).expect("a text");
            found.extend(text.split(|c: char| !c.is_ascii_alphanumeric() && !"_-".contains(c)).map(str::to_owned));
        }
    }
}

/// The classes of each selector of a style sheet.
fn selectors(css: &str) -> Vec<BTreeSet<String>> {
    let lists = css.split('{').filter_map(|part| part.rsplit('}').next());
    lists.flat_map(|list| list.split(',')).map(classes).filter(|names| !names.is_empty()).collect()
}

fn classes(selector: &str) -> BTreeSet<String> {
    let is_name = |c: &char| c.is_ascii_alphanumeric() || "_-".contains(*c);
    let names = selector.split('.').skip(1).map(|rest| rest.chars().take_while(is_name).collect::<String>());
    names.filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())).collect()
}

#[test]
fn no_class_of_the_framework_that_a_page_uses_was_trimmed_away() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| std::fs::read_to_string(root.join(path)).expect(path);
    let mut used = BTreeSet::new();
    for (folder, extension) in [("templates", "html"), ("src", "rs"), ("static", "js")] {
        words(&root.join(folder), &[extension], &mut used);
    }
    let (whole, trimmed) = (selectors(&read("tests/css/tabler.min.css")), selectors(&read("static/vendor/tabler/tabler.css")));
    assert!(whole.len() > 5_000 && trimmed.len() < whole.len() / 4, "{} of {}", trimmed.len(), whole.len());
    let kept: BTreeSet<&String> = trimmed.iter().flatten().collect();
    // A rule counts where all of its classes are words of ours.
    let wanted = whole.iter().filter(|names| names.iter().all(|name| used.contains(name))).flatten();
    let lost: BTreeSet<&String> = wanted.filter(|name| !kept.contains(name)).collect();
    assert!(lost.is_empty(), "run tests/css/trim.mjs: it lacks {lost:?}");
}
