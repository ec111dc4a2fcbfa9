//! What Windows refused, as faults of a desktop.

use std::io;

use windows_sys::core::BOOL;

use crate::platform::Fault;

/// Of the call that came last.
pub(super) fn refused() -> Fault {
    Fault::Refused(Box::new(io::Error::last_os_error()))
}

/// What a call answered that says whether it did it.
pub(super) fn done(answer: BOOL) -> Result<(), Fault> {
    if answer == 0 { Err(refused()) } else { Ok(()) }
}

/// A handle that a call answered, if it is one.
pub(super) fn some<T>(handle: *mut T) -> Result<*mut T, Fault> {
    if handle.is_null() {
        Err(refused())
    } else {
        Ok(handle)
    }
}
