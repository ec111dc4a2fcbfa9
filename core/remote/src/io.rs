//! What goes into a session and what comes out of it.

use std::time::{Duration, Instant};

use conclave_protocol::ParticipantId;
use conclave_protocol::personal::Words;
use conclave_protocol::remote::{
    Button, Capability, Chunk, ClipboardText, Credential, DiagnosticReport, Digest, EndReason,
    FileName, FromAgent, FromTechnician, Key, MonitorId, Monitors, Point, Raising, TransferId,
    TypedText,
};
use serde::{Deserialize, Serialize};

use crate::fact::Fact;
use crate::indicator::Indicator;
use crate::limits::Limits;
use crate::people::Person;
use crate::question::{Question, QuestionId};

/// One thing that happened outside.
pub enum Input {
    /// Somebody in the room said this.
    Message {
        from: ParticipantId,
        message: FromTechnician,
    },
    /// Somebody in the room sent what is no message.
    Malformed {
        from: ParticipantId,
    },
    Local(Local),
    Display(Display),
    /// Somebody came into the room. Who they are is verified by the meeting's encryption, not by what they say.
    Joined(Person),
    Left(ParticipantId),
    ConnectionLost,
    ConnectionRestored,
    /// What policy permits from here on. Only what is stricter has an effect.
    Limits(Limits),
    /// What came of an [`Output::File`], an [`Output::CollectDiagnostics`], an [`Output::Raise`] or an
    /// [`Output::LayWayBack`].
    Done(Done),
    /// The room is closed, or the agent is out of it.
    RoomOver(EndReason),
    /// What is seen can't be kept any more.
    RecordingLost,
    /// The process that asks and shows the sign is gone.
    SignLost,
    /// The agent is told to stop.
    Shutdown,
    /// The time that [`Output::Wait`] named has come; harmless at any other time.
    Timeout,
}

/// What the person at the computer does.
pub enum Local {
    Answer {
        question: QuestionId,
        reply: Reply,
    },
    Withdraw(Capability),
    /// Forgives the technician having been told no: they may ask for this again.
    LetAsk(Capability),
    /// Shows another part of the screen from here on, or less of it.
    Show(Surface),
    /// By the button, the hotkey or the tray: all the same.
    Stop,
    /// Keyboard, mouse or touch that is not ours.
    Used,
    Chat(Words),
    /// The clipboard's text is another one.
    Copied(ClipboardText),
    CancelFile(TransferId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    No,
    Yes(Terms),
}

/// What the local person permits, within what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// No longer than policy lets it be.
    pub length: Duration,
    /// Of a question about seeing the screen.
    pub surface: Surface,
}

/// The part of the screen that the technician sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Surface {
    /// Every monitor, one at a time.
    Desktop,
    Monitor(MonitorId),
    /// Nothing else of the monitor. A keyboard can't be kept to one window, so there is no control with it.
    Window(WindowId),
}

/// As the platform numbers them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowId(pub u64);

/// What the platform sees on the screen. Until it says what is there, the worst is taken to be.
pub enum Display {
    Monitors(Monitors),
    /// Where the agent's own windows are: nothing is done to them from afar.
    OwnWindows(Vec<Area>),
    /// One of the agent's own windows has the keyboard.
    OwnFocus(bool),
    /// Something of the agent's, or of the system, waits for the local person's word.
    Prompt(bool),
    /// A field for a password has the keyboard: what is copied meanwhile stays here.
    PasswordFocus(bool),
}

/// A rectangle of one monitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    pub monitor: MonitorId,
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

/// What came of what the owner was told to do.
pub enum Done {
    /// The local person picked this one.
    Picked {
        transfer: TransferId,
        name: FileName,
        size: u64,
        sha256: Digest,
    },
    /// Of the file that was picked, from the offset that was named.
    Read {
        transfer: TransferId,
        offset: u64,
        bytes: Chunk,
    },
    Scanned {
        transfer: TransferId,
        harmless: bool,
    },
    /// It could not be picked, made, written, read or kept.
    Failed(TransferId),
    Diagnosed(DiagnosticReport),
    /// What came of an [`Output::Raise`].
    Raised(Raising),
    /// Whether the computer comes back into the session after a restart.
    WayBack {
        is_laid: bool,
    },
}

/// One thing the owner must do, or the news that nothing is left to do.
#[derive(Clone, PartialEq, Eq)]
pub enum Output {
    /// Shows this question in place of any other. No is the default.
    Ask(Question),
    CloseQuestion,
    /// Shows on each monitor who is there, and what they may. Replaces the one before.
    Indicate(Indicator),
    HideIndicator,
    /// Tells the local person that it ends, unless something happens.
    WarnOfEnd {
        reason: EndReason,
        at: Instant,
    },
    /// Captures this, and nothing else, from here on.
    StartCapture(Capture),
    StopCapture,
    StartRecording,
    StopRecording,
    Inject(Injection),
    /// Lets go of every key and button that was ever pressed by an [`Output::Inject`].
    ReleaseAll,
    SetClipboard(ClipboardText),
    /// If it still holds what was put there.
    ClearClipboard,
    ShowChat(Words),
    File(FileWork),
    /// Collects the facts of the fixed list; they stay here until the local person has seen them.
    CollectDiagnostics,
    /// Asks the computer's own rules whether this is an administrator of it, and has a part with their rights stand by.
    Raise(Credential),
    /// That part is gone, with all that it laid.
    Lower,
    /// Lays what brings the computer back into this session after a restart; with [`EndReason::Restarting`] it restarts.
    LayWayBack,
    Say {
        to: ParticipantId,
        message: FromAgent,
    },
    Fact(Fact),
    /// The last but [`Output::Wait`]. Whatever is left of the session on the computer is removed.
    Ended(EndReason),
    /// Drained: call again after the next input, or at this time at the latest.
    Wait(Option<Instant>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capture {
    pub surface: Surface,
    /// Of a surface that has several.
    pub monitor: Option<MonitorId>,
}

/// What is done to the computer in the technician's name. Without `Debug`: passwords are typed.
#[derive(Clone, PartialEq, Eq)]
pub enum Injection {
    Move(Point),
    Press(Button),
    Release(Button),
    Wheel { up: i16, right: i16 },
    KeyDown(Key),
    KeyUp(Key),
    Text(TypedText),
}

/// Work on the one folder that files come into, or on the one file that the local person picked.
#[derive(Clone, PartialEq, Eq)]
pub enum FileWork {
    /// In the inbox, under a name of ours that no other file has; nothing is overwritten, nothing is run.
    Create {
        transfer: TransferId,
        name: String,
        size: u64,
    },
    Write {
        transfer: TransferId,
        offset: u64,
        bytes: Chunk,
    },
    /// It is whole: have it looked at.
    Scan(TransferId),
    /// It is the local person's from here on.
    Keep(TransferId),
    Discard(TransferId),
    /// Everything that is not kept.
    DiscardAll,
    /// The local person chooses one.
    Pick(TransferId),
    /// At most a chunk from here on.
    Read {
        transfer: TransferId,
        offset: u64,
    },
    Close(TransferId),
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            length: Duration::from_secs(30 * 60),
            surface: Surface::Desktop,
        }
    }
}

impl Area {
    pub(crate) fn contains(self, at: Point) -> bool {
        let spans = |from: u16, length: u16, at: u16| {
            at.checked_sub(from).is_some_and(|inside| inside < length)
        };
        at.monitor == self.monitor
            && spans(self.x, self.width, at.x)
            && spans(self.y, self.height, at.y)
    }
}
