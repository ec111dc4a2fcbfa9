//! Fresh codes for meetings.

use conclave_protocol::meeting::MeetingCode;

use crate::secret::{self, NoRandomness};

/// A code that tells nothing about the one before. Values that would favour some codes are drawn again.
pub(crate) fn draw() -> Result<MeetingCode, NoRandomness> {
    loop {
        let number = u32::from_le_bytes(secret::random()?) >> SPARE_BITS;
        if let Some(code) = MeetingCode::from_number(number) {
            return Ok(code);
        }
    }
}

/// 30 bits hold 10⁹ with little left over.
const SPARE_BITS: u32 = 2;
