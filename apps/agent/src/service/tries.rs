//! How often one technician may try to be let in: the computer's own count, whatever the server counts.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use conclave_protocol::AccountId;

#[derive(Default)]
pub(super) struct Tries {
    of: BTreeMap<AccountId, Vec<Instant>>,
    all: Vec<Instant>,
}

/// Of one technician.
const MOST: usize = 5;
/// Of all of them: a server that makes up technicians gets no further.
const MOST_OF_ALL: usize = 50;
const WITHIN: Duration = Duration::from_secs(15 * 60);

impl Tries {
    /// Charges one, before it is looked at.
    pub(super) fn admit(&mut self, now: Instant, technician: AccountId) -> bool {
        let is_recent = |at: &Instant| now.saturating_duration_since(*at) < WITHIN;
        self.all.retain(is_recent);
        self.of.retain(|_, tries| {
            tries.retain(is_recent);
            !tries.is_empty()
        });
        let own = self.of.get(&technician).map_or(0, Vec::len);
        let is_admitted = own < MOST && self.all.len() < MOST_OF_ALL;
        if is_admitted {
            self.all.push(now);
            self.of.entry(technician).or_default().push(now);
        }
        is_admitted
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn made_up_technicians_get_no_further_than_all_of_them_may() {
        let (mut tries, now) = (Tries::default(), Instant::now());

        let admitted = (0..1_000).filter(|number| {
            let technician = AccountId(Uuid::from_u128(*number));
            tries.admit(now, technician)
        });

        assert_eq!(admitted.count(), MOST_OF_ALL);
        let amy = AccountId(Uuid::from_u128(5_000));
        let later = now + WITHIN;
        let admitted = (0..10).filter(|_| tries.admit(later, amy)).count();
        assert_eq!(admitted, MOST);
    }
}
