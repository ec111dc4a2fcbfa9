//! How a meeting's time is told, by virtual time.

use super::*;

const MINUTE: Duration = Duration::from_secs(60);

// Shows: REQ-LO-03.
#[test]
fn a_meeting_without_a_host_says_when_it_ends_and_goes_on_when_one_is_back() {
    let mut meeting = started();
    let guest = meeting.join(Admission::Admitted);
    meeting.open(HOST, None);
    meeting.open(guest, None);
    meeting.close(HOST);

    meeting.wait(54 * MINUTE);
    assert_eq!(ending(&meeting, guest), None);
    meeting.wait(MINUTE);
    assert_eq!(ending(&meeting, guest), Some((EndCause::HostAbsent, false)));
    meeting.open(HOST, None);
    assert_eq!(ending(&meeting, guest), None);
    meeting.close(HOST);
    meeting.wait(55 * MINUTE);
    meeting.wait(4 * MINUTE);
    assert_eq!(ending(&meeting, guest), Some((EndCause::HostAbsent, true)));
    assert!(meeting.over.is_empty());

    meeting.wait(MINUTE);

    assert_eq!(meeting.over, [EndCause::HostAbsent]);
    meeting.media(guest, true);
    assert_eq!(meeting.over.len(), 1, "it is tried again, and not at once");
    meeting.wait(MINUTE);
    assert_eq!(meeting.over.len(), 2);
}

// Shows: REQ-LO-03.
#[test]
fn an_empty_meeting_ends_also_where_nobody_came_since_the_server_started() {
    let mut meeting = started();
    let gone_since = Some(meeting.now.minus(59 * MINUTE));
    meeting.change(|snapshot| {
        snapshot.started_at = Some(snapshot.people[&HOST].since.minus(60 * MINUTE));
        for person in snapshot.people.values_mut() {
            person.gone_since = gone_since;
        }
    });
    assert!(meeting.over.is_empty());

    meeting.wait(MINUTE);

    assert_eq!(meeting.over, [EndCause::Empty]);
}

// Shows: REQ-LO-03.
#[test]
fn a_computer_that_nobody_is_with_keeps_no_meeting_going() {
    let mut meeting = started();
    let computer = meeting.bring(HOST);
    meeting.open(HOST, None);
    meeting.open(computer, None);
    meeting.close(HOST);

    meeting.wait(59 * MINUTE);
    assert!(meeting.over.is_empty());
    meeting.wait(MINUTE);

    assert_eq!(meeting.over, [EndCause::Empty]);
}

// Shows: REQ-LO-03.
#[test]
fn no_meeting_outlives_its_own_longest_time() {
    let mut meeting = started();
    meeting.open(HOST, None);
    meeting.change(|snapshot| snapshot.time_outs.longest = Some(30 * MINUTE));

    meeting.wait(25 * MINUTE);
    assert_eq!(ending(&meeting, HOST), Some((EndCause::TooLong, false)));
    meeting.wait(5 * MINUTE);

    assert_eq!(meeting.over, [EndCause::TooLong]);
}

#[test]
fn the_longest_serving_co_host_leads_on_until_the_host_is_back() {
    let mut meeting = started();
    let [second, first] = [(), ()].map(|()| meeting.join(Admission::Admitted));
    for (co_host, minutes) in [(second, 2), (first, 1)] {
        let since = meeting.now.plus(minutes * MINUTE);
        meeting.change(|snapshot| {
            let person = snapshot.people.get_mut(&co_host).unwrap();
            person.role = ParticipantRole::CoHost;
            person.serves_since = Some(since);
        });
        meeting.open(co_host, None);
    }
    meeting.open(HOST, None);
    let leads = |meeting: &Meeting| meeting.client(second).successor;
    meeting.close(HOST);
    meeting.wait(MINUTE);
    assert_eq!(leads(&meeting), None);

    meeting.wait(MINUTE);

    assert_eq!(leads(&meeting), Some(first));
    meeting.stand(first, Admission::Left);
    assert_eq!(leads(&meeting), Some(second));
    meeting.open(HOST, None);
    assert_eq!(leads(&meeting), None);
    // A meeting that is led does not end for want of its host.
    meeting.close(HOST);
    meeting.wait(10 * 60 * MINUTE);
    assert!(meeting.over.is_empty());
}

#[test]
fn a_screen_whose_presenter_does_nothing_is_taken_off_after_a_warning() {
    let mut meeting = started();
    meeting.open(HOST, None);
    let does = |meeting: &mut Meeting, is_active| {
        let participant = HOST;
        meeting.input(Input::Presents {
            participant,
            is_active,
        });
    };
    does(&mut meeting, true);
    meeting.wait(29 * MINUTE);
    assert_eq!(meeting.client(HOST).idles, Some(HOST));
    does(&mut meeting, true);
    assert_eq!(meeting.client(HOST).idles, None);
    meeting.wait(29 * MINUTE);
    assert!(meeting.taken_off.is_empty());

    meeting.wait(MINUTE);

    assert_eq!(meeting.taken_off, [HOST]);
    assert_eq!(meeting.client(HOST).idles, None);
    does(&mut meeting, true);
    does(&mut meeting, false);
    meeting.wait(40 * MINUTE);
    assert_eq!(meeting.taken_off, [HOST]);
}

fn started() -> Meeting {
    let mut meeting = Meeting::with_host();
    let now = meeting.now;
    meeting.change(|snapshot| snapshot.started_at = Some(now));
    meeting
}

fn ending(meeting: &Meeting, viewer: ParticipantId) -> Option<(EndCause, bool)> {
    let ending = meeting.client(viewer).ending?;
    Some((ending.cause, ending.is_near))
}
