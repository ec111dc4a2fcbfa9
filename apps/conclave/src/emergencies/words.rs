//! What was said of a use: sealed beside the log, which keeps its hash.

use conclave_audit::{Code, Hex, Sealed};
use conclave_protocol::EmergencyUseId;
use conclave_protocol::personal::Words;
use sha2::{Digest, Sha256};

use crate::sealing::{Place, Sealing, Unopened};
use crate::secret::NoRandomness;

/// Whose words they are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum WordsOf {
    Holder,
    Reviewer,
}

/// A ciphertext, and what the entry says of it.
pub(crate) struct SealedWords {
    pub(crate) bytes: Vec<u8>,
    pub(crate) sealed: Sealed,
}

impl WordsOf {
    pub(crate) fn seal(
        self,
        sealing: &Sealing,
        id: EmergencyUseId,
        words: &Words,
    ) -> Result<SealedWords, NoRandomness> {
        let bytes = sealing.seal(words.as_str().as_bytes(), self.place(id))?;
        let sealed = Sealed {
            alg: Code::new("a256gcm"),
            // Each row has a key of its own, which goes with the row's ciphertext.
            kid: id.0,
            ct_hash: Hex(Sha256::digest(&bytes).into()),
        };
        Ok(SealedWords { bytes, sealed })
    }

    pub(crate) fn open(
        self,
        sealing: &Sealing,
        id: EmergencyUseId,
        sealed: &[u8],
    ) -> Result<Words, Unopened> {
        let opened = sealing.open(sealed, self.place(id))?;
        let text = std::str::from_utf8(&opened).map_err(|_| Unopened)?;
        Words::parse(text).map_err(|_| Unopened)
    }

    fn place(self, EmergencyUseId(row): EmergencyUseId) -> Place {
        let column = match self {
            Self::Holder => "emergency_use.words",
            Self::Reviewer => "emergency_use.note",
        };
        Place { column, row }
    }
}
