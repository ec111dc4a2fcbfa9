//! Why a frame or a message was not sealed, or not opened.

/// Nothing may go out: what was to be sealed must not be sent in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsealed {
    #[error("there is no key to seal with")]
    NoKey,
    #[error("the stream's counters are used up")]
    Exhausted,
    #[error("there is no such track")]
    NoTrack,
    #[error("the frame is none of its codec's")]
    Malformed,
    #[error("there are more bytes than may be sealed at once")]
    TooLarge,
}

/// Forged, replayed, cut short, another member's, or of an epoch without keys: nobody who sends
/// such bytes learns which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes were not opened")]
pub struct Unopened;

/// The keys are of an epoch that is behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the epoch is behind")]
pub struct Stale;
