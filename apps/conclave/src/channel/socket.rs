//! One channel's WebSocket: says hello, then carries messages both ways.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use conclave_protocol::MeetingId;
use conclave_protocol::channel::{Bye, Downstream, Upstream};
use conclave_protocol::personal::Secret;
use conclave_store::Store;
use conclave_store::read::participant::Participant;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use super::hub::{Attachment, Channels};
use super::log;
use super::owner::ToSocket;
use crate::secret;

/// Serves one socket until it, the meeting or the server ends. Whoever was turned away at the door.
pub(super) async fn talk(
    socket: WebSocket,
    meeting: MeetingId,
    channels: Channels,
) -> Option<TurnedAway> {
    let mut wire = Wire { socket };
    let (bye, turned_away) = match wire.serve(meeting, &channels).await {
        End::TurnedAway(turned_away) => (End::Bye(turned_away.bye()), Some(turned_away)),
        end => (end, None),
    };
    wire.close(bye).await;
    turned_away
}

/// Who said hello and was let nowhere.
pub(crate) enum TurnedAway {
    /// Nobody has the credential.
    Stranger,
    /// The credential is one of another meeting.
    Elsewhere(Box<Participant>),
    /// Denied, gone, or the meeting is over.
    Unwelcome(Box<Participant>, Bye),
}

impl TurnedAway {
    fn bye(&self) -> Bye {
        match self {
            Self::Stranger | Self::Elsewhere(_) => Bye::NotAuthenticated,
            Self::Unwelcome(_, bye) => *bye,
        }
    }
}

/// How a channel ends.
enum End {
    Bye(Bye),
    TurnedAway(TurnedAway),
    /// The server can't serve it at this moment.
    TryAgain,
    /// The client went, or its network did.
    Gone,
}

struct Wire {
    socket: WebSocket,
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
        let (outbox, mut inbox) = mpsc::channel(OUTBOX);
        let attachment = channels
            .attach(meeting, participant.id, after, outbox)
            .await;
        let Some(attachment) = attachment else {
            return End::TryAgain;
        };
        let end = match inbox.recv().await {
            Some(ToSocket::Message(welcome)) if self.say(&welcome).await => {
                self.relay(&attachment, &mut inbox).await
            }
            Some(ToSocket::Message(_)) => End::Gone,
            Some(ToSocket::Close(bye)) if turns_away(bye) => {
                End::TurnedAway(TurnedAway::Unwelcome(participant, bye))
            }
            Some(ToSocket::Close(bye)) => End::Bye(bye),
            None => End::Bye(Bye::TooSlow),
        };
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
                        Heard::Message(Upstream::Hello { .. }) | Heard::Malformed => {
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
        let bye = match end {
            End::Gone => return,
            End::TryAgain => None,
            End::TurnedAway(turned_away) => Some(turned_away.bye()),
            End::Bye(reason) => Some(reason),
        };
        let code = match bye {
            None => close_code::AGAIN,
            Some(reason) => {
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
) -> Result<Box<Participant>, End> {
    let hash = secret::hash(credential.reveal());
    match store.participant_by_credential(hash).await {
        Ok(Some(participant)) if participant.meeting == meeting => Ok(Box::new(participant)),
        Ok(Some(participant)) => {
            let elsewhere = TurnedAway::Elsewhere(Box::new(participant));
            Err(End::TurnedAway(elsewhere))
        }
        Ok(None) => Err(End::TurnedAway(TurnedAway::Stranger)),
        Err(_) => Err(End::TryAgain),
    }
}

/// Whether this is said for who the participant is, and not for how it goes with the server.
fn turns_away(bye: Bye) -> bool {
    matches!(bye, Bye::NotAuthenticated | Bye::Denied | Bye::MeetingEnded)
}

/// The longest message of a client: a hello with its credential.
pub(crate) const LONGEST_MESSAGE: usize = 4 * 1_024;
/// From the open socket to the hello.
const HELLO: Duration = Duration::from_secs(10);
/// Messages that wait for a slow network: a whole log, and a welcome before it.
const OUTBOX: usize = 2 * log::LONGEST;
/// A client that says nothing for this long is asked whether it is there, and is gone when it says nothing to that.
const QUIET: Duration = Duration::from_secs(30);
/// For one message to leave.
const SEND: Duration = Duration::from_secs(10);
