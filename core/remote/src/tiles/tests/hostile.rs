//! Messages that nobody sends: they are refused, or do what they can, and the next picture arrives all the same.

use proptest::prelude::*;

use super::pair::Pair;
use super::pictures::Screen;
use crate::tiles::{FrameHash, FromViewer, LARGEST_MESSAGE, Malformed, Receipt, Received};

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn a_message_that_was_changed_on_its_way_breaks_nothing_for_good(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 1_u8..), 1..6),
    ) {
        let mut pair = written();
        let mut messages = messages(&mut pair);
        let bytes = which.index(messages.len());
        let bytes = &mut messages[bytes];
        for (at, bits) in changes {
            let at = at.index(bytes.len());
            bytes[at] ^= bits;
        }

        match pair.decoder.receive(bytes) {
            Ok(Received::Batch(update)) => pair.encoder.receive(&update.answer()),
            Ok(Received::Stale(answer)) => pair.encoder.receive(&answer),
            Ok(Received::Cursor | Received::Video(_)) | Err(Malformed) => {}
        }

        pair.encoder.receive(&FromViewer::Resync(Pair::MONITOR));
        pair.settle();
        prop_assert!(pair.is_exact());
    }

    #[test]
    fn whatever_a_viewer_says_the_picture_arrives(
        number in 0_u32..4,
        hash in any::<u64>(),
        refused in prop::collection::btree_set(any::<u16>(), 0..20),
    ) {
        let mut pair = written();
        pair.screen.fill(3, 3, 90, 90, 0x33_4455);
        pair.update_all();
        pair.send(LARGEST_MESSAGE);
        let receipt = Receipt {
            monitor: Pair::MONITOR,
            epoch: 1,
            number,
            hash: FrameHash(hash),
            refused: refused.into_iter().collect(),
        };

        pair.encoder.receive(&FromViewer::Receipt(receipt));
        pair.encoder.lose_all();
        pair.settle();

        prop_assert!(pair.is_exact());
    }
}

/// A screen with some lines, that both have.
fn written() -> Pair {
    let mut pair = Pair::new(Screen::new(200, 150));
    for line in 0..8 {
        pair.screen
            .write(2.0, line * 17, 9.0, 0xff_ffff, "they wrote this");
    }
    pair.update_all();
    pair.settle();
    pair
}

/// Of every kind: a part, a scan, a copy, and what was remembered.
fn messages(pair: &mut Pair) -> Vec<Vec<u8>> {
    let lines = pair.screen.clone();
    let mut messages = Vec::new();
    let mut next = |pair: &mut Pair| {
        pair.update_all();
        pair.send(LARGEST_MESSAGE);
        messages.extend(pair.to_viewer.iter().cloned());
        pair.settle();
    };
    pair.screen.fill(20, 20, 3, 3, 0xff);
    next(pair);
    for y in 0..150 {
        for x in 0..200 {
            let grey = ((x * 7_919 + y * 104_729) as u32).wrapping_mul(2_654_435_761) >> 27;
            pair.screen.fill(x, y, 1, 1, grey * 0x1_0101);
        }
    }
    next(pair);
    pair.screen.scroll(0, 0, 200, 150, 10);
    next(pair);
    pair.screen = lines;
    next(pair);
    messages
}
