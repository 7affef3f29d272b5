//! Pages of a list, by `?page=`; whatever stands there, the list answers: a page past its end with its last one.

use std::cell::RefCell;

use actix_web::{
    HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, header},
    middleware::Next,
};
use serde::Deserialize;

tokio::task_local! {
    /// The last page of the list that this request asked too far into.
    static LAST_PAGE: RefCell<Option<String>>;
}

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
        let joint = match path.rsplit_once('?') {
            Some((_, "")) => "",
            Some(_) => "&",
            None => "?",
        };
        let link = |n: u64| format!("{path}{joint}page={n}");
        if total > 0 && page > pages {
            // Outside a request nobody is led anywhere.
            let _ = LAST_PAGE.try_with(|last| last.replace(Some(link(pages))));
        }
        Self {
            page,
            pages,
            total,
            prev: (page > 1).then(|| link((page - 1).min(pages))),
            next: (page < pages).then(|| link(page + 1)),
        }
    }
}

/// Leads whoever asked for a page past the end of a list to its last one, for every list: an empty page would say that there
/// is nothing.
pub async fn last_page<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> std::result::Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if request.method() != Method::GET {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let answered = async {
        let response = next.call(request).await;
        (response, LAST_PAGE.with(RefCell::take))
    };
    let (response, last) = LAST_PAGE.scope(RefCell::new(None), answered).await;
    let response = response?.map_into_boxed_body();
    let is_page = response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    Ok(match last {
        Some(address) if is_page && response.status().is_success() => {
            let (request, _) = response.into_parts();
            ServiceResponse::new(request, HttpResponse::SeeOther().insert_header((header::LOCATION, address)).finish())
        }
        _ => response,
    })
}
