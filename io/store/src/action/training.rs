//! The register of training: entered, acknowledged by who was trained, and withdrawn where it was a mistake.

use conclave_policy::capability::{AccountAction, account_may};
use conclave_protocol::personal::Title;
use conclave_protocol::{AccountId, OrganisationId, Timestamp};
use uuid::Uuid;

use super::{Action, Apply, Failure, account};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::read::training::{MOST_KEPT, own, standing};

/// Refused: [`Refused::NotAllowed`], [`Refused::NotFound`] for an account of another organisation,
/// [`Refused::TooManyTrainings`].
pub struct EnterTraining {
    pub id: Uuid,
    pub organisation: OrganisationId,
    pub account: AccountId,
    pub topic: Title,
    pub completed_at: Timestamp,
    pub good_until: Timestamp,
    pub by: AccountId,
    pub at: Timestamp,
}

/// Once. Refused: [`Refused::NotAllowed`], [`Refused::NotFound`], [`Refused::Conflict`].
pub struct WithdrawTraining {
    pub id: Uuid,
    pub organisation: OrganisationId,
    pub by: AccountId,
    pub at: Timestamp,
}

/// By whom it is about, once. Refused: [`Refused::NotFound`] also for somebody else's, and for what was withdrawn;
/// [`Refused::Conflict`].
pub struct AcknowledgeTraining {
    pub id: Uuid,
    pub account: AccountId,
    pub at: Timestamp,
}

impl Action for EnterTraining {}

impl Apply for EnterTraining {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may_keep(link, self.by).await?;
        let target = account::target(link, self.account).await?;
        if target.is_none_or(|target| target.organisation != self.organisation) {
            return Err(Refused::NotFound.into());
        }
        let kept = count(link, self.organisation).await?;
        if kept.is_none_or(|(kept,)| kept >= MOST_KEPT) {
            return Err(Refused::TooManyTrainings.into());
        }
        enter(
            link,
            self.id,
            self.organisation,
            self.account,
            self.topic,
            self.completed_at,
            self.good_until,
            self.by,
            self.at,
        )
        .await?;
        Ok(())
    }
}

impl Action for WithdrawTraining {}

impl Apply for WithdrawTraining {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may_keep(link, self.by).await?;
        let found = standing(link, self.id, self.organisation).await?;
        found.ok_or(Refused::NotFound)?;
        match withdraw(link, self.id, self.by, self.at).await? {
            0 => Err(Refused::Conflict.into()),
            _ => Ok(()),
        }
    }
}

impl Action for AcknowledgeTraining {}

impl Apply for AcknowledgeTraining {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let found = own(link, self.id, self.account).await?;
        found.ok_or(Refused::NotFound)?;
        match acknowledge(link, self.id, self.at).await? {
            0 => Err(Refused::Conflict.into()),
            _ => Ok(()),
        }
    }
}

async fn may_keep(link: &mut Link<'_>, by: AccountId) -> Result<(), Failure> {
    let role = account::active_role(link, by).await?;
    match account_may(role, AccountAction::KeepTraining).is_allowed() {
        true => Ok(()),
        false => Err(Refused::NotAllowed.into()),
    }
}

statements! {
    optional count(organisation: OrganisationId) -> (u32,)
        = "SELECT COUNT(*) FROM training WHERE organisation = $1";

    execute enter(
        id: Uuid, organisation: OrganisationId, account: AccountId, topic: Title,
        completed_at: Timestamp, good_until: Timestamp, by: AccountId, at: Timestamp,
    )
        = "INSERT INTO training
             (id, organisation, account, topic, completed_at, good_until, entered_by, entered_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    execute withdraw(id: Uuid, by: AccountId, at: Timestamp)
        = "UPDATE training SET withdrawn_by = $2, withdrawn_at = $3
           WHERE id = $1 AND withdrawn_at IS NULL";

    execute acknowledge(id: Uuid, at: Timestamp)
        = "UPDATE training SET acknowledged_at = $2 WHERE id = $1 AND acknowledged_at IS NULL";
}
