//! What the agent on a supported computer says.

use super::administrator::Raising;
use super::capability::{Answer, Capability};
use super::diagnostics::DiagnosticReport;
use super::ending::{EndReason, PauseReason};
use super::file::{Chunk, FileOffer, FileOutcome, TransferId};
use super::from_technician::words;
use super::input::Turn;
use super::screen::{MonitorId, Monitors};
use super::text::ClipboardText;
use super::wire::{Malformed, Reader, Writer};
use crate::personal::Words;

/// To the technician.
#[derive(Clone, PartialEq, Eq)]
pub enum FromAgent {
    Answer {
        to: Capability,
        answer: Answer,
    },
    /// It was permitted, and is no longer.
    Withdrawn(Capability),
    /// Input of this turn, from number 0 on, reaches the computer.
    ControlBegins(Turn),
    /// What is not done of this turn by now is not done any more.
    ControlEnds(Turn),
    /// Input is dropped meanwhile, and what was held is let go.
    Paused(PauseReason),
    Resumed,
    /// Those that the local person chose to show.
    Monitors(Monitors),
    /// This one is shown.
    Watching(MonitorId),
    Clipboard(ClipboardText),
    Chat(Words),
    /// The file that the local person picked.
    OfferFile(FileOffer),
    /// The piece that was fetched.
    Chunk {
        transfer: TransferId,
        offset: u64,
        bytes: Chunk,
    },
    /// Has what is before `offset`, and wants the piece from there.
    Fetch {
        transfer: TransferId,
        offset: u64,
    },
    FileEnded {
        transfer: TransferId,
        outcome: FileOutcome,
    },
    Diagnostics(DiagnosticReport),
    /// Whether the local person agreed to somebody else. If so, everything is asked anew.
    HandOver(bool),
    /// The receiver is the technician. Files are numbered from this one on.
    Leads(TransferId),
    /// Somebody else is the technician. Said again where what the receiver saw is over.
    Watches,
    /// Whether the local person can't be asked anything at this moment: a question stands, or stood a moment ago.
    Rests(bool),
    /// Unless, for [`EndReason::Idle`], the technician does something.
    EndsSoon {
        reason: EndReason,
        seconds: u32,
    },
    /// The last message, but for a restart that does not come: then [`EndReason::RestartRefused`] follows.
    Ended(EndReason),
    /// What came of [`Raise`](super::FromTechnician::Raise).
    Raised(Raising),
    /// The rights of an administrator are over.
    Lowered,
    /// The computer does not restart: the local person did not agree, or it can't.
    NoRestart,
}

impl FromAgent {
    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::open(bytes)?;
        let message = Self::read(&mut reader)?;
        reader.close()?;
        Ok(message)
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::open();
        self.write(&mut writer);
        writer.close()
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        match reader.u8()? {
            0 => Ok(Self::Answer {
                to: Capability::read(reader)?,
                answer: Answer::read(reader)?,
            }),
            1 => Capability::read(reader).map(Self::Withdrawn),
            2 => Turn::read(reader).map(Self::ControlBegins),
            3 => Turn::read(reader).map(Self::ControlEnds),
            4 => PauseReason::read(reader).map(Self::Paused),
            5 => Ok(Self::Resumed),
            6 => Monitors::read(reader).map(Self::Monitors),
            7 => MonitorId::read(reader).map(Self::Watching),
            8 => ClipboardText::read(reader).map(Self::Clipboard),
            9 => words(reader).map(Self::Chat),
            10 => FileOffer::read(reader).map(Self::OfferFile),
            11 => Ok(Self::Chunk {
                transfer: TransferId::read(reader)?,
                offset: reader.u64()?,
                bytes: Chunk::read(reader)?,
            }),
            12 => Ok(Self::Fetch {
                transfer: TransferId::read(reader)?,
                offset: reader.u64()?,
            }),
            13 => Ok(Self::FileEnded {
                transfer: TransferId::read(reader)?,
                outcome: FileOutcome::read(reader)?,
            }),
            14 => DiagnosticReport::read(reader).map(Self::Diagnostics),
            15 => Ok(Self::EndsSoon {
                reason: EndReason::read(reader)?,
                seconds: reader.u32()?,
            }),
            16 => EndReason::read(reader).map(Self::Ended),
            17 => reader.flag().map(Self::HandOver),
            18 => TransferId::read(reader).map(Self::Leads),
            19 => Ok(Self::Watches),
            20 => Raising::read(reader).map(Self::Raised),
            21 => Ok(Self::Lowered),
            22 => Ok(Self::NoRestart),
            23 => reader.flag().map(Self::Rests),
            _ => Err(Malformed),
        }
    }

    fn write(&self, writer: &mut Writer) {
        writer.u8(self.code());
        match self {
            Self::Answer { to, answer } => {
                to.write(writer);
                answer.write(writer);
            }
            Self::Withdrawn(capability) => capability.write(writer),
            Self::ControlBegins(turn) | Self::ControlEnds(turn) => turn.write(writer),
            Self::Paused(reason) => reason.write(writer),
            Self::Resumed | Self::Watches | Self::Lowered | Self::NoRestart => {}
            Self::Monitors(monitors) => monitors.write(writer),
            Self::Watching(monitor) => monitor.write(writer),
            Self::Clipboard(text) => text.write(writer),
            Self::Chat(words) => writer.text(words.as_str()),
            Self::OfferFile(offer) => offer.write(writer),
            Self::Chunk {
                transfer,
                offset,
                bytes,
            } => {
                transfer.write(writer);
                writer.u64(*offset);
                bytes.write(writer);
            }
            Self::Fetch { transfer, offset } => {
                transfer.write(writer);
                writer.u64(*offset);
            }
            Self::FileEnded { transfer, outcome } => {
                transfer.write(writer);
                outcome.write(writer);
            }
            Self::Diagnostics(report) => report.write(writer),
            Self::HandOver(flag) | Self::Rests(flag) => writer.flag(*flag),
            Self::Leads(transfer) => transfer.write(writer),
            Self::EndsSoon { reason, seconds } => {
                reason.write(writer);
                writer.u32(*seconds);
            }
            Self::Ended(reason) => reason.write(writer),
            Self::Raised(outcome) => outcome.write(writer),
        }
    }

    fn code(&self) -> u8 {
        match self {
            Self::Answer { .. } => 0,
            Self::Withdrawn(_) => 1,
            Self::ControlBegins(_) => 2,
            Self::ControlEnds(_) => 3,
            Self::Paused(_) => 4,
            Self::Resumed => 5,
            Self::Monitors(_) => 6,
            Self::Watching(_) => 7,
            Self::Clipboard(_) => 8,
            Self::Chat(_) => 9,
            Self::OfferFile(_) => 10,
            Self::Chunk { .. } => 11,
            Self::Fetch { .. } => 12,
            Self::FileEnded { .. } => 13,
            Self::Diagnostics(_) => 14,
            Self::EndsSoon { .. } => 15,
            Self::Ended(_) => 16,
            Self::HandOver(_) => 17,
            Self::Leads(_) => 18,
            Self::Watches => 19,
            Self::Raised(_) => 20,
            Self::Lowered => 21,
            Self::NoRestart => 22,
            Self::Rests(_) => 23,
        }
    }
}
