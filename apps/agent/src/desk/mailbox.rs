//! What waits to be told to the session, from all threads.
//!
//! What the person at the computer does, and what the computer says, comes before all that came from afar: a word of
//! the person's never waits behind a technician's messages.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use conclave_protocol::remote::ClipboardText;
use conclave_remote::Done;

use super::places::Look;
use crate::ipc::{NetToDesk, UiToDesk};
use crate::platform::{Bell, Fault};

#[derive(Default)]
pub(super) struct Mailbox {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    is_stopped: bool,
    is_used: bool,
    /// The newest; one that nobody has looked at yet is over.
    look: Option<Box<Look>>,
    near: VecDeque<Happening>,
    far: VecDeque<NetToDesk>,
    is_over: bool,
    /// Sessions follow each other.
    goes_on: bool,
    /// So many are over.
    over: u32,
    /// Rung when one is.
    bells: Vec<Bell>,
}

pub(super) enum Happening {
    /// The stop keys.
    Stop,
    /// Keyboard, mouse or touch of the person's own.
    Used,
    Look(Box<Look>),
    Ui(UiToDesk),
    /// It closed its socket, said what is no message, or has been silent for too long.
    UiGone,
    Copied(ClipboardText),
    Done(Done),
    /// A file is the person's, and lies here.
    Arrived(PathBuf),
    /// The display, or a part of it that a session can't do without.
    DesktopGone,
    Net(NetToDesk),
}

impl Mailbox {
    pub(super) fn stop(&self) {
        self.change(|waiting| waiting.is_stopped = true);
    }

    pub(super) fn used(&self) {
        self.change(|waiting| waiting.is_used = true);
    }

    pub(super) fn look(&self, look: Look) {
        self.change(|waiting| waiting.look = Some(Box::new(look)));
    }

    /// Waits for room.
    pub(super) fn near(&self, happening: Happening) {
        let mut waiting = self.when(|it| it.near.len() < MOST_WAITING);
        waiting.near.push_back(happening);
        self.changed.notify_all();
    }

    /// Waits for room, so that whoever sends more than is taken up waits too.
    pub(super) fn far(&self, message: NetToDesk) {
        let mut waiting = self.when(|it| it.far.len() < MOST_WAITING);
        waiting.far.push_back(message);
        self.changed.notify_all();
    }

    /// What comes first, if anything waits.
    pub(super) fn next(&self) -> Option<Happening> {
        let next = self.lock().next();
        self.changed.notify_all();
        next
    }

    /// What comes first, once there is something; `None` from `until` on.
    pub(super) fn next_until(&self, until: Option<Instant>) -> Option<Happening> {
        let mut waiting = self.lock();
        loop {
            if let Some(next) = waiting.next() {
                self.changed.notify_all();
                return Some(next);
            }
            let left = until.map_or(A_DAY, |at| at.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return None;
            }
            waiting = self.wait(waiting, left);
        }
    }

    /// The session has ended, and what was done for it is undone.
    pub(super) fn over(&self) {
        self.change(|waiting| {
            waiting.is_over = true;
            waiting.over += 1;
            // Those of sessions before are held by nobody else.
            waiting.bells.retain(Bell::is_shared);
            waiting.bells.iter().for_each(Bell::ring);
        });
    }

    /// For who waits for something else, and for the end of a session as well.
    pub(super) fn bell(&self) -> Result<Bell, Fault> {
        let bell = Bell::new()?;
        let kept = bell.clone();
        self.change(|waiting| waiting.bells.push(kept));
        Ok(bell)
    }

    /// Whatever is over from here on, another session may follow it.
    pub(super) fn go_on(&self) {
        self.change(|waiting| waiting.goes_on = true);
    }

    pub(super) fn goes_on(&self) -> bool {
        self.lock().goes_on
    }

    /// One begins.
    pub(super) fn begin(&self) {
        self.change(|waiting| waiting.is_over = false);
    }

    /// Nothing follows.
    pub(super) fn close(&self) {
        self.change(|waiting| waiting.goes_on = false);
    }

    pub(super) fn is_closed(&self) -> bool {
        let waiting = self.lock();
        waiting.is_over && !waiting.goes_on
    }

    /// So many sessions are over: whoever is there for one of them ends when it is more.
    pub(super) fn count(&self) -> u32 {
        self.lock().over
    }

    pub(super) fn is_over_within(&self, time: Duration) -> bool {
        let until = Instant::now() + time;
        let mut waiting = self.lock();
        while !waiting.is_over {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            waiting = self.wait(waiting, left);
        }
        true
    }

    fn change(&self, change: impl FnOnce(&mut Waiting)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    /// After the end there is room for everything: it is never read.
    fn when(&self, has_room: impl Fn(&Waiting) -> bool) -> MutexGuard<'_, Waiting> {
        let mut waiting = self.lock();
        let is_closed = |waiting: &Waiting| waiting.is_over && !waiting.goes_on;
        while !has_room(&waiting) && !is_closed(&waiting) {
            waiting = self.wait(waiting, A_DAY);
        }
        if is_closed(&waiting) {
            waiting.near.clear();
            waiting.far.clear();
        }
        waiting
    }

    fn wait<'a>(
        &self,
        waiting: MutexGuard<'a, Waiting>,
        time: Duration,
    ) -> MutexGuard<'a, Waiting> {
        let woken = self.changed.wait_timeout(waiting, time);
        woken.unwrap_or_else(PoisonError::into_inner).0
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn next(&mut self) -> Option<Happening> {
        if std::mem::take(&mut self.is_stopped) {
            return Some(Happening::Stop);
        }
        if std::mem::take(&mut self.is_used) {
            return Some(Happening::Used);
        }
        if let Some(look) = self.look.take() {
            return Some(Happening::Look(look));
        }
        let near = self.near.pop_front();
        near.or_else(|| self.far.pop_front().map(Happening::Net))
    }
}

/// Of each kind.
const MOST_WAITING: usize = 512;

const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use conclave_protocol::remote::Capability;

    use super::*;

    #[test]
    fn what_the_person_does_comes_before_what_came_from_afar() {
        let mailbox = Mailbox::default();
        mailbox.far(NetToDesk::ConnectionLost);
        mailbox.near(Happening::Ui(UiToDesk::Withdraw(Capability::Control)));
        mailbox.used();
        mailbox.used();
        mailbox.stop();

        assert!(matches!(mailbox.next(), Some(Happening::Stop)));
        assert!(matches!(mailbox.next(), Some(Happening::Used)));
        assert!(matches!(mailbox.next(), Some(Happening::Ui(_))));
        assert!(matches!(mailbox.next(), Some(Happening::Net(_))));
        assert!(mailbox.next().is_none());
    }

    #[test]
    fn whoever_sends_too_much_waits_until_something_is_taken() {
        let mailbox = Arc::new(Mailbox::default());
        for _ in 0..MOST_WAITING {
            mailbox.far(NetToDesk::ConnectionLost);
        }
        let sender = Arc::clone(&mailbox);
        let sends = std::thread::spawn(move || sender.far(NetToDesk::ConnectionRestored));

        assert!(matches!(
            mailbox.next(),
            Some(Happening::Net(NetToDesk::ConnectionLost))
        ));
        sends.join().unwrap();
    }

    #[test]
    fn between_two_sessions_what_is_said_waits_for_the_next() {
        let mailbox = Mailbox::default();
        mailbox.go_on();
        mailbox.over();
        mailbox.far(NetToDesk::ConnectionLost);
        mailbox.far(NetToDesk::ConnectionRestored);
        assert!(mailbox.is_over_within(Duration::ZERO) && !mailbox.is_closed());

        assert!(mailbox.goes_on() && mailbox.count() == 1);
        mailbox.begin();

        assert!(!mailbox.is_over_within(Duration::ZERO));
        for _ in 0..2 {
            assert!(matches!(mailbox.next(), Some(Happening::Net(_))));
        }
        mailbox.close();
        mailbox.over();
        assert!(mailbox.is_closed() && !mailbox.goes_on());
    }

    #[test]
    fn who_waits_for_something_else_is_woken_by_the_end_of_a_session() {
        let mailbox = Mailbox::default();
        let bell = mailbox.bell().unwrap();
        drop(mailbox.bell().unwrap());
        mailbox.used();
        assert!(!bell.was_rung());

        for _ in 0..2 {
            mailbox.over();
            assert!(bell.was_rung());
        }

        assert_eq!(mailbox.lock().bells.len(), 1);
    }

    #[test]
    fn after_the_end_nobody_waits() {
        let mailbox = Mailbox::default();
        mailbox.over();
        for _ in 0..=2 * MOST_WAITING {
            mailbox.far(NetToDesk::ConnectionLost);
        }

        assert!(mailbox.is_over_within(Duration::ZERO));
    }
}
