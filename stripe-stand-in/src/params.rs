//! Form parameters with Stripe's bracket nesting, read into a tree of strings. What they mean is said by [`crate::spec`].

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

fn decode(text: &str) -> String {
    percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned()
}

/// `a=1&b[c]=2&d[]=3&e[0][f]=4` as pairs.
pub fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|part| !part.is_empty())
        .map(|part| match part.split_once('=') {
            Some((key, value)) => (decode(key), decode(value)),
            None => (decode(part), String::new()),
        })
        .collect()
}

/// The same as a tree: objects, lists, and strings at its leaves.
pub fn tree(pairs: &[(String, String)]) -> Value {
    let mut root = Value::Object(Map::new());
    for (key, value) in pairs {
        let (head, rest) = key.split_once('[').unwrap_or((key, ""));
        let mut path = vec![head.to_owned()];
        if !rest.is_empty() {
            path.extend(rest.trim_end_matches(']').split("][").map(str::to_owned));
        }
        put(&mut root, &path, value);
    }
    root
}

fn is_index(word: &str) -> bool {
    word.is_empty() || word.bytes().all(|b| b.is_ascii_digit())
}

fn put(at: &mut Value, path: &[String], value: &str) {
    let Some((head, rest)) = path.split_first() else {
        *at = Value::String(value.to_owned());
        return;
    };
    if at.is_null() {
        *at = if is_index(head) { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
    }
    match at {
        Value::Object(fields) => put(fields.entry(head.clone()).or_insert(Value::Null), rest, value),
        Value::Array(items) => {
            let index = head.parse::<usize>().unwrap_or_else(|_| match (rest.first(), items.last()) {
                // `a[][b]=1&a[][c]=2` is one item until a name comes again.
                (Some(name), Some(Value::Object(last))) if !last.contains_key(name) => items.len() - 1,
                _ => items.len(),
            });
            if index >= items.len() {
                items.push(Value::Null);
            }
            let last = items.len() - 1;
            put(&mut items[index.min(last)], rest, value);
        }
        // A scalar that was given again as something nested: the later one stands.
        _ => {
            *at = Value::Null;
            put(at, path, value);
        }
    }
}
