//! What the local person permits at this moment, and until when.

use std::collections::BTreeMap;
use std::time::Instant;

use conclave_protocol::remote::{Capabilities, Capability, TransferId};

/// Everything else is not permitted.
#[derive(Default)]
pub(crate) struct Permissions {
    until: BTreeMap<(Capability, Scope), Instant>,
}

/// How far a permission reaches. One for a file is none for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    Ongoing,
    File(TransferId),
}

impl Permissions {
    pub(crate) fn give(&mut self, capability: Capability, scope: Scope, until: Instant) {
        self.until.insert((capability, scope), until);
    }

    pub(crate) fn covers(&self, capability: Capability, scope: Scope) -> bool {
        self.until.contains_key(&(capability, scope))
    }

    pub(crate) fn until(&self, capability: Capability) -> Option<Instant> {
        self.until.get(&(capability, Scope::Ongoing)).copied()
    }

    /// Takes it back in every scope; whether there was any.
    pub(crate) fn take(&mut self, capability: Capability) -> bool {
        let before = self.until.len();
        self.until.retain(|(other, _), _| *other != capability);
        self.until.len() < before
    }

    pub(crate) fn take_file(&mut self, transfer: TransferId) {
        self.until
            .retain(|(_, scope), _| *scope != Scope::File(transfer));
    }

    /// Those whose time has come, which are no longer in force.
    pub(crate) fn expire(&mut self, now: Instant) -> Vec<(Capability, Scope)> {
        let over = self.until.iter().filter(|(_, until)| now >= **until);
        let over: Vec<_> = over.map(|(permission, _)| *permission).collect();
        self.until.retain(|_, until| now < *until);
        over
    }

    /// None is good for longer than this.
    pub(crate) fn shorten(&mut self, latest: Instant) {
        for until in self.until.values_mut() {
            *until = latest.min(*until);
        }
    }

    pub(crate) fn next_expiry(&self) -> Option<Instant> {
        self.until.values().min().copied()
    }

    pub(crate) fn in_force(&self) -> Capabilities {
        self.until
            .keys()
            .map(|(capability, _)| *capability)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_permission_covers_what_it_was_given_for() {
        let until = crate::scene::start();
        let mut permissions = Permissions::default();
        permissions.give(Capability::View, Scope::Ongoing, until);
        permissions.give(Capability::FileIn, Scope::File(TransferId(1)), until);

        assert!(permissions.covers(Capability::View, Scope::Ongoing));
        assert!(!permissions.covers(Capability::Control, Scope::Ongoing));
        assert!(permissions.covers(Capability::FileIn, Scope::File(TransferId(1))));
        assert!(!permissions.covers(Capability::FileIn, Scope::File(TransferId(2))));
        assert!(!permissions.covers(Capability::FileOut, Scope::File(TransferId(1))));
    }

    #[test]
    fn it_ends_at_its_time() {
        let start = crate::scene::start();
        let second = Duration::from_secs(1);
        let mut permissions = Permissions::default();
        permissions.give(Capability::View, Scope::Ongoing, start + second * 2);
        permissions.give(Capability::Chat, Scope::Ongoing, start + second * 3);
        assert_eq!(permissions.next_expiry(), Some(start + second * 2));

        assert!(permissions.expire(start + second).is_empty());
        let over = permissions.expire(start + second * 2);

        assert_eq!(over, [(Capability::View, Scope::Ongoing)]);
        assert_eq!(
            permissions.in_force(),
            Capabilities::NONE.with(Capability::Chat)
        );
    }
}
