//! Asking for an account, where the organisation takes such requests: an address is verified, and an administrator decides.

pub(super) mod ask;
pub(super) mod confirm;

use super::problem::{ACCOUNT_REQUESTS_CLOSED, MAIL_UNAVAILABLE, Refusal};
use crate::app::App;
use crate::mail::Mail;

/// The way to the mail server, where requests are open.
fn open(app: &App) -> Result<&Mail, Refusal> {
    if !app.config.accounts.requests {
        return Err(ACCOUNT_REQUESTS_CLOSED.into());
    }
    app.mail.as_ref().ok_or(MAIL_UNAVAILABLE.into())
}
