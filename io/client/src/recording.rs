//! What an encoder made before, to be sent in place of made-up frames.

use std::sync::Arc;

/// Encoded frames in their order; after the last comes the first again.
#[derive(Clone, Debug)]
pub struct Recording {
    frames: Arc<[Vec<u8>]>,
}

impl Recording {
    /// `None`: there are no frames.
    pub fn new(frames: Vec<Vec<u8>>) -> Option<Self> {
        (!frames.is_empty()).then(|| Self {
            frames: frames.into(),
        })
    }

    /// The frame that comes after so many others.
    pub(crate) fn after(&self, frames: u32) -> &[u8] {
        let at = frames as usize % self.frames.len();
        self.frames.get(at).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_frame_comes_after_the_last() {
        let recording = Recording::new(vec![vec![1], vec![2, 3]]).unwrap();

        let frames: Vec<_> = (0..3).map(|frames| recording.after(frames)).collect();

        assert_eq!(frames, [&[1][..], &[2, 3], &[1]]);
        assert!(Recording::new(Vec::new()).is_none());
    }
}
