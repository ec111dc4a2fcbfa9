//! What a viewer says about batches.

use conclave_protocol::remote::MonitorId;

use super::hash::FrameHash;
use super::wire::{Malformed, Reader, Writer};

/// To the agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FromViewer {
    Receipt(Receipt),
    /// Everything of this monitor has to come again.
    Resync(MonitorId),
    /// Whether the video that was offered of this monitor can be shown.
    Video {
        monitor: MonitorId,
        can: bool,
    },
}

/// A batch was applied, as far as it could be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub(super) monitor: MonitorId,
    pub(super) epoch: u32,
    pub(super) number: u32,
    /// Of the picture with it.
    pub(super) hash: FrameHash,
    /// The tiles, rising, that the viewer lacks what they build on.
    pub(super) refused: Vec<u16>,
}

impl FromViewer {
    pub fn monitor(&self) -> MonitorId {
        match self {
            Self::Receipt(receipt) => receipt.monitor,
            Self::Resync(monitor) => *monitor,
            Self::Video { monitor, .. } => *monitor,
        }
    }

    pub fn decode(bytes: &[u8]) -> Result<Self, Malformed> {
        let (kind, mut reader) = Reader::open(bytes)?;
        let message = match kind {
            RECEIPT => Self::Receipt(Receipt::read(&mut reader)?),
            RESYNC => Self::Resync(MonitorId(reader.u8()?)),
            VIDEO => Self::Video {
                monitor: MonitorId(reader.u8()?),
                can: match reader.u8()? {
                    0 => false,
                    1 => true,
                    _ => return Err(Malformed),
                },
            },
            _ => return Err(Malformed),
        };
        reader.close()?;
        Ok(message)
    }

    pub fn encode(&self) -> Vec<u8> {
        match self {
            Self::Receipt(receipt) => receipt.encode(),
            Self::Resync(monitor) => {
                let mut writer = Writer::open(RESYNC);
                writer.u8(monitor.0);
                writer.close()
            }
            Self::Video { monitor, can } => {
                let mut writer = Writer::open(VIDEO);
                writer.u8(monitor.0);
                writer.u8((*can).into());
                writer.close()
            }
        }
    }
}

impl Receipt {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let receipt = Self {
            monitor: MonitorId(reader.u8()?),
            epoch: reader.u32()?,
            number: reader.u32()?,
            hash: FrameHash(reader.u64()?),
            refused: read_refused(reader)?,
        };
        let rises = receipt.refused.is_sorted_by(|one, next| one < next);
        rises.then_some(receipt).ok_or(Malformed)
    }

    fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::open(RECEIPT);
        writer.u8(self.monitor.0);
        writer.u32(self.epoch);
        writer.u32(self.number);
        writer.u64(self.hash.0);
        writer.u16(self.refused.len() as u16);
        self.refused.iter().for_each(|tile| writer.u16(*tile));
        writer.close()
    }
}

/// Whether an epoch is earlier than another one. They go round, so that none is the last.
pub(super) fn is_before(epoch: u32, other: u32) -> bool {
    other.wrapping_sub(epoch).cast_signed() > 0
}

fn read_refused(reader: &mut Reader<'_>) -> Result<Vec<u16>, Malformed> {
    let count = reader.u16()?;
    (0..count).map(|_| reader.u16()).collect()
}

const RECEIPT: u8 = 16;
const RESYNC: u8 = 17;
const VIDEO: u8 = 18;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_read_as_they_were_written() {
        let receipt = receipt(vec![3, 4, 9_000]);
        for message in [
            FromViewer::Receipt(receipt),
            FromViewer::Resync(MonitorId(3)),
            FromViewer::Video {
                monitor: MonitorId(3),
                can: true,
            },
        ] {
            let bytes = message.encode();

            assert_eq!(FromViewer::decode(&bytes).as_ref(), Ok(&message));
            assert!((0..bytes.len()).all(|length| FromViewer::decode(&bytes[..length]).is_err()));
            assert!(FromViewer::decode(&[bytes.as_slice(), &[0]].concat()).is_err());
        }
    }

    #[test]
    fn a_video_can_be_shown_or_not() {
        let monitor = MonitorId(3);
        let mut bytes = FromViewer::Video { monitor, can: true }.encode();
        if let Some(last) = bytes.last_mut() {
            *last = 2;
        }

        assert_eq!(FromViewer::decode(&bytes), Err(Malformed));
    }

    #[test]
    fn refused_tiles_rise() {
        for refused in [vec![4, 3], vec![3, 3]] {
            let bytes = receipt(refused).encode();

            assert_eq!(FromViewer::decode(&bytes), Err(Malformed));
        }
    }

    #[test]
    fn no_epoch_is_the_last() {
        assert!(is_before(1, 2) && is_before(u32::MAX, 0));
        assert!(!is_before(2, 1) && !is_before(0, u32::MAX) && !is_before(5, 5));
        assert!(!is_before(0, 1 << 31) && !is_before(1 << 31, 0));
    }

    #[test]
    fn every_tile_can_be_refused() {
        let all = (0..16_384).collect();

        assert!(FromViewer::decode(&receipt(all).encode()).is_ok());
    }

    fn receipt(refused: Vec<u16>) -> Receipt {
        Receipt {
            monitor: MonitorId(1),
            epoch: 2,
            number: 3,
            hash: FrameHash(4),
            refused,
        }
    }
}
