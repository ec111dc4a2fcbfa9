//! How the signal connection comes, goes, and comes back.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use livekit_protocol as proto;
use proto::signal_request::Message;

use super::negotiation::Negotiation;
use super::{Endpoint, Output};
use crate::Topology;
use crate::data::Sequences;
use crate::event::{End, Event};
use crate::link::Link;
use crate::options::Options;
use crate::retry::Retry;
use crate::roster::Roster;
use crate::upgrade::{Continuation, Upgrade};

/// The state of the signal connection.
pub(super) struct Session {
    state: State,
    token: String,
    participant_sid: String,
    retry: Retry,
    /// Requests that wait for the connection to come back.
    held: VecDeque<Message>,
    pub(super) reported_connected: bool,
    /// There was a session: whether the server can be reached at all is known.
    was_open: bool,
}

enum State {
    /// The WebSocket is being opened, or says nothing yet.
    Opening {
        until: Instant,
        resumes: bool,
    },
    Open(Pings),
    /// Until the next try.
    Lost {
        resumes: bool,
    },
    Ended,
}

struct Pings {
    interval: Duration,
    timeout: Duration,
    next: Instant,
    heard: Instant,
}

/// For the WebSocket to open, and then for the first message.
const OPENING_TIME: Duration = Duration::from_secs(15);
const FIRST_MESSAGE_TIME: Duration = Duration::from_secs(5);
const PING_INTERVAL: Duration = Duration::from_secs(5);
const PING_TIMEOUT: Duration = Duration::from_secs(15);
/// Requests that wait for a connection; more are dropped, the oldest first.
pub(super) const MOST_HELD: usize = 256;

impl Session {
    pub(super) fn new(now: Instant, token: String) -> Self {
        Self {
            state: State::Opening {
                until: now + OPENING_TIME,
                resumes: false,
            },
            token,
            participant_sid: String::new(),
            retry: Retry::default(),
            held: VecDeque::new(),
            reported_connected: false,
            was_open: false,
        }
    }

    pub(super) fn participant_sid(&self) -> &str {
        &self.participant_sid
    }

    pub(super) fn is_open(&self) -> bool {
        matches!(self.state, State::Open(_))
    }

    /// The server knows us, even if the connection is lost at the moment.
    pub(super) fn has_joined(&self) -> bool {
        !self.participant_sid.is_empty()
    }

    pub(super) fn has_ended(&self) -> bool {
        matches!(self.state, State::Ended)
    }

    /// The first message of the server is awaited, and whether it continues a session.
    pub(super) fn opening(&self) -> Option<bool> {
        match self.state {
            State::Opening { resumes, .. } => Some(resumes),
            State::Open(_) | State::Lost { .. } | State::Ended => None,
        }
    }

    pub(super) fn wake(&self) -> Option<Instant> {
        match &self.state {
            State::Opening { until, .. } => Some(*until),
            State::Open(pings) => Some(pings.next.min(pings.heard + pings.timeout)),
            State::Lost { .. } => self.retry.wake(),
            State::Ended => None,
        }
    }

    pub(super) fn set_token(&mut self, token: String) {
        self.token = token;
    }

    /// The WebSocket is open: the first message is to come soon.
    pub(super) fn opened(&mut self, now: Instant) {
        if let State::Opening { until, .. } = &mut self.state {
            *until = now + FIRST_MESSAGE_TIME;
        }
    }

    pub(super) fn heard(&mut self, now: Instant) {
        if let State::Open(pings) = &mut self.state {
            pings.heard = now;
        }
    }

    /// The message, if it can be sent at once.
    pub(super) fn pass(&mut self, message: Message) -> Option<Message> {
        if self.is_open() {
            return Some(message);
        }
        self.held.push_back(message);
        if self.held.len() > MOST_HELD {
            self.held.pop_front();
        }
        None
    }

    fn open(&mut self, now: Instant, interval: Duration, timeout: Duration) -> VecDeque<Message> {
        self.was_open = true;
        self.state = State::Open(Pings {
            interval,
            timeout,
            next: now + interval,
            heard: now,
        });
        std::mem::take(&mut self.held)
    }
}

/// The connections of a new session: the publisher, and in the dual topology the subscriber.
pub(super) fn links(options: &Options, now: Instant) -> (Link, Option<Link>) {
    let link = |addresses: &[SocketAddr]| Link::new(now, addresses, options.red, options.reports);
    let dual = options.topology == Topology::Dual;
    let subscriber = dual.then(|| link(&options.subscriber_addresses));
    (link(&options.addresses), subscriber)
}

impl Endpoint {
    /// Asks for a WebSocket of a new session.
    pub(super) fn join(&mut self) {
        let offer = match self.options.topology {
            Topology::Single => self.make_offer(),
            Topology::Dual => None,
        };
        self.session.state = State::Opening {
            until: self.now + OPENING_TIME,
            resumes: false,
        };
        let upgrade = Upgrade::new(&self.options, &self.session.token, offer, None);
        self.outputs.push_back(Output::Connect(upgrade));
    }

    pub(super) fn joined(&mut self, join: proto::JoinResponse) {
        let own = join.participant.clone().unwrap_or_default();
        self.session.participant_sid = own.sid.clone();
        let seconds = |seconds: i32, default| {
            let given = u64::try_from(seconds).ok().filter(|seconds| *seconds > 0);
            given.map_or(default, Duration::from_secs)
        };
        let interval = seconds(join.ping_interval, PING_INTERVAL);
        let held = self
            .session
            .open(self.now, interval, seconds(join.ping_timeout, PING_TIMEOUT));
        for other in &join.other_participants {
            self.roster.update(other.clone());
        }
        self.report(Event::Joined(Box::new(join)));
        for publication in self.publications.values() {
            let request = Message::AddTrack(publication.request.clone());
            self.outputs.push_back(Output::Signal(Box::new(request)));
        }
        if self.options.topology == Topology::Dual || !self.publications.is_empty() {
            self.negotiation.want_offer();
        }
        self.repeat(held);
    }

    pub(super) fn resumed(&mut self) {
        let held = self.session.open(self.now, PING_INTERVAL, PING_TIMEOUT);
        if !self.links_are_alive() {
            return self.restart();
        }
        let sync = Message::SyncState(self.sync_state());
        self.outputs.push_back(Output::Signal(Box::new(sync)));
        self.negotiation.restart_ice();
        self.report(Event::Resumed);
        self.repeat(held);
    }

    /// The session can't go on: another begins after a moment, and publishes again.
    pub(super) fn restart(&mut self) {
        if self.session.has_ended() {
            return;
        }
        self.session.state = State::Lost { resumes: false };
        self.session.participant_sid.clear();
        self.session.held.clear();
        self.session.reported_connected = false;
        self.report(Event::Restarting);
        self.outputs.push_back(Output::CloseSignal);
        self.close_links();
        (self.publisher, self.subscriber) = links(&self.options, self.now);
        self.negotiation = Negotiation::new(self.options.topology);
        self.subscriptions.forget_session();
        self.roster = Roster::default();
        self.sequences = Sequences::default();
        for publication in self.publications.values_mut() {
            publication.forget_session();
            if let Some(encryption) = &self.options.encryption {
                // It gives its own place back before it takes one.
                publication.seal(encryption);
            }
        }
        if !self.session.retry.plan(self.now) {
            self.end(End::Unreachable);
        }
    }

    /// The WebSocket ended, or is given up.
    pub(super) fn signal_lost(&mut self) {
        let resumes = match self.session.state {
            State::Open(_) => true,
            State::Opening { resumes, .. } => resumes,
            State::Lost { .. } | State::Ended => return,
        };
        if self.session.is_open() {
            self.report(Event::SignalLost);
        }
        self.publisher.abandon_offer();
        let returns = self.options.resume && self.session.was_open;
        if returns && self.session.retry.plan(self.now) {
            self.session.state = State::Lost { resumes };
        } else {
            self.end(End::Unreachable);
        }
    }

    pub(super) fn signal_refused(&mut self, status: Option<u16>) {
        let Some(resumes) = self.session.opening() else {
            return;
        };
        // The server, or what is in front of it, may be back in a moment.
        let passes = matches!(status, None | Some(502..=504));
        if passes && self.session.was_open {
            self.signal_lost();
        } else if resumes && !passes {
            self.restart();
        } else {
            self.end(End::Refused(status));
        }
    }

    pub(super) fn told_to_leave(&mut self, leave: &proto::LeaveRequest) {
        use proto::leave_request::Action;
        match leave.action() {
            Action::Resume if self.options.resume && self.session.is_open() => {
                self.outputs.push_back(Output::CloseSignal);
                self.signal_lost();
            }
            Action::Resume | Action::Reconnect if self.options.resume => self.restart(),
            _ => {
                self.outputs.push_back(Output::CloseSignal);
                self.end(End::Told(leave.reason()));
            }
        }
    }

    pub(super) fn end(&mut self, end: End) {
        if self.session.has_ended() {
            return;
        }
        self.session.state = State::Ended;
        self.close_links();
        self.report(Event::Ended(end));
    }

    /// What the passing of time alone brings.
    pub(super) fn tick_session(&mut self) {
        let now = self.now;
        match &mut self.session.state {
            State::Opening { until, .. } if *until <= now => {
                self.outputs.push_back(Output::CloseSignal);
                self.signal_lost();
            }
            State::Open(pings) if pings.heard + pings.timeout <= now => {
                self.outputs.push_back(Output::CloseSignal);
                self.signal_lost();
            }
            State::Open(pings) if pings.next <= now => {
                pings.next = now + pings.interval;
                // It has lasted.
                self.session.retry.succeeded();
                self.ping();
            }
            State::Lost { resumes } if self.session.retry.is_due(now) => {
                if *resumes {
                    self.resume();
                } else {
                    self.join();
                }
            }
            _ => {}
        }
    }

    /// Asks for a WebSocket that continues the session.
    fn resume(&mut self) {
        self.session.state = State::Opening {
            until: self.now + OPENING_TIME,
            resumes: true,
        };
        let continuation = Continuation {
            participant_sid: self.session.participant_sid.clone(),
            reason: proto::ReconnectReason::RrSignalDisconnected,
        };
        let token = &self.session.token;
        let upgrade = Upgrade::new(&self.options, token, None, Some(&continuation));
        self.outputs.push_back(Output::Connect(upgrade));
    }

    fn close_links(&mut self) {
        self.publisher.close();
        if let Some(subscriber) = &mut self.subscriber {
            subscriber.close();
        }
        self.drain_links();
    }

    fn ping(&mut self) {
        let since = self.now.saturating_duration_since(self.options.epoch);
        let timestamp = i64::try_from(since.as_millis()).unwrap_or_default();
        self.signal(Message::PingReq(proto::Ping { timestamp, rtt: 0 }));
    }

    fn repeat(&mut self, held: VecDeque<Message>) {
        for message in held {
            self.outputs.push_back(Output::Signal(Box::new(message)));
        }
    }

    fn sync_state(&self) -> proto::SyncState {
        let published = self.publications.iter().filter_map(|(cid, publication)| {
            Some(proto::TrackPublishedResponse {
                cid: cid.0.clone(),
                track: Some(publication.info.clone()?),
            })
        });
        proto::SyncState {
            subscription: Some(self.subscriptions.exceptions(self.options.auto_subscribe)),
            track_sids_disabled: self.subscriptions.disabled(),
            publish_tracks: published.collect(),
            datachannel_receive_states: self.sequences.receive_states(),
            ..Default::default()
        }
    }
}
