//! Many writers at one store.

use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use conclave_protocol::meeting::EndCause;
use conclave_store::action::EndMeeting;
use conclave_store::{Options, Store, WriteError};
use tokio::task::JoinSet;

use crate::contract;
use crate::home::{Home, NOW, recorded};

contract!(
    everybody_who_writes_at_once_is_written,
    an_act_that_is_refused_undoes_nobody_elses,
    a_full_queue_refuses_at_once,
    a_caller_who_stops_waiting_does_not_undo_the_act,
    what_waits_is_written_before_the_store_closes,
    a_closed_store_refuses,
    an_idle_store_notices_that_nothing_can_be_written,
);

async fn everybody_who_writes_at_once_is_written(home: Home) {
    let store = home.open().await;
    let mut writers = JoinSet::new();
    for _ in 0..300 {
        let (store, entry) = (store.clone(), home.some_entry());
        writers.spawn(async move { store.record(entry).await });
    }

    while let Some(written) = writers.join_next().await {
        written.unwrap().unwrap();
    }

    assert_eq!(recorded(&store).await.len(), 300);
}

async fn an_act_that_is_refused_undoes_nobody_elses(home: Home) {
    let store = home.open().await;
    let owner = home.owner(&store).await;
    let meeting = home.meeting(&store, &owner).await;
    let before = recorded(&store).await.len();
    let end = || {
        store.write(
            EndMeeting {
                meeting,
                cause: EndCause::Host,
                at: NOW,
            },
            home.some_entry(),
        )
    };
    let record = || store.record(home.some_entry());

    let (a, b, c, d, e) = tokio::join!(record(), end(), record(), end(), record());

    assert!(a.is_ok() && b.is_ok() && c.is_ok() && e.is_ok());
    assert!(matches!(d, Err(WriteError::Refused(_))));
    assert_eq!(recorded(&store).await.len(), before + 4);
}

async fn a_full_queue_refuses_at_once(home: Home) {
    let mut options: Options = home.options();
    options.queue = 2;
    let store = Store::open(options).await.unwrap();
    let record = || store.record(home.some_entry());

    let (a, b, c) = tokio::join!(record(), record(), record());

    assert!(a.is_ok() && b.is_ok());
    assert!(matches!(c, Err(WriteError::Busy)));
    assert_eq!(recorded(&store).await.len(), 2);
}

async fn a_caller_who_stops_waiting_does_not_undo_the_act(home: Home) {
    let store = home.open().await;
    let mut written = Box::pin(store.record(home.some_entry()));
    // The writer is a task of this thread, so it can't have answered at the first look.
    let waits = poll_fn(|context| Poll::Ready(written.as_mut().poll(context).is_pending()));

    assert!(waits.await);
    drop(written);

    store.record(home.some_entry()).await.unwrap();
    assert_eq!(recorded(&store).await.len(), 2);
}

async fn what_waits_is_written_before_the_store_closes(home: Home) {
    let store = Arc::new(home.open().await);
    let record = || store.record(home.some_entry());

    let (a, b, ()) = tokio::join!(record(), record(), store.close());

    assert!(a.is_ok() && b.is_ok());
    assert_eq!(recorded(&home.open().await).await.len(), 2);
}

async fn a_closed_store_refuses(home: Home) {
    let store = home.open().await;
    store.close().await;

    let refused = store.record(home.some_entry()).await;

    assert!(matches!(refused, Err(WriteError::Unavailable(_))));
    assert!(!store.is_ready().await);
}

async fn an_idle_store_notices_that_nothing_can_be_written(home: Home) {
    let mut options = home.options();
    options.patience = Duration::from_millis(500);
    options.idle = Duration::from_millis(50);
    let store = Store::open(options).await.unwrap();
    let becomes = async |ready| {
        let becomes = async {
            while store.is_ready().await != ready {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(30), becomes).await
    };
    assert!(store.is_ready().await);

    let blockade = home.block_probes().await;
    becomes(false).await.unwrap();

    drop(blockade);
    becomes(true).await.unwrap();
}
