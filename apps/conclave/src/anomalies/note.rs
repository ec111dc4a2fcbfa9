//! What a reviewer said of a finding: sealed beside the log, which keeps its hash.

use conclave_audit::{Code, Hex, Sealed};
use conclave_protocol::AnomalyId;
use conclave_protocol::personal::Words;
use sha2::{Digest, Sha256};

use crate::sealing::{Place, Sealing, Unopened};
use crate::secret::NoRandomness;

/// The ciphertext, and what the entry says of it.
pub(crate) fn seal(
    sealing: &Sealing,
    id: AnomalyId,
    words: &Words,
) -> Result<(Vec<u8>, Sealed), NoRandomness> {
    let bytes = sealing.seal(words.as_str().as_bytes(), place(id))?;
    let sealed = Sealed {
        alg: Code::new("a256gcm"),
        // Each row has a key of its own, which goes with the row's ciphertext.
        kid: id.0,
        ct_hash: Hex(Sha256::digest(&bytes).into()),
    };
    Ok((bytes, sealed))
}

pub(crate) fn open(sealing: &Sealing, id: AnomalyId, sealed: &[u8]) -> Result<Words, Unopened> {
    let opened = sealing.open(sealed, place(id))?;
    let text = std::str::from_utf8(&opened).map_err(|_| Unopened)?;
    Words::parse(text).map_err(|_| Unopened)
}

fn place(AnomalyId(row): AnomalyId) -> Place {
    let column = "anomaly.note";
    Place { column, row }
}
