//! The room of a session: packets both ways, who comes and goes, and whether it can be heard.

use std::time::Duration;

use conclave_client::e2ee::group::Group;
use conclave_client::proto::data_packet::Value;
use conclave_client::protocol::ParticipantId;
use conclave_client::protocol::channel::Bye;
use conclave_client::protocol::companion::CompanionOf;
use conclave_client::protocol::feedback::FeedbackQuestion;
use conclave_client::protocol::remote::EndReason;
use conclave_client::{
    Channel, CommandError, Connection, DataMessage, Encryption, Event, News, Received,
};
use tokio::time::sleep;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::crowd::{Change, Crowd, SomebodyElse};
use super::entrance::Seat;
use super::line::{Line, Turn};
use crate::ipc::{DeskToNet, NetToDesk, Way};

pub(super) struct Room {
    pub(super) seat: Seat,
    pub(super) channel: Channel,
    pub(super) encryption: Encryption,
    pub(super) packets: Connection,
    pub(super) crowd: Crowd,
    pub(super) line: Line,
    /// In a meeting: whom the computer is lent to, by the server's word.
    pub(super) companion: Option<CompanionOf>,
    /// The fingerprint of the key that the person is shown before they let anything be recorded.
    pub(super) sealed_to: Option<[u8; 32]>,
    /// What the organisation asks of its own, once the session is over.
    pub(super) questions: Option<Vec<FeedbackQuestion>>,
    /// Somebody did what no honest one does.
    pub(super) is_alarmed: bool,
    /// The computer restarts, and comes back.
    pub(super) keeps_place: bool,
}

/// What one message of the desk's process came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// It is on its way, or nobody can be told at present.
    Done,
    /// It is on its way, and so much is that the next should wait.
    Enough,
    /// Not yet: try again.
    NotYet,
}

/// In bytes on their way: a picture or two more would only be late.
const ENOUGH: usize = 256 << 10;
/// Between two looks at it.
const ARRIVING: Duration = Duration::from_millis(20);
/// Between two tries to get a connection back.
pub(super) const AGAIN: Duration = Duration::from_secs(2);

impl Room {
    /// Nothing of it is heard any more. With whether the place in it is kept.
    pub(super) fn vacated(self) -> (Seat, bool) {
        (self.seat, self.keeps_place)
    }

    /// Sends it in the order of the calls.
    pub(super) async fn say(&mut self, to: ParticipantId, way: Way, bytes: &[u8]) -> Sent {
        if self.line.is_lost() {
            // The session knows, and tells what holds when the connection is back.
            tracing::debug!("a message is not sent: the connection is lost");
            return Sent::Done;
        }
        let message = DataMessage {
            reliable: true,
            topic: Some(way.topic().to_owned()),
            to: vec![to.0.to_string()],
            payload: bytes.to_vec(),
            ..DataMessage::default()
        };
        let sent = self.packets.with(move |endpoint, now| {
            let sent = endpoint.send_data(now, &message);
            sent.map(|()| endpoint.buffered())
        });
        match sent.await {
            Some(Ok(buffered)) if buffered > ENOUGH => Sent::Enough,
            Some(Ok(_)) => Sent::Done,
            Some(Err(CommandError::Full | CommandError::NotOpen | CommandError::NoKey)) => {
                Sent::NotYet
            }
            Some(Err(error)) => {
                tracing::error!(%error, "a message is not sent");
                Sent::Done
            }
            // Its end is told by its events, and then nothing waits for it.
            None => Sent::NotYet,
        }
    }

    /// So much is on its way that the next message should wait.
    pub(super) async fn is_full(&self) -> bool {
        if self.line.is_lost() {
            return false;
        }
        let buffered = self.packets.with(|endpoint, _| endpoint.buffered()).await;
        buffered.is_some_and(|buffered| buffered > ENOUGH)
    }

    /// Until all that was said has arrived at the server, or can't any more: who leaves takes the rest along.
    pub(super) async fn arrived(&mut self) {
        let mut is_over = self.line.is_lost();
        while !is_over {
            let buffered = self.packets.with(|endpoint, _| endpoint.buffered()).await;
            if buffered.is_none_or(|buffered| buffered == 0) {
                return;
            }
            tokio::select! {
                // A server that closed the room takes nothing more, and has said so.
                event = self.packets.next_event() => {
                    is_over = matches!(event, None | Some(Event::Ended(_)));
                    drop(self.heard_event(event));
                }
                () = sleep(ARRIVING) => {}
            }
        }
    }

    /// What the meeting's channel says, for the session. `Err`: it is over.
    pub(super) fn heard_news(&mut self, news: Option<News>) -> Result<Vec<NetToDesk>, Over> {
        match news {
            Some(News::Lost) => Ok(told(self.line.meeting(true))),
            Some(News::Restored) => Ok(told(self.line.meeting(false))),
            Some(News::Changed | News::Sending(_)) => self.looks_round(),
            Some(News::Alarm(_)) => {
                tracing::warn!("somebody does with the room what no honest one does");
                self.is_alarmed = true;
                Err(Over(EndReason::Unexpected))
            }
            Some(News::Companion(companion)) => self.is_lent(companion),
            Some(News::Ended(bye)) => Err(Over(reason(bye))),
            None => Err(Over(EndReason::ConnectionLost)),
            Some(_) => Ok(Vec::new()),
        }
    }

    /// What the packets' connection says, for the session.
    pub(super) fn heard_event(&mut self, event: Option<Event>) -> Vec<NetToDesk> {
        match event {
            Some(Event::Data(received)) => self.heard(&received).into_iter().collect(),
            Some(Event::SignalLost | Event::Restarting | Event::Ended(_)) | None => {
                told(self.line.packets(true))
            }
            Some(Event::Resumed | Event::DataOpen { reliable: true }) => {
                told(self.line.packets(false))
            }
            Some(_) => Vec::new(),
        }
    }

    /// Everybody whom the group holds at this moment; those outside of it hear and say nothing.
    pub(super) fn looks_round(&mut self) -> Result<Vec<NetToDesk>, Over> {
        let Some(roster) = self.encryption.in_group(Group::roster) else {
            return Ok(Vec::new());
        };
        let changes = self.crowd.update(&roster);
        let changes = changes.map_err(|SomebodyElse| Over(EndReason::Unexpected))?;
        let told = changes.into_iter().map(|change| match change {
            Change::Joined(person) => NetToDesk::Joined(person),
            Change::Left(who) => NetToDesk::Left(who),
        });
        Ok(told.collect())
    }

    /// As the group is at this moment, which may be later than what the session has heard.
    pub(super) fn knows_everybody(&self) -> bool {
        let roster = self.encryption.in_group(Group::roster);
        roster.is_some_and(|roster| self.crowd.holds_all(&roster))
    }

    /// Whoever presents has taken the computer back, or is gone: as if they had pressed stop.
    fn is_lent(&mut self, companion: Option<CompanionOf>) -> Result<Vec<NetToDesk>, Over> {
        let turn = |of: Option<CompanionOf>| of.map(|of| of.turn);
        let before = std::mem::replace(&mut self.companion, companion);
        match turn(before) == turn(companion) {
            true => Ok(Vec::new()),
            false => Err(Over(EndReason::Stopped)),
        }
    }

    fn heard(&self, received: &Received) -> Option<NetToDesk> {
        let from = Uuid::parse_str(&received.sender_identity).ok();
        let from = from.map(ParticipantId)?;
        let Value::User(packet) = &received.value else {
            return None;
        };
        let way = Way::of(packet.topic.as_deref()?)?;
        (received.reliable && self.crowd.is_there(from)).then(|| NetToDesk::Heard {
            from,
            way,
            bytes: Zeroizing::new(packet.payload.clone()),
        })
    }
}

/// The meeting is over, or this participant is out of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Over(pub(super) EndReason);

/// Whoever leads the room, or may close it, has ended it. Whatever else the server says, there is no way back.
fn reason(bye: Option<Bye>) -> EndReason {
    match bye {
        Some(Bye::MeetingEnded | Bye::Expelled | Bye::Denied) => EndReason::TechnicianLeft,
        _ => EndReason::ConnectionLost,
    }
}

fn told(turn: Option<Turn>) -> Vec<NetToDesk> {
    let message = turn.map(|turn| match turn {
        Turn::Lost => NetToDesk::ConnectionLost,
        Turn::Restored => NetToDesk::ConnectionRestored,
    });
    message.into_iter().collect()
}

/// A message that waits until it can be sent.
pub(super) struct Held {
    pub(super) to: ParticipantId,
    pub(super) way: Way,
    pub(super) bytes: Vec<u8>,
}

impl Held {
    /// `None`: it is for somebody else than the room.
    pub(super) fn of(said: DeskToNet) -> Result<Self, DeskToNet> {
        match said {
            DeskToNet::Say { to, way, bytes } => Ok(Self { to, way, bytes }),
            said => Err(said),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Shows: REQ-AC-08.
    #[test]
    fn a_room_that_was_closed_is_told_from_one_that_is_lost() {
        for (bye, why) in [
            (Some(Bye::MeetingEnded), EndReason::TechnicianLeft),
            (Some(Bye::Expelled), EndReason::TechnicianLeft),
            (Some(Bye::NotAuthenticated), EndReason::ConnectionLost),
            (None, EndReason::ConnectionLost),
        ] {
            assert_eq!(reason(bye), why);
        }
    }
}
