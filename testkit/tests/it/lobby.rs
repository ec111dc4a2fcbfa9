//! Who waits in front of a meeting gets nothing of it, whatever they send to where its media is.

use std::net::SocketAddr;
use std::time::Duration;

use conclave_client::{Connection, End, Event};
use tokio::net::UdpSocket;
use tokio::time::{sleep, timeout};

use crate::displaced::{Served, Visitor, heard_by, until};
use crate::silenced::received;
use crate::stubborn::is_rtp;

// Shows: REQ-AC-06, ABUSE-28.
#[tokio::test]
async fn who_waits_gets_not_one_byte_of_media_at_their_socket() {
    let server = Served::with_places(5).await;
    let owner = Visitor::owner(&server).await;
    let meeting = owner.meet().await;
    let (amy, bo) = (
        owner.come(&meeting, "Amy").await,
        Visitor::of(&server).come(&meeting, "Bo").await,
    );
    let host = amy.publish(&server, &meeting).await;
    let guest = bo.publish(&server, &meeting).await;
    heard_by(&host, 2).await;
    heard_by(&guest, 2).await;
    let waits = Visitor::of(&server).knock(&meeting, "Cy").await;
    assert_eq!(waits.ticket(&meeting).await, None);
    let mut turned_away = waits.enter_by_credential(&server).await;
    let end = until(&mut turned_away, |event| match event {
        Event::Ended(end) => Some(end),
        _ => None,
    });
    assert_eq!(end.await, End::Refused(Some(401)));

    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let media = SocketAddr::from(([127, 0, 0, 1], server.running.addresses().media_port));
    knock_at(&socket, media, &host).await;

    let heard = all_of(&socket).await;
    assert!(heard.iter().all(|bytes| is_stun_error(bytes)), "{heard:?}");
    // To who is let in it is all there.
    amy.lead(&meeting, &format!("lobby/{}/admit", waits.participant))
        .await;
    let inside = waits.enter(&server, &meeting).await;
    heard_by(&inside, 4).await;
    server.running.stop().await;
}

/// Sends what a client would begin and go on with, for as long as it takes that much of the meeting to pass.
async fn knock_at(socket: &UdpSocket, media: SocketAddr, inside: &Connection) {
    let enough = received(inside).await + PASSES;
    let passes = async {
        while received(inside).await < enough {
            for datagram in [&BINDING_REQUEST[..], &CLIENT_HELLO, &RTP, &PICTURE_LOST] {
                socket.send_to(datagram, media).await.unwrap();
            }
            // The others' own tasks make the progress.
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, passes).await.unwrap();
}

async fn all_of(socket: &UdpSocket) -> Vec<Vec<u8>> {
    let mut heard = Vec::new();
    let mut buffer = [0; 2048];
    while let Ok(received) = timeout(SHORTLY, socket.recv_from(&mut buffer)).await {
        let (length, _) = received.unwrap();
        heard.push(buffer[..length].to_vec());
    }
    heard
}

/// RFC 8489, section 5: a response of the class of errors.
fn is_stun_error(bytes: &[u8]) -> bool {
    !is_rtp(bytes) && matches!(bytes, [1, 0x11, ..])
}

/// With a name that nobody in the meeting has.
const BINDING_REQUEST: [u8; 36] =
    *b"\x00\x01\x00\x10\x21\x12\xa4\x42transactions\x00\x06\x00\x0clobby:nobody";
const CLIENT_HELLO: [u8; 14] = *b"\x16\xfe\xfd\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x01";
/// Of Opus, as its first byte and its payload type say.
const RTP: [u8; 20] = *b"\x80\x6f\x00\x01\x00\x00\x03\xc0\x00\x00\x00\x07sounding";
/// RFC 4585, section 6.3.1: asks for a whole picture.
const PICTURE_LOST: [u8; 12] = *b"\x81\xce\x00\x02\x00\x00\x00\x07\x00\x00\x00\x08";

/// In packets: seconds of sound and pictures.
const PASSES: u64 = 300;
const SHORTLY: Duration = Duration::from_millis(200);
const PATIENCE: Duration = Duration::from_secs(30);
