//! What each of the agent's processes takes from itself as its first deed.

use rustix::io::Errno;
use rustix::process::{
    DumpableBehavior, Pid, Signal, getppid, set_dumpable_behavior, set_parent_process_death_signal,
};
use rustix::thread::set_no_new_privs;

/// No program that it runs has more rights than it, and no other process of the same person reads its memory.
pub fn harden() -> Result<(), Errno> {
    set_no_new_privs(true)?;
    keep_memory()
}

/// No other process of the same person reads its memory.
pub fn keep_memory() -> Result<(), Errno> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable)
}

/// Whoever started this process is gone.
#[derive(Debug, thiserror::Error)]
#[error("the launcher is gone")]
pub struct Orphaned;

/// Is killed with the process that started it, whose number is `launcher`.
pub fn end_with(launcher: u32) -> Result<(), Orphaned> {
    let set = set_parent_process_death_signal(Some(Signal::KILL));
    let is_there = is_child_of(launcher);
    (set.is_ok() && is_there).then_some(()).ok_or(Orphaned)
}

/// Whether the process of this number started this one, and is there.
pub fn is_child_of(parent: u32) -> bool {
    let now = getppid().map(Pid::as_raw_nonzero);
    now.is_some_and(|now| u32::try_from(now.get()) == Ok(parent))
}
