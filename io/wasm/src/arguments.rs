//! What JavaScript passes, as the types that it stands for.

use std::time::Duration;

use conclave_e2ee::Seed;
use conclave_e2ee::identity::{AccountId, ParticipantId};
use conclave_e2ee::meeting::GroupId;
use conclave_e2ee::session::Refused;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsError};

use crate::refused;

pub(crate) fn fixed<const N: usize>(bytes: &[u8]) -> Result<[u8; N], JsError> {
    let fixed = bytes.try_into();
    fixed.map_err(|_| refused(&format!("{} bytes where {N} belong", bytes.len())))
}

pub(crate) fn participant(bytes: &[u8]) -> Result<ParticipantId, JsError> {
    fixed(bytes).map(ParticipantId)
}

pub(crate) fn account(bytes: &[u8]) -> Result<AccountId, JsError> {
    fixed(bytes).map(AccountId)
}

pub(crate) fn group(bytes: &[u8]) -> Result<GroupId, JsError> {
    fixed(bytes).map(GroupId)
}

/// 32 bytes of `crypto.getRandomValues`.
pub(crate) fn seed(bytes: &[u8]) -> Result<Seed, JsError> {
    fixed(bytes).map(|seed| Seed(seed.into()))
}

/// Milliseconds since 1970, as JavaScript counts them. What is no time is the beginning.
pub(crate) fn time(milliseconds: f64) -> Duration {
    Duration::from_micros((milliseconds * 1000.0) as u64)
}

/// Seconds since 1970. What is no time is the beginning.
pub(crate) fn seconds(seconds: f64) -> u64 {
    seconds as u64
}

pub(crate) fn byte_strings(array: &Array) -> Result<Vec<Vec<u8>>, JsError> {
    let strings = array.iter().map(|item| {
        let bytes = item.dyn_into::<Uint8Array>();
        bytes.map(|bytes| bytes.to_vec())
    });
    strings
        .collect::<Result<_, _>>()
        .map_err(|_| refused("something else where bytes belong"))
}

pub(crate) fn reason(word: &str) -> Result<Refused, JsError> {
    Ok(match word {
        "no_slot" => Refused::NoSlot,
        "stale" => Refused::Stale,
        "throttled" => Refused::Throttled,
        "malformed" => Refused::Malformed,
        "too_large" => Refused::TooLarge,
        "full" => Refused::Full,
        "not_required" => Refused::NotRequired,
        _ => return Err(refused("an unknown reason")),
    })
}
