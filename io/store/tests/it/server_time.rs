//! What the store remembers of the time, and what taking it back ends.

use conclave_store::action::{KeepTime, TakeBackTime};
use conclave_store::{Store, UpkeepReason};

use crate::contract;
use crate::home::{Home, NOW, in_seconds, recorded};

contract!(
    the_time_that_is_remembered_is_the_latest_and_never_goes_back,
    taking_time_back_ends_what_holds_for_a_time,
);

async fn keep(store: &Store, seconds: u64) {
    let at = in_seconds(seconds);
    let kept = store.write_unaudited(UpkeepReason::Time, KeepTime { at });
    kept.await.unwrap();
}

// Shows: ABUSE-66.
async fn the_time_that_is_remembered_is_the_latest_and_never_goes_back(home: Home) {
    let store = home.open().await;
    assert_eq!(store.remembered_time().await.unwrap(), None);

    store.record(home.some_entry()).await.unwrap();
    assert_eq!(store.remembered_time().await.unwrap(), Some(NOW));
    keep(&store, 60).await;
    keep(&store, 30).await;
    store.record(home.some_entry()).await.unwrap();
    store.close().await;
    drop(store);

    let store = home.open().await;
    let remembered = store.remembered_time().await.unwrap();
    assert_eq!(remembered, Some(in_seconds(60)));
}

// Shows: ABUSE-66.
async fn taking_time_back_ends_what_holds_for_a_time(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    keep(&store, 1_000_000).await;
    let taken = TakeBackTime {
        from: in_seconds(1_000_000),
        to: in_seconds(60),
    };

    store.write(taken, home.some_entry()).await.unwrap();

    let remembered = store.remembered_time().await.unwrap();
    assert_eq!(remembered, Some(in_seconds(60)));
    assert!(store.session(owner.session).await.unwrap().is_none());
    assert!(store.account(owner.account).await.unwrap().is_some());
    assert_eq!(recorded(&store).await.len(), 3);
}
