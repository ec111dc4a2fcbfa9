//! The line of an enrolled computer: a WebSocket on which the server asks it to let technicians in.

use std::time::Duration;

use conclave_protocol::unattended::{FromDevice, ToDevice};
use futures_util::{SinkExt, StreamExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message as Frame;

use crate::channel::{NotOpened, WebSocket, connect};
use crate::trust::Trust;
use crate::wire::Unreached;

/// Open for as long as it is held.
pub struct ComputerLine {
    socket: WebSocket,
}

/// What a line brought.
pub enum Said {
    Message(Box<ToDevice>),
    /// The server asks whether the computer is there, or says what a later version understands.
    Nothing,
}

/// For the WebSocket to open.
const OPENING_TIME: Duration = Duration::from_secs(15);
/// A server that says nothing for so long is gone: it asks each twenty seconds whether we are there.
const SILENCE: Duration = Duration::from_secs(65);
/// A server that takes no byte for so long is gone.
const SEND_TIME: Duration = Duration::from_secs(10);

impl ComputerLine {
    /// `url`: `wss://host`, or `ws://host:port` of this computer.
    pub async fn open(url: &str, trust: &Trust) -> Result<Self, NotOpened> {
        let url = format!("{url}/api/v1/support/devices/line");
        let opened = timeout(OPENING_TIME, connect(&url, trust)).await;
        let socket = opened.unwrap_or(Err(NotOpened::Unreached(Unreached::Late)))?;
        Ok(Self { socket })
    }

    /// `None`: it is gone. Loses nothing when it is dropped before it is done.
    pub async fn hear(&mut self) -> Option<Said> {
        let frame = timeout(SILENCE, self.socket.next()).await.ok()??;
        match frame.ok()? {
            Frame::Text(text) => {
                let message = serde_json::from_str(text.as_str()).ok();
                Some(message.map_or(Said::Nothing, |message| Said::Message(Box::new(message))))
            }
            Frame::Close(_) => None,
            _ => Some(Said::Nothing),
        }
    }

    /// False: it is gone.
    pub async fn say(&mut self, message: &FromDevice) -> bool {
        let Ok(text) = serde_json::to_string(message) else {
            return false;
        };
        let sending = self.socket.send(Frame::text(text));
        matches!(timeout(SEND_TIME, sending).await, Ok(Ok(())))
    }
}
