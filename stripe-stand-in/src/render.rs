//! How a stored object looks at this moment, and `expand[]`.

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::world::World;

impl World {
    /// The object as it is answered now.
    pub fn render(&self, id: &str) -> Value {
        let Some(object) = self.objects.get(id) else { return Value::Null };
        let mut body = object.body.clone();
        if object.kind == "balance_transaction" {
            let ready = body["available_on"].as_i64().unwrap_or_default() <= self.now();
            body["status"] = json!(if ready { "available" } else { "pending" });
        }
        body
    }

    /// Replaces ids by objects along `expand[]=data.latest_charge.balance_transaction`.
    pub fn expand(&self, mut answer: Value, params: &Value) -> Result<Value, ApiError> {
        for path in params["expand"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            let steps: Vec<&str> = path.split('.').collect();
            if steps.len() > 4 {
                let message = format!("You cannot expand more than 4 levels of a property. Property: {path}");
                return Err(ApiError::invalid("parameter_invalid", "expand", message));
            }
            self.expand_at(&mut answer, &steps, path)?;
        }
        Ok(answer)
    }

    fn expand_at(&self, at: &mut Value, steps: &[&str], path: &str) -> Result<(), ApiError> {
        let Some((step, rest)) = steps.split_first() else { return Ok(()) };
        let cannot = || {
            let message = format!("This property cannot be expanded ({path}).");
            ApiError::invalid("parameter_invalid", "expand", message)
        };
        match at {
            Value::Null => Ok(()),
            Value::Array(items) => items.iter_mut().try_for_each(|item| self.expand_at(item, steps, path)),
            Value::Object(fields) => {
                let inner = fields.get_mut(*step).ok_or_else(cannot)?;
                if let Some(id) = inner.as_str() {
                    if !self.objects.contains_key(id) {
                        return Err(cannot());
                    }
                    *inner = self.render(id);
                } else if rest.is_empty() && !inner.is_null() && !inner.is_object() && !inner.is_array() {
                    return Err(cannot());
                }
                self.expand_at(inner, rest, path)
            }
            _ => Err(cannot()),
        }
    }
}
