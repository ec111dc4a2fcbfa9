//! What was said of a complaint: sealed beside the log, which keeps its hash.

use conclave_audit::{Code, Hex, Sealed};
use conclave_protocol::personal::Words;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::sealing::{Place, Sealing, Unopened};
use crate::secret::NoRandomness;

/// Whose words they are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ComplaintWordsOf {
    /// Of whoever sent it, as somebody entered them.
    Sender,
    /// Of whoever closed it.
    Closer,
}

impl ComplaintWordsOf {
    /// A ciphertext, and what the entry says of it.
    pub(crate) fn seal(
        self,
        sealing: &Sealing,
        id: Uuid,
        words: &Words,
    ) -> Result<(Vec<u8>, Sealed), NoRandomness> {
        let bytes = sealing.seal(words.as_str().as_bytes(), self.place(id))?;
        let sealed = Sealed {
            alg: Code::new("a256gcm"),
            // Each row has a key of its own, which goes with the row's ciphertext.
            kid: id,
            ct_hash: Hex(Sha256::digest(&bytes).into()),
        };
        Ok((bytes, sealed))
    }

    pub(crate) fn open(
        self,
        sealing: &Sealing,
        id: Uuid,
        sealed: &[u8],
    ) -> Result<Words, Unopened> {
        let opened = sealing.open(sealed, self.place(id))?;
        let text = std::str::from_utf8(&opened).map_err(|_| Unopened)?;
        Words::parse(text).map_err(|_| Unopened)
    }

    fn place(self, row: Uuid) -> Place {
        let column = match self {
            Self::Sender => "complaint.words",
            Self::Closer => "complaint.note",
        };
        Place { column, row }
    }
}
