//! A device's seat in a meeting's encryption, which its channel and its media share.
//!
//! The channel brings what the server and the other members say; the media hand their frames
//! through. Without a key nothing is sealed, and what can't be opened does not exist.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use conclave_e2ee::Seed;
use conclave_e2ee::frame::data::{Channel, Label};
use conclave_e2ee::frame::{Context, Drops, Source, Track, Unopened, Unsealed};
use conclave_e2ee::group::Group;
use conclave_e2ee::identity::ParticipantId;
use conclave_e2ee::seat::Seat;
use conclave_e2ee::session::{Config, Input, Output, Sending, Silence};
use rand::rngs::StdRng;
use rand::{RngCore, SeedableRng};

use crate::cover::Kind;

/// Clones share the seat. Has no printable form.
#[derive(Clone)]
pub struct Encryption {
    shared: Arc<Mutex<Shared>>,
    zero: Zero,
}

struct Shared {
    seat: Seat,
    /// Apart from the seat's randomness: whoever reads it learns the names of tracks.
    names: StdRng,
}

/// One moment on two clocks: an instant, and the time since 1970 by this device.
#[derive(Clone, Copy, Debug)]
pub struct Zero {
    pub instant: Instant,
    pub since_1970: Duration,
}

impl Zero {
    fn at(self, now: Instant) -> Duration {
        self.since_1970 + now.saturating_duration_since(self.instant)
    }

    fn instant(self, at: Duration) -> Instant {
        self.instant + at.saturating_sub(self.since_1970)
    }
}

impl Encryption {
    /// `names`: 32 random bytes, for the names of tracks.
    #[must_use]
    pub fn new(config: Config, seed: Seed, names: [u8; 32], zero: Zero) -> Self {
        let shared = Shared {
            seat: Seat::new(config, seed),
            names: StdRng::from_seed(names),
        };
        Self {
            shared: Arc::new(Mutex::new(shared)),
            zero,
        }
    }

    #[must_use]
    pub fn sending(&self) -> Sending {
        let sending = self.with(|shared| shared.seat.sending());
        sending.unwrap_or(Sending::Stopped(Silence::NoKey))
    }

    /// What was not opened since the beginning.
    #[must_use]
    pub fn drops(&self) -> Drops {
        self.with(|shared| shared.seat.drops()).unwrap_or_default()
    }

    /// Looks at the group, which says who is in it. `None`: this device is not.
    pub fn in_group<R>(&self, look: impl FnOnce(&Group) -> R) -> Option<R> {
        self.with(|shared| shared.seat.group().map(look)).flatten()
    }

    pub(crate) fn handle_input(&self, now: Instant, input: Input<'_>) {
        let now = self.zero.at(now);
        self.with(|shared| shared.seat.handle_input(now, input));
    }

    /// Until it is `Err`, which says when to bring [`Input::Timeout`].
    pub(crate) fn poll_output(&self) -> Result<Output, Option<Instant>> {
        match self.with(|shared| shared.seat.poll_output()) {
            Some(Output::Wait(at)) => Err(at.map(|at| self.zero.instant(at))),
            Some(output) => Ok(output),
            None => Err(None),
        }
    }

    /// A stream for a track that begins, and the name under which it is announced. `None`: all are in use.
    pub fn add_track(&self, kind: Kind) -> Option<(Context, String)> {
        self.with(|shared| {
            let name = format!("{:016x}", shared.names.next_u64());
            let track = Track::new(kind.source, kind.codec, &name).ok()?;
            Some((shared.seat.add_track(track)?, name))
        })
        .flatten()
    }

    pub fn remove_track(&self, track: Context) {
        self.with(|shared| shared.seat.remove_track(track));
    }

    pub fn seal(&self, now: Instant, track: Context, frame: &[u8]) -> Result<Vec<u8>, Unsealed> {
        let now = self.zero.at(now);
        let mut out = Vec::new();
        self.with(|shared| shared.seat.seal_frame(now, track, frame, &mut out))
            .unwrap_or(Err(Unsealed::NoKey))?;
        Ok(out)
    }

    pub fn open(
        &self,
        now: Instant,
        source: &mut Source,
        bytes: &[u8],
    ) -> Result<Vec<u8>, Unopened> {
        let now = self.zero.at(now);
        let mut out = Vec::new();
        self.with(|shared| shared.seat.open_frame(now, source, bytes, &mut out))
            .unwrap_or(Err(Unopened))?;
        Ok(out)
    }

    /// Bound to its topic, so that it passes for a message of no other.
    pub(crate) fn seal_message(
        &self,
        now: Instant,
        channel: Channel,
        topic: &str,
        message: &[u8],
    ) -> Result<Vec<u8>, Unsealed> {
        let now = self.zero.at(now);
        let (way, bound) = ((label(topic), channel), topic.as_bytes());
        let mut out = Vec::new();
        self.with(|shared| {
            let seat = &mut shared.seat;
            seat.seal_message(now, way, bound, message, &mut out)
        })
        .unwrap_or(Err(Unsealed::NoKey))?;
        Ok(out)
    }

    pub(crate) fn open_message(
        &self,
        now: Instant,
        from: ParticipantId,
        topic: &str,
        bytes: &[u8],
    ) -> Result<Vec<u8>, Unopened> {
        let now = self.zero.at(now);
        let (label, bound) = (label(topic), topic.as_bytes());
        let mut out = Vec::new();
        self.with(|shared| {
            let seat = &mut shared.seat;
            seat.open_message(now, from, label, bound, bytes, &mut out)
        })
        .unwrap_or(Err(Unopened))?;
        Ok(out)
    }

    /// `None`: a panic left the seat in a state that nobody knows, so it has no keys any more.
    fn with<R>(&self, act: impl FnOnce(&mut Shared) -> R) -> Option<R> {
        let mut shared = self.shared.lock().ok()?;
        Some(act(&mut shared))
    }
}

/// The subject of a topic's messages.
fn label(topic: &str) -> Label {
    match topic {
        "conclave.chat" => Label::Chat,
        "conclave.file" => Label::File,
        "conclave.input" => Label::Input,
        _ => Label::App,
    }
}

#[cfg(test)]
pub(crate) mod tests;
