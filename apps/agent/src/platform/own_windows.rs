//! Whether input would reach one of our own windows, such as a prompt.

use super::Fault;

pub trait OwnWindows {
    fn under_pointer(&self) -> Result<bool, Fault>;

    fn focused(&self) -> Result<bool, Fault>;
}
