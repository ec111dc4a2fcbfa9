//! Wakes whoever waits for a desktop, from another thread: they need not look again and again whether somebody wants them.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::time::Duration;

use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustix::io::{read, write};

use super::Fault;

/// Rung while nobody waits, it is heard by whoever waits next.
#[derive(Clone)]
pub struct Bell(Arc<OwnedFd>);

impl Bell {
    pub fn new() -> Result<Self, Fault> {
        let made = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK);
        let bell = made.map_err(|error| Fault::NoBell(Box::new(error)))?;
        Ok(Self(Arc::new(bell)))
    }

    pub fn ring(&self) {
        // Refused where it was rung more often than can be counted, so it is heard all the same.
        let _counted = write(&self.0, &1_u64.to_ne_bytes());
    }

    /// Whether it was rung since it was last heard.
    pub fn was_rung(&self) -> bool {
        read(&self.0, &mut [0_u8; 8]).is_ok()
    }

    /// Waits for it, and for nothing else. False: it was not rung in this time.
    pub fn rings_within(&self, time: Duration) -> bool {
        let time = Timespec::try_from(time).ok();
        let mut bell = [PollFd::new(self, PollFlags::IN)];
        let _ready = poll(&mut bell, time.as_ref());
        self.was_rung()
    }

    /// Somebody else may hear it.
    pub fn is_shared(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }
}

impl AsFd for Bell {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_rung_is_heard_once_however_often_it_was() {
        let bell = Bell::new().unwrap();
        assert!(!bell.was_rung());

        let ringer = bell.clone();
        let rings = std::thread::spawn(move || (0..3).for_each(|_| ringer.ring()));
        rings.join().unwrap();

        assert!(bell.rings_within(Duration::MAX));
        assert!(!bell.rings_within(Duration::ZERO));
        assert!(!bell.is_shared());
    }
}
