//! The bytes of a VP8 frame that depacketisers read (RFC 6386, section 9.1).

/// Splits off the frame tag, and in a key frame the start code and the picture's size.
///
/// `None` for a frame that is too short to have them. The first byte decides, and stays clear, so
/// a sealed frame splits where its frame did.
pub(super) fn split(frame: &[u8]) -> Option<(&[u8], &[u8])> {
    let is_key = frame.first()? & INVERSE_KEY_FRAME == 0;
    frame.split_at_checked(if is_key { KEY_BYTES } else { DELTA_BYTES })
}

const INVERSE_KEY_FRAME: u8 = 0x01;
const KEY_BYTES: usize = 10;
const DELTA_BYTES: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_frame_shows_its_size_and_others_their_tag() {
        let key = [0x10; 40];
        let delta = [0x11; 40];

        assert_eq!(split(&key).unwrap().0.len(), 10);
        assert_eq!(split(&delta).unwrap().0.len(), 3);
    }

    #[test]
    fn a_frame_that_ends_within_its_header_is_none() {
        assert!(split(&[]).is_none());
        assert!(split(&[0x10; 9]).is_none());
        assert!(split(&[0x11; 2]).is_none());
    }
}
