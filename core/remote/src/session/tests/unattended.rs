use conclave_protocol::remote::{
    Answer, Capability, EndReason, FileOutcome, FromAgent, FromTechnician, TransferId,
};

use crate::indicator::Phase;
use crate::io::{Input, Local, Output};
use crate::question::{AFTER_NO, TIME_TO_ANSWER};
use crate::scene::{Scene, limits, person, told};

fn asked(outputs: &[Output]) -> bool {
    outputs.iter().any(|it| matches!(it, Output::Ask(_)))
}

// Shows: REQ-AC-30.
#[test]
fn an_administrator_of_the_computer_sees_and_uses_it_with_nobody_there() {
    let mut scene = Scene::unattended(limits());

    let outputs = scene.says(FromTechnician::Ask(Capability::View));

    assert!(!asked(&outputs));
    assert_eq!(scene.session.phase(), Phase::Viewing);
    let outputs = scene.says(FromTechnician::Ask(Capability::Control));
    assert!(!asked(&outputs));
    assert!(scene.session.permitted().contains(Capability::Control));
    let is_signed = |it: &Output| matches!(it, Output::Indicate(it) if it.is_unattended);
    assert!(outputs.iter().any(is_signed));
}

// Shows: REQ-AC-30.
#[test]
fn whoever_comes_to_the_computer_takes_back_what_they_like_and_is_asked_from_then_on() {
    let mut scene = Scene::unattended(limits());
    scene.says(FromTechnician::Ask(Capability::View));
    scene.says(FromTechnician::Ask(Capability::Control));

    scene.happens(Input::Local(Local::Withdraw(Capability::Control)));

    assert!(!scene.session.permitted().contains(Capability::Control));
    scene.pass(AFTER_NO);
    let outputs = scene.says(FromTechnician::Ask(Capability::Control));
    assert!(asked(&outputs));
    assert!(!scene.session.permitted().contains(Capability::Control));
    let outputs = scene.pass(TIME_TO_ANSWER);
    let denied = FromAgent::Answer {
        to: Capability::Control,
        answer: Answer::Denied,
    };
    assert!(told(&outputs, &denied));
    assert!(scene.session.permitted().contains(Capability::View));

    scene.happens(Input::Local(Local::Stop));

    assert_eq!(scene.session.phase(), Phase::Ended(EndReason::Stopped));
}

// Shows: REQ-AC-27, ABUSE-58.
#[test]
fn somebody_else_who_comes_in_is_for_the_local_person_to_admit_and_silence_ends_it() {
    let mut scene = Scene::unattended(limits());
    scene.says(FromTechnician::Ask(Capability::View));

    let outputs = scene.happens(Input::Joined(person(2)));

    assert!(asked(&outputs));
    scene.pass(TIME_TO_ANSWER);
    assert_eq!(scene.session.phase(), Phase::Ended(EndReason::Unwelcome));
}

#[test]
fn policy_caps_it_and_no_file_goes_where_nobody_picks_one() {
    let mut less = limits();
    less.permitted = less.permitted.without(Capability::Control);
    let mut scene = Scene::unattended(less);
    scene.says(FromTechnician::Ask(Capability::View));

    let outputs = scene.says(FromTechnician::Ask(Capability::Control));

    let refused = FromAgent::Answer {
        to: Capability::Control,
        answer: Answer::NotPermitted,
    };
    assert!(told(&outputs, &refused));
    let transfer = TransferId(0);
    let outputs = scene.says(FromTechnician::AskFile(transfer));
    let outcome = FileOutcome::NotPermitted;
    assert!(told(&outputs, &FromAgent::FileEnded { transfer, outcome }));
}
