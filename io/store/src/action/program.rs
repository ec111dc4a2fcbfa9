//! Programs: made, seen, ended; and whether one may act at this moment.

use conclave_policy::capability::{AccountAction, account_may};
use conclave_policy::program::{
    MOST_PROGRAMS, ProgramAction, SHOWN_AFTER_ITS_END, may_have, program_may,
};
use conclave_protocol::account::AccountState;
use conclave_protocol::personal::Label;
use conclave_protocol::program::ProgramState;
use conclave_protocol::{AccountId, MeetingId, OrganisationId, ProgramId, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Action, Apply, Essential, Failure, Revision, Upkeep, account};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::read::program::{Scopes, program};
use crate::secret::TokenHash;

/// Refused: [`Refused::NotAllowed`] for whoever may make none, [`Refused::TooManyPrograms`].
pub struct MakeProgram {
    pub id: ProgramId,
    pub organisation: OrganisationId,
    pub made_by: AccountId,
    pub name: Label,
    pub key: TokenHash,
    pub scopes: Scopes,
    pub at: Timestamp,
    pub expires_at: Timestamp,
}

/// Refused: [`Refused::NotFound`], also for one that was revoked, and [`Refused::NotAllowed`].
#[derive(Clone, Serialize, Deserialize)]
pub struct RevokeProgram {
    pub program: ProgramId,
    pub organisation: OrganisationId,
    pub by: AccountId,
    pub at: Timestamp,
}

/// The program did something on this day.
pub struct TouchProgram {
    pub program: ProgramId,
    pub on: Timestamp,
}

impl Action for MakeProgram {}

impl Apply for MakeProgram {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let role = account::active_role(link, self.made_by).await?;
        if !may_have(role, AccountState::Active).is_allowed() {
            return Err(Refused::NotAllowed.into());
        }
        let count = count(link, self.organisation, self.at).await?;
        if count.is_none_or(|(count,)| count >= MOST_PROGRAMS) {
            return Err(Refused::TooManyPrograms.into());
        }
        insert(
            link,
            self.id,
            self.organisation,
            self.made_by,
            self.name,
            self.key,
            self.scopes,
            self.at,
            self.expires_at,
        )
        .await?;
        Ok(())
    }
}

impl Action for RevokeProgram {}

impl Essential for RevokeProgram {
    fn meeting(&self) -> Option<MeetingId> {
        None
    }

    fn foresee(&self, _raised: Revision) {}
}

impl Apply for RevokeProgram {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let role = account::active_role(link, self.by).await?;
        if !account_may(role, AccountAction::RevokeProgram).is_allowed() {
            return Err(Refused::NotAllowed.into());
        }
        match revoke(link, self.program, self.organisation, self.at).await? {
            0 => Err(Refused::NotFound.into()),
            _ => Ok(()),
        }
    }
}

impl Upkeep for TouchProgram {}

impl Apply for TouchProgram {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        touch(link, self.program, self.on).await?;
        Ok(())
    }
}

/// The organisation that a program acts in. Refused: [`Refused::NotAllowed`] unless it may at this moment.
pub(super) async fn acts(
    link: &mut Link<'_>,
    id: ProgramId,
    action: ProgramAction,
    at: Timestamp,
) -> Result<OrganisationId, Failure> {
    let found = program(link, id).await?.ok_or(Refused::NotAllowed)?;
    let may = program_may(&found.scopes.0, action).is_allowed();
    match may && found.state(at) == ProgramState::Active {
        true => Ok(found.organisation),
        false => Err(Refused::NotAllowed.into()),
    }
}

/// Ends those of somebody who may have none any more.
pub(super) async fn end_of(
    link: &mut Link<'_>,
    made_by: AccountId,
    at: Timestamp,
) -> Result<Vec<ProgramId>, Failure> {
    let ended = running_of(link, made_by, at).await?;
    revoke_of(link, made_by, at).await?;
    Ok(ended.into_iter().map(|(program,)| program).collect())
}

/// Those that ended long ago.
pub(super) async fn forget(link: &mut Link<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    forget_ended(link, now.minus(SHOWN_AFTER_ITS_END)).await?;
    Ok(())
}

statements! {
    optional count(organisation: OrganisationId, now: Timestamp) -> (u32,)
        = "SELECT COUNT(*) FROM program
           WHERE organisation = $1 AND revoked_at IS NULL AND expires_at > $2";

    execute insert(
        id: ProgramId, organisation: OrganisationId, made_by: AccountId, name: Label,
        key: TokenHash, scopes: Scopes, at: Timestamp, expires_at: Timestamp,
    )
        = "INSERT INTO program
             (id, organisation, made_by, name, key_hash, scopes, created_at, expires_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    execute revoke(id: ProgramId, organisation: OrganisationId, at: Timestamp)
        = "UPDATE program SET revoked_at = $3
           WHERE id = $1 AND organisation = $2 AND revoked_at IS NULL";

    all running_of(made_by: AccountId, now: Timestamp) -> (ProgramId,)
        = "SELECT id FROM program
           WHERE made_by = $1 AND revoked_at IS NULL AND expires_at > $2 ORDER BY id";

    execute revoke_of(made_by: AccountId, at: Timestamp)
        = "UPDATE program SET revoked_at = $2 WHERE made_by = $1 AND revoked_at IS NULL";

    execute touch(id: ProgramId, on: Timestamp)
        = "UPDATE program SET last_used_on = $2
           WHERE id = $1 AND (last_used_on IS NULL OR last_used_on < $2)";

    execute forget_ended(before: Timestamp)
        = "DELETE FROM program WHERE expires_at < $1 OR revoked_at < $1";
}
