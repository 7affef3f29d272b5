//! The HTTP server, made the same way by `serve`, `demo` and the tests.

use std::{net::TcpListener, sync::Arc, time::Duration};

use actix_web::{
    App, HttpServer,
    dev::Server,
    middleware::from_fn,
    web::{Data, PayloadConfig},
};

use crate::platform::{
    Platform,
    web::{guard, paging},
};

/// A server on that listener; runs when awaited.
pub fn server(platform: Arc<Platform>, listener: TcpListener, workers: usize) -> std::io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(Data::new(Arc::clone(&platform)))
            .app_data(PayloadConfig::new(1024 * 1024))
            .configure(super::routes::routes)
            .wrap(from_fn(paging::last_page))
            .wrap(from_fn(guard::errors))
            .wrap(from_fn(super::session::session))
            .wrap(from_fn(guard::guard))
    })
    .workers(workers)
    .client_request_timeout(Duration::from_secs(10))
    .keep_alive(Duration::from_secs(75))
    .max_connections(20_000)
    .shutdown_timeout(20)
    .listen(listener)?
    .run();
    Ok(server)
}
