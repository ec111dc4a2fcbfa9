//! An agent and a viewer, and the way between them.

use std::collections::VecDeque;

use conclave_protocol::remote::MonitorId;

use super::pictures::Screen;
use crate::tiles::{
    Decoder, Encoder, Frame, FromViewer, LARGEST_MESSAGE, Malformed, Received, Rect, Size,
};

pub(super) struct Pair {
    pub(super) screen: Screen,
    pub(super) encoder: Encoder,
    pub(super) decoder: Decoder,
    pub(super) to_viewer: VecDeque<Vec<u8>>,
    pub(super) to_agent: VecDeque<Vec<u8>>,
}

impl Pair {
    pub(super) const MONITOR: MonitorId = MonitorId(3);

    pub(super) fn new(screen: Screen) -> Self {
        Self {
            encoder: Encoder::new(Self::MONITOR, &frame(&screen)),
            screen,
            decoder: Decoder::new(),
            to_viewer: VecDeque::new(),
            to_agent: VecDeque::new(),
        }
    }

    /// The agent sees what the screen shows in a rectangle.
    pub(super) fn update(&mut self, rect: Rect) {
        self.encoder.update(&frame(&self.screen), &[rect]);
    }

    pub(super) fn update_all(&mut self) {
        self.update(Rect::new(0, 0, self.screen.width, self.screen.height));
    }

    /// Puts on the way what may be sent at once, and says how many bytes.
    pub(super) fn send(&mut self, budget: usize) -> usize {
        let sent = std::iter::from_fn(|| self.encoder.poll_batch(budget));
        let sent: Vec<_> = sent.collect();
        assert!(sent.iter().all(|bytes| bytes.len() <= budget));
        let bytes = sent.iter().map(Vec::len).sum();
        self.to_viewer.extend(sent);
        bytes
    }

    /// The message at this place arrives, and its answer is on the way.
    pub(super) fn deliver(&mut self, at: usize) -> Result<(), Malformed> {
        let Some(bytes) = self.to_viewer.remove(at) else {
            return Ok(());
        };
        match self.decoder.receive(&bytes)? {
            Received::Batch(update) => self.to_agent.push_back(update.answer().encode()),
            Received::Stale(answer) => self.to_agent.push_back(answer.encode()),
            Received::Cursor | Received::Video(_) => {}
        }
        Ok(())
    }

    pub(super) fn acknowledge(&mut self) {
        for bytes in self.to_agent.drain(..) {
            self.encoder.receive(&FromViewer::decode(&bytes).unwrap());
        }
    }

    /// All arrives, and all that follows from it. How many bytes went to the viewer.
    pub(super) fn settle(&mut self) -> usize {
        let mut bytes = 0;
        for _ in 0..200 {
            bytes += self.send(LARGEST_MESSAGE);
            while !self.to_viewer.is_empty() {
                self.deliver(0).unwrap();
            }
            self.acknowledge();
            if self.encoder.is_pixel_exact() {
                break;
            }
        }
        bytes
    }

    /// Both say so, and it is so.
    pub(super) fn is_exact(&self) -> bool {
        let picture = self.decoder.picture(Self::MONITOR).unwrap();
        let seen = self.screen.bytes.as_chunks().0.iter();
        let seen = seen.map(|[blue, green, red, _]| [*red, *green, *blue, 255]);
        let said = self.encoder.is_pixel_exact() && self.decoder.is_pixel_exact(Self::MONITOR);
        said && picture.rgba(picture.size().rect()).eq(seen)
    }
}

pub(super) fn frame(screen: &Screen) -> Frame<'_> {
    let size = Size::new(screen.width, screen.height).unwrap();
    Frame::new(size, screen.stride(), &screen.bytes).unwrap()
}
