//! Recordings in the store: what is kept of them is counted, and goes in steps when its time is over.

use std::time::Duration;

use conclave_policy::recording::{KEPT_DAYS, Quota, kept_until};
use conclave_protocol::personal::DisplayName;
use conclave_protocol::recording::{Custodians, RecordedFeedback, RecordingState};
use conclave_protocol::{SupportSessionId, Timestamp};
use conclave_store::action::{
    BeginRecording, ClearRecording, Cleared, DamagedRecording, DeleteRecording, KeepPiece,
    LookedAtRecording, LoseRecording, MakeRecordingKey, MissFeedback, PIECES_IN_A_STEP,
};
use conclave_store::read::recording::Troubled;
use conclave_store::{Refused, Store, UpkeepReason, WriteError};
use uuid::Uuid;

use crate::contract;
use crate::home::{Home, NOW, Owner};
use crate::support::open;

contract!(
    what_is_kept_is_counted_up_to_its_bound_and_no_longer_than_it_is_there,
    a_recording_whose_time_is_over_goes_at_once_and_its_pieces_in_steps,
    each_recording_is_looked_at_in_its_turn_and_what_lacks_something_is_known_once,
    the_list_leads_back_to_the_first_recording,
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

async fn each_recording_is_looked_at_in_its_turn_and_what_lacks_something_is_known_once(
    home: Home,
) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let key = make_key(&home, &store, &owner).await;
    let (one, _) = begin(&home, &store, &owner, key).await;
    let (other, _) = begin(&home, &store, &owner, key).await;
    let (first, second) = (one.min(other), one.max(other));
    let next = async || {
        let next = store.recording_to_look_at(NOW).await.unwrap();
        next.map(|recording| recording.id)
    };
    assert_eq!(next().await, None);
    lose(&home, &store, first).await;
    lose(&home, &store, second).await;
    assert_eq!(next().await, Some(first));

    let at = NOW.plus(Duration::from_secs(1));
    let recording = first;
    let looked = LookedAtRecording { recording, at };
    let reason = UpkeepReason::Recording;
    store.write_unaudited(reason, looked).await.unwrap();
    assert_eq!(next().await, Some(second));
    let recording = second;
    let damaged = || DamagedRecording { recording, at };
    store.write(damaged(), home.some_entry()).await.unwrap();
    assert_eq!(next().await, None);
    let again = store.write(damaged(), home.some_entry()).await;
    assert!(matches!(again, Err(WriteError::Refused(Refused::Conflict))));
    let found = store.recording(second).await.unwrap().unwrap();
    assert_eq!(found.state(), RecordingState::Damaged);
    assert_eq!(found.feedback_state, RecordedFeedback::Awaited);

    let miss = || MissFeedback { recording };
    store.write(miss(), home.some_entry()).await.unwrap();
    let again = store.write(miss(), home.some_entry()).await;
    assert!(matches!(again, Err(WriteError::Refused(Refused::Conflict))));
    let troubled = store.troubled_recordings(owner.organisation).await.unwrap();
    let expected = Troubled {
        incomplete: 2,
        damaged: 1,
        without_feedback: 1,
    };
    assert_eq!(troubled, expected);
    assert!(store.is_a_recording_damaged().await.unwrap());
    delete(&home, &store, second).await;
    assert!(!store.is_a_recording_damaged().await.unwrap());
}

async fn the_list_leads_back_to_the_first_recording(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let key = make_key(&home, &store, &owner).await;
    let mut begun = Vec::new();
    for _ in 0..3 {
        begun.push(begin(&home, &store, &owner, key).await.0);
    }
    // All began at one moment.
    begun.sort_unstable();
    begun.reverse();

    let (mut listed, mut before) = (Vec::new(), None);
    loop {
        let page = store.recordings(owner.organisation, before, 2).await;
        let page = page.unwrap();
        let Some(last) = page.last() else {
            break;
        };
        before = Some((last.begun_at, last.id));
        listed.extend(page.iter().map(|recording| recording.id));
    }

    assert_eq!(listed, begun);
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
