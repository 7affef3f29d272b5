//! How slowly a body may come. The server's own deadline ends with the headers; who then sends a byte now and again would hold a
//! connection, and whatever the handler holds, for as long as they like.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
    time::{Duration, Instant},
};

use actix_web::{
    HttpMessage,
    dev::{Payload, ServiceRequest},
    error::PayloadError,
    http::{Method, header},
    web::Bytes,
};
use futures_util::Stream;
use tokio::time::{Sleep, sleep};

/// A person's network may be away for so long.
const PATIENCE: Duration = Duration::from_secs(20);
/// What comes buys time: so many bytes a second. Uploads over the slowest of lines are faster.
const BYTES_A_SECOND: u64 = 500;

/// How long we wait in all for a body of which so much has come.
fn allowance(bytes: u64) -> Duration {
    PATIENCE + Duration::from_secs(bytes / BYTES_A_SECOND)
}

/// The request with a body that ends in an error where it comes more slowly than that. A socket is no body.
pub fn paced(mut request: ServiceRequest) -> ServiceRequest {
    let is_socket = request.method() == Method::GET && request.headers().contains_key(header::UPGRADE);
    if !is_socket {
        let payload: Payload = match request.take_payload() {
            Payload::None => Payload::None,
            inner => Payload::Stream { payload: Box::pin(Paced { inner, bytes: 0, waited: Duration::ZERO, wait: None }) },
        };
        request.set_payload(payload);
    }
    request
}

/// Only the time in which we waited for the sender counts, not that in which we were busy with what they sent.
struct Paced {
    inner: Payload,
    bytes: u64,
    waited: Duration,
    wait: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Stream for Paced {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match Pin::new(&mut self.inner).poll_next(context) {
            Poll::Ready(came) => {
                if let Some((since, _)) = self.wait.take() {
                    self.waited += since.elapsed();
                }
                if let Some(Ok(bytes)) = &came {
                    self.bytes += bytes.len() as u64;
                }
                Poll::Ready(came)
            }
            Poll::Pending => {
                let left = allowance(self.bytes).saturating_sub(self.waited);
                let (_, sleep) = self.wait.get_or_insert_with(|| (Instant::now(), Box::pin(sleep(left))));
                let late = || PayloadError::Io(io::Error::new(io::ErrorKind::TimedOut, "the body came too slowly"));
                sleep.as_mut().poll(context).map(|()| Some(Err(late())))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_buys_time_and_a_byte_now_and_again_does_not() {
        assert_eq!(allowance(0), PATIENCE);
        assert_eq!(allowance(499), PATIENCE);
        // A gigabyte at 1 MB/s takes a thousand seconds; it has three weeks.
        assert!(allowance(1_000_000_000) > Duration::from_secs(1_000));
    }
}
