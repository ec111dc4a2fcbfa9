//! One who sees the screen: what they have of it, and what goes to them next.

use std::time::{Duration, Instant};

use conclave_protocol::ParticipantId;
use conclave_remote::tiles::{
    Changed, CursorMessage, CursorPlace, Encoder, FromViewer, LARGEST_MESSAGE, Rect,
};

use super::view::View;
use crate::ipc::Broken;

pub(super) struct Viewer {
    id: ParticipantId,
    /// Once something was seen.
    encoder: Option<Encoder>,
    /// What they have not been told of the pointer.
    pointer: Vec<CursorMessage>,
    focus: (u16, u16),
    /// Whether they can show a video, once they have said so.
    shows_video: Option<bool>,
    /// They are asked once.
    is_offered: bool,
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
            shows_video: None,
            is_offered: false,
            silent_since: None,
            has_more: false,
        }
    }

    pub(super) fn id(&self) -> ParticipantId {
        self.id
    }

    /// How much of it is new to them. `None`: they have seen nothing yet.
    pub(super) fn show(&mut self, view: &View, changed: &[Rect]) -> Option<Changed> {
        let (encoder, frame) = (self.encoder.as_mut()?, view.frame()?);
        Some(encoder.update(&frame, changed))
    }

    pub(super) fn shows_video(&self) -> bool {
        self.shows_video == Some(true)
    }

    /// Whether they are still to be asked if they can show one.
    pub(super) fn offer_video(&mut self) -> bool {
        !std::mem::replace(&mut self.is_offered, true)
    }

    pub(super) fn point(&mut self, news: &[CursorMessage], place: Option<CursorPlace>) {
        for message in news {
            self.pointer.retain(|it| is_shape(it) != is_shape(message));
            self.pointer.push(message.clone());
        }
        self.focus = place.map_or(self.focus, |place| (place.x, place.y));
    }

    /// Whether it answers something that went to them.
    pub(super) fn hear(&mut self, message: &FromViewer) -> bool {
        let is_answer = self.hear_of_video(message);
        self.silent_since = None;
        let Some(encoder) = &mut self.encoder else {
            return is_answer;
        };
        let is_awaited = encoder.awaits(message);
        encoder.receive(message);
        is_awaited || is_answer
    }

    fn hear_of_video(&mut self, message: &FromViewer) -> bool {
        match message {
            FromViewer::Video { can, .. } => {
                let is_first = self.shows_video.replace(*can).is_none();
                self.is_offered && is_first
            }
            FromViewer::Resync(_) => {
                // Another page may be there, which knows of no video. One that can't read the offer answers like this, too:
                // asked anew, it would want everything again each time.
                if self.shows_video.take().is_some() {
                    self.is_offered = false;
                }
                false
            }
            FromViewer::Receipt(_) => false,
        }
    }

    pub(super) fn lose_all(&mut self) {
        if let Some(encoder) = &mut self.encoder {
            encoder.lose_all();
        }
        self.silent_since = None;
    }

    /// A video is over: what holds of the picture is said anew, also where it is as before.
    pub(super) fn tell_again(&mut self) {
        self.encoder.iter_mut().for_each(Encoder::tell_again);
    }

    /// Says as many messages as go at once, each before the next is made, until `say` knows of no such viewer. Where a video
    /// shows the picture, of the pointer alone.
    pub(super) fn send(
        &mut self,
        now: Instant,
        view: &View,
        is_filmed: bool,
        mut say: impl FnMut(Vec<u8>) -> Result<bool, Broken>,
    ) -> Result<(), Broken> {
        for message in std::mem::take(&mut self.pointer) {
            if !say(message.encode())? {
                return Ok(());
            }
        }
        if is_filmed {
            (self.silent_since, self.has_more) = (None, false);
            return Ok(());
        }
        self.settle_silence(now);
        self.has_more = self.send_batches(view, say)? == MOST_BATCHES;
        // What went just now is waited for, too.
        self.settle_silence(now);
        Ok(())
    }

    /// How many.
    fn send_batches(
        &mut self,
        view: &View,
        mut say: impl FnMut(Vec<u8>) -> Result<bool, Broken>,
    ) -> Result<usize, Broken> {
        let Some(encoder) = self.encoder(view) else {
            return Ok(0);
        };
        for sent in 0..MOST_BATCHES {
            let Some(batch) = encoder.poll_batch(BUDGET) else {
                return Ok(sent);
            };
            if !say(batch)? {
                return Ok(sent);
            }
        }
        Ok(MOST_BATCHES)
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

/// In bytes, of one message: the packing learns anew in each, which costs some kilobytes for a page of text. What may
/// be on its way in all is the encoder's bound.
const BUDGET: usize = LARGEST_MESSAGE;

/// Between two looks at the screen, so that what changes meanwhile is not kept waiting.
const MOST_BATCHES: usize = 2;

const LOST_AFTER: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use conclave_protocol::remote::MonitorId;
    use conclave_remote::tiles::{Decoder, Received};
    use uuid::Uuid;

    use super::*;
    use crate::platform::{Area, Patch, Picture, Size};

    /// Of a batch: the last byte of its number.
    const NUMBER: usize = 10;
    const SIDE: u16 = 400;

    #[test]
    fn each_batch_goes_before_the_next_is_made() {
        let (view, mut viewer) = (noise(), viewer());
        let mut numbers = Vec::new();

        let gone = viewer.send(Instant::now(), &view, false, |batch| {
            numbers.push(batch[NUMBER]);
            Ok(false)
        });
        assert!(gone.is_ok() && !viewer.has_more());
        let sent = viewer.send(Instant::now(), &view, false, |batch| {
            numbers.push(batch[NUMBER]);
            Ok(true)
        });

        assert!(sent.is_ok() && viewer.has_more());
        assert_eq!(numbers, [1, 2, 3]);
    }

    #[test]
    fn while_a_video_shows_the_picture_no_batch_goes() {
        let (view, mut viewer) = (noise(), viewer());
        let mut sent = 0;
        for is_filmed in [true, false] {
            let said = viewer.send(Instant::now(), &view, is_filmed, |_| {
                sent += 1;
                Ok(true)
            });
            assert!(said.is_ok() && viewer.has_more() != is_filmed);
            assert_eq!(viewer.wake_at().is_none(), is_filmed);
        }
        assert_eq!(sent, MOST_BATCHES);
    }

    #[test]
    fn a_viewer_is_asked_once_and_another_page_of_theirs_anew() {
        let monitor = MonitorId(1);
        let mut viewer = viewer();
        assert!(viewer.offer_video() && !viewer.offer_video() && !viewer.shows_video());
        viewer.hear(&FromViewer::Video { monitor, can: true });
        assert!(viewer.shows_video());

        viewer.hear(&FromViewer::Resync(monitor));

        assert!(!viewer.shows_video() && viewer.offer_video());
        viewer.hear(&FromViewer::Video {
            monitor,
            can: false,
        });
        assert!(!viewer.shows_video());
    }

    #[test]
    fn a_page_that_can_not_read_the_offer_is_not_asked_again() {
        let mut viewer = viewer();
        assert!(viewer.offer_video());

        viewer.hear(&FromViewer::Resync(MonitorId(1)));

        assert!(!viewer.offer_video() && !viewer.shows_video());
    }

    #[test]
    fn a_picture_goes_in_as_few_messages_as_may_be() {
        let (view, mut viewer) = (noise(), viewer());
        let mut lengths = Vec::new();

        let sent = viewer.send(Instant::now(), &view, false, |batch| {
            lengths.push(batch.len());
            Ok(true)
        });

        assert!(sent.is_ok());
        assert_eq!(lengths.len(), MOST_BATCHES);
        let full = LARGEST_MESSAGE - (6 << 10)..=LARGEST_MESSAGE;
        assert!(
            lengths.iter().all(|length| full.contains(length)),
            "{lengths:?}"
        );
    }

    #[test]
    fn each_batch_is_answered_once() {
        let (view, mut viewer) = (noise(), viewer());
        let mut answers = Vec::new();
        let mut decoder = Decoder::new();
        let sent = viewer.send(Instant::now(), &view, false, |batch| {
            if let Ok(Received::Batch(update)) = decoder.receive(&batch) {
                answers.push(update.answer());
            }
            Ok(true)
        });

        assert!(sent.is_ok());
        assert_eq!(answers.len(), MOST_BATCHES);
        assert!(answers.iter().all(|answer| viewer.hear(answer)));
        assert!(!answers.iter().any(|answer| viewer.hear(answer)));
        assert!(!viewer.hear(&FromViewer::Resync(MonitorId(1))));
    }

    fn viewer() -> Viewer {
        Viewer::new(ParticipantId(Uuid::from_u128(1)), Vec::new())
    }

    /// Greys, of which each tile takes some four kilobytes.
    fn noise() -> View {
        let mut state = 1_u32;
        let pixels = (0..usize::from(SIDE) * usize::from(SIDE)).flat_map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [grey, ..] = state.to_be_bytes();
            [grey, grey, grey, 0]
        });
        let (width, height) = (u32::from(SIDE), u32::from(SIDE));
        let area = Area {
            x: 0,
            y: 0,
            width,
            height,
        };
        let patch = Patch {
            area,
            pixels: pixels.collect(),
        };
        let mut view = View::new(MonitorId(1), None);
        view.take(&Picture {
            size: Size { width, height },
            patches: vec![patch],
            cursor: None,
        });
        view
    }
}
