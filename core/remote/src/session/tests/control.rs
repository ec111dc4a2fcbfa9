use std::time::Duration;

use conclave_protocol::remote::{
    Button, Capability, EndReason, FromAgent, FromTechnician, InputEvent, PauseReason, Turn,
};

use crate::fact::Fact;
use crate::indicator::Phase;
use crate::io::{Area, Display, Injection, Input, Local, Output, Reply};
use crate::question::BETWEEN_QUESTIONS;
use crate::scene::{Scene, has, injected, point, press, release, told};
use crate::session::local::LOCAL_FIRST;
use crate::session::settling::LATE;

// Shows: REQ-RS-02.
#[test]
fn who_has_control_uses_keyboard_and_mouse() {
    let mut scene = Scene::controlled();

    let outputs = scene.input(press(4));

    assert_eq!(injected(&outputs).len(), 1);
    let click = InputEvent::Button {
        at: point(0, 3, 4),
        button: Button::Left,
        down: true,
    };
    assert_eq!(injected(&scene.input(click)).len(), 2);
}

// Shows: REQ-AC-14, ABUSE-46.
#[test]
fn without_control_nothing_is_done_and_it_is_on_record_once() {
    let mut scene = Scene::viewing();

    let first = scene.input(press(4));
    let second = scene.input(press(4));

    let fact = Output::Fact(Fact::InputWithoutControl);
    assert!(has(&first, &fact) && second.is_empty());
    assert!(injected(&first).is_empty());
}

// Shows: REQ-AC-14.
#[test]
fn what_was_on_its_way_when_control_ended_is_late_and_not_on_record() {
    let mut scene = Scene::controlled();
    scene.does(Local::Withdraw(Capability::Control));

    let late = scene.input(press(4));
    scene.pass(LATE);
    let stray = scene.input(press(4));

    let fact = Output::Fact(Fact::InputWithoutControl);
    assert!(!has(&late, &fact) && has(&stray, &fact));
    assert!(injected(&late).is_empty() && injected(&stray).is_empty());
}

#[test]
fn input_of_a_turn_that_never_was_ends_the_session() {
    let mut scene = Scene::controlled();

    scene.says(FromTechnician::Input {
        turn: Turn(9),
        number: 0,
        event: press(4),
    });

    assert_eq!(scene.session.phase(), Phase::Ended(EndReason::Unexpected));
}

// Shows: REQ-AC-14, ABUSE-47.
#[test]
fn nothing_that_waits_is_done_after_control_is_taken_back() {
    let mut scene = Scene::controlled();
    let mut done = 0;
    for number in 0..300 {
        let event = match number % 2 {
            0 => press(4),
            _ => release(4),
        };
        done += injected(&scene.input(event)).len();
    }
    assert_eq!(done, 100, "the rest waits");

    let outputs = scene.does(Local::Withdraw(Capability::Control));

    assert!(injected(&outputs).is_empty() && has(&outputs, &Output::ReleaseAll));
    assert!(told(&outputs, &FromAgent::ControlEnds(Turn(1))));
    for _ in 0..700 {
        assert!(injected(&scene.input(press(4))).is_empty(), "it is late");
    }
    assert!(injected(&scene.pass(Duration::from_secs(60))).is_empty());
}

#[test]
fn what_was_sent_before_does_not_count_when_control_is_given_anew() {
    let mut scene = Scene::controlled();
    scene.input(press(4));
    scene.does(Local::Withdraw(Capability::Control));
    scene.pass(Duration::from_secs(60));
    scene.permits(Capability::Control);

    let late = scene.says(FromTechnician::Input {
        turn: Turn(1),
        number: 1,
        event: press(5),
    });

    assert!(injected(&late).is_empty());
    assert_eq!(injected(&scene.input(press(5))).len(), 1);
    assert_eq!(scene.session.phase(), Phase::Controlled);
}

// Shows: REQ-AC-19, REQ-IN-07, ABUSE-48.
#[test]
fn the_local_hand_comes_first() {
    let mut scene = Scene::controlled();
    scene.input(press(0xe0));

    let outputs = scene.does(Local::Used);

    assert!(has(&outputs, &Output::ReleaseAll));
    assert!(has(&outputs, &Output::Fact(Fact::LocalOverride)));
    assert!(told(&outputs, &FromAgent::Paused(PauseReason::LocalInput)));
    assert!(injected(&scene.input(press(4))).is_empty());
    scene.pass(LOCAL_FIRST / 2);
    scene.does(Local::Used);
    assert!(injected(&scene.pass(LOCAL_FIRST / 2)).is_empty());
    assert!(
        injected(&scene.input(press(4))).is_empty(),
        "from the last movement"
    );

    let outputs = scene.pass(LOCAL_FIRST / 2);

    assert!(told(&outputs, &FromAgent::Resumed) && injected(&outputs).is_empty());
    assert_eq!(injected(&scene.input(press(5))).len(), 1);
}

// Shows: ABUSE-46.
#[test]
fn nothing_is_done_while_a_question_stands() {
    let mut scene = Scene::controlled();
    scene.input(press(4));
    scene.pass(BETWEEN_QUESTIONS);

    let outputs = scene.says(FromTechnician::Ask(Capability::ClipboardOut));

    assert!(has(&outputs, &Output::ReleaseAll));
    assert!(told(&outputs, &FromAgent::Paused(PauseReason::Question)));
    // What the technician would do is press Enter on it.
    assert!(injected(&scene.input(press(0x28))).is_empty());
    assert!(told(&scene.replies(Reply::No), &FromAgent::Resumed));
    assert_eq!(injected(&scene.input(press(5))).len(), 1);
}

#[test]
fn what_is_held_is_let_go_before_a_question_is_shown() {
    let mut scene = Scene::controlled();
    scene.pass(BETWEEN_QUESTIONS);
    scene.input(press(4));

    let outputs = scene.says(FromTechnician::Ask(Capability::Chat));

    let place = |wanted: fn(&Output) -> bool| outputs.iter().position(wanted).unwrap();
    let let_go = place(|it| *it == Output::ReleaseAll);
    assert!(let_go < place(|it| matches!(it, Output::Ask(_))));
}

// Shows: REQ-IN-07, ABUSE-48.
#[test]
fn a_local_hand_during_a_question_is_on_record_once() {
    let mut scene = Scene::controlled();
    scene.pass(BETWEEN_QUESTIONS);
    scene.says(FromTechnician::Ask(Capability::Chat));

    let fact = Output::Fact(Fact::LocalOverride);
    assert!(has(&scene.does(Local::Used), &fact));
    for _ in 0..3 {
        assert!(!has(&scene.does(Local::Used), &fact));
    }
}

#[test]
fn nothing_is_done_while_the_system_asks_something() {
    let mut scene = Scene::controlled();

    scene.happens(Input::Display(Display::Prompt(true)));
    assert!(injected(&scene.input(press(0x28))).is_empty());

    scene.happens(Input::Display(Display::Prompt(false)));
    assert_eq!(injected(&scene.input(press(5))).len(), 1);
}

#[test]
fn our_own_windows_are_out_of_reach() {
    let mut scene = Scene::controlled();
    let bar = Area {
        monitor: point(0, 0, 0).monitor,
        x: 0,
        y: 0,
        width: 400,
        height: 40,
    };
    scene.happens(Input::Display(Display::OwnWindows(vec![bar])));
    let click = |at| InputEvent::Button {
        at,
        button: Button::Left,
        down: true,
    };

    assert!(injected(&scene.input(click(point(0, 100, 20)))).is_empty());
    assert_eq!(injected(&scene.input(click(point(0, 100, 60)))).len(), 2);
    scene.happens(Input::Display(Display::OwnFocus(true)));
    assert!(injected(&scene.input(press(4))).is_empty());
}

// Shows: REQ-CR-05.
#[test]
fn a_number_that_is_repeated_is_dropped_and_one_that_is_missing_ends_control() {
    let mut scene = Scene::controlled();
    scene.input(press(4));
    assert!(injected(&scene.input_numbered(-1, press(5))).is_empty());
    assert_eq!(injected(&scene.input(press(5))).len(), 1);

    let outputs = scene.input_numbered(1, press(6));

    assert!(injected(&outputs).is_empty() && has(&outputs, &Output::ReleaseAll));
    assert!(has(&outputs, &Output::Fact(Fact::InputMissing(Turn(1)))));
    assert_eq!(scene.session.phase(), Phase::Viewing);
}

#[test]
fn a_flood_of_input_ends_control() {
    let mut scene = Scene::controlled();
    for number in 0..400_u16 {
        scene.input(press(4 + u8::try_from(number % 8).unwrap()));
    }

    assert_eq!(scene.session.phase(), Phase::Viewing);
}

#[test]
fn a_turn_is_on_record_with_what_was_done_in_it() {
    let mut scene = Scene::controlled();
    scene.input(press(4));
    scene.does(Local::Used);
    scene.input(press(5));

    let outputs = scene.says(FromTechnician::GiveBack(Capability::Control));

    let fact = Fact::ControlEnded {
        turn: Turn(1),
        injected: 1,
        dropped: 1,
    };
    assert!(has(&outputs, &Output::Fact(fact)));
}

#[test]
fn a_screen_that_changes_forgets_what_was_meant_for_the_other() {
    let mut scene = Scene::controlled();
    for _ in 0..120 {
        scene.input(press(4));
    }

    let outputs = scene.happens(Input::Display(Display::OwnWindows(Vec::new())));

    assert!(has(&outputs, &Output::ReleaseAll));
    assert!(injected(&scene.pass(Duration::from_secs(5))).is_empty());
    let moved = InputEvent::Move(point(0, 1, 1));
    assert!(injected(&scene.input(moved)) == [Injection::Move(point(0, 1, 1))]);
}
