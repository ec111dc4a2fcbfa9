use conclave_protocol::remote::{Button, Key, MonitorId, TypedText};

use super::*;
use crate::io::Area;
use crate::scene::{point, press, release, screen, start};

#[test]
fn what_is_clicked_is_clicked_where_it_is() {
    let now = start();
    let mut turn = ControlTurn::new(now, Turn(1));
    let at = point(0, 10, 20);
    let click = |down| InputEvent::Button {
        at,
        button: Button::Left,
        down,
    };

    turn.accept(now, 0, click(true), &screen(), false);
    turn.accept(now, 1, click(false), &screen(), false);

    let done = run(&mut turn, now);
    let expected = [
        Injection::Move(at),
        Injection::Press(Button::Left),
        Injection::Move(at),
        Injection::Release(Button::Left),
    ];
    assert!(done == expected);
}

// Shows: REQ-CR-05.
#[test]
fn a_number_counts_once_and_none_is_missing() {
    let now = start();
    let mut turn = ControlTurn::new(now, Turn(1));

    let verdicts = [0, 1, 1, 0, 2, 4].map(|number| accept(&mut turn, now, number, press(4)));

    let expected = [
        Verdict::Taken,
        Verdict::Taken,
        Verdict::Dropped,
        Verdict::Dropped,
        Verdict::Taken,
        Verdict::Gap,
    ];
    assert_eq!(verdicts, expected);
    assert_eq!(turn.dropped(), 3);
}

#[test]
fn input_comes_at_an_even_pace_and_in_its_order() {
    let now = start();
    let mut turn = ControlTurn::new(now, Turn(1));
    let keys = (0..120).map(|number| {
        if number % 2 == 0 {
            press(4)
        } else {
            release(4)
        }
    });
    for (number, event) in (0..).zip(keys) {
        assert_eq!(accept(&mut turn, now, number, event), Verdict::Taken);
    }

    assert_eq!(run(&mut turn, now).len(), 100);
    let next = turn.wake_at().unwrap();
    assert_eq!(run(&mut turn, next).len(), 1);
    assert_eq!(run(&mut turn, now + Duration::from_secs(1)).len(), 19);
}

#[test]
fn more_than_a_second_of_input_does_not_wait() {
    let now = start();
    let mut turn = ControlTurn::new(now, Turn(1));
    let presses = |number: u32| press(4 + u8::try_from(number % 8).unwrap());

    let taken = (0..)
        .take_while(|number| accept(&mut turn, now, *number, presses(*number)) == Verdict::Taken);

    assert_eq!(taken.count(), MOST_WAITING);
}

#[test]
fn of_moves_that_wait_the_last_one_counts() {
    let now = start();
    let mut turn = ControlTurn::new(now, Turn(1));
    for (number, x) in (0..).zip(0..1_000) {
        let event = InputEvent::Move(point(0, x, 5));
        assert_eq!(accept(&mut turn, now, number, event), Verdict::Taken);
    }

    let done = run(&mut turn, now);

    assert!(done == [Injection::Move(point(0, 999, 5))]);
}

#[test]
fn text_takes_as_long_as_its_characters() {
    let now = start();
    let mut turn = ControlTurn::new(now, Turn(1));
    let text = || InputEvent::Text(TypedText::parse(&"x".repeat(32)).unwrap());
    for number in 0..10 {
        accept(&mut turn, now, number, text());
    }

    assert_eq!(run(&mut turn, now).len(), 4);
    assert_eq!(run(&mut turn, now + Duration::from_millis(32 * 4)).len(), 1);
}

#[test]
fn what_is_flushed_is_never_done() {
    let now = start();
    let mut turn = ControlTurn::new(now, Turn(1));
    for number in 0..200 {
        accept(&mut turn, now, number, press(4));
    }
    turn.run(now);
    assert!(turn.next().is_some());

    assert!(turn.flush(), "something is down");

    assert!(run(&mut turn, now + Duration::from_secs(9)).is_empty());
    assert!(!turn.flush());
    assert_eq!((turn.injected(), turn.dropped()), (1, 199));
}

#[test]
fn nothing_is_done_to_our_own_windows_but_letting_go() {
    let now = start();
    let mut turn = ControlTurn::new(now, Turn(1));
    let mut screen = screen();
    let click = |at, down| InputEvent::Button {
        at,
        button: Button::Left,
        down,
    };
    turn.accept(now, 0, click(point(0, 500, 500), true), &screen, false);
    run(&mut turn, now);
    screen.set_own_windows(vec![Area {
        monitor: MonitorId(0),
        x: 0,
        y: 0,
        width: 100,
        height: 100,
    }]);
    screen.set_own_focus(true);
    let at = point(0, 50, 50);
    let text = TypedText::parse("yes").unwrap();
    let events = [
        InputEvent::Move(at),
        click(at, true),
        InputEvent::Wheel {
            at,
            up: 1,
            right: 0,
        },
        press(0x28),
        InputEvent::Text(text),
    ];

    for (number, event) in (1..).zip(events) {
        let verdict = turn.accept(now, number, event, &screen, false);
        assert_eq!(verdict, Verdict::Dropped);
    }
    turn.accept(now, 6, click(at, false), &screen, false);

    assert!(run(&mut turn, now) == [Injection::Release(Button::Left)]);
}

#[test]
fn what_a_silent_technician_holds_is_let_go() {
    let now = start();
    let mut turn = ControlTurn::new(now, Turn(1));
    accept(&mut turn, now, 0, press(0xe0));
    run(&mut turn, now);
    let end = now + LONGEST_HOLD;
    assert_eq!(turn.wake_at(), Some(end));

    assert!(!turn.run(end - Duration::from_millis(1)));
    assert!(turn.run(end));

    assert_eq!(turn.wake_at(), None);
    let up = Injection::KeyUp(Key::new(0xe0).unwrap());
    accept(&mut turn, end, 1, release(0xe0));
    assert!(!run(&mut turn, end).contains(&up), "it is up already");
}

#[test]
fn what_is_pressed_late_is_held_as_long_as_anything() {
    let now = start();
    let mut turn = ControlTurn::new(now, Turn(1));
    accept(&mut turn, now, 0, press(4));

    let late = now + LONGEST_HOLD * 2;
    assert_eq!(run(&mut turn, late).len(), 1);

    assert_eq!(turn.wake_at(), Some(late + LONGEST_HOLD));
}

fn accept(turn: &mut ControlTurn, now: Instant, number: u32, event: InputEvent) -> Verdict {
    turn.accept(now, number, event, &screen(), false)
}

fn run(turn: &mut ControlTurn, now: Instant) -> Vec<Injection> {
    turn.run(now);
    std::iter::from_fn(|| turn.next()).collect()
}
