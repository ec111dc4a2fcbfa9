//! Recordings in the store: what is kept of them is counted, and goes in steps when its time is over.

use std::time::Duration;

use conclave_policy::recording::{KEPT_DAYS, Quota, kept_until};
use conclave_protocol::account::AccountRole;
use conclave_protocol::personal::DisplayName;
use conclave_protocol::recording::{
    Custodians, RecordedFeedback, RecordingState, RecordingTrouble,
};
use conclave_protocol::{AccountGroupId, SupportSessionId, Timestamp};
use conclave_store::action::{
    AcknowledgeRecording, AddToGroup, BeginRecording, ClearRecording, Cleared, DamagedRecording,
    DeleteRecording, KeepPiece, LookedAtRecording, LoseRecording, MakeRecordingKey, MissFeedback,
    OpenUnattended, PIECES_IN_A_STEP,
};
use conclave_store::read::recording::{Search, Troubled};
use conclave_store::{Refused, Store, UpkeepReason, WriteError};
use uuid::Uuid;

use crate::accounts::somebody;
use crate::contract;
use crate::home::{Home, NOW, Owner};
use crate::policy::group;
use crate::support::{open, opening};
use crate::unattended::{enrolled, grant};

contract!(
    what_is_kept_is_counted_up_to_its_bound_and_no_longer_than_it_is_there,
    a_recording_whose_time_is_over_goes_at_once_and_its_pieces_in_steps,
    each_recording_is_looked_at_in_its_turn_and_what_lacks_something_is_known_once,
    what_somebody_has_acknowledged_is_counted_no_more_and_what_is_found_later_is,
    the_list_leads_back_to_the_first_recording,
    a_recording_is_found_by_its_time_technician_group_computer_and_state,
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

async fn what_somebody_has_acknowledged_is_counted_no_more_and_what_is_found_later_is(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let key = make_key(&home, &store, &owner).await;
    let (recording, _) = begin(&home, &store, &owner, key).await;
    let acknowledges = async |trouble| {
        let act = AcknowledgeRecording {
            id: home.id(),
            recording,
            organisation: owner.organisation,
            trouble,
            reason: b"sealed".to_vec(),
            by: owner.account,
            at: NOW,
        };
        store.write(act, home.some_entry()).await
    };
    let counted = async || {
        let troubled = store.troubled_recordings(owner.organisation).await.unwrap();
        (troubled.incomplete, troubled.damaged)
    };
    let early = acknowledges(RecordingTrouble::Incomplete).await;
    assert!(matches!(early, Err(WriteError::Refused(Refused::NotFound))));
    lose(&home, &store, recording).await;
    assert_eq!(counted().await, (1, 0));

    acknowledges(RecordingTrouble::Incomplete).await.unwrap();

    assert_eq!(counted().await, (0, 0));
    let again = acknowledges(RecordingTrouble::Incomplete).await;
    assert!(matches!(again, Err(WriteError::Refused(Refused::Conflict))));
    let damaged = DamagedRecording { recording, at: NOW };
    store.write(damaged, home.some_entry()).await.unwrap();
    assert_eq!(counted().await, (0, 1));
    acknowledges(RecordingTrouble::Damaged).await.unwrap();
    assert_eq!(counted().await, (0, 0));
    // It is damaged all the same.
    assert!(store.is_a_recording_damaged().await.unwrap());
    let heard = store.recording_acknowledgements(recording).await.unwrap();
    assert_eq!(heard.len(), 2);
    assert!(heard.iter().all(|one| one.reason == b"sealed"));
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
        let search = Search {
            before,
            most: 2,
            ..anything(&owner)
        };
        let page = store.recordings(search).await.unwrap();
        let Some(last) = page.last() else {
            break;
        };
        before = Some((last.begun_at, last.id));
        listed.extend(page.iter().map(|recording| recording.id));
    }

    assert_eq!(listed, begun);
}

async fn a_recording_is_found_by_its_time_technician_group_computer_and_state(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let helper = somebody(&home, &store, &owner, AccountRole::Representative).await;
    let group = group(&home, &store, &owner, "Night shift").await.unwrap();
    let add = AddToGroup {
        group,
        organisation: owner.organisation,
        account: helper.account,
    };
    store.write(add, home.some_entry()).await.unwrap();
    let device = enrolled(&home, &store, &owner).await;
    grant(&home, &store, &owner, device, helper.account).await;
    let key = make_key(&home, &store, &owner).await;
    let (by_owner, _) = begin(&home, &store, &owner, key).await;
    let open = opening(&home, &helper);
    let act = OpenUnattended { open, device };
    let session = store.write(act, home.some_entry()).await.unwrap();
    let later = NOW.plus(Duration::from_secs(60));
    let at_computer = begin_in(&home, &store, &owner, key, session, later).await;
    lose(&home, &store, at_computer).await;
    let found = async |search: Search| {
        let found = store.recordings(search).await.unwrap();
        found.into_iter().map(|it| it.id).collect::<Vec<_>>()
    };
    let any = anything(&owner);
    assert_eq!(found(any).await, [at_computer, by_owner]);

    let of_it = [
        Search { from: later, ..any },
        Search {
            technician: Some(helper.account),
            ..any
        },
        Search {
            group: Some(group),
            ..any
        },
        Search {
            device: Some(device),
            ..any
        },
        Search {
            state: Some(RecordingState::Incomplete),
            ..any
        },
    ];
    for search in of_it {
        assert_eq!(found(search).await, [at_computer]);
    }
    let of_the_other = [
        Search { to: later, ..any },
        Search {
            technician: Some(owner.account),
            ..any
        },
        Search {
            state: Some(RecordingState::Open),
            ..any
        },
    ];
    for search in of_the_other {
        assert_eq!(found(search).await, [by_owner]);
    }
    let of_none = [
        Search {
            technician: Some(owner.account),
            device: Some(device),
            ..any
        },
        Search {
            state: Some(RecordingState::Whole),
            ..any
        },
        Search {
            group: Some(AccountGroupId(home.id())),
            ..any
        },
    ];
    for search in of_none {
        assert!(found(search).await.is_empty());
    }
    let listed = &store.recordings(any).await.unwrap()[0];
    assert_eq!(listed.device, Some(device));
    let devices = store.recorded_devices(owner.organisation).await.unwrap();
    assert_eq!(devices.len(), 1);
    assert!(devices[0].id == device && devices[0].name.as_str() == "ward-3");
}

fn anything(owner: &Owner) -> Search {
    Search {
        organisation: owner.organisation,
        from: Timestamp::from_micros(0),
        to: over(),
        technician: None,
        group: None,
        device: None,
        state: None,
        before: None,
        most: 10,
    }
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
    let id = begin_in(home, store, owner, key, session, NOW).await;
    (id, session)
}

async fn begin_in(
    home: &Home,
    store: &Store,
    owner: &Owner,
    key: Uuid,
    session: SupportSessionId,
    at: Timestamp,
) -> Uuid {
    let act = BeginRecording {
        id: home.id(),
        key,
        organisation: owner.organisation,
        session,
        quota: QUOTA,
        at,
    };
    store.write(act, home.some_entry()).await.unwrap()
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
