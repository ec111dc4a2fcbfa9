//! Clear bytes, the record's length, the record: for codecs that nobody takes apart on the way.

use super::super::outgoing::Record;
use super::super::refusal::Unsealed;
use super::{Found, leb128};

pub(super) fn seal(
    clear: &[u8],
    plaintext: &[u8],
    record: Record<'_>,
    out: &mut Vec<u8>,
) -> Result<(), Unsealed> {
    let length = record.length(plaintext.len());
    out.reserve(clear.len() + leb128::length(length) + length);
    out.extend_from_slice(clear);
    leb128::write(length, out);
    record.write(clear, out, |out| out.extend_from_slice(plaintext))
}

pub(super) fn find<'a>(clear: &'a [u8], mut rest: &'a [u8]) -> Option<Found<'a>> {
    let length = leb128::read(&mut rest)?;
    let (record, _padding) = rest.split_at_checked(length)?;
    Some(Found {
        metadata: clear,
        record,
    })
}
