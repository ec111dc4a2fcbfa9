use std::time::Duration;

use conclave_livekit::join::Topology;
use livekit_protocol as proto;
use proto::leave_request::Action;
use proto::signal_response::Message;

use super::stage::Stage;
use crate::connection::Report;
use crate::fact::{EndReason, Fact};
use crate::peer::IceState;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn pings_are_answered_and_keep_the_signal_alive() {
    let mut stage = Stage::new();
    let session = stage.meet("bob", Topology::Single);

    stage.pass(SECOND * 60, &["bob"]);

    assert!(!stage.is_closed(session));
    let pong = stage
        .told("bob")
        .into_iter()
        .rev()
        .find_map(|message| match message {
            Message::PongResp(pong) => Some(pong),
            _ => None,
        });
    assert_eq!(pong.unwrap().timestamp, 1_060_000);
}

#[test]
fn a_silent_signal_is_closed_and_the_participant_stays_with_its_media() {
    let mut stage = Stage::new();
    let session = stage.meet("bob", Topology::Single);

    stage.pass(SECOND * 16, &[]);
    assert!(stage.is_closed(session) && stage.is_there("bob"));
    stage.pass(SECOND * 3_600, &[]);

    assert!(stage.is_there("bob"));
}

#[test]
fn lost_media_make_a_client_resume_and_then_end_it() {
    let mut stage = Stage::new();
    let session = stage.meet("bob", Topology::Single);
    stage.told("bob");

    stage.publisher_reports("bob", Report::Ice(IceState::Disconnected));
    stage.pass(SECOND * 4, &["bob"]);
    assert!(!stage.is_closed(session));
    stage.pass(SECOND * 2, &["bob"]);

    let resumes = stage.told("bob").into_iter().any(|message| match message {
        Message::Leave(leave) => leave.action() == Action::Resume,
        _ => false,
    });
    assert!(resumes && stage.is_closed(session) && stage.is_there("bob"));

    stage.pass(SECOND * 31, &[]);
    assert!(!stage.is_there("bob"));
    assert_eq!(ends(&stage), [EndReason::MediaLost]);
}

#[test]
fn media_that_come_back_in_time_are_no_loss() {
    let mut stage = Stage::new();
    let session = stage.meet("bob", Topology::Single);

    stage.publisher_reports("bob", Report::Ice(IceState::Disconnected));
    stage.pass(SECOND * 4, &["bob"]);
    stage.publisher_reports("bob", Report::Ice(IceState::Connected));
    stage.pass(SECOND * 60, &["bob"]);

    assert!(!stage.is_closed(session) && stage.is_there("bob"));
}

#[test]
fn whoever_never_connects_is_removed() {
    let mut stage = Stage::new();
    stage.enter("bob", Topology::Single);

    stage.pass(SECOND * 61, &["bob"]);

    assert_eq!(ends(&stage), [EndReason::NeverConnected]);
}

#[test]
fn whoever_never_connected_goes_with_its_signal() {
    let mut stage = Stage::new();
    stage.enter("bob", Topology::Dual);

    stage.cut_signal("bob");
    stage.pass(SECOND, &[]);

    assert_eq!(ends(&stage), [EndReason::SignalLost]);
}

#[test]
fn an_offer_that_is_not_answered_ends_the_session() {
    let mut stage = Stage::new();
    stage.meet("bob", Topology::Dual);
    stage.told("bob");

    stage.pass(SECOND * 16, &["bob"]);

    let anew = stage.told("bob").into_iter().any(|message| match message {
        Message::Leave(leave) => leave.action() == Action::Reconnect,
        _ => false,
    });
    assert!(anew && !stage.is_there("bob"));
}

#[test]
fn a_failed_engine_costs_one_participant() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Single);
    stage.meet("bob", Topology::Single);

    stage.publisher_reports("bob", Report::Panicked);

    assert!(stage.is_there("ann") && !stage.is_there("bob"));
    assert!(
        stage
            .facts
            .iter()
            .any(|fact| matches!(fact, Fact::PeerPanicked { .. }))
    );
}

#[test]
fn an_empty_room_ends_in_its_time() {
    let mut stage = Stage::new();
    stage.pass(SECOND * 299, &[]);
    assert!(!stage.room.is_over());
    stage.enter("ann", Topology::Single);
    stage.ask(
        "ann",
        proto::signal_request::Message::Leave(proto::LeaveRequest::default()),
    );

    stage.pass(SECOND * 19, &[]);
    assert!(!stage.room.is_over());
    stage.pass(SECOND * 2, &[]);

    assert!(stage.room.is_over());
    assert!(
        stage
            .facts
            .iter()
            .any(|fact| matches!(fact, Fact::RoomEnded { .. }))
    );
}

#[test]
fn records_are_reported_every_ten_seconds() {
    let mut stage = Stage::new();
    stage.meet("bob", Topology::Single);

    stage.pass(SECOND * 31, &["bob"]);

    let records = stage
        .facts
        .iter()
        .filter(|fact| matches!(fact, Fact::Quality { .. }));
    assert_eq!(records.count(), 3);
}

fn ends(stage: &Stage) -> Vec<EndReason> {
    stage
        .facts
        .iter()
        .filter_map(|fact| match fact {
            Fact::ParticipantLeft { reason, .. } => Some(*reason),
            _ => None,
        })
        .collect()
}
