use std::time::Duration;

use conclave_protocol::remote::{
    Answer, Capability, Credential, EndReason, FromAgent, FromTechnician, Raising,
};

use crate::fact::Fact;
use crate::indicator::Phase;
use crate::io::{Done, Input, Local, Output, Reply};
use crate::question::{BETWEEN_QUESTIONS, Subject};
use crate::scene::{Scene, has, limits, told};

fn credential() -> Credential {
    Credential::parse("amy", "correct horse").unwrap()
}

fn looked(scene: &mut Scene, outcome: Raising) -> Vec<Output> {
    scene.happens(Input::Done(Done::Raised(outcome)))
}

/// With an administrator's rights, which the local person permits.
fn raised() -> Scene {
    let mut scene = Scene::new();
    scene.permits(Capability::Administrator);
    scene.says(FromTechnician::Raise(credential()));
    looked(&mut scene, Raising::Raised);
    scene.pass(BETWEEN_QUESTIONS);
    scene
}

// Shows: REQ-AC-31.
#[test]
fn without_the_local_persons_yes_no_name_and_password_is_looked_at() {
    let mut scene = Scene::new();

    let outputs = scene.says(FromTechnician::Raise(credential()));

    assert!(told(&outputs, &FromAgent::Raised(Raising::Impossible)));
    assert!(!has(&outputs, &Output::Raise(credential())));
    scene.permits(Capability::Administrator);
    let outputs = scene.says(FromTechnician::Raise(credential()));
    assert!(has(&outputs, &Output::Raise(credential())));
}

// Shows: REQ-AC-31.
#[test]
fn three_wrong_passwords_are_on_record_and_the_last() {
    let mut scene = Scene::new();
    scene.permits(Capability::Administrator);
    for why in [Raising::Wrong, Raising::Wrong, Raising::TooMany] {
        scene.says(FromTechnician::Raise(credential()));
        let outputs = looked(&mut scene, Raising::Wrong);
        assert!(has(&outputs, &Output::Fact(Fact::NotRaised(why))));
        assert!(told(&outputs, &FromAgent::Raised(why)));
    }

    let outputs = scene.says(FromTechnician::Raise(credential()));

    assert!(!has(&outputs, &Output::Raise(credential())));
    assert!(told(&outputs, &FromAgent::Raised(Raising::TooMany)));
}

// Shows: REQ-AC-31.
#[test]
fn the_rights_go_with_the_permission_and_the_sign_says_both() {
    let mut scene = raised();
    let is_signed = |outputs: &[Output], raised: bool| {
        let shown = outputs.iter().rev().find_map(|output| match output {
            Output::Indicate(sign) => Some(sign.is_raised),
            _ => None,
        });
        shown == Some(raised)
    };
    let outputs = scene.does(Local::Withdraw(Capability::Administrator));

    assert!(is_signed(&outputs, false));
    assert!(has(&outputs, &Output::Lower) && has(&outputs, &Output::Fact(Fact::Lowered)));
    assert!(told(&outputs, &FromAgent::Lowered));
    let outputs = scene.says(FromTechnician::Restart);
    assert!(told(&outputs, &FromAgent::NoRestart));
    assert!(scene.question.is_none());
}

// Shows: REQ-AC-31.
#[test]
fn whoever_is_raised_restarts_the_computer_with_another_yes_and_a_way_back_alone() {
    let mut scene = raised();
    scene.says(FromTechnician::Restart);
    assert!(scene.question.as_ref().unwrap().subject == Subject::Restart);

    let outputs = scene.agrees();

    assert!(has(&outputs, &Output::LayWayBack));
    let outputs = scene.happens(Input::Done(Done::WayBack { is_laid: true }));
    assert!(has(&outputs, &Output::Fact(Fact::Restarting)));
    assert!(!has(&outputs, &Output::Lower));
    let ended = Phase::Ended(EndReason::Restarting);
    assert_eq!(scene.session.phase(), ended);
}

// Shows: REQ-AC-31.
#[test]
fn a_no_to_the_restart_and_a_computer_that_could_not_come_back_leave_it_as_it_is() {
    let mut scene = raised();
    scene.says(FromTechnician::Restart);
    let outputs = scene.replies(Reply::No);
    assert!(told(&outputs, &FromAgent::NoRestart));
    assert!(!has(&outputs, &Output::LayWayBack));

    scene.pass(Duration::from_secs(60));
    scene.says(FromTechnician::Restart);
    scene.agrees();
    let outputs = scene.happens(Input::Done(Done::WayBack { is_laid: false }));

    assert!(has(&outputs, &Output::Fact(Fact::RestartFailed)));
    assert!(told(&outputs, &FromAgent::NoRestart));
    assert!(
        scene
            .session
            .permitted()
            .contains(Capability::Administrator)
    );
}

// Shows: REQ-AC-31.
#[test]
fn nobody_restarts_it_who_is_not_raised_and_the_stop_ends_the_rights() {
    let mut scene = Scene::new();
    scene.permits(Capability::Administrator);
    scene.pass(BETWEEN_QUESTIONS);
    let outputs = scene.says(FromTechnician::Restart);
    assert!(told(&outputs, &FromAgent::NoRestart) && scene.question.is_none());
    let outputs = scene.happens(Input::Done(Done::WayBack { is_laid: true }));
    assert!(outputs.is_empty());

    let mut scene = raised();
    let outputs = scene.does(Local::Stop);

    assert!(has(&outputs, &Output::Lower) && has(&outputs, &Output::Fact(Fact::Lowered)));
}

#[test]
fn where_nobody_sits_nobody_asks_for_what_they_have() {
    let mut scene = Scene::unattended(limits());

    let outputs = scene.says(FromTechnician::Ask(Capability::Administrator));

    let refused = FromAgent::Answer {
        to: Capability::Administrator,
        answer: Answer::NotPermitted,
    };
    assert!(told(&outputs, &refused));
}
