//! Complaints and requests about privacy: entered, and closed.

use conclave_policy::capability::{AccountAction, account_may};
use conclave_protocol::complaint::{ComplaintKind, ComplaintOutcome};
use conclave_protocol::{AccountId, OrganisationId, Timestamp};
use uuid::Uuid;

use super::{Action, Apply, Failure, account};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::read::complaint::{MOST_KEPT, complaint};

/// Refused: [`Refused::NotAllowed`], [`Refused::TooManyComplaints`].
pub struct EnterComplaint {
    pub id: Uuid,
    pub organisation: OrganisationId,
    pub kind: ComplaintKind,
    /// Sealed.
    pub words: Vec<u8>,
    pub received_at: Timestamp,
    pub by: AccountId,
    pub at: Timestamp,
}

/// Once. Refused: [`Refused::NotAllowed`], [`Refused::NotFound`], [`Refused::Conflict`].
pub struct CloseComplaint {
    pub id: Uuid,
    pub organisation: OrganisationId,
    pub outcome: ComplaintOutcome,
    /// Sealed.
    pub note: Vec<u8>,
    pub by: AccountId,
    pub at: Timestamp,
}

impl Action for EnterComplaint {}

impl Apply for EnterComplaint {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may_keep(link, self.by).await?;
        let kept = count(link, self.organisation).await?;
        if kept.is_none_or(|(kept,)| kept >= MOST_KEPT) {
            return Err(Refused::TooManyComplaints.into());
        }
        enter(
            link,
            self.id,
            self.organisation,
            self.kind,
            self.words,
            self.received_at,
            self.by,
            self.at,
        )
        .await?;
        Ok(())
    }
}

impl Action for CloseComplaint {}

impl Apply for CloseComplaint {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may_keep(link, self.by).await?;
        if complaint(link, self.id, self.organisation).await?.is_none() {
            return Err(Refused::NotFound.into());
        }
        let closed = close(
            link,
            self.id,
            self.organisation,
            self.outcome,
            self.note,
            self.by,
            self.at,
        );
        match closed.await? {
            0 => Err(Refused::Conflict.into()),
            _ => Ok(()),
        }
    }
}

async fn may_keep(link: &mut Link<'_>, by: AccountId) -> Result<(), Failure> {
    let role = account::active_role(link, by).await?;
    match account_may(role, AccountAction::KeepComplaints).is_allowed() {
        true => Ok(()),
        false => Err(Refused::NotAllowed.into()),
    }
}

statements! {
    optional count(organisation: OrganisationId) -> (u32,)
        = "SELECT COUNT(*) FROM complaint WHERE organisation = $1";

    execute enter(
        id: Uuid, organisation: OrganisationId, kind: ComplaintKind, words: Vec<u8>,
        received_at: Timestamp, by: AccountId, at: Timestamp,
    )
        = "INSERT INTO complaint (id, organisation, kind, words, received_at, entered_by, entered_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)";

    execute close(
        id: Uuid, organisation: OrganisationId, outcome: ComplaintOutcome, note: Vec<u8>, by: AccountId,
        at: Timestamp,
    )
        = "UPDATE complaint SET outcome = $3, note = $4, closed_by = $5, closed_at = $6
           WHERE id = $1 AND organisation = $2 AND closed_at IS NULL";
}
