//! Entries of an organisation's log that show a claim at work.

use std::collections::BTreeMap;

use conclave_protocol::Timestamp;
use conclave_protocol::evidence::{Ground, GroundEntry, GroundKind, Standing};
use uuid::Uuid;

use super::claim::Claim;

/// The newest of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    pub event: &'static str,
    pub seq: u64,
    pub id: Uuid,
    pub at: Timestamp,
}

/// By claims' ids.
pub type Traces = BTreeMap<&'static str, Trace>;

/// The event by which somebody signs for a claim.
pub const SIGNED_BY: &str = "evidence.decide";
pub(super) const OF_SIGNATURES: &[&str] = &[SIGNED_BY];

/// What is known of it; `None` of a claim that leaves no entries. Where there is none yet, the first of its events is named.
pub(super) fn traced(claim: &Claim, traces: &Traces) -> Option<Ground> {
    let (first, trace) = (claim.seen_in.first()?, traces.get(claim.id));
    Some(Ground {
        kind: GroundKind::Entry,
        name: trace.map_or(*first, |trace| trace.event).to_owned(),
        standing: match trace {
            Some(_) => Standing::Holds,
            None => Standing::Unseen,
        },
        seen_at: trace.map(|trace| trace.at),
        against: None,
        entry: trace.map(|trace| GroundEntry {
            seq: trace.seq,
            id: trace.id,
        }),
    })
}
