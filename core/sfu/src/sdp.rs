//! What a server reads in an offer and changes in the descriptions that str0m writes.
//!
//! str0m answers and offers correctly, but it has no say per media section: which track a
//! section carries, which codec comes first, how Opus is to be encoded. Those lines are
//! rewritten here, in text that str0m never looks at again. All functions are pure, and no
//! text makes them panic.

mod answer;
mod codec;
mod line;
mod mid;
mod offer;
#[cfg(test)]
pub(crate) mod recorded;

pub use answer::{AnswerPlan, Receive, Source, rewrite_answer, rewrite_offer};
pub use codec::{Codec, Kind};
pub use mid::{Mid, Rid};
pub use offer::{Direction, Offer, Section, SectionKind};

/// The longest description that is read. A client with 200 media sections stays below it.
pub const MAX_SDP_BYTES: usize = 1 << 20;
/// The most media sections of one connection.
pub const MAX_SECTIONS: usize = 256;
/// The most simulcast layers of one section.
pub const MAX_RIDS: usize = 4;

/// Why a description is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SdpError {
    #[error("the description is longer than {MAX_SDP_BYTES} bytes")]
    TooLong,
    #[error("the description has more than {MAX_SECTIONS} media sections")]
    TooManySections,
    #[error("the description has no media section")]
    NoSection,
    #[error("a media section has no usable `a=mid`")]
    NoMid,
    #[error("two media sections have the same `a=mid`")]
    DuplicateMid,
    #[error("the description is not SDP")]
    Malformed,
}
