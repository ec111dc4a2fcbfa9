//! A sealed access unit of H264: parameter sets, then one slice that is none (H.264, annex B).
//!
//! Depacketisers ask which parameter sets an access unit has, whether its slice is of an
//! instantaneous refresh, and which picture parameter set the slice names; one that they have not
//! seen makes them drop it. So the slice begins as the frame's first one does, up to there.

use super::super::outgoing::Record;
use super::super::refusal::Unsealed;
use super::Found;

mod escape;
mod slice;

use escape::{escape, find_zeros, unescape};
use slice::Slice;

pub(super) fn seal(frame: &[u8], record: Record<'_>, out: &mut Vec<u8>) -> Result<(), Unsealed> {
    let slice = units(frame)
        .inspect(|unit| copy_parameter_set(unit, out))
        .find_map(Slice::read)
        .ok_or(Unsealed::Malformed)?;
    out.reserve(MAX_SLICE_BYTES + record.length(frame.len()));
    out.extend_from_slice(&START_CODE);
    let start = out.len();
    slice.write(out);
    record.write(&[], out, |out| out.extend_from_slice(frame))?;
    escape(out, start);
    out.push(STOP);
    Ok(())
}

pub(super) fn find<'a>(bytes: &[u8], scratch: &'a mut Vec<u8>) -> Option<Found<'a>> {
    let unit = units(bytes).find(|unit| slice::is_slice(unit))?;
    unescape(bounded(unit).strip_suffix(&[STOP])?, scratch);
    let record = Slice::skip(scratch)?;
    Some(Found {
        metadata: &[],
        record,
    })
}

fn copy_parameter_set(unit: &[u8], out: &mut Vec<u8>) {
    if unit.first().is_some_and(|header| is_parameter_set(*header)) {
        out.extend_from_slice(&START_CODE);
        out.extend_from_slice(bounded(unit));
    }
}

fn is_parameter_set(header: u8) -> bool {
    matches!(header & UNIT_TYPE, 7 | 8)
}

/// What follows each start code, up to the stream's end: mostly only the first bytes are asked
/// for, and finding a unit's end costs reading it.
fn units(stream: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::successors(behind_start_code(stream), |unit| behind_start_code(unit))
}

fn behind_start_code(mut stream: &[u8]) -> Option<&[u8]> {
    loop {
        let zeros = stream.get(find_zeros(stream, 1)?..)?;
        let end = zeros.iter().position(|byte| *byte != 0)?;
        let (ended_by, rest) = zeros.get(end..)?.split_first()?;
        if *ended_by == 1 {
            return Some(rest);
        }
        stream = rest;
    }
}

/// The unit up to the next start code, without zeros behind it.
fn bounded(unit: &[u8]) -> &[u8] {
    let end = find_zeros(unit, 1).unwrap_or(unit.len());
    let unit = unit.get(..end).unwrap_or(unit);
    let zeros = unit.iter().rev().take_while(|byte| **byte == 0).count();
    unit.get(..unit.len() - zeros).unwrap_or(unit)
}

const START_CODE: [u8; 4] = [0, 0, 0, 1];
const UNIT_TYPE: u8 = 0x1f;
/// A unit never ends in zero; the bit that says where its content ends is the last byte here.
const STOP: u8 = 0x80;
/// Start code, unit header, slice header, stop.
const MAX_SLICE_BYTES: usize = 4 + 1 + 4 + 1;
