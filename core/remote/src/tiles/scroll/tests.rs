use super::*;
use crate::tiles::size::Size;

#[test]
fn a_window_that_scrolls_is_found_to_the_pixel() {
    let before = noise();
    for (dx, dy) in [(0, 30), (0, -51), (17, 0), (-40, 0)] {
        let mut after = before.clone();
        let window = Rect::new(70, 90, 300, 260);
        let (from, to) = parted(window, dx, dy);
        after.shift(Shift {
            from,
            x: to.x,
            y: to.y,
        });

        let found = find(&before, &after, window, 3).unwrap();
        assert_eq!((found.from, found.to()), (from, to), "{dx} {dy}");
    }
}

#[test]
fn a_window_is_found_beside_others_that_changed() {
    let before = noise();
    let mut after = before.clone();
    after.shift(Shift {
        from: Rect::new(70, 120, 300, 230),
        x: 70,
        y: 90,
    });
    after
        .rows_mut(Rect::new(450, 10, 10, 400))
        .for_each(|row| row.fill(5));

    let found = find(&before, &after, all_size().rect(), 3).unwrap();

    assert_eq!(found.from, Rect::new(70, 120, 300, 230));
    assert_eq!(found.to(), Rect::new(70, 90, 300, 230));
}

#[test]
fn what_lies_over_a_part_does_not_keep_the_rest_from_being_copied() {
    let (mut before, all) = (noise(), all_size().rect());
    let mut after = before.clone();
    after.shift(Shift {
        from: Rect::new(0, 51, 500, 389),
        x: 0,
        y: 0,
    });
    let over = Rect::new(270, 0, 230, 60);
    for (to, from) in after.rows_mut(over).zip(before.rows(over)) {
        to.copy_from_slice(from);
    }
    let last = find(&before, &after, all, 0).unwrap();
    assert_eq!(last.to(), Rect::new(0, 60, 500, 329));

    let beside = find(&before, &after, all, 3).unwrap();
    assert_eq!(beside.from, Rect::new(0, 51, 270, 389));
    assert_eq!(beside.to(), Rect::new(0, 0, 270, 389));

    before.shift(beside);
    let below = find(&before, &after, all, 2).unwrap();
    assert_eq!(below.from, Rect::new(270, 111, 230, 329));
    assert_eq!(below.to(), Rect::new(270, 60, 230, 329));
}

#[test]
fn a_strip_that_goes_further_by_itself_is_not_cut() {
    let mut before = noise();
    let mut after = before.clone();
    after.shift(Shift {
        from: Rect::new(0, 51, 500, 389),
        x: 0,
        y: 0,
    });
    let over = Rect::new(64, 0, 436, 60);
    for (to, from) in after.rows_mut(over).zip(before.rows(over)) {
        to.copy_from_slice(from);
    }
    // What is beside gains less than what is below.
    let area = Rect::new(34, 0, 466, 440);

    let below = find(&before, &after, area, 3).unwrap();
    assert_eq!(below.to(), Rect::new(64, 60, 436, 329));

    before.shift(below);
    let beside = find(&before, &after, area, 2).unwrap();
    assert_eq!(beside.to(), Rect::new(0, 0, 64, 389));
}

#[test]
fn what_is_new_or_blank_was_not_scrolled() {
    let before = noise();
    let mut after = Picture::new(before.size());
    let all = before.size().rect();
    assert_eq!(find(&before, &after, all, 3), None);
    assert_eq!(find(&after, &before, all, 3), None);

    after.rows_mut(all).for_each(|row| row.fill(7));
    assert_eq!(find(&Picture::new(all_size()), &after, all, 3), None);
}

/// Where a part of a window that stays in it comes from, and where it goes.
fn parted(window: Rect, dx: i32, dy: i32) -> (Rect, Rect) {
    let moved = |rect: Rect, dx: i32, dy: i32| {
        let [x, y] = [i32::from(rect.x) + dx, i32::from(rect.y) + dy];
        Rect::new(x as u16, y as u16, rect.width, rect.height)
    };
    let to = moved(window, dx, dy).intersection(window).unwrap();
    (moved(to, -dx, -dy), to)
}

fn noise() -> Picture {
    let mut picture = Picture::new(all_size());
    let mut state = 1_u32;
    for pixel in picture.rows_mut(all_size().rect()).flatten() {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *pixel = state >> 8;
    }
    picture
}

fn all_size() -> Size {
    Size::new(500, 440).unwrap()
}
