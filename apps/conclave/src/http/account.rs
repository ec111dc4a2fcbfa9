//! What an account's browsers share through this server, and of which it reads who signed it; how the account
//! signs in, and where it is signed in.

pub(super) mod add_passkey;
pub(super) mod ask;
pub(super) mod ask_email;
pub(super) mod begin_passkey;
pub(super) mod begin_totp;
pub(super) mod change_email;
pub(super) mod change_password;
pub(super) mod change_vault;
pub(super) mod connect_single_sign_on;
pub(super) mod disconnect_single_sign_on;
pub(super) mod end_other_sessions;
pub(super) mod end_request;
pub(super) mod end_session;
pub(super) mod list_sessions;
pub(super) mod make_recovery_codes;
pub(super) mod read_sign_in;
pub(super) mod read_vault;
pub(super) mod remove_passkey;
pub(super) mod remove_totp;
pub(super) mod rename_passkey;
pub(super) mod set_up_totp;

use conclave_audit::{Entry, Event};
use conclave_policy::capability::AccountAction;
use conclave_policy::second_factor::is_mandatory;
use conclave_protocol::AccountId;
use conclave_store::TokenHash;
use conclave_store::read::factor::Factors;
use uuid::Uuid;

use super::occasion::Occasion;
use super::problem::Refusal;
use super::signed_in::SignedIn;
use crate::app::App;
use crate::policies;
use crate::recovery_codes;
use crate::secret::NoRandomness;

/// A vault in base64url, and the list's entries with it.
pub(super) const LARGEST_BODY: usize = 512 * 1_024;

fn id(signed_in: &SignedIn) -> Uuid {
    let AccountId(id) = signed_in.account.id;
    id
}

/// Whether they may do this now: their role, and that they proved lately who they are. The entry of the act.
async fn may_change(
    app: &App,
    signed_in: &SignedIn,
    occasion: &Occasion,
    event: Event,
) -> Result<Entry, Refusal> {
    signed_in
        .may(app, AccountAction::ChangeOwnSignIn, occasion, &event)
        .await?;
    signed_in.stepped_up(app, occasion, &event).await?;
    let organisation = Some(signed_in.account.organisation);
    Ok(occasion.entry(organisation, signed_in.actor(), event)?)
}

/// Whether the role may not be without a second factor.
fn keeps_one(signed_in: &SignedIn) -> bool {
    let for_everybody = policies::wants_second_factor(&signed_in.permitted);
    is_mandatory(signed_in.account.role, for_everybody)
}

/// Codes for whoever has none: shown once, with the hashes that are kept.
fn first_codes(factors: &Factors) -> Result<(Vec<String>, Vec<TokenHash>), NoRandomness> {
    match factors.recovery_codes {
        0 => recovery_codes::fresh(),
        _ => Ok(Default::default()),
    }
}

/// A session as its holder may name it: half of what is kept of its secret, which finds neither.
fn public_id(TokenHash(hash): TokenHash) -> String {
    let half = hash.iter().take(16);
    half.map(|byte| format!("{byte:02x}")).collect()
}
