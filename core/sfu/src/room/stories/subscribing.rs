use std::time::Duration;

use conclave_livekit::join::Topology;
use livekit_protocol as proto;
use proto::signal_request::Message as Ask;
use proto::signal_response::Message;

use super::stage::{Stage, answer, offer, receiving_offer};
use crate::connection::Report;
use crate::peer::AudioLevel;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_v0_client_is_offered_what_it_wants_and_gets_it_after_its_answer() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Dual);
    stage.ask("ann", answer(1));
    stage.meet("bob", Topology::Single);
    stage.told("ann");
    let sid = stage.publish("bob", "video", "x");

    let told = stage.told("ann");
    let at = |wanted: fn(&Message) -> bool| told.iter().position(wanted).unwrap();
    let update = at(|message| matches!(message, Message::Update(_)));
    let offered = at(|message| matches!(message, Message::Offer(_)));
    assert!(update < offered);
    let Message::Offer(offer) = &told[offered] else {
        panic!("not an offer");
    };
    assert_eq!(offer.mid_to_track_id.values().collect::<Vec<_>>(), [&sid]);
    let source = &stage.offers.last().unwrap().add[0].source;
    assert_eq!(source.stream_id, format!("{}|camera", stage.sid("bob")));
    assert_eq!(source.track_id, sid);

    stage.packet("bob", "video", "x", 1);
    assert!(stage.receivers().is_empty());
    stage.ask("ann", answer(1));
    stage.packet("bob", "video", "x", 2);
    assert!(stage.receivers().is_empty(), "an old answer means nothing");
    stage.ask("ann", answer(2));
    stage.packet("bob", "video", "x", 3);
    assert_eq!(stage.receivers(), ["ann"]);
    let told = stage.told("bob");
    assert!(
        told.iter()
            .any(|m| matches!(m, Message::TrackSubscribed(t) if t.track_sid == sid))
    );
}

#[test]
fn a_v1_client_is_asked_for_the_sections_that_are_missing() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Single);
    stage.meet("bob", Topology::Single);
    stage.told("ann");

    stage.publish("bob", "video", "x");
    assert_eq!(required(stage.told("ann")), [(0, 0)]);
    let two = [("video", "x", Some("x")), ("video", "y", Some("y"))];
    stage.ask("bob", Ask::AddTrack(super::stage::add_track("video", "y")));
    stage.ask("bob", Ask::Offer(offer(2, &two)));
    assert_eq!(required(stage.told("ann")), [(0, 1)]);

    let sections = [
        ("audio", "ra", None),
        ("video", "rv", None),
        ("video", "rw", None),
    ];
    stage.ask("ann", Ask::Offer(offer(9, &sections)));
    let told = stage.told("ann");
    let map = told.iter().find_map(|message| match message {
        Message::Answer(answer) if answer.id == 9 => Some(&answer.mid_to_track_id),
        _ => None,
    });
    assert_eq!(map.unwrap().len(), 2);
    stage.packet("bob", "video", "x", 1);
    stage.packet("bob", "video", "y", 1);
    assert_eq!(stage.receivers(), ["ann", "ann"]);
}

#[test]
fn a_v0_client_is_told_by_the_stream_which_track_a_used_section_carries() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Dual);
    stage.ask("ann", answer(1));
    stage.meet("bob", Topology::Single);
    stage.publish("bob", "video", "x");
    stage.ask("ann", answer(2));
    stage.ask("bob", Ask::Leave(proto::LeaveRequest::default()));
    stage.ask("ann", answer(3));

    stage.meet("bob", Topology::Single);
    let sid = stage.publish("bob", "video", "y");

    let change = stage.offers.last().unwrap();
    assert!(change.add.is_empty());
    let expected = format!("{}|{sid}", stage.sid("bob"));
    assert_eq!(change.reuse[0].source.stream_id, expected);
}

#[test]
fn an_offer_that_a_client_lost_is_said_again_until_it_answers() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Dual);
    assert_eq!(offers(&stage.told("ann")), [1]);

    stage.pass(SECOND * 4, &["ann"]);
    assert_eq!(offers(&stage.told("ann")), [1]);
    stage.ask("ann", answer(1));
    stage.pass(SECOND * 20, &["ann"]);

    assert!(offers(&stage.told("ann")).is_empty());
    assert!(stage.is_there("ann"));
}

#[test]
fn a_request_that_a_client_lost_is_said_again_but_not_for_ever() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Single);
    stage.meet("bob", Topology::Single);
    stage.told("ann");
    stage.publish("bob", "video", "x");
    assert_eq!(required(stage.told("ann")).len(), 1);

    stage.pass(SECOND * 4, &["ann", "bob"]);
    assert_eq!(required(stage.told("ann")).len(), 1);
    stage.pass(SECOND * 120, &["ann", "bob"]);

    assert!(required(stage.told("ann")).len() < 10);
    assert!(stage.is_there("ann"));
}

#[test]
fn an_unsubscribed_track_stops_at_once_and_comes_again() {
    let mut stage = watched();
    let sid = track_sid(&stage);

    stage.ask("ann", subscribe(&sid, false));
    stage.packet("bob", "video", "x", 2);
    assert!(stage.receivers().is_empty());
    assert_eq!(required(stage.told("ann")), [(0, 0)]);
    stage.ask("ann", Ask::Offer(receiving_offer(3)));

    stage.ask("ann", subscribe(&sid, true));
    stage.ask("ann", Ask::Offer(receiving_offer(4)));
    stage.packet("bob", "video", "x", 3);
    assert_eq!(stage.receivers(), ["ann"]);
}

#[test]
fn a_track_that_does_not_come_is_not_found_after_a_minute() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Single);
    stage.ask("ann", subscribe("TR_unknown", true));
    stage.told("ann");

    stage.pass(SECOND * 59, &["ann"]);
    assert!(not_found(&stage.told("ann")).is_empty());
    stage.pass(SECOND * 2, &["ann"]);
    assert_eq!(not_found(&stage.told("ann")), ["TR_unknown"]);
    stage.pass(SECOND * 120, &["ann"]);
    assert!(not_found(&stage.told("ann")).is_empty());
}

#[test]
fn a_publisher_chooses_who_receives_it_and_media_obey_at_once() {
    let mut stage = watched();
    let sid = track_sid(&stage);

    stage.ask("bob", audience(false, &["cid"]));
    stage.packet("bob", "video", "x", 2);

    assert!(stage.receivers().is_empty());
    assert_eq!(permissions(stage.told("ann")), [(sid.clone(), false)]);
    stage.ask("bob", audience(true, &[]));
    stage.ask("ann", Ask::Offer(receiving_offer(3)));
    stage.ask("ann", Ask::Offer(receiving_offer(4)));
    stage.packet("bob", "video", "x", 3);
    assert_eq!(permissions(stage.told("ann")), [(sid, true)]);
    assert_eq!(stage.receivers(), ["ann"]);
}

#[test]
fn a_disabled_track_pauses_and_its_publisher_is_told_that_nobody_looks() {
    let mut stage = watched();
    let sid = track_sid(&stage);
    stage.told("bob");
    let setting = |disabled| {
        Ask::TrackSetting(proto::UpdateTrackSettings {
            track_sids: vec![sid.clone()],
            disabled,
            quality: proto::VideoQuality::High as i32,
            ..Default::default()
        })
    };

    stage.ask("ann", setting(true));
    stage.pass(SECOND * 7, &["ann", "bob"]);
    stage.packet("bob", "video", "x", 2);
    assert!(stage.receivers().is_empty());
    let enabled = wanted(&stage.told("bob"));
    assert_eq!(enabled.last(), Some(&vec![false, false, false]));

    stage.ask("ann", setting(false));
    stage.pass(SECOND, &["ann", "bob"]);
    stage.packet("bob", "video", "x", 3);
    assert_eq!(stage.receivers(), ["ann"]);
    assert!(
        wanted(&stage.told("bob"))
            .last()
            .is_some_and(|enabled| enabled[0])
    );
}

#[test]
fn a_publisher_whose_last_viewer_leaves_is_told_that_nobody_looks() {
    let mut stage = watched();
    stage.pass(SECOND * 7, &["ann", "bob"]);
    assert!(
        wanted(&stage.told("bob"))
            .last()
            .is_some_and(|enabled| enabled[0])
    );

    stage.ask("ann", Ask::Leave(proto::LeaveRequest::default()));
    stage.pass(SECOND * 7, &["bob"]);

    let enabled = wanted(&stage.told("bob"));
    assert_eq!(enabled.last(), Some(&vec![false, false, false]));
}

#[test]
fn a_path_that_is_too_narrow_pauses_video_and_says_so() {
    let mut stage = watched();
    let sid = track_sid(&stage);
    for sequence in 2..60 {
        stage.packet("bob", "video", "x", sequence);
    }
    stage.told("ann");

    stage.publisher_reports("ann", Report::BandwidthEstimate { bitrate: 1 });
    stage.pass(SECOND, &["ann", "bob"]);

    let state = stage
        .told("ann")
        .into_iter()
        .find_map(|message| match message {
            Message::StreamStateUpdate(update) => update.stream_states.into_iter().next(),
            _ => None,
        });
    let state = state.unwrap();
    assert_eq!(
        (state.track_sid, state.state),
        (sid, proto::StreamState::Paused as i32)
    );
}

#[test]
fn a_stuck_decoder_gets_a_key_frame_but_not_twice_at_once() {
    let mut stage = watched();
    stage.pass(SECOND * 2, &["ann", "bob"]);
    stage.key_frames.clear();
    let mid = crate::sdp::Mid::new("rv").unwrap();

    for _ in 0..10 {
        stage.publisher_reports("ann", Report::KeyFrameRequest { mid });
    }

    assert_eq!(stage.key_frames.len(), 1);
}

#[test]
fn who_comes_late_is_told_of_connections_that_have_long_been_the_same() {
    let mut stage = Stage::new();
    stage.meet("bob", Topology::Single);
    stage.publish("bob", "audio", "x");
    stage.pass(SECOND * 20, &["bob"]);
    let of_himself = qualities(&stage.told("bob"));
    assert_eq!(of_himself, [stage.sid("bob")]);

    stage.meet("ann", Topology::Single);
    stage.ask("ann", Ask::Offer(receiving_offer(2)));
    stage.pass(SECOND * 6, &["ann", "bob"]);

    let both = qualities(&stage.told("ann"));
    assert!(both.contains(&stage.sid("bob")), "{both:?}");
    assert_eq!(qualities(&stage.told("bob")), [""; 0]);
    stage.pass(SECOND * 20, &["ann", "bob"]);
    assert_eq!(qualities(&stage.told("ann")), [""; 0]);
}

#[test]
fn who_resumes_is_told_again_what_may_have_been_lost_with_the_signal() {
    let mut stage = Stage::new();
    stage.meet("bob", Topology::Single);
    stage.pass(SECOND * 6, &["bob"]);
    assert_eq!(qualities(&stage.told("bob")), [stage.sid("bob")]);

    stage.cut_signal("bob");
    stage.pass(SECOND * 6, &[]);
    let sid = stage.sid("bob");
    stage.resume("bob", Topology::Single, &sid);
    stage.pass(SECOND * 6, &["bob"]);

    assert_eq!(qualities(&stage.told("bob")), [sid]);
}

/// Of whose connections somebody was told.
fn qualities(told: &[Message]) -> Vec<String> {
    let updates = told.iter().filter_map(|message| match message {
        Message::ConnectionQuality(update) => Some(&update.updates),
        _ => None,
    });
    let sids = updates
        .flatten()
        .map(|update| update.participant_sid.clone());
    sids.collect()
}

#[test]
fn speakers_are_told_to_those_who_hear_them_and_to_themselves() {
    let mut stage = Stage::new();
    for identity in ["ann", "bob", "cid"] {
        stage.meet(identity, Topology::Single);
    }
    let sid = stage.publish("bob", "audio", "x");
    stage.ask("ann", Ask::Offer(receiving_offer(2)));
    stage.ask("cid", subscribe(&sid, false));
    for identity in ["ann", "bob", "cid"] {
        stage.told(identity);
    }

    for sequence in 1..=20 {
        speak(&mut stage, "bob", sequence);
        stage.now += Duration::from_millis(20);
    }
    stage.pass(SECOND, &["ann", "bob", "cid"]);

    let bob = stage.sid("bob");
    for (identity, expected) in [("ann", true), ("bob", true), ("cid", false)] {
        let told = stage.told(identity);
        let heard = told.iter().any(|message| match message {
            Message::SpeakersChanged(changed) => {
                changed.speakers.iter().any(|s| s.sid == bob && s.active)
            }
            _ => false,
        });
        assert_eq!(heard, expected, "{identity}");
    }
}

#[test]
fn a_codec_that_the_client_does_not_take_is_said() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Single);
    stage.meet("bob", Topology::Single);
    let mut description = offer(2, &[("video", "x", Some("x"))]);
    description.sdp = description.sdp.replace("VP8/90000", "AV1/90000");
    stage.ask("bob", Ask::AddTrack(super::stage::add_track("video", "x")));
    stage.ask("bob", Ask::Offer(description));

    stage.ask("ann", Ask::Offer(receiving_offer(2)));

    let error = stage
        .told("ann")
        .into_iter()
        .find_map(|message| match message {
            Message::SubscriptionResponse(response) => Some(response.err()),
            _ => None,
        });
    assert_eq!(error, Some(proto::SubscriptionError::SeCodecUnsupported));
}

fn offers(told: &[Message]) -> Vec<u32> {
    let offer = |message: &Message| match message {
        Message::Offer(offer) => Some(offer.id),
        _ => None,
    };
    told.iter().filter_map(offer).collect()
}

/// Bob publishes a video, and Ann receives it.
fn watched() -> Stage {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Single);
    stage.meet("bob", Topology::Single);
    stage.publish("bob", "video", "x");
    stage.ask("ann", Ask::Offer(receiving_offer(2)));
    stage.packet("bob", "video", "x", 1);
    assert_eq!(stage.receivers(), ["ann"]);
    stage.told("ann");
    stage
}

fn track_sid(stage: &Stage) -> String {
    stage.room.tracks.values().next().unwrap().info.sid.clone()
}

fn speak(stage: &mut Stage, identity: &str, sequence: u64) {
    let packet = crate::peer::MediaPacket {
        mid: crate::sdp::Mid::new("x").unwrap(),
        rid: None,
        ssrc: 1,
        codec: crate::sdp::Codec::Opus,
        sequence,
        timestamp: sequence as u32 * 960,
        marker: false,
        audio_level: Some(AudioLevel {
            attenuation: 10,
            voice: true,
        }),
        dependency_descriptor: None,
        rotation: None,
        capture_time: None,
        payload: vec![1, 2, 3].into(),
        arrival: stage.now,
        sender_report: None,
    };
    stage.publisher_reports(identity, Report::Media(packet));
}

fn subscribe(sid: &str, subscribe: bool) -> Ask {
    Ask::Subscription(proto::UpdateSubscription {
        track_sids: vec![sid.to_owned()],
        subscribe,
        ..Default::default()
    })
}

fn audience(all_participants: bool, named: &[&str]) -> Ask {
    let permission = |identity: &&str| proto::TrackPermission {
        participant_identity: (*identity).to_owned(),
        all_tracks: true,
        ..Default::default()
    };
    Ask::SubscriptionPermission(proto::SubscriptionPermission {
        all_participants,
        track_permissions: named.iter().map(permission).collect(),
    })
}

fn required(told: Vec<Message>) -> Vec<(u32, u32)> {
    told.into_iter()
        .filter_map(|message| match message {
            Message::MediaSectionsRequirement(extra) => Some((extra.num_audios, extra.num_videos)),
            _ => None,
        })
        .collect()
}

fn not_found(told: &[Message]) -> Vec<String> {
    told.iter()
        .filter_map(|message| match message {
            Message::SubscriptionResponse(response) => Some(response.track_sid.clone()),
            _ => None,
        })
        .collect()
}

fn permissions(told: Vec<Message>) -> Vec<(String, bool)> {
    told.into_iter()
        .filter_map(|message| match message {
            Message::SubscriptionPermissionUpdate(update) => {
                Some((update.track_sid, update.allowed))
            }
            _ => None,
        })
        .collect()
}

fn wanted(told: &[Message]) -> Vec<Vec<bool>> {
    told.iter()
        .filter_map(|message| match message {
            Message::SubscribedQualityUpdate(update) => update.subscribed_codecs.first(),
            _ => None,
        })
        .map(|codec| {
            codec
                .qualities
                .iter()
                .map(|quality| quality.enabled)
                .collect()
        })
        .collect()
}
