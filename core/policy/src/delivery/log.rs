//! The latest commits of a group, so that a member who missed some need not enter again.

use std::collections::VecDeque;

use conclave_protocol::ParticipantId;
use conclave_protocol::mls::{Epoch, Opaque};

/// A commit that was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedCommit {
    /// That it applies to.
    pub epoch: Epoch,
    pub sender: ParticipantId,
    pub message: Opaque,
}

/// Oldest first, without gaps, within bounds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Log {
    commits: VecDeque<LoggedCommit>,
    bytes: usize,
}

impl Log {
    /// What was kept of a group that is in `epoch`; what does not lead there is left out.
    pub(super) fn restored(epoch: Epoch, mut kept: Vec<LoggedCommit>) -> Self {
        kept.sort_by_key(|commit| commit.epoch);
        let mut log = Self::default();
        for commit in kept {
            if log
                .commits
                .back()
                .is_some_and(|last| last.epoch.next() != commit.epoch)
            {
                log = Self::default();
            }
            log.push(commit);
        }
        match log.last().is_some_and(|last| last.epoch.next() == epoch) {
            true => log,
            false => Self::default(),
        }
    }

    pub(super) fn push(&mut self, commit: LoggedCommit) {
        self.bytes += commit.message.as_bytes().len();
        self.commits.push_back(commit);
        while self.commits.len() > LONGEST_LOG || self.bytes > LARGEST_LOG {
            self.forget_oldest();
        }
    }

    /// The oldest epoch that is kept once `message` is, too.
    pub(super) fn oldest_with(&self, epoch: Epoch, message: &Opaque) -> Epoch {
        let mut length = self.commits.len() + 1;
        let mut bytes = self.bytes + message.as_bytes().len();
        for commit in &self.commits {
            if length <= LONGEST_LOG && bytes <= LARGEST_LOG {
                return commit.epoch;
            }
            length -= 1;
            bytes -= commit.message.as_bytes().len();
        }
        epoch
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &LoggedCommit> {
        self.commits.iter()
    }

    fn last(&self) -> Option<&LoggedCommit> {
        self.commits.back()
    }

    pub(super) fn oldest(&self) -> Option<Epoch> {
        self.commits.front().map(|commit| commit.epoch)
    }

    /// Every commit from `epoch` on; `None` when one of them is forgotten.
    pub(super) fn from(&self, epoch: Epoch) -> Option<impl Iterator<Item = &LoggedCommit>> {
        let reaches = self.oldest().is_some_and(|oldest| oldest <= epoch);
        reaches.then(|| {
            self.commits
                .iter()
                .filter(move |commit| commit.epoch >= epoch)
        })
    }

    fn forget_oldest(&mut self) {
        if let Some(forgotten) = self.commits.pop_front() {
            self.bytes -= forgotten.message.as_bytes().len();
        }
    }
}

/// Commits that are kept of a group. More bridge longer absences; entering again costs every other member one commit.
pub const LONGEST_LOG: usize = 64;
/// Bytes of them: some ten of the largest.
pub const LARGEST_LOG: usize = 4 * 1_024 * 1_024;

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn commit(epoch: u64, length: usize) -> LoggedCommit {
        LoggedCommit {
            epoch: Epoch(epoch),
            sender: ParticipantId(Uuid::from_u128(1)),
            message: Opaque::new(vec![0; length]).unwrap(),
        }
    }

    fn push(log: &mut Log, commit: LoggedCommit) {
        let foretold = log.oldest_with(commit.epoch, &commit.message);
        log.push(commit);
        assert_eq!(log.oldest(), Some(foretold));
    }

    #[test]
    fn a_full_log_forgets_its_oldest_commit() {
        let mut log = Log::default();

        for epoch in 0..=LONGEST_LOG as u64 {
            push(&mut log, commit(epoch, 1));
        }

        assert!(log.from(Epoch(0)).is_none());
        assert_eq!(log.from(Epoch(1)).unwrap().count(), LONGEST_LOG);
    }

    #[test]
    fn large_commits_fill_it_sooner() {
        let mut log = Log::default();
        let largest = 512 * 1_024;

        for epoch in 0..20 {
            push(&mut log, commit(epoch, largest));
        }

        assert_eq!(log.commits.len(), LARGEST_LOG / largest);
        assert_eq!(log.bytes, LARGEST_LOG);
    }

    #[test]
    fn what_does_not_lead_to_the_groups_epoch_is_not_restored() {
        let kept = |epochs: &[u64]| epochs.iter().map(|epoch| commit(*epoch, 1)).collect();

        assert_eq!(
            Log::restored(Epoch(4), kept(&[1, 3, 2])).oldest(),
            Some(Epoch(1))
        );
        assert_eq!(
            Log::restored(Epoch(4), kept(&[0, 2, 3])).oldest(),
            Some(Epoch(2))
        );
        assert_eq!(Log::restored(Epoch(5), kept(&[1, 2, 3])).oldest(), None);
    }
}
