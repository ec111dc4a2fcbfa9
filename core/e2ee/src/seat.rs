//! One device's seat in a meeting: a session, what it seals and what it opens.
//!
//! Keys go from the session to the frames here, and nowhere else: the owner feeds in what happens, drains
//! [`Seat::poll_output`], and hands frames through. Each input is followed to its end before the next frame is
//! sealed, so that no frame goes out under a key that the input took away.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::frame::data::{Channel, Label};
use crate::frame::{
    Context, Drops, EpochKeys, Leaf, Opener, Sealer, Source, Track, Unopened, Unsealed,
};
use crate::group::Group;
use crate::identity::ParticipantId;
use crate::meeting::{GroupEpoch, GroupId};
use crate::provider::Seed;
use crate::session::{Config, Input, KeyChange, Opened, Output, Sending, Session};

/// A member's session with its frames. `now` is the session's; one that goes back counts as the last one.
pub struct Seat {
    session: Session,
    sealer: Sealer,
    opener: Opener,
    /// Of the epochs that are open.
    keys: BTreeMap<GroupEpoch, EpochKeys>,
    /// Where the own frames say that they come from.
    place: Option<(GroupId, Leaf)>,
    sending: Option<GroupEpoch>,
    now: Duration,
    wake: Option<Duration>,
}

impl Seat {
    #[must_use]
    pub fn new(config: Config, seed: Seed) -> Self {
        Self {
            session: Session::new(config, seed),
            sealer: Sealer::new(Leaf::FIRST),
            opener: Opener::new(),
            keys: BTreeMap::new(),
            place: None,
            sending: None,
            now: Duration::ZERO,
            wake: None,
        }
    }

    pub fn handle_input(&mut self, now: Duration, input: Input<'_>) {
        self.now = self.now.max(now);
        self.session.handle_input(self.now, input);
        self.settle();
    }

    /// Until [`Output::Wait`].
    pub fn poll_output(&mut self) -> Output {
        self.session.poll_output()
    }

    /// The group that this member is in.
    #[must_use]
    pub fn group(&self) -> Option<&Group> {
        self.session.group()
    }

    #[must_use]
    pub fn sending(&self) -> Sending {
        self.session.sending()
    }

    /// A stream for one track, through all groups and epochs: see [`Sealer::add_track`].
    pub fn add_track(&mut self, track: Track) -> Option<Context> {
        self.sealer.add_track(track)
    }

    pub fn remove_track(&mut self, track: Context) {
        self.sealer.remove_track(track);
    }

    /// Replaces what is in `out` by the sealed frame; after an error `out` is empty.
    pub fn seal_frame(
        &mut self,
        now: Duration,
        track: Context,
        frame: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Unsealed> {
        self.pass(now);
        self.sealer.seal_frame(track, frame, out)
    }

    /// Replaces what is in `out` by the sealed message; after an error `out` is empty.
    ///
    /// `bound` is authenticated and not sent; it is opened by who names the same.
    pub fn seal_message(
        &mut self,
        now: Duration,
        (label, channel): (Label, Channel),
        bound: &[u8],
        message: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Unsealed> {
        self.pass(now);
        self.sealer
            .seal_message(label, channel, bound, message, out)
    }

    /// Replaces what is in `out` by the frame; after an error `out` is empty.
    pub fn open_frame(
        &mut self,
        now: Duration,
        source: &mut Source,
        bytes: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Unopened> {
        self.pass(now);
        self.opener.open_frame(source, bytes, out)
    }

    /// Replaces what is in `out` by the message; after an error `out` is empty.
    pub fn open_message(
        &mut self,
        now: Duration,
        from: ParticipantId,
        label: Label,
        bound: &[u8],
        bytes: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Unopened> {
        self.pass(now);
        self.opener.open_message(from, label, bound, bytes, out)
    }

    /// What was not opened since the beginning.
    #[must_use]
    pub fn drops(&self) -> Drops {
        self.opener.drops()
    }

    /// The owner's timer may be late: a frame finds the keys that its time has.
    fn pass(&mut self, now: Duration) {
        if self.wake.is_some_and(|at| at <= now) {
            self.handle_input(now, Input::Timeout);
        }
    }

    fn settle(&mut self) {
        while let Some(change) = self.session.poll_key_change() {
            match change {
                KeyChange::Open(opened) => self.open(&opened),
                KeyChange::Close(at) => self.close(at),
            }
        }
        match self.session.sending() {
            Sending::With(at) => self.send_with(at),
            Sending::Stopped(_) => self.stop(),
        }
        self.wake = self.session.wake_at();
    }

    fn open(&mut self, opened: &Opened) {
        let Some(leaf) = Leaf::new(opened.leaf) else {
            return;
        };
        let group = opened.at.group;
        if self.place.is_none_or(|(before, _)| before != group) {
            self.opener.forget();
        }
        if self.place != Some((group, leaf)) {
            self.stop();
            self.sealer.move_to(leaf);
            self.place = Some((group, leaf));
        }
        let keys = EpochKeys::new(opened.at.epoch, &opened.base_key);
        let leaves = opened.leaves.iter();
        let leaves =
            leaves.filter_map(|(participant, leaf)| Some((*participant, Leaf::new(*leaf)?)));
        if self.opener.install(&keys, leaves.collect()).is_ok() {
            self.keys.insert(opened.at, keys);
        }
    }

    fn close(&mut self, at: GroupEpoch) {
        self.keys.remove(&at);
        if self.place.is_some_and(|(group, _)| group == at.group) {
            self.opener.retire(at.epoch);
        }
    }

    fn send_with(&mut self, at: GroupEpoch) {
        if self.sending == Some(at) {
            return;
        }
        let keys = self.keys.get(&at);
        let switched = keys.is_some_and(|keys| self.sealer.switch(keys).is_ok());
        if switched {
            self.sending = Some(at);
        } else {
            self.stop();
        }
    }

    fn stop(&mut self) {
        self.sealer.stop();
        self.sending = None;
    }
}

#[cfg(test)]
mod tests;
