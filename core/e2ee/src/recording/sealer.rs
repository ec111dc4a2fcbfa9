//! Where a recording is made: one chunk after the other, and no way back.

use zeroize::Zeroizing;

use super::header;
use super::stream::{Binding, Chain, Keys, Manifest, Place};
use super::{MOST_AFTERWORD_BYTES, MOST_CHUNKS, MOST_PLAIN_BYTES};
use crate::provider::{Entropy, Seed};

/// Of one recording. Has no printable form.
pub struct Sealer {
    keys: Keys,
    header: Vec<u8>,
    chain: Chain,
    /// That were sealed.
    chunks: u32,
}

/// How a recording ends.
pub struct Finished {
    pub last_chunk: Vec<u8>,
    pub manifest: Vec<u8>,
    /// With the last.
    pub chunks: u32,
    pub afterword: Afterword,
}

/// Seals what is said of a recording that is over. Has no printable form.
pub struct Afterword(Keys);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSealed {
    #[error("a chunk has {MOST_PLAIN_BYTES} bytes at the most")]
    TooLarge,
    #[error("a recording has {MOST_CHUNKS} chunks at the most")]
    Full,
}

impl Afterword {
    /// A recording has one. `None` where it is too long.
    pub fn seal(self, plaintext: &[u8]) -> Option<Vec<u8>> {
        let sealed = self.0.seal_afterword(plaintext);
        (sealed.len() <= MOST_AFTERWORD_BYTES).then_some(sealed)
    }
}

impl Sealer {
    /// `None` where `public` is no recording key. A seed is for one recording.
    pub fn begin(public: &[u8], binding: Binding, seed: Seed) -> Option<Self> {
        let key = Zeroizing::new(Entropy::new(seed).bytes::<32>());
        let header = header::seal(public, &binding, &key)?;
        Some(Self {
            keys: Keys::of(&key, binding),
            chain: Chain::begin(&header),
            header,
            chunks: 0,
        })
    }

    /// Comes before all chunks.
    #[must_use]
    pub fn header(&self) -> &[u8] {
        &self.header
    }

    /// The next chunk, after which there is another.
    pub fn seal(&mut self, plaintext: &[u8]) -> Result<Vec<u8>, NotSealed> {
        // There is always a place for the last.
        if self.chunks + 1 >= MOST_CHUNKS {
            return Err(NotSealed::Full);
        }
        self.next(plaintext, false)
    }

    /// The last chunk, which may be empty.
    pub fn finish(mut self, plaintext: &[u8]) -> Result<Finished, NotSealed> {
        let last_chunk = self.next(plaintext, true)?;
        let manifest = Manifest {
            chunks: self.chunks,
            chain: self.chain,
        };
        Ok(Finished {
            last_chunk,
            manifest: self.keys.sign(manifest),
            chunks: self.chunks,
            afterword: Afterword(self.keys),
        })
    }

    fn next(&mut self, plaintext: &[u8], is_last: bool) -> Result<Vec<u8>, NotSealed> {
        if plaintext.len() > MOST_PLAIN_BYTES {
            return Err(NotSealed::TooLarge);
        }
        self.chunks += 1;
        let place = Place {
            number: self.chunks,
            is_last,
        };
        let sealed = self.keys.seal(place, plaintext);
        self.chain.add(&sealed);
        Ok(sealed)
    }
}
