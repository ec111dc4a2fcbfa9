//! Programs with a key of their own.

use conclave_policy::program::Standing;
use conclave_protocol::account::{AccountRole, AccountState};
use conclave_protocol::personal::{DisplayName, Label};
use conclave_protocol::program::{ProgramScope, ProgramState};
use conclave_protocol::{AccountId, OrganisationId, ProgramId, Timestamp};

use crate::engine::{row, statements};
use crate::secret::TokenHash;

/// What a program may, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scopes(pub Vec<ProgramScope>);

row! {
    /// A program, with how whoever made it stands.
    #[derive(Clone)]
    pub struct Program {
        pub id: ProgramId,
        pub organisation: OrganisationId,
        pub name: Label,
        pub scopes: Scopes,
        pub created_at: Timestamp,
        pub expires_at: Timestamp,
        pub last_used_on: Option<Timestamp>,
        pub revoked_at: Option<Timestamp>,
        pub made_by: AccountId,
        pub made_by_name: DisplayName,
        pub made_by_role: AccountRole,
        pub made_by_state: AccountState,
    }
}

impl Program {
    pub fn state(&self, now: Timestamp) -> ProgramState {
        let standing = Standing {
            expires_at: self.expires_at,
            revoked_at: self.revoked_at,
            maker: (self.made_by_role, self.made_by_state),
        };
        standing.state(now)
    }
}

/// The longest list.
pub const MOST_LISTED: u32 = 200;

statements! {
    optional program(id: ProgramId) -> Program
        = "SELECT p.id AS id, p.organisation AS organisation, p.name AS name, p.scopes AS scopes,
             p.created_at AS created_at, p.expires_at AS expires_at, p.last_used_on AS last_used_on,
             p.revoked_at AS revoked_at, p.made_by AS made_by, a.display_name AS made_by_name,
             a.role AS made_by_role, a.state AS made_by_state
           FROM program p JOIN account a ON a.id = p.made_by WHERE p.id = $1";

    optional program_by_key(key: TokenHash) -> Program
        = "SELECT p.id AS id, p.organisation AS organisation, p.name AS name, p.scopes AS scopes,
             p.created_at AS created_at, p.expires_at AS expires_at, p.last_used_on AS last_used_on,
             p.revoked_at AS revoked_at, p.made_by AS made_by, a.display_name AS made_by_name,
             a.role AS made_by_role, a.state AS made_by_state
           FROM program p JOIN account a ON a.id = p.made_by WHERE p.key_hash = $1";

    all programs(organisation: OrganisationId, most: u32) -> Program
        = "SELECT p.id AS id, p.organisation AS organisation, p.name AS name, p.scopes AS scopes,
             p.created_at AS created_at, p.expires_at AS expires_at, p.last_used_on AS last_used_on,
             p.revoked_at AS revoked_at, p.made_by AS made_by, a.display_name AS made_by_name,
             a.role AS made_by_role, a.state AS made_by_state
           FROM program p JOIN account a ON a.id = p.made_by WHERE p.organisation = $1
           ORDER BY p.created_at DESC, p.id DESC LIMIT $2";
}
