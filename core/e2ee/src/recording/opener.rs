//! Where a recording is seen again: in its order, as far as it is what was sealed.

use super::header;
use super::stream::{Binding, Chain, Keys, Manifest, Place};
use super::{MOST_AFTERWORD_BYTES, MOST_CHUNK_BYTES, RecordingKeys};

/// Of one recording. Has no printable form.
pub struct Opener {
    keys: Keys,
    manifest: Option<Manifest>,
    chain: Chain,
    /// That were opened.
    chunks: u32,
    /// The last of them was.
    is_over: bool,
}

/// Why something is not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("it is sealed to another key, or belongs to another recording")]
    NotOurs,
    #[error("what is said of all chunks was changed")]
    Manifest,
    #[error("the chunk was changed, or belongs elsewhere")]
    Chunk,
    #[error("chunks are missing")]
    Missing,
    #[error("what was said afterwards was changed, or belongs elsewhere")]
    Afterword,
}

/// Of what was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wholeness {
    /// Nothing is missing, and nothing was changed.
    Whole,
    /// What there is was not changed. It was never finished, so nobody can say what else there was.
    Unfinished,
}

impl Opener {
    /// `manifest`: of a recording that was finished.
    pub fn begin(
        keys: &RecordingKeys,
        binding: Binding,
        header: &[u8],
        manifest: Option<&[u8]>,
    ) -> Result<Self, Broken> {
        let key = header::open(&keys.pair, &binding, header).ok_or(Broken::NotOurs)?;
        let keys = Keys::of(&key, binding);
        let verified = |bytes| keys.verified(bytes).ok_or(Broken::Manifest);
        let manifest = manifest.map(verified).transpose()?;
        Ok(Self {
            keys,
            manifest,
            chain: Chain::begin(header),
            chunks: 0,
            is_over: false,
        })
    }

    /// The next chunk. After one that does not open, the same place is asked for again.
    pub fn open(&mut self, sealed: &[u8]) -> Result<Vec<u8>, Broken> {
        let fits = sealed.len() <= MOST_CHUNK_BYTES && !self.is_over;
        fits.then_some(()).ok_or(Broken::Chunk)?;
        let number = self.chunks + 1;
        let attempts = match self.manifest {
            Some(manifest) => vec![number == manifest.chunks],
            None => vec![false, true],
        };
        let opened = attempts.into_iter().find_map(|is_last| {
            let place = Place { number, is_last };
            let plaintext = self.keys.open(place, sealed)?;
            Some((is_last, plaintext))
        });
        let (is_last, plaintext) = opened.ok_or(Broken::Chunk)?;
        self.chain.add(sealed);
        (self.chunks, self.is_over) = (number, is_last);
        Ok(plaintext)
    }

    /// What was said once it was over.
    pub fn afterword(&self, sealed: &[u8]) -> Result<Vec<u8>, Broken> {
        let fits = sealed.len() <= MOST_AFTERWORD_BYTES;
        fits.then_some(()).ok_or(Broken::Afterword)?;
        let opened = self.keys.open_afterword(sealed);
        opened.map(|it| it.to_vec()).ok_or(Broken::Afterword)
    }

    /// After all chunks that there are.
    pub fn end(&self) -> Result<Wholeness, Broken> {
        let Some(manifest) = self.manifest else {
            return Ok(Wholeness::Unfinished);
        };
        let is_whole =
            self.is_over && self.chunks == manifest.chunks && self.chain == manifest.chain;
        is_whole.then_some(Wholeness::Whole).ok_or(Broken::Missing)
    }
}
