//! A host's no to somebody: turned away who waits, put out who is in. It is said to a person, from however many browsers they came.
//!
//! Who came twice with one account has two places, and would keep one of them. So whoever is put out is out with every place
//! of their account in that meeting. Whoever is turned away waits nowhere else with it; where they are in they stay, for a host
//! let them in, and puts them out by a command that says so. Nobody's host places are taken: no host is put out. Computers go
//! with their owners, and are no person's place. Of guests without an account nobody knows who came twice.

use conclave_protocol::meeting::Admission;
use conclave_protocol::{MeetingId, ParticipantId, Timestamp};
use serde::{Deserialize, Serialize};

use super::participant::raise_revision;
use super::{Action, Apply, Essential, Failure, Revision, companion};
use crate::engine::{Link, statements};
use crate::error::Refused;

/// Turns somebody away who waits. They may have the link: from here on it lets nobody straight in; nor does the list them.
/// Refused: [`Refused::NotWaiting`], [`Refused::NotFound`].
#[derive(Clone, Serialize, Deserialize)]
pub struct Deny {
    pub meeting: MeetingId,
    pub participant: ParticipantId,
    /// What readers see until the database has it ([`crate::Store::foresee_deny`]).
    #[serde(default)]
    pub also: Also,
    pub at: Timestamp,
}

/// Puts somebody out who is in. They may have the link: from here on it lets nobody straight in; nor does the list them.
/// Refused: [`Refused::NotInside`], [`Refused::NotFound`].
#[derive(Clone, Serialize, Deserialize)]
pub struct Expel {
    pub meeting: MeetingId,
    pub participant: ParticipantId,
    /// Who asks for it, where they are in. Whoever puts their own other place out keeps this one.
    #[serde(default)]
    pub by: Option<ParticipantId>,
    /// What readers see until the database has it ([`crate::Store::foresee_expel`]).
    #[serde(default)]
    pub also: Also,
    pub at: Timestamp,
}

/// Other places of the same account, which go with the one that an act names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Also {
    pub put_out: Vec<ParticipantId>,
    pub turned_away: Vec<ParticipantId>,
}

/// The raised revision, and whom else to send away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Kept")]
pub struct Gone {
    pub revision: Revision,
    pub also: Also,
}

/// An answer as it is kept with an idempotency key. One of before had the revision alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept {
    Gone { revision: Revision, also: Also },
    Revision(Revision),
}

impl From<Kept> for Gone {
    fn from(kept: Kept) -> Self {
        match kept {
            Kept::Gone { revision, also } => Self { revision, also },
            Kept::Revision(revision) => Self {
                revision,
                also: Also::default(),
            },
        }
    }
}

impl Also {
    /// What putting somebody out takes along, of their account's other places.
    pub(crate) fn of_expel(places: Vec<Place>, by: Option<ParticipantId>) -> Self {
        let mut also = Self::of_deny(places.clone());
        let inside = places
            .into_iter()
            .filter(|(_, at)| *at == Admission::Admitted);
        let inside = inside.map(|(participant, _)| participant);
        also.put_out = inside.filter(|place| Some(*place) != by).collect();
        also
    }

    /// What turning somebody away takes along.
    pub(crate) fn of_deny(places: Vec<Place>) -> Self {
        let waiting = places
            .into_iter()
            .filter(|(_, at)| *at != Admission::Admitted);
        Self {
            put_out: Vec::new(),
            turned_away: waiting.map(|(participant, _)| participant).collect(),
        }
    }

    async fn take(
        &self,
        link: &mut Link<'_>,
        meeting: MeetingId,
        at: Timestamp,
    ) -> Result<(), sqlx::Error> {
        for participant in &self.put_out {
            expel(link, *participant, meeting, at).await?;
        }
        for participant in &self.turned_away {
            deny(link, *participant, meeting, at).await?;
        }
        Ok(())
    }
}

/// Somebody who waits or is in.
pub(crate) type Place = (ParticipantId, Admission);

impl Action for Deny {}

impl Essential for Deny {
    fn meeting(&self) -> Option<MeetingId> {
        Some(self.meeting)
    }

    fn foresee(&self, revision: Revision) -> Gone {
        let also = self.also.clone();
        Gone { revision, also }
    }
}

impl Apply for Deny {
    type Done = Gone;

    async fn apply(self, link: &mut Link<'_>) -> Result<Gone, Failure> {
        if deny(link, self.participant, self.meeting, self.at).await? == 0 {
            return Err(Refused::NotWaiting.into());
        }
        let also = Also::of_deny(places_beside(link, self.participant).await?);
        also.take(link, self.meeting, self.at).await?;
        shut_behind(link, self.participant, self.meeting, None).await?;
        let revision = Revision(raise_revision(link, self.meeting).await?);
        Ok(Gone { revision, also })
    }
}

impl Action for Expel {}

impl Essential for Expel {
    fn meeting(&self) -> Option<MeetingId> {
        Some(self.meeting)
    }

    fn foresee(&self, revision: Revision) -> Gone {
        let also = self.also.clone();
        Gone { revision, also }
    }
}

impl Apply for Expel {
    type Done = Gone;

    async fn apply(self, link: &mut Link<'_>) -> Result<Gone, Failure> {
        if expel(link, self.participant, self.meeting, self.at).await? == 0 {
            return Err(Refused::NotInside.into());
        }
        let also = Also::of_expel(places_beside(link, self.participant).await?, self.by);
        also.take(link, self.meeting, self.at).await?;
        companion::follow_owners(link, self.meeting, self.at).await?;
        shut_behind(link, self.participant, self.meeting, self.by).await?;
        let revision = Revision(raise_revision(link, self.meeting).await?);
        Ok(Gone { revision, also })
    }
}

/// Whoever a host refused knows the link, and may be on the list: neither is a way back in. Whose own place it was, or whose
/// computer, stays on it.
async fn shut_behind(
    link: &mut Link<'_>,
    participant: ParticipantId,
    meeting: MeetingId,
    by: Option<ParticipantId>,
) -> Result<(), sqlx::Error> {
    shut(link, meeting).await?;
    take_off_the_list(link, participant, meeting, by).await?;
    Ok(())
}

statements! {
    all places_beside(id: ParticipantId) -> (ParticipantId, Admission)
        = "SELECT p.id, p.admission
           FROM participant p JOIN participant named
             ON named.meeting = p.meeting AND named.account = p.account
           WHERE named.id = $1 AND named.role <> 'companion' AND p.id <> $1
             AND p.role NOT IN ('host', 'companion')
             AND p.admission IN ('waiting', 'host_absent', 'admitted')
           ORDER BY p.id";

    execute deny(id: ParticipantId, meeting: MeetingId, at: Timestamp)
        = "UPDATE participant SET admission = 'denied', left_at = $3
           WHERE id = $1 AND meeting = $2 AND admission IN ('waiting', 'host_absent')";

    execute expel(id: ParticipantId, meeting: MeetingId, at: Timestamp)
        = "UPDATE participant
           SET admission = 'expelled', left_at = $3, connected = FALSE, connection_changed_at = $3
           WHERE id = $1 AND meeting = $2 AND admission = 'admitted'";

    execute shut(id: MeetingId)
        = "UPDATE meeting SET link_admits = FALSE WHERE id = $1";

    execute take_off_the_list(id: ParticipantId, meeting: MeetingId, by: Option<ParticipantId>)
        = "DELETE FROM meeting_invited
           WHERE meeting = $2 AND email_normalised =
             (SELECT a.email_normalised FROM participant p JOIN account a ON a.id = p.account
              WHERE p.id = $1 AND p.role <> 'companion'
                AND NOT EXISTS (SELECT 1 FROM participant b WHERE b.id = $3 AND b.account = p.account))";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_before_is_read() {
        let before: Gone = serde_json::from_str("7").unwrap();
        let since = Gone {
            revision: Revision(7),
            also: Also::default(),
        };

        assert_eq!(before, since);
        let kept = serde_json::to_string(&since).unwrap();
        assert_eq!(serde_json::from_str::<Gone>(&kept).unwrap(), since);
    }
}
