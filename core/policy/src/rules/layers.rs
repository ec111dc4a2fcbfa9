//! What is permitted to somebody, by all layers that concern them.

use std::collections::BTreeMap;

use conclave_protocol::policy::{Layer, Permitted, Setting, Source, Word};
use conclave_protocol::{AccountGroupId, AccountId};

use super::walk::Walk;

/// What the installation says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Floor {
    /// Nobody is permitted more.
    pub most: Permitted,
    /// While nobody says otherwise.
    pub start: Permitted,
}

/// The words that concern somebody. Guests are concerned by the organisation's alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layers {
    pub organisation: Layer,
    /// Of the groups that they are in.
    pub groups: BTreeMap<AccountGroupId, Layer>,
    pub account: Layer,
}

/// Whose words a layer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Organisation,
    Group(AccountGroupId),
    Account(AccountId),
}

impl Subject {
    /// `organisation`, `group` or `account`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Organisation => "organisation",
            Self::Group(_) => "group",
            Self::Account(_) => "account",
        }
    }
}

impl Layers {
    pub fn permitted(&self, floor: &Floor) -> Permitted {
        let mut permitted = floor.most;
        for setting in Setting::ALL {
            permitted.set(setting, self.walk(setting, floor).value);
        }
        permitted
    }

    pub(super) fn walk(&self, setting: Setting, floor: &Floor) -> Walk {
        Walk::start(setting, floor)
            .hear(&self.of_organisation(setting))
            .hear(&self.of_groups(setting))
            .hear(&self.of_account(setting))
    }

    /// From the general to the special.
    pub(super) fn words(&self, setting: Setting) -> Vec<(Source, Word)> {
        [
            self.of_organisation(setting),
            self.of_groups(setting),
            self.of_account(setting),
        ]
        .concat()
    }

    fn of_organisation(&self, setting: Setting) -> Vec<(Source, Word)> {
        said(Source::Organisation, &self.organisation, setting)
            .into_iter()
            .collect()
    }

    fn of_groups(&self, setting: Setting) -> Vec<(Source, Word)> {
        let groups = self.groups.iter();
        groups
            .filter_map(|(group, layer)| said(Source::Group { group: *group }, layer, setting))
            .collect()
    }

    fn of_account(&self, setting: Setting) -> Vec<(Source, Word)> {
        said(Source::Account, &self.account, setting)
            .into_iter()
            .collect()
    }
}

fn said(source: Source, layer: &Layer, setting: Setting) -> Option<(Source, Word)> {
    Some((source, layer.word(setting)?))
}

#[cfg(test)]
pub(super) mod tests {
    use conclave_protocol::policy::SettingValue;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::super::strictness::rank;
    use super::super::strictness::tests::values;
    use super::*;

    /// What a layer can say of a switch, in the order of [`TABLE`].
    const WORDS: [Option<(bool, bool)>; 5] = [
        None,
        Some((true, false)),
        Some((false, false)),
        Some((true, true)),
        Some((false, true)),
    ];

    /// A switch that the installation permits: a row for each word of the organisation, in it a text for each word of a
    /// group, in it a digit for each word of the account.
    const TABLE: [[&str; 5]; 5] = [
        ["11010", "11010", "01010", "11010", "00000"],
        ["11010", "11010", "01010", "11010", "00000"],
        ["01010", "11010", "01010", "11010", "00000"],
        ["11010", "11010", "01010", "11010", "00000"],
        ["00000", "00000", "00000", "00000", "00000"],
    ];

    // Shows: REQ-AC-21.
    #[test]
    fn a_switch_follows_its_table() {
        let mut closed = open();
        closed.most.camera = false;
        for (organisation, row) in WORDS.into_iter().zip(TABLE) {
            for (group, text) in WORDS.into_iter().zip(row) {
                for (account, digit) in WORDS.into_iter().zip(text.chars()) {
                    let layers = Layers {
                        organisation: camera(organisation),
                        groups: BTreeMap::from([(group_id(1), camera(group))]),
                        account: camera(account),
                    };
                    let case = format!("{organisation:?} {group:?} {account:?}");
                    assert_eq!(layers.permitted(&open()).camera, digit == '1', "{case}");
                    assert!(!layers.permitted(&closed).camera, "{case}");
                }
            }
        }
    }

    #[test]
    fn who_is_in_no_group_and_of_whom_nothing_is_said_has_what_the_installation_starts_with() {
        assert_eq!(Layers::default().permitted(&open()), open().start);
        let mut strict = open();
        strict.most.idle_minutes = 5;
        assert_eq!(Layers::default().permitted(&strict).idle_minutes, 5);
    }

    proptest! {
        // Shows: REQ-AC-21.
        #[test]
        fn nobody_is_permitted_more_than_the_installation_permits(
            layers in layers(), most in permitted(), start in permitted(),
        ) {
            let floor = Floor { most, start };
            let permitted = layers.permitted(&floor);
            for setting in Setting::ALL {
                prop_assert!(is_within(permitted.value(setting), most.value(setting)));
            }
        }

        /// A word that permits as much as can be is a permission: without it nobody may more.
        #[test]
        fn to_take_a_permission_away_permits_nobody_more(
            layers in layers(), floor in floor(), at in 0..4usize, setting in setting(),
        ) {
            let top = values(setting).pop().unwrap();
            let word = Word { value: top, locked: false };
            let with = changed(&layers, at, setting, Some(word)).permitted(&floor);
            let without = changed(&layers, at, setting, None).permitted(&floor);
            prop_assert!(is_within(without.value(setting), with.value(setting)));
        }

        #[test]
        fn a_stricter_word_permits_nobody_more(
            layers in layers(), floor in floor(), at in 0..4usize, setting in setting(),
            one in any::<proptest::sample::Index>(), other in any::<proptest::sample::Index>(),
            locked in any::<bool>(),
        ) {
            let values = values(setting);
            let (one, other) = (one.index(values.len()), other.index(values.len()));
            let (strict, loose) = (values[one.min(other)], values[one.max(other)]);
            let with = |value| {
                let word = Word { value, locked };
                changed(&layers, at, setting, Some(word)).permitted(&floor).value(setting)
            };
            prop_assert!(is_within(with(strict), with(loose)));
        }

        // Shows: REQ-AC-23, REQ-AD-14.
        #[test]
        fn a_lock_never_loosens(
            layers in layers(), floor in floor(), at in 0..4usize, setting in setting(),
        ) {
            let Some(word) = word_at(&layers, at, setting) else { return Ok(()); };
            let with = |locked| {
                let word = Word { locked, ..word };
                changed(&layers, at, setting, Some(word)).permitted(&floor).value(setting)
            };
            prop_assert!(is_within(with(true), with(false)));
        }

        #[test]
        fn the_order_of_groups_is_irrelevant(layers in layers(), floor in floor()) {
            let mut turned = layers.clone();
            let mut backwards: Vec<_> = layers.groups.values().cloned().collect();
            backwards.reverse();
            turned.groups = layers.groups.keys().copied().zip(backwards).collect();
            prop_assert_eq!(turned.permitted(&floor), layers.permitted(&floor));
        }

        #[test]
        fn somebody_in_more_groups_is_held_by_each_lock(
            layers in layers(), floor in floor(), setting in setting(),
        ) {
            let permitted = layers.permitted(&floor).value(setting);
            let locks = layers.words(setting).into_iter().filter(|(_, word)| word.locked);
            for (_, lock) in locks {
                prop_assert!(is_within(permitted, lock.value));
            }
        }
    }

    pub(in crate::rules) fn open() -> Floor {
        Floor {
            most: Permitted::default(),
            start: Permitted {
                idle_minutes: 15,
                data_mode: conclave_protocol::meeting::DataMode::Conduit,
                ..Permitted::default()
            },
        }
    }

    pub(in crate::rules) fn group_id(number: u128) -> AccountGroupId {
        AccountGroupId(Uuid::from_u128(number))
    }

    fn camera(word: Option<(bool, bool)>) -> Layer {
        let word = word.map(|(on, locked)| Word {
            value: SettingValue::Switch(on),
            locked,
        });
        Layer::new(word.map(|word| (Setting::Camera, word))).unwrap()
    }

    fn is_within(value: SettingValue, most: SettingValue) -> bool {
        rank(value) <= rank(most)
    }

    /// The organisation's, a group's, another group's, the account's.
    fn layer_at(layers: &mut Layers, at: usize) -> &mut Layer {
        match at {
            0 => &mut layers.organisation,
            3 => &mut layers.account,
            at => layers.groups.entry(group_id(at as u128)).or_default(),
        }
    }

    fn word_at(layers: &Layers, at: usize, setting: Setting) -> Option<Word> {
        layer_at(&mut layers.clone(), at).word(setting)
    }

    fn changed(layers: &Layers, at: usize, setting: Setting, word: Option<Word>) -> Layers {
        let mut layers = layers.clone();
        let layer = layer_at(&mut layers, at);
        let others = layer.words().filter(|(other, _)| *other != setting);
        let words: Vec<_> = others.chain(word.map(|word| (setting, word))).collect();
        *layer = Layer::new(words).unwrap();
        layers
    }

    pub(in crate::rules) fn setting() -> impl Strategy<Value = Setting> {
        proptest::sample::select(&Setting::ALL[..])
    }

    fn layer() -> impl Strategy<Value = Layer> {
        let words = any::<[Option<(proptest::sample::Index, bool)>; Setting::ALL.len()]>();
        words.prop_map(|words| {
            let said = Setting::ALL.into_iter().zip(words);
            let said = said.filter_map(|(setting, word)| {
                let (index, locked) = word?;
                let value = *index.get(&values(setting));
                Some((setting, Word { value, locked }))
            });
            Layer::new(said).unwrap()
        })
    }

    pub(in crate::rules) fn layers() -> impl Strategy<Value = Layers> {
        let groups = proptest::collection::vec(layer(), 0..4);
        (layer(), groups, layer()).prop_map(|(organisation, groups, account)| Layers {
            organisation,
            groups: (1..).map(group_id).zip(groups).collect(),
            account,
        })
    }

    fn permitted() -> impl Strategy<Value = Permitted> {
        any::<[proptest::sample::Index; Setting::ALL.len()]>().prop_map(|chosen| {
            let mut permitted = Permitted::default();
            for (setting, index) in Setting::ALL.into_iter().zip(chosen) {
                permitted.set(setting, *index.get(&values(setting)));
            }
            permitted
        })
    }

    pub(in crate::rules) fn floor() -> impl Strategy<Value = Floor> {
        (permitted(), permitted()).prop_map(|(most, start)| Floor { most, start })
    }
}
