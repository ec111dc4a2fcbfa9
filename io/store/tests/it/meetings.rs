//! A meeting from its making to its end.

use conclave_protocol::meeting::{MeetingCode, MeetingState};
use conclave_store::action::{EndMeeting, Revision};
use conclave_store::read::meeting::MOST_LISTED;
use conclave_store::{Answer, Durability, Refused, WriteError};

use crate::contract;
use crate::home::{Home, in_seconds};

contract!(
    a_meeting_is_found_by_its_id_and_code,
    a_code_has_one_meeting_until_that_ends,
    ending_is_done_once,
    the_list_is_the_hosts_own_newest_first_and_bounded,
    only_live_meetings_are_live,
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

async fn a_code_has_one_meeting_until_that_ends(home: Home) {
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

    let refused = store.write(same_code(), home.some_entry()).await;
    assert!(matches!(
        refused,
        Err(WriteError::Refused(Refused::CodeTaken))
    ));

    let end = EndMeeting {
        meeting,
        at: in_seconds(9),
    };
    store.write(end, home.some_entry()).await.unwrap();
    assert!(store.meeting_by_code(code).await.unwrap().is_none());
    store.write(same_code(), home.some_entry()).await.unwrap();
}

async fn ending_is_done_once(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, host) = home.live_meeting(&store, &owner).await;
    let end = EndMeeting {
        meeting,
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
