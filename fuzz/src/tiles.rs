//! What a supported computer shows, and what a viewer says about it.
//!
//! The corpora are of the small screen below: what its agent sends when it is first seen, is written on, scrolls and is
//! pointed at, and what a viewer answers.

use conclave_protocol::remote::MonitorId;
use conclave_remote::tiles::{
    Decoder, Encoder, Frame, FromViewer, LARGEST_MESSAGE, Malformed, Received, Rect, Size,
};

/// Whatever comes, what is held stays in bounds, and the agent's next picture arrives.
pub(crate) fn to_viewer(bytes: &[u8]) {
    let mut screen = vec![0; AREA * 4];
    let mut encoder = Encoder::new(MONITOR, &frame(&screen));
    let mut decoder = Decoder::new();
    settle(&mut encoder, &mut decoder);

    let received = decoder.receive(bytes);
    if let Ok(Received::Batch(update)) = &received {
        let picture = decoder
            .picture(update.monitor)
            .expect("it was just changed");
        let bounds = picture.size().rect();
        let fits = |rect: &Rect| rect.intersection(bounds) == Some(*rect);
        assert!(update.dirty.iter().all(fits));
    }
    answer(received, &mut encoder);

    screen.fill(7);
    encoder.update(&frame(&screen), &[size().rect()]);
    encoder.resync();
    settle(&mut encoder, &mut decoder);
    assert!(encoder.is_pixel_exact() && decoder.is_pixel_exact(MONITOR));
}

/// A message has one form, and whatever it says, what is shown still arrives.
pub(crate) fn to_agent(bytes: &[u8]) {
    let Ok(message) = FromViewer::decode(bytes) else {
        return;
    };
    assert!(message.encode() == bytes);
    let screen = vec![9; AREA * 4];
    let mut encoder = Encoder::new(MONITOR, &frame(&screen));
    let mut decoder = Decoder::new();
    encoder.poll_batch(LARGEST_MESSAGE);
    encoder.receive(&message);
    encoder.lose_all();
    settle(&mut encoder, &mut decoder);
    assert!(encoder.is_pixel_exact() && decoder.is_pixel_exact(MONITOR));
}

/// Until nothing is left to say.
fn settle(encoder: &mut Encoder, decoder: &mut Decoder) {
    for _ in 0..MOST_MESSAGES {
        let Some(bytes) = encoder.poll_batch(LARGEST_MESSAGE) else {
            return;
        };
        answer(decoder.receive(&bytes), encoder);
    }
}

/// As an honest viewer.
fn answer(received: Result<Received, Malformed>, encoder: &mut Encoder) {
    match received {
        Ok(Received::Batch(update)) => encoder.receive(&update.answer()),
        Ok(Received::Stale(answer)) => encoder.receive(&answer),
        Ok(Received::Cursor | Received::Video(_)) => {}
        Err(Malformed) => encoder.receive(&FromViewer::Resync(MONITOR)),
    }
}

fn frame(bytes: &[u8]) -> Frame<'_> {
    Frame::new(size(), WIDTH * 4, bytes).expect("its rows are there")
}

fn size() -> Size {
    Size::new(WIDTH as u16, HEIGHT as u16).expect("it is within bounds")
}

const MONITOR: MonitorId = MonitorId(0);
const WIDTH: usize = 100;
const HEIGHT: usize = 120;
const AREA: usize = WIDTH * HEIGHT;
const MOST_MESSAGES: usize = 20;
