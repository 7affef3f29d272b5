//! Once per request: whose session is this, who is that here, and what does the page around the content show.

use std::sync::Arc;

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, StatusCode},
    middleware::Next,
};
use entity::{Moment, Reach, identity::SessionStage};

use crate::{
    audit,
    entrance::kept,
    identity::{self, SignedIn, cookie},
    messaging, notifications,
    platform::{
        Actor, Error, Platform, Result,
        web::{self, Frame, Person, frame, guard},
    },
    programs,
    tenancy::{self, Caller, Seat},
};

pub async fn session<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> std::result::Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let path = request.path();
    if !path.starts_with("/static/")
        && !path.starts_with("/look/")
        && path != "/healthz"
        && let Err(error) = identify(request.request()).await
    {
        if matches!(error, Error::Internal(_)) {
            tracing::error!(%error, "who asks could not be found out");
        }
        let answer = web::answer::error_answer(request.request(), &error);
        return Ok(request.into_response(answer));
    }
    let mut response = next.call(request).await?.map_into_boxed_body();
    if let Some(answer) = kept_form(&response).await {
        let (request, _) = response.into_parts();
        response = ServiceResponse::new(request, answer);
    }
    if response.status() == StatusCode::FORBIDDEN {
        record_denied(response.request()).await;
    }
    Ok(response)
}

/// A form that came after its session had ended is kept, and the answer says so; one that was sent again is not kept any more.
async fn kept_form(response: &ServiceResponse<BoxBody>) -> Option<HttpResponse> {
    let request = response.request();
    if request.method() != Method::POST {
        return None;
    }
    let done = if response.status() == StatusCode::UNAUTHORIZED {
        kept::keep(request).await
    } else if response.status() == StatusCode::CONFLICT {
        kept::ask_proof(request).await
    } else if response.status().is_success() || response.status().is_redirection() {
        kept::retire(request).await.map(|()| None)
    } else {
        Ok(None)
    };
    done.unwrap_or_else(|error| {
        tracing::error!(%error, "a form could not be kept");
        None
    })
}

/// Puts [`SignedIn`], [`Caller`], [`Actor`] and [`Frame`] into the request, as far as they are known.
async fn identify(request: &HttpRequest) -> Result<()> {
    let platform = web::platform(request);
    let mut frame = Frame {
        theme: frame::theme(request),
        toasts: web::answer::toasts(request),
        demo: platform.config.demo,
        ..Frame::default()
    };
    if guard::brings_key(request.path(), request.headers()) {
        programs::identify(request).await?;
    } else if let Some(token) = cookie::token(request, &platform.config) {
        let reach = Reach::Everything("whose session this is");
        // Connections come back all at once when a server was away; a page does not wait behind them.
        let tx = match messaging::routes::stays_open(request.path()) {
            true => platform.read_in_line(reach).await?,
            false => platform.read(reach).await?,
        };
        let mut opened = None;
        let form = request.method() == Method::POST && web::wants_page(request);
        if let Some(signed_in) = identity::signed_in(&platform, &tx, &token).await? {
            if signed_in.session.stage == SessionStage::Full
                && let Some(caller) = tenancy::caller_of(&tx, &signed_in.account, &signed_in.session).await?
            {
                // Forms too: one with errors is shown again, with all that stands around it.
                if web::wants_page(request) {
                    let address = request.uri().path_and_query().map_or(request.path(), |whole| whole.as_str());
                    let lead_here = fill(&mut frame, &tx, &caller, platform.clock.now(), address).await?;
                    if lead_here > 0 && request.method() == Method::GET {
                        opened = Some((caller.clone(), address.to_owned()));
                    }
                    frame.kept_href = kept_href(&platform, &tx, &caller, request).await?;
                }
                request.extensions_mut().insert(Actor {
                    account: Some(caller.account),
                    name: caller.name.clone(),
                    method: caller.method.clone(),
                    ..Actor::default()
                });
                request.extensions_mut().insert(Arc::new(caller));
            }
            if form && signed_in.session.stage != SessionStage::Full {
                kept::mark(request, signed_in.account.clone());
            }
            drop(tx);
            if let Some((caller, address)) = opened {
                match notifications::opened(&platform, &caller, &address).await {
                    Ok(marked) => frame.unread = frame.unread.saturating_sub(marked),
                    // Where nothing can be written, pages are still read.
                    Err(error) => tracing::warn!(%error, "lines of the bell could not be marked"),
                }
            }
            touch(&platform, &signed_in).await?;
            request.extensions_mut().insert(Arc::new(signed_in));
        } else if form && let Some(account) = identity::dead_session_of(&platform, &tx, &token).await? {
            kept::mark(request, account);
        }
    }
    request.extensions_mut().insert(frame);
    Ok(())
}

/// A session in use stays alive; written at most once a minute.
async fn touch(platform: &Arc<Platform>, signed_in: &SignedIn) -> Result<()> {
    let now = platform.clock.now();
    if now.since(signed_in.session.last_seen_at) < Moment::MINUTE {
        return Ok(());
    }
    identity::touch_session(platform, signed_in.session.id).await
}

/// Reminds a person of a form that is kept for them here, wherever they came in.
async fn kept_href(
    platform: &Platform,
    tx: &crate::platform::Tx,
    caller: &Caller,
    request: &HttpRequest,
) -> Result<Option<String>> {
    let base = if caller.is_client() { "/portal/kept/" } else { "/legal/kept/" };
    let Some(token) = cookie::kept_token(request, &platform.config).filter(|_| !request.path().starts_with(base)) else {
        return Ok(None);
    };
    let newest = identity::newest_kept_form(tx, caller.account, &token, platform.clock.now()).await?;
    Ok(newest.map(|id| format!("{base}{id}")))
}

/// Person, look, navigation and counts; how many lines of the bell lead here.
async fn fill(frame: &mut Frame, tx: &crate::platform::Tx, caller: &Caller, now: Moment, address: &str) -> Result<u64> {
    let path = address.split('?').next().unwrap_or(address);
    frame.person = Some(Person {
        name: caller.name.clone(),
        initials: frame::initials(&caller.name),
        role: caller.role_label().to_owned(),
        email: caller.email.clone(),
    });
    let portal = caller.is_client();
    frame.bell_href = if portal { "/portal/notifications" } else { "/legal/notifications" }.to_owned();
    frame.profile_href = if portal { "/portal/profile" } else { "/legal/profile" }.to_owned();
    if matches!(caller.seat, Seat::Client { .. }) {
        frame.help_href = "/portal/help".to_owned();
    }
    if let Seat::Client { tenant, .. } | Seat::Member { tenant } = caller.seat
        && let Some(tenant) = tenancy::tenant(tx, tenant).await?
    {
        frame.look = tenancy::look(&tenant);
        // What is signed is shown by us alone.
        if path.starts_with("/portal/documents/") {
            frame.look.stylesheet = None;
        }
    }
    super::nav::fill(frame, tx, caller, now, address).await
}

/// Who tried what they may not: one line of the audit log each.
async fn record_denied(request: &HttpRequest) {
    let tenant = match (Caller::of(request), programs::Program::with_key(request)) {
        (Ok(caller), _) => caller.home_tenant(),
        (_, Some(program)) => Some(program.tenant),
        _ => return,
    };
    let platform = web::platform(request);
    let result = async {
        let mut work = platform.work(web::actor(request), Reach::Everything("a denied access is recorded")).await?;
        let pattern = request.match_pattern().unwrap_or_else(|| "(none)".to_owned());
        let line = audit::Line::new("access.denied", format!("address:{} {pattern}", request.method())).tenant(tenant).denied();
        audit::record(&mut work, line).await?;
        work.commit().await
    };
    if let Err(error) = result.await {
        tracing::error!(%error, "a denied access could not be recorded");
    }
}
