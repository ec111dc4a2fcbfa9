//! What is lost, late or refused costs bytes and never a wrong pixel.

use super::pair::{Pair, frame};
use super::pictures::{self, Screen};
use crate::tiles::{Decoder, Encoder, FromViewer, LARGEST_MESSAGE, Received, Rect};

#[test]
fn a_lost_batch_is_made_up_for() {
    let mut pair = lined();
    change(&mut pair, 10, 1);
    pair.send(LARGEST_MESSAGE);
    pair.to_viewer.clear();
    change(&mut pair, 300, 2);
    pair.send(LARGEST_MESSAGE);
    pair.deliver(0).unwrap();
    pair.acknowledge();
    assert!(!pair.encoder.is_pixel_exact());

    pair.encoder.lose_all();
    pair.settle();

    assert!(pair.is_exact());
    assert_eq!(pair.encoder.epoch(), 1);
}

#[test]
fn a_batch_that_many_overtake_counts_as_lost() {
    let mut pair = lined();
    change(&mut pair, 10, 1);
    pair.send(LARGEST_MESSAGE);
    pair.to_viewer.clear();
    for at in 0..20 {
        change(&mut pair, 300, at);
        pair.settle();
    }

    assert!(pair.is_exact());
    assert_eq!(pair.encoder.epoch(), 1);
}

#[test]
fn a_part_without_what_it_builds_on_is_refused_and_replaced() {
    let mut pair = lined();
    change(&mut pair, 10, 1);
    pair.send(LARGEST_MESSAGE);
    change(&mut pair, 12, 2);
    pair.send(LARGEST_MESSAGE);

    let late = pair.to_viewer.pop_front().unwrap();
    pair.deliver(0).unwrap();
    let Ok(FromViewer::Receipt(receipt)) = FromViewer::decode(&pair.to_agent[0]) else {
        panic!("it is acknowledged");
    };
    assert_eq!(receipt.refused, [0]);
    pair.to_viewer.push_back(late);
    pair.settle();

    assert!(pair.is_exact());
    assert_eq!(pair.encoder.epoch(), 1);
}

#[test]
fn a_whole_tile_that_comes_late_changes_nothing() {
    let mut pair = Pair::new(Screen::new(64, 64));
    pair.send(LARGEST_MESSAGE);
    pair.encoder.lose_all();
    pair.screen.fill(0, 0, 64, 64, 0x12_3456);
    pair.update_all();
    pair.send(LARGEST_MESSAGE);

    pair.to_viewer.swap(0, 1);
    pair.settle();

    assert!(pair.is_exact());
    assert_eq!(pair.encoder.epoch(), 1);
}

#[test]
fn a_copy_of_what_the_viewer_lacks_is_refused() {
    let mut pair = Pair::new(pictures::text());
    pair.settle();
    pair.screen.fill(400, 300, 30, 30, 0xff_0000);
    pair.update(Rect::new(400, 300, 30, 30));
    pair.send(LARGEST_MESSAGE);
    pair.to_viewer.clear();
    pictures::scroll_code(&mut pair.screen, 3, 3);
    pair.update_all();
    pair.send(LARGEST_MESSAGE);
    pair.deliver(0).unwrap();
    let Ok(FromViewer::Receipt(receipt)) = FromViewer::decode(&pair.to_agent[0]) else {
        panic!("it is acknowledged");
    };
    assert!(receipt.refused.len() > 100);

    pair.encoder.lose_all();
    pair.settle();

    assert!(pair.is_exact());
}

#[test]
fn a_viewer_that_comes_later_gets_everything() {
    let mut pair = lined();
    pair.decoder = Decoder::new();

    pair.encoder.receive(&FromViewer::Resync(Pair::MONITOR));
    pair.settle();

    assert!(pair.is_exact());
    assert_eq!(pair.encoder.epoch(), 2);
}

#[test]
fn an_encoder_that_begins_after_another_one_goes_on_behind_it() {
    let mut pair = lined();
    pair.encoder.resync();
    pair.settle();
    pair.encoder.resync();
    pair.settle();
    assert_eq!(pair.encoder.epoch(), 3);

    pair.encoder = Encoder::new(Pair::MONITOR, &frame(&pair.screen));
    pair.settle();

    assert!(pair.is_exact());
    assert_eq!(pair.encoder.epoch(), 4);
}

#[test]
fn more_tiles_than_are_remembered_in_one_batch_are_shown_again_as_they_were() {
    let mut pair = Pair::new(Screen::new(2_240, 1_024));
    pair.settle();
    let tiles = 35 * 16;
    let draw = |screen: &mut Screen, tile: usize| {
        let (x, y) = (tile % 35 * 64, tile / 35 * 64);
        screen.fill(x, y, 64, 64, 0x80_8080);
        screen.fill(x + tile % 64, y + tile / 64, 1, 1, 0xff_ffff);
    };
    (0..tiles).for_each(|tile| draw(&mut pair.screen, tile));
    pair.update_all();
    pair.send(LARGEST_MESSAGE);
    assert_eq!(pair.to_viewer.len(), 1, "they are of one batch");
    pair.settle();
    pair.screen.fill(0, 0, 2_240, 1_024, 0);
    pair.update_all();
    pair.settle();

    for tile in [0, tiles - 1] {
        draw(&mut pair.screen, tile);
        pair.update_all();
        pair.settle();

        assert!(pair.is_exact());
        assert_eq!(pair.encoder.epoch(), 1);
    }
}

#[test]
fn two_panes_that_scroll_apart_are_not_copied_beyond_the_picture() {
    let mut pair = Pair::new(Screen::new(640, 480));
    for line in 0..28 {
        let number = format!("{:04}", line * 7_919 % 10_000);
        for x in [2.0, 590.0] {
            pair.screen.write(x, line * 17, 9.0, 0xff_ffff, &number);
        }
    }
    pair.update_all();
    pair.settle();

    pair.screen.scroll(0, 0, 64, 480, 17);
    pair.screen.scroll(576, 0, 64, 480, 34);
    pair.screen.fill(630, 470, 3, 3, 0xff);
    pair.update_all();
    pair.settle();

    assert!(pair.is_exact());
    assert_eq!(pair.encoder.epoch(), 1);
}

#[test]
fn a_picture_that_differs_though_all_arrived_begins_again() {
    let mut pair = lined();
    pair.decoder = Decoder::new();
    change(&mut pair, 10, 1);

    pair.settle();

    assert!(pair.is_exact());
    assert_eq!(pair.encoder.epoch(), 2);
}

#[test]
fn a_batch_of_before_is_stale() {
    let mut pair = lined();
    change(&mut pair, 10, 1);
    pair.send(LARGEST_MESSAGE);
    let old = pair.to_viewer.pop_front().unwrap();
    pair.encoder.resync();
    pair.settle();

    let Ok(Received::Stale(answer)) = pair.decoder.receive(&old) else {
        panic!("it is stale");
    };
    pair.encoder.receive(&answer);
    assert!(pair.is_exact());
    assert_eq!(pair.encoder.epoch(), 2);
}

#[test]
fn the_window_fills_until_the_viewer_acknowledges() {
    let mut pair = Pair::new(pictures::scan(1));
    let sent = pair.send(LARGEST_MESSAGE);
    assert!((200_000..=256 << 10).contains(&sent), "{sent}");
    assert!(!pair.encoder.is_idle());

    pair.deliver(0).unwrap();
    pair.acknowledge();
    assert!(pair.send(LARGEST_MESSAGE) > 0);
}

#[test]
fn the_nearest_to_the_pointer_comes_first() {
    let mut pair = Pair::new(pictures::scan(1));
    pair.encoder.set_focus(960, 500);

    pair.send(Encoder::SMALLEST_BUDGET);
    let bytes = pair.to_viewer.pop_front().unwrap();
    let Ok(Received::Batch(update)) = pair.decoder.receive(&bytes) else {
        panic!("it is a batch");
    };

    assert!(!update.dirty.is_empty() && !update.is_pixel_exact);
    assert!(
        update
            .dirty
            .iter()
            .all(|rect| rect.x.abs_diff(960) < 300 && rect.y.abs_diff(500) < 300)
    );
}

#[test]
fn what_is_replaced_before_it_was_sent_is_not_sent() {
    let mut pair = lined();
    let all = Rect::new(0, 0, 640, 480);
    let scan = pictures::scan(2);
    for y in 0..480 {
        let row = y * scan.stride() + 260 * 4..y * scan.stride() + 900 * 4;
        let to = y * 640 * 4;
        pair.screen.bytes[to..to + 640 * 4].copy_from_slice(&scan.bytes[row]);
    }
    pair.update(all);
    pair.screen.fill(0, 0, 640, 480, 0xff_ffff);
    pair.update(all);

    assert!(pair.settle() < 1_000);
    assert!(pair.is_exact());
}

#[test]
fn photographs_are_kept_back_while_a_video_shows_them() {
    let mut pair = Pair::new(Screen::new(640, 480));
    pair.settle();
    let film = pictures::scan(3);
    for y in 0..256 {
        for x in 0..256 {
            let from = (y + 200) * film.stride() + (x + 400) * 4;
            let pixel = [
                film.bytes[from],
                film.bytes[from + 1],
                film.bytes[from + 2],
                0,
            ];
            pair.screen.pixel(x, y).copy_from_slice(&pixel);
        }
    }
    pair.screen.write(400.0, 300, 9.0, 0xff_ffff, "written");
    pair.update_all();
    pair.encoder.keep_photographs_back(true);

    assert!(pair.settle() < 2_000);
    assert!(pair.encoder.is_idle() && !pair.encoder.is_pixel_exact());

    pair.encoder.keep_photographs_back(false);
    assert!(pair.settle() > 20_000);
    assert!(pair.is_exact());
}

#[test]
fn too_small_a_budget_sends_nothing() {
    let mut pair = lined();
    change(&mut pair, 10, 1);

    assert_eq!(pair.send(Encoder::SMALLEST_BUDGET - 1), 0);
    assert!(pair.send(Encoder::SMALLEST_BUDGET) > 0);
}

#[test]
fn several_monitors_are_held_apart() {
    let mut pair = lined();
    let other = Screen::new(100, 50);
    let monitor = conclave_protocol::remote::MonitorId(9);
    let mut encoder = Encoder::new(monitor, &frame(&other));
    let bytes = encoder.poll_batch(LARGEST_MESSAGE).unwrap();
    pair.decoder.receive(&bytes).unwrap();

    change(&mut pair, 10, 1);
    pair.settle();

    assert!(pair.is_exact());
    assert!(pair.decoder.is_pixel_exact(monitor));
    pair.decoder.forget(monitor);
    assert!(pair.decoder.picture(monitor).is_none());
}

/// Both have the same lines.
fn lined() -> Pair {
    let mut pair = Pair::new(Screen::new(640, 480));
    for line in 0..28 {
        pair.screen.write(
            5.0,
            line * 17,
            9.0,
            0xff_ffff,
            "somebody wrote this and that",
        );
    }
    pair.update_all();
    pair.settle();
    assert!(pair.is_exact());
    pair
}

/// A few pixels in the upper tiles, at `x`.
fn change(pair: &mut Pair, x: usize, seed: u32) {
    pair.screen.fill(x, 20, 3, 3, 0x10_2030 + seed);
    pair.update(Rect::new(x as u16, 20, 3, 3));
}
