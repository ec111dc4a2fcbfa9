//! What an organisation, a group or an account permits, and the healthcare profile.
//!
//! An organisation's policy has one revision. Whoever changes it names the one that they saw, so that nobody overwrites
//! what they did not read.

use conclave_policy::rules::Subject;
use conclave_protocol::policy::Layer;
use conclave_protocol::{AccountGroupId, AccountId, OrganisationId, Timestamp};
use uuid::Uuid;

use super::{Action, Apply, Failure, Revision};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::read::policy::LayerKind;

/// Replaces a layer's words. Answers with the policy's revision. Refused: [`Refused::Conflict`] when it is not at
/// `seen`, [`Refused::NotFound`] for who is not of the organisation.
pub struct SetPolicy {
    pub organisation: OrganisationId,
    pub subject: Subject,
    pub settings: Layer,
    pub seen: u64,
}

/// The healthcare profile is on, from `at` unless it was before. Refused: [`Refused::Conflict`].
pub struct EnterProfile {
    pub organisation: OrganisationId,
    /// The organisation's words, the profile's among them.
    pub settings: Layer,
    pub seen: u64,
    pub at: Timestamp,
}

/// Somebody asks to leave it; an earlier wish is void. Refused: [`Refused::Conflict`] while it is off.
pub struct AskToLeaveProfile {
    pub organisation: OrganisationId,
    pub by: AccountId,
    pub at: Timestamp,
}

/// It is off; its words stay as they are. Refused: [`Refused::Conflict`].
pub struct LeaveProfile {
    pub organisation: OrganisationId,
    pub seen: u64,
}

impl Action for SetPolicy {}

impl Apply for SetPolicy {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let Self {
            organisation,
            subject,
            settings,
            seen,
        } = self;
        let revision = raise_from(link, organisation, seen).await?;
        if !is_there(link, organisation, subject).await? {
            return Err(Refused::NotFound.into());
        }
        set(link, organisation, subject, settings).await?;
        Ok(revision)
    }
}

impl Action for EnterProfile {}

impl Apply for EnterProfile {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let revision = raise_from(link, self.organisation, self.seen).await?;
        set(
            link,
            self.organisation,
            Subject::Organisation,
            self.settings,
        )
        .await?;
        profile_on(link, self.organisation, self.at).await?;
        Ok(revision)
    }
}

impl Action for AskToLeaveProfile {}

impl Apply for AskToLeaveProfile {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let revision = raise(link, self.organisation).await?;
        match ask_to_leave(link, self.organisation, self.by, self.at).await? {
            0 => Err(Refused::Conflict.into()),
            _ => Ok(revision),
        }
    }
}

impl Action for LeaveProfile {}

impl Apply for LeaveProfile {
    type Done = Revision;

    async fn apply(self, link: &mut Link<'_>) -> Result<Revision, Failure> {
        let revision = raise_from(link, self.organisation, self.seen).await?;
        profile_off(link, self.organisation).await?;
        Ok(revision)
    }
}

/// Refused: [`Refused::NotFound`].
pub(super) async fn raise(
    link: &mut Link<'_>,
    organisation: OrganisationId,
) -> Result<Revision, Failure> {
    let raised = raise_revision(link, organisation).await?;
    let (revision,) = raised.ok_or(Refused::NotFound)?;
    Ok(Revision(revision))
}

pub(super) async fn raise_from(
    link: &mut Link<'_>,
    organisation: OrganisationId,
    seen: u64,
) -> Result<Revision, Failure> {
    let raised = raise_seen(link, organisation, seen).await?;
    let (revision,) = raised.ok_or(Refused::Conflict)?;
    Ok(Revision(revision))
}

async fn is_there(
    link: &mut Link<'_>,
    organisation: OrganisationId,
    subject: Subject,
) -> Result<bool, Failure> {
    Ok(match subject {
        Subject::Organisation => true,
        Subject::Group(group) => group_there(link, group, organisation).await?.is_some(),
        Subject::Account(account) => account_there(link, account, organisation).await?.is_some(),
    })
}

/// A layer that says nothing is not kept.
async fn set(
    link: &mut Link<'_>,
    organisation: OrganisationId,
    subject: Subject,
    settings: Layer,
) -> Result<(), Failure> {
    let (id, kind) = match subject {
        Subject::Organisation => (organisation.0, LayerKind::Organisation),
        Subject::Group(AccountGroupId(id)) => (id, LayerKind::Group),
        Subject::Account(AccountId(id)) => (id, LayerKind::Account),
    };
    match settings == Layer::default() {
        true => forget(link, organisation, id).await?,
        false => keep(link, organisation, id, kind, settings).await?,
    };
    Ok(())
}

statements! {
    optional raise_revision(organisation: OrganisationId) -> (u64,)
        = "UPDATE organisation SET policy_revision = policy_revision + 1 WHERE id = $1
           RETURNING policy_revision";

    optional raise_seen(organisation: OrganisationId, seen: u64) -> (u64,)
        = "UPDATE organisation SET policy_revision = policy_revision + 1
           WHERE id = $1 AND policy_revision = $2 RETURNING policy_revision";

    optional group_there(id: AccountGroupId, organisation: OrganisationId) -> (bool,)
        = "SELECT TRUE FROM account_group WHERE id = $1 AND organisation = $2";

    optional account_there(id: AccountId, organisation: OrganisationId) -> (bool,)
        = "SELECT TRUE FROM account WHERE id = $1 AND organisation = $2";

    execute keep(organisation: OrganisationId, subject: Uuid, kind: LayerKind, settings: Layer)
        = "INSERT INTO policy_layer (organisation, subject, kind, settings) VALUES ($1, $2, $3, $4)
           ON CONFLICT (organisation, subject) DO UPDATE SET settings = excluded.settings";

    execute forget(organisation: OrganisationId, subject: Uuid)
        = "DELETE FROM policy_layer WHERE organisation = $1 AND subject = $2";

    execute profile_on(organisation: OrganisationId, at: Timestamp)
        = "UPDATE organisation SET profile_since = COALESCE(profile_since, $2),
             profile_leave_by = NULL, profile_leave_at = NULL WHERE id = $1";

    execute ask_to_leave(organisation: OrganisationId, by: AccountId, at: Timestamp)
        = "UPDATE organisation SET profile_leave_by = $2, profile_leave_at = $3
           WHERE id = $1 AND profile_since IS NOT NULL";

    execute profile_off(organisation: OrganisationId)
        = "UPDATE organisation SET profile_since = NULL, profile_leave_by = NULL, profile_leave_at = NULL
           WHERE id = $1";
}
