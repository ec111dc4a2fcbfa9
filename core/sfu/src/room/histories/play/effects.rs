//! What the room's effects do to clients.

use livekit_protocol::signal_response::Message;

use super::Play;
use crate::command::SessionId;
use crate::connection::{ConnectionId, Order, Report, Sendable};
use crate::peer::{LocalOffer, NegotiationError};
use crate::room::Effect;
use crate::room::histories::client::Connection;
use crate::room::histories::judge;
use crate::sdp::{Codec, Mid};

impl Play {
    pub(super) fn take(&mut self, effect: Effect) {
        match effect {
            Effect::Signal { session, message } => self.hear(session, *message),
            Effect::CloseSignal { session } => {
                assert!(self.closed.insert(session), "closed twice");
                for client in &mut self.clients {
                    if client.session == Some(session) {
                        client.session = None;
                    }
                }
            }
            Effect::Order(id, order) => self.obey(id, order),
            Effect::Reply { .. } | Effect::Fact(_) | Effect::Drop(_) => {}
        }
    }

    fn hear(&mut self, session: SessionId, message: Message) {
        assert!(!self.closed.contains(&session), "a word after the end");
        if self.opened.insert(session) {
            assert!(judge::opens_a_session(&message), "a word before `join`");
        }
        let hidden = self.hidden();
        let client = self.clients.iter_mut().find(|c| c.session == Some(session));
        let Some(client) = client else {
            // The last word to a session that another one of the same identity replaces.
            assert!(matches!(message, Message::Leave(_)), "a word for nobody");
            return;
        };
        match message {
            Message::Join(join) => {
                let own = join.participant.expect("who I am");
                client.sid = own.sid;
                for info in join.other_participants {
                    let is_hidden = hidden.present.contains(&info.sid);
                    assert!(!is_hidden, "a hidden participant in `join`");
                    client.known.insert(info.sid.clone(), info);
                }
            }
            Message::Update(update) => judge::judge_update(client, &update, &hidden),
            Message::Offer(offer) => {
                let again = client.unanswered == Some(offer.id);
                assert!(client.unanswered.is_none() || again, "two offers at a time");
                client.unanswered = Some(offer.id);
            }
            Message::MediaSectionsRequirement(extra) => {
                let (audios, videos) = client.asked.unwrap_or_default();
                client.asked = Some((audios + extra.num_audios, videos + extra.num_videos));
            }
            Message::TrackPublished(published) => {
                let info = published.track.expect("the track");
                if let Some(track) = client.tracks.get_mut(&published.cid) {
                    track.sid = info.sid;
                }
            }
            _ => {}
        }
    }

    fn obey(&mut self, id: ConnectionId, order: Order) {
        match order {
            Order::Open(_) => assert!(self.open.insert(id), "opened twice"),
            Order::Close => assert!(self.open.remove(&id), "closed twice"),
            _ => assert!(self.open.contains(&id), "an order for what is closed"),
        }
        let Some(at) = self.client_at(id) else {
            // Closing what a removed participant leaves behind.
            assert!(matches!(order, Order::Close), "an order after the end");
            return;
        };
        let client = &mut self.clients[at];
        match order {
            Order::Open(_) => {
                client.connections.insert(id.side, Connection::default());
            }
            Order::Close => {
                client.connections.remove(&id.side);
            }
            Order::AcceptOffer {
                id: offer, plan, ..
            } => {
                judge::judge_plan(client, &plan);
                let sendable = sendable(plan.send.keys());
                let result = Ok(("answer".to_owned(), sendable));
                let report = Report::Answer { id: offer, result };
                self.reports.push_back((id, report));
            }
            Order::CreateOffer(change) => {
                let connection = client
                    .connections
                    .get_mut(&id.side)
                    .expect("an open connection");
                assert!(connection.offered.is_none(), "two offers at a time");
                let is_empty = change.add.is_empty()
                    && change.reuse.is_empty()
                    && change.deactivate.is_empty()
                    && !change.ice_restart;
                if is_empty && connection.has_offered {
                    let report = Report::Offer(Err(NegotiationError::NothingToOffer));
                    self.reports.push_back((id, report));
                    return;
                }
                connection.has_offered = true;
                let first = connection.sections;
                connection.sections += change.add.len() as u32;
                let added = (first..connection.sections).map(mid).collect();
                connection.offered = Some(change);
                let offer = LocalOffer {
                    sdp: "offer".to_owned(),
                    added,
                };
                self.reports.push_back((id, Report::Offer(Ok(offer))));
            }
            Order::AcceptAnswer { sections, .. } => {
                let connection = client
                    .connections
                    .get_mut(&id.side)
                    .expect("an open connection");
                let change = connection.offered.take().expect("an offer to answer");
                let first = connection.sections - change.add.len() as u32;
                let added: Vec<Mid> = (first..connection.sections).map(mid).collect();
                judge::apply_offer(client, change, &added);
                let result = Ok(sendable(&sections));
                self.reports.push_back((id, Report::AnswerAccepted(result)));
            }
            Order::Send(packet) => self.judge_media(at, id.side, &packet),
            Order::SendData { bytes, .. } => {
                assert!(
                    client.connections.contains_key(&id.side),
                    "data after the end"
                );
                judge::judge_data(&client.identity, &bytes);
            }
            Order::AddCandidate(_)
            | Order::RequestKeyFrame { .. }
            | Order::SetBitrate { .. }
            | Order::EstimateAnew { .. } => {}
        }
    }
}

fn sendable<'a>(sections: impl IntoIterator<Item = &'a Mid>) -> Sendable {
    let codecs = vec![Codec::Opus, Codec::Vp8];
    sections
        .into_iter()
        .map(|mid| (*mid, codecs.clone()))
        .collect()
}

fn mid(number: u32) -> Mid {
    Mid::new(&number.to_string()).expect("a number is a name")
}
