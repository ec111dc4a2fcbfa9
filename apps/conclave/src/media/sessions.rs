//! An owner's WebSockets: what a shard says goes to the right one, or ends the one that is too slow.

use std::collections::BTreeMap;
use std::sync::Arc;

use conclave_sfu::SessionId;
use livekit_protocol::signal_response;
use tokio::sync::mpsc;

use super::counters::{Counters, DropReason};
use super::signal::Signal;

pub(super) struct Sessions {
    open: BTreeMap<SessionId, mpsc::Sender<Signal>>,
    overflowed: Vec<SessionId>,
    counters: Arc<Counters>,
}

impl Sessions {
    pub(super) fn new(counters: Arc<Counters>) -> Self {
        Self {
            open: BTreeMap::new(),
            overflowed: Vec::new(),
            counters,
        }
    }

    pub(super) fn open(&mut self, session: SessionId, signals: mpsc::Sender<Signal>) {
        self.open.insert(session, signals);
    }

    pub(super) fn signal(&mut self, session: SessionId, message: Box<signal_response::Message>) {
        self.send(session, Signal::Message(message));
    }

    /// Nothing follows for this session.
    pub(super) fn close(&mut self, session: SessionId) {
        self.send(session, Signal::Close);
        self.open.remove(&session);
    }

    /// A session whose WebSocket did not keep up and of which the shard has not been told.
    pub(super) fn next_overflow(&mut self) -> Option<SessionId> {
        self.overflowed.pop()
    }

    fn send(&mut self, session: SessionId, signal: Signal) {
        let Some(signals) = self.open.get(&session) else {
            return;
        };
        if let Err(error) = signals.try_send(signal) {
            if matches!(error, mpsc::error::TrySendError::Full(_)) {
                self.counters.drop_one(DropReason::SignalOverflow);
            }
            self.open.remove(&session);
            self.overflowed.push(session);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_that_does_not_read_loses_its_session_and_the_shard_is_told_once() {
        let mut sessions = Sessions::new(Arc::default());
        let (signals, receiver) = mpsc::channel(2);
        sessions.open(SessionId(1), signals);

        for _ in 0..4 {
            sessions.signal(SessionId(1), message());
        }

        assert_eq!(sessions.next_overflow(), Some(SessionId(1)));
        assert_eq!(sessions.next_overflow(), None);
        assert_eq!(sessions.counters.dropped(DropReason::SignalOverflow), 1);
        assert_eq!(receiver.len(), 2);
        assert!(receiver.is_closed() || sessions.open.is_empty());
    }

    #[test]
    fn the_farewell_comes_after_what_was_said_before() {
        let mut sessions = Sessions::new(Arc::default());
        let (signals, mut receiver) = mpsc::channel(2);
        sessions.open(SessionId(1), signals);

        sessions.signal(SessionId(1), message());
        sessions.close(SessionId(1));

        assert!(matches!(receiver.try_recv(), Ok(Signal::Message(_))));
        assert!(matches!(receiver.try_recv(), Ok(Signal::Close)));
        assert!(receiver.try_recv().is_err());
        assert_eq!(sessions.next_overflow(), None);
    }

    fn message() -> Box<signal_response::Message> {
        Box::new(signal_response::Message::RefreshToken(String::new()))
    }
}
