//! The form of an entry as it is typed, the same on a retainer, on a matter and when corrected.

use entity::ids::{MatterId, RetainerId};

use super::{commands::log_hours::LogHours, meter, minutes};
use crate::platform::{FieldErrors, Result};

#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Deserialize)]
pub struct HoursForm {
    #[serde(default)]
    pub worked_on: String,
    #[serde(default)]
    pub time: String,
    #[serde(default)]
    pub matter: String,
    #[serde(default)]
    pub description: String,
}

impl HoursForm {
    /// What is to be logged, or what could not be read.
    pub fn read(&self, retainer: RetainerId) -> Result<LogHours> {
        let mut errors = FieldErrors::default();
        let minutes = minutes::parse(&self.time).unwrap_or_else(|| {
            errors.add("time", "A time such as 1h20m, 1:20, 1.3 (hours) or 80 (minutes), at most a day.");
            0
        });
        let worked_on = meter::day(self.worked_on.trim()).unwrap_or_else(|| {
            errors.add("worked_on", "A date such as 2026-03-02.");
            time::Date::MIN
        });
        let matter = match self.matter.as_str() {
            "" => None,
            text => match text.parse::<MatterId>() {
                Ok(id) => Some(id),
                Err(_) => {
                    errors.add("matter", "Choose one of the matters in the list.");
                    None
                }
            },
        };
        if self.description.trim().is_empty() {
            errors.add("description", "Say what was done.");
        }
        errors.check()?;
        Ok(LogHours { retainer, matter, worked_on, minutes, description: self.description.clone() })
    }
}
