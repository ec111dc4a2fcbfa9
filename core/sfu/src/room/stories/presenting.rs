use std::time::Duration;

use conclave_livekit::join::Topology;
use livekit_protocol as proto;
use proto::request_response::Reason;
use proto::signal_request::Message as Ask;
use proto::signal_response::Message;

use super::publishing::tracks_of;
use super::stage::{Stage, add_track, offer, receiving_offer};
use crate::command::ApiRequest;
use crate::fact::{Fact, PublishRefusal};
use crate::presenting::{Presenters, Rule, Turns};

#[test]
fn of_all_who_show_a_screen_at_once_exactly_one_does() {
    let mut stage = meeting(Presenters::Everybody, &[]);
    let guests: Vec<_> = (0..100).map(|number| format!("guest {number}")).collect();
    for guest in &guests {
        enter(&mut stage, guest, false, 1, Presenters::Everybody);
    }

    let showing: Vec<_> = guests
        .iter()
        .filter(|guest| shows(&mut stage, guest))
        .collect();

    assert_eq!(showing, [&guests[0]]);
    let leave = Ask::Leave(proto::LeaveRequest::default());
    stage.ask(&guests[0], leave);
    assert!(shows(&mut stage, &guests[1]));
    assert!(!shows(&mut stage, &guests[2]));
}

#[test]
fn whoever_may_not_show_a_screen_shows_none_whatever_it_is_called() {
    let mut stage = meeting(Presenters::Leaders, &[("ann", true), ("bob", false)]);
    for source in [
        proto::TrackSource::ScreenShare,
        proto::TrackSource::ScreenShareAudio,
        proto::TrackSource::Unknown,
    ] {
        assert!(!announces(&mut stage, "bob", source), "{source:?}");
    }
    assert!(announces(&mut stage, "bob", proto::TrackSource::Camera));
    assert!(shows(&mut stage, "ann"));
}

// Shows: REQ-AC-13, ABUSE-24.
#[test]
fn a_camera_is_made_no_screen_by_being_announced_again() {
    let people = [("ann", true), ("bob", false), ("cyd", false)];
    let mut stage = meeting(Presenters::Everybody, &people);
    assert!(shows(&mut stage, "cyd"));
    stage.ask("bob", Ask::AddTrack(add_track("video", "x")));
    stage.ask("bob", as_screen("x", ""));
    assert_eq!(refusal(stage.told("bob")), Some(Reason::NotAllowed));
    stage.told("ann");

    stage.ask("bob", Ask::Offer(offer(1, &[("video", "x", Some("x"))])));

    let told = tracks_of(stage.told("ann"), "bob").unwrap();
    assert_eq!(sources(&told), [proto::TrackSource::Camera]);
    for sid in ["", told[0].sid.as_str()] {
        stage.ask("bob", as_screen("x", sid));
        assert_eq!(refusal(stage.told("bob")), Some(Reason::NotAllowed));
    }
    assert!(tracks_of(stage.told("ann"), "bob").is_none());
}

#[test]
fn also_who_may_show_a_screen_makes_none_of_their_camera() {
    let mut stage = meeting(Presenters::Everybody, &[("ann", true), ("bob", false)]);
    let sid = stage.publish("bob", "video", "x");
    stage.told("bob");

    stage.ask("bob", as_screen("x", &sid));

    let mut told = stage.told("bob").into_iter();
    let track = told.find_map(|message| match message {
        Message::TrackPublished(published) => published.track,
        _ => None,
    });
    assert_eq!(sources(&[track.unwrap()]), [proto::TrackSource::Camera]);
    assert!(shows(&mut stage, "ann"), "the screen is free");
}

#[test]
fn each_reason_for_which_a_screen_is_refused_is_reported_once_in_a_session() {
    let mut stage = meeting(Presenters::Everybody, &[("ann", true), ("bob", false)]);
    assert!(shows(&mut stage, "ann"));
    for _ in 0..3 {
        assert!(!shows(&mut stage, "bob"));
    }
    assert_eq!(stage.publish_refusals("bob"), [PublishRefusal::ScreenTaken]);

    present(&mut stage, 2, Presenters::Leaders);
    for _ in 0..3 {
        assert!(!shows(&mut stage, "bob"));
    }

    let both = [PublishRefusal::ScreenTaken, PublishRefusal::NotPresenter];
    assert_eq!(stage.publish_refusals("bob"), both);
    assert!(stage.publish_refusals("ann").is_empty());

    enter(&mut stage, "bob", false, 2, Presenters::Leaders);
    assert!(!shows(&mut stage, "bob"));
    assert_eq!(stage.publish_refusals("bob").len(), 3, "another session");
}

#[test]
fn a_screen_that_may_not_be_shown_any_more_ends_with_its_packets() {
    for (later, stays) in [
        (Presenters::Leaders, false),
        (one("ann"), false),
        (one("bob"), true),
        (one("gone"), false),
        (Presenters::Everybody, true),
    ] {
        let mut stage = meeting(Presenters::Everybody, &[("ann", true), ("bob", false)]);
        assert!(shows(&mut stage, "bob"));
        stage.ask(
            "bob",
            Ask::Offer(offer(1, &[("video", "x", Some("screen"))])),
        );
        stage.ask("ann", Ask::Offer(receiving_offer(2)));
        stage.told("bob");

        present(&mut stage, 2, later);

        stage.receivers();
        stage.packet("bob", "video", "x", 1);
        assert_eq!(stage.receivers().is_empty(), !stays);
        let told = stage.told("bob");
        let ended = told
            .iter()
            .any(|message| matches!(message, Message::TrackUnpublished(_)));
        assert_eq!(ended, !stays);
    }
}

#[test]
fn what_somebody_leads_no_longer_ends_what_they_showed_as_a_leader() {
    let mut stage = meeting(Presenters::Leaders, &[("ann", true)]);
    assert!(shows(&mut stage, "ann"));
    let lead = |leads, revision| ApiRequest::Lead {
        identity: "ann".to_owned(),
        leads,
        revision,
    };

    stage.api(lead(false, 3)).unwrap();

    assert!(!shows(&mut stage, "ann"));
    stage.api(lead(true, 2)).unwrap();
    assert!(!shows(&mut stage, "ann"), "that was before");
    stage.api(lead(true, 4)).unwrap();
    assert!(shows(&mut stage, "ann"));
}

#[test]
fn whom_the_screen_was_handed_to_finds_it_free_when_they_come_back() {
    let bob = || one("bob");
    let mut stage = meeting(bob(), &[("ann", true), ("bob", false)]);
    stage.ask("bob", Ask::Leave(proto::LeaveRequest::default()));
    assert!(shows(&mut stage, "ann"));
    stage.ask(
        "ann",
        Ask::Offer(offer(1, &[("video", "x", Some("screen"))])),
    );
    stage.told("ann");

    enter(&mut stage, "bob", false, 1, bob());

    let told = stage.told("ann");
    let ended = |message: &Message| matches!(message, Message::TrackUnpublished(_));
    assert!(told.iter().any(ended));
    assert!(shows(&mut stage, "bob"));
}

#[test]
fn a_screen_that_is_announced_and_never_comes_keeps_no_host_waiting() {
    let people = [("ann", true), ("bob", false), ("cyd", false)];
    let mut stage = meeting(Presenters::Everybody, &people);
    assert!(shows(&mut stage, "bob"));
    assert!(!shows(&mut stage, "cyd"));

    assert!(shows(&mut stage, "ann"));

    let told = stage.told("bob");
    let ended = |message: &Message| matches!(message, Message::TrackUnpublished(_));
    assert!(told.iter().any(ended));
    assert!(!shows(&mut stage, "bob"));
}

#[test]
fn an_older_rule_changes_nothing_also_when_somebody_brings_it() {
    let mut stage = meeting(Presenters::Everybody, &[("ann", false)]);
    present(&mut stage, 5, Presenters::Leaders);

    present(&mut stage, 4, Presenters::Everybody);
    enter(&mut stage, "bob", false, 4, Presenters::Everybody);

    assert!(!shows(&mut stage, "ann") && !shows(&mut stage, "bob"));
}

#[test]
fn whether_who_shows_a_screen_does_anything_is_said_until_it_is_taken_off() {
    let mut stage = meeting(Presenters::Everybody, &[("ann", true), ("bob", false)]);
    stage.facts.clear();
    assert!(shows(&mut stage, "bob"));
    stage.ask(
        "bob",
        Ask::Offer(offer(1, &[("video", "x", Some("screen"))])),
    );
    assert_eq!(screens(&mut stage), ["bob active"]);

    stage.pass(Duration::from_secs(10), &["ann", "bob"]);
    assert!(screens(&mut stage).is_empty(), "nothing was sent");
    for sequence in 0..5_000 {
        stage.packet("bob", "video", "x", sequence);
    }
    stage.pass(Duration::from_secs(10), &["ann", "bob"]);
    assert_eq!(screens(&mut stage), ["bob active"]);

    let identity = "bob".to_owned();
    stage.api(ApiRequest::StopScreen { identity }).unwrap();

    assert_eq!(screens(&mut stage), ["bob ended"]);
    stage.receivers();
    stage.packet("bob", "video", "x", 5_001);
    assert!(stage.receivers().is_empty());
    assert!(shows(&mut stage, "bob"), "they begin again by themselves");
}

#[test]
fn developers_rooms_have_no_such_rule() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Single);
    stage.meet("bob", Topology::Single);

    assert!(shows(&mut stage, "ann") && shows(&mut stage, "bob"));
}

/// The video of this cid, or of this track, announced as a screen.
fn as_screen(cid: &str, sid: &str) -> Ask {
    Ask::AddTrack(proto::AddTrackRequest {
        source: proto::TrackSource::ScreenShare as i32,
        sid: sid.to_owned(),
        ..add_track("video", cid)
    })
}

fn refusal(told: Vec<Message>) -> Option<Reason> {
    told.into_iter().find_map(|message| match message {
        Message::RequestResponse(response) => Some(response.reason()),
        _ => None,
    })
}

fn sources(tracks: &[proto::TrackInfo]) -> Vec<proto::TrackSource> {
    tracks.iter().map(proto::TrackInfo::source).collect()
}

/// What was said of presenters since this was asked last.
fn screens(stage: &mut Stage) -> Vec<String> {
    let facts = std::mem::take(&mut stage.facts).into_iter();
    let said = facts.filter_map(|fact| match fact {
        Fact::ScreenActive { identity, .. } => Some(format!("{identity} active")),
        Fact::ScreenEnded { identity, .. } => Some(format!("{identity} ended")),
        _ => None,
    });
    said.collect()
}

fn one(identity: &str) -> Presenters {
    Presenters::One {
        identity: identity.to_owned(),
        leaders_otherwise: true,
    }
}

fn meeting(presenters: Presenters, people: &[(&str, bool)]) -> Stage {
    let mut stage = Stage::new();
    for (identity, leads) in people {
        enter(&mut stage, identity, *leads, 1, presenters.clone());
    }
    stage
}

fn enter(stage: &mut Stage, identity: &str, leads: bool, revision: u64, presenters: Presenters) {
    let rule = Rule {
        revision,
        presenters,
    };
    stage.enter_with(identity, Topology::Single, |connect| {
        connect.access.turns = Some(Turns {
            rule,
            leads,
            permitted_at: 0,
        });
    });
    stage.bring_up(identity);
    stage.told(identity);
}

fn present(stage: &mut Stage, revision: u64, presenters: Presenters) {
    let rule = Rule {
        revision,
        presenters,
    };
    stage.api(ApiRequest::Present(rule)).unwrap();
}

fn shows(stage: &mut Stage, identity: &str) -> bool {
    announces(stage, identity, proto::TrackSource::ScreenShare)
}

fn announces(stage: &mut Stage, identity: &str, source: proto::TrackSource) -> bool {
    let kind = match source {
        proto::TrackSource::ScreenShareAudio => "audio",
        _ => "video",
    };
    let request = proto::AddTrackRequest {
        source: source as i32,
        ..add_track(kind, "screen")
    };
    stage.told(identity);
    stage.ask(identity, Ask::AddTrack(request));
    stage.told(identity).iter().any(|message| match message {
        Message::TrackPublished(_) => true,
        Message::RequestResponse(response) => {
            assert_eq!(response.reason(), Reason::NotAllowed);
            false
        }
        _ => false,
    })
}
