//! What a session leaves on record: who was permitted what, and what was done with it. No word, key, name or picture.

use conclave_protocol::ParticipantId;
use conclave_protocol::remote::{
    Capability, Digest, EndReason, FileOutcome, Raising, TransferId, Turn,
};
use serde::{Deserialize, Serialize};

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fact {
    Requested {
        technician: ParticipantId,
    },
    Asked(Topic),
    Permitted(Topic),
    Refused(Topic),
    /// The local person said nothing in time, which is a no.
    Unanswered(Topic),
    /// It was permitted, and ended: taken back, given back, over, or without its ground.
    Withdrawn(Capability),
    /// Policy permits less.
    LimitsShrunk,
    ControlBegan(Turn),
    ControlEnded {
        turn: Turn,
        /// What reached the computer.
        injected: u64,
        /// What did not: late, repeated, paused, over our own windows, too much.
        dropped: u64,
    },
    /// The local person took over for a moment.
    LocalOverride,
    /// Input came though there was no control. Said once until there is.
    InputWithoutControl,
    /// Numbers of input are missing: somebody kept some back.
    InputMissing(Turn),
    FileKept {
        transfer: TransferId,
        size: u64,
        sha256: Digest,
    },
    FileSent {
        transfer: TransferId,
        size: u64,
        sha256: Digest,
    },
    /// It ended in another way.
    FileFailed {
        transfer: TransferId,
        outcome: FileOutcome,
    },
    DiagnosticsSent,
    HandedOver {
        to: ParticipantId,
    },
    WatcherAdmitted(ParticipantId),
    ConnectionLost,
    ConnectionRestored,
    /// The technician is an administrator of the computer, as its own rules say.
    Raised,
    NotRaised(Raising),
    /// And is none any more.
    Lowered,
    /// It can't restart in a way that it would come back from, or refused to.
    RestartFailed,
    Restarting,
    /// After a restart, by which everything is to be permitted anew.
    CameBack,
    Ended(EndReason),
}

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Topic {
    Capability(Capability),
    /// Somebody else is there.
    Watcher,
    HandOver,
    Restart,
}
