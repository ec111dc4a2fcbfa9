//! The way of somebody who came into a meeting.

use serde::{Deserialize, Serialize};

/// By what right somebody asked to come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Signed in as a host of the meeting.
    Host,
    /// Proved to hold the invitation link.
    Invitation,
    /// Typed the code.
    Code,
    /// Took emergency access.
    Emergency,
}

/// Where a join led.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entrance {
    Admitted,
    HostAbsent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketKind {
    Join,
    Resume,
}
