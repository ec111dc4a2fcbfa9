//! One sentence about the product, and what it rests on.

use conclave_protocol::evidence::EnforcedBy;

use super::condition::Condition;
use super::probe::Probe;
use super::trace::OF_SIGNATURES;

/// A sentence of the register. Built in `const`: [`Claim::new`] and what follows it.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Stable; a word of the audit log's vocabulary.
    pub id: &'static str,
    /// The code of the row that it stands in.
    pub safeguard: &'static str,
    /// What it is about, told also while it is not proven.
    pub topic: &'static str,
    /// Told only while it is proven.
    pub sentence: &'static str,
    pub enforced_by: EnforcedBy,
    pub conditions: &'static [Condition],
    pub probes: &'static [Probe],
    /// Each with at least one test of the running build, all of them passed.
    pub requirements: &'static [&'static str],
    /// Events of the catalogue whose entries show it at work. That it was at work once is nothing to rest on.
    pub seen_in: &'static [&'static str],
    /// Somebody of the organisation signs for it, for a year at the most.
    pub needs_sign_off: bool,
    /// What has to be built before it can hold.
    pub waits_for: Option<&'static str>,
}

impl Claim {
    pub(super) const fn new(
        id: &'static str,
        safeguard: &'static str,
        enforced_by: EnforcedBy,
        topic: &'static str,
        sentence: &'static str,
    ) -> Self {
        Self {
            id,
            safeguard,
            topic,
            sentence,
            enforced_by,
            conditions: &[],
            probes: &[],
            requirements: &[],
            seen_in: &[],
            needs_sign_off: false,
            waits_for: None,
        }
    }

    pub(super) const fn while_set(mut self, conditions: &'static [Condition]) -> Self {
        self.conditions = conditions;
        self
    }

    pub(super) const fn tried(mut self, probes: &'static [Probe]) -> Self {
        self.probes = probes;
        self
    }

    pub(super) const fn shown(mut self, requirements: &'static [&'static str]) -> Self {
        self.requirements = requirements;
        self
    }

    pub(super) const fn seen_in(mut self, events: &'static [&'static str]) -> Self {
        self.seen_in = events;
        self
    }

    /// The entry of that signature shows it.
    pub(super) const fn signed(mut self) -> Self {
        self.needs_sign_off = true;
        self.seen_in(OF_SIGNATURES)
    }

    pub(super) const fn waiting_for(mut self, what: &'static str) -> Self {
        self.waits_for = Some(what);
        self
    }
}
