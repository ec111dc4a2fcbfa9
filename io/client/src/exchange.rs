//! One request on a connection of its own, bounded in time and in bytes.

use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::http::Uri;

use crate::trust::Trust;
use crate::wire::{ServerAddress, Unreached, Wire};

/// What a server answered.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
}

/// For the whole of it.
const PATIENCE: Duration = Duration::from_secs(30);
/// In bytes: ten times what any answer of the API has that is asked for here.
const LARGEST_ANSWER: usize = 1 << 20;

/// Sends `request` to the server at `origin`.
pub(crate) async fn exchange(
    trust: &Trust,
    origin: &Uri,
    request: Request<Full<Bytes>>,
) -> Result<Answer, Unreached> {
    let exchanged = async {
        let wire = ServerAddress::of(origin)?.connect(trust).await?;
        send(wire, request).await
    };
    let exchanged = timeout(PATIENCE, exchanged).await;
    exchanged.map_err(|_| Unreached::Late)?
}

async fn send(wire: Box<dyn Wire>, request: Request<Full<Bytes>>) -> Result<Answer, Unreached> {
    let handshake = http1::handshake(TokioIo::new(wire)).await;
    let (mut sender, connection) = handshake.map_err(std::io::Error::other)?;
    let conversation = async {
        let answer = sender.send_request(request).await;
        let answer = answer.map_err(std::io::Error::other)?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), LARGEST_ANSWER).collect();
        let body = body.await.map_err(std::io::Error::other)?.to_bytes();
        Ok(Answer { status, body })
    };
    tokio::pin!(conversation);
    // The connection must be driven while the answer is awaited, and ends with it.
    tokio::select! {
        answer = &mut conversation => answer,
        _ended = connection => conversation.await,
    }
}
