//! Any history of joins, leaves, expels, reloads and losses over an honest service ends in agreement.

use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::*;

use super::world::World;

#[derive(Clone, Debug)]
enum Event {
    Enter(u8),
    Leave(u8),
    Expel(u8),
    /// The tab goes, and comes back with the same signature key.
    Reload(u8),
    Lose(u8),
    Resume(u8),
    /// Back after the events in between were forgotten.
    Return(u8),
    Pass(u16),
    /// Some messages arrive, in any order between people.
    Arrive(Vec<usize>),
}

fn event() -> impl Strategy<Value = Event> {
    let guest = 2_u8..7;
    prop_oneof![
        4 => guest.clone().prop_map(Event::Enter),
        1 => guest.clone().prop_map(Event::Leave),
        1 => guest.clone().prop_map(Event::Expel),
        1 => (1_u8..7).prop_map(Event::Reload),
        1 => (1_u8..7).prop_map(Event::Lose),
        1 => (1_u8..7).prop_map(Event::Resume),
        1 => (1_u8..7).prop_map(Event::Return),
        2 => (0_u16..4_000).prop_map(Event::Pass),
        3 => prop::collection::vec(any::<usize>(), 0..12).prop_map(Event::Arrive),
    ]
}

/// Who should be in at the end.
#[derive(Default)]
struct Model {
    inside: BTreeSet<u8>,
}

fn happen(world: &mut World, model: &mut Model, event: &Event) {
    match event {
        Event::Enter(who) if !model.inside.contains(who) && !world.expelled.contains(who) => {
            world.enter(*who);
            model.inside.insert(*who);
        }
        Event::Leave(who) if model.inside.remove(who) => world.leave(*who),
        Event::Expel(who) if is_in(world, *who) && model.inside.remove(who) => world.expel(*who),
        Event::Reload(1) => {
            world.enter(1);
            // A tab that goes takes with it what its host wanted.
            world
                .expelled
                .clone()
                .into_iter()
                .for_each(|who| world.expel(who));
        }
        Event::Reload(who) if model.inside.contains(who) => world.enter(*who),
        Event::Lose(who) if model.inside.contains(who) => world.disconnect(*who),
        Event::Resume(who) if model.inside.contains(who) => world.reconnect(*who, true),
        Event::Return(who) if model.inside.contains(who) => world.reconnect(*who, false),
        Event::Pass(time) => world.run_for(Duration::from_millis(u64::from(*time))),
        Event::Arrive(choices) => choices.iter().for_each(|choice| {
            world.step(*choice);
        }),
        _ => {}
    }
}

/// Whether the host has somebody in its roster, and can put them out.
fn is_in(world: &World, who: u8) -> bool {
    let host = world.people[&1].session.group();
    host.is_some_and(|group| {
        let roster = group.roster();
        roster
            .iter()
            .any(|occupant| occupant.identity.participant.0[0] == who)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_living_end_in_one_epoch(history in prop::collection::vec(event(), 0..24)) {
        let mut world = World::new();
        let mut model = Model::default();
        world.enter(1);
        model.inside.insert(1);
        world.run_for(Duration::from_secs(1));
        for event in &history {
            happen(&mut world, &mut model, event);
        }
        for who in &model.inside {
            let online = world.people[who].online;
            world.reconnect(*who, online);
        }
        world.run_for(Duration::from_secs(60));
        world.check_agreement(model.inside.clone());
        world.check_secrecy();
        world.check_calm();
    }
}
