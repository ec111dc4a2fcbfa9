//! What everybody should know, or receive, when all is settled.

use std::collections::{BTreeMap, BTreeSet};

use super::Play;
use crate::connection::{ConnectionId, Side};
use crate::peer::OutgoingPacket;
use crate::room::histories::client::{Client, Track};
use crate::room::histories::judge;
use crate::sdp::Kind;

impl Play {
    /// Everybody knows of everybody and of their tracks, and nothing is left of who went.
    pub(super) fn judge_pictures(&self) {
        for client in self.clients.iter().filter(|c| c.is_in()) {
            let known: BTreeMap<String, BTreeSet<String>> = client
                .known
                .values()
                .filter(|info| info.sid != client.sid)
                .map(|info| {
                    let tracks = info.tracks.iter().map(|track| track.sid.clone());
                    (info.identity.clone(), tracks.collect())
                })
                .collect();
            let others = self.clients.iter().filter(|c| c.sid != client.sid);
            let visible = others.filter(|c| c.permission.as_ref().is_some_and(|p| !p.hidden));
            let true_ones: BTreeMap<String, BTreeSet<String>> = visible
                .map(|other| {
                    let published = other.tracks.values().filter(|t| t.mid.is_some());
                    let sids = published.map(|track| track.sid.clone());
                    (other.identity.clone(), sids.collect())
                })
                .collect();
            assert_eq!(known, true_ones, "what {} believes", client.identity);
        }
        let is_there = |id: &ConnectionId| self.room.roster.get(id.participant).is_some();
        assert!(
            self.open.iter().all(is_there),
            "a connection outlives its participant"
        );
    }

    /// Who has to receive which track, when all is settled.
    pub(super) fn due(&self) -> BTreeSet<(String, String)> {
        let mut due = BTreeSet::new();
        for publisher in self.clients.iter().filter(|c| c.is_in()) {
            for track in publisher.tracks.values() {
                if track.sid.is_empty() || track.mid.is_none() {
                    continue;
                }
                for subscriber in self.clients.iter().filter(|c| c.is_in()) {
                    let enabled = !subscriber.disabled.contains(&track.sid);
                    if enabled && self.may_receive(subscriber, publisher, track) {
                        due.insert((subscriber.identity.clone(), track.sid.clone()));
                    }
                }
            }
        }
        due
    }

    /// The rules once more, written for this test.
    fn may_receive(&self, subscriber: &Client, publisher: &Client, track: &Track) -> bool {
        let (Some(may), Some(theirs)) = (&subscriber.permission, &publisher.permission) else {
            return false;
        };
        let admitted = publisher
            .audience
            .as_ref()
            .is_none_or(|audience| audience.contains(&subscriber.identity));
        subscriber.identity != publisher.identity
            && may.can_subscribe
            && theirs.can_publish
            && !theirs.hidden
            && admitted
            && !track.is_muted
            && subscriber.desires(&track.sid)
    }

    pub(super) fn hidden(&mut self) -> judge::Hidden {
        let hides = |client: &&Client| client.permission.as_ref().is_some_and(|p| p.hidden);
        let hidden = self.clients.iter().filter(hides);
        let present: BTreeSet<String> = hidden.map(|client| client.sid.clone()).collect();
        self.ever_hidden.extend(present.iter().cloned());
        judge::Hidden {
            present,
            ever: self.ever_hidden.clone(),
        }
    }

    pub(super) fn judge_media(&mut self, at: usize, side: Side, packet: &OutgoingPacket) {
        let skip = match packet.codec.kind() {
            Kind::Audio => 0,
            Kind::Video => 2,
        };
        let sid = String::from_utf8(packet.payload[skip..].to_vec()).expect("a sid");
        let (publisher, track) = self
            .clients
            .iter()
            .find_map(|client| {
                let track = client.tracks.values().find(|track| track.sid == sid)?;
                Some((client, track))
            })
            .expect("a track that is published");
        let may = self.may_receive(&self.clients[at], publisher, track);
        self.received
            .insert((self.clients[at].identity.clone(), sid.clone()));
        judge::judge_packet(&mut self.clients[at], side, packet, &sid, may);
    }
}
