//! One channel's WebSocket: says hello, then carries messages both ways.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use conclave_protocol::channel::{Bye, Downstream, Upstream};
use conclave_protocol::personal::Secret;
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::Store;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use super::hub::{Attachment, Channels};
use super::log;
use super::owner::ToSocket;
use crate::allowance::Allowance;
use crate::secret;

/// Serves one socket until it, the meeting or the server ends.
pub(super) async fn talk(
    socket: WebSocket,
    allowance: Allowance,
    meeting: MeetingId,
    channels: Channels,
) {
    allowance.limit(STRANGERS);
    let mut wire = Wire { socket, allowance };
    let end = wire.serve(meeting, &channels).await;
    wire.close(end).await;
}

/// How a channel ends.
enum End {
    Bye(Bye),
    /// The server can't serve it at this moment.
    TryAgain,
    /// The client went, or its network did.
    Gone,
}

struct Wire {
    socket: WebSocket,
    /// Of the socket's connection.
    allowance: Allowance,
}

/// The client's words.
enum Heard {
    Message(Upstream),
    Silence,
    Malformed,
    Closed,
}

impl Wire {
    async fn serve(&mut self, meeting: MeetingId, channels: &Channels) -> End {
        let hello = tokio::select! {
            () = channels.stopping() => return End::Bye(Bye::ServerStopping),
            hello = timeout(HELLO, self.hear()) => hello,
        };
        let (credential, after) = match hello {
            Ok(Heard::Message(Upstream::Hello { credential, after })) => (credential, after),
            Ok(Heard::Closed) => return End::Gone,
            Ok(_) | Err(_) => return End::Bye(Bye::Malformed),
        };
        let participant = match authenticate(channels.store(), meeting, &credential).await {
            Ok(participant) => participant,
            Err(end) => return end,
        };
        self.allowance.lift();
        let (outbox, mut inbox) = mpsc::channel(OUTBOX);
        let attachment = channels.attach(meeting, participant, after, outbox).await;
        let Some(attachment) = attachment else {
            return End::TryAgain;
        };
        let end = self.relay(&attachment, &mut inbox).await;
        attachment.detach().await;
        end
    }

    async fn relay(&mut self, place: &Attachment, inbox: &mut mpsc::Receiver<ToSocket>) -> End {
        let mut patience = Instant::now() + QUIET;
        let mut asked = false;
        loop {
            tokio::select! {
                told = inbox.recv() => match told {
                    Some(ToSocket::Message(message)) => {
                        if !self.say(&message).await {
                            return End::Gone;
                        }
                    }
                    Some(ToSocket::Close(bye)) => return End::Bye(bye),
                    None => return End::Bye(Bye::TooSlow),
                },
                heard = self.hear() => {
                    patience = Instant::now() + QUIET;
                    asked = false;
                    match heard {
                        Heard::Message(Upstream::Ack { seq }) => place.acknowledge(seq).await,
                        Heard::Message(Upstream::Ping) => {
                            if !self.say(&Downstream::Pong).await {
                                return End::Gone;
                            }
                        }
                        Heard::Silence => {}
                        Heard::Message(_) | Heard::Malformed => {
                            return End::Bye(Bye::Malformed);
                        }
                        Heard::Closed => return End::Gone,
                    }
                }
                () = tokio::time::sleep_until(patience) => {
                    if asked || !self.ask().await {
                        return End::Gone;
                    }
                    patience += QUIET;
                    asked = true;
                }
            }
        }
    }

    async fn hear(&mut self) -> Heard {
        match self.socket.recv().await {
            Some(Ok(Message::Text(text))) => {
                serde_json::from_str(&text).map_or(Heard::Malformed, Heard::Message)
            }
            Some(Ok(Message::Binary(_))) => Heard::Malformed,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Heard::Silence,
            Some(Ok(Message::Close(_)) | Err(_)) | None => Heard::Closed,
        }
    }

    async fn say(&mut self, message: &Downstream) -> bool {
        let Ok(text) = serde_json::to_string(message) else {
            return false;
        };
        let sent = timeout(SEND, self.socket.send(Message::Text(text.into()))).await;
        matches!(sent, Ok(Ok(())))
    }

    /// Whether the client is there: its WebSocket answers by itself.
    async fn ask(&mut self) -> bool {
        let ping = Message::Ping(Vec::new().into());
        let sent = timeout(SEND, self.socket.send(ping)).await;
        matches!(sent, Ok(Ok(())))
    }

    async fn close(mut self, end: End) {
        let code = match end {
            End::Gone => return,
            End::TryAgain => close_code::AGAIN,
            End::Bye(reason) => {
                self.say(&Downstream::Bye { reason }).await;
                close_code::NORMAL
            }
        };
        let frame = CloseFrame {
            code,
            reason: "".into(),
        };
        let _gone = timeout(SEND, self.socket.send(Message::Close(Some(frame)))).await;
    }
}

async fn authenticate(
    store: &Store,
    meeting: MeetingId,
    credential: &Secret,
) -> Result<ParticipantId, End> {
    let hash = secret::hash(credential.reveal());
    match store.participant_by_credential(hash).await {
        Ok(Some(participant)) if participant.meeting == meeting => Ok(participant.id),
        Ok(_) => Err(End::Bye(Bye::NotAuthenticated)),
        Err(_) => Err(End::TryAgain),
    }
}

/// The longest message of a client: a hello with its credential.
pub(crate) const LONGEST_MESSAGE: usize = 4 * 1_024;
/// Bytes that are taken before a hello. Shorter messages and frames around it fit as well.
const STRANGERS: usize = 2 * LONGEST_MESSAGE;
/// From the open socket to the hello.
const HELLO: Duration = Duration::from_secs(10);
/// Messages that wait for a slow network: a whole log, and a welcome before it.
const OUTBOX: usize = 2 * log::LONGEST;
/// A client that says nothing for this long is asked whether it is there, and is gone when it says nothing to that.
const QUIET: Duration = Duration::from_secs(30);
/// For one message to leave.
const SEND: Duration = Duration::from_secs(10);
