//! Mail that a stranger asks for: the same answer for every address, before anything is looked up.

use conclave_policy::sign_in_throttle::AccountKey;
use conclave_protocol::personal::{EmailAddress, Secret};
use sha2::{Digest, Sha256};
use tracing::Instrument;

use super::occasion::Occasion;
use super::problem::{Refusal, TOO_MANY_REQUESTS};
use crate::app::App;

/// What a mail is asked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// To verify an address, whoever has it.
    Verification,
    /// A link that changes a password.
    Reset,
}

/// Charges the address and the network; who asks too often is told so, whether the address has an account or not.
pub(super) fn charge(
    app: &App,
    occasion: &Occasion,
    asked: Asked,
    typed: &Secret,
) -> Result<(), Refusal> {
    let typed = typed.reveal().trim().to_lowercase();
    let key = AccountKey(Sha256::digest(typed).into());
    let (now, from) = (occasion.now, occasion.source.address);
    let admitted = match asked {
        Asked::Verification => app.throttles.asked_mail().admit(key, from, now),
        Asked::Reset => app.throttles.asked_resets().admit(key, from, now),
    };
    admitted.map_err(|throttled| Refusal::after(TOO_MANY_REQUESTS, throttled.until.since(now)))
}

/// What was typed, if it is an address.
pub(super) fn address(typed: &Secret) -> Option<EmailAddress> {
    EmailAddress::parse(typed.reveal()).ok()
}

/// Does the work behind the answer's back, so that its time tells nothing.
pub(super) fn later(work: impl Future<Output = Result<(), Refusal>> + Send + 'static) {
    let work = async move {
        if let Err(refusal) = work.await {
            tracing::warn!(code = refusal.kind.code, "asked mail was not sent");
        }
    };
    tokio::spawn(work.in_current_span());
}
