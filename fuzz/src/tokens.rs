//! What clients show: tokens of developers' keys, and tickets in the same form.

use std::time::{Duration, SystemTime};

use conclave_livekit::token;

/// A token that verifies says the same after it was signed again.
pub(crate) fn token(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = token::issuer(&text);
    let now = SystemTime::UNIX_EPOCH + NOW;
    let Ok(claims) = token::verify(&text, SECRET, now) else {
        return;
    };
    let again = token::sign(&claims, SECRET).and_then(|again| token::verify(&again, SECRET, now));
    assert!(again.is_ok_and(|again| again.identity == claims.identity && again.id == claims.id));
}

const SECRET: &[u8] = b"secret";
/// Inside of what the corpus is valid for.
const NOW: Duration = Duration::from_secs(1_795_336_200);
