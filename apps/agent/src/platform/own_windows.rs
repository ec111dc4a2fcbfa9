//! Whether input would reach one of our own windows, such as a prompt.

use super::{Area, Fault};

pub trait OwnWindows {
    /// Where those lie that are shown and can be pressed, with their frames.
    fn areas(&self) -> Result<Vec<Area>, Fault>;

    fn under_pointer(&self) -> Result<bool, Fault>;

    fn focused(&self) -> Result<bool, Fault>;
}
