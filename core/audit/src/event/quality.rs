//! How media did, as it stands on record.

use serde::{Deserialize, Serialize};

/// How the media of one session did, over all of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QualitySummary {
    pub seconds: u32,
    /// What was sent by the participant.
    pub sent: StreamSummary,
    pub received: StreamSummary,
    /// The worst that was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round_trip_ms: Option<u32>,
}

/// All streams of one direction.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamSummary {
    /// No more than JSON's integers hold exactly (2^53 - 1).
    pub packets: u64,
    pub lost: u64,
    /// The worst that was measured.
    pub jitter_ms: u32,
}
