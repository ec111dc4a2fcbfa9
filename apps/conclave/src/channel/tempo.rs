//! How fast one socket is listened to: a burst, then a steady pace. Whoever is faster waits in their own network.

use std::time::Duration;

use tokio::time::Instant;

pub(super) struct Tempo {
    /// When nothing of the burst is used up any more.
    used_until: Instant,
}

impl Tempo {
    pub(super) fn new(now: Instant) -> Self {
        Self { used_until: now }
    }

    /// A message was heard. Until when nothing more is, if not at once.
    pub(super) fn heard(&mut self, now: Instant) -> Option<Instant> {
        self.used_until = self.used_until.max(now) + EVERY;
        let rests_until = self.used_until.checked_sub(BURST)?;
        (rests_until > now).then_some(rests_until)
    }
}

/// Between two messages. A host who lets in a hundred people in a minute says less.
const EVERY: Duration = Duration::from_millis(20);
/// 200 messages at once: all that waits when a network comes back.
const BURST: Duration = Duration::from_secs(4);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_says_much_is_listened_to_at_a_steady_pace() {
        let start = Instant::now();
        let mut tempo = Tempo::new(start);
        let at_once = (0..1_000).take_while(|_| tempo.heard(start).is_none());
        assert_eq!(at_once.count(), 200);

        let mut now = start;
        let mut heard = 0;
        while now < start + Duration::from_secs(10) {
            heard += 1;
            now = tempo.heard(now).unwrap_or(now);
        }

        assert!((490..=510).contains(&heard), "{heard}");
        assert!(tempo.heard(now + BURST).is_none());
    }
}
