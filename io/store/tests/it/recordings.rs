//! Recordings in the store: what is kept of them is counted, and goes in steps when its time is over.

use conclave_policy::recording::{KEPT_DAYS, Quota, kept_until};
use conclave_protocol::personal::DisplayName;
use conclave_protocol::recording::Custodians;
use conclave_protocol::{SupportSessionId, Timestamp};
use conclave_store::action::{
    BeginRecording, ClearRecording, Cleared, DeleteRecording, KeepPiece, LoseRecording,
    MakeRecordingKey, PIECES_IN_A_STEP,
};
use conclave_store::{Refused, Store, UpkeepReason, WriteError};
use uuid::Uuid;

use crate::contract;
use crate::home::{Home, NOW, Owner};
use crate::support::open;

contract!(
    what_is_kept_is_counted_up_to_its_bound_and_no_longer_than_it_is_there,
    a_recording_whose_time_is_over_goes_at_once_and_its_pieces_in_steps,
);

const QUOTA: Quota = Quota {
    of_one: 100,
    of_organisation: 10,
};

async fn what_is_kept_is_counted_up_to_its_bound_and_no_longer_than_it_is_there(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let key = make_key(&home, &store, &owner).await;
    let (first, second) = (
        begin(&home, &store, &owner, key).await,
        begin(&home, &store, &owner, key).await,
    );
    let kept = async || store.recorded_bytes(owner.organisation).await.unwrap();
    assert_eq!(kept().await, 0);

    assert_eq!(keep(&store, first, 0, b"four").await, None);
    // What comes again is counted once.
    assert_eq!(keep(&store, first, 0, b"four").await, None);
    assert_eq!(keep(&store, second, 0, b"four").await, None);
    assert_eq!(kept().await, 8);
    let more = keep(&store, second, 1, b"four").await;
    assert_eq!(more, Some(Refused::TooMuchRecorded));
    lose(&home, &store, first.0).await;
    delete(&home, &store, first.0).await;

    assert_eq!(kept().await, 4);
    assert_eq!(keep(&store, second, 1, b"four").await, None);
    assert_eq!(kept().await, 8);
}

async fn a_recording_whose_time_is_over_goes_at_once_and_its_pieces_in_steps(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let key = make_key(&home, &store, &owner).await;
    let recording = begin(&home, &store, &owner, key).await;
    let (id, _) = recording;
    let pieces = PIECES_IN_A_STEP + 1;
    for number in 0..pieces {
        assert_eq!(keep(&store, recording, number, b"").await, None);
    }
    lose(&home, &store, id).await;
    // Before its time is over nothing of it goes.
    assert_eq!(clear(&store, id).await, Cleared(true));
    assert!(store.recording_piece(id, 0).await.unwrap().is_some());

    delete(&home, &store, id).await;

    assert!(store.recording_piece(id, 0).await.unwrap().is_none());
    store.close().await;
    let store = home.open().await;
    assert_eq!(store.uncleared_recordings(10).await.unwrap(), [id]);
    assert_eq!(clear(&store, id).await, Cleared(false));
    assert_eq!(store.uncleared_recordings(10).await.unwrap(), [id]);
    assert_eq!(clear(&store, id).await, Cleared(true));
    assert!(store.uncleared_recordings(10).await.unwrap().is_empty());
}

async fn make_key(home: &Home, store: &Store, owner: &Owner) -> Uuid {
    let names = vec![DisplayName::parse("Amy").ok().unwrap()];
    let id = home.id();
    let act = MakeRecordingKey {
        id,
        organisation: owner.organisation,
        public: vec![7; 1_216],
        fingerprint: [7; 32],
        custodians: Custodians::new(names).unwrap(),
        by: owner.account,
        at: NOW,
    };
    store.write(act, home.some_entry()).await.unwrap();
    id
}

async fn begin(home: &Home, store: &Store, owner: &Owner, key: Uuid) -> (Uuid, SupportSessionId) {
    let (session, _) = open(home, store, owner).await;
    let act = BeginRecording {
        id: home.id(),
        key,
        organisation: owner.organisation,
        session,
        quota: QUOTA,
        at: NOW,
    };
    let id = store.write(act, home.some_entry()).await.unwrap();
    (id, session)
}

async fn keep(
    store: &Store,
    (recording, session): (Uuid, SupportSessionId),
    number: u32,
    content: &[u8],
) -> Option<Refused> {
    let act = KeepPiece {
        recording,
        session,
        number,
        content: content.to_vec(),
        quota: QUOTA,
    };
    match store.write_unaudited(UpkeepReason::Recording, act).await {
        Ok(_) => None,
        Err(WriteError::Refused(refused)) => Some(refused),
        Err(error) => unreachable!("{error}"),
    }
}

async fn lose(home: &Home, store: &Store, recording: Uuid) {
    let at = NOW;
    let act = LoseRecording { recording, at };
    store.write(act, home.some_entry()).await.unwrap();
}

async fn delete(home: &Home, store: &Store, recording: Uuid) {
    let act = DeleteRecording {
        recording,
        at: over(),
    };
    store.write(act, home.some_entry()).await.unwrap();
}

async fn clear(store: &Store, recording: Uuid) -> Cleared {
    let act = ClearRecording {
        recording,
        at: over(),
    };
    let cleared = store.write_unaudited(UpkeepReason::Expiry, act).await;
    cleared.unwrap()
}

/// When what ended at the beginning has been kept for long enough.
fn over() -> Timestamp {
    kept_until(KEPT_DAYS, NOW)
}
