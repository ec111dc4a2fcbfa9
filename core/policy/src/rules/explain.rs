//! Why a setting is as it is for somebody.

use conclave_protocol::policy::{Explanation, Said, Setting};

use super::layers::{Floor, Layers};

/// What every layer says of `setting`, which of them decided, and whose lock held the last word.
pub fn explain(setting: Setting, layers: &Layers, floor: &Floor) -> Explanation {
    let walk = layers.walk(setting, floor);
    let said = layers.words(setting).into_iter();
    Explanation {
        setting,
        value: walk.value,
        decided_by: walk.decided_by,
        held_by: walk.is_held.then_some(walk.holder),
        floor: floor.most.value(setting),
        words: said
            .map(|(source, word)| Said {
                source,
                value: word.value,
                locked: word.locked,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use conclave_protocol::policy::{Layer, SettingValue, Source, Word};
    use proptest::prelude::*;

    use super::super::layers::tests::{floor, group_id, layers, open, setting};
    use super::*;

    fn sharing(on: bool, locked: bool) -> Layer {
        let word = Word {
            value: SettingValue::Switch(on),
            locked,
        };
        Layer::new([(Setting::ScreenSharing, word)]).unwrap()
    }

    // Shows: REQ-AC-21.
    #[test]
    fn the_lock_that_keeps_somebody_from_sharing_is_named() {
        let (strict, other) = (group_id(2), group_id(1));
        let layers = Layers {
            organisation: sharing(true, false),
            groups: BTreeMap::from([(other, sharing(true, true)), (strict, sharing(false, true))]),
            account: sharing(true, false),
        };

        let found = explain(Setting::ScreenSharing, &layers, &open());

        assert_eq!(found.value, SettingValue::Switch(false));
        assert_eq!(found.decided_by, Source::Account);
        assert_eq!(found.held_by, Some(Source::Group { group: strict }));
        let order: Vec<_> = found.words.iter().map(|said| said.source).collect();
        let group = |group| Source::Group { group };
        assert_eq!(
            order,
            [
                Source::Organisation,
                group(other),
                group(strict),
                Source::Account
            ]
        );
    }

    #[test]
    fn where_nobody_says_a_word_it_is_the_start_or_the_floor() {
        let layers = Layers::default();
        let found = explain(Setting::Camera, &layers, &open());
        assert_eq!((found.decided_by, found.held_by), (Source::Default, None));

        let mut closed = open();
        closed.most.camera = false;
        let found = explain(Setting::Camera, &layers, &closed);
        assert_eq!((found.decided_by, found.held_by), (Source::Floor, None));
        assert_eq!(found.floor, SettingValue::Switch(false));

        let layers = Layers {
            organisation: Layer::new([(
                Setting::Camera,
                Word {
                    value: SettingValue::Switch(true),
                    locked: true,
                },
            )])
            .unwrap(),
            ..Layers::default()
        };
        let found = explain(Setting::Camera, &layers, &closed);
        assert_eq!(
            (found.decided_by, found.held_by),
            (Source::Organisation, Some(Source::Floor))
        );
    }

    proptest! {
        #[test]
        fn an_explanation_says_what_is_permitted_and_names_who_said_so(
            layers in layers(), floor in floor(), setting in setting(),
        ) {
            let found = explain(setting, &layers, &floor);
            prop_assert_eq!(found.value, layers.permitted(&floor).value(setting));
            let decided = found.words.iter().find(|said| said.source == found.decided_by);
            match found.decided_by {
                Source::Default | Source::Floor => prop_assert!(found.words.is_empty()),
                _ => prop_assert_eq!(found.held_by.is_none(), decided.unwrap().value == found.value),
            }
            match found.held_by {
                None => {}
                Some(Source::Floor) => prop_assert_eq!(found.value, found.floor),
                Some(holder) => {
                    let lock = found.words.iter().find(|said| said.source == holder).unwrap();
                    prop_assert!(lock.locked && lock.value == found.value);
                }
            }
        }
    }
}
