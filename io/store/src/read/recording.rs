//! Recordings of support sessions, what they are sealed to, and their pieces.

use conclave_protocol::personal::{DisplayName, Label};
use conclave_protocol::recording::{
    Custodians, RecordedFeedback, RecordingState, RecordingTrouble,
};
use conclave_protocol::{
    AccountGroupId, AccountId, OrganisationId, SupportDeviceId, SupportSessionId, Timestamp,
};
use uuid::Uuid;

use crate::engine::{Link, row, statements};

/// Of an organisation's recordings, those that began from `from` on and before `to`; what is absent does not narrow.
#[derive(Clone, Copy)]
pub struct Search {
    pub organisation: OrganisationId,
    pub from: Timestamp,
    pub to: Timestamp,
    pub technician: Option<AccountId>,
    /// One that the technician is in.
    pub group: Option<AccountGroupId>,
    /// A computer where nobody sat.
    pub device: Option<SupportDeviceId>,
    pub state: Option<RecordingState>,
    /// Before this one in the list.
    pub before: Option<(Timestamp, Uuid)>,
    pub most: u32,
}

row! {
    /// The public part of a key.
    #[derive(Clone)]
    pub struct RecordingKey {
        pub id: Uuid,
        pub public: Vec<u8>,
        pub fingerprint: [u8; 32],
        pub custodians: Custodians,
        pub made_by_name: DisplayName,
        pub made_at: Timestamp,
    }
}

row! {
    #[derive(Clone)]
    pub struct Recording {
        pub id: Uuid,
        pub organisation: OrganisationId,
        pub session: SupportSessionId,
        pub technician_name: DisplayName,
        /// The computer, where nobody sat at it.
        pub device: Option<SupportDeviceId>,
        pub device_name: Option<Label>,
        pub key: Uuid,
        pub begun_at: Timestamp,
        /// The number of the next piece.
        pub next: u32,
        pub bytes: u64,
        /// Over the hashes of all pieces so far.
        pub chain: Option<[u8; 32]>,
        pub ended_at: Option<Timestamp>,
        /// Of one that is whole.
        pub manifest: Option<Vec<u8>>,
        /// Sealed.
        pub feedback: Option<Vec<u8>>,
        /// As it came.
        pub feedback_sha256: Option<[u8; 32]>,
        pub feedback_state: RecordedFeedback,
        pub damaged_at: Option<Timestamp>,
        pub keep_until: Option<Timestamp>,
        pub deleted_at: Option<Timestamp>,
    }
}

row! {
    /// How many of an organisation's recordings lack something that nobody has acknowledged, of those that are not deleted.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Troubled {
        pub incomplete: u32,
        pub damaged: u32,
        pub without_feedback: u32,
    }
}

impl Recording {
    /// What was found last comes first.
    pub fn state(&self) -> RecordingState {
        match (self.deleted_at, self.damaged_at, self.ended_at) {
            (Some(_), _, _) => RecordingState::Deleted,
            (None, Some(_), _) => RecordingState::Damaged,
            (None, None, None) => RecordingState::Open,
            (None, None, Some(_)) if self.manifest.is_some() => RecordingState::Whole,
            (None, None, Some(_)) => RecordingState::Incomplete,
        }
    }

    /// Whether this lacks of it.
    pub fn has(&self, trouble: RecordingTrouble) -> bool {
        let is_kept = self.deleted_at.is_none();
        is_kept
            && match trouble {
                RecordingTrouble::Incomplete => self.ended_at.is_some() && self.manifest.is_none(),
                RecordingTrouble::Damaged => self.damaged_at.is_some(),
                RecordingTrouble::WithoutFeedback => {
                    self.feedback_state == RecordedFeedback::Missing
                }
            }
    }
}

row! {
    /// Somebody has seen what lacks of a recording.
    #[derive(Clone)]
    pub struct Acknowledgement {
        pub id: Uuid,
        pub trouble: RecordingTrouble,
        pub by_name: DisplayName,
        /// Sealed.
        pub reason: Vec<u8>,
        pub at: Timestamp,
    }
}

row! {
    /// A computer at which something was recorded while nobody sat there.
    #[derive(Clone)]
    pub struct RecordedDevice {
        pub id: SupportDeviceId,
        pub name: Label,
    }
}

row! {
    /// A piece as it is kept, and what it was when it came.
    pub struct KeptPiece {
        pub sha256: [u8; 32],
        pub content: Vec<u8>,
    }
}

row! {
    /// Who said why they want to see a recording.
    pub struct RecordingPlay {
        pub recording: Uuid,
        pub account: AccountId,
        pub at: Timestamp,
    }
}

/// Newest first.
pub(crate) async fn search(
    link: &mut Link<'_>,
    search: Search,
) -> Result<Vec<Recording>, sqlx::Error> {
    let (before, before_id) = search.before.unwrap_or((search.to, Uuid::max()));
    found(
        link,
        search.organisation,
        search.from,
        search.to,
        search.technician,
        search.group,
        search.device,
        search.state,
        before,
        before_id,
        search.most,
    )
    .await
}

/// Keys, with who made them.
macro_rules! keys {
    ($which:literal) => {
        concat!(
            "SELECT k.id AS id, k.public AS public, k.fingerprint AS fingerprint,
                    k.custodians AS custodians, a.display_name AS made_by_name, k.made_at AS made_at
             FROM recording_key k JOIN account a ON a.id = k.made_by ",
            $which
        )
    };
}

/// Recordings, with who helped in their sessions, and where.
macro_rules! recordings {
    ($which:literal) => {
        concat!(
            "SELECT r.id AS id, r.organisation AS organisation, r.session AS session,
                    a.display_name AS technician_name, d.id AS device, d.name AS device_name,
                    r.key AS key, r.begun_at AS begun_at,
                    r.next AS next, r.bytes AS bytes, r.chain AS chain, r.ended_at AS ended_at,
                    r.manifest AS manifest, r.feedback AS feedback,
                    r.feedback_sha256 AS feedback_sha256, r.feedback_state AS feedback_state,
                    r.damaged_at AS damaged_at, r.keep_until AS keep_until,
                    r.deleted_at AS deleted_at
             FROM recording r JOIN support_session s ON s.id = r.session
               JOIN account a ON a.id = s.technician
               LEFT JOIN support_unattended u ON u.session = s.id
               LEFT JOIN support_device d ON d.id = u.device ",
            $which
        )
    };
}

statements! {
    all keys(organisation: OrganisationId) -> RecordingKey
        = keys!("WHERE k.organisation = $1 ORDER BY k.made_at DESC, k.id DESC");

    optional newest_key(organisation: OrganisationId) -> RecordingKey
        = keys!("WHERE k.organisation = $1 ORDER BY k.made_at DESC, k.id DESC LIMIT 1");

    optional key(id: Uuid) -> RecordingKey
        = keys!("WHERE k.id = $1");

    optional rule(organisation: OrganisationId) -> (u32,)
        = "SELECT days FROM recording_rule WHERE organisation = $1";

    optional used(organisation: OrganisationId) -> (u64,)
        = "SELECT bytes FROM recording_total WHERE organisation = $1";

    all found(
        organisation: OrganisationId, from: Timestamp, to: Timestamp,
        technician: Option<AccountId>, group: Option<AccountGroupId>,
        device: Option<SupportDeviceId>, state: Option<RecordingState>,
        before: Timestamp, before_id: Uuid, most: u32,
    ) -> Recording
        = recordings!(
            "WHERE r.organisation = $1 AND r.begun_at >= $2 AND r.begun_at < $3
               AND (s.technician = $4 OR $4 IS NULL)
               AND (s.technician IN (SELECT g.account FROM account_group_member g
                                     WHERE g.account_group = $5)
                    OR $5 IS NULL)
               AND (u.device = $6 OR $6 IS NULL)
               AND (CASE WHEN r.deleted_at IS NOT NULL THEN 'deleted'
                         WHEN r.damaged_at IS NOT NULL THEN 'damaged'
                         WHEN r.ended_at IS NULL THEN 'open'
                         WHEN r.manifest IS NOT NULL THEN 'whole'
                         ELSE 'incomplete' END = $7
                    OR $7 IS NULL)
               AND (r.begun_at < $8 OR (r.begun_at = $8 AND r.id < $9))
             ORDER BY r.begun_at DESC, r.id DESC LIMIT $10"
        );

    all recorded_devices(organisation: OrganisationId, most: u32) -> RecordedDevice
        = "SELECT d.id AS id, d.name AS name FROM support_device d
           WHERE d.organisation = $1 AND EXISTS (
             SELECT 1 FROM support_unattended u JOIN recording r ON r.session = u.session
             WHERE u.device = d.id)
           ORDER BY d.name, d.id LIMIT $2";

    optional troubled(organisation: OrganisationId) -> Troubled
        = "SELECT COUNT(CASE WHEN r.ended_at IS NOT NULL AND r.manifest IS NULL AND i.id IS NULL
                             THEN 1 END) AS incomplete,
                  COUNT(CASE WHEN r.damaged_at IS NOT NULL AND d.id IS NULL THEN 1 END) AS damaged,
                  COUNT(CASE WHEN r.feedback_state = 'missing' AND f.id IS NULL
                             THEN 1 END) AS without_feedback
           FROM recording r
             LEFT JOIN recording_acknowledgement i
               ON i.recording = r.id AND i.trouble = 'incomplete'
             LEFT JOIN recording_acknowledgement d
               ON d.recording = r.id AND d.trouble = 'damaged'
             LEFT JOIN recording_acknowledgement f
               ON f.recording = r.id AND f.trouble = 'without_feedback'
           WHERE r.organisation = $1 AND r.deleted_at IS NULL";

    all acknowledgements(recording: Uuid) -> Acknowledgement
        = "SELECT k.id AS id, k.trouble AS trouble, a.display_name AS by_name,
                  k.reason AS reason, k.at AS at
           FROM recording_acknowledgement k JOIN account a ON a.id = k.account
           WHERE k.recording = $1 ORDER BY k.at, k.id";

    all in_sessions(
        organisation: OrganisationId, from: Timestamp, to: Timestamp, most: u32,
    ) -> Recording
        = recordings!(
            "WHERE s.organisation = $1 AND s.opened_at >= $2 AND s.opened_at < $3
             ORDER BY s.opened_at DESC, s.id DESC LIMIT $4"
        );

    all without_feedback(ended_before: Timestamp, most: u32) -> Recording
        = recordings!(
            "WHERE r.feedback_state = 'awaited' AND s.ended_at <= $1
             ORDER BY r.begun_at, r.id LIMIT $2"
        );

    optional next_to_look_at(looked_before: Timestamp) -> Recording
        = recordings!(
            "WHERE r.ended_at IS NOT NULL AND r.deleted_at IS NULL AND r.damaged_at IS NULL
               AND (r.looked_at IS NULL OR r.looked_at <= $1)
             ORDER BY COALESCE(r.looked_at, 0), r.id LIMIT 1"
        );

    optional damaged() -> (Uuid,)
        = "SELECT id FROM recording WHERE damaged_at IS NOT NULL AND deleted_at IS NULL LIMIT 1";

    optional one_of(session: SupportSessionId) -> (Uuid,)
        = "SELECT id FROM recording WHERE session = $1 LIMIT 1";

    optional recording(id: Uuid) -> Recording
        = recordings!("WHERE r.id = $1");

    all abandoned(ended_before: Timestamp, most: u32) -> Recording
        = recordings!(
            "WHERE r.ended_at IS NULL AND s.ended_at <= $1
             ORDER BY r.begun_at, r.id LIMIT $2"
        );

    all over(now: Timestamp, most: u32) -> Recording
        = recordings!(
            "WHERE r.deleted_at IS NULL AND r.keep_until <= $1
             ORDER BY r.keep_until, r.id LIMIT $2"
        );

    all uncleared(most: u32) -> (Uuid,)
        = "SELECT id FROM recording WHERE cleared_at IS NULL AND deleted_at IS NOT NULL
           ORDER BY deleted_at LIMIT $1";

    optional piece(recording: Uuid, number: u32) -> KeptPiece
        = "SELECT p.sha256 AS sha256, p.content AS content
           FROM recording_piece p JOIN recording r ON r.id = p.recording
           WHERE p.recording = $1 AND p.number = $2 AND r.deleted_at IS NULL";

    optional shown_to(id: Uuid) -> RecordingPlay
        = "SELECT recording, account, at FROM recording_play WHERE id = $1";
}
