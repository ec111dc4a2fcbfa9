//! A sealed temporal unit of AV1: sequence headers, then one frame OBU that is none.
//!
//! Packetisers walk through the OBUs and drop some kinds; depacketisers write each one's size
//! anew. So what is sealed is what would have arrived: the kinds that travel, sizes in full.

use super::super::outgoing::Record;
use super::super::refusal::Unsealed;
use super::{Found, leb128};

pub(super) fn seal(frame: &[u8], record: Record<'_>, out: &mut Vec<u8>) -> Result<(), Unsealed> {
    let travelling = || Obus(frame).filter(|obu| obu.as_ref().is_none_or(Obu::travels));
    let mut plaintext = 0;
    let mut extension = None;
    for obu in travelling() {
        let obu = obu.ok_or(Unsealed::Malformed)?;
        plaintext += obu.length();
        if obu.kind() == SEQUENCE_HEADER {
            obu.write(out);
        } else {
            extension = extension.or(obu.extension);
        }
    }
    if plaintext == 0 {
        return Err(Unsealed::Malformed);
    }
    let length = record.length(plaintext);
    out.reserve(MAX_HEAD_BYTES + length);
    write_head(FRAME << 3, extension, length, out);
    record.write(&[], out, |out| {
        travelling().flatten().for_each(|obu| obu.write(out));
    })
}

pub(super) fn find(bytes: &[u8]) -> Option<Found<'_>> {
    for obu in Obus(bytes) {
        let obu = obu?;
        if obu.kind() == FRAME {
            return Some(Found {
                metadata: &[],
                record: obu.payload,
            });
        }
    }
    None
}

/// An open bitstream unit (AV1 specification, section 5.3).
struct Obu<'a> {
    header: u8,
    /// Temporal and spatial layer.
    extension: Option<u8>,
    payload: &'a [u8],
}

impl Obu<'_> {
    fn kind(&self) -> u8 {
        self.header >> 3 & 0x0f
    }

    /// Other kinds are not sent over RTP (RTP Payload Format For AV1, section 5).
    fn travels(&self) -> bool {
        !matches!(self.kind(), TEMPORAL_DELIMITER | TILE_LIST | PADDING)
    }

    fn length(&self) -> usize {
        let head = 1 + usize::from(self.extension.is_some());
        head + leb128::length(self.payload.len()) + self.payload.len()
    }

    fn write(&self, out: &mut Vec<u8>) {
        write_head(self.header, self.extension, self.payload.len(), out);
        out.extend_from_slice(self.payload);
    }
}

fn write_head(header: u8, extension: Option<u8>, length: usize, out: &mut Vec<u8>) {
    let header = header & !HAS_EXTENSION | HAS_SIZE;
    match extension {
        None => out.push(header),
        Some(extension) => out.extend([header | HAS_EXTENSION, extension]),
    }
    leb128::write(length, out);
}

/// The rest of a bitstream. Yields `None` once where it makes no sense, then nothing.
struct Obus<'a>(&'a [u8]);

impl<'a> Iterator for Obus<'a> {
    type Item = Option<Obu<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let mut rest = std::mem::take(&mut self.0);
        let obu = take(&mut rest);
        if obu.is_some() {
            self.0 = rest;
        }
        Some(obu)
    }
}

fn take<'a>(bytes: &mut &'a [u8]) -> Option<Obu<'a>> {
    let (header, mut rest) = bytes.split_first()?;
    let mut extension = None;
    if header & HAS_EXTENSION != 0 {
        let (byte, behind) = rest.split_first()?;
        (extension, rest) = (Some(*byte), behind);
    }
    let length = if header & HAS_SIZE != 0 {
        leb128::read(&mut rest)?
    } else {
        rest.len()
    };
    let (payload, behind) = rest.split_at_checked(length)?;
    *bytes = behind;
    Some(Obu {
        header: *header,
        extension,
        payload,
    })
}

const SEQUENCE_HEADER: u8 = 1;
const TEMPORAL_DELIMITER: u8 = 2;
const FRAME: u8 = 6;
const TILE_LIST: u8 = 8;
const PADDING: u8 = 15;

const HAS_EXTENSION: u8 = 0x04;
const HAS_SIZE: u8 = 0x02;
/// Header, extension, and a size of up to four bytes.
const MAX_HEAD_BYTES: usize = 6;
