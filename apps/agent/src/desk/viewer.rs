//! One who sees the screen: what they have of it, and what goes to them next.

use std::time::{Duration, Instant};

use conclave_protocol::ParticipantId;
use conclave_remote::tiles::{CursorMessage, CursorPlace, Encoder, FromViewer, Rect};

use super::view::View;

pub(super) struct Viewer {
    id: ParticipantId,
    /// Once something was seen.
    encoder: Option<Encoder>,
    /// What they have not been told of the pointer.
    pointer: Vec<CursorMessage>,
    focus: (u16, u16),
    /// Since then they have said nothing, though they do not have all.
    silent_since: Option<Instant>,
    /// So much went at once that there may be more.
    has_more: bool,
}

impl Viewer {
    /// Who knows nothing of the pointer yet.
    pub(super) fn new(id: ParticipantId, pointer: Vec<CursorMessage>) -> Self {
        Self {
            id,
            encoder: None,
            pointer,
            focus: (0, 0),
            silent_since: None,
            has_more: false,
        }
    }

    pub(super) fn id(&self) -> ParticipantId {
        self.id
    }

    pub(super) fn show(&mut self, view: &View, changed: &[Rect]) {
        if let (Some(encoder), Some(frame)) = (&mut self.encoder, view.frame()) {
            encoder.update(&frame, changed);
        }
    }

    pub(super) fn point(&mut self, news: &[CursorMessage], place: Option<CursorPlace>) {
        for message in news {
            self.pointer.retain(|it| is_shape(it) != is_shape(message));
            self.pointer.push(message.clone());
        }
        self.focus = place.map_or(self.focus, |place| (place.x, place.y));
    }

    pub(super) fn hear(&mut self, message: &FromViewer) {
        if let Some(encoder) = &mut self.encoder {
            encoder.receive(message);
        }
        self.silent_since = None;
    }

    pub(super) fn lose_all(&mut self) {
        if let Some(encoder) = &mut self.encoder {
            encoder.lose_all();
        }
        self.silent_since = None;
    }

    /// As many as go at once.
    pub(super) fn messages(&mut self, now: Instant, view: &View) -> Vec<Vec<u8>> {
        let pointer = std::mem::take(&mut self.pointer);
        let pointer = pointer.iter().map(CursorMessage::encode);
        self.settle_silence(now);
        let batches = self.batches(view);
        self.has_more = batches.len() == MOST_BATCHES;
        // What went just now is waited for, too.
        self.settle_silence(now);
        pointer.chain(batches).collect()
    }

    fn batches(&mut self, view: &View) -> Vec<Vec<u8>> {
        let Some(encoder) = self.encoder(view) else {
            return Vec::new();
        };
        let batches = std::iter::from_fn(|| encoder.poll_batch(BUDGET));
        batches.take(MOST_BATCHES).collect()
    }

    /// There may be more messages at once, though nothing happens.
    pub(super) fn has_more(&self) -> bool {
        self.has_more
    }

    /// When there is more to do for them at the latest, though nothing happens.
    pub(super) fn wake_at(&self) -> Option<Instant> {
        self.silent_since.map(|since| since + LOST_AFTER)
    }

    fn encoder(&mut self, view: &View) -> Option<&mut Encoder> {
        if self.encoder.is_none() {
            self.encoder = Some(Encoder::new(view.monitor, &view.frame()?));
        }
        let (x, y) = self.focus;
        let encoder = self.encoder.as_mut()?;
        encoder.set_focus(x, y);
        Some(encoder)
    }

    /// What nobody said anything about for so long is lost.
    fn settle_silence(&mut self, now: Instant) {
        let Some(encoder) = &mut self.encoder else {
            return;
        };
        if encoder.is_pixel_exact() {
            self.silent_since = None;
            return;
        }
        let since = *self.silent_since.get_or_insert(now);
        if now.saturating_duration_since(since) >= LOST_AFTER {
            encoder.lose_all();
            self.silent_since = Some(now);
        }
    }
}

/// One shape is told, the last, and one place.
fn is_shape(message: &CursorMessage) -> bool {
    matches!(message, CursorMessage::Shape(_))
}

/// In bytes, of one message. What may be on its way in all is the encoder's bound.
const BUDGET: usize = 32 << 10;

/// Between two looks at the screen, so that what changes meanwhile is not kept waiting.
const MOST_BATCHES: usize = 4;

const LOST_AFTER: Duration = Duration::from_secs(5);
