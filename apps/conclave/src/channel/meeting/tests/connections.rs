//! How channels come to an end, or come back.

use super::*;

#[test]
fn the_end_closes_every_channel() {
    let mut meeting = Meeting::with_host();
    let guest = meeting.join(Admission::Waiting);
    meeting.open(HOST, None);
    meeting.open(guest, None);

    meeting.change(|snapshot| snapshot.ended = Some(EndCause::Administrator));

    for participant in [HOST, guest] {
        let messages = &meeting.client(participant).messages;
        assert_eq!(
            messages[messages.len() - 2..],
            ["ended Administrator", "bye MeetingEnded"]
        );
    }
    assert!(!meeting.channels.attended());
    assert!(!meeting.remembered[&guest]);
}

#[test]
fn a_second_channel_replaces_the_first() {
    let mut meeting = Meeting::with_host();
    let first = meeting.open(HOST, None);

    meeting.open(HOST, None);

    assert_eq!(meeting.closed.get(&first), Some(&Bye::Replaced));
    meeting.detach(first, HOST);
    assert!(meeting.client(HOST).roster[&HOST].connected);
}

#[test]
fn who_is_gone_too_long_is_not_shown_and_comes_back() {
    let mut meeting = Meeting::with_host();
    let colleague = meeting.join(Admission::Admitted);
    meeting.open(HOST, None);
    meeting.open(colleague, None);
    meeting.close(colleague);
    assert!(!meeting.client(HOST).roster[&colleague].connected);

    meeting.wait(ROSTER_GRACE);
    assert!(!meeting.client(HOST).roster.contains_key(&colleague));

    meeting.media(colleague, true);
    assert!(meeting.client(HOST).roster[&colleague].connected);
}

#[test]
fn an_older_state_changes_nothing() {
    let mut meeting = Meeting::with_host();
    meeting.open(HOST, None);
    let old = meeting.snapshot.clone();
    let colleague = meeting.join(Admission::Admitted);

    meeting.input(Input::Snapshot(Box::new(old)));

    assert!(meeting.client(HOST).roster.contains_key(&colleague));
}

/// Whoever is there, or is back soon, does not notice that the door is shut.
#[test]
fn to_a_locked_meeting_nobody_comes_back_who_is_long_gone() {
    let mut meeting = Meeting::with_host();
    let colleague = meeting.join(Admission::Admitted);
    meeting.open(HOST, None);
    let there = meeting.open(colleague, None);
    meeting.change(|snapshot| snapshot.locked = true);
    assert!(!meeting.closed.contains_key(&there));
    for (gone_for, let_in) in [(ROSTER_GRACE - SECOND, true), (ROSTER_GRACE, false)] {
        meeting.close(colleague);
        let gone_since = Some(meeting.now);
        meeting.change(|snapshot| {
            let person = snapshot.people.get_mut(&colleague).unwrap();
            person.gone_since = gone_since;
        });
        meeting.wait(gone_for);

        let back = meeting.open(colleague, None);

        let bye = (!let_in).then_some(Bye::MeetingLocked);
        assert_eq!(meeting.closed.get(&back).copied(), bye);
    }
    meeting.change(|snapshot| snapshot.locked = false);
    let back = meeting.open(colleague, None);
    assert!(!meeting.closed.contains_key(&back));
}

const SECOND: Duration = Duration::from_secs(1);
