//! What comes out of an encoder is seen again.

use std::time::Duration;

use super::*;

#[test]
fn this_build_encodes_video() {
    assert!(Encoder::open(64, 64, 1_000).is_some());
}

#[test]
fn what_moves_is_seen_again_well_enough() {
    let (mut encoder, mut decoder) = both(WIDTH, HEIGHT);
    let mut shown = 0;
    for number in 0..30 {
        let picture = scene(WIDTH, HEIGHT, number);
        let Some(frame) = encoder.encode(&picture, at(number), false).unwrap() else {
            continue;
        };
        assert_eq!(frame.is_key, number == 0, "frame {number}");
        let seen = decoder.decode(&frame.bytes).unwrap();
        let likeness = psnr(&picture, &seen);
        assert!(likeness > 30.0, "{likeness} dB of frame {number}");
        shown += 1;
    }
    assert!(shown >= 15, "{shown} frames of 30");
}

#[test]
fn a_key_frame_comes_when_it_is_asked_for_and_alone_does() {
    let (mut encoder, mut decoder) = both(WIDTH, HEIGHT);
    for number in 0..5 {
        encoder
            .encode(&scene(WIDTH, HEIGHT, number), at(number), false)
            .unwrap();
    }
    let picture = scene(WIDTH, HEIGHT, 5);

    let frame = encoder.encode(&picture, at(5), true).unwrap().unwrap();

    assert!(frame.is_key);
    // Whoever saw none of those before sees it.
    assert!(psnr(&picture, &decoder.decode(&frame.bytes).unwrap()) > 30.0);
}

#[test]
fn odd_sizes_are_encoded_and_no_other_than_was_opened() {
    for (width, height) in [(65, 97), (101, 64), (64, 65)] {
        let (mut encoder, mut decoder) = both(width, height);
        let frame = encoder.encode(&scene(width, height, 0), at(0), false);
        let seen = decoder.decode(&frame.unwrap().unwrap().bytes).unwrap();
        assert_eq!((seen.width(), seen.height()), (width, height));

        let other = encoder.encode(&scene(width + 1, height, 1), at(1), false);
        assert_eq!(other, Err(Unfit));
    }
}

#[test]
fn a_lower_rate_takes_fewer_bytes() {
    let taken = |kbps| {
        let mut encoder = Encoder::open(WIDTH, HEIGHT, 4_000).unwrap();
        encoder.set_rate(kbps);
        let frames = (0..60).filter_map(|number| {
            let picture = noise(number);
            encoder.encode(&picture, at(number), false).unwrap()
        });
        frames.map(|frame| frame.bytes.len()).sum::<usize>()
    };

    assert!(taken(200) < taken(4_000));
}

#[test]
fn what_is_no_frame_is_not_seen() {
    let mut decoder = Decoder::open().unwrap();

    for bytes in [&b""[..], b"no frame", &[0xff; 100]] {
        assert_eq!(decoder.decode(bytes), Err(Unfit));
    }
}

const WIDTH: u16 = 320;
const HEIGHT: u16 = 240;

fn both(width: u16, height: u16) -> (Encoder, Decoder) {
    let encoder = Encoder::open(width, height, 4_000).unwrap();
    (encoder, Decoder::open().unwrap())
}

fn at(number: u32) -> Duration {
    number * Duration::from_millis(33)
}

/// Light and shade that move, as in a film.
fn scene(width: u16, height: u16, number: u32) -> I420 {
    let shade = |x: u32, y: u32| {
        let wave = f64::from(x + 3 * number) / 23.0;
        let other = f64::from(y + number) / 17.0;
        (127.0 + 60.0 * wave.sin() + 60.0 * other.cos()) as u8
    };
    let pixels = (0..u32::from(height)).flat_map(|y| {
        (0..u32::from(width)).flat_map(move |x| [shade(x, y), shade(y, x), shade(x, x + y), 0])
    });
    let mut picture = I420::new(width, height);
    picture.draw(&pixels.collect::<Vec<u8>>());
    picture
}

/// That no other frame is like.
fn noise(number: u32) -> I420 {
    let mut state = number + 1;
    let pixels = (0..u32::from(WIDTH) * u32::from(HEIGHT)).flat_map(|_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()
    });
    let mut picture = I420::new(WIDTH, HEIGHT);
    picture.draw(&pixels.collect::<Vec<u8>>());
    picture
}

/// In decibels, of how bright each pixel is.
fn psnr(one: &I420, other: &I420) -> f64 {
    let [one, other] = [one, other].map(|picture| picture.planes()[0]);
    assert_eq!(one.len(), other.len());
    let squares = one.iter().zip(other).map(|(one, other)| {
        let apart = f64::from(*one) - f64::from(*other);
        apart * apart
    });
    let mean = squares.sum::<f64>() / one.len() as f64;
    10.0 * (255.0 * 255.0 / mean.max(1e-9)).log10()
}
