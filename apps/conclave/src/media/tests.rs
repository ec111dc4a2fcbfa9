//! The threads with their sockets, on loopback.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use livekit_protocol as proto;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

use super::counters::DropReason;
use super::*;
use crate::config;

const SOON: Duration = Duration::from_secs(20);

#[tokio::test]
async fn strangers_datagrams_are_counted_and_answered_by_nobody() {
    let (media, counters) = start(0);
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();

    for _ in 0..3 {
        socket.send_to(b"nobody's", address(&media)).await.unwrap();
    }

    until(|| counters.dropped(DropReason::Unclaimed) == 3).await;
    assert_eq!(counters.datagrams_out(), 0);
    media.stop().await;
}

#[tokio::test]
async fn a_stream_that_does_not_begin_with_a_known_user_name_is_closed() {
    let (media, counters) = start(0);
    let mut stream = TcpStream::connect(address(&media)).await.unwrap();

    stream.write_all(&[0, 4, 1, 2, 3, 4]).await.unwrap();

    let mut rest = Vec::new();
    let closed = timeout(SOON, stream.read_to_end(&mut rest)).await;
    assert!(closed.is_ok());
    assert!(rest.is_empty());
    until(|| counters.dropped(DropReason::StreamRefused) == 1).await;
    media.stop().await;
}

#[tokio::test]
async fn every_thread_answers_until_the_stop_and_none_after() {
    let (media, _counters) = start(0);
    let handle = media.handle();
    let rooms = || ApiRequest::ListRooms(proto::ListRoomsRequest::default());
    assert!(handle.alive());
    assert_eq!(handle.call_all(rooms).await.map(|all| all.len()), Ok(2));

    media.stop().await;

    assert!(!handle.alive());
    let place = handle.reserve(&RoomName("ward".to_owned()));
    assert!(place.is_err());
}

#[tokio::test]
async fn rooms_are_spread_over_the_threads_and_found_again() {
    let (media, _counters) = start(0);
    let handle = media.handle();
    for number in 0..32 {
        let name = RoomName(format!("room {number}"));
        let request = ApiRequest::CreateRoom(proto::CreateRoomRequest {
            name: name.0.clone(),
            ..Default::default()
        });
        assert!(handle.call(&name, request).await.is_ok());
    }

    let rooms = || ApiRequest::ListRooms(proto::ListRoomsRequest::default());
    let answers = handle.call_all(rooms).await.unwrap();

    let counts: Vec<usize> = answers
        .into_iter()
        .map(|answer| match answer {
            ApiResponse::Rooms(rooms) => rooms.len(),
            _ => 0,
        })
        .collect();
    assert_eq!(counts.iter().sum::<usize>(), 32);
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
    media.stop().await;
}

#[tokio::test]
async fn the_port_of_another_server_is_refused() {
    let (media, _counters) = start(0);

    let second = Media::start(&config(media.port()), &mut Registry::default(), facts());

    assert!(matches!(second, Err(MediaError::PortTaken { .. })));
    media.stop().await;
}

fn start(port: u16) -> (Media, Arc<Counters>) {
    let counters = Arc::new(Counters::default());
    let media = Media::start_counting(&config(port), &counters, facts()).unwrap();
    (media, counters)
}

fn config(port: u16) -> Config {
    Config {
        dev: true,
        media: config::Media {
            port,
            threads: 2,
            ..config::Media::default()
        },
        ..Config::default()
    }
}

fn facts() -> mpsc::Sender<Fact> {
    mpsc::channel(16).0
}

fn address(media: &Media) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, media.port()).into()
}

async fn until(condition: impl Fn() -> bool) {
    let held = timeout(SOON, async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    assert!(held.await.is_ok(), "the condition does not hold");
}
