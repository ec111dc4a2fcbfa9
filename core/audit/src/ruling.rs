//! What policy said about an act, and which policy in which version.

use serde::{Deserialize, Serialize};

use crate::Code;

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruling {
    pub id: Code,
    pub decision: Decision,
    pub version: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    Allow,
    Deny,
}
