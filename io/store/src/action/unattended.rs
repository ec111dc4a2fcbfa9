//! Computers that are helped when nobody is there: enrolled by a link, granted to somebody, renewed, taken out.

use conclave_policy::capability::{AccountAction, account_may};
use conclave_policy::unattended::{MOST_DEVICES, MOST_GRANTS, MOST_LINKS, has_ended};
use conclave_protocol::account::AccountState;
use conclave_protocol::personal::Label;
use conclave_protocol::{AccountId, OrganisationId, SupportDeviceId, SupportSessionId, Timestamp};

use super::support::OpenSupport;
use super::{Action, Apply, Failure, account};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::read::unattended::granted;
use crate::secret::TokenHash;

/// Makes a link by which one computer says who it is. Refused: [`Refused::NotAllowed`], [`Refused::TooManyComputers`].
pub struct MakeEnrolment {
    pub token: TokenHash,
    pub organisation: OrganisationId,
    pub by: AccountId,
    pub at: Timestamp,
    pub expires_at: Timestamp,
    /// Of the computer that comes by it.
    pub ends_at: Timestamp,
}

/// Spends the link; answers whose it was. Refused: [`Refused::LinkSpent`], also where whoever made it may not any more,
/// [`Refused::Conflict`] for keys that another computer has, [`Refused::TooManyComputers`].
pub struct EnrolComputer {
    pub token: TokenHash,
    pub id: SupportDeviceId,
    pub name: Label,
    pub signing_key: [u8; 32],
    pub sealing_key: Vec<u8>,
    pub at: Timestamp,
}

/// Lets somebody of the organisation help at a computer. Once granted stays granted. Refused: [`Refused::NotAllowed`],
/// [`Refused::NotFound`], [`Refused::TooManyGrants`].
pub struct GrantComputer {
    pub device: SupportDeviceId,
    pub organisation: OrganisationId,
    pub account: AccountId,
    pub by: AccountId,
    pub at: Timestamp,
}

/// Refused: [`Refused::NotAllowed`], [`Refused::NotFound`].
pub struct WithdrawGrant {
    pub device: SupportDeviceId,
    pub organisation: OrganisationId,
    pub account: AccountId,
    pub by: AccountId,
}

/// Gives a computer's enrolment another end, also once it is over. Refused: [`Refused::NotAllowed`], [`Refused::NotFound`].
pub struct RenewComputer {
    pub device: SupportDeviceId,
    pub organisation: OrganisationId,
    pub by: AccountId,
    /// That it counts from.
    pub at: Timestamp,
    pub ends_at: Timestamp,
}

/// Takes a computer out for good. Refused: [`Refused::NotAllowed`], [`Refused::NotFound`], also for one that was.
pub struct RevokeComputer {
    pub device: SupportDeviceId,
    pub organisation: OrganisationId,
    pub by: AccountId,
    pub at: Timestamp,
}

/// As [`OpenSupport`], at a computer. Refused: [`Refused::NotAllowed`] where its technician was not granted it, or its enrolment
/// is over.
pub struct OpenUnattended {
    pub open: OpenSupport,
    pub device: SupportDeviceId,
}

impl Action for MakeEnrolment {}

impl Apply for MakeEnrolment {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may_keep(link, self.by).await?;
        has_room(link, self.organisation).await?;
        forget(link, self.at).await?;
        let links = count_links(link, self.organisation).await?;
        if links.is_none_or(|(links,)| links >= MOST_LINKS) {
            return Err(Refused::TooManyComputers.into());
        }
        insert_link(
            link,
            self.token,
            self.organisation,
            self.by,
            self.expires_at,
            self.ends_at,
        )
        .await?;
        Ok(())
    }
}

impl Action for EnrolComputer {}

impl Apply for EnrolComputer {
    type Done = OrganisationId;

    async fn apply(self, link: &mut Link<'_>) -> Result<OrganisationId, Failure> {
        let spent = spend(link, self.token, self.at).await?;
        let (organisation, made_by, ends_at) = spent.ok_or(Refused::LinkSpent)?;
        if may_keep(link, made_by).await.is_err() {
            return Err(Refused::LinkSpent.into());
        }
        has_room(link, organisation).await?;
        if with_key(link, self.signing_key).await?.is_some() {
            return Err(Refused::Conflict.into());
        }
        insert(
            link,
            self.id,
            organisation,
            self.name,
            self.signing_key,
            self.sealing_key,
            made_by,
            self.at,
            ends_at,
        )
        .await?;
        Ok(organisation)
    }
}

impl Action for GrantComputer {}

impl Apply for GrantComputer {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may_keep(link, self.by).await?;
        is_there(link, self.device, self.organisation).await?;
        let target = account::target(link, self.account).await?;
        let target = target.filter(|found| found.organisation == self.organisation);
        let target = target.filter(|found| found.state == AccountState::Active);
        let target = target.ok_or(Refused::NotFound)?;
        if !account_may(target.role, AccountAction::HoldSupport).is_allowed() {
            return Err(Refused::NotAllowed.into());
        }
        if granted(link, self.device, self.account).await?.is_some() {
            return Ok(());
        }
        let grants = count_grants(link, self.device).await?;
        if grants.is_none_or(|(grants,)| grants >= MOST_GRANTS) {
            return Err(Refused::TooManyGrants.into());
        }
        grant(link, self.device, self.account, self.by, self.at).await?;
        Ok(())
    }
}

impl Action for WithdrawGrant {}

impl Apply for WithdrawGrant {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may_keep(link, self.by).await?;
        is_there(link, self.device, self.organisation).await?;
        match withdraw(link, self.device, self.account).await? {
            0 => Err(Refused::NotFound.into()),
            _ => Ok(()),
        }
    }
}

impl Action for RenewComputer {}

impl Apply for RenewComputer {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may_keep(link, self.by).await?;
        let renewed = renew(link, self.device, self.organisation, self.at, self.ends_at);
        match renewed.await? {
            0 => Err(Refused::NotFound.into()),
            _ => Ok(()),
        }
    }
}

impl Action for RevokeComputer {}

impl Apply for RevokeComputer {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        may_keep(link, self.by).await?;
        match revoke(link, self.device, self.organisation, self.at).await? {
            0 => Err(Refused::NotFound.into()),
            _ => Ok(()),
        }
    }
}

impl Action for OpenUnattended {}

impl Apply for OpenUnattended {
    type Done = SupportSessionId;

    async fn apply(self, link: &mut Link<'_>) -> Result<SupportSessionId, Failure> {
        let (device, technician) = (self.device, self.open.meeting.host);
        let found = granted(link, device, technician).await?;
        let (_, ends_at) = found.ok_or(Refused::NotAllowed)?;
        if has_ended(ends_at, self.open.meeting.at) {
            return Err(Refused::NotAllowed.into());
        }
        let session = self.open.apply(link).await?;
        bind(link, session, device).await?;
        Ok(session)
    }
}

async fn may_keep(link: &mut Link<'_>, by: AccountId) -> Result<(), Failure> {
    let role = account::active_role(link, by).await?;
    match account_may(role, AccountAction::KeepComputers).is_allowed() {
        true => Ok(()),
        false => Err(Refused::NotAllowed.into()),
    }
}

async fn has_room(link: &mut Link<'_>, organisation: OrganisationId) -> Result<(), Failure> {
    let computers = count(link, organisation).await?;
    match computers.is_some_and(|(computers,)| computers < MOST_DEVICES) {
        true => Ok(()),
        false => Err(Refused::TooManyComputers.into()),
    }
}

async fn is_there(
    link: &mut Link<'_>,
    device: SupportDeviceId,
    organisation: OrganisationId,
) -> Result<(), Failure> {
    match standing(link, device, organisation).await? {
        Some(_) => Ok(()),
        None => Err(Refused::NotFound.into()),
    }
}

statements! {
    execute forget(now: Timestamp)
        = "DELETE FROM support_enrolment WHERE expires_at <= $1";

    optional count_links(organisation: OrganisationId) -> (u32,)
        = "SELECT COUNT(*) FROM support_enrolment WHERE organisation = $1";

    execute insert_link(
        token: TokenHash, organisation: OrganisationId, made_by: AccountId, expires_at: Timestamp,
        ends_at: Timestamp,
    )
        = "INSERT INTO support_enrolment (token, organisation, made_by, expires_at, ends_at)
           VALUES ($1, $2, $3, $4, $5)";

    optional spend(
        token: TokenHash, now: Timestamp,
    ) -> (OrganisationId, AccountId, Timestamp)
        = "DELETE FROM support_enrolment WHERE token = $1 AND expires_at > $2
           RETURNING organisation, made_by, ends_at";

    optional count(organisation: OrganisationId) -> (u32,)
        = "SELECT COUNT(*) FROM support_device WHERE organisation = $1 AND revoked_at IS NULL";

    optional with_key(signing_key: [u8; 32]) -> (SupportDeviceId,)
        = "SELECT id FROM support_device WHERE signing_key = $1";

    execute insert(
        id: SupportDeviceId, organisation: OrganisationId, name: Label, signing_key: [u8; 32],
        sealing_key: Vec<u8>, enrolled_by: AccountId, at: Timestamp, ends_at: Timestamp,
    )
        = "INSERT INTO support_device
             (id, organisation, name, signing_key, sealing_key, enrolled_by, enrolled_at, counted_from, ends_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)";

    optional standing(id: SupportDeviceId, organisation: OrganisationId) -> (Timestamp,)
        = "SELECT enrolled_at FROM support_device
           WHERE id = $1 AND organisation = $2 AND revoked_at IS NULL";

    optional count_grants(device: SupportDeviceId) -> (u32,)
        = "SELECT COUNT(*) FROM support_grant WHERE device = $1";

    execute grant(device: SupportDeviceId, account: AccountId, by: AccountId, at: Timestamp)
        = "INSERT INTO support_grant (device, account, granted_by, granted_at)
           VALUES ($1, $2, $3, $4) ON CONFLICT (device, account) DO NOTHING";

    execute withdraw(device: SupportDeviceId, account: AccountId)
        = "DELETE FROM support_grant WHERE device = $1 AND account = $2";

    execute renew(
        id: SupportDeviceId, organisation: OrganisationId, at: Timestamp, ends_at: Timestamp,
    )
        = "UPDATE support_device SET counted_from = $3, ends_at = $4
           WHERE id = $1 AND organisation = $2 AND revoked_at IS NULL";

    execute revoke(id: SupportDeviceId, organisation: OrganisationId, at: Timestamp)
        = "UPDATE support_device SET revoked_at = $3
           WHERE id = $1 AND organisation = $2 AND revoked_at IS NULL";

    execute bind(session: SupportSessionId, device: SupportDeviceId)
        = "INSERT INTO support_unattended (session, device) VALUES ($1, $2)";
}
