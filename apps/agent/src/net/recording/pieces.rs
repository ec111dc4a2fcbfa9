//! Sealed pieces that the server has not kept yet, in the order of their numbers.

use std::collections::VecDeque;

#[derive(Default)]
pub(super) struct Pieces(VecDeque<Piece>);

pub(super) struct Piece {
    pub(super) number: u32,
    pub(super) bytes: Vec<u8>,
}

/// The server wants again what it had.
pub(super) struct WantedAgain;

impl Pieces {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn first(&self) -> Option<&Piece> {
        self.0.front()
    }

    pub(super) fn put(&mut self, piece: Piece) {
        self.0.push_back(piece);
    }

    /// The server has all before the number that it wants next. How many bytes that were.
    pub(super) fn kept(&mut self, next: u32) -> Result<usize, WantedAgain> {
        let wanted = self.first().map(|piece| piece.number);
        if wanted.is_some_and(|wanted| next < wanted) {
            return Err(WantedAgain);
        }
        let mut bytes = 0;
        while let Some(piece) = self.0.pop_front_if(|piece| piece.number < next) {
            bytes += piece.bytes.len();
        }
        Ok(bytes)
    }
}
