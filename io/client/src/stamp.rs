//! What a made-up frame says about itself, so that its receiver can judge it.
//!
//! A frame is its codec's own header, then the stamp, then filler that the checksum covers.

use std::time::Duration;

/// Written into each made-up frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) layer: u8,
    /// Counts per layer, from 0.
    pub(crate) number: u32,
    /// Since the sender's epoch.
    pub(crate) sent: Duration,
}

/// What a frame turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Intact(Stamp),
    /// It claims to be ours, and is not what was sent.
    Corrupt,
    /// Of another kind of client.
    Foreign,
}

/// In bytes.
pub(crate) const LENGTH: usize = 33;

const MAGIC: [u8; 8] = *b"conclave";

impl Stamp {
    /// Appends the stamp and filler, so that they have `length` bytes, or [`LENGTH`] if that is more.
    pub(crate) fn write(&self, frame: &mut Vec<u8>, length: usize) {
        let length = length.max(LENGTH);
        let filler = filler(self.number, length - LENGTH);
        let sent = u64::try_from(self.sent.as_micros()).unwrap_or(u64::MAX);
        let head = self.head(sent, length);
        frame.extend(MAGIC);
        frame.extend(head);
        frame.extend((checksum(&head) ^ checksum(&filler)).to_be_bytes());
        frame.extend(filler);
    }

    fn head(&self, sent: u64, length: usize) -> [u8; 17] {
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        let mut head = [0; 17];
        let parts = [self.layer]
            .into_iter()
            .chain(self.number.to_be_bytes())
            .chain(sent.to_be_bytes())
            .chain(length.to_be_bytes());
        for (byte, part) in head.iter_mut().zip(parts) {
            *byte = part;
        }
        head
    }

    /// Reads what follows the codec's header.
    pub(crate) fn read(body: &[u8]) -> Verdict {
        let Some(rest) = body.strip_prefix(&MAGIC) else {
            return Verdict::Foreign;
        };
        Self::check(rest, body.len()).map_or(Verdict::Corrupt, Verdict::Intact)
    }

    fn check(rest: &[u8], length: usize) -> Option<Self> {
        let (head, rest) = rest.split_first_chunk::<17>()?;
        let (sum, filler) = rest.split_first_chunk::<8>()?;
        let (layer, fields) = head.split_first()?;
        let (number, fields) = fields.split_first_chunk::<4>()?;
        let (sent, fields) = fields.split_first_chunk::<8>()?;
        let claimed = u32::from_be_bytes(*fields.first_chunk::<4>()?);
        let intact = usize::try_from(claimed).ok()? == length
            && u64::from_be_bytes(*sum) == checksum(head) ^ checksum(filler);
        intact.then_some(Self {
            layer: *layer,
            number: u32::from_be_bytes(*number),
            sent: Duration::from_micros(u64::from_be_bytes(*sent)),
        })
    }
}

/// Bytes that differ from frame to frame, and look like a codec's: without long runs.
fn filler(number: u32, length: usize) -> Vec<u8> {
    let mut state = u64::from(number).wrapping_mul(MIX) | 1;
    let words = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    });
    let mut filler: Vec<u8> = words
        .take(length.div_ceil(8))
        .flat_map(u64::to_be_bytes)
        .collect();
    filler.truncate(length);
    filler
}

/// Finds accidents, not adversaries: SRTP is against those.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.chunks(8).fold(bytes.len() as u64, |sum, chunk| {
        let mut word = [0; 8];
        word.iter_mut()
            .zip(chunk)
            .for_each(|(to, from)| *to = *from);
        (sum.rotate_left(5) ^ u64::from_be_bytes(word)).wrapping_mul(MIX)
    })
}

/// An odd number without a pattern: 2^64 divided by the golden ratio.
const MIX: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::*;

    const STAMP: Stamp = Stamp {
        layer: 2,
        number: 77,
        sent: Duration::from_micros(123_456_789),
    };

    #[test]
    fn a_stamp_is_read_back_at_any_length() {
        for length in [0, LENGTH, LENGTH + 1, 5000] {
            let mut frame = Vec::new();
            STAMP.write(&mut frame, length);

            assert_eq!(frame.len(), length.max(LENGTH));
            assert_eq!(Stamp::read(&frame), Verdict::Intact(STAMP));
        }
    }

    #[test]
    fn any_changed_byte_and_any_cut_is_noticed() {
        let mut frame = Vec::new();
        STAMP.write(&mut frame, 100);
        for index in MAGIC.len()..frame.len() {
            let mut changed = frame.clone();
            changed[index] ^= 1;
            assert_eq!(Stamp::read(&changed), Verdict::Corrupt, "byte {index}");
            assert_eq!(
                Stamp::read(&frame[..index]),
                Verdict::Corrupt,
                "cut at {index}"
            );
        }
    }

    #[test]
    fn other_clients_frames_are_foreign() {
        assert_eq!(Stamp::read(b""), Verdict::Foreign);
        assert_eq!(Stamp::read(&[0; 200]), Verdict::Foreign);
    }
}
