//! What the management centre asks: meetings that took place, and what reports rest on.

use std::cmp::Reverse;

use conclave_audit::Entry;
use conclave_protocol::meeting::MeetingState;
use conclave_protocol::{MeetingId, OrganisationId, ParticipantId, Timestamp};
use uuid::Uuid;

use super::Store;
use crate::error::ReadError;
use crate::read::device::{self, Device};
use crate::read::meeting_session::{self, Attendance, MOST_ATTENDANCES, MeetingSession, Search};
use crate::read::quality::{self, Flow, Interval, MOST_INTERVALS};
use crate::read::review::{
    self, AccountStanding, ENTRIES_AT_A_TIME, LoggedEntry, MOST_ROWS, MOST_SEARCHED,
    MeetingQuality, least_id,
};

/// What a search of the log found, oldest first.
pub struct Logged {
    pub entries: Vec<Entry>,
    /// There may be more: as many were found, or looked through, as one answer may hold.
    pub is_cut: bool,
}

/// Whose log is looked through, from `from` on and before `to`.
#[derive(Clone, Copy)]
pub struct LogSearch<'a> {
    /// Absent for the installation's.
    pub log: Option<OrganisationId>,
    pub from: Timestamp,
    pub to: Timestamp,
    /// An entry's bytes hold one of these.
    pub words: &'a [&'a str],
    pub most: usize,
}

/// Whose log is looked through from its end on: what is from `from` on and before `to`.
#[derive(Clone, Copy)]
pub struct LookBack<'a> {
    pub log: OrganisationId,
    pub from: Timestamp,
    pub to: Timestamp,
    /// Where an earlier look ended.
    pub before: Option<Uuid>,
    /// An entry's bytes hold it.
    pub word: &'a str,
    /// Of those, which.
    pub wanted: &'a (dyn Fn(&Entry) -> bool + Sync),
    pub most: usize,
}

/// What a look back found.
pub struct LookedBack {
    /// Newest first.
    pub entries: Vec<Entry>,
    /// Where a further look begins; absent where nothing is left.
    pub next: Option<Uuid>,
}

impl Store {
    /// The latest first.
    pub async fn meeting_sessions(&self, search: Search) -> Result<Vec<MeetingSession>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let mut found = meeting_session::search(&mut reader.link(), search).await?;
        for session in &mut found {
            if overlay.has_meeting_ended(session.id) {
                session.state = MeetingState::Ended;
            }
        }
        let wanted = |session: &MeetingSession| search.state.is_none_or(|s| s == session.state);
        found.retain(wanted);
        Ok(found)
    }

    /// `None` for one that never began.
    pub async fn meeting_session(
        &self,
        id: MeetingId,
    ) -> Result<Option<MeetingSession>, ReadError> {
        let overlay = self.parts.spool.overlay();
        let mut reader = self.reader().await?;
        let mut found = meeting_session::one(&mut reader.link(), id).await?;
        if let Some(session) = &mut found
            && overlay.has_meeting_ended(id)
        {
            session.state = MeetingState::Ended;
        }
        Ok(found)
    }

    /// Who was in, whoever came first first; names are of this organisation's accounts.
    pub async fn attendances(
        &self,
        meeting: MeetingId,
        organisation: OrganisationId,
    ) -> Result<Vec<Attendance>, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        Ok(meeting_session::attendances(link, meeting, organisation, MOST_ATTENDANCES).await?)
    }

    /// How everybody's media did in each direction, over the whole meeting.
    pub async fn flows(&self, meeting: MeetingId) -> Result<Vec<Flow>, ReadError> {
        let mut reader = self.reader().await?;
        let found = quality::flows_of(&mut reader.link(), meeting).await?;
        Ok(Flow::joined(found))
    }

    /// So from the minute of `since` on.
    pub async fn flows_since(
        &self,
        meeting: MeetingId,
        since: Timestamp,
    ) -> Result<Vec<Flow>, ReadError> {
        let mut reader = self.reader().await?;
        let since = quality::minute(since);
        let found = quality::flows_since(&mut reader.link(), meeting, since).await?;
        Ok(Flow::joined(found))
    }

    /// Minute by minute and track by track, [`MOST_INTERVALS`] at the most.
    pub async fn quality_intervals(
        &self,
        participant: ParticipantId,
    ) -> Result<Vec<Interval>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(quality::intervals_of(&mut reader.link(), participant, MOST_INTERVALS).await?)
    }

    /// Of all that were not removed, oldest first, [`MOST_ROWS`] at the most.
    pub async fn account_standings(
        &self,
        organisation: OrganisationId,
    ) -> Result<Vec<AccountStanding>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(review::standings(&mut reader.link(), organisation, MOST_ROWS).await?)
    }

    /// What the organisation's accounts are used with at this moment, by their holders' names; [`MOST_ROWS`] at the most.
    pub async fn device_inventory(
        &self,
        organisation: OrganisationId,
        now: Timestamp,
    ) -> Result<Vec<Device>, ReadError> {
        let mut reader = self.reader().await?;
        Ok(device::devices(&mut reader.link(), organisation, now, MOST_ROWS).await?)
    }

    /// Of the meetings that began in this time, the latest first, [`MOST_ROWS`] at the most.
    pub async fn meeting_qualities(
        &self,
        organisation: OrganisationId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<MeetingQuality>, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        Ok(review::qualities(link, organisation, from, to, MOST_ROWS).await?)
    }

    /// Looks through the log, [`MOST_SEARCHED`] entries at the most.
    pub async fn logged(&self, search: LogSearch<'_>) -> Result<Logged, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let (mut after, before) = (least_id(search.from), least_id(search.to));
        let mut found = Found::default();
        let mut searched = 0;
        loop {
            let rows = match search.log {
                Some(log) => review::logged(link, log, after, before, ENTRIES_AT_A_TIME).await?,
                None => review::logged_of_none(link, after, before, ENTRIES_AT_A_TIME).await?,
            };
            let (count, last) = (rows.len(), rows.last().map(|row| row.id));
            found.take(rows, &search);
            searched += ENTRIES_AT_A_TIME;
            let Some(last) = last.filter(|_| count >= ENTRIES_AT_A_TIME as usize) else {
                return Ok(found.in_order());
            };
            if searched >= MOST_SEARCHED || found.is_cut {
                found.is_cut = true;
                return Ok(found.in_order());
            }
            after = Uuid::from_u128(last.as_u128().saturating_add(1));
        }
    }

    /// So from the end on, for whom the newest matter most.
    pub async fn looked_back(&self, look: LookBack<'_>) -> Result<LookedBack, ReadError> {
        let mut reader = self.reader().await?;
        let link = &mut reader.link();
        let from = least_id(look.from);
        let end = least_id(look.to);
        let mut before = look.before.map_or(end, |before| before.min(end));
        let mut found = Vec::new();
        for _ in 0..MOST_SEARCHED / ENTRIES_AT_A_TIME {
            let rows = review::logged_back(link, look.log, from, before, ENTRIES_AT_A_TIME).await?;
            let is_last = rows.len() < ENTRIES_AT_A_TIME as usize;
            for row in rows {
                if let Some(entry) = look.finds(&row) {
                    if found.len() >= look.most {
                        return Ok(LookedBack::of(found, Some(before)));
                    }
                    found.push((row.position, entry));
                }
                before = row.id;
            }
            if is_last {
                return Ok(LookedBack::of(found, None));
            }
        }
        Ok(LookedBack::of(found, Some(before)))
    }
}

impl LookBack<'_> {
    /// An entry that can't be read is not told of here: verifying the log finds it.
    fn finds(&self, row: &LoggedEntry) -> Option<Entry> {
        if !holds(&row.bytes, self.word) {
            return None;
        }
        let entry = Entry::from_canonical(&row.bytes).ok();
        entry.filter(|entry| (self.wanted)(entry))
    }
}

impl LookedBack {
    /// Of entries with their positions: within a millisecond ids are no order.
    fn of(mut found: Vec<(i64, Entry)>, next: Option<Uuid>) -> Self {
        found.sort_by_key(|(position, entry)| Reverse((entry.time, *position)));
        let entries = found.into_iter().map(|(_, entry)| entry);
        Self {
            entries: entries.collect(),
            next,
        }
    }
}

/// Entries with their positions, in the order of their ids: within a millisecond that is no order.
#[derive(Default)]
struct Found {
    entries: Vec<(i64, Entry)>,
    is_cut: bool,
}

impl Found {
    /// An entry that can't be read is not told of here: verifying the log finds it.
    fn take(&mut self, rows: Vec<LoggedEntry>, search: &LogSearch<'_>) {
        for row in rows {
            if !search.words.iter().any(|word| holds(&row.bytes, word)) {
                continue;
            }
            if self.entries.len() >= search.most {
                self.is_cut = true;
                return;
            }
            let entry = Entry::from_canonical(&row.bytes).ok();
            self.entries
                .extend(entry.map(|entry| (row.position, entry)));
        }
    }

    fn in_order(mut self) -> Logged {
        self.entries
            .sort_by_key(|(position, entry)| (entry.time, *position));
        Logged {
            entries: self.entries.into_iter().map(|(_, entry)| entry).collect(),
            is_cut: self.is_cut,
        }
    }
}

fn holds(bytes: &[u8], word: &str) -> bool {
    let word = word.as_bytes();
    bytes.windows(word.len().max(1)).any(|part| part == word)
}
