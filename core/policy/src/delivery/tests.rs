//! Stories of one meeting's group.

mod endings;
mod entrances;
mod group_infos;
mod harm;
mod keeping;
mod leases;
mod refusals;
mod removals;
mod turns;

use super::world::{View, World};
use super::*;

fn turn(world: &World) -> Submission {
    let View { id: group, epoch } = world.current();
    Submission::Turn { group, epoch }
}
