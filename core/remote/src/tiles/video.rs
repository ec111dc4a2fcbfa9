//! What both sides say of the video that shows what moves in the tiles' stead.

use conclave_protocol::remote::MonitorId;

use super::wire::{Malformed, Reader, Writer};

/// To the viewer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VideoMessage {
    pub monitor: MonitorId,
    pub turn: VideoTurn,
    pub codec: VideoCodec,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VideoTurn {
    /// There may be one, where the viewer says that it can show it.
    Offered,
    /// No batch follows until it is over.
    Begins,
    Ends,
}

/// By the number that a track's seal has for it; a viewer shows none that it does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VideoCodec(pub u8);

impl VideoCodec {
    pub const VP9: Self = Self(2);
}

impl VideoMessage {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            monitor: MonitorId(reader.u8()?),
            turn: match reader.u8()? {
                OFFERED => VideoTurn::Offered,
                BEGINS => VideoTurn::Begins,
                ENDS => VideoTurn::Ends,
                _ => return Err(Malformed),
            },
            codec: VideoCodec(reader.u8()?),
        })
    }

    pub fn encode(self) -> Vec<u8> {
        let mut writer = Writer::open(KIND);
        writer.u8(self.monitor.0);
        writer.u8(match self.turn {
            VideoTurn::Offered => OFFERED,
            VideoTurn::Begins => BEGINS,
            VideoTurn::Ends => ENDS,
        });
        writer.u8(self.codec.0);
        writer.close()
    }
}

/// Of the message.
pub(super) const KIND: u8 = 4;
const OFFERED: u8 = 0;
const BEGINS: u8 = 1;
const ENDS: u8 = 2;

#[cfg(test)]
mod tests {
    use super::super::decoder::{Decoder, Received};
    use super::*;

    #[test]
    fn messages_are_read_as_they_were_written() {
        for turn in [VideoTurn::Offered, VideoTurn::Begins, VideoTurn::Ends] {
            let message = VideoMessage {
                monitor: MonitorId(3),
                turn,
                codec: VideoCodec::VP9,
            };
            let bytes = message.encode();
            let read = |bytes: &[u8]| Decoder::new().receive(bytes);

            assert_eq!(read(&bytes), Ok(Received::Video(message)));
            assert!((0..bytes.len()).all(|length| read(&bytes[..length]).is_err()));
            assert!(read(&[bytes.as_slice(), &[0]].concat()).is_err());
        }
    }

    #[test]
    fn what_is_no_turn_is_no_message() {
        let mut writer = Writer::open(KIND);
        [0, 3, 2].iter().for_each(|field| writer.u8(*field));

        assert_eq!(Decoder::new().receive(&writer.close()), Err(Malformed));
    }
}
