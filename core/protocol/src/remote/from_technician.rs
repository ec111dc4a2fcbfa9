//! What a technician's page says.

use uuid::Uuid;

use super::administrator::Credential;
use super::capability::Capability;
use super::file::{Chunk, FileOffer, TransferId};
use super::input::{InputEvent, Turn};
use super::screen::MonitorId;
use super::text::ClipboardText;
use super::wire::{Malformed, Reader, Writer};
use crate::ParticipantId;
use crate::personal::Words;

/// To the agent.
#[derive(Clone, PartialEq, Eq)]
pub enum FromTechnician {
    /// Wants the local person to be asked. Files and diagnostics ask by themselves.
    Ask(Capability),
    /// Gives back what was permitted.
    GiveBack(Capability),
    /// The numbers of a turn rise by one, from 0 on. What is down is let go where ten seconds bring none.
    Input {
        turn: Turn,
        number: u32,
        event: InputEvent,
    },
    /// Wants to see this monitor, of those that the local person chose.
    Watch(MonitorId),
    Clipboard(ClipboardText),
    Chat(Words),
    OfferFile(FileOffer),
    /// The next piece of a file that was offered.
    Chunk {
        transfer: TransferId,
        offset: u64,
        bytes: Chunk,
    },
    /// Wants a file that the local person picks.
    AskFile(TransferId),
    /// Has what is before `offset`, and wants the piece from there; again, where none comes.
    Fetch {
        transfer: TransferId,
        offset: u64,
    },
    CancelFile(TransferId),
    AskDiagnostics,
    /// Wants somebody to go on in their stead whom the local person has let watch.
    HandOver(ParticipantId),
    /// Is still there, though there is nothing to do.
    StillHere,
    Leave,
    /// Of everybody who is in the room, again until it is answered: who is the computer, and who leads?
    Hello,
    /// Is an administrator of the computer, as its own rules are to say.
    Raise(Credential),
    /// Wants the local person to be asked whether the computer may restart.
    Restart,
}

impl FromTechnician {
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
            0 => Capability::read(reader).map(Self::Ask),
            1 => Capability::read(reader).map(Self::GiveBack),
            2 => Ok(Self::Input {
                turn: Turn::read(reader)?,
                number: reader.u32()?,
                event: InputEvent::read(reader)?,
            }),
            3 => MonitorId::read(reader).map(Self::Watch),
            4 => ClipboardText::read(reader).map(Self::Clipboard),
            5 => words(reader).map(Self::Chat),
            6 => FileOffer::read(reader).map(Self::OfferFile),
            7 => Ok(Self::Chunk {
                transfer: TransferId::read(reader)?,
                offset: reader.u64()?,
                bytes: Chunk::read(reader)?,
            }),
            8 => TransferId::read(reader).map(Self::AskFile),
            9 => Ok(Self::Fetch {
                transfer: TransferId::read(reader)?,
                offset: reader.u64()?,
            }),
            10 => TransferId::read(reader).map(Self::CancelFile),
            11 => Ok(Self::AskDiagnostics),
            12 => participant(reader).map(Self::HandOver),
            13 => Ok(Self::StillHere),
            14 => Ok(Self::Leave),
            15 => Ok(Self::Hello),
            16 => Credential::read(reader).map(Self::Raise),
            17 => Ok(Self::Restart),
            _ => Err(Malformed),
        }
    }

    fn write(&self, writer: &mut Writer) {
        writer.u8(self.code());
        match self {
            Self::Ask(capability) | Self::GiveBack(capability) => capability.write(writer),
            Self::Input {
                turn,
                number,
                event,
            } => {
                turn.write(writer);
                writer.u32(*number);
                event.write(writer);
            }
            Self::Watch(monitor) => monitor.write(writer),
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
            Self::AskFile(transfer) | Self::CancelFile(transfer) => transfer.write(writer),
            Self::Fetch { transfer, offset } => {
                transfer.write(writer);
                writer.u64(*offset);
            }
            Self::HandOver(participant) => writer.array(*participant.0.as_bytes()),
            Self::Raise(credential) => credential.write(writer),
            Self::AskDiagnostics | Self::StillHere | Self::Leave | Self::Hello | Self::Restart => {}
        }
    }

    fn code(&self) -> u8 {
        match self {
            Self::Ask(_) => 0,
            Self::GiveBack(_) => 1,
            Self::Input { .. } => 2,
            Self::Watch(_) => 3,
            Self::Clipboard(_) => 4,
            Self::Chat(_) => 5,
            Self::OfferFile(_) => 6,
            Self::Chunk { .. } => 7,
            Self::AskFile(_) => 8,
            Self::Fetch { .. } => 9,
            Self::CancelFile(_) => 10,
            Self::AskDiagnostics => 11,
            Self::HandOver(_) => 12,
            Self::StillHere => 13,
            Self::Leave => 14,
            Self::Hello => 15,
            Self::Raise(_) => 16,
            Self::Restart => 17,
        }
    }
}

/// As they are kept: what would be trimmed is another form of the same message.
pub(super) fn words(reader: &mut Reader<'_>) -> Result<Words, Malformed> {
    let text = reader.text()?;
    let words = Words::parse(text).map_err(|_| Malformed)?;
    (words.as_str() == text).then_some(words).ok_or(Malformed)
}

fn participant(reader: &mut Reader<'_>) -> Result<ParticipantId, Malformed> {
    reader.array().map(Uuid::from_bytes).map(ParticipantId)
}
