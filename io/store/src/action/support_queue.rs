//! The life of a request for help: asked, claimed by one technician, taken once, turned away, or over without either.

use conclave_policy::capability::{AccountAction, account_may};
use conclave_policy::support_queue::{
    CLAIMED_FOR, DECLINED_KEPT, GONE_AFTER, LINK_KEPT, MOST_WAITING, WAITS_FOR,
};
use conclave_protocol::personal::{DisplayName, Matter};
use conclave_protocol::support_queue::{RequestKey, SealedLink};
use conclave_protocol::{AccountId, OrganisationId, SupportRequestId, SupportSessionId, Timestamp};

use super::{Action, Apply, Failure, Upkeep, account};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::secret::TokenHash;

/// Asks for help, and waits. Refused: [`Refused::QueueFull`].
pub struct AskForHelp {
    pub id: SupportRequestId,
    pub organisation: OrganisationId,
    pub token: TokenHash,
    pub public_key: RequestKey,
    pub name: DisplayName,
    pub matter: Option<Matter>,
    pub at: Timestamp,
}

/// Keeps a request for one technician, for [`CLAIMED_FOR`], and anew each time that they say so. Refused:
/// [`Refused::NotAllowed`], [`Refused::NotFound`], [`Refused::RequestTaken`] where another technician was quicker.
pub struct ClaimRequest {
    pub request: SupportRequestId,
    pub organisation: OrganisationId,
    pub by: AccountId,
    pub at: Timestamp,
}

/// Gives whoever asked the sealed link of a session, once; who they are and what it was about is gone with it. Refused:
/// [`Refused::NotAllowed`], [`Refused::NotFound`], [`Refused::RequestTaken`] where the technician who claimed it last is
/// another, and [`Refused::Conflict`] where the session is not theirs to give: it is another's, is over, somebody came to it,
/// or it was given to somebody else.
pub struct TakeRequest {
    pub request: SupportRequestId,
    pub organisation: OrganisationId,
    pub by: AccountId,
    pub session: SupportSessionId,
    pub sealed: SealedLink,
    pub at: Timestamp,
}

/// Turns whoever asked away: who they are and what it was about is gone with it, and their page is told. Refused:
/// [`Refused::NotAllowed`], [`Refused::NotFound`], [`Refused::RequestTaken`] where another technician has them, or is about to.
pub struct DeclineRequest {
    pub request: SupportRequestId,
    pub organisation: OrganisationId,
    pub by: AccountId,
    pub at: Timestamp,
}

/// Whoever asked waits no longer, by their own word. Refused: [`Refused::NotFound`], also of one that was taken.
pub struct WithdrawRequest {
    pub request: SupportRequestId,
    pub token: TokenHash,
}

/// Nobody took it in time, or its page is gone. Refused: [`Refused::NotFound`] where it waits.
pub struct ExpireRequest {
    pub request: SupportRequestId,
    pub now: Timestamp,
}

/// Its page asked how it stands.
pub struct TouchRequest {
    pub request: SupportRequestId,
    pub at: Timestamp,
}

impl Action for AskForHelp {}

impl Apply for AskForHelp {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let (asked_after, seen_after) = (self.at.minus(WAITS_FOR), self.at.minus(GONE_AFTER));
        let waiting = count(link, self.organisation, asked_after, seen_after).await?;
        if waiting.is_none_or(|(waiting,)| waiting >= MOST_WAITING) {
            return Err(Refused::QueueFull.into());
        }
        insert(
            link,
            self.id,
            self.organisation,
            self.token,
            self.public_key,
            self.name,
            self.matter,
            self.at,
        )
        .await?;
        Ok(())
    }
}

impl Action for ClaimRequest {}

impl Apply for ClaimRequest {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let Self {
            request,
            organisation,
            by,
            at,
        } = self;
        may_help(link, by).await?;
        let (asked_after, seen_after) = (at.minus(WAITS_FOR), at.minus(GONE_AFTER));
        let lapsed = at.minus(CLAIMED_FOR);
        let claimed = claim(
            link,
            request,
            organisation,
            by,
            at,
            asked_after,
            seen_after,
            lapsed,
        );
        match claimed.await? {
            0 => Err(why_not(link, request, organisation, at).await?),
            _ => Ok(()),
        }
    }
}

impl Action for TakeRequest {}

impl Apply for TakeRequest {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let Self {
            request,
            organisation,
            by,
            session,
            sealed,
            at,
        } = self;
        may_help(link, by).await?;
        let (asked_after, seen_after) = (at.minus(WAITS_FOR), at.minus(GONE_AFTER));
        let taken = take(
            link,
            request,
            organisation,
            by,
            session,
            sealed,
            at,
            asked_after,
            seen_after,
        );
        match taken.await? {
            0 => Err(why_not_given(link, request, organisation, by, at).await?),
            _ => Ok(()),
        }
    }
}

impl Action for DeclineRequest {}

impl Apply for DeclineRequest {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let Self {
            request,
            organisation,
            by,
            at,
        } = self;
        may_help(link, by).await?;
        let (asked_after, seen_after) = (at.minus(WAITS_FOR), at.minus(GONE_AFTER));
        let lapsed = at.minus(CLAIMED_FOR);
        let declined = decline(
            link,
            request,
            organisation,
            by,
            asked_after,
            seen_after,
            lapsed,
        );
        let Some((token,)) = declined.await? else {
            return Err(why_not(link, request, organisation, at).await?);
        };
        insert_declined(link, request, token, at).await?;
        Ok(())
    }
}

impl Action for WithdrawRequest {}

impl Apply for WithdrawRequest {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        match withdraw(link, self.request, self.token).await? {
            0 => Err(Refused::NotFound.into()),
            _ => Ok(()),
        }
    }
}

impl Action for ExpireRequest {}

impl Apply for ExpireRequest {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let (asked_before, seen_before) = (self.now.minus(WAITS_FOR), self.now.minus(GONE_AFTER));
        match expire(link, self.request, asked_before, seen_before).await? {
            0 => Err(Refused::NotFound.into()),
            _ => Ok(()),
        }
    }
}

impl Upkeep for TouchRequest {}

impl Apply for TouchRequest {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        touch(link, self.request, self.at).await?;
        Ok(())
    }
}

/// Links that are good no longer, and what was to be told to pages that are gone.
pub(super) async fn forget(link: &mut Link<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    forget_taken(link, now.minus(LINK_KEPT)).await?;
    forget_declined(link, now.minus(DECLINED_KEPT)).await?;
    Ok(())
}

async fn may_help(link: &mut Link<'_>, by: AccountId) -> Result<(), Failure> {
    let role = account::active_role(link, by).await?;
    match account_may(role, AccountAction::HoldSupport).is_allowed() {
        true => Ok(()),
        false => Err(Refused::NotAllowed.into()),
    }
}

/// One that is there, and over in no way, is another technician's.
async fn why_not(
    link: &mut Link<'_>,
    request: SupportRequestId,
    organisation: OrganisationId,
    at: Timestamp,
) -> Result<Failure, Failure> {
    let (asked_after, seen_after) = (at.minus(WAITS_FOR), at.minus(GONE_AFTER));
    let there = is_there(link, request, organisation, asked_after, seen_after).await?;
    let refused = there.map_or(Refused::NotFound, |_| Refused::RequestTaken);
    Ok(refused.into())
}

/// One that its technician may still take was not refused for its own sake, but for the session's.
async fn why_not_given(
    link: &mut Link<'_>,
    request: SupportRequestId,
    organisation: OrganisationId,
    by: AccountId,
    at: Timestamp,
) -> Result<Failure, Failure> {
    let (asked_after, seen_after) = (at.minus(WAITS_FOR), at.minus(GONE_AFTER));
    let own = is_claimed(link, request, organisation, by, asked_after, seen_after);
    match own.await? {
        Some(_) => Ok(Refused::Conflict.into()),
        None => why_not(link, request, organisation, at).await,
    }
}

statements! {
    optional count(
        organisation: OrganisationId, asked_after: Timestamp, seen_after: Timestamp,
    ) -> (u32,)
        = "SELECT COUNT(*) FROM support_request
           WHERE organisation = $1 AND taken_at IS NULL AND asked_at > $2 AND seen_at > $3";

    execute insert(
        id: SupportRequestId, organisation: OrganisationId, token: TokenHash,
        public_key: RequestKey, name: DisplayName, matter: Option<Matter>, at: Timestamp,
    )
        = "INSERT INTO support_request
             (id, organisation, token, public_key, name, matter, asked_at, seen_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";

    execute claim(
        id: SupportRequestId, organisation: OrganisationId, by: AccountId, at: Timestamp,
        asked_after: Timestamp, seen_after: Timestamp, lapsed: Timestamp,
    )
        = "UPDATE support_request SET claimed_by = $3, claimed_at = $4
           WHERE id = $1 AND organisation = $2 AND taken_at IS NULL
             AND asked_at > $5 AND seen_at > $6
             AND (claimed_by IS NULL OR claimed_by = $3 OR claimed_at <= $7)";

    execute take(
        id: SupportRequestId, organisation: OrganisationId, by: AccountId,
        session: SupportSessionId, sealed: SealedLink, at: Timestamp,
        asked_after: Timestamp, seen_after: Timestamp,
    )
        = "UPDATE support_request
           SET session = $4, sealed = $5, taken_at = $6, name = NULL, matter = NULL
           WHERE id = $1 AND organisation = $2 AND claimed_by = $3 AND taken_at IS NULL
             AND asked_at > $7 AND seen_at > $8
             AND EXISTS (
               SELECT 1 FROM support_session AS s
               WHERE s.id = $4 AND s.technician = $3 AND s.joined_at IS NULL
                 AND s.ended_at IS NULL AND s.code_until > $6
             )
             AND NOT EXISTS (SELECT 1 FROM support_request AS r WHERE r.session = $4)";

    optional is_claimed(
        id: SupportRequestId, organisation: OrganisationId, by: AccountId,
        asked_after: Timestamp, seen_after: Timestamp,
    ) -> (Timestamp,)
        = "SELECT asked_at FROM support_request
           WHERE id = $1 AND organisation = $2 AND claimed_by = $3 AND taken_at IS NULL
             AND asked_at > $4 AND seen_at > $5";

    optional is_there(
        id: SupportRequestId, organisation: OrganisationId, asked_after: Timestamp,
        seen_after: Timestamp,
    ) -> (Timestamp,)
        = "SELECT asked_at FROM support_request
           WHERE id = $1 AND organisation = $2
             AND (taken_at IS NOT NULL OR (asked_at > $3 AND seen_at > $4))";

    optional decline(
        id: SupportRequestId, organisation: OrganisationId, by: AccountId,
        asked_after: Timestamp, seen_after: Timestamp, lapsed: Timestamp,
    ) -> (TokenHash,)
        = "DELETE FROM support_request
           WHERE id = $1 AND organisation = $2 AND taken_at IS NULL
             AND asked_at > $4 AND seen_at > $5
             AND (claimed_by IS NULL OR claimed_by = $3 OR claimed_at <= $6)
           RETURNING token";

    execute insert_declined(id: SupportRequestId, token: TokenHash, at: Timestamp)
        = "INSERT INTO support_request_declined (id, token, declined_at) VALUES ($1, $2, $3)";

    execute withdraw(id: SupportRequestId, token: TokenHash)
        = "DELETE FROM support_request WHERE id = $1 AND token = $2 AND taken_at IS NULL";

    execute expire(id: SupportRequestId, asked_before: Timestamp, seen_before: Timestamp)
        = "DELETE FROM support_request
           WHERE id = $1 AND taken_at IS NULL AND (asked_at <= $2 OR seen_at <= $3)";

    execute touch(id: SupportRequestId, at: Timestamp)
        = "UPDATE support_request SET seen_at = $2
           WHERE id = $1 AND taken_at IS NULL AND seen_at < $2";

    execute forget_taken(before: Timestamp)
        = "DELETE FROM support_request WHERE taken_at <= $1";

    execute forget_declined(before: Timestamp)
        = "DELETE FROM support_request_declined WHERE declined_at <= $1";
}
