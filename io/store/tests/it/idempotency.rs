//! The same command sent twice.

use conclave_protocol::meeting::EndCause;
use conclave_store::action::{EndMeeting, Revision};
use conclave_store::{Answer, IdempotencyKey, Once, Refused, WriteError};

use crate::contract;
use crate::home::{Home, NOW, in_seconds, recorded};

contract!(
    the_same_request_is_done_once_and_answered_alike,
    another_request_under_the_same_key_is_refused,
    a_refusal_is_not_remembered,
    an_answer_is_forgotten_after_a_day,
);

fn once(home: &Home, key: &str) -> Once {
    Once {
        actor: home.id(),
        key: IdempotencyKey::parse(key).unwrap(),
        request: [1; 32],
        now: NOW,
    }
}

async fn the_same_request_is_done_once_and_answered_alike(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let once = once(&home, "key");
    let end = || EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: NOW,
    };
    assert_eq!(store.recall::<EndMeeting>(&once).await.unwrap(), None);
    let before = recorded(&store).await.len();

    let first = store.write_once(once.clone(), end(), home.some_entry());
    let first = first.await.unwrap();
    let second = store.write_once(once.clone(), end(), home.some_entry());
    let second = second.await.unwrap();

    let done = Revision(2);
    let answer = |replayed| Answer { done, replayed };
    assert_eq!((first, second), (answer(false), answer(true)));
    let recalled = store.recall::<EndMeeting>(&once).await.unwrap();
    assert_eq!(recalled, Some(done));
    assert_eq!(recorded(&store).await.len(), before + 1);
}

async fn another_request_under_the_same_key_is_refused(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let first = home.meeting(&store, &owner).await;
    let second = home.meeting(&store, &owner).await;
    let once = once(&home, "key");
    let end = |meeting| EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: NOW,
    };
    let written = store.write_once(once.clone(), end(first), home.some_entry());
    written.await.unwrap();
    let other = Once {
        request: [2; 32],
        ..once.clone()
    };

    let refused = store
        .write_once(other.clone(), end(second), home.some_entry())
        .await;

    assert!(matches!(
        refused,
        Err(WriteError::Refused(Refused::KeyReused))
    ));
    let recalled = store.recall::<EndMeeting>(&other).await;
    assert!(matches!(
        recalled,
        Err(WriteError::Refused(Refused::KeyReused))
    ));
    let somebody_else = Once {
        actor: home.id(),
        ..other
    };
    let written = store.write_once(somebody_else, end(second), home.some_entry());
    assert!(!written.await.unwrap().replayed);
}

async fn a_refusal_is_not_remembered(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let create = home.create_meeting(&owner);
    let meeting = create.id;
    let once = once(&home, "key");
    let end = || EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: NOW,
    };

    let early = store
        .write_once(once.clone(), end(), home.some_entry())
        .await;
    assert!(early.is_err());
    store.write(create, home.some_entry()).await.unwrap();

    let written = store.write_once(once, end(), home.some_entry()).await;
    assert!(!written.unwrap().replayed);
}

async fn an_answer_is_forgotten_after_a_day(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let once = once(&home, "key");
    let end = EndMeeting {
        meeting,
        cause: EndCause::Host,
        at: NOW,
    };
    let written = store.write_once(once.clone(), end, home.some_entry());
    written.await.unwrap();
    let at = |now| Once {
        now,
        ..once.clone()
    };
    let day = 24 * 60 * 60;

    let kept = store.recall::<EndMeeting>(&at(in_seconds(day - 1))).await;
    let gone = store.recall::<EndMeeting>(&at(in_seconds(day))).await;

    assert!(kept.unwrap().is_some());
    assert!(gone.unwrap().is_none());
    let other = home.meeting(&store, &owner).await;
    let again = Once {
        request: [2; 32],
        ..at(in_seconds(day))
    };
    let end = EndMeeting {
        meeting: other,
        cause: EndCause::Host,
        at: NOW,
    };
    let written = store.write_once(again, end, home.some_entry()).await;
    assert!(!written.unwrap().replayed);
}
