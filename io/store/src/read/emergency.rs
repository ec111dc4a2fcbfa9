//! Uses of emergency access, who came in by them, and the operator's drills.

use conclave_policy::emergency::Use;
use conclave_protocol::emergency::{EmergencyEnd, EmergencyOutcome, EmergencyReason};
use conclave_protocol::personal::DisplayName;
use conclave_protocol::{
    AccountId, EmergencyUseId, MeetingId, OrganisationId, ParticipantId, Timestamp,
};

use crate::engine::{row, statements};

/// The longest list.
pub const MOST_LISTED: u32 = 200;

row! {
    /// One use.
    #[derive(Clone)]
    pub struct EmergencyUse {
        pub id: EmergencyUseId,
        pub organisation: OrganisationId,
        /// Absent for the operator's drill.
        pub account: Option<AccountId>,
        pub reason: EmergencyReason,
        pub invoked_at: Timestamp,
        pub expires_at: Timestamp,
        pub ended_at: Option<Timestamp>,
        pub review_due_at: Timestamp,
        pub reviewed_at: Option<Timestamp>,
    }
}

row! {
    /// One use as its reviewers see it.
    pub struct ListedUse {
        pub id: EmergencyUseId,
        pub organisation: OrganisationId,
        pub account: Option<AccountId>,
        pub display_name: Option<DisplayName>,
        pub reason: EmergencyReason,
        pub invoked_at: Timestamp,
        pub expires_at: Timestamp,
        pub ended_at: Option<Timestamp>,
        pub ended_by: Option<EmergencyEnd>,
        pub entered: u32,
        pub review_due_at: Timestamp,
        pub reviewed_at: Option<Timestamp>,
        pub reviewed_by: Option<AccountId>,
        pub reviewer_name: Option<DisplayName>,
        pub outcome: Option<EmergencyOutcome>,
    }
}

row! {
    /// How many wait for their review for longer than they may, and when the first was due.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub struct OverdueUses {
        pub uses: u32,
        pub since: Option<Timestamp>,
    }
}

row! {
    /// What was said of a use, sealed.
    pub struct SealedWords {
        pub words: Vec<u8>,
        pub note: Option<Vec<u8>>,
    }
}

row! {
    /// The operator has tried all of it.
    pub struct EmergencyDrill {
        pub at: Timestamp,
        /// The step that failed.
        pub failed_at: Option<String>,
    }
}

impl EmergencyUse {
    pub fn standing(&self) -> Use {
        Use {
            organisation: self.organisation,
            account: self.account,
            expires_at: self.expires_at,
            ended_at: self.ended_at,
            review_due_at: self.review_due_at,
            reviewed_at: self.reviewed_at,
        }
    }
}

impl ListedUse {
    pub fn standing(&self) -> Use {
        Use {
            organisation: self.organisation,
            account: self.account,
            expires_at: self.expires_at,
            ended_at: self.ended_at,
            review_due_at: self.review_due_at,
            reviewed_at: self.reviewed_at,
        }
    }
}

statements! {
    optional emergency(id: EmergencyUseId) -> EmergencyUse
        = "SELECT id, organisation, account, reason, invoked_at, expires_at, ended_at, review_due_at,
                  reviewed_at
           FROM emergency_use WHERE id = $1";

    optional open_of(account: AccountId) -> EmergencyUse
        = "SELECT id, organisation, account, reason, invoked_at, expires_at, ended_at, review_due_at,
                  reviewed_at
           FROM emergency_use WHERE account = $1 AND ended_at IS NULL";

    all over(now: Timestamp, most: u32) -> EmergencyUse
        = "SELECT id, organisation, account, reason, invoked_at, expires_at, ended_at, review_due_at,
                  reviewed_at
           FROM emergency_use WHERE ended_at IS NULL AND expires_at <= $1
           ORDER BY expires_at, id LIMIT $2";

    optional next_end() -> (Timestamp,)
        = "SELECT expires_at FROM emergency_use WHERE ended_at IS NULL ORDER BY expires_at LIMIT 1";

    optional count_open(organisation: OrganisationId, now: Timestamp) -> (u32,)
        = "SELECT COUNT(*) FROM emergency_use
           WHERE organisation = $1 AND ended_at IS NULL AND expires_at > $2";

    optional overdue(organisation: OrganisationId, now: Timestamp) -> OverdueUses
        = "SELECT COUNT(*) AS uses, MIN(review_due_at) AS since FROM emergency_use
           WHERE organisation = $1 AND reviewed_at IS NULL AND review_due_at <= $2";

    all listed(organisation: OrganisationId, most: u32) -> ListedUse
        = "SELECT u.id AS id, u.organisation AS organisation, u.account AS account,
                  a.display_name AS display_name, u.reason AS reason, u.invoked_at AS invoked_at,
                  u.expires_at AS expires_at, u.ended_at AS ended_at, u.ended_by AS ended_by,
                  (SELECT COUNT(*) FROM emergency_visit v WHERE v.emergency_use = u.id) AS entered,
                  u.review_due_at AS review_due_at, u.reviewed_at AS reviewed_at,
                  u.reviewed_by AS reviewed_by, r.display_name AS reviewer_name, u.outcome AS outcome
           FROM emergency_use u
             LEFT JOIN account a ON a.id = u.account
             LEFT JOIN account r ON r.id = u.reviewed_by
           WHERE u.organisation = $1
           ORDER BY CASE WHEN u.reviewed_at IS NULL THEN 0 ELSE 1 END, u.invoked_at DESC, u.id DESC
           LIMIT $2";

    optional words(id: EmergencyUseId) -> SealedWords
        = "SELECT words, note FROM emergency_use WHERE id = $1";

    all visitors(meeting: MeetingId) -> (ParticipantId,)
        = "SELECT participant FROM emergency_visit WHERE meeting = $1";

    optional put_out(meeting: MeetingId, account: AccountId) -> (bool,)
        = "SELECT TRUE FROM participant
           WHERE meeting = $1 AND account = $2 AND admission = 'expelled' LIMIT 1";

    optional last_drill(organisation: OrganisationId) -> EmergencyDrill
        = "SELECT at, failed_at FROM emergency_drill
           WHERE organisation = $1 ORDER BY at DESC, id DESC LIMIT 1";

    optional last_passed(organisation: OrganisationId) -> (Timestamp,)
        = "SELECT at FROM emergency_drill
           WHERE organisation = $1 AND failed_at IS NULL ORDER BY at DESC LIMIT 1";
}
