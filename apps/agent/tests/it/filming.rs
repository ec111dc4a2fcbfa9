//! What moves too much for tiles is filmed, and pixel-exact again once it stands still.

use std::time::{Duration, Instant};

use conclave_remote::tiles::VideoTurn;
use conclave_video::Decoder;
use x11rb::protocol::xproto::{Rectangle, Window};

use crate::PATIENCE;
use crate::client::{Client, at};
use crate::desktop::Desktop;
use crate::helped::{Helped, MONITOR};

const WIDTH: u16 = 640;
const HEIGHT: u16 = 480;
/// Of the film, which fills twelve tiles: a sixth of the screen is enough to be filmed, and is packed in time on any machine.
const FILM_WIDTH: u16 = 256;
const FILM_HEIGHT: u16 = 192;
/// Where its first tile is.
const CORNER: i16 = 64;
/// Between two pictures.
const PAUSE: Duration = Duration::from_millis(20);
/// Pixels have other colours in each picture than anywhere in the one before: it does not look scrolled.
const STRIDE: u32 = 49_157;

#[test]
fn a_film_is_seen_as_a_video_and_every_pixel_of_its_last_picture_after_it() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let window = client.window(film(), 0);
    let mut helped = Helped::viewed(&desktop);
    helped.shows_video = true;
    helped.sees(MONITOR, || client.screen(WIDTH, HEIGHT));

    plays(&mut helped, &client, window, |helped| {
        helped.frames.len() >= 4
    });

    assert_eq!(helped.turns.first(), Some(&VideoTurn::Begins));
    assert!(helped.frames.first().is_some_and(|(is_key, _)| *is_key));
    let mut decoder = Decoder::open().unwrap();
    for (_, frame) in &helped.frames {
        let seen = decoder.decode(frame).unwrap();
        assert_eq!((seen.width(), seen.height()), (WIDTH, HEIGHT));
    }
    helped.sees(MONITOR, || client.screen(WIDTH, HEIGHT));
    assert_eq!(helped.turns.last(), Some(&VideoTurn::Ends));
}

#[test]
fn a_page_that_shows_no_video_gets_tiles() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let window = client.window(film(), 0);
    let mut helped = Helped::viewed(&desktop);
    helped.sees(MONITOR, || client.screen(WIDTH, HEIGHT));
    let mut left = 30;

    plays(&mut helped, &client, window, |_| {
        left -= 1;
        left == 0
    });

    helped.sees(MONITOR, || client.screen(WIDTH, HEIGHT));
    assert!(helped.turns.is_empty() && helped.frames.is_empty());
}

fn film() -> Rectangle {
    at(CORNER, CORNER, FILM_WIDTH, FILM_HEIGHT)
}

fn plays(
    helped: &mut Helped,
    client: &Client,
    window: Window,
    mut is_enough: impl FnMut(&Helped) -> bool,
) {
    let until = Instant::now() + PATIENCE;
    for number in 1.. {
        client.project(window, FILM_WIDTH, FILM_HEIGHT, number * STRIDE);
        helped.hears_for(PAUSE);
        if is_enough(helped) {
            return;
        }
        assert!(Instant::now() < until, "it does not come to that");
    }
}
