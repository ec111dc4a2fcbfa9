//! A meeting from its making to its end.

use std::time::Duration;

use conclave_policy::time_out::OwnTimeOuts;
use conclave_protocol::meeting::{
    Admission, EndCause, EntryRule, MeetingCode, MeetingState, Uninvited,
};
use conclave_protocol::personal::{EmailAddress, Title};
use conclave_store::action::{
    CancelMeeting, ChangeMeeting, ChangePasscode, EndMeeting, GuardMeeting, Join, Planned,
    Revision, SetConnected,
};
use conclave_store::read::meeting::MOST_LISTED;
use conclave_store::{Answer, Durability, Refused, UpkeepReason, WriteError};

use crate::contract;
use crate::home::{Home, in_seconds};

contract!(
    a_meeting_is_found_by_its_id_and_code,
    a_code_has_one_meeting_also_when_that_is_over,
    ending_is_done_once,
    the_list_is_the_hosts_own_newest_first_and_bounded,
    only_live_meetings_are_live,
    a_meeting_that_repeats_is_followed_by_the_next,
    what_was_scheduled_is_changed_by_who_has_read_it,
    a_passcode_is_changed_as_long_as_the_meeting_is_not_over,
);

async fn a_meeting_is_found_by_its_id_and_code(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let mut action = home.create_meeting(&owner);
    action.starts_at = Some(in_seconds(3_600));
    let (id, code) = (action.id, action.code);

    store.write(action, home.some_entry()).await.unwrap();

    let by_id = store.meeting(id).await.unwrap().unwrap();
    let by_code = store.meeting_by_code(code).await.unwrap().unwrap();
    assert!(by_id.id == id && by_code.id == id);
    assert_eq!(by_id.state, MeetingState::Scheduled);
    assert_eq!(by_id.revision, 1);
    assert_eq!(by_id.starts_at, Some(in_seconds(3_600)));
    assert_eq!(by_id.invitation_verifier, [7; 32]);
    assert_eq!(by_id.title.as_str(), "Ward round");
    let other = MeetingCode::from_number(999_999_999).unwrap();
    assert!(store.meeting_by_code(other).await.unwrap().is_none());
}

// Shows: REQ-AC-01.
async fn a_code_has_one_meeting_also_when_that_is_over(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let first = home.create_meeting(&owner);
    let (meeting, code) = (first.id, first.code);
    store.write(first, home.some_entry()).await.unwrap();
    let same_code = || {
        let mut action = home.create_meeting(&owner);
        action.code = code;
        action
    };

    let is_refused = async || {
        let again = store.write(same_code(), home.some_entry()).await;
        matches!(again, Err(WriteError::Refused(Refused::CodeTaken)))
    };
    assert!(is_refused().await);

    let end = EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: in_seconds(9),
    };
    store.write(end, home.some_entry()).await.unwrap();
    assert!(store.meeting_by_code(code).await.unwrap().is_none());
    // Whoever still has the invitation would come to strangers.
    assert!(is_refused().await);
}

async fn ending_is_done_once(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, host) = home.live_meeting(&store, &owner).await;
    let end = EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: in_seconds(9),
    };

    let done = store
        .write_or_spool(None, end.clone(), home.some_entry())
        .await
        .unwrap();

    assert_eq!(
        done,
        Durability::Stored(Answer {
            done: Revision(3),
            replayed: false,
        })
    );
    let ended = store.meeting(meeting).await.unwrap().unwrap();
    assert_eq!(ended.state, MeetingState::Ended);
    assert_eq!(ended.ended_at, Some(in_seconds(9)));
    let host = store.participant(host).await.unwrap().unwrap();
    assert!(!host.connected);
    let again = store.write_or_spool(None, end, home.some_entry()).await;
    assert!(matches!(
        again,
        Err(WriteError::Refused(Refused::MeetingEnded))
    ));
    let unknown = EndMeeting {
        meeting: conclave_protocol::MeetingId(home.id()),
        cause: EndCause::Host,
        at: in_seconds(9),
    };
    let unknown = store.write_or_spool(None, unknown, home.some_entry()).await;
    assert!(matches!(
        unknown,
        Err(WriteError::Refused(Refused::NotFound))
    ));
}

async fn the_list_is_the_hosts_own_newest_first_and_bounded(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let mut newest = None;
    for _ in 0..=MOST_LISTED {
        newest = Some(home.meeting(&store, &owner).await);
    }

    let listed = store.meetings_of(owner.account).await.unwrap();

    assert_eq!(listed.len(), usize::try_from(MOST_LISTED).unwrap());
    assert!(listed.first().map(|meeting| meeting.id) == newest);
    assert!(listed.is_sorted_by(|a, b| a.created_at > b.created_at));
    let nobody = conclave_protocol::AccountId(home.id());
    assert!(store.meetings_of(nobody).await.unwrap().is_empty());
}

async fn only_live_meetings_are_live(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    home.meeting(&store, &owner).await;
    let (live, _) = home.live_meeting(&store, &owner).await;

    let found = store.live_meetings().await.unwrap();

    assert!(found.iter().map(|meeting| meeting.id).eq([live]));
}

/// Whose last occurrence begins after `seconds`.
pub(crate) fn planned(seconds: u64) -> Planned {
    let words = r#"{"start": "2026-12-01T09:00", "zone": "Europe/Berlin", "minutes": 30,
                    "repeats": {"every": "day", "count": 3}}"#;
    Planned {
        schedule: serde_json::from_str(words).unwrap(),
        first_begins: in_seconds(100),
        last_begins: in_seconds(seconds),
    }
}

async fn a_meeting_that_repeats_is_followed_by_the_next(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let mut action = home.create_meeting(&owner);
    action.planned = Some(planned(300));
    action.invited = vec![EmailAddress::parse("amy@clinic.example").ok().unwrap()];
    let (first, code) = (action.id, action.code);
    store.write(action, home.some_entry()).await.unwrap();
    let end = |meeting, seconds| EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: in_seconds(seconds),
    };
    let mut before = first;
    for seconds in [150, 250] {
        let host = home.join_as_host(before, &owner);
        store.write(host, home.some_entry()).await.unwrap();
        let guarded = GuardMeeting {
            meeting: before,
            until: Some(in_seconds(900)),
        };
        store.write(guarded, home.some_entry()).await.unwrap();
        let another = ChangePasscode { meeting: before };
        store.write(another, home.some_entry()).await.unwrap();
        let changed = store.meeting(before).await.unwrap().unwrap();
        let over = end(before, seconds);
        store.write(over, home.some_entry()).await.unwrap();

        let next = store.meeting_by_code(code).await.unwrap().unwrap();
        assert!(next.id != before && next.series == Some(first));
        assert_eq!(next.state, MeetingState::Scheduled);
        assert_eq!((next.revision, next.started_at), (1, None));
        assert!(next.link_admits && !next.locked && !next.is_guarded(in_seconds(260)));
        // One link is for all of them, and so is its passcode.
        assert_eq!(next.passcode_number, changed.passcode_number);
        assert_eq!(next.schedule, Some(planned(300).schedule));
        assert_eq!(store.invited(next.id).await.unwrap().len(), 1);
        before = next.id;
    }
    assert!(store.waiting_of(owner.account).await.unwrap().is_empty());
    let guest = home.join(before, Admission::Waiting);
    let change = SetConnected {
        participant: guest.participant,
        connected: true,
        at: in_seconds(260),
    };
    store.write(guest, home.some_entry()).await.unwrap();
    let written = store.write_unaudited(UpkeepReason::Presence, change).await;
    written.unwrap();
    let waiting = store.waiting_of(owner.account).await.unwrap();
    assert!(waiting.into_iter().eq([(before, 1)]));
    let host = home.join_as_host(before, &owner);
    store.write(host, home.some_entry()).await.unwrap();

    store
        .write(end(before, 300), home.some_entry())
        .await
        .unwrap();

    assert!(store.meeting_by_code(code).await.unwrap().is_none());
}

async fn what_was_scheduled_is_changed_by_who_has_read_it(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let change = |seen| ChangeMeeting {
        meeting,
        seen,
        title: Title::parse("Round of the ward").ok().unwrap(),
        planned: planned(300),
        entry: EntryRule::Lobby,
        uninvited: Uninvited::Wait,
        time_outs: OwnTimeOuts {
            longest: Some(Duration::from_secs(600)),
            ..OwnTimeOuts::default()
        },
    };
    let cancel = |seen| CancelMeeting {
        meeting,
        seen,
        at: in_seconds(9),
    };

    let early = home.join(meeting, Admission::HostAbsent);

    let done = store.write(change(0), home.some_entry()).await.unwrap();

    assert_eq!(done, Revision(2));
    let changed = store.meeting(meeting).await.unwrap().unwrap();
    assert_eq!(changed.time_outs(), change(0).time_outs);
    // Whoever was let straight in by the rule that was decides anew, and so does who came before the door was tried.
    let early = store.write(early, home.some_entry()).await;
    assert!(matches!(early, Err(WriteError::Refused(Refused::Conflict))));
    let (entry, until) = (EntryRule::Lobby, Some(in_seconds(900)));
    let guard = GuardMeeting { meeting, until };
    store.write(guard, home.some_entry()).await.unwrap();
    let join = |was_guarded| Join {
        entry,
        was_guarded,
        ..home.join(meeting, Admission::Waiting)
    };
    let early = store.write(join(false), home.some_entry()).await;
    assert!(matches!(early, Err(WriteError::Refused(Refused::Conflict))));
    store.write(join(true), home.some_entry()).await.unwrap();
    let changed = store.meeting(meeting).await.unwrap().unwrap();
    assert_eq!(changed.title.as_str(), "Round of the ward");
    assert_eq!((changed.sequence, changed.entry), (1, EntryRule::Lobby));
    assert_eq!(changed.starts_at, Some(in_seconds(100)));
    let late = store.write(change(0), home.some_entry()).await;
    assert!(matches!(late, Err(WriteError::Refused(Refused::Conflict))));
    let late = store.write(cancel(0), home.some_entry()).await;
    assert!(matches!(late, Err(WriteError::Refused(Refused::Conflict))));
    store.write(cancel(1), home.some_entry()).await.unwrap();
    let ended = store.meeting(meeting).await.unwrap().unwrap();
    assert_eq!(ended.state, MeetingState::Ended);
    assert!(store.meeting_by_code(ended.code).await.unwrap().is_none());
    let over = store.write(change(2), home.some_entry()).await;
    assert!(matches!(
        over,
        Err(WriteError::Refused(Refused::MeetingEnded))
    ));
    let (live, _) = home.live_meeting(&store, &owner).await;
    let live = CancelMeeting {
        meeting: live,
        ..cancel(0)
    };
    let goes_on = store.write(live, home.some_entry()).await;
    assert!(matches!(
        goes_on,
        Err(WriteError::Refused(Refused::MeetingLive))
    ));
}

async fn a_passcode_is_changed_as_long_as_the_meeting_is_not_over(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let number = async || {
        let found = store.meeting(meeting).await.unwrap().unwrap();
        (found.passcode_number, found.revision)
    };
    assert_eq!(number().await, (0, 1));

    for expected in [(1, 2), (2, 3)] {
        let change = ChangePasscode { meeting };
        let done = store.write(change, home.some_entry()).await.unwrap();
        assert_eq!(done, Revision(expected.1));
        assert_eq!(number().await, expected);
    }

    let end = EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: in_seconds(9),
    };
    store.write(end, home.some_entry()).await.unwrap();
    let change = ChangePasscode { meeting };
    let over = store.write(change, home.some_entry()).await;
    assert!(matches!(
        over,
        Err(WriteError::Refused(Refused::MeetingEnded))
    ));
}
