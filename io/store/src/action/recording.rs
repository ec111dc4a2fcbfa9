//! Recordings of support sessions: what they are sealed to, their pieces, their end, and how they go.

use conclave_policy::capability::{AccountAction, account_may};
use conclave_policy::recording::{
    KEPT_DAYS, MOST_KEYS, MOST_OF_SESSION, MOST_PIECE, MOST_PIECES, Quota, kept_until,
};
use conclave_protocol::recording::{Custodians, RecordingTrouble};
use conclave_protocol::{AccountId, OrganisationId, SupportSessionId, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Action, Apply, Failure, Upkeep, account};
use crate::engine::{Link, row, statements};
use crate::error::Refused;
use crate::piece_chain::PieceChain;
use crate::read::recording::{newest_key, recording as known, rule, used};

/// Refused: [`Refused::NotAllowed`], [`Refused::Conflict`] for one that is there, [`Refused::TooManyRecordingKeys`].
pub struct MakeRecordingKey {
    pub id: Uuid,
    pub organisation: OrganisationId,
    pub public: Vec<u8>,
    pub fingerprint: [u8; 32],
    pub custodians: Custodians,
    pub by: AccountId,
    pub at: Timestamp,
}

/// Of recordings that end from here on. Refused: [`Refused::NotAllowed`].
pub struct SetRetention {
    pub organisation: OrganisationId,
    pub days: u16,
    pub by: AccountId,
}

/// Sealed to the newest key. Refused: [`Refused::Conflict`] for another one, [`Refused::TooMuchRecorded`].
pub struct BeginRecording {
    pub id: Uuid,
    pub key: Uuid,
    pub organisation: OrganisationId,
    pub session: SupportSessionId,
    pub quota: Quota,
    pub at: Timestamp,
}

/// In its order. What is kept may come again, and answers in the same way; a number that is not the next yet changes nothing.
/// Refused: [`Refused::NotFound`], [`Refused::Conflict`] of other bytes than are kept, or after the end,
/// [`Refused::TooMuchRecorded`].
pub struct KeepPiece {
    pub recording: Uuid,
    pub session: SupportSessionId,
    pub number: u32,
    pub content: Vec<u8>,
    pub quota: Quota,
}

/// The number that is wanted next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    pub next: u32,
}

/// It is whole. `chain`: as the agent says. Refused: [`Refused::NotFound`], [`Refused::Conflict`] where something is missing, or
/// was changed, or it has ended.
pub struct EndRecording {
    pub recording: Uuid,
    pub session: SupportSessionId,
    pub chunks: u32,
    pub chain: [u8; 32],
    pub manifest: Vec<u8>,
    pub at: Timestamp,
}

/// It never became whole. Refused: [`Refused::Conflict`] where it has ended.
pub struct LoseRecording {
    pub recording: Uuid,
    pub at: Timestamp,
}

/// What whoever was helped thinks of it, sealed: beside the last recording of their session, once. Refused:
/// [`Refused::NotFound`], [`Refused::Conflict`] where they have said so, and where it is not waited for.
pub struct KeepSealedFeedback {
    pub recording: Uuid,
    pub session: SupportSessionId,
    pub sealed: Vec<u8>,
    pub at: Timestamp,
}

/// It never came. Refused: [`Refused::Conflict`] where it is not waited for.
pub struct MissFeedback {
    pub recording: Uuid,
}

/// All of it was read, and is what came, as far as it could be read.
pub struct LookedAtRecording {
    pub recording: Uuid,
    pub at: Timestamp,
}

/// What is kept of it is not what came. Refused: [`Refused::Conflict`] where that is known, and of one that is deleted.
pub struct DamagedRecording {
    pub recording: Uuid,
    pub at: Timestamp,
}

/// Somebody has seen what lacks of it, once for each trouble. Refused: [`Refused::NotAllowed`], [`Refused::NotFound`] where it
/// does not lack, [`Refused::Conflict`] where somebody has said so.
pub struct AcknowledgeRecording {
    pub id: Uuid,
    pub recording: Uuid,
    pub organisation: OrganisationId,
    pub trouble: RecordingTrouble,
    /// Sealed.
    pub reason: Vec<u8>,
    pub by: AccountId,
    pub at: Timestamp,
}

/// Says who gets its pieces, and why. Refused: [`Refused::NotAllowed`], [`Refused::NotFound`].
pub struct PlayRecording {
    pub id: Uuid,
    pub recording: Uuid,
    pub organisation: OrganisationId,
    /// Sealed.
    pub reason: Vec<u8>,
    pub by: AccountId,
    pub at: Timestamp,
}

/// Its time is over: nobody gets it any more, and what is known of it stays. Its pieces go by [`ClearRecording`].
/// Refused: [`Refused::Conflict`] before that, and afterwards.
pub struct DeleteRecording {
    pub recording: Uuid,
    pub at: Timestamp,
}

/// One step of it: [`PIECES_IN_A_STEP`] pieces of a recording that is deleted. Of one that is not it takes none.
pub struct ClearRecording {
    pub recording: Uuid,
    pub at: Timestamp,
}

/// Whether there is nothing left of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cleared(pub bool);

/// 32 MiB at the most, and a moment: everybody's writes wait for it.
pub const PIECES_IN_A_STEP: u32 = 32;

row! {
    pub(crate) struct Standing {
        organisation: OrganisationId,
        session: SupportSessionId,
        next: u32,
        bytes: u64,
        chain: Option<[u8; 32]>,
        ended_at: Option<Timestamp>,
    }
}

impl Action for MakeRecordingKey {}

impl Apply for MakeRecordingKey {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may(link, self.by, AccountAction::KeepRecordings).await?;
        let made = count_keys(link, self.organisation).await?;
        if made.is_none_or(|(made,)| made >= MOST_KEYS) {
            return Err(Refused::TooManyRecordingKeys.into());
        }
        let made = make_key(
            link,
            self.id,
            self.organisation,
            self.public,
            self.fingerprint,
            self.custodians,
            self.by,
            self.at,
        );
        match made.await? {
            0 => Err(Refused::Conflict.into()),
            _ => Ok(()),
        }
    }
}

impl Action for SetRetention {}

impl Apply for SetRetention {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may(link, self.by, AccountAction::KeepRecordings).await?;
        set_rule(link, self.organisation, self.days.into()).await?;
        Ok(())
    }
}

impl Action for BeginRecording {}

impl Apply for BeginRecording {
    type Done = Uuid;

    async fn apply(self, link: &mut Link<'_>) -> Result<Uuid, Failure> {
        let key = newest_key(link, self.organisation).await?;
        if key.is_none_or(|key| key.id != self.key) {
            return Err(Refused::Conflict.into());
        }
        let begun = count_of_session(link, self.session).await?;
        let kept = used(link, self.organisation).await?;
        let is_full = begun.is_none_or(|(begun,)| begun >= MOST_OF_SESSION)
            || kept.is_some_and(|(kept,)| kept >= self.quota.of_organisation);
        if is_full {
            return Err(Refused::TooMuchRecorded.into());
        }
        await_elsewhere(link, self.session).await?;
        begin(
            link,
            self.id,
            self.organisation,
            self.session,
            self.key,
            self.at,
        )
        .await?;
        Ok(self.id)
    }
}

impl Upkeep for KeepPiece {}

impl Apply for KeepPiece {
    type Done = Piece;

    async fn apply(self, link: &mut Link<'_>) -> Result<Piece, Failure> {
        let found = standing_of(link, self.recording, self.session).await?;
        let sha256: [u8; 32] = Sha256::digest(&self.content).into();
        if self.number < found.next {
            let kept = hash_of(link, self.recording, self.number).await?;
            let is_same = kept.is_some_and(|(kept,)| kept == sha256);
            return match is_same {
                true => Ok(Piece { next: found.next }),
                false => Err(Refused::Conflict.into()),
            };
        }
        if found.ended_at.is_some() {
            return Err(Refused::Conflict.into());
        }
        if self.number > found.next {
            return Ok(Piece { next: found.next });
        }
        self.keep(link, &found, sha256).await
    }
}

impl KeepPiece {
    async fn keep(
        self,
        link: &mut Link<'_>,
        found: &Standing,
        sha256: [u8; 32],
    ) -> Result<Piece, Failure> {
        let more = self.content.len() as u64;
        let kept = used(link, found.organisation)
            .await?
            .map_or(0, |(kept,)| kept);
        let fits = self.content.len() <= MOST_PIECE
            && self.number < MOST_PIECES
            && found.bytes + more <= self.quota.of_one
            && kept + more <= self.quota.of_organisation;
        if !fits {
            return Err(Refused::TooMuchRecorded.into());
        }
        let PieceChain(chain) = match found.chain {
            Some(chain) => PieceChain(chain).with(sha256),
            None => PieceChain::begin(&self.content),
        };
        let next = self.number + 1;
        put(link, self.recording, self.number, sha256, self.content).await?;
        advance(link, self.recording, next, more, chain).await?;
        add(link, found.organisation, more).await?;
        Ok(Piece { next })
    }
}

impl Action for EndRecording {}

impl Apply for EndRecording {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let found = standing_of(link, self.recording, self.session).await?;
        let is_whole = self.chunks > 0
            && found.next.checked_sub(1) == Some(self.chunks)
            && found.chain == Some(self.chain);
        if !is_whole {
            return Err(Refused::Conflict.into());
        }
        let until = until(link, found.organisation, self.at).await?;
        close(link, self.recording, self.at, Some(self.manifest), until).await
    }
}

impl Action for LoseRecording {}

impl Apply for LoseRecording {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let found = standing(link, self.recording).await?;
        let found = found.ok_or(Refused::Conflict)?;
        let until = until(link, found.organisation, self.at).await?;
        close(link, self.recording, self.at, None, until).await
    }
}

impl Action for KeepSealedFeedback {}

impl Apply for KeepSealedFeedback {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        standing_of(link, self.recording, self.session).await?;
        let sha256: [u8; 32] = Sha256::digest(&self.sealed).into();
        let heard = hear(link, self.session, self.at).await?;
        let kept = keep_feedback(link, self.recording, self.sealed, sha256).await?;
        match heard.min(kept) {
            0 => Err(Refused::Conflict.into()),
            _ => Ok(()),
        }
    }
}

impl Action for MissFeedback {}

impl Apply for MissFeedback {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        match miss_feedback(link, self.recording).await? {
            0 => Err(Refused::Conflict.into()),
            _ => Ok(()),
        }
    }
}

impl Upkeep for LookedAtRecording {}

impl Apply for LookedAtRecording {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        looked_at(link, self.recording, self.at).await?;
        Ok(())
    }
}

impl Action for DamagedRecording {}

impl Apply for DamagedRecording {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        match damage(link, self.recording, self.at).await? {
            0 => Err(Refused::Conflict.into()),
            _ => Ok(()),
        }
    }
}

impl Action for AcknowledgeRecording {}

impl Apply for AcknowledgeRecording {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may(link, self.by, AccountAction::KeepRecordings).await?;
        let found = known(link, self.recording).await?;
        let found = found.filter(|found| found.organisation == self.organisation);
        if found.is_none_or(|found| !found.has(self.trouble)) {
            return Err(Refused::NotFound.into());
        }
        let acknowledged = acknowledge(
            link,
            self.id,
            self.recording,
            self.trouble,
            self.by,
            self.reason,
            self.at,
        );
        match acknowledged.await? {
            0 => Err(Refused::Conflict.into()),
            _ => Ok(()),
        }
    }
}

impl Action for PlayRecording {}

impl Apply for PlayRecording {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may(link, self.by, AccountAction::PlayRecordings).await?;
        let found = standing(link, self.recording).await?;
        let is_theirs = found.is_some_and(|found| found.organisation == self.organisation);
        if !is_theirs {
            return Err(Refused::NotFound.into());
        }
        play(link, self.id, self.recording, self.by, self.reason, self.at).await?;
        Ok(())
    }
}

impl Action for DeleteRecording {}

impl Apply for DeleteRecording {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let found = standing(link, self.recording).await?;
        let found = found.ok_or(Refused::Conflict)?;
        if delete(link, self.recording, self.at).await? == 0 {
            return Err(Refused::Conflict.into());
        }
        subtract(link, found.organisation, found.bytes).await?;
        Ok(())
    }
}

impl Upkeep for ClearRecording {}

impl Apply for ClearRecording {
    type Done = Cleared;

    async fn apply(self, link: &mut Link<'_>) -> Result<Cleared, Failure> {
        let gone = forget_pieces(link, self.recording, PIECES_IN_A_STEP).await?;
        if gone == u64::from(PIECES_IN_A_STEP) {
            return Ok(Cleared(false));
        }
        clear(link, self.recording, self.at).await?;
        Ok(Cleared(true))
    }
}

/// Of no other session than this.
async fn standing_of(
    link: &mut Link<'_>,
    recording: Uuid,
    session: SupportSessionId,
) -> Result<Standing, Failure> {
    let found = standing(link, recording).await?;
    let found = found.filter(|found| found.session == session);
    Ok(found.ok_or(Refused::NotFound)?)
}

async fn until(
    link: &mut Link<'_>,
    organisation: OrganisationId,
    ended: Timestamp,
) -> Result<Timestamp, Failure> {
    let days = rule(link, organisation).await?.map(|(days,)| days);
    let days = days.and_then(|days| u16::try_from(days).ok());
    Ok(kept_until(days.unwrap_or(KEPT_DAYS), ended))
}

async fn close(
    link: &mut Link<'_>,
    recording: Uuid,
    at: Timestamp,
    manifest: Option<Vec<u8>>,
    until: Timestamp,
) -> Result<(), Failure> {
    match end(link, recording, at, manifest, until).await? {
        0 => Err(Refused::Conflict.into()),
        _ => Ok(()),
    }
}

async fn may(link: &mut Link<'_>, by: AccountId, action: AccountAction) -> Result<(), Failure> {
    let role = account::active_role(link, by).await?;
    match account_may(role, action).is_allowed() {
        true => Ok(()),
        false => Err(Refused::NotAllowed.into()),
    }
}

statements! {
    optional count_keys(organisation: OrganisationId) -> (u32,)
        = "SELECT COUNT(*) FROM recording_key WHERE organisation = $1";

    execute make_key(
        id: Uuid, organisation: OrganisationId, public: Vec<u8>, fingerprint: [u8; 32],
        custodians: Custodians, by: AccountId, at: Timestamp,
    )
        = "INSERT INTO recording_key
             (id, organisation, public, fingerprint, custodians, made_by, made_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (organisation, fingerprint) DO NOTHING";

    execute set_rule(organisation: OrganisationId, days: u32)
        = "INSERT INTO recording_rule (organisation, days) VALUES ($1, $2)
           ON CONFLICT (organisation) DO UPDATE SET days = excluded.days";

    optional count_of_session(session: SupportSessionId) -> (u32,)
        = "SELECT COUNT(*) FROM recording WHERE session = $1";

    execute begin(
        id: Uuid, organisation: OrganisationId, session: SupportSessionId, key: Uuid, at: Timestamp,
    )
        = "INSERT INTO recording (id, organisation, session, key, begun_at, feedback_state)
           VALUES ($1, $2, $3, $4, $5, 'awaited')";

    execute await_elsewhere(session: SupportSessionId)
        = "UPDATE recording SET feedback_state = 'elsewhere'
           WHERE session = $1 AND feedback_state = 'awaited'";

    optional standing(id: Uuid) -> Standing
        = "SELECT organisation, session, next, bytes, chain, ended_at FROM recording WHERE id = $1";

    optional hash_of(recording: Uuid, number: u32) -> ([u8; 32],)
        = "SELECT sha256 FROM recording_piece WHERE recording = $1 AND number = $2";

    execute put(recording: Uuid, number: u32, sha256: [u8; 32], content: Vec<u8>)
        = "INSERT INTO recording_piece (recording, number, sha256, content)
           VALUES ($1, $2, $3, $4)";

    execute advance(id: Uuid, next: u32, more: u64, chain: [u8; 32])
        = "UPDATE recording SET next = $2, bytes = bytes + $3, chain = $4 WHERE id = $1";

    execute end(
        id: Uuid, at: Timestamp, manifest: Option<Vec<u8>>, until: Timestamp,
    )
        = "UPDATE recording SET ended_at = $2, manifest = $3, keep_until = $4
           WHERE id = $1 AND ended_at IS NULL";

    execute hear(session: SupportSessionId, at: Timestamp)
        = "UPDATE support_session SET feedback_at = $2
           WHERE id = $1 AND customer IS NOT NULL AND feedback_at IS NULL";

    execute keep_feedback(id: Uuid, feedback: Vec<u8>, sha256: [u8; 32])
        = "UPDATE recording SET feedback = $2, feedback_sha256 = $3, feedback_state = 'kept'
           WHERE id = $1 AND feedback_state = 'awaited' AND deleted_at IS NULL";

    execute miss_feedback(id: Uuid)
        = "UPDATE recording SET feedback_state = 'missing'
           WHERE id = $1 AND feedback_state = 'awaited'";

    execute looked_at(id: Uuid, at: Timestamp)
        = "UPDATE recording SET looked_at = $2 WHERE id = $1 AND ended_at IS NOT NULL";

    execute damage(id: Uuid, at: Timestamp)
        = "UPDATE recording SET damaged_at = $2
           WHERE id = $1 AND ended_at IS NOT NULL AND deleted_at IS NULL AND damaged_at IS NULL";

    execute acknowledge(
        id: Uuid, recording: Uuid, trouble: RecordingTrouble, account: AccountId, reason: Vec<u8>,
        at: Timestamp,
    )
        = "INSERT INTO recording_acknowledgement (id, recording, trouble, account, reason, at)
           VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (recording, trouble) DO NOTHING";

    execute play(
        id: Uuid, recording: Uuid, account: AccountId, reason: Vec<u8>, at: Timestamp,
    )
        = "INSERT INTO recording_play (id, recording, account, reason, at)
           VALUES ($1, $2, $3, $4, $5)";

    execute delete(id: Uuid, at: Timestamp)
        = "UPDATE recording SET deleted_at = $2, feedback = NULL
           WHERE id = $1 AND deleted_at IS NULL AND keep_until <= $2";

    execute add(organisation: OrganisationId, more: u64)
        = "INSERT INTO recording_total (organisation, bytes) VALUES ($1, $2)
           ON CONFLICT (organisation) DO UPDATE SET bytes = recording_total.bytes + excluded.bytes";

    execute subtract(organisation: OrganisationId, less: u64)
        = "UPDATE recording_total SET bytes = bytes - $2 WHERE organisation = $1";

    execute forget_pieces(recording: Uuid, most: u32)
        = "DELETE FROM recording_piece WHERE recording = $1 AND number IN (
             SELECT p.number FROM recording_piece p JOIN recording r ON r.id = p.recording
             WHERE p.recording = $1 AND r.deleted_at IS NOT NULL ORDER BY p.number LIMIT $2)";

    execute clear(id: Uuid, at: Timestamp)
        = "UPDATE recording SET cleared_at = $2
           WHERE id = $1 AND deleted_at IS NOT NULL AND cleared_at IS NULL";
}
