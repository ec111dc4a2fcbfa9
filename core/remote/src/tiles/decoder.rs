//! The viewer's side: from batches to what the monitors show.

use std::collections::BTreeMap;

use conclave_protocol::remote::{MonitorId, Monitors};

use super::batch;
use super::cursor::{Cursor, CursorMessage};
use super::head::Head;
use super::picture::Picture;
use super::receipt::{FromViewer, Receipt, is_before};
use super::rect::Rect;
use super::screen::Screen;
use super::size::Size;
use super::video::{self, VideoMessage, VideoTurn};
use super::wire::{Malformed, Reader};

/// Everything that one agent shows to one viewer.
///
/// A message that is malformed breaks what it is about: ask for it again with [`FromViewer::Resync`].
#[derive(Default)]
pub struct Decoder {
    screens: BTreeMap<MonitorId, Screen>,
    cursor: Cursor,
}

/// What a message changed.
#[derive(Debug, PartialEq, Eq)]
pub enum Received {
    Batch(Update),
    /// See [`Decoder::cursor`].
    Cursor,
    /// Of one that is offered it has to be said whether it can be shown: [`FromViewer::Video`].
    Video(VideoMessage),
    /// The batch is from before everything began again. This is for the agent, which may not know that it did.
    Stale(FromViewer),
}

/// What a batch changed.
#[derive(Debug, PartialEq, Eq)]
pub struct Update {
    pub monitor: MonitorId,
    /// Of its picture, which may overlap.
    pub dirty: Vec<Rect>,
    /// The picture has another size than before, or is the first.
    pub is_resized: bool,
    /// The picture is what the agent's monitor showed with this batch, to the last pixel.
    pub is_pixel_exact: bool,
    /// For the agent.
    pub receipt: Receipt,
}

impl Decoder {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn receive(&mut self, bytes: &[u8]) -> Result<Received, Malformed> {
        match Reader::open(bytes)? {
            (batch::KIND, mut reader) => {
                let head = Head::read(&mut reader)?;
                self.receive_batch(&head, reader.rest())
            }
            (video::KIND, mut reader) => {
                let message = VideoMessage::read(&mut reader)?;
                reader.close()?;
                self.receive_video(message);
                Ok(Received::Video(message))
            }
            (kind, reader) => {
                self.cursor.receive(CursorMessage::read(kind, reader)?);
                Ok(Received::Cursor)
            }
        }
    }

    pub fn picture(&self, monitor: MonitorId) -> Option<&Picture> {
        self.screens.get(&monitor).map(Screen::picture)
    }

    /// The picture of this monitor is what the agent saw when it said so last, to the last pixel. Not while a video shows it.
    pub fn is_pixel_exact(&self, monitor: MonitorId) -> bool {
        self.screens
            .get(&monitor)
            .is_some_and(Screen::is_pixel_exact)
    }

    pub fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// A monitor that is not shown any more.
    pub fn forget(&mut self, monitor: MonitorId) {
        self.screens.remove(&monitor);
    }

    /// Of what was never shown as tiles there is none.
    fn receive_video(&mut self, message: VideoMessage) {
        let screen = self.screens.get_mut(&message.monitor);
        if let (Some(screen), VideoTurn::Begins | VideoTurn::Ends) = (screen, message.turn) {
            screen.show_video(message.turn == VideoTurn::Begins);
        }
    }

    fn receive_batch(&mut self, head: &Head, body: &[u8]) -> Result<Received, Malformed> {
        let known = self.screens.get(&head.monitor);
        if let Some(screen) = known.filter(|screen| is_before(head.epoch, screen.epoch())) {
            return Ok(Received::Stale(later(head.monitor, screen)));
        }
        let is_resized = known.is_none_or(|screen| screen.picture().size() != head.size);
        if is_resized {
            self.insert(head)?;
        }
        let screen = self.screens.get_mut(&head.monitor).ok_or(Malformed)?;
        screen.enter(head.epoch);
        let (dirty, refused) = screen.apply(head, body)?;
        Ok(Received::Batch(Update {
            monitor: head.monitor,
            dirty,
            is_resized,
            is_pixel_exact: screen.is_pixel_exact(),
            receipt: Receipt {
                monitor: head.monitor,
                epoch: head.epoch,
                number: head.number,
                hash: screen.hash(),
                refused,
            },
        }))
    }

    /// Within an epoch a monitor keeps its size.
    fn insert(&mut self, head: &Head) -> Result<(), Malformed> {
        let known = self.screens.get(&head.monitor);
        let is_same_epoch = known.is_some_and(|screen| screen.epoch() == head.epoch);
        let others = self.screens.iter().filter(|(id, _)| **id != head.monitor);
        let held = others.map(|(_, screen)| screen.picture().size().area());
        let held: Vec<usize> = held.collect();
        let pixels = held.iter().sum::<usize>() + head.size.area();
        let fits = held.len() < Monitors::MOST && pixels <= Size::MOST_PIXELS;
        if is_same_epoch || !fits {
            return Err(Malformed);
        }
        self.screens
            .insert(head.monitor, Screen::new(head.size, head.epoch));
        Ok(())
    }
}

/// What the viewer has, which is later than what was sent.
fn later(monitor: MonitorId, screen: &Screen) -> FromViewer {
    FromViewer::Receipt(Receipt {
        monitor,
        epoch: screen.epoch(),
        number: 0,
        hash: screen.hash(),
        refused: Vec::new(),
    })
}

impl Update {
    /// What to send to the agent.
    pub fn answer(&self) -> FromViewer {
        FromViewer::Receipt(self.receipt.clone())
    }
}

#[cfg(test)]
mod tests;
