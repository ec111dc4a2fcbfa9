use std::time::Duration;

use conclave_protocol::remote::{
    Answer, Capability, ClipboardText, EndReason, FileOutcome, FromAgent, FromTechnician,
    MonitorId, TransferId, Turn,
};

use crate::fact::Fact;
use crate::indicator::Phase;
use crate::io::{FileWork, Input, Local, Output, Reply, Terms};
use crate::limits::Limits;
use crate::question::{BEFORE_YES, BETWEEN_QUESTIONS};
use crate::scene::{Scene, chunk, has, injected, limits, offer, person, press, technician, told};
use crate::session::ending::GRACE;
use crate::session::{MESSAGES_AT_ONCE, REQUEST};

// Shows: REQ-AC-16, REQ-AC-19.
#[test]
fn the_local_stop_ends_everything_in_every_state_and_nothing_follows() {
    let asked = || {
        let mut scene = Scene::new();
        scene.says(FromTechnician::Ask(Capability::View));
        scene
    };
    for mut scene in [Scene::new(), asked(), Scene::viewing(), Scene::controlled()] {
        for _ in 0..120 {
            scene.input(press(4));
        }

        let outputs = scene.does(Local::Stop);

        assert_eq!(scene.session.phase(), Phase::Ended(EndReason::Stopped));
        for wanted in [
            Output::ReleaseAll,
            Output::StopCapture,
            Output::CloseQuestion,
            Output::File(FileWork::DiscardAll),
            Output::HideIndicator,
            Output::Fact(Fact::Ended(EndReason::Stopped)),
        ] {
            assert!(has(&outputs, &wanted));
        }
        assert!(told(&outputs, &FromAgent::Ended(EndReason::Stopped)));
        assert!(outputs.last() == Some(&Output::Ended(EndReason::Stopped)));
        assert!(injected(&outputs).is_empty() && scene.session.permitted().is_empty());
        assert!(scene.input(press(4)).is_empty());
        assert!(scene.says(FromTechnician::Ask(Capability::View)).is_empty());
        assert!(scene.pass(Duration::from_secs(3_600)).is_empty());
    }
}

#[test]
fn what_was_not_drained_before_the_stop_is_not_done_after_it() {
    let mut scene = Scene::controlled();
    let now = scene.now;
    let input = FromTechnician::Input {
        turn: Turn(1),
        number: 0,
        event: press(4),
    };
    let message = |message| Input::Message {
        from: technician().participant,
        message,
    };
    scene.session.handle_input(now, message(input));
    let watch = FromTechnician::Watch(MonitorId(1));
    scene.session.handle_input(now, message(watch));

    let outputs = scene.does(Local::Stop);

    assert!(injected(&outputs).is_empty());
    assert!(
        !outputs
            .iter()
            .any(|it| matches!(it, Output::StartCapture(_)))
    );
}

#[test]
fn a_request_that_nobody_answers_is_over() {
    let mut scene = Scene::new();

    scene.pass(REQUEST);

    assert_eq!(scene.session.phase(), Phase::Ended(EndReason::NotAnswered));
}

// Shows: REQ-LO-05.
#[test]
fn an_idle_session_warns_both_and_ends() {
    let mut scene = Scene::viewing();

    let outputs = scene.pass(Duration::from_secs(14 * 60));

    let soon = FromAgent::EndsSoon {
        reason: EndReason::Idle,
        seconds: 60,
    };
    assert!(told(&outputs, &soon));
    let warned = |it: &Output| matches!(it, Output::WarnOfEnd { .. });
    assert_eq!(outputs.iter().filter(|it| warned(it)).count(), 1);
    // The local person's own work keeps nobody in.
    scene.does(Local::Used);
    scene.says(FromTechnician::StillHere);
    scene.pass(Duration::from_secs(10 * 60));
    assert_eq!(scene.session.phase(), Phase::Viewing);
    scene.does(Local::Used);
    scene.pass(Duration::from_secs(5 * 60));
    assert_eq!(scene.session.phase(), Phase::Ended(EndReason::Idle));
}

#[test]
fn no_session_is_longer_than_the_longest() {
    let mut scene = Scene::within(Limits {
        longest: Duration::from_secs(10 * 60),
        ..limits()
    });
    scene.permits(Capability::View);
    for _ in 0..9 {
        scene.pass(Duration::from_secs(60));
        scene.says(FromTechnician::StillHere);
    }
    assert_eq!(scene.session.phase(), Phase::Viewing);

    scene.pass(Duration::from_secs(60));

    assert_eq!(scene.session.phase(), Phase::Ended(EndReason::TooLong));
}

#[test]
fn limits_without_an_end_are_a_day() {
    let mut scene = Scene::within(Limits {
        idle: Duration::MAX,
        longest: Duration::MAX,
        longest_consent: Duration::MAX,
        ..limits()
    });
    scene.pass(BETWEEN_QUESTIONS);
    scene.says(FromTechnician::Ask(Capability::View));
    scene.pass(BEFORE_YES);
    let terms = Terms {
        length: Duration::MAX,
        ..Terms::default()
    };
    scene.replies(Reply::Yes(terms));
    scene.happens(Input::Limits(Limits {
        idle: Duration::MAX,
        ..limits()
    }));
    assert_eq!(scene.session.phase(), Phase::Viewing);

    scene.pass(Duration::from_secs(24 * 60 * 60));

    assert!(matches!(scene.session.phase(), Phase::Ended(_)));
}

// Shows: ABUSE-56.
#[test]
fn both_ends_of_the_connection_are_waited_for_from_the_first_loss_on() {
    let mut scene = Scene::viewing();
    scene.happens(Input::Left(technician().participant));
    scene.pass(GRACE / 4);
    scene.happens(Input::ConnectionLost);
    scene.pass(GRACE / 4);

    scene.happens(Input::ConnectionRestored);
    assert_eq!(scene.session.phase(), Phase::Consented);
    scene.happens(Input::Joined(technician()));
    assert_eq!(scene.session.phase(), Phase::Viewing);

    scene.happens(Input::ConnectionLost);
    scene.pass(GRACE / 2);
    scene.happens(Input::Left(technician().participant));
    scene.happens(Input::Joined(technician()));
    assert_eq!(scene.session.phase(), Phase::Consented);
    scene.pass(GRACE / 2);
    let lost = Phase::Ended(EndReason::ConnectionLost);
    assert_eq!(scene.session.phase(), lost);
}

// Shows: ABUSE-56.
#[test]
fn a_connection_that_comes_back_soon_goes_on_without_control() {
    let mut scene = Scene::controlled();
    scene.input(press(4));

    let outputs = scene.happens(Input::ConnectionLost);

    assert!(has(&outputs, &Output::ReleaseAll) && has(&outputs, &Output::StopCapture));
    assert_eq!(scene.session.phase(), Phase::Consented);
    assert!(scene.says(FromTechnician::Ask(Capability::Chat)).is_empty());
    scene.pass(GRACE / 2);
    scene.happens(Input::ConnectionRestored);
    assert_eq!(scene.session.phase(), Phase::Viewing);
    assert!(!scene.session.permitted().contains(Capability::Control));

    scene.happens(Input::Left(technician().participant));
    scene.pass(GRACE);
    assert_eq!(
        scene.session.phase(),
        Phase::Ended(EndReason::ConnectionLost)
    );
}

// Shows: ABUSE-56.
#[test]
fn what_ended_while_the_connection_was_lost_is_said_when_it_is_back() {
    let mut scene = Scene::controlled();
    scene.pass(BETWEEN_QUESTIONS);
    scene.says(FromTechnician::OfferFile(offer(1, b"abc")));
    scene.agrees();
    scene.permits(Capability::Chat);
    scene.pass(Duration::from_secs(13 * 60 + 30));

    scene.happens(Input::ConnectionLost);
    scene.does(Local::Withdraw(Capability::Chat));
    scene.does(Local::CancelFile(TransferId(1)));
    scene.pass(GRACE / 2);
    let outputs = scene.happens(Input::ConnectionRestored);

    let outcome = FileOutcome::Denied;
    let transfer = TransferId(1);
    for wanted in [
        FromAgent::ControlEnds(Turn(1)),
        FromAgent::Withdrawn(Capability::Control),
        FromAgent::Withdrawn(Capability::Chat),
        FromAgent::FileEnded { transfer, outcome },
    ] {
        assert!(told(&outputs, &wanted));
    }
    assert!(outputs.iter().any(|output| matches!(
        output,
        Output::Say {
            message: FromAgent::EndsSoon { .. },
            ..
        }
    )));
}

#[test]
fn a_question_does_not_outlive_the_connection() {
    let mut scene = Scene::viewing();
    scene.pass(Duration::from_secs(5));
    scene.says(FromTechnician::Ask(Capability::Control));

    let outputs = scene.happens(Input::ConnectionLost);

    assert!(has(&outputs, &Output::CloseQuestion) && scene.question.is_none());
}

#[test]
fn a_question_that_went_with_the_connection_is_answered_when_it_is_back() {
    let mut scene = Scene::viewing();
    scene.pass(BETWEEN_QUESTIONS);
    scene.says(FromTechnician::Ask(Capability::Chat));
    scene.happens(Input::ConnectionLost);

    let outputs = scene.happens(Input::ConnectionRestored);

    let to = Capability::Chat;
    let answer = Answer::Busy;
    assert!(told(&outputs, &FromAgent::Answer { to, answer }));
}

#[test]
fn an_agent_that_can_not_show_its_sign_shows_nothing() {
    for (input, reason) in [
        (Input::SignLost, EndReason::SignLost),
        (Input::Shutdown, EndReason::AgentStopped),
    ] {
        let mut scene = Scene::controlled();

        let outputs = scene.happens(input);

        assert_eq!(scene.session.phase(), Phase::Ended(reason));
        assert!(has(&outputs, &Output::StopCapture) && has(&outputs, &Output::ReleaseAll));
    }
}

#[test]
fn with_its_room_a_session_is_over_for_the_reason_that_the_room_has() {
    for reason in [EndReason::TechnicianLeft, EndReason::ConnectionLost] {
        let mut scene = Scene::controlled();

        let outputs = scene.happens(Input::RoomOver(reason));

        assert_eq!(scene.session.phase(), Phase::Ended(reason));
        assert!(has(&outputs, &Output::StopCapture) && has(&outputs, &Output::ReleaseAll));
    }
}

#[test]
fn what_is_no_message_ends_the_session_if_it_is_the_technicians() {
    let mut scene = Scene::viewing();
    let stranger = person(9).participant;
    scene.happens(Input::Malformed { from: stranger });
    assert_eq!(scene.session.phase(), Phase::Viewing);

    scene.happens(Input::Malformed {
        from: technician().participant,
    });

    assert_eq!(scene.session.phase(), Phase::Ended(EndReason::Unexpected));
}

#[test]
fn a_flood_of_messages_ends_the_session() {
    let mut scene = Scene::viewing();

    for _ in 0..=MESSAGES_AT_ONCE {
        scene.says(FromTechnician::StillHere);
    }

    assert_eq!(scene.session.phase(), Phase::Ended(EndReason::Flood));
}

#[test]
fn an_owner_who_does_not_drain_ends_the_session() {
    let mut scene = Scene::viewing();
    let now = scene.now;
    for number in 0..2_000_u32 {
        let message = FromTechnician::Watch(MonitorId(u8::try_from(number % 2).unwrap()));
        let from = technician().participant;
        let input = Input::Message { from, message };
        scene.session.handle_input(now, input);
    }

    let ended = Phase::Ended(EndReason::AgentStopped);
    assert_eq!(scene.session.phase(), ended);
    assert!(scene.happens(Input::Timeout).len() < 20);
}

// Shows: REQ-LO-04.
#[test]
fn what_came_and_is_not_kept_is_gone_with_the_session() {
    let mut scene = Scene::viewing();
    scene.pass(Duration::from_secs(5));
    scene.says(FromTechnician::OfferFile(offer(1, b"abcdef")));
    scene.agrees();
    scene.says(FromTechnician::Chunk {
        transfer: TransferId(1),
        offset: 0,
        bytes: chunk(b"abc"),
    });
    scene.permits(Capability::ClipboardIn);
    let text = ClipboardText::parse("x").unwrap();
    scene.says(FromTechnician::Clipboard(text));

    let outputs = scene.says(FromTechnician::Leave);

    assert_eq!(
        scene.session.phase(),
        Phase::Ended(EndReason::TechnicianLeft)
    );
    assert!(has(&outputs, &Output::File(FileWork::DiscardAll)));
    assert!(has(&outputs, &Output::ClearClipboard));
}
