//! Whoever floods a meeting with messages is heard at the pace that everybody has, and nobody else is the slower for it.

use std::time::{Duration, Instant};

use conclave_client::{Connection, DataMessage, Event};
use tokio::time::{sleep, timeout};

use crate::displaced::{Served, Visitor, until};
use crate::stubborn::Stubborn;

// Shows: ABUSE-29.
#[tokio::test]
async fn a_flood_is_heard_at_an_even_pace_and_a_megabyte_by_nobody() {
    let server = Served::with_places(5).await;
    let owner = Visitor::owner(&server).await;
    let meeting = owner.meet().await;
    let amy = owner.come(&meeting, "Amy").await;
    let nobody = Visitor::of(&server);
    let bo = nobody.come(&meeting, "Bo").await;
    let cy = nobody.come(&meeting, "Cy").await;
    let mut reader = amy.enter(&server, &meeting).await;
    let mut other = cy.enter(&server, &meeting).await;
    for person in [&mut reader, &mut other] {
        let opens = |event| matches!(event, Event::DataOpen { reliable: true }).then_some(());
        until(person, opens).await;
    }
    let ticket = bo.ticket(&meeting).await.unwrap();
    let flooder = Stubborn::enter(server.address(), ticket, |_, _| {}).await;
    let began = Instant::now();

    let (heard, ()) = tokio::join!(before(&mut reader, AFTER), async {
        flood(&flooder).await;
        say(&other, AFTER).await;
    });

    let took = began.elapsed();
    let due = took.as_millis() / EVERY.as_millis() + 1;
    let most = AT_ONCE + usize::try_from(due).unwrap();
    assert!(heard.iter().all(|length| *length == WORD.len()));
    let count = heard.len();
    assert!((AT_ONCE..=most).contains(&count), "{count} in {took:?}");

    // Longer than the server takes: who says it loses the connection, and says nothing more.
    let long = said(vec![b'x'; MEGABYTE]);
    let sent = flooder.with(move |endpoint, now| endpoint.send_data(now, &long));
    sent.await.unwrap();
    comes_true(async || flooder.is_cut()).await;
    say(&other, STILL_HERE).await;

    let heard = before(&mut reader, STILL_HERE).await;
    assert!(heard.iter().all(|length| *length == WORD.len()));
    server.running.stop().await;
}

/// Returns when the server has all of it.
async fn flood(flooder: &Stubborn) {
    let word = said(WORD);
    // As soon as there is a channel.
    comes_true(async || {
        let word = word.clone();
        let sent = flooder.with(move |endpoint, now| endpoint.send_data(now, &word));
        sent.await.is_ok()
    })
    .await;
    let sent = flooder.with(move |endpoint, now| {
        let mut sent = (1..FLOOD).map(|_| endpoint.send_data(now, &word));
        sent.all(|sent| sent.is_ok())
    });
    assert!(sent.await);
    comes_true(async || flooder.with(|endpoint, _| endpoint.buffered()).await == 0).await;
}

/// What somebody hears before these words: the length of each message.
async fn before(reader: &mut Connection, last: &[u8]) -> Vec<usize> {
    let hears = async {
        let mut lengths = Vec::new();
        loop {
            let event = reader.next_event().await;
            let Event::Data(received) = event.expect("the connection goes on") else {
                continue;
            };
            let payload = received.payload().unwrap();
            if payload == last {
                return lengths;
            }
            lengths.push(payload.len());
        }
    };
    timeout(PATIENCE, hears).await.unwrap()
}

async fn say(person: &Connection, words: &[u8]) {
    let message = said(words);
    let sent = person.with(move |endpoint, now| endpoint.send_data(now, &message));
    sent.await.unwrap().unwrap();
}

fn said(words: impl Into<Vec<u8>>) -> DataMessage {
    DataMessage {
        reliable: true,
        payload: words.into(),
        ..DataMessage::default()
    }
}

async fn comes_true(is_so: impl AsyncFn() -> bool) {
    let comes = async {
        while !is_so().await {
            // The client's own task makes the progress.
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, comes).await.unwrap();
}

const FLOOD: usize = 10_000;
const MEGABYTE: usize = 1_000_000;
/// As the router has them.
const AT_ONCE: usize = 1_000;
const EVERY: Duration = Duration::from_millis(2);

const WORD: &[u8] = b"flood";
const AFTER: &[u8] = b"after it";
const STILL_HERE: &[u8] = b"still here";

/// A connection whose other end is gone is noticed by itself after some seconds, where nobody says so.
const PATIENCE: Duration = Duration::from_secs(60);
