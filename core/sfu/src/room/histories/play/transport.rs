//! How the connections of a client come up, are negotiated, or fail.

use livekit_protocol as proto;
use proto::signal_request::Message as Ask;

use super::Play;
use crate::connection::{Report, Side};
use crate::peer::{DataChannel, IceState, Security};

impl Play {
    pub(super) fn connect_media(&mut self, at: usize) {
        for side in self.clients[at].sides() {
            self.bring_up(at, side);
        }
    }

    pub(super) fn bring_up(&mut self, at: usize, side: Side) {
        let Some(id) = self.connection_id(at, side) else {
            return;
        };
        let client = &mut self.clients[at];
        let downstream = client.downstream() == side;
        let Some(connection) = client.connections.get_mut(&side) else {
            return;
        };
        if connection.is_up {
            return;
        }
        connection.is_up = true;
        let security = Security {
            dtls: "DTLS 1.2",
            cipher: "cipher",
            srtp: "srtp",
        };
        self.reports.push_back((id, Report::Connected(security)));
        if downstream {
            for channel in DataChannel::ALL {
                self.reports.push_back((id, Report::ChannelOpen(channel)));
            }
        }
        self.drain();
    }

    pub(super) fn change_path(&mut self, at: usize) {
        let side = self.clients[at].downstream();
        let Some(id) = self.connection_id(at, side) else {
            return;
        };
        let Some(connection) = self.clients[at].connections.get_mut(&side) else {
            return;
        };
        if connection.is_up {
            connection.is_up = false;
            let report = Report::Ice(IceState::Disconnected);
            self.reports.push_back((id, report));
        }
    }

    pub(super) fn answer(&mut self, at: usize) {
        let client = &mut self.clients[at];
        if client.session.is_none() {
            return;
        }
        if let Some(id) = client.unanswered.take() {
            let answer = proto::SessionDescription {
                r#type: "answer".to_owned(),
                id,
                ..Default::default()
            };
            self.ask(at, Ask::Answer(answer));
        }
    }

    pub(super) fn offer(&mut self, at: usize) {
        if self.clients[at].session.is_some() {
            let offer = self.clients[at].offer();
            self.ask(at, Ask::Offer(offer));
        }
    }
}
