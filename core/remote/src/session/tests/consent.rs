use std::time::Duration;

use conclave_protocol::remote::{
    Answer, Capabilities, Capability, EndReason, FromAgent, FromTechnician, MonitorId,
};

use crate::fact::{Fact, Topic};
use crate::indicator::Phase;
use crate::io::{Capture, Input, Local, Output, Reply, Surface, Terms, WindowId};
use crate::limits::Limits;
use crate::question::{AFTER_NO, BEFORE_YES, BETWEEN_QUESTIONS, TIME_TO_ANSWER};
use crate::scene::{Scene, has, limits, told};
use crate::session::ending::KEY_WITHIN;

// Shows: REQ-AC-19, ABUSE-46.
#[test]
fn each_thing_is_asked_for_by_itself_and_one_permits_no_other() {
    let mut scene = Scene::new();
    assert_eq!(scene.session.phase(), Phase::Requested);

    let outputs = scene.permits(Capability::View);

    assert_eq!(scene.session.phase(), Phase::Viewing);
    assert!(has(
        &outputs,
        &start_of(Surface::Desktop, Some(MonitorId(0)))
    ));
    let view = Capabilities::NONE.with(Capability::View);
    assert_eq!(scene.session.permitted(), view);
    for capability in Capability::ALL.iter().filter(|it| **it != Capability::View) {
        assert!(!scene.session.permitted().contains(*capability));
    }
}

#[test]
fn nothing_is_seen_before_the_yes() {
    let mut scene = Scene::new();

    let outputs = scene.says(FromTechnician::Ask(Capability::View));

    assert_eq!(scene.session.phase(), Phase::Requested);
    assert!(
        !outputs
            .iter()
            .any(|it| matches!(it, Output::StartCapture(_)))
    );
    let question = scene.question.as_ref().unwrap();
    assert_eq!(question.until, scene.now + TIME_TO_ANSWER);
}

#[test]
fn the_technician_hears_when_the_local_person_can_be_asked_again() {
    let mut scene = Scene::new();
    let asked = scene.says(FromTechnician::Ask(Capability::View));
    assert!(told(&asked, &FromAgent::Rests(true)));
    let answered = scene.agrees();
    assert!(!told(&answered, &FromAgent::Rests(false)));

    let rested = scene.pass(BETWEEN_QUESTIONS);

    assert!(told(&rested, &FromAgent::Rests(false)));
    scene.says(FromTechnician::Ask(Capability::Chat));
    assert!(scene.question.is_some());
}

#[test]
fn what_a_technician_could_not_hear_of_the_rest_they_hear_when_they_are_back() {
    let mut scene = Scene::viewing();
    scene.pass(BETWEEN_QUESTIONS);
    scene.says(FromTechnician::Ask(Capability::Chat));
    scene.happens(Input::ConnectionLost);
    let meanwhile = scene.pass(BETWEEN_QUESTIONS);
    assert!(!told(&meanwhile, &FromAgent::Rests(false)));

    let outputs = scene.happens(Input::ConnectionRestored);

    assert!(told(&outputs, &FromAgent::Rests(false)));
}

#[test]
fn silence_is_a_no() {
    let mut scene = Scene::viewing();
    scene.pass(BETWEEN_QUESTIONS);
    scene.says(FromTechnician::Ask(Capability::Control));

    let outputs = scene.pass(TIME_TO_ANSWER);

    assert!(has(&outputs, &Output::CloseQuestion));
    assert!(told(&outputs, &answer(Capability::Control, Answer::Denied)));
    let topic = Topic::Capability(Capability::Control);
    assert!(has(&outputs, &Output::Fact(Fact::Unanswered(topic))));
    assert_eq!(scene.session.phase(), Phase::Viewing);
}

#[test]
fn a_no_to_the_first_question_ends_the_session() {
    let mut scene = Scene::new();
    scene.says(FromTechnician::Ask(Capability::View));

    scene.replies(Reply::No);

    assert_eq!(scene.session.phase(), Phase::Ended(EndReason::Refused));

    let mut scene = Scene::new();
    scene.says(FromTechnician::Ask(Capability::View));
    scene.pass(TIME_TO_ANSWER);
    assert_eq!(scene.session.phase(), Phase::Ended(EndReason::NotAnswered));
}

// Shows: ABUSE-46.
#[test]
fn a_second_question_does_not_come_up_under_the_first() {
    let mut scene = Scene::viewing();
    scene.pass(BETWEEN_QUESTIONS);
    scene.says(FromTechnician::Ask(Capability::Chat));
    let first = scene.question.as_ref().unwrap().id;

    let outputs = scene.says(FromTechnician::Ask(Capability::Control));

    assert!(told(&outputs, &answer(Capability::Control, Answer::Busy)));
    scene.pass(BEFORE_YES);
    let yes = Reply::Yes(Terms::default());
    scene.does(Local::Answer {
        question: first,
        reply: yes,
    });
    let outputs = scene.says(FromTechnician::Ask(Capability::Control));
    assert!(told(&outputs, &answer(Capability::Control, Answer::Busy)));
    // A second click on the first answer says nothing about anything else.
    scene.does(Local::Answer {
        question: first,
        reply: yes,
    });
    assert!(!scene.session.permitted().contains(Capability::Control));
}

// Shows: ABUSE-46.
#[test]
fn a_yes_that_comes_too_soon_was_meant_for_something_else() {
    let mut scene = Scene::viewing();
    scene.pass(BETWEEN_QUESTIONS);
    scene.says(FromTechnician::Ask(Capability::Control));

    scene.replies(Reply::Yes(Terms::default()));

    assert_eq!(scene.session.phase(), Phase::Viewing);
    assert!(scene.question.is_some());
}

#[test]
fn a_no_is_remembered() {
    let mut scene = Scene::viewing();
    for _ in 0..2 {
        scene.pass(AFTER_NO);
        scene.says(FromTechnician::Ask(Capability::Control));
        scene.replies(Reply::No);
        let outputs = scene.says(FromTechnician::Ask(Capability::Control));
        assert!(!told(
            &outputs,
            &answer(Capability::Control, Answer::Denied)
        ));
        assert!(scene.question.is_none());
    }
    scene.pass(AFTER_NO * 2);

    let outputs = scene.says(FromTechnician::Ask(Capability::Control));

    assert!(told(
        &outputs,
        &answer(Capability::Control, Answer::AskedEnough)
    ));
    scene.does(Local::LetAsk(Capability::Control));
    scene.permits(Capability::Control);
    assert_eq!(scene.session.phase(), Phase::Controlled);
}

#[test]
fn a_permission_ends_at_its_time_and_is_asked_for_again() {
    let mut scene = Scene::new();
    scene.says(FromTechnician::Ask(Capability::View));
    scene.pass(BEFORE_YES);
    let terms = Terms {
        length: Duration::from_secs(60),
        surface: Surface::Desktop,
    };
    let outputs = scene.replies(Reply::Yes(terms));
    assert!(told(
        &outputs,
        &answer(Capability::View, Answer::Granted { seconds: 60 })
    ));

    let outputs = scene.pass(Duration::from_secs(60));

    assert_eq!(scene.session.phase(), Phase::Consented);
    assert!(has(&outputs, &Output::StopCapture));
    assert!(told(&outputs, &FromAgent::Withdrawn(Capability::View)));
    assert!(scene.question.is_some(), "it is asked for again");
    scene.agrees();
    assert_eq!(scene.session.phase(), Phase::Viewing);
}

#[test]
fn what_happens_after_a_permission_is_over_finds_it_over() {
    let mut scene = Scene::new();
    scene.says(FromTechnician::Ask(Capability::View));
    scene.pass(BEFORE_YES);
    let terms = Terms {
        length: Duration::from_secs(60),
        surface: Surface::Desktop,
    };
    scene.replies(Reply::Yes(terms));
    scene.now += terms.length;

    let outputs = scene.does(Local::Show(Surface::Monitor(MonitorId(1))));

    assert!(has(&outputs, &Output::StopCapture));
    assert!(
        !outputs
            .iter()
            .any(|it| matches!(it, Output::StartCapture(_)))
    );
}

// Shows: REQ-AC-22, ABUSE-52.
#[test]
fn nobody_permits_more_than_policy_does() {
    let mut scene = Scene::within(Limits {
        permitted: limits().permitted.without(Capability::Control),
        longest_consent: Duration::from_secs(60),
        ..limits()
    });
    scene.permits(Capability::View);
    scene.pass(BETWEEN_QUESTIONS);

    let outputs = scene.says(FromTechnician::Ask(Capability::Control));

    assert!(told(
        &outputs,
        &answer(Capability::Control, Answer::NotPermitted)
    ));
    assert!(scene.question.is_none());
    scene.pass(Duration::from_secs(60));
    assert_eq!(
        scene.session.phase(),
        Phase::Consented,
        "half an hour was said"
    );
}

// Shows: REQ-AC-22, ABUSE-52.
#[test]
fn policy_only_shrinks_and_at_once() {
    let mut scene = Scene::controlled();
    let less = Limits {
        permitted: limits().permitted.without(Capability::Control),
        ..limits()
    };

    let outputs = scene.happens(Input::Limits(less));

    assert_eq!(scene.session.phase(), Phase::Viewing);
    assert!(has(&outputs, &Output::ReleaseAll));
    scene.happens(Input::Limits(limits()));
    scene.pass(BETWEEN_QUESTIONS);
    let outputs = scene.says(FromTechnician::Ask(Capability::Control));
    assert!(told(
        &outputs,
        &answer(Capability::Control, Answer::NotPermitted)
    ));

    let nothing = Limits {
        permitted: Capabilities::NONE,
        ..limits()
    };
    scene.happens(Input::Limits(nothing));
    assert_eq!(scene.session.phase(), Phase::Ended(EndReason::NotPermitted));
}

#[test]
fn control_and_recording_stand_on_view() {
    let mut scene = Scene::new();
    scene.permits(Capability::Chat);
    assert_eq!(scene.session.phase(), Phase::Consented);
    scene.pass(BETWEEN_QUESTIONS);
    for capability in [Capability::Control, Capability::Recording] {
        let outputs = scene.says(FromTechnician::Ask(capability));
        assert!(told(&outputs, &answer(capability, Answer::NotPermitted)));
    }
    scene.permits(Capability::View);
    scene.permits(Capability::Control);
    assert!(has(
        &scene.permits(Capability::Recording),
        &Output::StartRecording
    ));

    let outputs = scene.does(Local::Withdraw(Capability::View));

    assert!(has(&outputs, &Output::StopCapture) && has(&outputs, &Output::StopRecording));
    let chat = Capabilities::NONE.with(Capability::Chat);
    assert_eq!(scene.session.permitted(), chat);
}

// Shows: REQ-AC-15.
#[test]
fn the_technician_sees_what_the_local_person_chose() {
    let mut scene = Scene::new();
    scene.says(FromTechnician::Ask(Capability::View));
    scene.pass(BEFORE_YES);
    let surface = Surface::Monitor(MonitorId(1));
    let outputs = scene.replies(Reply::Yes(Terms {
        surface,
        ..Terms::default()
    }));
    assert!(has(&outputs, &start_of(surface, Some(MonitorId(1)))));

    let outputs = scene.says(FromTechnician::Watch(MonitorId(0)));

    assert!(outputs.is_empty());
    let outputs = scene.does(Local::Show(Surface::Desktop));
    assert!(has(
        &outputs,
        &start_of(Surface::Desktop, Some(MonitorId(1)))
    ));
    let outputs = scene.says(FromTechnician::Watch(MonitorId(0)));
    assert!(has(
        &outputs,
        &start_of(Surface::Desktop, Some(MonitorId(0)))
    ));
}

#[test]
fn there_is_no_control_with_a_window() {
    let mut scene = Scene::controlled();

    let window = Surface::Window(WindowId(7));
    let outputs = scene.does(Local::Show(window));

    assert_eq!(scene.session.phase(), Phase::Viewing);
    assert!(has(&outputs, &start_of(window, None)));
    scene.pass(BETWEEN_QUESTIONS);
    let outputs = scene.says(FromTechnician::Ask(Capability::Control));
    assert!(told(
        &outputs,
        &answer(Capability::Control, Answer::NotPermitted)
    ));
}

#[test]
fn a_question_without_its_ground_is_answered() {
    let mut scene = Scene::viewing();
    scene.pass(BETWEEN_QUESTIONS);
    scene.says(FromTechnician::Ask(Capability::Control));

    let outputs = scene.says(FromTechnician::GiveBack(Capability::View));

    let refused = answer(Capability::Control, Answer::NotPermitted);
    assert!(has(&outputs, &Output::CloseQuestion) && told(&outputs, &refused));
}

#[test]
fn what_the_technician_gives_back_is_over() {
    let mut scene = Scene::controlled();

    scene.says(FromTechnician::GiveBack(Capability::Control));
    assert_eq!(scene.session.phase(), Phase::Viewing);

    scene.says(FromTechnician::GiveBack(Capability::View));
    assert_eq!(scene.session.phase(), Phase::Consented);
}

// Shows: REQ-AC-16.
#[test]
fn the_sign_shows_each_change_and_hides_at_the_end_alone() {
    let mut scene = Scene::new();
    let mut signs = Vec::new();
    let mut watch = |outputs: Vec<Output>| {
        for output in outputs {
            assert!(output != Output::HideIndicator);
            if let Output::Indicate(sign) = output {
                signs.push((sign.phase, sign.permitted.iter().count()));
            }
        }
    };
    watch(scene.permits(Capability::View));
    watch(scene.permits(Capability::Control));
    watch(scene.does(Local::Withdraw(Capability::View)));

    assert!(signs.contains(&(Phase::Viewing, 1)));
    assert!(signs.contains(&(Phase::Controlled, 2)));
    assert_eq!(signs.last(), Some(&(Phase::Consented, 0)));
    assert!(has(&scene.does(Local::Stop), &Output::HideIndicator));
}

fn answer(to: Capability, answer: Answer) -> FromAgent {
    FromAgent::Answer { to, answer }
}

fn start_of(surface: Surface, monitor: Option<MonitorId>) -> Output {
    Output::StartCapture(Capture { surface, monitor })
}

// Shows: REQ-AU-04, REQ-MODE-04.
#[test]
fn where_everything_is_kept_nothing_is_permitted_that_is_not_recorded() {
    let mut scene = Scene::within(Limits {
        must_record: true,
        ..limits()
    });
    for capability in [Capability::View, Capability::Chat, Capability::Control] {
        let outputs = scene.says(FromTechnician::Ask(capability));
        assert!(told(&outputs, &answer(capability, Answer::NotPermitted)));
    }
    let outputs = scene.permits(Capability::Recording);
    assert!(has(&outputs, &Output::StartRecording));
    scene.permits(Capability::Chat);
    scene.permits(Capability::View);

    let outputs = scene.does(Local::Withdraw(Capability::View));
    assert!(has(&outputs, &Output::StopCapture));
    assert!(!has(&outputs, &Output::StopRecording));
    let outputs = scene.does(Local::Withdraw(Capability::Recording));

    assert!(has(&outputs, &Output::StopRecording));
    assert_eq!(scene.session.permitted(), Capabilities::NONE);
}

// Shows: REQ-AU-04.
#[test]
fn a_recording_goes_on_until_the_end_is_told() {
    let mut scene = Scene::within(Limits {
        must_record: true,
        ..limits()
    });
    scene.permits(Capability::Recording);

    let outputs = scene.does(Local::Stop);

    let place = |wanted: &Output| outputs.iter().position(|it| it == wanted);
    let told = place(&Output::Fact(Fact::Ended(EndReason::Stopped)));
    assert!(told.is_some() && told < place(&Output::StopRecording));
}

// Shows: REQ-AU-04.
#[test]
fn what_can_not_be_kept_any_more_is_not_gone_on_with() {
    let mut scene = Scene::within(Limits {
        must_record: true,
        ..limits()
    });
    scene.permits(Capability::Recording);
    scene.permits(Capability::View);

    let outputs = scene.happens(Input::RecordingLost);

    assert!(has(&outputs, &Output::StopCapture) && has(&outputs, &Output::StopRecording));
    let over = EndReason::NotKept;
    assert!(told(&outputs, &FromAgent::Ended(over)));
    assert_eq!(scene.session.phase(), Phase::Ended(over));
}

// Shows: REQ-AU-04.
#[test]
fn where_everything_is_kept_and_no_key_is_named_nothing_is_recorded_and_both_hear_why() {
    let keyless = Limits {
        must_record: true,
        sealed_to: None,
        ..limits()
    };
    let mut scene = Scene::within(keyless);
    let outputs = scene.says(FromTechnician::Ask(Capability::Recording));
    let refused = answer(Capability::Recording, Answer::NotPermitted);
    assert!(told(&outputs, &refused) && scene.question.is_none());

    let outputs = scene.pass(KEY_WITHIN);

    let over = EndReason::NotKept;
    assert!(told(&outputs, &FromAgent::Ended(over)));
    assert!(has(&outputs, &Output::Fact(Fact::Ended(over))));
    assert_eq!(scene.session.phase(), Phase::Ended(over));

    let mut scene = Scene::within(keyless);
    scene.happens(Input::Limits(Limits {
        sealed_to: Some([7; 32]),
        ..keyless
    }));
    scene.permits(Capability::Recording);
    scene.pass(KEY_WITHIN);
    assert_eq!(scene.session.phase(), Phase::Consented);
}

// Shows: REQ-AU-04.
#[test]
fn where_no_key_is_named_nobody_is_asked_about_recording() {
    let mut scene = Scene::within(Limits {
        sealed_to: None,
        ..limits()
    });
    scene.permits(Capability::View);
    scene.pass(BETWEEN_QUESTIONS);

    let outputs = scene.says(FromTechnician::Ask(Capability::Recording));

    let refused = answer(Capability::Recording, Answer::NotPermitted);
    assert!(told(&outputs, &refused) && scene.question.is_none());
    scene.permits(Capability::Control);
}

#[test]
fn a_first_no_to_recording_ends_a_session_that_must_be_recorded() {
    let mut scene = Scene::within(Limits {
        must_record: true,
        ..limits()
    });
    scene.says(FromTechnician::Ask(Capability::Recording));
    scene.pass(BEFORE_YES);

    scene.replies(Reply::No);

    assert_eq!(scene.session.phase(), Phase::Ended(EndReason::Refused));
}
