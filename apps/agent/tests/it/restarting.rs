//! The process with the desktop and an administrator's rights: what was typed for them, and a restart.

use conclave_agent::ipc::{DeskToRaiser, NetToDesk, RaiserToDesk, Socket, Subject};
use conclave_protocol::remote::{
    Capability, Credential, EndReason, FromAgent, FromTechnician, Raising,
};
use conclave_remote::Surface;

use crate::PATIENCE;
use crate::desktop::Desktop;
use crate::helped::Helped;
use crate::memory::{holds_password, password};

// Shows: REQ-AC-31.
#[test]
fn what_the_technician_typed_is_in_no_memory_of_the_desk_once_it_was_looked_at() {
    let desktop = Desktop::new();
    let (mut helped, raiser) = Helped::raisable(&desktop);

    looked_at(&mut helped, &raiser, Raising::Wrong);

    match holds_password(helped.process()) {
        Some(holds) => assert!(!holds),
        None => println!("skipped: only root reads the memory of the agent"),
    }
}

// Shows: REQ-AC-31.
#[test]
fn a_computer_that_refuses_to_restart_says_so_once_all_is_told() {
    let desktop = Desktop::new();
    let (mut helped, raiser) = Helped::raisable(&desktop);
    let way_back = NetToDesk::WayBack(Box::default());
    helped.net.send(&way_back).unwrap();
    looked_at(&mut helped, &raiser, Raising::Raised);
    let question = helped.question(|helped| helped.say(&FromTechnician::Restart));
    assert!(matches!(question.subject, Subject::Restart));
    helped.answer_yes(&question, Surface::Desktop);
    assert!(matches!(asked(&raiser), DeskToRaiser::LayWayBack(_)));
    let laid = RaiserToDesk::WayBack { is_laid: true };
    raiser.send(&laid).unwrap();
    assert_eq!(helped.ending(), EndReason::Restarting);
    assert!(matches!(asked(&raiser), DeskToRaiser::Restart));

    helped.net.send(&NetToDesk::Told).unwrap();

    assert!(matches!(asked(&raiser), DeskToRaiser::RestartNow));
    raiser.send(&RaiserToDesk::NoRestart).unwrap();
    hears(&mut helped, &FromAgent::Ended(EndReason::RestartRefused));
    assert!(matches!(asked(&raiser), DeskToRaiser::Lower));
}

/// The person permits it, and the computer's own rules say this of the name and the password.
fn looked_at(helped: &mut Helped, raiser: &Socket, outcome: Raising) {
    helped.permit(Capability::Administrator);
    let credential = Credential::parse("amy", &password()).unwrap();
    helped.say(&FromTechnician::Raise(credential));
    assert!(matches!(asked(raiser), DeskToRaiser::Raise(_)));
    raiser.send(&RaiserToDesk::Raised(outcome)).unwrap();
    hears(helped, &FromAgent::Raised(outcome));
}

fn asked(raiser: &Socket) -> DeskToRaiser {
    raiser.receive_within(PATIENCE).unwrap().unwrap()
}

fn hears(helped: &mut Helped, expected: &FromAgent) {
    helped.heard(|message| (message == *expected).then_some(()));
}
