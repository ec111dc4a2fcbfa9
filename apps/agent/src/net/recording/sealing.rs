//! Seals one recording to the key that the server named, piece after piece.

use conclave_client::e2ee::Seed;
use conclave_client::e2ee::recording::{Afterword, Binding, Sealer};
use conclave_client::protocol::recording::RecordingBegun;
use uuid::Uuid;

use super::pieces::Piece;

pub(super) struct Sealing {
    pub(super) recording: Uuid,
    /// Of the last piece that was sealed.
    number: u32,
    /// Until the last chunk.
    sealer: Option<Sealer>,
    pub(super) manifest: Option<Vec<u8>>,
    /// From then on, until it is taken.
    pub(super) afterword: Option<Afterword>,
}

impl Sealing {
    /// With the header, which is the first piece. `None`: the key is none.
    pub(super) fn begin(begun: &RecordingBegun, seed: Seed) -> Option<(Self, Piece)> {
        let binding = Binding {
            organisation: begun.organisation.0.into_bytes(),
            session: begun.session.0.into_bytes(),
            recording: begun.recording.into_bytes(),
        };
        let sealer = Sealer::begin(begun.public.as_bytes(), binding, seed)?;
        let header = Piece {
            number: 0,
            bytes: sealer.header().to_vec(),
        };
        let sealing = Self {
            recording: begun.recording,
            number: 0,
            sealer: Some(sealer),
            manifest: None,
            afterword: None,
        };
        Some((sealing, header))
    }

    /// The last chunk was sealed.
    pub(super) fn is_finished(&self) -> bool {
        self.sealer.is_none()
    }

    /// `None`: there is no place for it.
    pub(super) fn seal(&mut self, chunk: &[u8], is_last: bool) -> Option<Piece> {
        self.number += 1;
        let bytes = match is_last {
            true => self.finish(chunk)?,
            false => self.sealer.as_mut()?.seal(chunk).ok()?,
        };
        let number = self.number;
        Some(Piece { number, bytes })
    }

    fn finish(&mut self, chunk: &[u8]) -> Option<Vec<u8>> {
        let finished = self.sealer.take()?.finish(chunk).ok()?;
        self.manifest = Some(finished.manifest);
        self.afterword = Some(finished.afterword);
        Some(finished.last_chunk)
    }
}
