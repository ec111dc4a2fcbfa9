//! What an account's browsers share through this server, and of which it reads who signed it.

pub(super) mod ask;
pub(super) mod change_vault;
pub(super) mod end_request;
pub(super) mod read_vault;

use conclave_protocol::AccountId;
use uuid::Uuid;

use super::signed_in::SignedIn;

/// A vault in base64url, and the list's entries with it.
pub(super) const LARGEST_BODY: usize = 512 * 1_024;

fn id(signed_in: &SignedIn) -> Uuid {
    let AccountId(id) = signed_in.account.id;
    id
}
