//! Counts what was not opened, for the person at this device only.

/// How many frames and messages were dropped, by the first check that they failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drops {
    /// No sealed frame could be found in the bytes.
    pub malformed: u64,
    /// Sealed by another member, or on another stream, than the bytes were said to be of.
    pub misattributed: u64,
    /// Of an epoch whose keys are not here: not yet, or no more.
    pub keyless: u64,
    /// Opened before, or too old to tell.
    pub replayed: u64,
    /// The tag did not fit.
    pub forged: u64,
}

/// One of the counts of [`Drops`].
#[derive(Clone, Copy)]
pub(super) enum Reason {
    Malformed,
    Misattributed,
    Keyless,
    Replayed,
    Forged,
}

impl Drops {
    pub(super) fn count(&mut self, reason: Reason) {
        let count = match reason {
            Reason::Malformed => &mut self.malformed,
            Reason::Misattributed => &mut self.misattributed,
            Reason::Keyless => &mut self.keyless,
            Reason::Replayed => &mut self.replayed,
            Reason::Forged => &mut self.forged,
        };
        *count = count.saturating_add(1);
    }
}
