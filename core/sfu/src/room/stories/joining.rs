use std::time::Duration;

use conclave_livekit::join::Topology;
use livekit_protocol as proto;
use proto::leave_request::Action;
use proto::participant_info::State;
use proto::signal_request::Message as Ask;
use proto::signal_response::Message;
use proto::{DisconnectReason, simulate_scenario::Scenario};

use super::stage::{BOTH, Stage, offer};
use crate::command::{ApiRefusal, ApiRequest, ApiResponse};
use crate::fact::{EndReason, Fact};
use crate::io::Config;

#[test]
fn join_comes_first_and_says_what_clients_rely_on() {
    for topology in BOTH {
        let mut stage = Stage::new();
        stage.meet("ann", Topology::Single);
        stage.publish("ann", "video", "x");

        stage.enter("bob", topology);

        let told = stage.told("bob");
        let Some(Message::Join(join)) = told.first() else {
            panic!("not a join");
        };
        assert_eq!(join.subscriber_primary, topology == Topology::Dual);
        assert!(!join.server_info.as_ref().unwrap().version.is_empty());
        assert_eq!((join.ping_interval, join.ping_timeout), (5, 15));
        assert!(join.sif_trailer.len() >= 16);
        let own = join.participant.as_ref().unwrap();
        assert!(own.sid.starts_with("PA_") && own.state() == State::Joined);
        assert!(own.permission.as_ref().unwrap().can_publish);
        let other = &join.other_participants[0];
        assert_eq!((other.identity.as_str(), other.tracks.len()), ("ann", 1));
        let second = told.get(1);
        match topology {
            Topology::Dual => assert!(matches!(second, Some(Message::Offer(o)) if o.id == 1)),
            Topology::Single => assert!(matches!(second, Some(Message::Answer(a)) if a.id == 1)),
        }
    }
}

#[test]
fn a_participant_is_told_to_others_when_its_media_are_up() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Single);
    stage.told("ann");

    stage.enter("bob", Topology::Single);
    assert!(stage.told("ann").is_empty());
    stage.bring_up("bob");

    assert_eq!(
        updated(&stage.told("ann")),
        [("bob".to_owned(), State::Active)]
    );
    let active =
        |fact: &Fact| matches!(fact, Fact::ParticipantActive { identity, .. } if identity == "bob");
    assert!(stage.facts.iter().any(active));
}

#[test]
fn a_second_join_of_an_identity_ends_the_first() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Single);
    let first = stage.meet("bob", Topology::Single);
    let before = stage.sid("bob");
    stage.told("ann");

    stage.meet("bob", Topology::Single);

    let last = stage.told_on(first).pop();
    assert_eq!(
        left(last.as_ref()),
        Some((DisconnectReason::DuplicateIdentity, Action::Disconnect))
    );
    assert!(stage.is_closed(first));
    assert_ne!(stage.sid("bob"), before);
    let states: Vec<State> = updated(&stage.told("ann"))
        .into_iter()
        .map(|u| u.1)
        .collect();
    assert_eq!(states, [State::Disconnected, State::Active]);
}

#[test]
fn a_full_room_refuses() {
    let mut stage = Stage::with(Config {
        max_participants_per_room: 1,
        ..Config::default()
    });
    stage.enter("ann", Topology::Single);

    let second = stage.enter("bob", Topology::Dual);

    let told = stage.told_on(second);
    assert_eq!(told.len(), 1);
    assert_eq!(
        left(told.first()),
        Some((DisconnectReason::JoinFailure, Action::Disconnect))
    );
    assert!(stage.is_closed(second) && !stage.is_there("bob"));
}

#[test]
fn a_resume_of_a_session_that_is_not_there_has_to_start_anew() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Single);

    for (identity, sid) in [("bob", ""), ("ann", "PA_other")] {
        let session = stage.resume(identity, Topology::Single, sid);

        let told = stage.told_on(session);
        assert_eq!(
            left(told.first()),
            Some((DisconnectReason::StateMismatch, Action::Reconnect))
        );
        assert!(stage.is_closed(session));
    }
    assert!(stage.is_there("ann"));
}

#[test]
fn a_resume_is_told_everything_and_who_left_meanwhile() {
    for topology in BOTH {
        let mut stage = Stage::new();
        stage.meet("ann", Topology::Single);
        stage.meet("cid", Topology::Single);
        let first = stage.meet("bob", topology);
        let sid = stage.sid("bob");
        if topology == Topology::Dual {
            stage.ask("bob", super::stage::answer(1));
        }
        stage.cut_signal("bob");
        stage.ask("cid", Ask::Leave(proto::LeaveRequest::default()));
        let offers = stage.offers.len();

        stage.resume("bob", topology, &sid);

        let told = stage.told("bob");
        assert!(matches!(told.first(), Some(Message::Reconnect(_))));
        let mut states = updated(&told);
        states.sort_by(|left, right| left.0.cmp(&right.0));
        let states: Vec<(&str, State)> = states.iter().map(|(i, s)| (i.as_str(), *s)).collect();
        assert_eq!(
            states,
            [
                ("ann", State::Active),
                ("bob", State::Active),
                ("cid", State::Disconnected)
            ]
        );
        assert!(
            told.iter()
                .any(|message| matches!(message, Message::RoomUpdate(_)))
        );
        assert!(!stage.is_closed(first));
        if topology == Topology::Dual {
            assert!(
                stage.offers[offers..]
                    .iter()
                    .any(|change| change.ice_restart)
            );
        }
    }
}

#[test]
fn a_resume_repeats_an_offer_that_was_not_answered() {
    let mut stage = Stage::new();
    stage.meet("bob", Topology::Dual);
    let sid = stage.sid("bob");
    stage.cut_signal("bob");

    stage.resume("bob", Topology::Dual, &sid);

    let told = stage.told("bob");
    let offers = told
        .iter()
        .filter(|m| matches!(m, Message::Offer(o) if o.id == 1));
    assert_eq!(offers.count(), 1);
}

#[test]
fn a_resume_replaces_a_session_that_is_not_known_to_be_dead() {
    let mut stage = Stage::new();
    let first = stage.meet("bob", Topology::Single);
    let sid = stage.sid("bob");

    let second = stage.resume("bob", Topology::Single, &sid);

    assert!(stage.is_closed(first) && !stage.is_closed(second));
    assert_eq!(stage.sid("bob"), sid);
}

#[test]
fn a_client_that_believes_in_unknown_tracks_has_to_start_anew() {
    let mut stage = Stage::new();
    stage.meet("bob", Topology::Single);
    stage.told("bob");

    let published = proto::TrackPublishedResponse {
        cid: "x".to_owned(),
        track: Some(proto::TrackInfo {
            sid: "TR_unknown".to_owned(),
            ..Default::default()
        }),
    };
    stage.ask(
        "bob",
        Ask::SyncState(proto::SyncState {
            publish_tracks: vec![published],
            ..Default::default()
        }),
    );

    assert_eq!(
        left(stage.told("bob").last()),
        Some((DisconnectReason::StateMismatch, Action::Reconnect))
    );
}

#[test]
fn a_description_that_is_none_ends_that_session_alone() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Single);
    stage.meet("eve", Topology::Single);
    stage.told("eve");

    for sdp in [
        "",
        "v=0",
        "m=\r\n",
        "\u{0}\u{0}",
        "m=audio 9 X 0\r\na=mid:0\r\nm=audio 9 X 0\r\na=mid:0\r\n",
    ] {
        let mut description = offer(2, &[]);
        description.sdp = sdp.to_owned();
        stage.ask("eve", Ask::Offer(description));

        assert_eq!(left(stage.told("eve").last()).unwrap().1, Action::Reconnect);
        assert!(!stage.is_there("eve") && stage.is_there("ann"));
        stage.meet("eve", Topology::Single);
        stage.told("eve");
    }
}

#[test]
fn faults_are_made_to_order_for_the_asker_alone() {
    let cases = [
        (Scenario::NodeFailure(true), None),
        (Scenario::Migration(true), None),
        (Scenario::ServerLeave(true), Some(Action::Disconnect)),
        (
            Scenario::LeaveRequestFullReconnect(true),
            Some(Action::Reconnect),
        ),
    ];
    for (scenario, action) in cases {
        let mut stage = Stage::new();
        stage.meet("ann", Topology::Single);
        let session = stage.meet("bob", Topology::Single);
        stage.told("bob");

        stage.ask("bob", simulate(scenario));

        let told = stage.told_on(session);
        assert_eq!(left(told.first()).map(|left| left.1), action);
        assert!(stage.is_closed(session) && !stage.is_there("bob") && stage.is_there("ann"));
    }
}

#[test]
fn the_next_resume_breaks_on_demand() {
    let cases = [
        (Scenario::DisconnectSignalOnResume(true), 1),
        (Scenario::DisconnectSignalOnResumeNoMessages(true), 0),
    ];
    for (scenario, messages) in cases {
        let mut stage = Stage::new();
        stage.meet("bob", Topology::Single);
        let sid = stage.sid("bob");
        stage.ask("bob", simulate(scenario));

        let broken = stage.resume("bob", Topology::Single, &sid);
        assert_eq!(stage.told_on(broken).len(), messages);
        assert!(stage.is_closed(broken) && stage.is_there("bob"));

        let whole = stage.resume("bob", Topology::Single, &sid);
        assert!(!stage.is_closed(whole));
    }
}

#[test]
fn the_end_of_a_room_is_told_to_everybody_with_its_reason() {
    let mut stage = Stage::new();
    let sessions = ["ann", "bob"].map(|identity| stage.meet(identity, Topology::Single));

    let reply = stage.api(ApiRequest::DeleteRoom(proto::DeleteRoomRequest::default()));

    assert!(matches!(reply, Ok(ApiResponse::Done)));
    for session in sessions {
        let last = stage.told_on(session).pop();
        assert_eq!(
            left(last.as_ref()),
            Some((DisconnectReason::RoomDeleted, Action::Disconnect))
        );
        assert!(stage.is_closed(session));
    }
    assert!(stage.room.is_over());
}

#[test]
fn a_shutdown_lets_clients_come_back() {
    let mut stage = Stage::new();
    let session = stage.meet("ann", Topology::Single);

    stage.room.end(stage.now, EndReason::ServerShutdown);
    stage.pass(Duration::ZERO, &[]);
    let _ = stage.api(ApiRequest::ListRooms(proto::ListRoomsRequest::default()));

    let last = stage.told_on(session).pop();
    assert_eq!(
        left(last.as_ref()),
        Some((DisconnectReason::ServerShutdown, Action::Reconnect))
    );
}

#[test]
fn a_removed_participant_is_told_why() {
    let mut stage = Stage::new();
    let session = stage.meet("bob", Topology::Single);
    let bob = || proto::RoomParticipantIdentity {
        identity: "bob".to_owned(),
        ..Default::default()
    };

    stage
        .api(ApiRequest::RemoveParticipant(bob()))
        .unwrap_or_else(|_| panic!("is there"));

    let last = stage.told_on(session).pop();
    assert_eq!(
        left(last.as_ref()),
        Some((DisconnectReason::ParticipantRemoved, Action::Disconnect))
    );
    let again = stage.api(ApiRequest::RemoveParticipant(bob()));
    assert!(matches!(again, Err(ApiRefusal::NoParticipant)));
}

fn simulate(scenario: Scenario) -> Ask {
    Ask::Simulate(proto::SimulateScenario {
        scenario: Some(scenario),
    })
}

fn left(message: Option<&Message>) -> Option<(DisconnectReason, Action)> {
    match message {
        Some(Message::Leave(leave)) => Some((leave.reason(), leave.action())),
        _ => None,
    }
}

fn updated(messages: &[Message]) -> Vec<(String, State)> {
    messages
        .iter()
        .filter_map(|message| match message {
            Message::Update(update) => Some(&update.participants),
            _ => None,
        })
        .flatten()
        .map(|info| (info.identity.clone(), info.state()))
        .collect()
}
