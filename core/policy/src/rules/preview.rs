//! What a change of one layer changes, for how many people.

use std::collections::{BTreeMap, BTreeSet};

use conclave_protocol::policy::{Layer, PolicyChange, Setting, SettingValue};
use conclave_protocol::{AccountGroupId, AccountId};

use super::layers::{Floor, Layers, Subject};
use super::strictness::rank;

/// An organisation's people, with all that its policy says.
#[derive(Clone, Default)]
pub struct Population {
    organisation: Layer,
    groups: BTreeMap<AccountGroupId, Layer>,
    words: BTreeMap<AccountId, Layer>,
    /// Everybody, with their groups.
    accounts: BTreeMap<AccountId, BTreeSet<AccountGroupId>>,
}

impl Population {
    pub fn new(
        layers: impl IntoIterator<Item = (Subject, Layer)>,
        accounts: impl IntoIterator<Item = AccountId>,
        memberships: impl IntoIterator<Item = (AccountId, AccountGroupId)>,
    ) -> Self {
        let mut population = Self::default();
        for (subject, layer) in layers {
            population.say(subject, layer);
        }
        let everybody = accounts
            .into_iter()
            .map(|account| (account, BTreeSet::new()));
        population.accounts = everybody.collect();
        for (account, group) in memberships {
            population
                .accounts
                .entry(account)
                .or_default()
                .insert(group);
        }
        population
    }

    fn say(&mut self, subject: Subject, layer: Layer) {
        match subject {
            Subject::Organisation => self.organisation = layer,
            Subject::Group(group) => drop(self.groups.insert(group, layer)),
            Subject::Account(account) => drop(self.words.insert(account, layer)),
        }
    }

    /// Those whom a layer concerns.
    fn concerned(&self, subject: Subject) -> impl Iterator<Item = AccountId> {
        let everybody = self.accounts.iter();
        let concerned = everybody.filter(move |(account, groups)| match subject {
            Subject::Organisation => true,
            Subject::Group(group) => groups.contains(&group),
            Subject::Account(one) => one == **account,
        });
        concerned.map(|(account, _)| *account)
    }

    fn layers(&self, account: AccountId) -> Layers {
        let groups = self.accounts.get(&account).into_iter().flatten();
        let groups = groups.filter_map(|group| Some((*group, self.groups.get(group)?.clone())));
        Layers {
            organisation: self.organisation.clone(),
            groups: groups.collect(),
            account: self.words.get(&account).cloned().unwrap_or_default(),
        }
    }

    fn of_guests(&self) -> Layers {
        Layers {
            organisation: self.organisation.clone(),
            ..Layers::default()
        }
    }
}

/// How many accounts a layer concerns, and what becomes another for how many of them if it says this. In the order of
/// settings, then from the strictest value to the most permissive.
pub fn preview(
    population: &Population,
    subject: Subject,
    says: &Layer,
    floor: &Floor,
) -> (u32, Vec<PolicyChange>) {
    let mut after = population.clone();
    after.say(subject, says.clone());
    let mut changes = Changes::default();
    let mut concerned = 0;
    for account in population.concerned(subject) {
        concerned += 1;
        changes.compare(
            &population.layers(account),
            &after.layers(account),
            floor,
            |change| {
                change.accounts += 1;
            },
        );
    }
    changes.compare(
        &population.of_guests(),
        &after.of_guests(),
        floor,
        |change| {
            change.guests = true;
        },
    );
    (concerned, changes.0.into_values().collect())
}

/// By setting, and by the ranks of what it was and what it becomes.
#[derive(Default)]
struct Changes(BTreeMap<(Setting, u16, u16), PolicyChange>);

impl Changes {
    fn compare(
        &mut self,
        before: &Layers,
        after: &Layers,
        floor: &Floor,
        count: impl Fn(&mut PolicyChange),
    ) {
        let (before, after) = (before.permitted(floor), after.permitted(floor));
        for setting in Setting::ALL {
            let (from, to) = (before.value(setting), after.value(setting));
            if from != to {
                count(self.of(setting, from, to));
            }
        }
    }

    fn of(&mut self, setting: Setting, from: SettingValue, to: SettingValue) -> &mut PolicyChange {
        let key = (setting, rank(from), rank(to));
        self.0.entry(key).or_insert(PolicyChange {
            setting,
            from,
            to,
            accounts: 0,
            guests: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use conclave_protocol::policy::Word;
    use uuid::Uuid;

    use super::super::layers::tests::{group_id, open};
    use super::*;

    fn account(number: u128) -> AccountId {
        AccountId(Uuid::from_u128(number))
    }

    fn camera(on: bool, locked: bool) -> Layer {
        let word = Word {
            value: SettingValue::Switch(on),
            locked,
        };
        Layer::new([(Setting::Camera, word)]).unwrap()
    }

    #[test]
    fn a_change_is_counted_for_those_for_whom_it_is_one() {
        let ward = group_id(1);
        let population = Population::new(
            [
                (Subject::Group(ward), camera(true, false)),
                (Subject::Account(account(3)), camera(false, false)),
            ],
            [1, 2, 3].map(account),
            [(account(2), ward)],
        );
        let to = |subject, says: &Layer| preview(&population, subject, says, &open());
        let change = |accounts, guests| PolicyChange {
            setting: Setting::Camera,
            from: SettingValue::Switch(true),
            to: SettingValue::Switch(false),
            accounts,
            guests,
        };

        // The ward's own word keeps one of three, and the third has it off already.
        let off = to(Subject::Organisation, &camera(false, false));
        assert_eq!(off, (3, vec![change(1, true)]));
        let locked = to(Subject::Organisation, &camera(false, true));
        assert_eq!(locked, (3, vec![change(2, true)]));
        let ward_off = to(Subject::Group(ward), &camera(false, false));
        assert_eq!(ward_off, (1, vec![change(1, false)]));
        let same = to(Subject::Account(account(1)), &camera(true, true));
        assert_eq!(same, (1, vec![]));
    }
}
