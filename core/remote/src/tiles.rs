//! The picture of a supported computer: lossless, cheap for what is drawn, and the same pixels at both ends.
//!
//! An [`Encoder`] on that computer is fed frames and what changed in them; a [`Decoder`] at the technician is fed its
//! messages and holds the pictures. What was scrolled is copied, what was shown before is named, and of the rest the
//! part of each 64x64 tile that changed is packed pixel by pixel, each predicted from those around it (`drawn` and
//! `photographic` say how). Whether a video should show what moves instead says [`Motion`]; what both sides say of that
//! video is a [`VideoMessage`] and its answer. While one shows a monitor, no batch of it is sent, and its picture counts as
//! pixel-exact only behind it; the first batch that comes says, too, that it is over.
//!
//! # Losses
//!
//! Messages may be lost or overtake each other. Each tile has a *generation*, the number of the batch that changed it
//! last, and what builds on a tile names the generation that it builds on. A viewer that has another one refuses that
//! tile, says so in its [`Receipt`], and gets the whole tile. A whole tile that comes late changes nothing. So a viewer
//! never builds on what it does not have. When nothing is under way, the hash of its picture, which each receipt
//! carries, shows whether both are the same: then the view is pixel-exact, or everything begins again in another
//! *epoch*. A viewer takes nothing of an earlier epoch than it has seen, and says which that is in a receipt of batch 0:
//! an encoder that begins after another one, or after a message that was damaged, goes on behind it.
//!
//! # Wire
//!
//! A message is at most [`LARGEST_MESSAGE`] bytes: a byte with the [`VERSION`], one with the kind, and fields in
//! big-endian order, of so many bytes:
//!
//! | kind | to | fields |
//! |---|---|---|
//! | 0, batch | viewer | as below |
//! | 1, pointer's shape | viewer | width 1, height 1, hot spot's x 1 and y 1, colours and opacities packed |
//! | 2, pointer's place | viewer | monitor 1, x 2, y 2 |
//! | 3, pointer hidden | viewer | |
//! | 4, video | viewer | monitor 1, turn 1 (0 offered, 1 begins, 2 ends), codec 1 (2: VP9) |
//! | 16, receipt | agent | monitor 1, epoch 4, number 4, hash 8, count of refused tiles 2, their numbers 2, rising |
//! | 17, resync | agent | monitor 1 |
//! | 18, answer to a video that is offered | agent | monitor 1, whether it can be shown 1 |
//!
//! | field of a batch | bytes | |
//! |---|---|---|
//! | monitor | 1 | |
//! | epoch | 4 | |
//! | number | 4 | from 1 on in each epoch |
//! | width, height | 2 each | the same throughout an epoch |
//! | whether it makes the picture complete | 1 | 0 or 1 |
//! | hash of the complete picture | 8 | if it does |
//! | memory bits | 1 | how many surroundings of drawn pixels are remembered, as a power of two |
//! | count of copies | 1 | |
//! | footing of the copies | 8 | if there are any: a hash over number and generation of each tile that they touch |
//! | each copy's x, y, width, height, target x, target y | 2 each | |
//! | count of tiles | 2 | |
//! | the tiles | | packed, if there are any |
//!
//! Tiles are numbered row by row. What is *packed* is one range-coded stream of bits with adaptive chances (`bits`),
//! which learns through the message and forgets at its end. Of each tile it tells the number in relation to the last
//! (`command`); whether all of it follows, a part with its place and the generation that it builds on, or the place in
//! the cache of the tile that it is as; in which slot of the cache the tile is kept from then on, if in any; and the
//! pixels, as one colour, drawn, photographic, or raw (`content`).
//!
//! # Security
//!
//! Everything that a message makes a receiver hold or do is bounded before it does: sides and sum of all pictures,
//! their number, tiles and copies of a batch, the cache. Bytes that are no message are [`Malformed`] and never panic.
//! The hashes find mistakes and not forgery: messages arrive sealed, and who can seal may show what they like.
//!
//! How large a message is tells who sees it sealed how much changed, and how well it packed, as with every video. What
//! is packed together is one screen at one time; nothing else ever shares its stream, and nothing is learned from one
//! message for the next.

mod batch;
mod bits;
mod block;
mod board;
mod cache;
mod canvas;
mod command;
mod content;
mod cursor;
mod decoder;
mod drawn;
mod encoder;
mod flight;
mod frame;
mod hash;
mod head;
mod motion;
mod photographic;
mod picture;
mod receipt;
mod rect;
mod screen;
mod scroll;
mod shift;
mod size;
mod step;
mod video;
mod wire;

pub use cursor::{Cursor, CursorMessage, CursorPlace, CursorShape};
pub use decoder::{Decoder, Received, Update};
pub use encoder::Encoder;
pub use frame::Frame;
pub use hash::FrameHash;
pub use motion::{Changed, Motion, Show};
pub use picture::Picture;
pub use receipt::{FromViewer, Receipt};
pub use rect::Rect;
pub use size::Size;
pub use video::{VideoCodec, VideoMessage, VideoTurn};
pub use wire::{LARGEST_MESSAGE, Malformed, VERSION};

#[cfg(test)]
mod tests;
