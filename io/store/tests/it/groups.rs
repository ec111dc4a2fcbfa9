//! A meeting's MLS group: one commit per epoch, through restarts.

use conclave_policy::delivery::{Kept, KeptLeaf, LoggedCommit};
use conclave_protocol::meeting::EndCause;
use conclave_protocol::mls::{Epoch, GroupId, LeafIndex, Opaque};
use conclave_protocol::{MeetingId, ParticipantId};
use conclave_store::action::{CreateGroup, EndGroup, EndMeeting, ForgetExpired, KeepCommit};
use conclave_store::{Refused, Store, UpkeepReason, WriteError};

use crate::contract;
use crate::home::{Home, NOW, recorded};

contract!(
    a_meeting_has_one_group_at_a_time,
    of_two_commits_to_one_epoch_one_is_kept,
    a_restart_goes_on_from_the_same_epoch,
    old_commits_are_forgotten,
    of_an_ended_group_only_its_name_stays,
    an_ended_meeting_keeps_no_group,
);

const GROUP: GroupId = GroupId([7; 16]);
const NEXT: GroupId = GroupId([8; 16]);

async fn a_meeting_has_one_group_at_a_time(home: Home) {
    let (store, meeting, host) = group_of_one(&home).await;

    let second = create(&home, &store, meeting, host, NEXT).await;
    let unknown = create(&home, &store, MeetingId(home.id()), host, NEXT).await;

    assert!(matches!(second, Err(Refused::Conflict)));
    assert!(matches!(unknown, Err(Refused::NotFound)));
    let kept = store.group(meeting).await.unwrap().unwrap();
    assert_eq!(kept.group, GROUP);
}

async fn of_two_commits_to_one_epoch_one_is_kept(home: Home) {
    let (store, meeting, host) = group_of_one(&home).await;
    let entrance = KeepCommit {
        entered: Some(LeafIndex(1)),
        ..commit(0, host)
    };

    let (first, second) = tokio::join!(
        store.write(entrance, home.some_entry()),
        store.write(commit(0, host), home.some_entry()),
    );

    assert!(first.is_ok());
    assert!(matches!(
        second,
        Err(WriteError::Refused(Refused::Conflict))
    ));
    for epoch in [0, 2] {
        let other = store.write(commit(epoch, host), home.some_entry()).await;
        assert!(matches!(other, Err(WriteError::Refused(Refused::Conflict))));
    }
    let kept = store.group(meeting).await.unwrap().unwrap();
    assert_eq!((kept.epoch, kept.commits.len()), (Epoch(1), 1));
    assert_eq!(kept.leaves.len(), 2);
}

async fn a_restart_goes_on_from_the_same_epoch(home: Home) {
    let (store, meeting, host) = group_of_one(&home).await;
    let entrance = KeepCommit {
        entered: Some(LeafIndex(1)),
        ..commit(0, host)
    };
    store.write(entrance, home.some_entry()).await.unwrap();
    let removal = KeepCommit {
        removed: vec![LeafIndex(0)],
        ..commit(1, host)
    };
    store.write(removal, home.some_entry()).await.unwrap();
    store.close().await;

    let store = home.open().await;

    let kept = store.group(meeting).await.unwrap().unwrap();
    let expected = Kept {
        group: GROUP,
        epoch: Epoch(2),
        group_info: info(2),
        leaves: vec![KeptLeaf {
            leaf: LeafIndex(1),
            participant: host,
            since: Epoch(1),
        }],
        commits: vec![commit(0, host).commit, commit(1, host).commit],
    };
    assert_eq!(kept, expected);
    let late = store.write(commit(1, host), home.some_entry()).await;
    assert!(late.is_err());
    assert!(
        store
            .write(commit(2, host), home.some_entry())
            .await
            .is_ok()
    );
}

async fn old_commits_are_forgotten(home: Home) {
    let (store, meeting, host) = group_of_one(&home).await;

    for epoch in 0..5_u64 {
        let commit = KeepCommit {
            keep_from: Epoch(epoch.saturating_sub(1)),
            ..commit(epoch, host)
        };
        store.write(commit, home.some_entry()).await.unwrap();
    }

    let kept = store.group(meeting).await.unwrap().unwrap();
    let epochs: Vec<_> = kept.commits.iter().map(|commit| commit.epoch.0).collect();
    assert_eq!(epochs, [3, 4]);
}

async fn of_an_ended_group_only_its_name_stays(home: Home) {
    let (store, meeting, host) = group_of_one(&home).await;
    store
        .write(commit(0, host), home.some_entry())
        .await
        .unwrap();
    let entries = recorded(&store).await.len();
    let end = || EndGroup {
        group: GROUP,
        at: NOW,
    };

    store.write(end(), home.some_entry()).await.unwrap();

    assert_eq!(recorded(&store).await.len(), entries + 1);
    assert!(store.group(meeting).await.unwrap().is_none());
    let again = store.write(end(), home.some_entry()).await;
    assert!(matches!(again, Err(WriteError::Refused(Refused::NotFound))));
    assert!(
        store
            .write(commit(1, host), home.some_entry())
            .await
            .is_err()
    );
    let same = create(&home, &store, meeting, host, GROUP).await;
    assert!(matches!(same, Err(Refused::Conflict)));
    assert!(create(&home, &store, meeting, host, NEXT).await.is_ok());
    let kept = store.group(meeting).await.unwrap().unwrap();
    assert!(kept.commits.is_empty());
    assert_eq!(kept.leaves.len(), 1);
}

async fn an_ended_meeting_keeps_no_group(home: Home) {
    let (store, meeting, host) = group_of_one(&home).await;
    store
        .write(commit(0, host), home.some_entry())
        .await
        .unwrap();
    let end = EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: NOW,
    };
    store.write(end, home.some_entry()).await.unwrap();

    let forget = ForgetExpired {
        now: NOW,
        knocked_before: NOW,
    };
    let forgotten = store.write_unaudited(UpkeepReason::Expiry, forget);
    forgotten.await.unwrap();

    assert!(store.group(meeting).await.unwrap().is_none());
    let late = create(&home, &store, meeting, host, NEXT).await;
    assert!(matches!(late, Err(Refused::MeetingEnded)));
}

/// A live meeting whose host has created its group.
async fn group_of_one(home: &Home) -> (Store, MeetingId, ParticipantId) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let (meeting, host) = home.live_meeting(&store, &owner).await;
    create(home, &store, meeting, host, GROUP).await.unwrap();
    (store, meeting, host)
}

async fn create(
    home: &Home,
    store: &Store,
    meeting: MeetingId,
    creator: ParticipantId,
    group: GroupId,
) -> Result<(), Refused> {
    let create = CreateGroup {
        meeting,
        group,
        group_info: info(0),
        creator,
        at: NOW,
    };
    let created = store.write(create, home.some_entry()).await;
    created.map_err(|error| match error {
        WriteError::Refused(refused) => refused,
        _ => unreachable!("the store works"),
    })
}

/// Changes nobody's leaf.
fn commit(epoch: u64, sender: ParticipantId) -> KeepCommit {
    KeepCommit {
        group: GROUP,
        commit: LoggedCommit {
            epoch: Epoch(epoch),
            sender,
            message: Opaque::new(vec![u8::try_from(epoch).unwrap(); 100]).unwrap(),
        },
        group_info: info(epoch + 1),
        entered: None,
        removed: Vec::new(),
        keep_from: Epoch(0),
        at: NOW,
    }
}

fn info(epoch: u64) -> Opaque {
    Opaque::new(epoch.to_be_bytes().repeat(1_000)).unwrap()
}
