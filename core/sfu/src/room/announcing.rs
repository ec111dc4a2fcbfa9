//! Who is told what of whom.

use livekit_protocol as proto;
use proto::signal_response::Message;

use super::Room;
use crate::participant::ParticipantKey;

/// In bytes: larger updates are split.
const LARGEST_UPDATE: usize = 128 << 10;

impl Room {
    /// Tells a participant's state to itself, and to the others if they may know of it.
    pub(super) fn announce(&mut self, key: ParticipantKey) {
        let tracks = self.track_infos(key);
        let Some(participant) = self.roster.get_mut(key) else {
            return;
        };
        let is_visible = participant.is_visible();
        let info = participant.card.next(tracks);
        for other in self.roster.keys() {
            if other == key || is_visible {
                self.tell(other, update(vec![info.clone()]));
            }
        }
    }

    pub(super) fn track_infos(&self, publisher: ParticipantKey) -> Vec<proto::TrackInfo> {
        let tracks = self.tracks.values();
        tracks
            .filter(|track| track.publisher == publisher)
            .map(|track| track.info.clone())
            .collect()
    }

    pub(super) fn info_of(&self, key: ParticipantKey) -> Option<proto::ParticipantInfo> {
        let participant = self.participant(key)?;
        Some(participant.card.current(self.track_infos(key)))
    }

    /// Everybody whom a participant may know of, but itself.
    pub(super) fn others(&self, key: ParticipantKey) -> Vec<proto::ParticipantInfo> {
        self.roster
            .iter()
            .filter(|(other, participant)| *other != key && participant.is_visible())
            .filter_map(|(other, _)| self.info_of(other))
            .collect()
    }

    /// Tells somebody's end to all others, now or when they are back.
    pub(super) fn announce_farewell(&mut self, of: ParticipantKey, info: &proto::ParticipantInfo) {
        for key in self.roster.keys() {
            if key == of {
                continue;
            }
            if let Some(participant) = self.roster.get_mut(key) {
                participant.presence.missed_departure(info);
            }
            self.tell(key, update(vec![info.clone()]));
        }
    }

    pub(super) fn tell_all_participants(
        &mut self,
        to: ParticipantKey,
        infos: Vec<proto::ParticipantInfo>,
    ) {
        for message in split(infos) {
            self.tell(to, message);
        }
    }

    pub(super) fn announce_room(&mut self) {
        let room = self.info();
        for key in self.roster.keys() {
            self.tell(key, room_update(room.clone()));
        }
    }
}

pub(super) fn room_update(room: proto::Room) -> Message {
    Message::RoomUpdate(proto::RoomUpdate { room: Some(room) })
}

pub(super) fn update(participants: Vec<proto::ParticipantInfo>) -> Message {
    Message::Update(proto::ParticipantUpdate { participants })
}

fn split(infos: Vec<proto::ParticipantInfo>) -> Vec<Message> {
    use prost::Message as _;
    let mut messages = Vec::new();
    let mut batch = Vec::new();
    let mut size = 0;
    for info in infos {
        let length = info.encoded_len();
        if size + length > LARGEST_UPDATE && !batch.is_empty() {
            messages.push(update(std::mem::take(&mut batch)));
            size = 0;
        }
        size += length;
        batch.push(info);
    }
    if !batch.is_empty() {
        messages.push(update(batch));
    }
    messages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_list_is_split_and_loses_nobody() {
        let info = |n: usize| proto::ParticipantInfo {
            sid: n.to_string(),
            metadata: "x".repeat(LARGEST_UPDATE / 3),
            ..Default::default()
        };

        let messages = split((0..7).map(info).collect());

        let counts: Vec<usize> = messages
            .iter()
            .map(|message| match message {
                Message::Update(update) => update.participants.len(),
                _ => 0,
            })
            .collect();
        assert_eq!(counts, [2, 2, 2, 1]);
    }

    #[test]
    fn an_empty_list_is_not_told() {
        assert!(split(Vec::new()).is_empty());
    }
}
