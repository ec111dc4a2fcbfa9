//! Ending, turning away, leaving and signing off while the database cannot write.

use std::time::Duration;

use conclave_audit::{Code, Entry};
use conclave_protocol::meeting::{Admission, EndCause, MeetingState};
use conclave_store::action::{Also, Deny, EndMeeting, Gone, Join, Leave, Revision, SignOut};
use conclave_store::{Answer, Durability, IdempotencyKey, Once, Refused, Store, WriteError};

use crate::contract;
use crate::home::{Home, NOW, Owner, in_seconds, recorded};

contract!(
    essential_acts_work_and_are_seen_while_nothing_can_be_written,
    the_spool_is_replayed_in_order_before_the_next_write,
    the_spool_is_replayed_at_the_next_start_exactly_once,
    a_replay_that_a_crash_repeats_changes_nothing,
    an_act_that_the_database_can_not_do_yet_goes_on_waiting,
    a_spooled_act_sent_again_is_done_once_and_answered_alike,
    a_spooled_act_raises_the_revision_that_readers_see,
    an_act_that_can_never_be_done_is_set_aside_and_stops_nothing,
    an_act_that_is_refused_in_the_end_keeps_the_revision_that_was_foreseen,
    what_followed_of_a_spooled_act_is_on_record_with_it_once,
);

/// A meeting with its host and somebody who waits.
async fn scene(home: &Home, store: &Store) -> (Owner, EndMeeting, Deny, Leave, SignOut) {
    let owner = home.owner(store).await;
    let meeting = home.meeting(store, &owner).await;
    let guest = home.join(meeting, Admission::Waiting);
    let deny = Deny {
        meeting,
        participant: guest.participant,
        also: Also::default(),
        at: in_seconds(1),
    };
    store.write(guest, home.some_entry()).await.unwrap();
    let host = home.join_as_host(meeting, &owner);
    let leave = Leave {
        meeting,
        participant: host.participant,
        at: in_seconds(2),
    };
    store.write(host, home.some_entry()).await.unwrap();
    let end = EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: in_seconds(3),
    };
    let session = owner.session;
    (owner, end, deny, leave, SignOut { session })
}

async fn see_that_all_is_done(store: &Store, end: &EndMeeting, deny: &Deny, leave: &Leave) {
    let meeting = store.meeting(end.meeting).await.unwrap().unwrap();
    assert_eq!(meeting.state, MeetingState::Ended);
    assert_eq!(meeting.ended_at, Some(in_seconds(3)));
    let denied = store.participant(deny.participant).await.unwrap().unwrap();
    assert_eq!(denied.admission, Admission::Denied);
    let left = store.participant(leave.participant).await.unwrap().unwrap();
    assert_eq!(left.admission, Admission::Left);
    assert!(store.live_meetings().await.unwrap().is_empty());
    assert!(store.lobby(end.meeting).await.unwrap().is_empty());
    let by_code = store.meeting_by_code(meeting.code).await.unwrap();
    assert!(by_code.is_none());
}

async fn essential_acts_work_and_are_seen_while_nothing_can_be_written(home: Home) {
    let store = home.open_impatient().await;
    let (owner, end, deny, leave, sign_out) = scene(&home, &store).await;
    let blockade = home.block_writes().await;

    let ordinary = store
        .write(home.create_meeting(&owner), home.some_entry())
        .await;
    assert!(matches!(ordinary, Err(WriteError::Unavailable(_))));
    assert!(!store.is_ready().await);
    let entry = || home.some_entry();
    let denied = store.write_or_spool(None, deny.clone(), entry()).await;
    let left = store.write_or_spool(None, leave.clone(), entry()).await;
    let ended = store.write_or_spool(None, end.clone(), entry()).await;
    let signed_out = store.write_or_spool(None, sign_out, entry()).await;

    assert!(matches!(denied, Ok(Durability::Spooled(_))));
    assert!(matches!(left, Ok(Durability::Spooled(_))));
    assert!(matches!(ended, Ok(Durability::Spooled(_))));
    assert!(matches!(signed_out, Ok(Durability::Spooled(_))));
    see_that_all_is_done(&store, &end, &deny, &leave).await;
    assert!(store.session(owner.session).await.unwrap().is_none());
    drop(blockade);
}

/// Rooms were told of it, and take no older word.
async fn an_act_that_is_refused_in_the_end_keeps_the_revision_that_was_foreseen(home: Home) {
    let store = home.open_impatient().await;
    let (_, end, deny, _, _) = scene(&home, &store).await;
    let blockade = home.block_writes().await;
    let done = store.write_or_spool(None, deny, home.some_entry()).await;
    let Ok(Durability::Spooled(answer)) = done else {
        unreachable!("the database can't be written");
    };
    blockade
        .lift_with("UPDATE participant SET admission = 'admitted' WHERE admission = 'waiting'")
        .await;

    store.close().await;
    drop(store);
    let store = home.open().await;

    let meeting = store.meeting(end.meeting).await.unwrap().unwrap();
    assert_eq!(Revision(meeting.revision), answer.done.revision);
}

async fn the_spool_is_replayed_in_order_before_the_next_write(home: Home) {
    let store = home.open_impatient().await;
    let (_, end, deny, leave, _) = scene(&home, &store).await;
    let before = recorded(&store).await.len();
    let spooled = [home.some_entry(), home.some_entry(), home.some_entry()];
    let blockade = home.block_writes().await;
    let [first, second, third] = spooled.clone();
    let denied = store.write_or_spool(None, deny.clone(), first).await;
    assert!(matches!(denied, Ok(Durability::Spooled(_))));
    for done in [
        store.write_or_spool(None, leave.clone(), second).await,
        store.write_or_spool(None, end.clone(), third).await,
    ] {
        assert!(matches!(done, Ok(Durability::Spooled(_))));
    }
    drop(blockade);

    let next = home.some_entry();
    write_when_it_works_again(&store, next.clone()).await;

    let mut expected = spooled.map(as_spooled).to_vec();
    expected.push(next);
    assert!(recorded(&store).await[before..] == expected);
    see_that_all_is_done(&store, &end, &deny, &leave).await;
    assert!(store.is_ready().await);
    let revision = store.meeting(end.meeting).await.unwrap().unwrap().revision;
    assert_eq!(revision, 6);
}

async fn the_spool_is_replayed_at_the_next_start_exactly_once(home: Home) {
    let store = home.open_impatient().await;
    let (_, end, ..) = scene(&home, &store).await;
    let before = recorded(&store).await.len();
    let entry = home.some_entry();
    let blockade = home.block_writes().await;
    let done = store.write_or_spool(None, end.clone(), entry.clone()).await;
    assert!(matches!(done, Ok(Durability::Spooled(_))));
    store.close().await;
    drop(blockade);

    for _ in 0..2 {
        let store = home.open().await;
        assert!(recorded(&store).await[before..] == [as_spooled(entry.clone())]);
        let ended = store.meeting(end.meeting).await.unwrap().unwrap();
        assert_eq!(ended.state, MeetingState::Ended);
        assert_eq!(ended.revision, 4);
        store.close().await;
    }
}

async fn a_replay_that_a_crash_repeats_changes_nothing(home: Home) {
    let store = home.open_impatient().await;
    let (_, end, ..) = scene(&home, &store).await;
    let before = recorded(&store).await.len();
    let blockade = home.block_writes().await;
    let done = store
        .write_or_spool(None, end.clone(), home.some_entry())
        .await;
    assert!(matches!(done, Ok(Durability::Spooled(_))));
    store.close().await;
    drop(blockade);
    let file = home.path().join("spool");
    let full = std::fs::read(&file).unwrap();
    home.open().await.close().await;

    std::fs::write(&file, full).unwrap();

    let store = home.open().await;
    assert_eq!(recorded(&store).await.len(), before + 1);
    assert_eq!(
        store.meeting(end.meeting).await.unwrap().unwrap().revision,
        4
    );
    assert!(store.is_ready().await);
    let after = store.record(home.some_entry()).await;
    assert!(after.is_ok());
    assert_eq!(end.at, in_seconds(3));
    assert_ne!(end.at, NOW);
}

// Shows: ABUSE-62.
async fn what_followed_of_a_spooled_act_is_on_record_with_it_once(home: Home) {
    let store = home.open_impatient().await;
    let (_, _, deny, ..) = scene(&home, &store).await;
    let before = recorded(&store).await.len();
    let entry = home.some_entry();
    let more = vec![home.some_entry(), home.some_entry()];
    let blockade = home.block_writes().await;
    let followed = more.clone();
    let following = move |_: &Gone| Some(followed.clone());
    let done = store
        .write_or_spool_with(None, deny, entry.clone(), following)
        .await;
    assert!(matches!(done, Ok(Durability::Spooled(_))));
    store.close().await;
    drop(blockade);
    let file = home.path().join("spool");
    let full = std::fs::read(&file).unwrap();

    let mut expected = vec![as_spooled(entry)];
    expected.extend(more.into_iter().map(as_spooled));
    // The second time as after a crash that kept the file from being emptied.
    for _ in 0..2 {
        std::fs::write(&file, &full).unwrap();
        let store = home.open().await;
        assert!(recorded(&store).await[before..] == expected);
        store.close().await;
    }
}

async fn an_act_that_the_database_can_not_do_yet_goes_on_waiting(home: Home) {
    let store = home.open_impatient().await;
    let (_, end, deny, leave, _) = scene(&home, &store).await;
    let before = recorded(&store).await.len();
    let blockade = home.block_writes().await;
    let entry = home.some_entry();
    let done = store.write_or_spool(None, deny.clone(), entry).await;
    assert!(matches!(done, Ok(Durability::Spooled(_))));
    let entry = home.some_entry();
    let done = store.write_or_spool(None, leave.clone(), entry).await;
    assert!(matches!(done, Ok(Durability::Spooled(_))));
    let entry = home.some_entry();
    let done = store.write_or_spool(None, end.clone(), entry).await;
    assert!(matches!(done, Ok(Durability::Spooled(_))));

    blockade
        .lift_with("ALTER TABLE meeting RENAME TO meeting_elsewhere")
        .await;
    for _ in 0..3 {
        assert!(store.record(home.some_entry()).await.is_err());
    }
    assert_eq!(recorded(&store).await.len(), before);
    let mend = "ALTER TABLE meeting_elsewhere RENAME TO meeting";
    home.tamper(mend).await.unwrap();
    write_when_it_works_again(&store, home.some_entry()).await;

    see_that_all_is_done(&store, &end, &deny, &leave).await;
    assert_eq!(recorded(&store).await.len(), before + 4);
}

async fn a_spooled_act_sent_again_is_done_once_and_answered_alike(home: Home) {
    let store = home.open_impatient().await;
    let (_, end, ..) = scene(&home, &store).await;
    let before = recorded(&store).await.len();
    let once = Once {
        actor: home.id(),
        key: IdempotencyKey::parse("key").unwrap(),
        request: [1; 32],
        now: NOW,
    };
    let blockade = home.block_writes().await;
    let send = async || {
        let (once, entry) = (Some(once.clone()), home.some_entry());
        store.write_or_spool(once, end.clone(), entry).await
    };

    let done = Revision(4);
    let answer = |replayed| Answer { done, replayed };
    assert!(matches!(send().await, Ok(Durability::Spooled(a)) if a == answer(false)));
    assert!(matches!(send().await, Ok(Durability::Spooled(a)) if a == answer(true)));
    assert_eq!(recall(&store, &once).await, Some(done));
    let other = Once {
        request: [2; 32],
        ..once.clone()
    };
    let refused = store.recall::<EndMeeting>(&other).await;
    assert!(matches!(
        refused,
        Err(WriteError::Refused(Refused::KeyReused))
    ));

    drop(blockade);
    write_when_it_works_again(&store, home.some_entry()).await;
    assert_eq!(recall(&store, &once).await, Some(done));
    assert_eq!(recorded(&store).await.len(), before + 2);
}

async fn recall(store: &Store, once: &Once) -> Option<Revision> {
    store.recall::<EndMeeting>(once).await.unwrap()
}

async fn a_spooled_act_raises_the_revision_that_readers_see(home: Home) {
    let store = home.open_impatient().await;
    let (_, end, deny, leave, _) = scene(&home, &store).await;
    let blockade = home.block_writes().await;
    let spooled = |kept| match kept {
        Ok(Durability::Spooled(answer)) => answer.done,
        _ => Revision(0),
    };
    let seen = async || store.meeting(end.meeting).await.unwrap().unwrap().revision;

    let denied = store.write_or_spool(None, deny.clone(), home.some_entry());
    let Ok(Durability::Spooled(answer)) = denied.await else {
        unreachable!("the database can't be written");
    };
    assert_eq!(answer.done.revision, Revision(4));
    assert_eq!(seen().await, 4);
    let again = store.write_or_spool(None, deny, home.some_entry()).await;
    assert!(matches!(
        again,
        Err(WriteError::Refused(Refused::NotWaiting))
    ));
    let left = store.write_or_spool(None, leave, home.some_entry());
    assert_eq!(spooled(left.await), Revision(5));
    let ended = store.write_or_spool(None, end.clone(), home.some_entry());
    assert_eq!(spooled(ended.await), Revision(6));
    assert_eq!(seen().await, 6);

    drop(blockade);
    write_when_it_works_again(&store, home.some_entry()).await;
    assert_eq!(seen().await, 6);
}

async fn an_act_that_can_never_be_done_is_set_aside_and_stops_nothing(home: Home) {
    let store = home.open_impatient().await;
    let (_, _, deny, leave, _) = scene(&home, &store).await;
    let gone = home.join(leave.meeting, Admission::Waiting);
    let gone = Join {
        decided_on: MeetingState::Live,
        link_admitted: true,
        ..gone
    };
    let first = Leave {
        participant: gone.participant,
        ..leave.clone()
    };
    store.write(gone, home.some_entry()).await.unwrap();
    store.write(first, home.some_entry()).await.unwrap();
    let blockade = home.block_writes().await;
    let (left, denied) = (home.some_entry(), home.some_entry());
    let more = home.some_entry();
    let (entry, followed) = (left.clone(), more.clone());
    let following = move |_: &Revision| Some(vec![followed.clone()]);
    let done = store
        .write_or_spool_with(None, leave.clone(), entry, following)
        .await;
    assert!(matches!(done, Ok(Durability::Spooled(_))));
    let entry = denied.clone();
    let done = store.write_or_spool(None, deny.clone(), entry).await;
    assert!(matches!(done, Ok(Durability::Spooled(_))));
    let before = recorded(&store).await.len();
    let only_one = "CREATE UNIQUE INDEX only_one ON participant (meeting) WHERE admission = 'left'";
    blockade.lift_with(only_one).await;

    write_when_it_works_again(&store, home.some_entry()).await;

    // That it was done while nothing could be written stays on record, and that the store refused it afterwards.
    let failed = |entry| as_spooled(entry).failed(Code::new("refused_by_the_store"));
    let expected = [failed(left), failed(more), as_spooled(denied)];
    let on_record = recorded(&store).await;
    assert!(on_record[before..before + 3] == expected);
    assert_eq!(on_record.len(), before + 4);
    let denied = store.participant(deny.participant).await.unwrap().unwrap();
    assert_eq!(denied.admission, Admission::Denied);
    let aside = std::fs::read_to_string(home.path().join("spool.aside")).unwrap();
    assert_eq!(aside.lines().count(), 1);
    assert!(aside.contains(&leave.participant.to_string()));
    assert!(store.is_ready().await);
}

/// The database needs a moment to notice that a blockade is gone.
async fn write_when_it_works_again(store: &Store, entry: Entry) {
    let works = async {
        while store.record(entry.clone()).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), works)
        .await
        .unwrap();
}

fn as_spooled(mut entry: Entry) -> Entry {
    entry.spooled = true;
    entry
}
