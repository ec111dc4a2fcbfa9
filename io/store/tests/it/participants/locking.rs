//! Nobody comes into a meeting that is locked.

use std::collections::BTreeSet;

use conclave_protocol::meeting::{Admission, EndCause, MeetingState, ParticipantRole};
use conclave_store::action::{Admit, EndMeeting, Join, LockMeeting, Revision};
use conclave_store::{Refused, WriteError};

use crate::contract;
use crate::home::{Home, NOW};

contract!(
    nobody_is_let_into_a_meeting_that_is_locked,
    a_lock_parts_those_who_come_at_the_same_moment,
);

async fn nobody_is_let_into_a_meeting_that_is_locked(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, _) = home.live_meeting(&store, &owner).await;
    let join = |was_locked, admission| Join {
        decided_on: MeetingState::Live,
        was_locked,
        ..home.join(meeting, admission)
    };
    let (waits, late) = (
        join(false, Admission::Waiting),
        join(false, Admission::Admitted),
    );
    let admit = Admit {
        meeting,
        participant: waits.participant,
        at: NOW,
    };
    store.write(waits, home.some_entry()).await.unwrap();
    let set = async |locked| {
        let act = LockMeeting { meeting, locked };
        store.write(act, home.some_entry()).await.unwrap()
    };

    assert_eq!(set(true).await, Revision(4));

    assert!(store.meeting(meeting).await.unwrap().unwrap().locked);
    assert!(matches!(
        store.write(late, home.some_entry()).await,
        Err(WriteError::Refused(Refused::Conflict))
    ));
    assert!(matches!(
        store.write(admit, home.some_entry()).await,
        Err(WriteError::Refused(Refused::MeetingLocked))
    ));
    let host = Join {
        role: ParticipantRole::Host,
        ..join(true, Admission::Admitted)
    };
    store.write(host, home.some_entry()).await.unwrap();
    assert_eq!(set(false).await, Revision(6));
    let welcome = join(false, Admission::Admitted);
    store.write(welcome, home.some_entry()).await.unwrap();
    let end = EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: NOW,
    };
    store.write(end, home.some_entry()).await.unwrap();
    let act = LockMeeting {
        meeting,
        locked: true,
    };
    assert!(matches!(
        store.write(act, home.some_entry()).await,
        Err(WriteError::Refused(Refused::MeetingEnded))
    ));
}

/// Whoever was told that they are in came before the lock, and is in; whoever was refused is not.
async fn a_lock_parts_those_who_come_at_the_same_moment(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, host) = home.live_meeting(&store, &owner).await;
    let joins: Vec<_> = (0..COMING)
        .map(|_| {
            let join = Join {
                decided_on: MeetingState::Live,
                places: COMING + 1,
                ..home.join(meeting, Admission::Admitted)
            };
            let (store, entry) = (store.clone(), home.some_entry());
            tokio::spawn(async move {
                let participant = join.participant;
                let joined = store.write(join, entry).await;
                (participant, joined.map(|joined| joined.revision).ok())
            })
        })
        .collect();
    tokio::task::yield_now().await;

    let locked = true;
    let act = LockMeeting { meeting, locked };
    let Revision(shut) = store.write(act, home.some_entry()).await.unwrap();

    let mut inside = BTreeSet::from([host]);
    for join in joins {
        if let (participant, Some(revision)) = join.await.unwrap() {
            assert!(revision < shut, "let in after the lock");
            inside.insert(participant);
        }
    }
    let kept = store.participants(meeting).await.unwrap();
    let kept: BTreeSet<_> = kept.iter().map(|kept| kept.id).collect();
    assert_eq!(kept, inside);
}

const COMING: u32 = 200;
