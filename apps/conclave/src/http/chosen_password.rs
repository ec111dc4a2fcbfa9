//! A password that somebody chooses: as policy wants it, or why not.

use conclave_policy::password::{Context, Password, Weakness};
use conclave_protocol::personal::Secret;

use super::problem::{PASSWORD_COMMON, PASSWORD_TOO_LONG, PASSWORD_TOO_SHORT, Refusal};

pub(super) fn choose(password: &Secret, context: Context<'_>) -> Result<Password, Refusal> {
    Password::choose(password.reveal(), context).map_err(|weakness| {
        match weakness {
            Weakness::TooShort => PASSWORD_TOO_SHORT,
            Weakness::TooLong => PASSWORD_TOO_LONG,
            Weakness::WellKnown => PASSWORD_COMMON,
        }
        .into()
    })
}
