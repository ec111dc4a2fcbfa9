//! What somebody hears of a meeting follows from how they stand in it.

use super::*;

#[test]
fn a_waiting_guest_sees_their_own_standing_and_nothing_else() {
    let mut meeting = Meeting::with_host();
    let guest = meeting.join(Admission::Waiting);

    meeting.open(guest, None);
    meeting.join(Admission::Admitted);
    meeting.join(Admission::Waiting);

    let client = meeting.client(guest);
    assert_eq!(client.messages, ["welcome"]);
    assert!(client.roster.is_empty() && client.lobby.is_empty() && !client.knows_meeting);
}

#[test]
fn an_admitted_guest_is_told_so_and_given_the_whole_meeting() {
    let mut meeting = Meeting::with_host();
    let guest = meeting.join(Admission::Waiting);
    meeting.open(guest, None);

    meeting.stand(guest, Admission::Admitted);

    let client = meeting.client(guest);
    assert_eq!(client.messages, ["welcome", "admission", "welcome"]);
    assert_eq!(client.roster.len(), 2);
    assert!(client.lobby.is_empty());
}

#[test]
fn a_guest_who_lost_the_socket_at_admission_is_given_the_whole_meeting() {
    let mut meeting = Meeting::with_host();
    let guest = meeting.join(Admission::Waiting);
    meeting.open(guest, None);
    let last = meeting.client(guest).seq;
    meeting.close(guest);

    meeting.stand(guest, Admission::Admitted);

    for known in [last, last + 1] {
        meeting.open(guest, Some(known));
        assert_eq!(meeting.client(guest).messages, ["welcome"]);
    }
}

#[test]
fn hosts_hear_who_knocks_and_others_do_not() {
    let mut meeting = Meeting::with_host();
    let colleague = meeting.join(Admission::Admitted);
    meeting.open(HOST, None);
    meeting.open(colleague, None);

    let guest = meeting.join(Admission::Waiting);

    assert!(meeting.client(HOST).lobby.contains_key(&guest));
    assert!(meeting.client(colleague).lobby.is_empty());
}

#[test]
fn a_denied_guest_is_told_and_closed() {
    let mut meeting = Meeting::with_host();
    meeting.open(HOST, None);
    let guest = meeting.join(Admission::Waiting);
    meeting.open(guest, None);

    meeting.stand(guest, Admission::Denied);

    assert_eq!(
        meeting.client(guest).messages,
        ["welcome", "admission", "bye Denied"]
    );
    assert!(meeting.client(HOST).lobby.is_empty());
    meeting.open(guest, None);
    assert_eq!(meeting.client(guest).messages, ["bye Denied"]);
}

#[test]
fn only_who_is_in_is_asked_to_speak_and_also_after_a_lost_connection() {
    let mut meeting = Meeting::with_host();
    let (guest, waiting) = (
        meeting.join(Admission::Admitted),
        meeting.join(Admission::Waiting),
    );
    meeting.open(waiting, None);
    meeting.open(guest, None);
    let known = meeting.client(guest).seq;
    meeting.close(guest);

    for participant in [guest, waiting] {
        meeting.input(Input::AskedToUnmute { participant });
    }
    meeting.open(guest, Some(known));

    assert_eq!(meeting.client(waiting).messages, ["welcome"]);
    let heard = &meeting.client(guest).messages;
    assert_eq!(heard[0], "resumed");
    assert!(heard.contains(&"asked to unmute".to_owned()));
}

#[test]
fn a_co_host_sees_the_lobby_at_once_and_no_longer_than_they_are_one() {
    let mut meeting = Meeting::with_host();
    let (colleague, waiting) = (
        meeting.join(Admission::Admitted),
        meeting.join(Admission::Waiting),
    );
    meeting.open(colleague, None);
    let be = |role| {
        move |snapshot: &mut Snapshot| snapshot.people.get_mut(&colleague).unwrap().role = role
    };

    meeting.change(be(ParticipantRole::CoHost));
    assert!(meeting.client(colleague).lobby.contains_key(&waiting));

    meeting.change(be(ParticipantRole::Participant));
    assert!(meeting.client(colleague).lobby.is_empty());
    meeting.join(Admission::Waiting);
    let heard = &meeting.client(colleague).messages;
    assert_eq!(heard, &["welcome", "welcome", "welcome"]);
}

#[test]
fn whoever_waits_knows_their_place_in_line() {
    let mut meeting = Meeting::with_host();
    let guests = [(); 3].map(|()| meeting.join(Admission::Waiting));
    for guest in guests {
        meeting.open(guest, None);
    }
    let places = |meeting: &Meeting| guests.map(|guest| meeting.client(guest).place);
    assert_eq!(places(&meeting), [Some(1), Some(2), Some(3)]);

    meeting.stand(guests[0], Admission::Admitted);
    assert_eq!(places(&meeting), [None, Some(1), Some(2)]);

    // Somebody who gave up is passed, and comes back to the place that they had.
    meeting.close(guests[1]);
    meeting.wait(LOBBY_GRACE);
    assert_eq!(meeting.client(guests[2]).place, Some(1));
    meeting.open(guests[1], None);
    assert_eq!(places(&meeting), [None, Some(1), Some(2)]);
    assert_eq!(meeting.client(guests[2]).messages.last().unwrap(), "place");
}
