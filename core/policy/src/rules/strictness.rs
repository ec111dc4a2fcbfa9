//! Which of two values of a setting permits less.

use conclave_protocol::meeting::DataMode;
use conclave_protocol::policy::{Permitted, Setting, SettingValue, WhoProvesMore};

/// How much a value permits, among those of its setting: 0 is the strictest.
pub fn rank(value: SettingValue) -> u16 {
    match value {
        SettingValue::Switch(on) => on.into(),
        SettingValue::Number(number) => number,
        SettingValue::SecondFactor(WhoProvesMore::Everybody) => 0,
        SettingValue::SecondFactor(WhoProvesMore::Roles) => 1,
        SettingValue::DataMode(DataMode::Conduit) => 0,
        SettingValue::DataMode(DataMode::Retain) => 1,
        SettingValue::DataMode(DataMode::Archive) => 2,
    }
}

/// The one that permits less. Both are of one setting.
#[must_use]
pub fn stricter(one: SettingValue, other: SettingValue) -> SettingValue {
    match rank(other) < rank(one) {
        true => other,
        false => one,
    }
}

/// What is permitted more of after a change than before it.
pub fn loosened(before: &Permitted, after: &Permitted) -> Vec<Setting> {
    let more = |setting: &Setting| rank(after.value(*setting)) > rank(before.value(*setting));
    Setting::ALL.into_iter().filter(more).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Every value, but of numbers some.
    pub(crate) fn values(setting: Setting) -> Vec<SettingValue> {
        let modes = [DataMode::Conduit, DataMode::Retain, DataMode::Archive];
        let candidates = [false, true]
            .map(SettingValue::Switch)
            .into_iter()
            .chain([2, 5, 15, 30, 60].map(SettingValue::Number))
            .chain([WhoProvesMore::Everybody, WhoProvesMore::Roles].map(SettingValue::SecondFactor))
            .chain(modes.map(SettingValue::DataMode));
        candidates.filter(|value| setting.takes(*value)).collect()
    }

    #[test]
    fn a_change_that_permits_more_is_told_apart() {
        let all = Permitted::default();
        let mut less = all;
        less.set(Setting::Camera, SettingValue::Switch(false));
        less.set(Setting::IdleMinutes, SettingValue::Number(5));

        assert_eq!(
            loosened(&less, &all),
            [Setting::Camera, Setting::IdleMinutes]
        );
        assert!(loosened(&all, &less).is_empty());
    }

    #[test]
    fn values_of_a_setting_are_a_chain_and_the_stricter_is_its_meet() {
        for setting in Setting::ALL {
            let values = values(setting);
            assert!(values.len() > 1);
            assert!(values.is_sorted_by_key(|value| rank(*value)), "{setting:?}");
            for (a, b) in values
                .iter()
                .flat_map(|a| values.iter().map(move |b| (*a, *b)))
            {
                assert_eq!(rank(a) == rank(b), a == b);
                assert_eq!(stricter(a, b), stricter(b, a));
                assert_eq!(rank(stricter(a, b)), rank(a).min(rank(b)));
                for c in values.iter().copied() {
                    assert_eq!(stricter(stricter(a, b), c), stricter(a, stricter(b, c)));
                }
            }
        }
    }
}
