//! Computers that somebody brings into a meeting.

use super::*;
use crate::channel::view::leave_with_owners;

// Shows: REQ-AC-14.
#[test]
fn everybody_sees_whose_computer_it_is_and_who_may_use_it() {
    let mut meeting = Meeting::with_host();
    let guest = meeting.join(Admission::Admitted);
    let computer = meeting.bring(HOST);
    meeting.open(guest, None);

    meeting.change(|snapshot| {
        let person = snapshot.people.get_mut(&computer).unwrap();
        let companion = person.companion.as_mut().unwrap();
        (companion.controller, companion.turn) = (Some(guest), 1);
    });

    let entry = &meeting.client(guest).roster[&computer];
    assert_eq!(entry.role, ParticipantRole::Companion);
    let companion = entry.companion.unwrap();
    assert_eq!((companion.owner, companion.controller), (HOST, Some(guest)));
}

// Shows: REQ-AC-16.
#[test]
fn a_computer_goes_with_its_owner_and_its_media_with_it() {
    let mut meeting = Meeting::with_host();
    let guest = meeting.join(Admission::Admitted);
    let computer = meeting.bring(guest);
    meeting.open(computer, None);

    meeting.change(|snapshot| {
        snapshot.people.get_mut(&guest).unwrap().admission = Admission::Left;
        leave_with_owners(&mut snapshot.people);
    });

    assert_eq!(meeting.sent_off, [computer]);
    let told = &meeting.client(computer).messages;
    assert!(told.last().is_some_and(|last| last.starts_with("bye")));
}
