//! The user name fragments that a connection answers to.

use std::collections::BTreeSet;

use super::events::Events;
use super::output::PeerOutput;

/// Those that were claimed and not yet released.
#[derive(Default)]
pub(super) struct Claims {
    held: BTreeSet<String>,
}

impl Claims {
    /// Beside those that are held: an ICE restart that is offered may yet be declined.
    pub(super) fn add(&mut self, ufrag: String, events: &mut Events) {
        if self.held.insert(ufrag.clone()) {
            events.push(PeerOutput::Claim { ufrag });
        }
    }

    /// What a negotiation ended with. `None`: the connection is dead and holds nothing.
    pub(super) fn keep_only(&mut self, current: Option<String>, events: &mut Events) {
        let Some(current) = current else {
            return;
        };
        self.add(current.clone(), events);
        self.held.retain(|ufrag| {
            let kept = *ufrag == current;
            if !kept {
                let ufrag = ufrag.clone();
                events.push(PeerOutput::Release { ufrag });
            }
            kept
        });
    }

    /// False: nothing was held any more.
    pub(super) fn release_all(&mut self, events: &mut Events) -> bool {
        let held = std::mem::take(&mut self.held);
        let any = !held.is_empty();
        for ufrag in held {
            events.push(PeerOutput::Release { ufrag });
        }
        any
    }
}
