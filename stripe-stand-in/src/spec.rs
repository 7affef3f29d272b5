//! What an address takes, said in one line of words: `amount!:int metadata:map automatic_payment_methods.enabled:bool`.
//!
//! A name with `!` must be given. Everything not named is refused as `parameter_unknown`. `later` marks what Stripe documents
//! and the stand-in does not model: refused by its own code, so that a test never believes it had an effect.

use serde_json::{Map, Value, json};

use crate::error::ApiError;

pub const LIST: &str = "limit:int starting_after:str ending_before:str";

struct Rule<'a> {
    name: &'a str,
    needed: bool,
    kind: &'a str,
}

fn rules(spec: &str) -> impl Iterator<Item = Rule<'_>> {
    spec.split_whitespace().map(|word| {
        let (name, kind) = word.split_once(':').unwrap_or((word, "str"));
        Rule { name: name.trim_end_matches('!'), needed: name.ends_with('!'), kind }
    })
}

/// The names a spec knows, nested ones with dots.
pub fn names(spec: &str) -> impl Iterator<Item = &str> {
    rules(spec).map(|rule| rule.name)
}

/// Reads the raw tree by the spec into typed values. An empty string means "unset" and becomes null, as Stripe has it.
pub fn read(spec: &str, raw: &Value) -> Result<Value, ApiError> {
    let full = format!("{spec} expand:strs");
    let rules: Vec<Rule<'_>> = rules(&full).collect();
    let typed = object(&rules, "", raw)?;
    for rule in rules.iter().filter(|rule| rule.needed) {
        let (parent, leaf) = rule.name.rsplit_once('.').unwrap_or(("", rule.name));
        let holder = parent.split('.').filter(|p| !p.is_empty()).try_fold(&typed, |at, p| at.get(p));
        let Some(holder) = holder else { continue };
        match holder.get(leaf) {
            None => {
                return Err(ApiError::invalid(
                    "parameter_missing",
                    &bracketed(rule.name),
                    format!("Missing required param: {}.", bracketed(rule.name)),
                ));
            }
            Some(Value::Null) => return Err(empty(rule.name)),
            Some(_) => {}
        }
    }
    Ok(typed)
}

fn bracketed(dotted: &str) -> String {
    let mut parts = dotted.split('.');
    let head = parts.next().unwrap_or_default().to_owned();
    parts.fold(head, |so_far, part| format!("{so_far}[{part}]"))
}

fn empty(name: &str) -> ApiError {
    let name = bracketed(name);
    ApiError::invalid(
        "parameter_invalid_empty",
        &name,
        format!("You passed an empty string for '{name}'. An empty value means to unset it; '{name}' cannot be unset here."),
    )
}

fn object(rules: &[Rule<'_>], prefix: &str, raw: &Value) -> Result<Value, ApiError> {
    let mut out = Map::new();
    let Value::Object(fields) = raw else {
        return Err(ApiError::invalid("parameter_invalid", &bracketed(prefix), format!("Invalid object: {}", bracketed(prefix))));
    };
    for (key, value) in fields {
        let name = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        if let Some(rule) = rules.iter().find(|rule| rule.name == name) {
            out.insert(key.clone(), leaf(rule, value)?);
        } else if rules.iter().any(|rule| rule.name.strip_prefix(&name).is_some_and(|rest| rest.starts_with('.'))) {
            let inner = if value == "" { Value::Null } else { object(rules, &name, value)? };
            out.insert(key.clone(), inner);
        } else {
            let shown = bracketed(&name);
            return Err(ApiError::invalid("parameter_unknown", &shown, format!("Received unknown parameter: {shown}")));
        }
    }
    Ok(Value::Object(out))
}

fn leaf(rule: &Rule<'_>, value: &Value) -> Result<Value, ApiError> {
    let shown = bracketed(rule.name);
    let wrong = |what: &str| ApiError::invalid("parameter_invalid", &shown, format!("Invalid {what}: {shown}"));
    if rule.kind == "later" {
        return Err(ApiError::unsupported(&shown));
    }
    if value == "" && rule.kind != "map" {
        return Ok(Value::Null);
    }
    let text = value.as_str();
    match rule.kind {
        "int" | "time" => {
            if rule.kind == "time" && text == Some("now") {
                return Ok(json!("now"));
            }
            let number = text.and_then(|t| t.parse::<i64>().ok());
            number.map(Value::from).ok_or_else(|| {
                let given = text.unwrap_or("an object");
                ApiError::invalid("parameter_invalid_integer", &shown, format!("Invalid integer: {given}"))
            })
        }
        "bool" => match text {
            Some("true") => Ok(json!(true)),
            Some("false") => Ok(json!(false)),
            _ => Err(wrong("boolean")),
        },
        "str" => match text {
            Some(text) if text.len() > 5000 => Err(wrong("string: it is longer than 5000 characters")),
            Some(text) => Ok(json!(text)),
            None => Err(ApiError::invalid("parameter_invalid_string", &shown, format!("Invalid string: {shown}"))),
        },
        "currency" => match text.map(str::to_lowercase) {
            Some(code) if crate::money::known(&code) => Ok(json!(code)),
            _ => Err(ApiError::invalid(
                "parameter_invalid",
                &shown,
                format!("Invalid currency: {}. It is not one the stand-in knows.", text.unwrap_or_default()),
            )),
        },
        "strs" => match value {
            Value::Array(items) if items.iter().all(Value::is_string) => Ok(value.clone()),
            _ => Err(ApiError::invalid("parameter_invalid", &shown, "Invalid array".to_owned())),
        },
        "range" => match value {
            Value::Object(fields) => {
                let mut out = Map::new();
                for (key, bound) in fields {
                    if !["gt", "gte", "lt", "lte"].contains(&key.as_str()) {
                        let name = format!("{shown}[{key}]");
                        return Err(ApiError::invalid("parameter_unknown", &name, format!("Received unknown parameter: {name}")));
                    }
                    let number = bound.as_str().and_then(|t| t.parse::<i64>().ok());
                    out.insert(key.clone(), json!(number.ok_or_else(|| wrong("timestamp"))?));
                }
                Ok(Value::Object(out))
            }
            _ => text.and_then(|t| t.parse::<i64>().ok()).map(Value::from).ok_or_else(|| wrong("timestamp")),
        },
        "map" => metadata(&shown, value),
        "any" => Ok(value.clone()),
        choices => match text {
            Some(text) if choices.split('|').any(|choice| choice == text) => Ok(json!(text)),
            _ => Err(ApiError::invalid(
                "parameter_invalid",
                &shown,
                format!("Invalid {shown}: must be one of {}", choices.replace('|', ", ")),
            )),
        },
    }
}

/// Up to 50 keys of 40 characters, values of 500; an empty value unsets.
fn metadata(shown: &str, value: &Value) -> Result<Value, ApiError> {
    let fields = match value {
        Value::String(text) if text.is_empty() => return Ok(Value::Null),
        Value::Object(fields) => fields.clone(),
        Value::Array(items) => items.iter().enumerate().map(|(at, item)| (at.to_string(), item.clone())).collect(),
        _ => return Err(ApiError::invalid("parameter_invalid", shown, "Invalid object".to_owned())),
    };
    if fields.len() > 50 {
        return Err(ApiError::invalid("parameter_invalid", shown, "Metadata can have up to 50 keys".to_owned()));
    }
    for (key, value) in &fields {
        let name = format!("{shown}[{key}]");
        if key.chars().count() > 40 {
            return Err(ApiError::invalid("parameter_invalid", &name, "Metadata keys can have up to 40 characters".to_owned()));
        }
        match value.as_str() {
            None => return Err(ApiError::invalid("parameter_invalid_string", &name, "Metadata values must be strings".to_owned())),
            Some(text) if text.chars().count() > 500 => {
                return Err(ApiError::invalid(
                    "parameter_invalid",
                    &name,
                    "Metadata values can have up to 500 characters".to_owned(),
                ));
            }
            Some(_) => {}
        }
    }
    Ok(Value::Object(fields))
}

/// Writes metadata onto an object: given keys replace, empty ones go, null clears all.
pub fn merge_metadata(target: &mut Value, given: Option<&Value>) {
    match given {
        Some(Value::Null) => *target = json!({}),
        Some(Value::Object(fields)) => {
            if !target.is_object() {
                *target = json!({});
            }
            if let Value::Object(kept) = target {
                for (key, value) in fields {
                    if value == "" {
                        kept.remove(key);
                    } else {
                        kept.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        _ => {}
    }
}
