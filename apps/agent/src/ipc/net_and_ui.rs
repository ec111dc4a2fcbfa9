//! Between the process with the network and the one with the windows: until there is a session, and after it.

use conclave_protocol::feedback::{FeedbackAnswers, FeedbackQuestion};
use conclave_protocol::personal::{DisplayName, Title};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
pub enum UiToNet {
    /// What the person typed, as they typed it.
    Try {
        text: String,
        passcode: Option<String>,
        name: String,
    },
    /// They want to be helped by whom [`NetToUi::Offer`] named.
    Confirm,
    Cancel,
    Feedback {
        solved: Option<bool>,
        rating: Option<u8>,
        answers: FeedbackAnswers,
    },
}

#[derive(Serialize, Deserialize)]
pub enum NetToUi {
    AskForCode {
        why: Option<Failure>,
    },
    Offer {
        technician: DisplayName,
        organisation: Title,
        /// As its address has it.
        server: String,
    },
    Connecting,
    /// The technician has to let them in.
    Knocking,
    InSession,
    /// What the organisation asks of its own, once the session is over; none where nothing can be sealed that it asks for.
    Questions(Vec<FeedbackQuestion>),
    /// As whose computer this one would come into a meeting, where it is presented.
    Bring {
        owner: DisplayName,
        organisation: Title,
        /// As its address has it.
        server: String,
    },
    /// It is there, and nobody uses it.
    Shared,
    /// It is there no more.
    Left,
    Failed(Failure),
    /// The network's part is done; what the person says of it is still taken.
    Over,
}

/// Why there is no session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Failure {
    /// It is neither a code nor a link.
    NotUnderstood,
    /// Which server is meant is not known.
    NoServer,
    /// Wrong, used or too old: they look alike.
    WrongCode,
    /// The link does not say whose help it is.
    NeedsLink,
    /// The code alone does not do.
    NeedsPasscode,
    WrongPasscode,
    /// Too many were wrong: this session takes none any more.
    PasscodeSpent,
    /// Tried too often.
    TooOften,
    Unreachable,
    /// Its certificate, or who is in the room, is not what was promised.
    Untrusted,
    /// The server speaks another release.
    Unfit,
    /// The technician is gone.
    NobodyThere,
    Failed,
}
