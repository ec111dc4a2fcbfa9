//! A connection to an X display, and waiting for its events.

use std::ops::Deref;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use x11rb::connection::{Connection, RequestConnection};
use x11rb::errors::{ConnectionError, ReplyError};
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{Atom, ConnectionExt, Window};
use x11rb::rust_connection::RustConnection;

use crate::platform::{Bell, Fault, Size};

pub(super) struct Display {
    connection: RustConnection,
    root: Window,
    depth: u8,
    bell: Option<Bell>,
}

/// What ended a wait.
pub(super) enum Woken<T> {
    By(T),
    /// It is heard with this.
    ByBell,
    /// Nothing, until the end of its time.
    Late,
}

impl Display {
    /// `None`: the one that `DISPLAY` names.
    pub(super) fn open(name: Option<&str>) -> Result<Self, Fault> {
        let (connection, screen) = RustConnection::connect(name)?;
        let screen = connection.setup().roots.get(screen);
        let screen = screen.ok_or(Fault::Lacks("the screen that its name says"))?;
        let (root, depth) = (screen.root, screen.root_depth);
        Ok(Self {
            connection,
            root,
            depth,
            bell: None,
        })
    }

    /// From then on it ends what waits in [`Self::woken`].
    pub(super) fn heed(&mut self, bell: Bell) {
        self.bell = Some(bell);
    }

    pub(super) fn root(&self) -> Window {
        self.root
    }

    pub(super) fn depth(&self) -> u8 {
        self.depth
    }

    /// At this moment; what was said when it was opened may be over.
    pub(super) fn size(&self) -> Result<Size, Fault> {
        let geometry = self.get_geometry(self.root)?.reply()?;
        Ok(Size {
            width: geometry.width.into(),
            height: geometry.height.into(),
        })
    }

    pub(super) fn needs(&self, extension: &'static str) -> Result<(), Fault> {
        let found = self.extension_information(extension)?;
        found.map(|_| ()).ok_or(Fault::Lacks(extension))
    }

    pub(super) fn atom(&self, name: &str) -> Result<Atom, Fault> {
        Ok(self.intern_atom(false, name.as_bytes())?.reply()?.atom)
    }

    /// What happened next, or `None` when nothing did until then. No bell is heard meanwhile.
    pub(super) fn next_event(&self, until: Instant) -> Result<Option<Event>, Fault> {
        match self.wait(until, None)? {
            Woken::By(event) => Ok(Some(event)),
            Woken::ByBell | Woken::Late => Ok(None),
        }
    }

    /// What happened next, until then or until the bell.
    pub(super) fn woken(&self, until: Instant) -> Result<Woken<Event>, Fault> {
        self.wait(until, self.bell.as_ref())
    }

    fn wait(&self, until: Instant, bell: Option<&Bell>) -> Result<Woken<Event>, Fault> {
        loop {
            if let Some(event) = self.poll_for_event()? {
                return Ok(Woken::By(event));
            }
            self.flush()?;
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Woken::Late);
            }
            self.wait_readable(left, bell)?;
            if bell.is_some_and(Bell::was_rung) {
                return Ok(Woken::ByBell);
            }
        }
    }

    /// Some events come to every connection, asked for or not. A request that failed unnoticed is noticed here.
    pub(super) fn forget_events(&self) -> Result<(), Fault> {
        while let Some(event) = self.poll_for_event()? {
            if let Event::Error(error) = event {
                return Err(ReplyError::X11Error(error).into());
            }
        }
        Ok(())
    }

    fn wait_readable(&self, left: Duration, bell: Option<&Bell>) -> Result<(), Fault> {
        let left = Timespec::try_from(left).ok();
        let stream = PollFd::new(self.connection.stream(), PollFlags::IN);
        let bell = bell.map(|bell| PollFd::new(bell, PollFlags::IN));
        let mut either: Vec<PollFd<'_>> = [stream].into_iter().chain(bell).collect();
        match poll(&mut either, left.as_ref()) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(ConnectionError::from(std::io::Error::from(error)).into()),
        }
    }
}

/// So long from this moment on, and at most a day: nobody waits longer without asking again.
pub(super) fn after(time: Duration) -> Instant {
    Instant::now() + time.min(LONGEST_WAIT)
}

const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

impl Deref for Display {
    type Target = RustConnection;

    fn deref(&self) -> &RustConnection {
        &self.connection
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_waits_longer_than_a_day() {
        let day = Instant::now() + LONGEST_WAIT;

        assert!(after(Duration::MAX) < day + Duration::from_secs(60));
        assert!(after(Duration::ZERO) < day);
    }
}
