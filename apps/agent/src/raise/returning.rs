//! After a restart, as root: waits until the same person is at their desktop again, and starts the agent as them.

use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::way_back::{Ticket, take};
use crate::service::{Desktop, agent_at};

const BETWEEN_LOOKS: Duration = Duration::from_secs(2);
/// For a desktop that has just come to have its windows managed.
const SETTLES: Duration = Duration::from_secs(5);

/// Until the session is over, or nobody came in time. What brought it here is gone before anything else happens.
pub(crate) fn come_back(below: &Path) -> io::Result<()> {
    let Some(ticket) = take(below)? else {
        return Ok(());
    };
    let shown = || Desktop::on_screen().filter(|desktop| desktop.person.uid == ticket.uid);
    let Some(desktop) = wait_for(&ticket, shown) else {
        tracing::info!("nobody came back in time");
        return Ok(());
    };
    thread::sleep(SETTLES);
    agent_at(&desktop, &ticket.errand)?.spawn()?.wait()?;
    Ok(())
}

/// `None`: the ticket is good for nothing any more.
fn wait_for<T>(ticket: &Ticket, look: impl Fn() -> Option<T>) -> Option<T> {
    let until = Instant::now() + ticket.left()?;
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        thread::sleep(left.min(BETWEEN_LOOKS));
    }
}

#[cfg(test)]
mod tests {
    use super::super::way_back::tests::{computer, errand, is_clean};
    use super::super::way_back::{GOOD_FOR, lay};
    use super::*;

    // Shows: REQ-AC-31.
    #[test]
    fn who_is_there_in_time_is_found_and_nobody_after_it() {
        let ticket = Ticket::new(errand(), 1_000);
        assert_eq!(wait_for(&ticket, || Some(7)), Some(7));

        let late = r#"{"errand":{"server":null,"key":null,"trust":null,"wanted":null},"uid":1000,"laid_at":0}"#;
        let late: Ticket = serde_json::from_str(late).unwrap();

        assert_eq!(wait_for(&late, || Some(7)), None);
    }

    // Shows: REQ-AC-31.
    #[test]
    fn nothing_is_left_of_a_ticket_that_is_too_old_and_nothing_is_begun() {
        let computer = computer();
        let mut ticket = Ticket::new(errand(), u32::MAX);
        ticket.age(GOOD_FOR);
        lay(computer.path(), &ticket).unwrap();

        come_back(computer.path()).unwrap();

        assert!(is_clean(computer.path()));
        come_back(computer.path()).unwrap();
    }
}
