//! The engine behind a fence: one change at a time, and no panic gets out.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use str0m::{Event, Output, Rtc, RtcError, net};

/// Something that came out while the engine was drained.
#[expect(
    clippy::large_enum_variant,
    reason = "it is passed on at once and never stored"
)]
pub(super) enum Drained {
    Transmit(net::Transmit),
    Event(Event),
}

/// Why an engine is no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// It closed or failed in an orderly way.
    Closed,
    Panicked,
}

/// str0m's `Rtc` as long as it lives.
pub(super) struct Engine {
    rtc: Option<Box<Rtc>>,
    wake: Instant,
}

impl Engine {
    pub(super) fn new(rtc: Rtc, now: Instant) -> Self {
        Self {
            rtc: Some(Box::new(rtc)),
            wake: now,
        }
    }

    /// Makes one change, then drains the engine: its own rule ('single mutation').
    ///
    /// # Errors
    ///
    /// [`End`] when the engine ends by it, or has ended before.
    pub(super) fn change<R>(
        &mut self,
        change: impl FnOnce(&mut Rtc) -> R,
        each: impl FnMut(&mut Rtc, Drained),
    ) -> Result<R, End> {
        let rtc = self.rtc.as_mut().ok_or(End::Closed)?;
        // A half-made change is never looked at again: what panicked is dropped.
        let fenced = AssertUnwindSafe(|| {
            let result = change(rtc);
            drain(rtc, each).map(|wake| (result, wake))
        });
        let end = match catch_unwind(fenced) {
            Ok(Ok((result, wake))) if self.is_alive() => {
                self.wake = wake;
                return Ok(result);
            }
            Ok(_) => End::Closed,
            Err(_) => End::Panicked,
        };
        self.end();
        Err(end)
    }

    pub(super) fn look<R>(&self, look: impl FnOnce(&Rtc) -> R) -> Option<R> {
        self.rtc.as_ref().map(|rtc| look(rtc))
    }

    /// The user name fragment that STUN requests to us carry.
    pub(super) fn ufrag(&mut self) -> Option<String> {
        let rtc = self.rtc.as_mut()?;
        Some(rtc.direct_api().local_ice_credentials().ufrag)
    }

    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.rtc.is_some() && self.wake <= now
    }

    pub(super) fn wake(&self, now: Instant) -> Option<Instant> {
        let soon = self.wake < now + NEVER;
        (self.rtc.is_some() && soon).then_some(self.wake)
    }

    pub(super) fn end(&mut self) {
        if let Some(rtc) = self.rtc.take() {
            // Its state may be in pieces.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(rtc)));
        }
    }

    pub(super) fn is_ended(&self) -> bool {
        self.rtc.is_none()
    }

    fn is_alive(&self) -> bool {
        self.rtc.as_ref().is_some_and(|rtc| rtc.is_alive())
    }
}

fn drain(rtc: &mut Rtc, mut each: impl FnMut(&mut Rtc, Drained)) -> Result<Instant, RtcError> {
    for _ in 0..MAX_DRAINED {
        match rtc.poll_output()? {
            Output::Timeout(wake) => return Ok(wake),
            Output::Transmit(transmit) => each(rtc, Drained::Transmit(transmit)),
            Output::Event(event) => each(rtc, Drained::Event(event)),
        }
    }
    Err(RtcError::RemoteSdp(
        "the engine does not come to rest".to_owned(),
    ))
}

/// No change makes this many packets and events; an engine that goes on turns in circles.
const MAX_DRAINED: usize = 1 << 17;
/// The engine says 'never' by a time in the far future.
const NEVER: Duration = Duration::from_secs(24 * 60 * 60);
