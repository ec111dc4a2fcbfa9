//! Emergency access: taken, used, given back or over, reviewed; and the operator's drills.

use std::collections::BTreeSet;

use conclave_policy::Reason;
use conclave_policy::emergency::{self, Inside};
use conclave_protocol::emergency::{EmergencyEnd, EmergencyOutcome, EmergencyReason};
use conclave_protocol::meeting::MeetingState;
use conclave_protocol::meeting_session::ClientKind;
use conclave_protocol::personal::DisplayName;
use conclave_protocol::{
    AccountId, EmergencyUseId, MeetingId, OrganisationId, ParticipantId, Timestamp,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::participant::{self, Join, Joined};
use super::{Action, Apply, Failure, account};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::read::emergency as read;
use crate::secret::TokenHash;

/// Somebody takes it. Refused: [`Refused::EmergencyOpen`] while the account has one that nobody ended,
/// [`Refused::AccountState`] unless it is active.
pub struct InvokeEmergency {
    pub id: EmergencyUseId,
    pub organisation: OrganisationId,
    /// Absent for the operator's drill.
    pub account: Option<AccountId>,
    pub reason: EmergencyReason,
    /// Sealed.
    pub words: Vec<u8>,
    pub at: Timestamp,
    pub expires_at: Timestamp,
    pub review_due_at: Timestamp,
}

/// Whoever has it open comes into a meeting, as policy says of use and meeting at this moment. Refused:
/// [`Refused::NoEmergency`], [`Refused::NotFound`] for a meeting that does not go on or is another organisation's,
/// [`Refused::PutOut`]; and as [`Join`].
pub struct EnterByEmergency {
    pub invoked: EmergencyUseId,
    pub meeting: MeetingId,
    pub participant: ParticipantId,
    pub credential: TokenHash,
    pub display_name: DisplayName,
    pub client: ClientKind,
    pub places: u32,
    /// When all are taken, whoever has been without a connection since then or longer loses theirs.
    pub absent_since: Timestamp,
    pub at: Timestamp,
}

/// It opens nothing any more, and whoever is in a meeting by it has left. Refused: [`Refused::NoEmergency`].
pub struct EndEmergency {
    pub id: EmergencyUseId,
    pub by: EmergencyEnd,
    pub at: Timestamp,
}

/// Who left which meeting.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyEnded {
    pub left: Vec<(MeetingId, ParticipantId)>,
}

/// Somebody says what they think of it. Refused: [`Refused::Conflict`] where somebody did, or while it is open,
/// [`Refused::NotFound`], [`Refused::NotAllowed`] for who may not at this moment.
pub struct ReviewEmergency {
    pub id: EmergencyUseId,
    /// Absent for the operator's drill.
    pub by: Option<AccountId>,
    pub outcome: EmergencyOutcome,
    /// Sealed.
    pub note: Vec<u8>,
    pub at: Timestamp,
}

/// What came of a drill.
pub struct KeepDrill {
    pub id: Uuid,
    pub organisation: OrganisationId,
    /// The step that failed.
    pub failed_at: Option<&'static str>,
    pub at: Timestamp,
}

impl Action for InvokeEmergency {}

impl Apply for InvokeEmergency {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        if let Some(account) = self.account {
            account::is_active(link, account).await?;
            if read::open_of(link, account).await?.is_some() {
                return Err(Refused::EmergencyOpen.into());
            }
        }
        insert(
            link,
            self.id,
            self.organisation,
            self.account,
            self.reason,
            self.words,
            self.at,
            self.expires_at,
            self.review_due_at,
        )
        .await?;
        Ok(())
    }
}

impl Action for EnterByEmergency {}

impl Apply for EnterByEmergency {
    type Done = Joined;

    async fn apply(self, link: &mut Link<'_>) -> Result<Joined, Failure> {
        let used = read::emergency(link, self.invoked).await?;
        let used = used.ok_or(Refused::NoEmergency)?.standing();
        let door = participant::door(link, self.meeting).await?;
        let door = door.ok_or(Refused::NotFound)?;
        let (organisation, is_support) = kind_of(link, self.meeting)
            .await?
            .ok_or(Refused::NotFound)?;
        let inside = Inside {
            organisation,
            state: door.state,
            put_out: is_put_out(link, self.meeting, used.account).await?,
            is_support,
        };
        let entrance = emergency::enter(&used, inside, self.at).map_err(refused)?;
        let join = Join {
            meeting: self.meeting,
            participant: self.participant,
            credential: self.credential,
            display_name: self.display_name,
            account: used.account,
            role: entrance.role,
            admission: entrance.admission,
            client: self.client,
            proven: false,
            opens: entrance.opens,
            decided_on: MeetingState::Live,
            link_admitted: door.link_admits,
            was_locked: door.locked,
            was_guarded: door.guarded_until.is_some_and(|until| self.at < until),
            entry: door.entry,
            uninvited: door.uninvited,
            by_list: None,
            places: self.places,
            absent_since: self.absent_since,
            at: self.at,
        };
        let joined = join.apply(link).await?;
        insert_visit(link, self.participant, self.meeting, self.invoked).await?;
        Ok(joined)
    }
}

async fn is_put_out(
    link: &mut Link<'_>,
    meeting: MeetingId,
    account: Option<AccountId>,
) -> Result<bool, sqlx::Error> {
    let Some(account) = account else {
        return Ok(false);
    };
    Ok(read::put_out(link, meeting, account).await?.is_some())
}

fn refused(reason: Reason) -> Refused {
    match reason {
        Reason::NoEmergency => Refused::NoEmergency,
        Reason::PutOut => Refused::PutOut,
        _ => Refused::NotFound,
    }
}

impl Action for EndEmergency {}

impl Apply for EndEmergency {
    type Done = EmergencyEnded;

    async fn apply(self, link: &mut Link<'_>) -> Result<EmergencyEnded, Failure> {
        if end(link, self.id, self.by, self.at).await? == 0 {
            return Err(Refused::NoEmergency.into());
        }
        let left = leave(link, self.id, self.at).await?;
        let meetings: BTreeSet<_> = left.iter().map(|(meeting, _)| *meeting).collect();
        for meeting in meetings {
            participant::revision_after_leaving(link, meeting).await?;
        }
        Ok(EmergencyEnded { left })
    }
}

impl Action for ReviewEmergency {}

impl Apply for ReviewEmergency {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let used = read::emergency(link, self.id).await?;
        let used = used.ok_or(Refused::NotFound)?.standing();
        if let Some(by) = self.by {
            let role = account::active_role(link, by).await?;
            let decision = emergency::review(&used, by, role, self.at);
            match decision {
                conclave_policy::Decision::Allow => {}
                conclave_policy::Decision::Deny(Reason::EmergencyOpen | Reason::Spent) => {
                    return Err(Refused::Conflict.into());
                }
                conclave_policy::Decision::Deny(_) => return Err(Refused::NotAllowed.into()),
            }
        }
        match review(link, self.id, self.by, self.outcome, self.note, self.at).await? {
            0 => Err(Refused::Conflict.into()),
            _ => Ok(()),
        }
    }
}

impl Action for KeepDrill {}

impl Apply for KeepDrill {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let failed_at = self.failed_at.map(str::to_owned);
        insert_drill(link, self.id, self.organisation, self.at, failed_at).await?;
        Ok(())
    }
}

statements! {
    execute insert(
        id: EmergencyUseId, organisation: OrganisationId, account: Option<AccountId>,
        reason: EmergencyReason, words: Vec<u8>, at: Timestamp, expires_at: Timestamp,
        review_due_at: Timestamp,
    )
        = "INSERT INTO emergency_use
             (id, organisation, account, reason, words, invoked_at, expires_at, review_due_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    optional kind_of(meeting: MeetingId) -> (OrganisationId, bool)
        = "SELECT organisation, EXISTS (SELECT 1 FROM support_session s WHERE s.meeting = meeting.id)
           FROM meeting WHERE id = $1";

    execute insert_visit(participant: ParticipantId, meeting: MeetingId, invoked: EmergencyUseId)
        = "INSERT INTO emergency_visit (participant, meeting, emergency_use) VALUES ($1, $2, $3)";

    execute end(id: EmergencyUseId, by: EmergencyEnd, at: Timestamp)
        = "UPDATE emergency_use SET ended_at = $3, ended_by = $2
           WHERE id = $1 AND ended_at IS NULL";

    all leave(id: EmergencyUseId, at: Timestamp) -> (MeetingId, ParticipantId)
        = "UPDATE participant
           SET admission = 'left', left_at = $2, connected = FALSE, connection_changed_at = $2
           WHERE admission IN ('waiting', 'host_absent', 'admitted')
             AND id IN (SELECT participant FROM emergency_visit WHERE emergency_use = $1)
           RETURNING meeting, id";

    execute review(
        id: EmergencyUseId, by: Option<AccountId>, outcome: EmergencyOutcome, note: Vec<u8>,
        at: Timestamp,
    )
        = "UPDATE emergency_use SET reviewed_by = $2, outcome = $3, note = $4, reviewed_at = $5
           WHERE id = $1 AND reviewed_at IS NULL AND ended_at IS NOT NULL";

    execute insert_drill(
        id: Uuid, organisation: OrganisationId, at: Timestamp, failed_at: Option<String>,
    )
        = "INSERT INTO emergency_drill (id, organisation, at, failed_at) VALUES ($1, $2, $3, $4)";
}
