//! The monitors that a desktop is spread over.

use serde::Serialize;

use super::Area;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Monitor {
    /// As the desktop calls it, such as `HDMI-1`.
    pub name: String,
    pub area: Area,
    pub primary: bool,
}
