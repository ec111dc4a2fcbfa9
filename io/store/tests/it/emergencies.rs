//! Emergency access in the store: one use at a time, its visitors, its end, its review.

use std::time::Duration;

use conclave_policy::emergency::REVIEW_WITHIN;
use conclave_protocol::EmergencyUseId;
use conclave_protocol::emergency::{EmergencyEnd, EmergencyOutcome, EmergencyReason};
use conclave_protocol::meeting::{Admission, ParticipantRole};
use conclave_protocol::meeting_session::ClientKind;
use conclave_protocol::personal::{DisplayName, Title};
use conclave_protocol::{AccountId, MeetingId, ParticipantId, Timestamp};
use conclave_store::action::{
    Also, EndEmergency, EnterByEmergency, EnterTraining, Expel, InvokeEmergency, KeepDrill,
    LockMeeting, MakeEmergencyCodes, Proof, ReviewEmergency, SignIn, TakeBackTime, TakenBack,
};
use conclave_store::{Refused, Store, TokenHash, WriteError};

use crate::contract;
use crate::home::{Home, NOW, Owner, in_seconds};

contract!(
    an_account_has_one_use_that_leads_in_until_it_ends,
    a_use_is_reviewed_once_and_late_is_late,
    a_use_that_is_open_ends_with_a_time_that_is_taken_back,
    a_sealed_code_is_spent_once_and_void_with_a_later_set,
    sealed_codes_and_trainings_of_a_time_that_is_taken_back_are_dated_to_its_end,
);

const HOUR: u64 = 3_600;

async fn an_account_has_one_use_that_leads_in_until_it_ends(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let (first, again) = (
        invoke(&home, &store, &owner, Some(owner.account)).await,
        invoke(&home, &store, &owner, Some(owner.account)).await,
    );
    let id = first.unwrap();
    assert_eq!(again.err(), Some(Refused::EmergencyOpen));
    let scheduled = enter(&home, &store, id, meeting, NOW).await;
    assert_eq!(scheduled.err(), Some(Refused::NotFound));
    let host = home.join_as_host(meeting, &owner);
    store.write(host, home.some_entry()).await.unwrap();
    let locked = true;
    let lock = LockMeeting { meeting, locked };
    store.write(lock, home.some_entry()).await.unwrap();

    let inside = enter(&home, &store, id, meeting, NOW).await.unwrap();

    let found = store.participant(inside).await.unwrap().unwrap();
    assert_eq!(found.account, Some(owner.account));
    assert_eq!(found.role, ParticipantRole::Participant);
    assert_eq!(found.admission, Admission::Admitted);
    let visitors = store.emergency_visitors(meeting).await.unwrap();
    assert!(visitors.contains(&inside) && visitors.len() == 1);
    let late = enter(&home, &store, id, meeting, in_seconds(HOUR)).await;
    assert_eq!(late.err(), Some(Refused::NoEmergency));
    let open = store.open_emergencies(owner.organisation, NOW).await;
    assert_eq!(open.unwrap(), 1);
    let next = store.next_emergency_end().await.unwrap();
    assert_eq!(next, Some(in_seconds(HOUR)));
    let over = store.emergencies_over(in_seconds(HOUR)).await.unwrap();
    assert_eq!(over.len(), 1);

    let before = store.meeting(meeting).await.unwrap().unwrap().revision;
    let ended = end(&home, &store, id).await.unwrap();
    assert_eq!(ended, [(meeting, inside)]);
    assert_eq!(end(&home, &store, id).await, Err(Refused::NoEmergency));
    let after = store.meeting(meeting).await.unwrap().unwrap().revision;
    assert_eq!(after, before + 1);
    let found = store.participant(inside).await.unwrap().unwrap();
    assert_eq!(found.admission, Admission::Left);
    let closed = enter(&home, &store, id, meeting, NOW).await;
    assert_eq!(closed.err(), Some(Refused::NoEmergency));

    let id = invoke(&home, &store, &owner, Some(owner.account)).await;
    let id = id.unwrap();
    let inside = enter(&home, &store, id, meeting, NOW).await.unwrap();
    let expel = Expel {
        meeting,
        participant: inside,
        by: None,
        also: Also::default(),
        at: NOW,
    };
    store.write(expel, home.some_entry()).await.unwrap();
    let again = enter(&home, &store, id, meeting, NOW).await;
    assert_eq!(again.err(), Some(Refused::PutOut));
    assert!(end(&home, &store, id).await.unwrap().is_empty());
}

async fn a_use_is_reviewed_once_and_late_is_late(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let own = invoke(&home, &store, &owner, Some(owner.account)).await;
    let drill = invoke(&home, &store, &owner, None).await.unwrap();
    let own = own.unwrap();

    let open = review(&home, &store, drill, Some(owner.account), NOW).await;
    assert_eq!(open, Err(Refused::Conflict));
    for id in [own, drill] {
        end(&home, &store, id).await.unwrap();
    }
    let theirs = review(&home, &store, own, Some(owner.account), NOW).await;
    assert_eq!(theirs, Err(Refused::NotAllowed));
    let by = Some(owner.account);
    let done = review(&home, &store, drill, by, NOW).await;
    assert_eq!(done, Ok(()));
    let twice = review(&home, &store, drill, by, NOW).await;
    assert_eq!(twice, Err(Refused::Conflict));

    let kept = store.emergency_words(drill).await.unwrap().unwrap();
    assert_eq!((kept.words, kept.note), (vec![1], Some(vec![2])));
    let late = in_seconds(72 * HOUR);
    let overdue = store.overdue_emergencies(owner.organisation, late).await;
    let overdue = overdue.unwrap();
    assert_eq!((overdue.uses, overdue.since), (1, Some(late)));
    let listed = store.emergencies(owner.organisation).await.unwrap();
    let reviewed: Vec<_> = listed.iter().map(|used| (used.id, used.outcome)).collect();
    assert_eq!(
        reviewed,
        [(drill, Some(EmergencyOutcome::Justified)), (own, None)]
    );
    for failed_at in [None, Some("words")] {
        let act = KeepDrill {
            id: home.id(),
            organisation: owner.organisation,
            failed_at,
            at: in_seconds(failed_at.map_or(1, |_| 2)),
        };
        store.write(act, home.some_entry()).await.unwrap();
    }
    let (last, passed) = store.emergency_drills(owner.organisation).await.unwrap();
    assert_eq!(last.unwrap().failed_at.as_deref(), Some("words"));
    assert_eq!(passed, Some(in_seconds(1)));
}

// Shows: ABUSE-66.
async fn a_use_that_is_open_ends_with_a_time_that_is_taken_back(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let organisation = owner.organisation;
    let (meeting, _) = home.live_meeting(&store, &owner).await;
    let id = invoke(&home, &store, &owner, Some(owner.account)).await;
    let id = id.unwrap();
    let inside = enter(&home, &store, id, meeting, NOW).await.unwrap();
    let to = NOW.minus(Duration::from_secs(24 * HOUR));
    let take_back = || TakeBackTime { from: NOW, to };

    let taken = store.write(take_back(), home.some_entry()).await.unwrap();

    let expected = TakenBack {
        left: vec![(organisation, meeting, inside)],
        emergencies: vec![(organisation, id)],
        programs: Vec::new(),
        computers: Vec::new(),
    };
    assert_eq!(taken, expected);
    let found = store.participant(inside).await.unwrap().unwrap();
    assert_eq!(found.admission, Admission::Left);
    let due = to.plus(REVIEW_WITHIN);
    let overdue = store.overdue_emergencies(organisation, due).await;
    assert_eq!(overdue.unwrap().since, Some(due));
    let again = store.write(take_back(), home.some_entry()).await.unwrap();
    assert_eq!(again, TakenBack::default());
}

async fn a_sealed_code_is_spent_once_and_void_with_a_later_set(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let organisation = owner.organisation;
    assert!(store.emergency_codes(organisation).await.unwrap().is_none());
    let codes = [home.token(), home.token()];
    make(&home, &store, &owner, codes).await;
    let unused = async |code| {
        store
            .unused_emergency_code(organisation, code)
            .await
            .unwrap()
    };
    assert_eq!(unused(codes[1]).await, Some(2));
    assert_eq!(unused(home.token()).await, None);

    assert_eq!(by_code(&home, &store, &owner, codes[1]).await, Ok(()));

    let again = by_code(&home, &store, &owner, codes[1]).await;
    assert_eq!(again, Err(Refused::Conflict));
    assert_eq!(unused(codes[1]).await, None);
    let (set, known) = store.emergency_codes(organisation).await.unwrap().unwrap();
    assert_eq!((set.made_at, set.made_by), (NOW, owner.account));
    let used: Vec<_> = known
        .iter()
        .map(|code| (code.number, code.used_by))
        .collect();
    assert_eq!(used, [(1, None), (2, Some(owner.account))]);
    assert_eq!(known[1].used_at, Some(NOW));

    let later = [home.token()];
    make(&home, &store, &owner, later).await;
    let void = by_code(&home, &store, &owner, codes[0]).await;
    assert_eq!(void, Err(Refused::Conflict));
    let (_, known) = store.emergency_codes(organisation).await.unwrap().unwrap();
    assert_eq!(known.len(), 1);
    let nobody = MakeEmergencyCodes {
        organisation,
        by: AccountId(home.id()),
        codes: Vec::new(),
        at: NOW,
    };
    let refusal = refused(store.write(nobody, home.some_entry()).await);
    assert_eq!(refusal, Err(Refused::NotAllowed));
    assert_eq!(by_code(&home, &store, &owner, later[0]).await, Ok(()));
}

// Shows: ABUSE-66.
async fn sealed_codes_and_trainings_of_a_time_that_is_taken_back_are_dated_to_its_end(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let organisation = owner.organisation;
    make(&home, &store, &owner, [home.token()]).await;
    let train = EnterTraining {
        id: home.id(),
        organisation,
        account: owner.account,
        topic: Title::parse("Links and passcodes").ok().unwrap(),
        completed_at: NOW,
        good_until: in_seconds(10_000 * HOUR),
        by: owner.account,
        at: NOW,
    };
    store.write(train, home.some_entry()).await.unwrap();
    let to = NOW.minus(Duration::from_secs(24 * HOUR));

    let act = TakeBackTime { from: NOW, to };
    store.write(act, home.some_entry()).await.unwrap();

    let (set, _) = store.emergency_codes(organisation).await.unwrap().unwrap();
    assert_eq!(set.made_at, to);
    let trainings = store.trainings(organisation).await.unwrap();
    let times: Vec<_> = trainings
        .iter()
        .map(|training| (training.entered_at, training.good_until))
        .collect();
    assert_eq!(times, [(to, to)]);
    let overdue = store.people_without_training(organisation, to).await;
    assert_eq!(overdue.unwrap().people, 1);
}

async fn make<const N: usize>(home: &Home, store: &Store, owner: &Owner, codes: [TokenHash; N]) {
    let act = MakeEmergencyCodes {
        organisation: owner.organisation,
        by: owner.account,
        codes: codes.to_vec(),
        at: NOW,
    };
    store.write(act, home.some_entry()).await.unwrap();
}

async fn by_code(
    home: &Home,
    store: &Store,
    owner: &Owner,
    code: TokenHash,
) -> Result<(), Refused> {
    let act = SignIn {
        session: home.new_session(owner.account),
        shown: None,
        proof: Proof::EmergencyCode(code),
        replaces: None,
        trusted: None,
    };
    refused(store.write(act, home.some_entry()).await)
}

async fn invoke(
    home: &Home,
    store: &Store,
    owner: &Owner,
    account: Option<AccountId>,
) -> Result<EmergencyUseId, Refused> {
    let id = EmergencyUseId(home.id());
    let act = InvokeEmergency {
        id,
        organisation: owner.organisation,
        account,
        reason: EmergencyReason::SystemFailure,
        words: vec![1],
        at: NOW,
        expires_at: in_seconds(HOUR),
        review_due_at: in_seconds(72 * HOUR),
    };
    refused(store.write(act, home.some_entry()).await).map(|()| id)
}

async fn enter(
    home: &Home,
    store: &Store,
    invoked: EmergencyUseId,
    meeting: MeetingId,
    at: Timestamp,
) -> Result<ParticipantId, Refused> {
    let participant = ParticipantId(home.id());
    let act = EnterByEmergency {
        invoked,
        meeting,
        participant,
        credential: home.token(),
        display_name: DisplayName::parse("Amy").ok().unwrap(),
        client: ClientKind::Program,
        places: 10,
        absent_since: Timestamp::from_micros(0),
        at,
    };
    refused(store.write(act, home.some_entry()).await).map(|_| participant)
}

async fn end(
    home: &Home,
    store: &Store,
    id: EmergencyUseId,
) -> Result<Vec<(MeetingId, ParticipantId)>, Refused> {
    let by = EmergencyEnd::Holder;
    let act = EndEmergency { id, by, at: NOW };
    refused(store.write(act, home.some_entry()).await).map(|ended| ended.left)
}

async fn review(
    home: &Home,
    store: &Store,
    id: EmergencyUseId,
    by: Option<AccountId>,
    at: Timestamp,
) -> Result<(), Refused> {
    let act = ReviewEmergency {
        id,
        by,
        outcome: EmergencyOutcome::Justified,
        note: vec![2],
        at,
    };
    refused(store.write(act, home.some_entry()).await)
}

fn refused<T>(written: Result<T, WriteError>) -> Result<T, Refused> {
    match written {
        Err(WriteError::Refused(refused)) => Err(refused),
        written => Ok(written.unwrap()),
    }
}
