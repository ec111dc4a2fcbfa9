//! Which of two values of a setting permits less.

use conclave_protocol::meeting::DataMode;
use conclave_protocol::policy::{SettingValue, WhoProvesMore};

/// How much a value permits, among those of its setting: 0 is the strictest.
pub fn rank(value: SettingValue) -> u16 {
    match value {
        SettingValue::Switch(on) => on.into(),
        SettingValue::Minutes(minutes) => minutes,
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

#[cfg(test)]
pub(crate) mod tests {
    use conclave_protocol::policy::Setting;

    use super::*;

    /// Every value, but of minutes some.
    pub(crate) fn values(setting: Setting) -> Vec<SettingValue> {
        let modes = [DataMode::Conduit, DataMode::Retain, DataMode::Archive];
        let candidates = [false, true]
            .map(SettingValue::Switch)
            .into_iter()
            .chain([2, 5, 15, 30, 60].map(SettingValue::Minutes))
            .chain([WhoProvesMore::Everybody, WhoProvesMore::Roles].map(SettingValue::SecondFactor))
            .chain(modes.map(SettingValue::DataMode));
        candidates.filter(|value| setting.takes(*value)).collect()
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
