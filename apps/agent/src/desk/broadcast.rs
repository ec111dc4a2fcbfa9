//! Captures what the session says, and sends each viewer what they do not have of it.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use conclave_protocol::ParticipantId;
use conclave_protocol::remote::MonitorId;
use conclave_remote::Surface;
use conclave_remote::recording::Watch;
use conclave_remote::tiles::FromViewer;

use super::film::Film;
use super::gate::Gate;
use super::idle_talk::IdleTalk;
use super::mailbox::{Happening, Mailbox};
use super::pointer::Pointer;
use super::view::View;
use super::viewer::Viewer;
use crate::ipc::{Broken, Socket};
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

    /// The connection was lost, and with it what was on its way.
    pub(super) fn lose_all(&self) {
        self.gate.change(|admitted| admitted.is_lost = true);
    }
}

impl Drop for Broadcast {
    /// Nothing leaves after it.
    fn drop(&mut self) {
        self.gate.change(|admitted| admitted.is_closed = true);
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
            let Ok(has_more) = self.send(Instant::now()) else {
                // The process with the network is gone, which another thread tells.
                return Ok(());
            };
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
        let next = viewers.chain(film).chain(self.gate.rests_until()).min();
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
        for viewer in &mut self.viewers {
            viewer.show(&self.view, &changed);
        }
        self.film
            .iter_mut()
            .for_each(|film| film.show(&self.view, &changed));
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
        for viewer in &mut self.viewers {
            viewer.show(&self.view, &changed);
        }
        self.film
            .iter_mut()
            .for_each(|film| film.show(&self.view, &changed));
    }

    /// Whether there may be more than goes at once.
    fn send(&mut self, now: Instant) -> Result<bool, Broken> {
        for viewer in &mut self.viewers {
            let id = viewer.id();
            viewer.send(now, &self.view, |message| self.gate.send(id, message))?;
        }
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
