//! A meeting's secret, as the vault keeps it until the meeting is over.

use zeroize::Zeroizing;

use super::Vault;
use crate::meeting::MeetingId;
use crate::passcode::Passcode;

/// What it takes to host a meeting on another device. Has no printable form.
pub struct Kept {
    pub(super) fragment: Zeroizing<String>,
    pub(super) passcode: Option<Passcode>,
    pub(super) until: u64,
}

/// Why a meeting is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotKept {
    #[error("the vault has as many meetings as it takes")]
    Full,
    #[error("not the end of a meeting's link")]
    Malformed,
}

impl Kept {
    /// `None` for what can't stand at the end of a link, and for what is no passcode.
    #[must_use]
    pub fn new(fragment: &str, passcode: Option<&str>, until: u64) -> Option<Self> {
        let passcode = passcode.map(Passcode::read).transpose().ok()?;
        let is_sound = (1..=MOST_FRAGMENT_BYTES).contains(&fragment.len())
            && fragment.bytes().all(|byte| byte.is_ascii_graphic());
        is_sound.then(|| Self {
            fragment: Zeroizing::new(fragment.to_owned()),
            passcode,
            until,
        })
    }

    /// What stands behind the `#` of the meeting's link.
    #[must_use]
    pub fn fragment(&self) -> &str {
        &self.fragment
    }

    #[must_use]
    pub fn passcode(&self) -> Option<&str> {
        self.passcode.as_ref().map(Passcode::digits)
    }

    /// Seconds since 1970, after which nobody needs it.
    #[must_use]
    pub fn until(&self) -> u64 {
        self.until
    }
}

impl Vault {
    /// Ascending by id.
    pub fn meetings(&self) -> impl Iterator<Item = (MeetingId, &Kept)> {
        let meetings = self.content.meetings.iter();
        meetings.map(|(meeting, kept)| (*meeting, kept))
    }

    /// In place of what was kept of the meeting, but for its passcode where `kept` has none: a meeting doesn't lose it
    /// because a browser doesn't know it. A full vault forgets the meeting that is over for longest.
    pub fn keep(&mut self, meeting: MeetingId, mut kept: Kept, now: u64) -> Result<(), NotKept> {
        let meetings = &mut self.content.meetings;
        if meetings.len() >= MOST_MEETINGS && !meetings.contains_key(&meeting) {
            let oldest = meetings.iter().min_by_key(|(_, kept)| kept.until);
            let over = oldest.filter(|(_, kept)| kept.until < now);
            let over = *over.ok_or(NotKept::Full)?.0;
            meetings.remove(&over);
        }
        let before = meetings.remove(&meeting);
        kept.passcode = kept.passcode.or(before.and_then(|before| before.passcode));
        meetings.insert(meeting, kept);
        Ok(())
    }

    pub fn forget(&mut self, meeting: MeetingId) {
        self.content.meetings.remove(&meeting);
    }
}

/// Of one account.
pub const MOST_MEETINGS: usize = 500;
/// A secret, a point, and a host's key are 87.
pub const MOST_FRAGMENT_BYTES: usize = 128;
