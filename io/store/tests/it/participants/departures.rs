//! Who has gone is remembered, for a while.

use conclave_protocol::meeting::{Admission, EndCause, MeetingState};
use conclave_store::action::{EndMeeting, ForgetExpired, Join, Leave};
use conclave_store::{Refused, UpkeepReason, WriteError};

use crate::contract;
use crate::home::{Home, NOW, in_seconds};

contract!(
    leaving_is_done_once,
    people_are_those_with_a_place_and_the_last_who_lost_theirs,
    whoever_knocked_and_never_came_in_is_forgotten,
    whoever_waits_when_the_meeting_ends_is_forgotten_too,
    whoever_knocks_and_goes_again_and_again_fills_nothing,
);

async fn leaving_is_done_once(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, participant) = home.live_meeting(&store, &owner).await;
    let leave = Leave {
        meeting,
        participant,
        at: in_seconds(5),
    };

    store
        .write_or_spool(None, leave.clone(), home.some_entry())
        .await
        .unwrap();
    let again = store.write_or_spool(None, leave, home.some_entry()).await;

    assert!(matches!(again, Err(WriteError::Refused(Refused::NotFound))));
    let gone = store.participant(participant).await.unwrap().unwrap();
    assert_eq!(gone.admission, Admission::Left);
    assert_eq!(gone.left_at, Some(in_seconds(5)));
}

async fn people_are_those_with_a_place_and_the_last_who_lost_theirs(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let (waiting, invited) = (
        home.join(meeting, Admission::Waiting),
        home.join(meeting, Admission::HostAbsent),
    );
    let (waits, leaves) = (waiting.participant, invited.participant);
    for join in [waiting, invited] {
        store.write(join, home.some_entry()).await.unwrap();
    }
    let leave = Leave {
        meeting,
        participant: leaves,
        at: in_seconds(5),
    };
    store.write(leave, home.some_entry()).await.unwrap();

    let people = store.people(meeting).await.unwrap();

    let standing: Vec<_> = people.iter().map(|p| (p.id, p.admission)).collect();
    assert_eq!(
        standing,
        [(waits, Admission::Waiting), (leaves, Admission::Left)]
    );
}

async fn whoever_knocked_and_never_came_in_is_forgotten(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, host) = home.live_meeting(&store, &owner).await;
    let knock = Join {
        decided_on: MeetingState::Live,
        link_admitted: true,
        ..home.join(meeting, Admission::Waiting)
    };
    let knocked = knock.participant;
    store.write(knock, home.some_entry()).await.unwrap();
    for participant in [knocked, host] {
        let leave = Leave {
            meeting,
            participant,
            at: in_seconds(5),
        };
        store.write(leave, home.some_entry()).await.unwrap();
    }
    let forget = |second| ForgetExpired {
        now: NOW,
        knocked_before: in_seconds(second),
    };
    let expire = async |second| {
        let forget = forget(second);
        let done = store.write_unaudited(UpkeepReason::Expiry, forget).await;
        done.unwrap();
        store.participants(meeting).await.unwrap().len()
    };

    assert_eq!(expire(5).await, 2);
    assert_eq!(expire(6).await, 1);
    assert!(store.participant(host).await.unwrap().is_some());
}

async fn whoever_waits_when_the_meeting_ends_is_forgotten_too(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    for admission in [Admission::Waiting, Admission::HostAbsent] {
        let join = home.join(meeting, admission);
        store.write(join, home.some_entry()).await.unwrap();
    }
    let end = EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: in_seconds(5),
    };
    store.write(end, home.some_entry()).await.unwrap();

    let forget = ForgetExpired {
        now: NOW,
        knocked_before: in_seconds(6),
    };
    let done = store.write_unaudited(UpkeepReason::Expiry, forget).await;

    done.unwrap();
    assert!(store.participants(meeting).await.unwrap().is_empty());
}

async fn whoever_knocks_and_goes_again_and_again_fills_nothing(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    for second in 0..520 {
        let join = home.join(meeting, Admission::Waiting);
        let leave = Leave {
            meeting,
            participant: join.participant,
            at: in_seconds(second),
        };
        store.write(join, home.some_entry()).await.unwrap();
        store.write(leave, home.some_entry()).await.unwrap();
    }

    let kept = store.participants(meeting).await.unwrap();

    assert_eq!(kept.len(), 501);
    assert!(kept.iter().all(|gone| gone.left_at >= Some(in_seconds(19))));
}
