//! Between the process with the desktop and the one with the windows.

use std::ffi::OsString;

use conclave_protocol::personal::Words;
use conclave_protocol::remote::{Capability, EndReason, TransferId};
use conclave_remote::Surface;
use serde::{Deserialize, Serialize};

use super::{Question, Sign};

#[derive(Serialize, Deserialize)]
pub enum DeskToUi {
    /// In place of any other.
    Ask(Question),
    CloseQuestion,
    /// In place of the one before.
    Indicate(Sign),
    HideIndicator,
    WarnOfEnd {
        reason: EndReason,
        seconds: u32,
    },
    /// The technician writes.
    Chat(Words),
    /// The person chooses a file; answered by [`UiToDesk::Picked`] or [`UiToDesk::PickedNone`].
    PickFile(TransferId),
    /// A file of the technician's is the person's from here on.
    FileArrived {
        path: OsString,
    },
    /// The session's last message.
    Ended(EndReason),
}

#[derive(Serialize, Deserialize)]
pub enum UiToDesk {
    /// The sign and questions can be shown. The first message: no session begins before it.
    Ready,
    Answer {
        question: u32,
        yes: bool,
        minutes: u16,
        /// Of a question about seeing the screen; of any other it says nothing.
        surface: Surface,
    },
    Withdraw(Capability),
    LetAsk(Capability),
    Show(Surface),
    Stop,
    Chat(Words),
    Picked {
        transfer: TransferId,
        path: OsString,
    },
    PickedNone(TransferId),
    CancelFile(TransferId),
    /// Each second, by the thread that draws: a sign that does not move is none.
    Alive,
}
