//! The launcher's processes. None of them outlives this value.

use std::io;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

use crate::signals::Signals;

#[derive(Default)]
pub(super) struct Children(Vec<Running>);

struct Running {
    child: Child,
    /// For it to end by itself, once another has.
    grace: Duration,
}

impl Children {
    pub(super) fn add(&mut self, child: Child, grace: Duration) {
        self.0.push(Running { child, grace });
    }

    /// The one that was added last ends when the system says so, and the others with it, each in its own way.
    pub(super) fn heed(&self, signals: Signals) -> io::Result<()> {
        let Some(last) = self.0.last() else {
            return Ok(());
        };
        let last = watch(&last.child)?;
        thread::spawn(move || {
            signals.wait();
            // It may be gone by then.
            let _ended = pidfd_send_signal(&last, Signal::KILL);
        });
        Ok(())
    }

    /// Whether it ended well.
    pub(super) fn wait_for_one(&mut self) -> io::Result<bool> {
        loop {
            if let Some(well) = self.reap()? {
                return Ok(well);
            }
            self.sleep(None)?;
        }
    }

    /// Gives each that is left its time, and then none. Whether all ended well: those that are killed are not asked.
    pub(super) fn end(&mut self) -> io::Result<bool> {
        let begun = Instant::now();
        let mut are_well = true;
        while !self.0.is_empty() {
            match self.reap()? {
                Some(well) => are_well &= well,
                None => {
                    self.kill_late(begun.elapsed());
                    self.sleep(self.patience(begun.elapsed()))?;
                }
            }
        }
        Ok(are_well)
    }

    fn kill_late(&mut self, passed: Duration) {
        self.0.retain_mut(|running| {
            let is_in_time = running.grace > passed;
            if !is_in_time {
                running.kill();
            }
            is_in_time
        });
    }

    /// Until the next has no time left.
    fn patience(&self, passed: Duration) -> Option<Duration> {
        let left = self.0.iter();
        let left = left.map(|running| running.grace.saturating_sub(passed));
        Some(left.min().unwrap_or_default())
    }

    /// `None`: all of them run.
    fn reap(&mut self) -> io::Result<Option<bool>> {
        for at in 0..self.0.len() {
            let running = self.0.get_mut(at).map(|running| &mut running.child);
            let ended = running.map(Child::try_wait).transpose()?;
            if ended.flatten().is_some() {
                let status = self.0.swap_remove(at).child.wait()?;
                return Ok(Some(status.success()));
            }
        }
        Ok(None)
    }

    /// Until one has ended, or this time is over.
    fn sleep(&self, time: Option<Duration>) -> io::Result<()> {
        let children = self.0.iter().map(|running| &running.child);
        let watched: Vec<OwnedFd> = children.map(watch).collect::<io::Result<_>>()?;
        let mut watched: Vec<PollFd<'_>> = watched
            .iter()
            .map(|child| PollFd::new(child, PollFlags::IN))
            .collect();
        let time = time.and_then(|time| Timespec::try_from(time).ok());
        match poll(&mut watched, time.as_ref()) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn kill(&mut self) {
        for mut running in self.0.drain(..) {
            running.kill();
        }
    }
}

impl Running {
    fn kill(&mut self) {
        // It may have ended by itself in between.
        let _ended = self.child.kill();
        let _status = self.child.wait();
    }
}

impl Drop for Children {
    fn drop(&mut self) {
        self.kill();
    }
}

fn watch(child: &Child) -> io::Result<OwnedFd> {
    let number = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let number = number.ok_or(io::ErrorKind::NotFound)?;
    Ok(pidfd_open(number, PidfdFlags::empty())?)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn children(commands: &[&str], grace: Duration) -> Children {
        let mut children = Children::default();
        for command in commands {
            let child = Command::new("/bin/sh").args(["-c", command]).spawn();
            children.add(child.unwrap(), grace);
        }
        children
    }

    #[test]
    fn the_first_that_ends_is_told_and_the_others_are_killed() {
        for (command, well) in [("exit 0", true), ("exit 3", false)] {
            let commands = ["exec sleep 600", command, "exec sleep 600"];
            let mut children = children(&commands, Duration::ZERO);

            assert_eq!(children.wait_for_one().unwrap(), well);
            assert!(children.end().unwrap());
            assert!(children.0.is_empty());
        }
    }

    #[test]
    fn those_that_end_by_themselves_are_given_the_time_and_heard() {
        let mut children = children(&["exit 1", "exit 0"], Duration::from_secs(60));

        assert!(!children.end().unwrap());
    }

    #[test]
    fn each_has_a_time_of_its_own() {
        let mut children = children(&["exec sleep 600"], Duration::ZERO);
        let ends = Command::new("/bin/sh").args(["-c", "exit 1"]).spawn();
        children.add(ends.unwrap(), Duration::from_secs(60));

        assert!(!children.end().unwrap());
        assert!(children.0.is_empty());
    }
}
