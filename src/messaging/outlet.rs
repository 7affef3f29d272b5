//! The two ways out: a WebSocket, and server-sent events where a WebSocket does not get through.

use std::{collections::BTreeMap, fmt::Write, time::Duration};

use actix_web::web::Bytes;
use actix_ws::{CloseCode, CloseReason, Session};
use entity::ids::ConversationId;
use tokio::sync::mpsc;

use super::feed::Out;

/// A connection that takes nothing for so long is given up.
const STALLED: Duration = Duration::from_secs(25);

/// The other side is gone, or reads no more.
#[derive(Debug)]
pub struct Gone;

pub enum Outlet {
    Socket(Session),
    /// The sender of the response's body, and how far each conversation went: the id of each event.
    Events(mpsc::Sender<Bytes>, BTreeMap<ConversationId, i64>),
}

impl Outlet {
    pub async fn put(&mut self, out: &Out) -> Result<(), Gone> {
        let put = async {
            match self {
                Self::Socket(session) => session.text(out.text.clone()).await.map_err(|_| Gone),
                Self::Events(sender, reached) => {
                    let mut text = String::new();
                    if let Some((conversation, seq)) = out.of {
                        reached.insert(conversation, seq);
                    }
                    let _ = writeln!(text, "id: {}", cursor(reached));
                    let _ = write!(text, "data: {}\n\n", out.text);
                    sender.send(Bytes::from(text)).await.map_err(|_| Gone)
                }
            }
        };
        tokio::time::timeout(STALLED, put).await.unwrap_or(Err(Gone))
    }

    pub async fn beat(&mut self) -> Result<(), Gone> {
        let put = async {
            match self {
                Self::Socket(session) => session.ping(b"").await.map_err(|_| Gone),
                Self::Events(sender, _) => sender.send(Bytes::from_static(b": still here\n\n")).await.map_err(|_| Gone),
            }
        };
        tokio::time::timeout(STALLED, put).await.unwrap_or(Err(Gone))
    }

    pub async fn close(self, code: u16, why: &str) {
        let closing = async {
            match self {
                Self::Socket(session) => {
                    let _ =
                        session.close(Some(CloseReason { code: CloseCode::from(code), description: Some(why.to_owned()) })).await;
                }
                Self::Events(sender, _) => {
                    let text = format!("event: close\ndata: {{\"type\":\"close\",\"code\":{code}}}\n\n");
                    let _ = sender.send(Bytes::from(text)).await;
                }
            }
        };
        let _ = tokio::time::timeout(Duration::from_secs(2), closing).await;
    }
}

/// `CONVERSATION:SEQ,…`: where to go on.
fn cursor(reached: &BTreeMap<ConversationId, i64>) -> String {
    reached.iter().map(|(id, seq)| format!("{}:{seq}", id.0.simple())).collect::<Vec<_>>().join(",")
}

/// Reads what [`cursor`] wrote; nonsense is nothing.
pub fn read_cursor(text: &str) -> BTreeMap<ConversationId, i64> {
    let part = |part: &str| {
        let (id, seq) = part.split_once(':')?;
        Some((id.parse().ok()?, seq.parse().ok()?))
    };
    text.split(',').filter_map(part).collect()
}
