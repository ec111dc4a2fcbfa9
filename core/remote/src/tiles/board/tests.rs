use super::*;

#[test]
fn what_changes_back_does_not_wait() {
    let mut bytes = vec![0; 100 * 100 * 4];
    let mut board = Board::new(&frame(&bytes));
    (0..4).for_each(|tile| board.send(tile, 1));
    assert!(!board.is_waiting());
    let hash = board.hash();

    bytes[4 * (70 * 100 + 80)] = 1;
    let changed = board.take(&frame(&bytes), &[Rect::new(80, 70, 1, 1)], 1);
    assert_eq!(changed.area(), 36 * 36);
    assert_eq!(board.wanted((0, 0), true), [3]);
    assert_eq!(board.difference(3), Some(Rect::new(16, 6, 1, 1)));
    assert_eq!(board.differences(), Some(Rect::new(80, 70, 1, 1)));
    assert_ne!(board.hash(), hash);

    bytes[4 * (70 * 100 + 80)] = 0;
    board.take(&frame(&bytes), &[Rect::new(0, 0, 900, 900)], 1);
    assert!(!board.is_waiting() && board.hash() == hash);
}

#[test]
fn what_was_done_again_since_is_not_lost() {
    let bytes = vec![0; 100 * 100 * 4];
    let mut board = Board::new(&frame(&bytes));
    (0..4).for_each(|tile| board.send(tile, 1));
    board.send(2, 2);

    (0..9).for_each(|tile| board.lose(tile, 1));

    assert_eq!(board.wanted((0, 0), true), [0, 1, 3]);
    assert_eq!(board.differences(), None);
}

#[test]
fn the_nearest_is_first_until_another_has_waited_longer() {
    let mut bytes = vec![0; 640 * 64 * 4];
    let mut board = Board::new(&wide(&bytes));
    (0..10).for_each(|tile| board.send(tile, 1));

    bytes.fill(1);
    board.take(&wide(&bytes), &[Rect::new(576, 0, 1, 1)], 1);
    board.take(
        &wide(&bytes),
        &[Rect::new(0, 0, 1, 1), Rect::new(64, 0, 1, 1)],
        5,
    );
    assert_eq!(board.wanted((0, 0), true), [0, 1, 9]);
    board.send(0, 20);

    bytes.fill(2);
    board.take(&wide(&bytes), &[Rect::new(0, 0, 1, 1)], 20);
    assert_eq!(board.wanted((0, 0), true), [1, 9, 0]);
}

#[test]
fn many_rectangles_are_looked_at_as_one() {
    let many = vec![Rect::new(3, 3, 1, 1); MOST_DAMAGE + 1];

    assert_eq!(few(&many).collect::<Vec<_>>(), [Rect::new(3, 3, 1, 1)]);
    assert_eq!(few(&many[1..]).count(), MOST_DAMAGE);
}

fn wide(bytes: &[u8]) -> Frame<'_> {
    Frame::new(Size::new(640, 64).unwrap(), 640 * 4, bytes).unwrap()
}

fn frame(bytes: &[u8]) -> Frame<'_> {
    Frame::new(Size::new(100, 100).unwrap(), 400, bytes).unwrap()
}
