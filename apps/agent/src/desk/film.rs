//! What is kept of the picture: as a viewer would get it, but that nothing of it is lost on its way.

use std::time::{Duration, Instant};

use conclave_remote::recording::{Moment, Watch};
use conclave_remote::tiles::{CursorMessage, Encoder, Rect};

use super::pointer::Pointer;
use super::view::View;

pub(super) struct Film {
    watch: Watch,
    /// Of the picture as it is drawn since it was drawn from nothing.
    encoder: Option<Encoder>,
    anew_at: Option<Instant>,
    pointer: Vec<CursorMessage>,
    /// So much went at once that there may be more.
    has_more: bool,
}

impl Film {
    pub(super) fn begin(watch: Watch) -> Self {
        Self {
            watch,
            encoder: None,
            anew_at: None,
            pointer: Vec::new(),
            has_more: false,
        }
    }

    pub(super) fn watch(&self) -> Watch {
        self.watch
    }

    pub(super) fn show(&mut self, view: &View, changed: &[Rect]) {
        if let (Some(encoder), Some(frame)) = (&mut self.encoder, view.frame()) {
            encoder.update(&frame, changed);
        }
    }

    pub(super) fn point(&mut self, news: &[CursorMessage]) {
        self.pointer.extend_from_slice(news);
    }

    /// As many as go at once.
    pub(super) fn records(&mut self, now: Instant, view: &View, pointer: &Pointer) -> Vec<Vec<u8>> {
        let mut moments = self.anew(now, view, pointer);
        let pointed = std::mem::take(&mut self.pointer);
        moments.extend(pointed.iter().map(|it| Moment::Seen(it.encode())));
        let batches = self.batches();
        self.has_more = batches.len() == MOST_BATCHES;
        moments.extend(batches.into_iter().map(Moment::Seen));
        let stamped = moments.into_iter().map(|it| self.watch.stamp(now, it));
        stamped.map(|timed| timed.encode()).collect()
    }

    fn batches(&mut self) -> Vec<Vec<u8>> {
        let Some(encoder) = &mut self.encoder else {
            return Vec::new();
        };
        let batches = std::iter::from_fn(|| encoder.poll_batch(BUDGET));
        let batches = batches.take(MOST_BATCHES).collect();
        encoder.deliver_all();
        batches
    }

    /// There may be more records at once, though nothing happens.
    pub(super) fn has_more(&self) -> bool {
        self.has_more
    }

    /// When a whole picture is due, whether anything happens or not; `None`: as soon as something is seen.
    pub(super) fn wake_at(&self) -> Option<Instant> {
        self.anew_at
    }

    /// At first, and from time to time, so that whoever looks for a moment need not see all that came before.
    fn anew(&mut self, now: Instant, view: &View, pointer: &Pointer) -> Vec<Moment> {
        let is_due = self.anew_at.is_none_or(|at| now >= at);
        let frame = view.frame().filter(|_| is_due);
        let Some(frame) = frame else {
            return Vec::new();
        };
        self.encoder = Some(Encoder::new(view.monitor, &frame));
        self.anew_at = Some(now + BETWEEN_WHOLE_PICTURES);
        self.pointer = pointer.messages();
        vec![Moment::Anew]
    }
}

/// In bytes, of one message.
const BUDGET: usize = 32 << 10;
/// Between two looks at the screen.
const MOST_BATCHES: usize = 4;
/// Shorter makes recordings larger, by some 50 KiB for each screen of text; longer keeps whoever looks for a moment waiting.
const BETWEEN_WHOLE_PICTURES: Duration = Duration::from_secs(60);
