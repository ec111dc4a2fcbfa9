//! Who waits is let in, or turned away.

use std::collections::BTreeSet;

use conclave_protocol::meeting::{Admission, MeetingState};
use conclave_store::action::{
    Admit, AdmitAll, AdmittedAll, Also, Deny, Join, LockMeeting, Revision, Vouch,
};
use conclave_store::{Refused, Store, WriteError};

use crate::contract;
use crate::home::{Home, NOW, in_seconds};

contract!(
    whoever_waits_is_admitted_once,
    what_is_known_of_who_waits_is_kept,
    whoever_is_turned_away_stays_out,
    those_are_let_in_at_once_who_wait_still,
);

async fn whoever_waits_is_admitted_once(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let join = home.join(meeting, Admission::Waiting);
    let participant = join.participant;
    store.write(join, home.some_entry()).await.unwrap();
    let admit = || Admit {
        meeting,
        participant,
        at: in_seconds(5),
    };

    let done = store.write(admit(), home.some_entry()).await.unwrap();
    let again = store.write(admit(), home.some_entry()).await;

    assert_eq!(done, Revision(3));
    assert!(matches!(
        again,
        Err(WriteError::Refused(Refused::NotWaiting))
    ));
    let admitted = store.participant(participant).await.unwrap().unwrap();
    assert_eq!(admitted.admission, Admission::Admitted);
    assert_eq!(admitted.admitted_at, Some(in_seconds(5)));
    assert_eq!(store.meeting(meeting).await.unwrap().unwrap().revision, 3);
}

// Shows: REQ-AC-02.
async fn what_is_known_of_who_waits_is_kept(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let by_code = home.join(meeting, Admission::Waiting);
    let by_link = Join {
        proven: true,
        ..home.join(meeting, Admission::Waiting)
    };
    let (code, link) = (by_code.participant, by_link.participant);
    for join in [by_code, by_link] {
        store.write(join, home.some_entry()).await.unwrap();
    }
    let vouch = |participant| Vouch {
        meeting,
        participant,
    };
    let known = async |store: &Store| {
        let lobby = store.lobby(meeting).await.unwrap();
        let proven = lobby.into_iter().filter(|waits| waits.proven);
        proven.map(|waits| waits.id).collect::<BTreeSet<_>>()
    };
    let both = BTreeSet::from([code, link]);
    assert_eq!(known(&store).await, BTreeSet::from([link]));

    let revision = store.write(vouch(code), home.some_entry()).await.unwrap();

    assert_eq!(revision, Revision(4));
    assert_eq!(known(&store).await, both);
    // It is known already, and stays on record once.
    for participant in both.iter().copied() {
        let again = store.write(vouch(participant), home.some_entry()).await;
        assert!(matches!(
            again,
            Err(WriteError::Refused(Refused::NotWaiting))
        ));
    }
    store.close().await;
    let store = home.open().await;
    assert_eq!(known(&store).await, both);
    let admit = Admit {
        meeting,
        participant: code,
        at: NOW,
    };
    store.write(admit, home.some_entry()).await.unwrap();
    let again = store.write(vouch(code), home.some_entry()).await;
    assert!(matches!(
        again,
        Err(WriteError::Refused(Refused::NotWaiting))
    ));
}

async fn whoever_is_turned_away_stays_out(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let join = home.join(meeting, Admission::Waiting);
    let participant = join.participant;
    store.write(join, home.some_entry()).await.unwrap();
    let deny = Deny {
        meeting,
        participant,
        also: Also::default(),
        at: in_seconds(5),
    };

    store
        .write_or_spool(None, deny, home.some_entry())
        .await
        .unwrap();

    let admit = Admit {
        meeting,
        participant,
        at: in_seconds(6),
    };
    let refused = store.write(admit, home.some_entry()).await;
    assert!(matches!(
        refused,
        Err(WriteError::Refused(Refused::NotWaiting))
    ));
    let denied = store.participant(participant).await.unwrap().unwrap();
    assert_eq!(denied.admission, Admission::Denied);
    assert!(store.lobby(meeting).await.unwrap().is_empty());
}

async fn those_are_let_in_at_once_who_wait_still(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, host) = home.live_meeting(&store, &owner).await;
    let (elsewhere, _) = home.live_meeting(&store, &owner).await;
    let knock = async |meeting| {
        let join = Join {
            decided_on: MeetingState::Live,
            ..home.join(meeting, Admission::Waiting)
        };
        let participant = join.participant;
        store.write(join, home.some_entry()).await.unwrap();
        participant
    };
    let (first, second, stranger) = (
        knock(meeting).await,
        knock(meeting).await,
        knock(elsewhere).await,
    );
    let all = async |participants: &[_]| {
        let act = AdmitAll {
            meeting,
            participants: participants.to_vec(),
            at: in_seconds(5),
        };
        store.write(act, home.some_entry()).await
    };

    let admitted = all(&[first, host, stranger, second]).await.unwrap();

    let expected = AdmittedAll {
        revision: Revision(5),
        participants: vec![first, second],
    };
    assert_eq!(admitted, expected);
    for participant in [first, second] {
        let person = store.participant(participant).await.unwrap().unwrap();
        assert_eq!(person.admission, Admission::Admitted);
        assert_eq!(person.admitted_at, Some(in_seconds(5)));
    }
    let unmoved = store.participant(stranger).await.unwrap().unwrap();
    assert_eq!(unmoved.admission, Admission::Waiting);
    let act = LockMeeting {
        meeting,
        locked: true,
    };
    let third = knock(meeting).await;
    assert!(matches!(
        all(&[first]).await,
        Err(WriteError::Refused(Refused::NotWaiting))
    ));
    store.write(act, home.some_entry()).await.unwrap();
    assert!(matches!(
        all(&[third]).await,
        Err(WriteError::Refused(Refused::MeetingLocked))
    ));
}
