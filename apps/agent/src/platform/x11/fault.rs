//! The errors of an X connection, as faults of a desktop.

use x11rb::errors::{ConnectError, ConnectionError, ReplyError, ReplyOrIdError};
use x11rb::protocol::ErrorKind;

use crate::platform::Fault;

impl From<ConnectError> for Fault {
    fn from(error: ConnectError) -> Self {
        Self::Unreachable(Box::new(error))
    }
}

impl From<ConnectionError> for Fault {
    fn from(error: ConnectionError) -> Self {
        Self::Gone(Box::new(error))
    }
}

impl From<ReplyError> for Fault {
    fn from(error: ReplyError) -> Self {
        match error {
            ReplyError::ConnectionError(error) => error.into(),
            ReplyError::X11Error(_) => Self::Refused(Box::new(error)),
        }
    }
}

impl From<ReplyOrIdError> for Fault {
    fn from(error: ReplyOrIdError) -> Self {
        match error {
            ReplyOrIdError::ConnectionError(error) => error.into(),
            ReplyOrIdError::IdsExhausted | ReplyOrIdError::X11Error(_) => {
                Self::Refused(Box::new(error))
            }
        }
    }
}

/// `None` where the display refused for one of these reasons.
pub(super) fn unless<T>(
    outcome: Result<T, ReplyError>,
    kinds: &[ErrorKind],
) -> Result<Option<T>, Fault> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(ReplyError::X11Error(error)) if kinds.contains(&error.error_kind) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
