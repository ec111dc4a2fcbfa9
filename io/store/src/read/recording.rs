//! Recordings of support sessions, what they are sealed to, and their pieces.

use conclave_protocol::personal::DisplayName;
use conclave_protocol::recording::Custodians;
use conclave_protocol::{AccountId, OrganisationId, SupportSessionId, Timestamp};
use uuid::Uuid;

use crate::engine::{row, statements};

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
        pub keep_until: Option<Timestamp>,
        pub deleted_at: Option<Timestamp>,
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

statements! {
    all keys(organisation: OrganisationId) -> RecordingKey
        = "SELECT k.id AS id, k.public AS public, k.fingerprint AS fingerprint,
                  k.custodians AS custodians, a.display_name AS made_by_name, k.made_at AS made_at
           FROM recording_key k JOIN account a ON a.id = k.made_by
           WHERE k.organisation = $1 ORDER BY k.made_at DESC, k.id DESC";

    optional newest_key(organisation: OrganisationId) -> RecordingKey
        = "SELECT k.id AS id, k.public AS public, k.fingerprint AS fingerprint,
                  k.custodians AS custodians, a.display_name AS made_by_name, k.made_at AS made_at
           FROM recording_key k JOIN account a ON a.id = k.made_by
           WHERE k.organisation = $1 ORDER BY k.made_at DESC, k.id DESC LIMIT 1";

    optional key(id: Uuid) -> RecordingKey
        = "SELECT k.id AS id, k.public AS public, k.fingerprint AS fingerprint,
                  k.custodians AS custodians, a.display_name AS made_by_name, k.made_at AS made_at
           FROM recording_key k JOIN account a ON a.id = k.made_by
           WHERE k.id = $1";

    optional rule(organisation: OrganisationId) -> (u32,)
        = "SELECT days FROM recording_rule WHERE organisation = $1";

    optional used(organisation: OrganisationId) -> (u64,)
        = "SELECT bytes FROM recording_total WHERE organisation = $1";

    all listed(organisation: OrganisationId, most: u32) -> Recording
        = "SELECT r.id AS id, r.organisation AS organisation, r.session AS session,
                  a.display_name AS technician_name, r.key AS key, r.begun_at AS begun_at,
                  r.next AS next, r.bytes AS bytes, r.chain AS chain, r.ended_at AS ended_at,
                  r.manifest AS manifest, r.keep_until AS keep_until, r.deleted_at AS deleted_at
           FROM recording r JOIN support_session s ON s.id = r.session
             JOIN account a ON a.id = s.technician
           WHERE r.organisation = $1
           ORDER BY r.begun_at DESC, r.id DESC LIMIT $2";

    optional recording(id: Uuid) -> Recording
        = "SELECT r.id AS id, r.organisation AS organisation, r.session AS session,
                  a.display_name AS technician_name, r.key AS key, r.begun_at AS begun_at,
                  r.next AS next, r.bytes AS bytes, r.chain AS chain, r.ended_at AS ended_at,
                  r.manifest AS manifest, r.keep_until AS keep_until, r.deleted_at AS deleted_at
           FROM recording r JOIN support_session s ON s.id = r.session
             JOIN account a ON a.id = s.technician
           WHERE r.id = $1";

    all abandoned(ended_before: Timestamp, most: u32) -> Recording
        = "SELECT r.id AS id, r.organisation AS organisation, r.session AS session,
                  a.display_name AS technician_name, r.key AS key, r.begun_at AS begun_at,
                  r.next AS next, r.bytes AS bytes, r.chain AS chain, r.ended_at AS ended_at,
                  r.manifest AS manifest, r.keep_until AS keep_until, r.deleted_at AS deleted_at
           FROM recording r JOIN support_session s ON s.id = r.session
             JOIN account a ON a.id = s.technician
           WHERE r.ended_at IS NULL AND s.ended_at <= $1
           ORDER BY r.begun_at, r.id LIMIT $2";

    all over(now: Timestamp, most: u32) -> Recording
        = "SELECT r.id AS id, r.organisation AS organisation, r.session AS session,
                  a.display_name AS technician_name, r.key AS key, r.begun_at AS begun_at,
                  r.next AS next, r.bytes AS bytes, r.chain AS chain, r.ended_at AS ended_at,
                  r.manifest AS manifest, r.keep_until AS keep_until, r.deleted_at AS deleted_at
           FROM recording r JOIN support_session s ON s.id = r.session
             JOIN account a ON a.id = s.technician
           WHERE r.deleted_at IS NULL AND r.keep_until <= $1
           ORDER BY r.keep_until, r.id LIMIT $2";

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
