//! Who is there at this moment: a channel or media, and since when neither.

use std::time::Duration;

use conclave_protocol::Timestamp;

pub(super) use conclave_policy::admission::LOBBY_GRACE;
/// Somebody in the meeting is shown for as long as their resume ticket is good.
pub(super) use conclave_policy::join_ticket::GRACE as ROSTER_GRACE;

/// One participant's connections to this server.
#[derive(Clone, Copy)]
pub(super) struct Presence {
    pub(super) channel: bool,
    pub(super) media: bool,
    /// When the last of them went, or when the participant was first heard of.
    gone_at: Timestamp,
    /// Was connected to this server's channels or media, since the meeting's owner began.
    was_there: bool,
}

impl Presence {
    pub(super) fn unseen(now: Timestamp) -> Self {
        Self {
            channel: false,
            media: false,
            gone_at: now,
            was_there: false,
        }
    }

    pub(super) fn connected(self) -> bool {
        self.channel || self.media
    }

    /// Changes a connection.
    pub(super) fn set(&mut self, now: Timestamp, change: impl FnOnce(&mut Self)) {
        let before = self.connected();
        change(self);
        if before && !self.connected() {
            self.gone_at = now;
        }
        self.was_there |= self.connected();
    }

    /// Since when nobody is connected, where `stored` is what was so before the meeting's owner began.
    pub(super) fn gone_since(self, stored: Option<Timestamp>) -> Option<Timestamp> {
        let stored = stored.filter(|_| !self.was_there);
        (!self.connected()).then(|| stored.unwrap_or(self.gone_at))
    }

    /// Still shown to others: connected, or gone for no longer than a reload or a lift takes.
    pub(super) fn shown(self, now: Timestamp, grace: Duration) -> bool {
        self.connected() || now < self.gone_at.plus(grace)
    }

    /// When [`Self::shown`] becomes false by itself.
    pub(super) fn hides_at(self, grace: Duration) -> Option<Timestamp> {
        (!self.connected()).then(|| self.gone_at.plus(grace))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_without_connection_is_shown_for_the_grace() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let mut presence = Presence::unseen(at(0));
        presence.set(at(5), |presence| presence.channel = true);
        presence.set(at(6), |presence| presence.media = true);
        presence.set(at(7), |presence| presence.channel = false);
        assert!(presence.connected());

        presence.set(at(10), |presence| presence.media = false);

        assert!(presence.shown(at(29), LOBBY_GRACE));
        assert!(!presence.shown(at(30), LOBBY_GRACE));
        assert_eq!(presence.hides_at(LOBBY_GRACE), Some(at(30)));
    }
}
