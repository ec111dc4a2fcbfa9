//! What people are told of what the client says.

use conclave_client::{NotDone, NotGiven, Unreached};

use crate::ipc::Failure;

impl Failure {
    pub(super) fn of(error: &NotDone) -> Self {
        match error {
            NotDone::Unreachable(Unreached::Distrusted(why)) => {
                tracing::warn!(%why, "the server is not trusted");
                Self::Untrusted
            }
            NotDone::Unreachable(_) => Self::Unreachable,
            NotDone::Refused(status, code) => {
                tracing::info!(%status, code, "the server refused");
                Self::of_status(status.as_u16())
            }
            NotDone::Unreadable => Self::Unfit,
            NotDone::Randomness => Self::Failed,
        }
    }

    pub(super) fn of_petition(why: NotGiven) -> Self {
        match why {
            NotGiven::WrongPasscode => Self::WrongPasscode,
            NotGiven::PasscodeSpent => Self::PasscodeSpent,
            NotGiven::Unanswered => Self::NobodyThere,
        }
    }

    /// A server without remote support knows no such address either, and says so like one without such a code.
    fn of_status(status: u16) -> Self {
        match status {
            404 | 410 => Self::WrongCode,
            429 => Self::TooOften,
            400 | 405 | 415 | 422 => Self::Unfit,
            500.. => Self::Unreachable,
            _ => Self::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_used_and_expired_codes_look_alike_and_a_tired_server_does_not() {
        for (status, failure) in [
            (404, Failure::WrongCode),
            (410, Failure::WrongCode),
            (429, Failure::TooOften),
            (422, Failure::Unfit),
            (502, Failure::Unreachable),
            (403, Failure::Failed),
        ] {
            assert_eq!(Failure::of_status(status), failure, "{status}");
        }
    }
}
