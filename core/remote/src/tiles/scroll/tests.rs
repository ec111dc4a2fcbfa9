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

        let found = find(&before, &after, window).unwrap();
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

    let found = find(&before, &after, Rect::new(0, 0, 500, 440)).unwrap();

    assert_eq!(found.from, Rect::new(70, 120, 300, 230));
    assert_eq!(found.to(), Rect::new(70, 90, 300, 230));
}

#[test]
fn what_is_new_or_blank_was_not_scrolled() {
    let before = noise();
    let mut after = Picture::new(before.size());
    let all = before.size().rect();
    assert_eq!(find(&before, &after, all), None);
    assert_eq!(find(&after, &before, all), None);

    after.rows_mut(all).for_each(|row| row.fill(7));
    assert_eq!(find(&Picture::new(all_size()), &after, all), None);
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
