//! What pictures cost, counted in bytes.

use super::pair::Pair;
use super::pictures::{self, CODE, Screen};
use crate::tiles::Rect;

// Shows: REQ-IN-05.
#[test]
fn the_first_picture_of_a_page_of_text_is_small() {
    let mut pair = Pair::new(pictures::text());

    let bytes = pair.settle();

    assert!(pair.is_exact());
    assert!(bytes <= 80_000, "{bytes}");
}

#[test]
fn a_letter_costs_a_hundred_bytes() {
    let mut pair = Pair::new(pictures::text());
    pair.settle();
    let mut total = 0;
    for at in 0..12 {
        let [x, y, width, height] = pictures::type_letter(&mut pair.screen, at);
        pair.update(Rect::new(x, y, width, height));

        let bytes = pair.settle();

        assert!(pair.is_exact() && (1..=200).contains(&bytes), "{bytes}");
        total += bytes;
    }
    // A second's letters; 150 kbit/s are 18,750 bytes.
    assert!(total <= 1_500, "{total}");
}

#[test]
fn what_scrolls_costs_what_comes_into_sight() {
    let mut pair = Pair::new(pictures::text());
    pair.settle();
    let [x, y, width, height] = CODE.map(|side| side as u16);
    for step in 0..4 {
        pictures::scroll_code(&mut pair.screen, 3 + step * 3, 3);
        pair.update(Rect::new(x, y, width, height));

        let bytes = pair.settle();

        assert!(pair.is_exact() && bytes <= 6_000, "{bytes}");
    }
}

#[test]
fn what_scrolls_under_a_bar_costs_hardly_more() {
    let mut page = pictures::text();
    let [mut open, mut covered] = [page.clone(), under_a_bar(&page)].map(Pair::new);
    open.settle();
    covered.settle();
    let [x, y, width, height] = CODE.map(|side| side as u16);
    let (mut alone, mut together) = (0, 0);
    for step in 0..4 {
        pictures::scroll_code(&mut page, 3 + step * 3, 3);
        open.screen = page.clone();
        covered.screen = under_a_bar(&page);
        for (pair, bytes) in [(&mut open, &mut alone), (&mut covered, &mut together)] {
            pair.update(Rect::new(x, y, width, height));
            *bytes += pair.settle();
            assert!(pair.is_exact());
        }
    }

    // A copy more for each, where lines that were left behind would take a thousand.
    assert!(together <= alone + 4 * 100, "{alone} {together}");
}

#[test]
fn what_scrolls_under_a_bar_costs_the_same_while_something_else_changes() {
    let mut page = pictures::text();
    let [mut alone, mut beside] = [under_a_bar(&page), under_a_bar(&page)].map(Pair::new);
    alone.settle();
    beside.settle();
    let [x, y, width, height] = CODE.map(|side| side as u16);
    let (mut plain, mut together) = (0, 0);
    for step in 0..4 {
        pictures::scroll_code(&mut page, 3 + step * 3, 3);
        alone.screen = under_a_bar(&page);
        beside.screen = under_a_bar(&page);
        let colour = 0x10_4080 * (step as u32 + 1);
        beside.screen.fill(8, 1_060, 8, 8, colour);
        beside.update(Rect::new(8, 1_060, 8, 8));
        for (pair, bytes) in [(&mut alone, &mut plain), (&mut beside, &mut together)] {
            pair.update(Rect::new(x, y, width, height));
            *bytes += pair.settle();
            assert!(pair.is_exact());
        }
    }

    assert!(together <= plain + 4 * 50, "{plain} {together}");
}

#[test]
fn a_list_that_scrolls_on_a_plain_ground_costs_what_comes_into_sight() {
    for rows in [10, 12, 14] {
        let mut pair = Pair::new(list(rows, 0));
        let first = pair.settle();
        let mut scrolled = 0;
        for step in 1..5 {
            pair.screen = list(rows, step);
            pair.update(Rect::new(300, 300, 700, (rows * 17) as u16));
            scrolled += pair.settle();
            assert!(pair.is_exact());
        }

        assert!(scrolled <= first, "{rows} rows: {first} {scrolled}");
    }
}

#[test]
fn what_is_moved_before_the_rest_is_drawn_costs_what_comes_into_sight() {
    let page = pictures::text();
    let [mut at_once, mut in_two] = [page.clone(), page].map(Pair::new);
    at_once.settle();
    in_two.settle();
    let [x, y, width, height] = CODE;
    let code = CODE.map(|side| side as u16);
    let code = Rect::new(code[0], code[1], code[2], code[3]);
    let (mut whole, mut halves) = (0, 0);
    for step in 0..4 {
        in_two.screen.scroll(x, y, width, height, 3 * 17);
        in_two.update(code);
        halves += in_two.settle();
        pictures::scroll_code(&mut at_once.screen, 3 + step * 3, 3);
        in_two.screen = at_once.screen.clone();
        for (pair, bytes) in [(&mut at_once, &mut whole), (&mut in_two, &mut halves)] {
            pair.update(code);
            *bytes += pair.settle();
            assert!(pair.is_exact());
        }
    }

    // The head of another batch and its copy, where lines that were already moved would take thousands.
    assert!(halves <= whole + 4 * 150, "{whole} {halves}");
}

#[test]
fn a_scan_costs_little_more_than_its_noise() {
    let mut pair = Pair::new(pictures::scan(1));

    let bytes = pair.settle();

    assert!(pair.is_exact());
    // Noise of this deviation takes 4.5 bits a pixel, or 705 kB; in two seconds 4 Mbit/s carry 1 MB.
    assert!(bytes <= 800_000, "{bytes}");
}

#[test]
fn what_is_shown_again_costs_a_name() {
    let mut pair = Pair::new(pictures::text());
    pair.settle();
    let page = pair.screen.clone();
    // What was there is remembered once something else was there.
    pair.screen.fill(300, 100, 600, 600, 0xee_eeee);
    pair.update_all();
    pair.settle();

    pair.screen = page;
    pair.update_all();
    let bytes = pair.settle();

    assert!(pair.is_exact());
    assert!(bytes <= 1_500, "{bytes}");
}

#[test]
fn a_still_screen_costs_nothing() {
    let mut pair = Pair::new(pictures::text());
    pair.settle();

    pair.update_all();

    assert_eq!(pair.settle(), 0);
    assert!(pair.is_exact());
}

#[test]
fn noise_of_all_colours_fits_into_its_pixels() {
    let mut screen = Screen::new(200, 200);
    let mut state = 1_u32;
    for byte in &mut screen.bytes {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *byte = (state >> 24) as u8;
    }
    let mut pair = Pair::new(screen);

    let bytes = pair.settle();

    assert!(pair.is_exact());
    assert!(bytes <= 200 * 200 * 3 * 21 / 20, "{bytes}");
}

/// So many rows of it, from the one on that comes first.
fn list(rows: usize, first: usize) -> Screen {
    let mut screen = Screen::new(1_920, 1_080);
    screen.fill(0, 0, 1_920, 1_080, 0xd0_d4d8);
    screen.fill(300, 300, 700, rows * 17, 0xff_ffff);
    for row in 0..rows {
        let text = u128::MAX / (1_000_003 + (first + row) as u128 * 7_919);
        screen.write(304.0, 300 + row * 17, 9.0, 0x22_2222, &text.to_string());
    }
    screen
}

/// The sign of a session, over the upper end of the page of code.
fn under_a_bar(page: &Screen) -> Screen {
    let mut screen = page.clone();
    screen.fill(530, 6, 860, 104, 0x1f_4e79);
    screen
}
