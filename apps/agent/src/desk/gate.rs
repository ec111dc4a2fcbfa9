//! What a broadcast sends leaves through here.
//!
//! # Security
//!
//! Whoever closes it, or takes a viewer from it, has the lock that each message is sent under: from then on none leaves.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use conclave_protocol::ParticipantId;
use conclave_remote::recording::Watch;

use super::video::Heard;
use crate::ipc::{Broken, DeskToNet, Footage, Socket, Way};
use crate::platform::Bell;

pub(super) struct Gate {
    net: Socket,
    admitted: Mutex<Admitted>,
    /// Rung when something of it is otherwise, or a viewer has said something.
    bell: Bell,
}

#[derive(Default)]
pub(super) struct Admitted {
    /// Nobody any more.
    pub(super) is_closed: bool,
    pub(super) viewers: Vec<ParticipantId>,
    /// What is seen is kept, too.
    pub(super) recorded: Option<Watch>,
    /// What is on its way is lost.
    pub(super) is_lost: bool,
    /// What the network says of a video, until somebody has looked.
    pub(super) heard: Heard,
    /// The network was told that one begins, and not that it is over.
    pub(super) is_filmed: bool,
    /// Until then what viewers say rings no bell: too much of it answered nothing.
    rests_until: Option<Instant>,
}

/// Between two looks at whether a viewer is still one, while the way out is full.
const BETWEEN_LOOKS: Duration = Duration::from_millis(16);

impl Gate {
    pub(super) fn new(net: Socket, viewers: Vec<ParticipantId>, bell: Bell) -> Self {
        let admitted = Admitted {
            viewers,
            ..Admitted::default()
        };
        Self {
            net,
            admitted: Mutex::new(admitted),
            bell,
        }
    }

    pub(super) fn bell(&self) -> &Bell {
        &self.bell
    }

    /// False: this viewer is none any more.
    pub(super) fn send(&self, to: ParticipantId, bytes: Vec<u8>) -> Result<bool, Broken> {
        let way = Way::Tiles;
        let message = DeskToNet::Say { to, way, bytes };
        self.send_while(&message, |admitted| admitted.viewers.contains(&to))
    }

    /// False: nothing is kept of it any more.
    pub(super) fn keep(&self, watch: Watch, record: Vec<u8>) -> Result<bool, Broken> {
        let message = DeskToNet::Recorded(record);
        self.send_while(&message, |admitted| admitted.recorded == Some(watch))
    }

    /// False: it is of no use any more.
    pub(super) fn film(&self, footage: Footage) -> Result<bool, Broken> {
        let message = DeskToNet::Video(footage);
        self.send_while(&message, |admitted| !admitted.heard.is_over)
    }

    /// Once nothing leaves any more.
    pub(super) fn end_film(&self) {
        if self.lock().is_filmed {
            // Where it does not hear it, it gets no more frames all the same.
            let _told = self.net.try_send(&DeskToNet::Video(Footage::Ends));
        }
    }

    fn send_while(
        &self,
        message: &DeskToNet,
        may: impl Fn(&Admitted) -> bool,
    ) -> Result<bool, Broken> {
        loop {
            {
                let admitted = self.lock();
                if admitted.is_closed || !may(&admitted) {
                    return Ok(false);
                }
                if self.net.try_send(message)? {
                    return Ok(true);
                }
            }
            self.net.has_room_within(BETWEEN_LOOKS)?;
        }
    }

    pub(super) fn has_room(&self) -> Result<bool, Broken> {
        self.net.has_room_within(Duration::ZERO)
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Admitted)) {
        change(&mut self.lock());
        self.bell.ring();
    }

    /// A viewer has said something, which waits already where it can be found.
    pub(super) fn tell_heard(&self) {
        if !self.is_at_rest() {
            self.bell.ring();
        }
    }

    pub(super) fn rest(&self, until: Instant) {
        self.lock().rests_until = Some(until);
    }

    pub(super) fn rests_until(&self) -> Option<Instant> {
        self.lock().rests_until
    }

    /// Before what viewers have said is looked for: what comes after that rings again.
    pub(super) fn end_rest(&self, now: Instant) {
        let mut admitted = self.lock();
        admitted.rests_until = admitted.rests_until.filter(|until| now < *until);
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Admitted> {
        self.admitted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_at_rest(&self) -> bool {
        self.lock().rests_until.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_rest_only_what_becomes_otherwise_rings() {
        let (net, _other) = Socket::pair().unwrap();
        let gate = Gate::new(net, Vec::new(), Bell::new().unwrap());
        let until = Instant::now();
        gate.tell_heard();
        assert!(gate.bell().was_rung());

        gate.rest(until);
        gate.tell_heard();
        assert!(!gate.bell().was_rung());
        gate.change(|admitted| admitted.is_lost = true);
        assert!(gate.bell().was_rung());

        gate.end_rest(until);
        gate.tell_heard();
        assert!(gate.bell().was_rung());
    }
}
