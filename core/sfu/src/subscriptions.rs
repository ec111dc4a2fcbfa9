//! What a participant wants to receive, remembered for tracks that are here and that are not yet.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use livekit_protocol as proto;

/// A participant's wishes, by track sid.
pub(crate) struct Subscriptions {
    /// Tracks without a word about them are wanted.
    automatic: bool,
    wishes: BTreeMap<String, Wish>,
}

#[derive(Default)]
struct Wish {
    /// `None`: as the automatic rule says.
    desired: Option<bool>,
    setting: Option<proto::UpdateTrackSettings>,
    /// Wanted, but there is no such track; since when.
    missing: Option<Instant>,
}

/// A track that is wanted and does not come is reported after this time.
pub(crate) const MISSING_TIMEOUT: Duration = Duration::from_secs(60);
/// Of one participant: more tracks than a room has.
pub(crate) const MOST_WISHES: usize = 2_000;

impl Subscriptions {
    pub(crate) fn new(automatic: bool) -> Self {
        Self {
            automatic,
            wishes: BTreeMap::new(),
        }
    }

    pub(crate) fn is_desired(&self, track: &str) -> bool {
        let desired = self.wishes.get(track).and_then(|wish| wish.desired);
        desired.unwrap_or(self.automatic)
    }

    /// False: there are too many wishes.
    pub(crate) fn desire(&mut self, track: &str, desired: bool) -> bool {
        let Some(wish) = self.wish(track) else {
            return false;
        };
        let again = desired && wish.desired == Some(false);
        wish.desired = Some(desired);
        wish.missing = wish.missing.filter(|_| desired);
        // An element that was hidden when the track was given up need not be hidden any more.
        if again && let Some(setting) = &mut wish.setting {
            setting.disabled = false;
        }
        true
    }

    /// There is no such track: it is waited for. True: the waiting begins.
    pub(crate) fn miss(&mut self, now: Instant, track: &str) -> bool {
        let Some(wish) = self.wishes.get_mut(track) else {
            return false;
        };
        let begins = wish.missing.is_none();
        wish.missing.get_or_insert(now);
        begins
    }

    pub(crate) fn found(&mut self, track: &str) {
        if let Some(wish) = self.wishes.get_mut(track) {
            wish.missing = None;
        }
    }

    /// Wanted tracks that did not come in time; they are given up.
    pub(crate) fn give_up(&mut self, now: Instant) -> Vec<String> {
        let late = |wish: &Wish| {
            wish.missing
                .is_some_and(|since| now >= since + MISSING_TIMEOUT)
        };
        let gone: Vec<String> = self
            .wishes
            .iter()
            .filter(|(_, wish)| late(wish))
            .map(|(track, _)| track.clone())
            .collect();
        for track in &gone {
            self.wishes.remove(track);
        }
        gone
    }

    /// When the next wanted track is late.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        let missing = self.wishes.values().filter_map(|wish| wish.missing);
        missing.min().map(|since| since + MISSING_TIMEOUT)
    }

    /// False: there are too many wishes.
    pub(crate) fn set(&mut self, track: &str, setting: proto::UpdateTrackSettings) -> bool {
        let Some(wish) = self.wish(track) else {
            return false;
        };
        wish.setting = Some(setting);
        true
    }

    pub(crate) fn disable(&mut self, track: &str) {
        if let Some(wish) = self.wish(track) {
            wish.setting.get_or_insert_default().disabled = true;
        }
    }

    pub(crate) fn setting(&self, track: &str) -> Option<&proto::UpdateTrackSettings> {
        self.wishes.get(track)?.setting.as_ref()
    }

    /// The track is gone for ever: sids do not come again.
    pub(crate) fn forget(&mut self, track: &str) {
        self.wishes.remove(track);
    }

    fn wish(&mut self, track: &str) -> Option<&mut Wish> {
        if self.wishes.len() >= MOST_WISHES && !self.wishes.contains_key(track) {
            return None;
        }
        Some(self.wishes.entry(track.to_owned()).or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_automatic_rule_holds_where_nothing_is_said() {
        let mut all = Subscriptions::new(true);
        let mut none = Subscriptions::new(false);
        assert!(all.is_desired("TR_1") && !none.is_desired("TR_1"));

        all.desire("TR_1", false);
        none.desire("TR_1", true);

        assert!(!all.is_desired("TR_1") && none.is_desired("TR_1"));
        assert!(all.is_desired("TR_2") && !none.is_desired("TR_2"));
    }

    #[test]
    fn a_setting_is_remembered_for_a_track_that_is_not_here_yet() {
        let mut subscriptions = Subscriptions::new(true);

        subscriptions.set("TR_1", setting(true));

        assert_eq!(subscriptions.setting("TR_1"), Some(&setting(true)));
        assert!(subscriptions.is_desired("TR_1"));
    }

    #[test]
    fn whoever_subscribes_again_sees_again() {
        let mut subscriptions = Subscriptions::new(true);
        subscriptions.set("TR_1", setting(true));
        subscriptions.desire("TR_1", true);
        assert_eq!(subscriptions.setting("TR_1"), Some(&setting(true)));

        subscriptions.desire("TR_1", false);
        subscriptions.desire("TR_1", true);

        assert_eq!(subscriptions.setting("TR_1"), Some(&setting(false)));
    }

    #[test]
    fn a_track_that_does_not_come_is_given_up_once() {
        let mut subscriptions = Subscriptions::new(false);
        let start = crate::test_time::start();
        subscriptions.desire("TR_1", true);
        assert!(subscriptions.miss(start, "TR_1"));
        assert!(!subscriptions.miss(start + MISSING_TIMEOUT / 2, "TR_1"));
        assert_eq!(subscriptions.deadline(), Some(start + MISSING_TIMEOUT));

        assert!(
            subscriptions
                .give_up(start + MISSING_TIMEOUT / 2)
                .is_empty()
        );
        assert_eq!(subscriptions.give_up(start + MISSING_TIMEOUT), ["TR_1"]);
        assert!(!subscriptions.is_desired("TR_1"));
        assert_eq!(subscriptions.deadline(), None);
    }

    #[test]
    fn a_track_that_comes_is_not_given_up() {
        let mut subscriptions = Subscriptions::new(false);
        let start = crate::test_time::start();
        subscriptions.desire("TR_1", true);
        subscriptions.miss(start, "TR_1");

        subscriptions.found("TR_1");

        assert!(subscriptions.give_up(start + MISSING_TIMEOUT).is_empty());
        assert!(subscriptions.is_desired("TR_1"));
    }

    #[test]
    fn wishes_are_bounded() {
        let mut subscriptions = Subscriptions::new(false);
        for n in 0..MOST_WISHES {
            assert!(subscriptions.desire(&format!("TR_{n}"), true));
        }

        assert!(!subscriptions.desire("TR_more", true));
        assert!(subscriptions.desire("TR_0", false));
        assert!(!subscriptions.set("TR_more", setting(true)));
    }

    fn setting(disabled: bool) -> proto::UpdateTrackSettings {
        proto::UpdateTrackSettings {
            disabled,
            ..Default::default()
        }
    }
}
