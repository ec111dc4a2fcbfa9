//! The organisation's sealed codes: made, and spent.

use conclave_policy::capability::{AccountAction, account_may};
use conclave_protocol::{AccountId, OrganisationId, Timestamp};

use super::{Action, Apply, Failure, account};
use crate::engine::{Link, statements};
use crate::error::Refused;
use crate::secret::TokenHash;

/// Makes codes in place of the set before, used or not. Refused: [`Refused::NotAllowed`] for who may not at this moment.
pub struct MakeEmergencyCodes {
    pub organisation: OrganisationId,
    pub by: AccountId,
    /// By their numbers.
    pub codes: Vec<TokenHash>,
    pub at: Timestamp,
}

impl Action for MakeEmergencyCodes {}

impl Apply for MakeEmergencyCodes {
    type Done = ();

    async fn apply(self, link: &mut Link<'_>) -> Result<(), Failure> {
        let role = account::active_role(link, self.by).await?;
        if !account_may(role, AccountAction::MakeEmergencyCodes).is_allowed() {
            return Err(Refused::NotAllowed.into());
        }
        delete_codes(link, self.organisation).await?;
        set(link, self.organisation, self.at, self.by).await?;
        for (number, code) in (1..).zip(self.codes) {
            insert_code(link, self.organisation, number, code).await?;
        }
        Ok(())
    }
}

/// One of the account's own organisation. Refused: [`Refused::Conflict`] for one that is not there, or is used.
pub(super) async fn use_code(
    link: &mut Link<'_>,
    account: AccountId,
    code: TokenHash,
    at: Timestamp,
) -> Result<(), Failure> {
    match spend_code(link, account, code, at).await? {
        0 => Err(Refused::Conflict.into()),
        _ => Ok(()),
    }
}

statements! {
    execute delete_codes(organisation: OrganisationId)
        = "DELETE FROM emergency_code WHERE organisation = $1";

    execute set(organisation: OrganisationId, at: Timestamp, by: AccountId)
        = "INSERT INTO emergency_code_set (organisation, made_at, made_by) VALUES ($1, $2, $3)
           ON CONFLICT (organisation) DO UPDATE
           SET made_at = excluded.made_at, made_by = excluded.made_by";

    execute insert_code(organisation: OrganisationId, number: u32, code: TokenHash)
        = "INSERT INTO emergency_code (organisation, number, code_hash) VALUES ($1, $2, $3)";

    execute spend_code(account: AccountId, code: TokenHash, at: Timestamp)
        = "UPDATE emergency_code SET used_at = $3, used_by = $1
           WHERE code_hash = $2 AND used_at IS NULL
             AND organisation = (SELECT organisation FROM account WHERE id = $1)";
}
