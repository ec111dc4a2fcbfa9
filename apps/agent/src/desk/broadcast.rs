//! Captures what the session says, and sends each viewer what they do not have of it: tiles, or a video while too much moves.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use conclave_protocol::ParticipantId;
use conclave_protocol::remote::MonitorId;
use conclave_remote::Surface;
use conclave_remote::recording::Watch;
use conclave_remote::tiles::{FromViewer, Rect, VideoCodec, VideoMessage, VideoTurn};

use super::film::Film;
use super::gate::Gate;
use super::idle_talk::IdleTalk;
use super::mailbox::{Happening, Mailbox};
use super::pointer::Pointer;
use super::video::{Turn, Video};
use super::view::View;
use super::viewer::Viewer;
use crate::ipc::{Airing, Broken, Footage, Socket};
use crate::platform::x11::{DesktopCapture, WindowCapture};
use crate::platform::{Area, Bell, Cursor, Fault, Picture, ScreenSource, Seen};

pub(super) struct Broadcast {
    shown: Shown,
    gate: Arc<Gate>,
    heard: SyncSender<(ParticipantId, FromViewer)>,
}

/// What is captured.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) surface: Surface,
    pub(super) monitor: MonitorId,
    /// The monitor's place on the desktop; `None`: of a window alone, wherever it is.
    pub(super) area: Option<Area>,
}

struct Sender {
    gate: Arc<Gate>,
    heard: Receiver<(ParticipantId, FromViewer)>,
    view: View,
    pointer: Pointer,
    viewers: Vec<Viewer>,
    film: Option<Film>,
    idle_talk: IdleTalk,
    video: Video,
}

impl Broadcast {
    pub(super) fn begin(
        display: Option<String>,
        shown: Shown,
        viewers: Vec<ParticipantId>,
        net: Socket,
        bell: Bell,
        mailbox: Arc<Mailbox>,
    ) -> Self {
        let (broadcast, sender) = Self::new(shown, Gate::new(net, viewers, bell));
        thread::spawn(move || {
            if sender.run(display.as_deref(), shown.surface).is_err() {
                mailbox.near(Happening::DesktopGone);
            }
        });
        broadcast
    }

    fn new(shown: Shown, gate: Gate) -> (Self, Sender) {
        let gate = Arc::new(gate);
        let (heard, hears) = sync_channel(MOST_HEARD);
        let sender = Sender {
            gate: Arc::clone(&gate),
            heard: hears,
            view: View::new(shown.monitor, shown.area),
            pointer: Pointer::default(),
            viewers: Vec::new(),
            film: None,
            idle_talk: IdleTalk::default(),
            video: Video::default(),
        };
        (Self { shown, gate, heard }, sender)
    }

    pub(super) fn shows(&self, shown: Shown) -> bool {
        self.shown == shown
    }

    pub(super) fn admit(&self, viewers: Vec<ParticipantId>) {
        self.gate.change(|admitted| admitted.viewers = viewers);
    }

    /// From here on, or no longer.
    pub(super) fn record(&self, watch: Option<Watch>) {
        self.gate.change(|admitted| admitted.recorded = watch);
    }

    /// Of one too many in a moment the next one tells as much.
    pub(super) fn hear(&self, from: ParticipantId, message: FromViewer) {
        let _taken = self.heard.try_send((from, message));
        self.gate.tell_heard();
    }

    /// What the network has to say of a video.
    pub(super) fn air(&self, airing: Airing) {
        match airing {
            // Of the next frame, which is made without them, too: who sends many wakes nothing.
            Airing::KeyFrame | Airing::Rate(_) => self.gate.lock().heard.take(airing),
            Airing::Opens | Airing::Over | Airing::Never => {
                self.gate.change(|admitted| admitted.heard.take(airing));
            }
        }
    }

    /// The connection was lost, and with it what was on its way.
    pub(super) fn lose_all(&self) {
        self.gate.change(|admitted| admitted.is_lost = true);
    }
}

impl Drop for Broadcast {
    /// Nothing leaves after it.
    fn drop(&mut self) {
        self.gate.change(|admitted| admitted.is_closed = true);
        self.gate.end_film();
    }
}

impl Sender {
    fn run(mut self, display: Option<&str>, surface: Surface) -> Result<(), Fault> {
        let mut source = open(display, surface)?;
        let Some(seeing) = &mut source else {
            return Ok(());
        };
        seeing.heed(self.gate.bell().clone());
        let mut within = Duration::ZERO;
        loop {
            let is_new = self.look(&mut source, within)?;
            if !self.listen(Duration::ZERO) {
                return Ok(());
            }
            let begun = Instant::now();
            let Ok(has_more) = self.follow() else {
                // The process with the network is gone, which another thread tells.
                return Ok(());
            };
            self.video.worked(begun.elapsed());
            within = match is_new || has_more {
                true => Duration::ZERO,
                false => self.patience(Instant::now()),
            };
            if within.is_zero() && !self.bide() {
                return Ok(());
            }
        }
    }

    /// Until the next look, or until viewers say something that does not have to wait. False: it is over.
    fn bide(&mut self) -> bool {
        let until = self.gate.rests_until();
        let rest = until.map(|until| until.saturating_duration_since(Instant::now()));
        let rest = rest.unwrap_or_default().min(BETWEEN_LOOKS);
        thread::sleep(rest);
        self.listen(BETWEEN_LOOKS - rest)
    }

    /// Waits at most so long for something new. Whether there is.
    fn look(&mut self, source: &mut Option<Source>, within: Duration) -> Result<bool, Fault> {
        let Some(seeing) = source else {
            self.gate.bell().rings_within(within);
            return Ok(false);
        };
        let seen = seeing.next(within)?;
        match &seen {
            Some(Seen::Picture(picture)) => self.saw(picture),
            Some(Seen::Hidden) => self.saw_nothing(),
            Some(Seen::Closed) => {
                self.saw_nothing();
                // There is nothing to wait for.
                *source = None;
            }
            None => {}
        }
        Ok(seen.is_some())
    }

    /// Until something is to be done though nothing is seen, and nobody says anything.
    fn patience(&self, now: Instant) -> Duration {
        let viewers = self.viewers.iter().filter_map(Viewer::wake_at);
        let film = self.film.iter().filter_map(Film::wake_at);
        let others = self.gate.rests_until().into_iter();
        let others = others.chain(self.video.wake_at());
        let next = viewers.chain(film).chain(others).min();
        next.map_or(Duration::MAX, |at| at.saturating_duration_since(now))
    }

    /// Waits at most so long for what viewers say. False: it is over.
    fn listen(&mut self, time: Duration) -> bool {
        self.gate.end_rest(Instant::now());
        let mut heard = self.heard.recv_timeout(time);
        let mut is_idle_talk = false;
        for _ in 0..MOST_HEARD {
            match heard {
                Ok((from, message)) => is_idle_talk |= !self.hear(from, &message),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return false,
            }
            heard = self.heard.recv_timeout(Duration::ZERO);
        }
        if is_idle_talk {
            let rest = self.idle_talk.turned(Instant::now());
            rest.iter().for_each(|until| self.gate.rest(*until));
        }
        self.follow_gate()
    }

    /// Whether it answers something that was sent.
    fn hear(&mut self, from: ParticipantId, message: &FromViewer) -> bool {
        let viewer = self.viewers.iter_mut().find(|it| it.id() == from);
        viewer.is_some_and(|viewer| viewer.hear(message))
    }

    fn follow_gate(&mut self) -> bool {
        let mut admitted = self.gate.lock();
        self.viewers
            .retain(|it| admitted.viewers.contains(&it.id()));
        for id in &admitted.viewers {
            if !self.viewers.iter().any(|it| it.id() == *id) {
                self.viewers.push(Viewer::new(*id, self.pointer.messages()));
            }
        }
        if self.film.as_ref().map(Film::watch) != admitted.recorded {
            self.film = admitted.recorded.map(Film::begin);
        }
        if std::mem::take(&mut admitted.is_lost) {
            self.viewers.iter_mut().for_each(Viewer::lose_all);
        }
        !admitted.is_closed
    }

    fn saw(&mut self, picture: &Picture) {
        let changed = self.view.take(picture);
        self.show(&changed);
        if let Some(cursor) = &picture.cursor {
            self.saw_pointer(cursor);
        }
    }

    fn saw_pointer(&mut self, cursor: &Cursor) {
        let place = self.view.place(cursor.at.x, cursor.at.y);
        let image = cursor.image.as_ref();
        let news = self.pointer.take(self.view.monitor, place, image);
        for viewer in &mut self.viewers {
            viewer.point(&news, self.pointer.place());
        }
        self.film.iter_mut().for_each(|film| film.point(&news));
    }

    fn saw_nothing(&mut self) {
        let changed = self.view.blacken();
        self.show(&changed);
    }

    fn show(&mut self, rects: &[Rect]) {
        let mut changed = None;
        for viewer in &mut self.viewers {
            changed = viewer.show(&self.view, rects).or(changed);
        }
        self.film
            .iter_mut()
            .for_each(|film| film.show(&self.view, rects));
        let size = self.view.pixels().map(|(size, _)| size);
        if let (Some(size), Some(changed)) = (size, changed) {
            self.video.changed(Instant::now(), size, changed);
        }
    }

    /// Whether there may be more than goes at once.
    fn follow(&mut self) -> Result<bool, Broken> {
        let now = Instant::now();
        self.follow_motion(now)?;
        let has_more = self.send(now)?;
        self.send_frame(now)?;
        Ok(has_more)
    }

    /// A video, or tiles again, as soon as that is what is wanted and can be.
    fn follow_motion(&mut self, now: Instant) -> Result<(), Broken> {
        let heard = std::mem::take(&mut self.gate.lock().heard);
        // What is kept is kept as tiles.
        let is_kept = self.film.is_some();
        if !is_kept && !heard.is_impossible && self.video.is_wanted(now) {
            self.offer_video()?;
        }
        let can = !self.viewers.is_empty() && self.viewers.iter().all(Viewer::shows_video);
        match self.video.turn(now, can && !is_kept, heard) {
            Some(Turn::Asks(size)) => {
                self.gate.lock().is_filmed = true;
                let (width, height) = (size.width(), size.height());
                self.gate.film(Footage::Begins { width, height })?;
            }
            Some(Turn::Begins) => self.tell_video(VideoTurn::Begins)?,
            Some(Turn::Withdrawn) => self.end_film()?,
            Some(Turn::Ends) => {
                self.end_film()?;
                self.tell_video(VideoTurn::Ends)?;
                self.viewers.iter_mut().for_each(Viewer::tell_again);
            }
            None => {}
        }
        Ok(())
    }

    fn end_film(&self) -> Result<(), Broken> {
        self.gate.film(Footage::Ends)?;
        self.gate.lock().is_filmed = false;
        Ok(())
    }

    /// To whoever has not been asked whether they can show one.
    fn offer_video(&mut self) -> Result<(), Broken> {
        let message = self.video_message(VideoTurn::Offered);
        for viewer in &mut self.viewers {
            if viewer.offer_video() {
                self.gate.send(viewer.id(), message.encode())?;
            }
        }
        Ok(())
    }

    fn tell_video(&self, turn: VideoTurn) -> Result<(), Broken> {
        let message = self.video_message(turn);
        for viewer in &self.viewers {
            self.gate.send(viewer.id(), message.encode())?;
        }
        Ok(())
    }

    fn video_message(&self, turn: VideoTurn) -> VideoMessage {
        VideoMessage {
            monitor: self.view.monitor,
            turn,
            codec: VideoCodec::VP9,
        }
    }

    /// The next one, where it is due. None is made before those that were made have gone.
    fn send_frame(&mut self, now: Instant) -> Result<(), Broken> {
        if !self.video.is_due(now) {
            return Ok(());
        }
        if !self.gate.has_room()? {
            self.video.hold_off(now);
            return Ok(());
        }
        let pixels = self.view.pixels();
        let Some(frame) = pixels.and_then(|(_, pixels)| self.video.encode(now, pixels)) else {
            return Ok(());
        };
        let mut pieces = frame.bytes.chunks(Footage::LARGEST_PIECE).peekable();
        while let Some(piece) = pieces.next() {
            let piece = Footage::Piece {
                is_key: frame.is_key,
                is_last: pieces.peek().is_none(),
                bytes: piece.to_vec(),
            };
            if !self.gate.film(piece)? {
                self.video.lose();
                break;
            }
        }
        Ok(())
    }

    /// Whether there may be more than goes at once.
    fn send(&mut self, now: Instant) -> Result<bool, Broken> {
        let is_filmed = self.video.is_shown();
        let mut most = 0;
        for viewer in &mut self.viewers {
            let (id, mut bytes) = (viewer.id(), 0);
            viewer.send(now, &self.view, is_filmed, |message| {
                bytes += message.len();
                self.gate.send(id, message)
            })?;
            most = most.max(bytes);
        }
        self.video.sent(most);
        self.keep(now)?;
        let film = self.film.as_ref().is_some_and(Film::has_more);
        Ok(film || self.viewers.iter().any(Viewer::has_more))
    }

    fn keep(&mut self, now: Instant) -> Result<(), Broken> {
        let Some(film) = &mut self.film else {
            return Ok(());
        };
        for record in film.records(now, &self.view, &self.pointer) {
            if !self.gate.keep(film.watch(), record)? {
                break;
            }
        }
        Ok(())
    }
}

type Source = Box<dyn ScreenSource>;

/// `None`: the window is not there any more.
fn open(display: Option<&str>, surface: Surface) -> Result<Option<Source>, Fault> {
    let Surface::Window(window) = surface else {
        return Ok(Some(Box::new(DesktopCapture::open(display)?)));
    };
    let Ok(window) = u32::try_from(window.0) else {
        return Ok(None);
    };
    match WindowCapture::open(display, window) {
        Ok(capture) => Ok(Some(Box::new(capture))),
        Err(Fault::NoSuchWindow) => Ok(None),
        Err(fault) => Err(fault),
    }
}

/// Sixty times a second at most.
const BETWEEN_LOOKS: Duration = Duration::from_millis(16);

/// Of what viewers say, in a moment.
const MOST_HEARD: usize = 256;

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn who_answers_what_nobody_sent_wakes_nothing_after_a_while() {
        let (net, _other) = Socket::pair().unwrap();
        let (broadcast, mut sender) = broadcast(net);
        let bell = broadcast.gate.bell().clone();

        let is_quiet = (0..10_000).any(|_| {
            broadcast.hear(viewer(), FromViewer::Resync(shown().monitor));
            let is_quiet = !bell.was_rung();
            assert!(is_quiet || sender.listen(Duration::ZERO));
            is_quiet
        });

        // It is heard later all the same, and whatever else is to be done is done at once.
        assert!(is_quiet && sender.patience(Instant::now()) < Duration::from_secs(1));
        broadcast.lose_all();
        assert!(bell.was_rung());
        drop(broadcast);
        assert!(bell.was_rung() && !sender.listen(Duration::ZERO));
    }

    #[test]
    fn what_the_network_wants_of_the_next_frame_wakes_nothing() {
        let (net, _other) = Socket::pair().unwrap();
        let (broadcast, sender) = broadcast(net);
        let bell = sender.gate.bell();

        broadcast.air(Airing::KeyFrame);
        broadcast.air(Airing::Rate(700));
        assert!(!bell.was_rung());
        let heard = sender.gate.lock().heard;
        assert!(heard.wants_key && heard.rate == Some(700));

        broadcast.air(Airing::Over);
        assert!(bell.was_rung());
    }

    fn broadcast(net: Socket) -> (Broadcast, Sender) {
        let gate = Gate::new(net, vec![viewer()], Bell::new().unwrap());
        Broadcast::new(shown(), gate)
    }

    fn viewer() -> ParticipantId {
        ParticipantId(Uuid::from_u128(1))
    }

    fn shown() -> Shown {
        Shown {
            surface: Surface::Monitor(MonitorId(1)),
            monitor: MonitorId(1),
            area: None,
        }
    }
}
