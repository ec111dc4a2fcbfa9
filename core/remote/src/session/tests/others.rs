use std::time::Duration;

use conclave_protocol::remote::{Capability, EndReason, FromAgent, FromTechnician, TransferId};

use crate::fact::Fact;
use crate::indicator::Phase;
use crate::io::{Input, Local, Output, Reply};
use crate::people::{MOST_WATCHERS, Person};
use crate::question::{BETWEEN_QUESTIONS, Subject};
use crate::scene::{Scene, has, offer, person, press, technician, told};

// Shows: REQ-AC-27, ABUSE-58.
#[test]
fn whoever_comes_in_sees_nothing_until_the_local_person_agrees() {
    let mut scene = Scene::controlled();
    scene.pass(BETWEEN_QUESTIONS);

    let outputs = scene.happens(Input::Joined(person(2)));

    assert!(has(&outputs, &Output::StopCapture) && has(&outputs, &Output::ReleaseAll));
    assert_eq!(scene.session.phase(), Phase::Consented);
    let question = scene.question.as_ref().unwrap();
    assert!(question.subject == Subject::Watcher(person(2)));

    scene.agrees();

    assert_eq!(
        scene.session.phase(),
        Phase::Viewing,
        "control is asked for again"
    );
}

#[test]
fn whoever_comes_in_while_a_question_stands_is_asked_about_next() {
    let mut scene = Scene::viewing();
    scene.pass(BETWEEN_QUESTIONS);
    scene.says(FromTechnician::Ask(Capability::Chat));
    scene.happens(Input::Joined(person(2)));
    assert_eq!(scene.session.phase(), Phase::Consented);
    scene.replies(Reply::No);
    assert!(scene.question.is_none());

    scene.pass(BETWEEN_QUESTIONS);

    let question = scene.question.as_ref().unwrap();
    assert!(question.subject == Subject::Watcher(person(2)));
}

// Shows: ABUSE-58.
#[test]
fn a_no_to_somebody_who_came_in_ends_the_session() {
    let mut scene = Scene::viewing();
    scene.pass(BETWEEN_QUESTIONS);
    scene.happens(Input::Joined(person(2)));

    scene.replies(Reply::No);

    assert_eq!(scene.session.phase(), Phase::Ended(EndReason::Unwelcome));
}

#[test]
fn whoever_goes_again_leaves_the_session_as_it_was() {
    let mut scene = Scene::viewing();
    scene.pass(BETWEEN_QUESTIONS);
    scene.happens(Input::Joined(person(2)));

    let outputs = scene.happens(Input::Left(person(2).participant));

    assert!(has(&outputs, &Output::CloseQuestion));
    assert_eq!(scene.session.phase(), Phase::Viewing);
}

#[test]
fn a_crowd_ends_the_session() {
    let mut scene = Scene::viewing();

    for number in 0..=MOST_WATCHERS {
        let number = u128::try_from(number).unwrap();
        scene.happens(Input::Joined(person(10 + number)));
    }

    assert_eq!(scene.session.phase(), Phase::Ended(EndReason::Unwelcome));
}

#[test]
fn nobody_but_the_technician_is_listened_to() {
    let mut scene = with_watcher();
    for message in [
        FromTechnician::Ask(Capability::Control),
        FromTechnician::HandOver(person(2).participant),
        FromTechnician::Leave,
    ] {
        let from = person(2).participant;
        assert!(scene.happens(Input::Message { from, message }).is_empty());
    }
    assert_eq!(scene.session.phase(), Phase::Viewing);
}

#[test]
fn a_session_is_handed_over_by_the_local_persons_word_and_nothing_with_it() {
    let mut scene = with_watcher();
    scene.pass(BETWEEN_QUESTIONS);
    scene.says(FromTechnician::OfferFile(offer(6, b"x")));
    scene.replies(Reply::No);
    scene.pass(BETWEEN_QUESTIONS);
    scene.says(FromTechnician::HandOver(person(2).participant));

    let outputs = scene.agrees();

    let to = person(2).participant;
    assert!(has(&outputs, &Output::Fact(Fact::HandedOver { to })));
    assert!(told(&outputs, &FromAgent::Withdrawn(Capability::View)));
    for message in [FromAgent::Leads(TransferId(7)), FromAgent::Rests(true)] {
        assert!(has(&outputs, &Output::Say { to, message }));
    }
    let (to, message) = (technician().participant, FromAgent::Watches);
    assert!(has(&outputs, &Output::Say { to, message }));
    let to = person(2).participant;
    assert_eq!(scene.session.phase(), Phase::Consented);
    assert!(scene.session.permitted().is_empty());
    assert!(
        scene.input(press(4)).is_empty(),
        "the one before only watches"
    );

    scene.pass(BETWEEN_QUESTIONS);
    let message = FromTechnician::Ask(Capability::View);
    scene.happens(Input::Message { from: to, message });
    let question = scene.question.as_ref().unwrap();
    assert!(question.technician == person(2));
}

// Shows: REQ-AC-27.
#[test]
fn whoever_is_in_the_room_and_asks_is_told_who_leads() {
    let mut scene = with_watcher();
    scene.happens(Input::Joined(person(3)));
    let mut asks = |who: &Person| {
        let (from, message) = (who.participant, FromTechnician::Hello);
        scene.happens(Input::Message { from, message })
    };
    let answer = |who: &Person, message| Output::Say {
        to: who.participant,
        message,
    };

    let leads = FromAgent::Leads(TransferId(0));
    let both = [leads, FromAgent::Rests(true)].map(|message| answer(&technician(), message));
    assert!(asks(&technician()) == both);
    for who in [person(2), person(3)] {
        assert!(asks(&who) == [answer(&who, FromAgent::Watches)]);
    }
    assert!(asks(&person(4)).is_empty(), "nobody knows them");
}

#[test]
fn who_leads_is_told_as_often_as_a_page_asks_and_not_faster() {
    let mut scene = Scene::viewing();
    scene.pass(Duration::from_secs(60));

    let answered = (0..1_000).filter(|_| !scene.says(FromTechnician::Hello).is_empty());

    assert!(answered.count() < 100);
    assert_eq!(scene.session.phase(), Phase::Viewing);
}

#[test]
fn a_session_is_handed_over_to_nobody_whom_the_local_person_does_not_know() {
    let mut scene = Scene::viewing();
    scene.pass(BETWEEN_QUESTIONS);

    for to in [person(2), technician()] {
        let outputs = scene.says(FromTechnician::HandOver(to.participant));
        assert!(told(&outputs, &FromAgent::HandOver(false)));
    }
}

// Shows: REQ-AC-27.
#[test]
fn whoever_watches_hears_that_nothing_is_seen_any_more_and_of_the_end() {
    let mut scene = with_watcher();
    let to = person(2).participant;

    let outputs = scene.does(Local::Withdraw(Capability::View));
    let message = FromAgent::Watches;
    assert!(has(&outputs, &Output::Say { to, message }));

    let outputs = scene.does(Local::Stop);
    let message = FromAgent::Ended(EndReason::Stopped);
    assert!(has(&outputs, &Output::Say { to, message }));
}

#[test]
fn a_no_to_a_colleague_leaves_the_session_as_it_was() {
    let mut scene = with_watcher();
    scene.pass(Duration::from_secs(5));
    scene.says(FromTechnician::HandOver(person(2).participant));

    let outputs = scene.replies(Reply::No);

    assert!(told(&outputs, &FromAgent::HandOver(false)));
    assert_eq!(scene.session.phase(), Phase::Viewing);
}

fn with_watcher() -> Scene {
    let mut scene = Scene::viewing();
    scene.pass(BETWEEN_QUESTIONS);
    scene.happens(Input::Joined(person(2)));
    scene.agrees();
    scene
}
