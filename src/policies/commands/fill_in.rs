//! Page 2 of the wizard: the values and the sections. Also saved while it is typed, so that closing the browser loses nothing.

use entity::policies::policy;
use sea_orm::Set;

use super::step::{line, open, save, take};
use crate::{
    audit,
    platform::{Error, Result, Work},
    policies::{
        access::{Edit, May},
        draft::{Placed, is_effective_date},
        policy::Verb,
    },
};

/// What page 2 sends.
#[derive(Clone, Debug, Default)]
pub struct Filling {
    /// By variable name; names the template does not know are dropped, and the effective date, which page 1 asks for.
    pub values: Vec<(String, String)>,
    /// Empty: leave the sections as they are.
    pub layout: Vec<Placed>,
    /// The page must be complete: somebody wants to go on.
    pub finish: bool,
    /// Saved while typing, without a line in the audit log each time.
    pub typing: bool,
}

/// Saves everything typed; where the page has to be complete and is not, what is wrong is answered **after** it was saved.
pub async fn fill_in(work: &mut Work, who: &May<Edit>, filling: Filling) -> Result<std::result::Result<(), Error>> {
    let (row, _) = take(work, &who.reader, Verb::Edit).await?;
    let mut opened = open(work, &row).await?;
    for (name, value) in &filling.values {
        if opened.content.variable(name).is_some_and(|variable| !is_effective_date(variable)) {
            opened.draft.set(name, value);
        }
    }
    if !filling.layout.is_empty() {
        opened.draft.layout = filling.layout;
        opened.draft.layout = opened.draft.placed(&opened.content);
    }
    let errors = if filling.finish { opened.draft.check(&opened.content, &opened.tenant.currency) } else { Default::default() };
    let finished = filling.finish && errors.is_empty();
    let mut change: policy::ActiveModel = row.clone().into();
    change.draft = Set(opened.key.seal("draft", &opened.draft)?);
    if finished {
        change.wizard_page = Set(row.wizard_page.max(2));
    }
    let row = save(work, change).await?;
    if filling.typing {
        work.counts_as_audited("a draft saved while it is typed; finishing the page is recorded");
    } else {
        audit::record(work, line("policy.edited", &row).with("page", 2)).await?;
    }
    Ok(errors.check())
}
