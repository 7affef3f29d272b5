//! Pages of a list, by `?page=`; whatever stands there, the list answers.

use serde::Deserialize;

pub const PAGE_SIZE: u64 = 50;

#[derive(Clone, Debug, Default, Deserialize)]
pub struct PageQuery {
    #[serde(default)]
    pub page: Option<String>,
}

impl PageQuery {
    /// 1 and up; nonsense is page 1.
    pub fn number(&self) -> u64 {
        self.page.as_deref().and_then(|text| text.parse::<u64>().ok()).unwrap_or(1).clamp(1, 1_000_000)
    }

    pub fn offset(&self) -> u64 {
        (self.number() - 1) * PAGE_SIZE
    }
}

/// What `part/pager.html` shows.
#[derive(Clone, Debug, Default)]
pub struct Pager {
    pub page: u64,
    pub pages: u64,
    pub total: u64,
    pub prev: Option<String>,
    pub next: Option<String>,
}

impl Pager {
    /// `path` with its filters but without `page`, e.g. `/legal/policies?status=draft`.
    pub fn new(page: u64, total: u64, path: &str) -> Self {
        let pages = total.div_ceil(PAGE_SIZE).max(1);
        let joint = if path.contains('?') { '&' } else { '?' };
        let link = |n: u64| format!("{path}{joint}page={n}");
        Self {
            page,
            pages,
            total,
            prev: (page > 1).then(|| link((page - 1).min(pages))),
            next: (page < pages).then(|| link(page + 1)),
        }
    }
}
