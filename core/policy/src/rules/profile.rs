//! The healthcare profile: a list of settings that an organisation sets and locks in one act, and leaves with two.

use std::time::Duration;

use conclave_protocol::meeting::DataMode;
use conclave_protocol::policy::{Layer, Setting, SettingValue, WhoProvesMore, Word};
use conclave_protocol::{AccountId, Timestamp};

use crate::decision::{Decision, Reason};

/// What it sets and locks, with why.
pub const HEALTHCARE: [(Setting, SettingValue, &str); 8] = [
    (
        Setting::EnterByLink,
        SettingValue::Switch(false),
        "A link that was passed on lets nobody in whom no host has seen.",
    ),
    (
        Setting::IdleMinutes,
        SettingValue::Number(15),
        "A shared workstation that is left alone signs out (45 CFR 164.312(a)(2)(iii)).",
    ),
    (
        Setting::SecondFactor,
        SettingValue::SecondFactor(WhoProvesMore::Everybody),
        "A password that was told or guessed opens nothing (45 CFR 164.312(d)).",
    ),
    (
        Setting::DataMode,
        SettingValue::DataMode(DataMode::Conduit),
        "Nothing of what somebody said, showed or typed is kept.",
    ),
    (
        Setting::SupportClipboard,
        SettingValue::Switch(false),
        "What was copied from a record reaches no technician, who need not see it (45 CFR 164.502(b)).",
    ),
    (
        Setting::SupportFiles,
        SettingValue::Switch(false),
        "No file of a patient leaves a computer with whoever repairs it (45 CFR 164.502(b)).",
    ),
    (
        Setting::SupportUnattended,
        SettingValue::Switch(false),
        "Nobody sees what is open on a computer where nobody sits (45 CFR 164.310(b)).",
    ),
    (
        Setting::SupportAdministrator,
        SettingValue::Switch(false),
        "No password of an administrator is typed for somebody else's computer (45 CFR 164.312(a)(1)).",
    ),
];

/// How long a wish to leave the profile can be confirmed. Nobody confirms what somebody wished long ago.
pub const LEAVE_WITHIN: Duration = Duration::from_secs(24 * 60 * 60);

/// A wish to leave the profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leave {
    pub asked_by: AccountId,
    pub asked_at: Timestamp,
}

/// The profile as a layer: every word locked.
pub fn layer() -> Layer {
    let words = HEALTHCARE.map(|(setting, value, _)| {
        let locked = true;
        (setting, Word { value, locked })
    });
    Layer::new(words).expect("each setting of the list takes its value")
}

/// Whether an organisation's words may be replaced by these while the profile is on: none of its own changes.
pub fn change(is_on: bool, before: &Layer, after: &Layer) -> Decision {
    let differences = before.differences(after);
    let profile = layer();
    let touches = differences
        .iter()
        .any(|setting| profile.word(*setting).is_some());
    Decision::when(!is_on || !touches, Reason::HeldByProfile)
}

/// The settings in which an organisation's words are not the profile's.
pub fn drift(organisation: &Layer) -> Vec<Setting> {
    let profile = layer();
    let own = profile.words();
    own.filter(|(setting, word)| organisation.word(*setting) != Some(*word))
        .map(|(setting, _)| setting)
        .collect()
}

/// Whether this account may confirm that the organisation leaves the profile: not who asked, and not too late.
pub fn confirm(leave: Option<Leave>, by: AccountId, now: Timestamp) -> Decision {
    match leave {
        None => Decision::Deny(Reason::Expired),
        Some(leave) if now.since(leave.asked_at) >= LEAVE_WITHIN => Decision::Deny(Reason::Expired),
        Some(leave) => Decision::when(leave.asked_by != by, Reason::NeedsAnother),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::super::layers::tests::open;
    use super::super::{Layers, strictness::rank};
    use super::*;

    #[test]
    fn the_profile_permits_no_more_than_an_organisation_starts_with() {
        let layers = Layers {
            organisation: layer(),
            ..Layers::default()
        };
        let permitted = layers.permitted(&open());
        for (setting, value, why) in HEALTHCARE {
            assert_eq!(permitted.value(setting), value);
            assert!(rank(value) <= rank(open().start.value(setting)));
            assert!(why.ends_with('.'));
        }
    }

    #[test]
    fn while_it_is_on_none_of_its_settings_changes_and_all_others_do() {
        let before = layer();
        assert!(change(true, &before, &before).is_allowed());
        for setting in Setting::ALL {
            let value = open().start.value(setting);
            let word = Word {
                value,
                locked: false,
            };
            let after = before.overlaid_by(&Layer::new([(setting, word)]).unwrap());
            let is_held = before.word(setting).is_some();
            assert_eq!(change(true, &before, &after).is_allowed(), !is_held);
            assert!(change(false, &before, &after).is_allowed());
            assert_eq!(drift(&after).is_empty(), !is_held);
        }
        assert!(!change(true, &before, &Layer::default()).is_allowed());
        assert_eq!(drift(&Layer::default()).len(), HEALTHCARE.len());
    }

    #[test]
    fn somebody_else_confirms_within_a_day() {
        let [one, other] = [1, 2].map(|number| AccountId(Uuid::from_u128(number)));
        let asked_at = Timestamp::from_micros(1_000_000);
        let leave = Some(Leave {
            asked_by: one,
            asked_at,
        });
        let last = asked_at.plus(LEAVE_WITHIN - Duration::from_secs(1));

        assert_eq!(confirm(leave, other, last), Decision::Allow);
        assert_eq!(
            confirm(leave, one, last),
            Decision::Deny(Reason::NeedsAnother)
        );
        let late = asked_at.plus(LEAVE_WITHIN);
        assert_eq!(confirm(leave, other, late), Decision::Deny(Reason::Expired));
        assert_eq!(confirm(None, other, last), Decision::Deny(Reason::Expired));
    }
}
