//! What an organisation caps, the process with the desktop does not ask for, whatever the server says.

use conclave_agent::ipc::{NetToDesk, Subject};
use conclave_protocol::remote::{
    Answer, Capabilities, Capability, EndReason, FromAgent, FromTechnician, MonitorId,
};
use conclave_remote::{Caps, Surface};

use crate::desktop::Desktop;
use crate::helped::{Helped, limits};

// Shows: ABUSE-52.
#[test]
fn what_is_capped_is_not_asked_for_whatever_the_server_says() {
    let desktop = Desktop::new();
    let view = Capabilities::NONE.with(Capability::View);
    let mut helped = Helped::capped(&desktop, caps(view, false));
    helped.permit(Capability::View);

    helped.net.send(&NetToDesk::Limits(limits())).unwrap();

    for capability in [Capability::Control, Capability::ClipboardOut] {
        helped.say(&FromTechnician::Ask(capability));
        let answer = answer_to(&mut helped, capability);
        assert!(matches!(answer, Answer::NotPermitted), "{capability:?}");
    }
}

// Shows: ABUSE-52.
#[test]
fn what_must_be_recorded_is_not_permitted_to_a_server_that_records_nothing() {
    let desktop = Desktop::new();
    let all = Capability::ALL.iter().copied().collect();
    let mut helped = Helped::capped(&desktop, caps(all, true));

    helped.say(&FromTechnician::Ask(Capability::View));

    let answer = answer_to(&mut helped, Capability::View);
    assert!(matches!(answer, Answer::NotPermitted));
    assert!(helped.decoder.picture(MonitorId(0)).is_none());
}

// Shows: ABUSE-52.
#[test]
fn once_the_time_of_the_policy_is_over_no_session_begins() {
    let desktop = Desktop::new();
    let all = Capability::ALL.iter().copied().collect();
    let mut helped = Helped::too_late(&desktop, caps(all, false));

    assert_eq!(helped.ending(), EndReason::NotPermitted);
}

#[test]
fn what_is_not_capped_is_asked_for_as_ever() {
    let desktop = Desktop::new();
    let all = Capability::ALL.iter().copied().collect();
    let mut helped = Helped::capped(&desktop, caps(all, false));

    let question = helped.question(|helped| helped.say(&FromTechnician::Ask(Capability::View)));

    assert!(matches!(
        question.subject,
        Subject::Capability(Capability::View)
    ));
    helped.answer_yes(&question, Surface::Desktop);
}

fn caps(permitted: Capabilities, must_record: bool) -> Caps {
    Caps {
        permitted,
        must_record,
    }
}

fn answer_to(helped: &mut Helped, capability: Capability) -> Answer {
    helped.heard(|message| match message {
        FromAgent::Answer { to, answer } if to == capability => Some(answer),
        _ => None,
    })
}
