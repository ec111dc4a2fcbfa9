//! Whether what is kept of a recording is what came: by the hashes that were made as it came.
//!
//! # Security
//! The server has no key to it, so that it can't tell whether it opens. Whoever changes pieces and all their hashes is found by
//! the chain in the audit log, and by whoever has the key.

use conclave_audit::Code;
use conclave_protocol::recording::RecordedFeedback;
use conclave_store::PieceChain;
use conclave_store::read::recording::{KeptPiece, Recording};
use sha2::{Digest, Sha256};

/// Of one recording, piece after piece.
#[derive(Default)]
pub(crate) struct Check(Option<PieceChain>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Damage {
    PieceMissing,
    PieceChanged,
    /// Each piece is as it came, and all of them are not.
    OthersKept,
    FeedbackChanged,
}

impl Damage {
    pub(crate) fn code(self) -> Code {
        Code::new(match self {
            Self::PieceMissing => "piece_missing",
            Self::PieceChanged => "piece_changed",
            Self::OthersKept => "others_kept",
            Self::FeedbackChanged => "feedback_changed",
        })
    }
}

impl Check {
    /// The next one, as it is kept.
    pub(crate) fn piece(&mut self, kept: Option<&KeptPiece>) -> Result<(), Damage> {
        let kept = kept.ok_or(Damage::PieceMissing)?;
        if digest(&kept.content) != kept.sha256 {
            return Err(Damage::PieceChanged);
        }
        self.0 = Some(match self.0 {
            Some(chain) => chain.with(kept.sha256),
            None => PieceChain::begin(&kept.content),
        });
        Ok(())
    }

    /// After all of them.
    pub(crate) fn end(self, recording: &Recording) -> Result<(), Damage> {
        if self.0.map(|PieceChain(chain)| chain) != recording.chain {
            return Err(Damage::OthersKept);
        }
        let is_as_it_came = match &recording.feedback {
            Some(feedback) => recording.feedback_sha256 == Some(digest(feedback)),
            None => {
                let came = recording.feedback_state == RecordedFeedback::Kept;
                !came && recording.feedback_sha256.is_none()
            }
        };
        is_as_it_came.then_some(()).ok_or(Damage::FeedbackChanged)
    }
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

#[cfg(test)]
mod tests {
    use conclave_protocol::personal::DisplayName;
    use conclave_protocol::{OrganisationId, SupportSessionId, Timestamp};
    use uuid::Uuid;

    use super::*;

    fn piece(content: &[u8]) -> KeptPiece {
        KeptPiece {
            sha256: digest(content),
            content: content.to_vec(),
        }
    }

    /// Of two pieces, with feedback.
    fn recording() -> Recording {
        let id = Uuid::from_u128(1);
        let at = Timestamp::from_micros(1);
        let PieceChain(chain) = PieceChain::begin(b"header").with(digest(b"chunk"));
        Recording {
            id,
            organisation: OrganisationId(id),
            session: SupportSessionId(id),
            technician_name: DisplayName::parse("Amy").unwrap(),
            device: None,
            device_name: None,
            key: id,
            begun_at: at,
            next: 2,
            bytes: 11,
            chain: Some(chain),
            ended_at: Some(at),
            manifest: None,
            feedback: Some(b"sealed".to_vec()),
            feedback_sha256: Some(digest(b"sealed")),
            feedback_state: RecordedFeedback::Kept,
            damaged_at: None,
            keep_until: Some(at),
            deleted_at: None,
        }
    }

    fn found(recording: &Recording, pieces: &[Option<KeptPiece>]) -> Result<(), Damage> {
        let mut check = Check::default();
        for piece in pieces {
            check.piece(piece.as_ref())?;
        }
        check.end(recording)
    }

    // Shows: REQ-IN-08.
    #[test]
    fn what_is_kept_as_it_came_is_sound_and_whatever_was_done_to_it_is_found() {
        let sound = || [Some(piece(b"header")), Some(piece(b"chunk"))];
        assert_eq!(found(&recording(), &sound()), Ok(()));

        let mut flipped = piece(b"chunk");
        flipped.content[0] ^= 1;
        let changed = [Some(piece(b"header")), Some(flipped)];
        assert_eq!(found(&recording(), &changed), Err(Damage::PieceChanged));
        let missing = [Some(piece(b"header")), None];
        assert_eq!(found(&recording(), &missing), Err(Damage::PieceMissing));
        let other = [Some(piece(b"header")), Some(piece(b"other"))];
        assert_eq!(found(&recording(), &other), Err(Damage::OthersKept));
        let mut judged = recording();
        judged.feedback = Some(b"better".to_vec());
        assert_eq!(found(&judged, &sound()), Err(Damage::FeedbackChanged));
        judged.feedback = None;
        assert_eq!(found(&judged, &sound()), Err(Damage::FeedbackChanged));
        judged.feedback_sha256 = None;
        assert_eq!(found(&judged, &sound()), Err(Damage::FeedbackChanged));
    }

    #[test]
    fn of_one_that_nothing_came_of_there_is_nothing_to_find() {
        let mut empty = recording();
        (empty.chain, empty.feedback, empty.feedback_sha256) = (None, None, None);
        empty.feedback_state = RecordedFeedback::Missing;

        assert_eq!(found(&empty, &[]), Ok(()));
    }
}
