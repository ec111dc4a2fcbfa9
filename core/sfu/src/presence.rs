//! How long a participant is there: its signal connection, its media, and the grace for both.

use std::time::{Duration, Instant};

use livekit_protocol as proto;

use crate::command::SessionId;
use crate::fact::EndReason;

/// The two lifelines of one participant.
pub(crate) struct Presence {
    joined: Instant,
    signal: Signal,
    media: Media,
    grace: Duration,
}

enum Signal {
    Up {
        session: SessionId,
        heard: Instant,
    },
    Lost {
        since: Instant,
        /// Who left meanwhile, for the resume.
        departed: Vec<proto::ParticipantInfo>,
    },
}

enum Media {
    Connecting,
    Up,
    /// ICE hears nothing; the other side may be on its way to another network.
    Down {
        since: Instant,
    },
}

/// What the lifelines ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// All is well until this moment.
    Until(Instant),
    /// Nothing came on the WebSocket: close it and wait for a resume.
    SignalDead,
    /// Media stay away: tell the client to resume, and wait for it.
    MediaDead,
    Remove(EndReason),
}

/// Clients ping every 5 s.
pub(crate) const SIGNAL_TIMEOUT: Duration = Duration::from_secs(15);
/// Longer than a change of networks takes, when the client notices by itself.
pub(crate) const MEDIA_TIMEOUT: Duration = Duration::from_secs(5);
/// A client that has not connected by then won't.
pub(crate) const JOIN_TIMEOUT: Duration = Duration::from_secs(60);
/// More departures than a client can have missed; the full list of those present heals the rest.
const MOST_DEPARTED: usize = 500;

impl Presence {
    pub(crate) fn new(now: Instant, session: SessionId, grace: Duration) -> Self {
        Self {
            joined: now,
            signal: Signal::Up {
                session,
                heard: now,
            },
            media: Media::Connecting,
            grace,
        }
    }

    /// `None` while the signal connection is lost.
    pub(crate) fn session(&self) -> Option<SessionId> {
        match &self.signal {
            Signal::Up { session, .. } => Some(*session),
            Signal::Lost { .. } => None,
        }
    }

    pub(crate) fn joined(&self) -> Instant {
        self.joined
    }

    pub(crate) fn has_been_connected(&self) -> bool {
        !matches!(self.media, Media::Connecting)
    }

    pub(crate) fn is_connected(&self) -> bool {
        matches!(self.media, Media::Up)
    }

    pub(crate) fn heard(&mut self, now: Instant) {
        if let Signal::Up { heard, .. } = &mut self.signal {
            *heard = now;
        }
    }

    pub(crate) fn signal_lost(&mut self, now: Instant) {
        if self.session().is_some() {
            self.signal = Signal::Lost {
                since: now,
                departed: Vec::new(),
            };
        }
    }

    /// Another WebSocket takes over; says who left while there was none, and which it replaces.
    pub(crate) fn resumed(
        &mut self,
        now: Instant,
        session: SessionId,
    ) -> (Option<SessionId>, Vec<proto::ParticipantInfo>) {
        let before = std::mem::replace(
            &mut self.signal,
            Signal::Up {
                session,
                heard: now,
            },
        );
        // The resume brings an ICE restart, which has its time.
        if let Media::Down { since } = &mut self.media {
            *since = now;
        }
        match before {
            Signal::Up { session, .. } => (Some(session), Vec::new()),
            Signal::Lost { departed, .. } => (None, departed),
        }
    }

    /// Somebody left; remembered while nobody can be told.
    pub(crate) fn missed_departure(&mut self, info: &proto::ParticipantInfo) {
        if let Signal::Lost { departed, .. } = &mut self.signal
            && departed.len() < MOST_DEPARTED
        {
            departed.push(info.clone());
        }
    }

    pub(crate) fn media_up(&mut self) {
        self.media = Media::Up;
    }

    pub(crate) fn media_down(&mut self, now: Instant) {
        if self.is_connected() {
            self.media = Media::Down { since: now };
        }
    }

    pub(crate) fn judge(&self, now: Instant) -> Verdict {
        match (&self.signal, &self.media) {
            (Signal::Lost { .. }, Media::Connecting) => Verdict::Remove(EndReason::SignalLost),
            (Signal::Lost { .. }, Media::Up) => Verdict::Until(now + self.grace),
            (Signal::Lost { since, .. }, Media::Down { since: down }) => {
                let end = *since.max(down) + self.grace;
                until(now, end, Verdict::Remove(EndReason::MediaLost))
            }
            (Signal::Up { heard, .. }, media) => {
                let dead = until(now, *heard + SIGNAL_TIMEOUT, Verdict::SignalDead);
                let media = match media {
                    Media::Connecting => until(
                        now,
                        self.joined + JOIN_TIMEOUT,
                        Verdict::Remove(EndReason::NeverConnected),
                    ),
                    Media::Up => return dead,
                    Media::Down { since } => until(now, *since + MEDIA_TIMEOUT, Verdict::MediaDead),
                };
                sooner(media, dead)
            }
        }
    }
}

fn until(now: Instant, end: Instant, then: Verdict) -> Verdict {
    if now < end { Verdict::Until(end) } else { then }
}

/// What is due goes before what is not, and media before the signal.
fn sooner(media: Verdict, signal: Verdict) -> Verdict {
    match (media, signal) {
        (Verdict::Until(media), Verdict::Until(signal)) => Verdict::Until(media.min(signal)),
        (Verdict::Until(_), due) | (due, _) => due,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRACE: Duration = Duration::from_secs(30);
    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_participant_that_never_connects_is_removed() {
        let (mut presence, start) = presence();
        presence.heard(start + SECOND * 59);

        assert_eq!(
            presence.judge(start + SECOND * 59),
            Verdict::Until(start + JOIN_TIMEOUT)
        );
        assert_eq!(
            presence.judge(start + JOIN_TIMEOUT),
            Verdict::Remove(EndReason::NeverConnected)
        );
    }

    #[test]
    fn a_participant_that_never_connected_goes_with_its_signal() {
        let (mut presence, start) = presence();
        presence.signal_lost(start);

        assert_eq!(
            presence.judge(start),
            Verdict::Remove(EndReason::SignalLost)
        );
    }

    #[test]
    fn a_silent_signal_is_dead() {
        let (mut presence, start) = presence();
        presence.media_up();

        assert_eq!(
            presence.judge(start + SECOND),
            Verdict::Until(start + SIGNAL_TIMEOUT)
        );
        assert_eq!(presence.judge(start + SIGNAL_TIMEOUT), Verdict::SignalDead);
        presence.heard(start + SIGNAL_TIMEOUT);
        assert!(matches!(
            presence.judge(start + SIGNAL_TIMEOUT),
            Verdict::Until(_)
        ));
    }

    #[test]
    fn media_keep_a_participant_without_a_signal() {
        let (mut presence, start) = presence();
        presence.media_up();
        presence.signal_lost(start);

        assert!(matches!(
            presence.judge(start + GRACE * 100),
            Verdict::Until(_)
        ));
    }

    #[test]
    fn without_both_a_participant_has_the_grace() {
        let (mut presence, start) = presence();
        presence.media_up();
        presence.signal_lost(start);
        presence.media_down(start + SECOND);

        assert_eq!(
            presence.judge(start + SECOND * 2),
            Verdict::Until(start + SECOND + GRACE)
        );
        assert_eq!(
            presence.judge(start + SECOND + GRACE),
            Verdict::Remove(EndReason::MediaLost)
        );
    }

    #[test]
    fn lost_media_make_the_client_resume() {
        let (mut presence, start) = presence();
        presence.media_up();
        presence.media_down(start);
        presence.media_down(start + SECOND);

        assert_eq!(presence.judge(start + MEDIA_TIMEOUT), Verdict::MediaDead);
        presence.media_up();
        assert!(matches!(
            presence.judge(start + MEDIA_TIMEOUT),
            Verdict::Until(_)
        ));
    }

    #[test]
    fn a_resume_tells_who_left_and_gives_media_their_time() {
        let (mut presence, start) = presence();
        presence.media_up();
        presence.media_down(start);
        presence.signal_lost(start);
        presence.missed_departure(&proto::ParticipantInfo::default());

        let (replaced, departed) = presence.resumed(start + GRACE, SessionId(2));

        assert_eq!((replaced, departed.len()), (None, 1));
        assert_eq!(presence.session(), Some(SessionId(2)));
        assert_eq!(
            presence.judge(start + GRACE),
            Verdict::Until(start + GRACE + MEDIA_TIMEOUT)
        );
    }

    #[test]
    fn a_resume_can_come_before_the_old_connection_is_known_to_be_dead() {
        let (mut presence, start) = presence();

        let (replaced, _) = presence.resumed(start, SessionId(2));

        assert_eq!(replaced, Some(SessionId(1)));
    }

    fn presence() -> (Presence, Instant) {
        let start = crate::test_time::start();
        (Presence::new(start, SessionId(1), GRACE), start)
    }
}
