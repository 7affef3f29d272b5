//! Finding by words, the same on every database and without a model: words are brought to their stems, what stands in the title
//! counts more than what stands in the text, and a rare word more than a common one. No database, no web.

use std::collections::HashSet;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Words a question is read for.
const TERMS: usize = 16;

/// Words that say nothing of what is asked.
const FILLERS: &[&str] = &[
    "a",
    "about",
    "after",
    "again",
    "all",
    "also",
    "am",
    "an",
    "and",
    "any",
    "anymore",
    "are",
    "as",
    "at",
    "be",
    "because",
    "been",
    "but",
    "by",
    "can",
    "cannot",
    "cant",
    "could",
    "did",
    "didnt",
    "do",
    "does",
    "doesnt",
    "doing",
    "done",
    "dont",
    "else",
    "ever",
    "for",
    "from",
    "get",
    "gets",
    "got",
    "had",
    "has",
    "hasnt",
    "have",
    "havent",
    "hello",
    "help",
    "hi",
    "how",
    "i",
    "id",
    "if",
    "im",
    "in",
    "into",
    "is",
    "isnt",
    "it",
    "its",
    "ive",
    "just",
    "keep",
    "keeps",
    "know",
    "let",
    "like",
    "me",
    "more",
    "my",
    "need",
    "needs",
    "no",
    "not",
    "nothing",
    "now",
    "of",
    "off",
    "on",
    "one",
    "only",
    "or",
    "our",
    "out",
    "please",
    "say",
    "says",
    "should",
    "since",
    "so",
    "some",
    "somebody",
    "someone",
    "something",
    "still",
    "than",
    "thank",
    "thanks",
    "that",
    "the",
    "their",
    "them",
    "then",
    "there",
    "these",
    "they",
    "this",
    "to",
    "too",
    "try",
    "trying",
    "up",
    "us",
    "use",
    "very",
    "want",
    "was",
    "we",
    "were",
    "what",
    "whats",
    "when",
    "where",
    "which",
    "who",
    "why",
    "will",
    "with",
    "wont",
    "would",
    "you",
    "your",
];

/// Small letters, no accents, no apostrophes.
pub fn plain(text: &str) -> String {
    let letters = text.nfkd().filter(|c| !is_combining_mark(*c) && !matches!(c, '\'' | '’' | '`'));
    letters.flat_map(char::to_lowercase).collect()
}

fn tokens(plain: &str) -> impl Iterator<Item = &str> {
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// What different forms of an English word have in common; always the beginning of the word.
pub fn stem(word: &str) -> &str {
    let long = |end: &str, left: usize| word.strip_suffix(end).filter(|rest| rest.chars().count() >= left);
    let stem = if let Some(rest) = long("ings", 4).or_else(|| long("ing", 4)) {
        single(rest)
    } else if let Some(rest) = long("ies", 3).or_else(|| long("ied", 3)) {
        rest
    } else if let Some(rest) = long("sses", 2) {
        &word[..rest.len() + 2]
    } else if let Some(rest) = long("ed", 4) {
        single(rest)
    } else if let Some(rest) = long("s", 3).filter(|rest| !rest.ends_with(['s', 'u', 'i'])) {
        rest
    } else {
        word
    };
    let least = |rest: &&str| rest.chars().count() >= 3;
    stem.strip_suffix('e').or_else(|| stem.strip_suffix('y')).filter(least).unwrap_or(stem)
}

/// `stopp` → `stop`
fn single(stem: &str) -> &str {
    let mut letters = stem.chars().rev();
    match (letters.next(), letters.next()) {
        (Some(a), Some(b)) if a == b && !matches!(a, 'l' | 's' | 'z') => &stem[..stem.len() - a.len_utf8()],
        _ => stem,
    }
}

/// The stems of what somebody asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub terms: Vec<String>,
}

impl Asked {
    pub fn of(question: &str) -> Self {
        let plain = plain(question);
        let mut terms: Vec<String> = Vec::new();
        for word in tokens(&plain).filter(|word| !FILLERS.contains(word) && word.chars().count() > 1) {
            let stem = stem(word).to_owned();
            if !terms.contains(&stem) && terms.len() < TERMS {
                terms.push(stem);
            }
        }
        Self { terms }
    }

    /// The same with words nobody has ever written replaced by the nearest that somebody has; none where none is near.
    pub fn corrected(&self, unknown: &[String], vocabulary: &[String]) -> Option<Self> {
        let mut changed = false;
        let terms = self.terms.iter().map(|term| {
            let near = if unknown.contains(term) { nearest(term, vocabulary) } else { None };
            changed |= near.is_some();
            near.unwrap_or_else(|| term.clone())
        });
        let mut better: Vec<String> = Vec::new();
        for term in terms {
            if !better.contains(&term) {
                better.push(term);
            }
        }
        changed.then_some(Self { terms: better })
    }
}

/// The stems of some text: what a word can be corrected to.
pub fn vocabulary(text: &str) -> Vec<String> {
    let plain = plain(text);
    tokens(&plain).map(|word| stem(word).to_owned()).filter(|stem| stem.chars().count() >= 4).collect()
}

/// One slip away; two in a long word.
fn nearest(term: &str, vocabulary: &[String]) -> Option<String> {
    let length = term.chars().count();
    let slips = match length {
        ..=3 => return None,
        4..=7 => 1,
        _ => 2,
    };
    let near = vocabulary.iter().filter(|word| word.chars().count().abs_diff(length) <= slips);
    near.map(|word| (distance(term, word), word)).filter(|(away, _)| *away <= slips).min().map(|(_, word)| word.clone())
}

/// Letters to be put in, left out, replaced, or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            row[j] = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// What of an article is looked through, and how much a word in it counts.
pub struct Text<'a> {
    pub title: &'a str,
    pub tags: &'a str,
    pub summary: &'a str,
    pub body: &'a str,
}

/// How much of each term stands in a text, and whether where it weighs.
struct Weighed {
    terms: Vec<f64>,
    /// Terms in the title, the tags or the summary.
    in_front: usize,
}

fn weigh(asked: &Asked, text: &Text<'_>) -> Weighed {
    let mut terms = vec![0.0; asked.terms.len()];
    let mut in_front = vec![false; asked.terms.len()];
    for (part, weight, front) in
        [(text.title, 5.0, true), (text.tags, 4.0, true), (text.summary, 2.5, true), (text.body, 1.0, false)]
    {
        let part = plain(part);
        for word in tokens(&part) {
            let stem = stem(word);
            for (at, term) in asked.terms.iter().enumerate() {
                let alike = if stem == term {
                    1.0
                } else if term.len() >= 4 && stem.starts_with(term.as_str()) {
                    0.6
                } else {
                    continue;
                };
                terms[at] += weight * alike;
                in_front[at] |= front;
            }
        }
    }
    Weighed { terms, in_front: in_front.into_iter().filter(|front| *front).count() }
}

/// Those of the texts that answer, best first, each by its place in the list. `all`: how many texts there are, found or not.
pub fn rank(asked: &Asked, texts: &[Text<'_>], all: usize) -> Vec<usize> {
    let weighed: Vec<Weighed> = texts.iter().map(|text| weigh(asked, text)).collect();
    let rarity: Vec<f64> = (0..asked.terms.len())
        .map(|at| {
            let with = weighed.iter().filter(|text| text.terms[at] > 0.0).count() as f64;
            (1.0 + (all.max(texts.len()) as f64 - with + 0.5) / (with + 0.5)).ln()
        })
        .collect();
    let mut scored: Vec<(f64, usize)> = Vec::new();
    for (place, text) in weighed.iter().enumerate() {
        let met = text.terms.iter().filter(|weight| **weight > 0.0).count();
        // One common word deep in a text answers nothing.
        if met == 0 || (text.in_front == 0 && met * 2 < asked.terms.len()) {
            continue;
        }
        let sum: f64 = text.terms.iter().zip(&rarity).map(|(weight, rarity)| rarity * weight / (weight + 1.5)).sum();
        scored.push((sum * (met as f64 / asked.terms.len() as f64).sqrt(), place));
    }
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let best = scored.first().map_or(0.0, |(score, _)| *score);
    scored.into_iter().filter(|(score, _)| *score >= best * 0.25).map(|(_, place)| place).collect()
}

/// A piece of an excerpt, and whether it is one of the words asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub hit: bool,
}

/// Characters of an excerpt.
const EXCERPT: usize = 260;

/// The paragraph that holds most of what was asked, cut to a readable length, its words marked.
pub fn excerpt(asked: &Asked, body: &str) -> Vec<Piece> {
    let hits = |line: &str| {
        let mut found: HashSet<&str> = HashSet::new();
        let line = plain(line);
        for word in tokens(&line) {
            found.extend(asked.terms.iter().find(|term| is_hit(word, term)).map(String::as_str));
        }
        found.len()
    };
    let lines: Vec<&str> = body.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let most = lines.iter().map(|line| hits(line)).max().unwrap_or(0);
    let Some(at) = lines.iter().position(|line| hits(line) == most) else { return Vec::new() };
    // A short line says more with the one after it.
    let mut text = lines[at].to_owned();
    for more in lines.iter().skip(at + 1) {
        if text.chars().count() + more.chars().count() > EXCERPT {
            break;
        }
        let joint = if text.ends_with(['.', '!', '?', ':', ';', ',']) { " " } else { ". " };
        text = format!("{text}{joint}{more}");
    }
    marked(asked, &shortened(asked, &text))
}

fn is_hit(word: &str, term: &str) -> bool {
    let stem = stem(word);
    stem == term || (term.len() >= 4 && stem.starts_with(term))
}

/// At most [`EXCERPT`] characters, with the first word asked for among them.
fn shortened(asked: &Asked, text: &str) -> String {
    if text.chars().count() <= EXCERPT {
        return text.to_owned();
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_asked = |word: &str| tokens(&plain(word)).any(|token| asked.terms.iter().any(|term| is_hit(token, term)));
    let first = words.iter().position(|word| is_asked(word)).unwrap_or(0).saturating_sub(8);
    let mut out = if first > 0 { "…".to_owned() } else { String::new() };
    for word in &words[first..] {
        if out.chars().count() + word.chars().count() >= EXCERPT {
            out.push('…');
            break;
        }
        if !out.is_empty() && out != "…" {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

fn marked(asked: &Asked, text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut push = |text: &str, hit: bool| match pieces.last_mut() {
        Some(last) if last.hit == hit => last.text.push_str(text),
        _ => pieces.push(Piece { text: text.to_owned(), hit }),
    };
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || is_combining_mark(c) || matches!(c, '\'' | '’');
        let word = is_word(first);
        let end = rest.find(|c: char| is_word(c) != word).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        let token = plain(part);
        push(part, word && asked.terms.iter().any(|term| is_hit(&token, term)));
        rest = after;
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(question: &str) -> Vec<String> {
        Asked::of(question).terms
    }

    #[test]
    fn forms_of_a_word_have_one_stem_and_it_begins_the_word() {
        for forms in [
            &["print", "prints", "printed", "printing"][..],
            &["policy", "policies"],
            &["change", "changes", "changed", "changing"],
            &["stop", "stops", "stopped", "stopping"],
            &["access", "accesses"],
            &["address", "addresses", "addressing"],
        ] {
            let stems: Vec<&str> = forms.iter().map(|form| stem(form)).collect();
            assert!(stems.iter().all(|stem| *stem == stems[0]), "{forms:?}: {stems:?}");
            assert!(forms.iter().zip(&stems).all(|(form, stem)| form.starts_with(stem)));
        }
        for word in ["is", "bus", "yes", "äöü", "é", "s", "ing", "eyed"] {
            assert!(word.starts_with(stem(word)) && !stem(word).is_empty(), "{word}");
        }
    }

    #[test]
    fn a_question_is_read_for_what_it_is_about() {
        assert_eq!(terms("My Outlook doesn't send e-mails anymore, please help!"), ["outlook", "send", "mail"]);
        assert_eq!(terms("How do I …?"), Vec::<String>::new());
        assert_eq!(terms("Café Wi-Fi"), ["caf", "wi", "fi"]);
    }

    #[test]
    fn what_is_typed_wrong_finds_the_nearest_word() {
        let known = vocabulary("Outlook password printer scanner");
        let asked = Asked::of("outlok pasword");
        let corrected = asked.corrected(&asked.terms, &known).expect("two slips");
        assert_eq!(corrected.terms, ["outlook", "password"]);
        assert_eq!(Asked::of("banana").corrected(&["banana".to_owned()], &known), None);
    }

    #[test]
    fn the_title_weighs_more_than_the_text_and_a_rare_word_more_than_a_common_one() {
        let text = |title, body| Text { title, tags: "", summary: "", body };
        let texts = [
            text("Set up your phone", "Mail on a phone. Also printers are mentioned once."),
            text("The printer does not print", "Turn it off and on again."),
            text("Your mail on a new computer", "Outlook asks for the password; mail comes by itself."),
        ];
        assert_eq!(rank(&Asked::of("printer prints nothing"), &texts, 3).first(), Some(&1));
        assert_eq!(rank(&Asked::of("outlook mail password"), &texts, 3).first(), Some(&2));
        assert_eq!(rank(&Asked::of("vacation allowance"), &texts, 3), Vec::<usize>::new());
    }

    #[test]
    fn an_excerpt_shows_the_words_asked_for() {
        let body = "First a line of no use.\nOpen the tray of the printer, take the paper out.\nThen close it.";
        let pieces = excerpt(&Asked::of("printers"), body);
        assert_eq!(pieces.iter().filter(|piece| piece.hit).map(|piece| piece.text.as_str()).collect::<Vec<_>>(), ["printer"]);
        let whole: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert!(whole.starts_with("Open the tray") && whole.ends_with("close it."), "{whole}");
        let long = format!("{} printer {}", "word ".repeat(100), "tail ".repeat(100));
        let cut: String = excerpt(&Asked::of("printer"), &long).iter().map(|piece| piece.text.as_str()).collect();
        assert!(cut.contains("printer") && cut.chars().count() <= EXCERPT + 2, "{cut}");
    }
}
