use std::time::Duration;

use conclave_protocol::personal::Words;
use conclave_protocol::remote::{
    Answer, Capability, ClipboardText, DiagnosticItem, DiagnosticReport, FromAgent, FromTechnician,
};

use crate::fact::Fact;
use crate::io::{Display, Done, Input, Local, Output, Reply};
use crate::question::{BETWEEN_QUESTIONS, Subject};
use crate::scene::{Scene, has, told};

// Shows: REQ-AC-19.
#[test]
fn a_clipboard_is_shared_in_the_direction_that_is_permitted() {
    let mut scene = Scene::viewing();
    let theirs = || FromTechnician::Clipboard(text("from afar"));
    assert!(scene.says(theirs()).is_empty());
    assert!(scene.does(Local::Copied(text("local"))).is_empty());

    scene.permits(Capability::ClipboardIn);
    let outputs = scene.says(theirs());
    assert!(has(&outputs, &Output::SetClipboard(text("from afar"))));
    assert!(scene.does(Local::Copied(text("local"))).is_empty());

    scene.permits(Capability::ClipboardOut);
    let outputs = scene.does(Local::Copied(text("local")));
    assert!(told(&outputs, &FromAgent::Clipboard(text("local"))));
    // What came from the technician does not go round.
    assert!(scene.does(Local::Copied(text("from afar"))).is_empty());
}

#[test]
fn nothing_is_put_on_the_clipboard_while_a_question_stands() {
    let mut scene = Scene::viewing();
    scene.permits(Capability::ClipboardIn);
    scene.happens(Input::Display(Display::Prompt(true)));

    let outputs = scene.says(FromTechnician::Clipboard(text("theirs")));
    assert!(!has(&outputs, &Output::SetClipboard(text("theirs"))));

    scene.happens(Input::Display(Display::Prompt(false)));
    let outputs = scene.says(FromTechnician::Clipboard(text("theirs")));
    assert!(has(&outputs, &Output::SetClipboard(text("theirs"))));
}

#[test]
fn what_is_copied_at_a_field_for_passwords_stays() {
    let mut scene = Scene::viewing();
    scene.permits(Capability::ClipboardOut);
    scene.happens(Input::Display(Display::PasswordFocus(true)));

    assert!(scene.does(Local::Copied(text("hunter2"))).is_empty());

    scene.happens(Input::Display(Display::PasswordFocus(false)));
    assert!(!scene.does(Local::Copied(text("a note"))).is_empty());
}

// Shows: REQ-RS-04.
#[test]
fn messages_pass_both_ways_when_they_are_permitted() {
    let mut scene = Scene::new();
    let words = || Words::parse("hello").unwrap();
    assert!(scene.says(FromTechnician::Chat(words())).is_empty());
    assert!(scene.does(Local::Chat(words())).is_empty());

    scene.permits(Capability::Chat);

    let outputs = scene.says(FromTechnician::Chat(words()));
    assert!(has(&outputs, &Output::ShowChat(words())));
    assert!(told(
        &scene.does(Local::Chat(words())),
        &FromAgent::Chat(words())
    ));
}

// Shows: REQ-RS-05.
#[test]
fn the_local_person_sees_the_facts_before_anybody_else_does() {
    let mut scene = Scene::new();

    let outputs = scene.says(FromTechnician::AskDiagnostics);
    assert!(has(&outputs, &Output::CollectDiagnostics) && scene.question.is_none());
    let outputs = scene.happens(Input::Done(Done::Diagnosed(report())));
    assert!(!told(&outputs, &FromAgent::Diagnostics(report())));
    let question = scene.question.as_ref().unwrap();
    assert!(question.subject == Subject::Diagnostics(report()));

    let outputs = scene.agrees();

    assert!(told(&outputs, &FromAgent::Diagnostics(report())));
    assert!(has(&outputs, &Output::Fact(Fact::DiagnosticsSent)));
}

#[test]
fn facts_that_nobody_asked_for_go_nowhere() {
    let mut scene = Scene::viewing();
    scene.pass(BETWEEN_QUESTIONS);

    assert!(
        scene
            .happens(Input::Done(Done::Diagnosed(report())))
            .is_empty()
    );

    scene.says(FromTechnician::AskDiagnostics);
    scene.happens(Input::Done(Done::Diagnosed(report())));
    let outputs = scene.replies(Reply::No);
    assert!(!told(&outputs, &FromAgent::Diagnostics(report())));
}

#[test]
fn files_and_facts_are_never_permitted_at_large() {
    let mut scene = Scene::viewing();
    scene.pass(Duration::from_secs(5));

    for to in [
        Capability::FileIn,
        Capability::FileOut,
        Capability::Diagnostics,
    ] {
        let outputs = scene.says(FromTechnician::Ask(to));
        let answer = Answer::NotPermitted;
        assert!(told(&outputs, &FromAgent::Answer { to, answer }));
    }
}

fn text(text: &str) -> ClipboardText {
    ClipboardText::parse(text).unwrap()
}

fn report() -> DiagnosticReport {
    let lines = vec![(DiagnosticItem::Memory, "16 GB".to_owned())];
    DiagnosticReport::new(lines).unwrap()
}
