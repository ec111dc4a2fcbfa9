//! A participant as a value: fed signals, datagrams and time, it says what to send and what happened.
//!
//! It is a table of contents: each of its fields is a small machine of its own file. What arrives
//! is routed in `endpoint/`: `signal` the server's messages, `session` how the connection to the
//! server comes and goes, `negotiation` descriptions, `media` packets and data, `commands` the
//! owner's wishes.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::time::Instant;

use livekit_protocol as proto;
use proto::{signal_request, signal_response};

use crate::data::Sequences;
use crate::event::Event;
use crate::link::{Channel, Link};
use crate::options::Options;
use crate::publication::{Cid, Publication};
use crate::reception::TrackReport;
use crate::roster::Roster;
use crate::upgrade::Upgrade;

mod commands;
mod media;
mod negotiation;
mod session;
mod signal;
mod subscriptions;

pub use commands::CommandError;

use negotiation::Negotiation;
use session::Session;
use subscriptions::Subscriptions;

/// A participant without a browser.
///
/// Drain [`Endpoint::poll_output`] to [`Output::Wait`] after each input and each command.
pub struct Endpoint {
    options: Options,
    now: Instant,
    session: Session,
    /// Single topology: the only one.
    publisher: Link,
    /// Dual topology: the server offers on it.
    subscriber: Option<Link>,
    negotiation: Negotiation,
    publications: BTreeMap<Cid, Publication>,
    subscriptions: Subscriptions,
    sequences: Sequences,
    roster: Roster,
    outputs: VecDeque<Output>,
    last_cid: u32,
    last_request: u32,
    unopened_messages: u64,
}

/// One thing that happened outside.
pub enum Input<'a> {
    /// The WebSocket is open.
    SignalOpen,
    Signal(Box<signal_response::Message>),
    /// The server refused the WebSocket, with this HTTP status if it answered at all.
    SignalRefused {
        status: Option<u16>,
    },
    /// The WebSocket is gone.
    SignalClosed,
    Datagram {
        local: SocketAddr,
        remote: SocketAddr,
        bytes: &'a [u8],
    },
    /// The time that [`Output::Wait`] named has come; harmless at any other time.
    Timeout,
}

/// One thing the owner must do or know, or the news that nothing is left to do.
pub enum Output {
    /// Close the WebSocket, if there is one, and open this one.
    Connect(Upgrade),
    Signal(Box<signal_request::Message>),
    /// Flush, then close the WebSocket.
    CloseSignal,
    Transmit {
        local: SocketAddr,
        remote: SocketAddr,
        bytes: Vec<u8>,
    },
    Event(Event),
    /// Drained: call again after the next input, or at this time at the latest.
    Wait(Option<Instant>),
}

impl Endpoint {
    /// Begins to join with its first outputs.
    pub fn new(mut options: Options, now: Instant) -> Self {
        options.red &= options.encryption.is_none();
        let (publisher, subscriber) = session::links(&options, now);
        let mut endpoint = Self {
            now,
            session: Session::new(now, options.token.clone()),
            publisher,
            subscriber,
            negotiation: Negotiation::new(options.topology),
            publications: BTreeMap::new(),
            subscriptions: Subscriptions::new(options.epoch, options.encryption.clone())
                .keeping(options.keep_frames),
            sequences: Sequences::default(),
            roster: Roster::default(),
            outputs: VecDeque::new(),
            last_cid: 0,
            last_request: 0,
            unopened_messages: 0,
            options,
        };
        endpoint.join();
        endpoint.settle();
        endpoint
    }

    pub fn handle_input(&mut self, now: Instant, input: Input<'_>) {
        self.now = self.now.max(now);
        match input {
            Input::SignalOpen => self.session.opened(self.now),
            Input::Signal(message) => self.handle_signal(*message),
            Input::SignalRefused { status } => self.signal_refused(status),
            Input::SignalClosed => self.signal_lost(),
            Input::Datagram {
                local,
                remote,
                bytes,
            } => self.handle_datagram(local, remote, bytes),
            Input::Timeout => {}
        }
        self.settle();
    }

    pub fn poll_output(&mut self) -> Output {
        self.outputs
            .pop_front()
            .unwrap_or_else(|| Output::Wait(self.wake()))
    }

    /// `None` before the server said it.
    pub fn participant_sid(&self) -> Option<&str> {
        Some(self.session.participant_sid()).filter(|sid| !sid.is_empty())
    }

    /// The others in the room.
    pub fn participants(&self) -> impl Iterator<Item = &proto::ParticipantInfo> {
        self.roster.others()
    }

    /// What the server calls our track; `None` before it said so.
    pub fn published(&self, cid: &Cid) -> Option<&proto::TrackInfo> {
        self.publications.get(cid)?.info.as_ref()
    }

    /// One report per track that was ever subscribed to in this session.
    pub fn track_reports(&self, now: Instant) -> Vec<TrackReport> {
        self.subscriptions.reports(now)
    }

    /// The encoded frames of a received track since the last call, as far as [`Options::keep_frames`] lets them stay.
    pub fn take_frames(&mut self, track_sid: &str) -> Vec<Vec<u8>> {
        self.subscriptions.take_frames(track_sid)
    }

    /// Messages that nobody in the meeting sealed, or for which there was no key.
    pub fn unopened_messages(&self) -> u64 {
        self.unopened_messages
    }

    /// In bytes: what was written on the reliable data channel, and waits because the server takes it more slowly. Who
    /// writes while this is small is never refused with [`CommandError::Full`].
    pub fn buffered(&mut self) -> usize {
        self.publisher.buffered(Channel::Reliable)
    }

    /// Media packets on sections that carry no track for us, by what the server said.
    pub fn stray_packets(&self) -> u64 {
        self.subscriptions.stray_packets
    }

    fn settle(&mut self) {
        self.tick_session();
        self.publisher.advance(self.now);
        if let Some(subscriber) = &mut self.subscriber {
            subscriber.advance(self.now);
        }
        self.drain_links();
        self.pump();
        self.request_key_frames();
        self.negotiate();
        self.drain_links();
    }

    fn wake(&self) -> Option<Instant> {
        if self.session.has_ended() {
            return None;
        }
        let links = [
            self.publisher.wake(),
            self.subscriber.as_ref().and_then(Link::wake),
        ];
        links
            .into_iter()
            .chain([
                self.session.wake(),
                self.media_wake(),
                self.subscriptions.wake(),
            ])
            .flatten()
            .min()
    }

    fn report(&mut self, event: Event) {
        self.outputs.push_back(Output::Event(event));
    }

    /// Held back while there is no signal connection.
    fn signal(&mut self, message: signal_request::Message) {
        if let Some(message) = self.session.pass(message) {
            self.outputs.push_back(Output::Signal(Box::new(message)));
        }
    }
}

#[cfg(test)]
mod tests;
