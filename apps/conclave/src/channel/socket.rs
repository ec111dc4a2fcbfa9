//! One channel's WebSocket: says hello, then carries messages both ways.

use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use conclave_policy::delivery::{LARGEST_COMMIT, LARGEST_GROUP_INFO, Submission};
use conclave_protocol::MeetingId;
use conclave_protocol::channel::{Bye, Downstream, Upstream};
use conclave_protocol::meeting::Admission;
use conclave_protocol::mls::LARGEST_LETTER;
use conclave_protocol::personal::Secret;
use conclave_store::Store;
use conclave_store::read::participant::Participant;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use super::hub::{Attachment, Channels};
use super::log;
use super::owner::ToSocket;
use super::tempo::Tempo;
use crate::allowance::Allowance;
use crate::secret;

/// Serves one socket until it, the meeting or the server ends. Whoever was turned away at the door.
pub(super) async fn talk(
    socket: WebSocket,
    allowance: Allowance,
    meeting: MeetingId,
    channels: Channels,
) -> Option<TurnedAway> {
    allowance.limit(STRANGERS);
    let mut wire = Wire {
        socket,
        allowance,
        inside: false,
    };
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
    /// Of the socket's connection.
    allowance: Allowance,
    /// The client is admitted: it may say what is long.
    inside: bool,
}

/// The client's words.
enum Heard {
    Message(Upstream),
    /// What is for the delivery service, and longer than anything else may be.
    Large(Submission),
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
        self.inside = participant.admission == Admission::Admitted;
        let (outbox, mut inbox) = mpsc::channel(OUTBOX);
        let attachment = channels
            .attach(meeting, participant.id, after, outbox)
            .await;
        let Some(attachment) = attachment else {
            return End::TryAgain;
        };
        let end = match inbox.recv().await {
            Some(ToSocket::Message(welcome)) if self.tell(&welcome).await => {
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
        let mut rests_until = None;
        let mut tempo = Tempo::new(Instant::now());
        loop {
            tokio::select! {
                told = inbox.recv() => match told {
                    Some(ToSocket::Message(message)) => {
                        if !self.tell(&message).await {
                            return End::Gone;
                        }
                    }
                    Some(ToSocket::Close(bye)) => return End::Bye(bye),
                    None => return End::Bye(Bye::TooSlow),
                },
                heard = self.hear(), if rests_until.is_none() => {
                    patience = Instant::now() + QUIET;
                    asked = false;
                    let now = Instant::now();
                    let large = matches!(heard, Heard::Large(_)).then(|| now + BETWEEN_LARGE);
                    rests_until = tempo.heard(now).max(large);
                    if let Some(end) = self.answer(place, heard).await {
                        return end;
                    }
                }
                () = sleep_until(rests_until) => rests_until = None,
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

    async fn answer(&mut self, place: &Attachment, heard: Heard) -> Option<End> {
        match heard {
            Heard::Message(Upstream::Ack { seq }) => place.acknowledge(seq).await,
            Heard::Message(Upstream::Ping {}) => {
                if !self.say(&Downstream::Pong).await {
                    return Some(End::Gone);
                }
            }
            Heard::Message(message) => match Submission::of(message) {
                Some(submission) => place.submit(submission).await,
                None => return Some(End::Bye(Bye::Malformed)),
            },
            Heard::Large(submission) => place.submit(submission).await,
            Heard::Silence => {}
            Heard::Malformed => return Some(End::Bye(Bye::Malformed)),
            Heard::Closed => return Some(End::Gone),
        }
        None
    }

    async fn hear(&mut self) -> Heard {
        match self.socket.recv().await {
            Some(Ok(Message::Text(text))) => understand(&text, self.inside),
            Some(Ok(Message::Binary(_))) => Heard::Malformed,
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => Heard::Silence,
            Some(Ok(Message::Close(_)) | Err(_)) | None => Heard::Closed,
        }
    }

    /// Says it, and knows from then on what the client knows.
    async fn tell(&mut self, message: &Downstream) -> bool {
        if let Downstream::Welcome(welcome) = message {
            self.inside = welcome.admission == Admission::Admitted;
        }
        self.say(message).await
    }

    async fn say(&mut self, message: &Downstream) -> bool {
        let Ok(text) = serde_json::to_string(message) else {
            return false;
        };
        let longer = u32::try_from(text.len() / SLOWEST).unwrap_or(u32::MAX);
        let patience = SEND + Duration::from_secs(1) * longer;
        let sent = timeout(patience, self.socket.send(Message::Text(text.into()))).await;
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

/// Who is not `inside` says nothing long: it is not even read.
fn understand(text: &str, inside: bool) -> Heard {
    let long = text.len() > LONGEST_MESSAGE;
    let message = (inside || !long).then(|| serde_json::from_str(text).ok());
    match (message.flatten(), long) {
        (Some(message), false) => Heard::Message(message),
        (Some(message), true) => Submission::of(message).map_or(Heard::Malformed, Heard::Large),
        (None, _) => Heard::Malformed,
    }
}

/// For ever where there is no such moment.
async fn sleep_until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
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
    matches!(
        bye,
        Bye::NotAuthenticated
            | Bye::Denied
            | Bye::Expelled
            | Bye::MeetingLocked
            | Bye::MeetingEnded
    )
}

/// The longest message of a client but a commit: a letter in base64, or a hello with its credential.
const LONGEST_MESSAGE: usize = LARGEST_LETTER / 3 * 4 + 1_024;
/// The longest of all: a commit with its GroupInfo, in base64.
pub(crate) const LONGEST_SUBMISSION: usize =
    (LARGEST_COMMIT + LARGEST_GROUP_INFO) / 3 * 4 + LONGEST_MESSAGE;
/// Bytes that are taken before a hello. Shorter messages and frames around it fit as well.
const STRANGERS: usize = 2 * LONGEST_MESSAGE;
/// Nothing is read for as long after a large message. A committer has ten turns in a second at the most.
const BETWEEN_LARGE: Duration = Duration::from_millis(100);
/// From the open socket to the hello.
const HELLO: Duration = Duration::from_secs(10);
/// Messages that wait for a slow network: a whole log, and a welcome before it.
const OUTBOX: usize = 2 * log::LONGEST;
/// A client that says nothing for this long is asked whether it is there, and is gone when it says nothing to that.
const QUIET: Duration = Duration::from_secs(30);
/// For one short message to leave.
const SEND: Duration = Duration::from_secs(10);
/// Bytes that leave in a second more.
const SLOWEST: usize = 64 * 1_024;
