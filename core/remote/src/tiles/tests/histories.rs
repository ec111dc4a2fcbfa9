//! Whatever happens on the screen and on the way, both have the same picture in the end.

use proptest::prelude::*;

use super::pair::Pair;
use super::pictures::Screen;
use crate::tiles::{Encoder, LARGEST_MESSAGE, Rect};

#[derive(Clone, Debug)]
enum Act {
    Fill {
        at: (usize, usize),
        side: usize,
        colour: u32,
    },
    Write {
        at: (usize, usize),
        seed: u32,
    },
    Scatter {
        at: (usize, usize),
        side: usize,
        seed: u32,
    },
    Scroll {
        at: (usize, usize),
        by: usize,
    },
    /// As it was a few acts ago.
    Undo(usize),
    Focus(u16, u16),
    Send(usize),
    Deliver(usize),
    Lose(usize),
    Acknowledge,
    LoseReceipts,
    GiveUp,
    Resync,
    Resize,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    // Shows: REQ-IN-05.
    #[test]
    fn every_history_ends_with_equal_pictures(acts in prop::collection::vec(act(), 1..60)) {
        let mut pair = Pair::new(Screen::new(WIDTH, HEIGHT));
        let mut past = vec![pair.screen.clone()];
        for act in acts {
            play(&mut pair, &mut past, act);
        }

        pair.encoder.lose_all();
        pair.settle();

        prop_assert!(pair.is_exact());
        prop_assert_eq!(pair.settle(), 0);
    }

    /// Nothing is said twice where nothing is lost.
    #[test]
    fn without_losses_nothing_begins_again(acts in prop::collection::vec(change(), 1..30)) {
        let mut pair = Pair::new(Screen::new(WIDTH, HEIGHT));
        let mut past = vec![pair.screen.clone()];
        for act in acts {
            play(&mut pair, &mut past, act);
            pair.settle();

            prop_assert!(pair.is_exact());
            prop_assert_eq!(pair.encoder.epoch(), 1);
        }
    }
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => change(),
        1 => (0..WIDTH, 0..HEIGHT).prop_map(|(x, y)| Act::Focus(x, y)),
        6 => (0..LARGEST_MESSAGE).prop_map(Act::Send),
        8 => (0..4_usize).prop_map(Act::Deliver),
        2 => (0..4_usize).prop_map(Act::Lose),
        4 => Just(Act::Acknowledge),
        1 => Just(Act::LoseReceipts),
        1 => Just(Act::GiveUp),
        1 => Just(Act::Resync),
        1 => Just(Act::Resize),
    ]
}

fn change() -> impl Strategy<Value = Act> {
    let at = || (0..usize::from(WIDTH) - 9, 0..usize::from(HEIGHT) - 17);
    prop_oneof![
        (at(), 1..200_usize, any::<u32>()).prop_map(|(at, side, colour)| Act::Fill {
            at,
            side,
            colour: colour & 0xf0_f0f0
        }),
        (at(), any::<u32>()).prop_map(|(at, seed)| Act::Write { at, seed }),
        (at(), 1..150_usize, any::<u32>()).prop_map(|(at, side, seed)| Act::Scatter {
            at,
            side,
            seed
        }),
        (at(), 1..40_usize).prop_map(|(at, by)| Act::Scroll { at, by }),
        (0..8_usize).prop_map(Act::Undo),
    ]
}

fn play(pair: &mut Pair, past: &mut Vec<Screen>, act: Act) {
    let (width, height) = (
        usize::from(pair.screen.width),
        usize::from(pair.screen.height),
    );
    match act {
        Act::Fill {
            at: (x, y),
            side,
            colour,
        } => {
            pair.screen.fill(x, y, side, side, colour);
            pair.update(Rect::new(x as u16, y as u16, side as u16, side as u16));
        }
        Act::Write { at: (x, y), seed } => {
            let text: String = (0..20)
                .map(|at| char::from(b'a' + ((seed >> at) % 26) as u8))
                .collect();
            pair.screen.write(x as f32, y, 9.0, seed & 0xff_ffff, &text);
            pair.update(Rect::new(x as u16, y as u16, 200, 17));
        }
        Act::Scatter {
            at: (x, y),
            side,
            seed,
        } => {
            for at in 0..side * side {
                let noise = (at as u32 ^ seed).wrapping_mul(2_654_435_761) >> 8;
                pair.screen.fill(x + at % side, y + at / side, 1, 1, noise);
            }
            pair.update_all();
        }
        Act::Scroll { at: (x, y), by } if x < width && y + by < height => {
            pair.screen.scroll(x, y, width - x, height - y, by);
            pair.update(Rect::new(x as u16, y as u16, u16::MAX, u16::MAX));
        }
        Act::Undo(back) => {
            pair.screen = past[past.len().saturating_sub(back + 1)].clone();
            pair.update_all();
        }
        Act::Focus(x, y) => pair.encoder.set_focus(x, y),
        Act::Send(budget) if budget >= Encoder::SMALLEST_BUDGET => {
            pair.send(budget);
        }
        Act::Deliver(at) => pair.deliver(at).unwrap(),
        Act::Lose(at) => {
            pair.to_viewer.remove(at);
        }
        Act::Acknowledge => pair.acknowledge(),
        Act::LoseReceipts => pair.to_agent.clear(),
        Act::GiveUp => pair.encoder.lose_all(),
        Act::Resync => pair.encoder.resync(),
        Act::Resize => {
            let side = if pair.screen.width == WIDTH {
                HEIGHT
            } else {
                WIDTH
            };
            pair.screen = Screen::new(side, pair.screen.height);
            pair.update_all();
            past.clear();
        }
        Act::Scroll { .. } | Act::Send(_) => {}
    }
    past.push(pair.screen.clone());
}

const WIDTH: u16 = 330;
const HEIGHT: u16 = 250;
