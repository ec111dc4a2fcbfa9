use std::collections::BTreeMap;

use conclave_livekit::join::Topology;
use livekit_protocol as proto;
use proto::request_response::{Reason, Request};
use proto::signal_request::Message as Ask;
use proto::signal_response::Message;

use super::stage::{Stage, add_track, all_rights, offer};
use crate::card::LONGEST_METADATA;
use crate::command::{ApiRefusal, ApiRequest, ApiResponse, Mute, Muted, Whom};
use crate::fact::{Fact, PublishRefusal};
use crate::io::Config;
use crate::publishing::MOST_PENDING;

#[test]
fn what_may_not_be_published_is_refused_with_an_echo() {
    let mut stage = Stage::new();
    stage.enter_with("bob", Topology::Single, |connect| {
        connect.access.permission.can_publish_sources = vec![proto::TrackSource::Microphone as i32];
    });
    stage.told("bob");

    stage.ask("bob", Ask::AddTrack(add_track("video", "x")));

    let refused = response(stage.told("bob"));
    assert_eq!(refused.reason(), Reason::NotAllowed);
    assert!(matches!(refused.request, Some(Request::AddTrack(echo)) if echo.cid == "x"));
    stage.ask("bob", Ask::AddTrack(add_track("video", "again")));
    assert_eq!(response(stage.told("bob")).reason(), Reason::NotAllowed);
    assert_eq!(stage.publish_refusals("bob"), [PublishRefusal::NotAllowed]);
    stage.ask("bob", Ask::AddTrack(add_track("audio", "y")));
    assert!(matches!(
        stage.told("bob").first(),
        Some(Message::TrackPublished(_))
    ));
}

#[test]
fn where_encryption_is_required_nothing_else_is_published_and_one_refusal_is_reported() {
    for topology in [Topology::Single, Topology::Dual] {
        let mut stage = Stage::new();
        stage.enter_with("bob", topology, |connect| {
            connect.access.must_encrypt = true;
            connect.join.add_track_requests = vec![add_track("audio", "with-the-join")];
        });
        assert_eq!(response(stage.told("bob")).reason(), Reason::NotAllowed);

        stage.ask("bob", Ask::AddTrack(add_track("video", "x")));

        let response = response(stage.told("bob"));
        assert_eq!(response.reason(), Reason::NotAllowed);
        assert!(matches!(response.request, Some(Request::AddTrack(echo)) if echo.cid == "x"));
        let mut encrypted = add_track("video", "y");
        encrypted.set_encryption(proto::encryption::Type::Gcm);
        stage.ask("bob", Ask::AddTrack(encrypted));
        let Some(Message::TrackPublished(published)) = stage.told("bob").pop() else {
            panic!("not announced");
        };
        let track = published.track.unwrap();
        assert_eq!(track.encryption(), proto::encryption::Type::Gcm);
        assert_eq!(
            stage.publish_refusals("bob"),
            [PublishRefusal::NotEncrypted]
        );
    }
}

#[test]
fn a_track_is_announced_at_once_and_told_when_its_section_comes() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Single);
    stage.meet("bob", Topology::Single);
    stage.told("ann");
    stage.told("bob");

    stage.ask("bob", Ask::AddTrack(add_track("video", "x")));
    let Some(Message::TrackPublished(published)) = stage.told("bob").pop() else {
        panic!("not announced");
    };
    assert_eq!(published.cid, "x");
    assert!(published.track.unwrap().sid.starts_with("TR_VC"));
    assert!(tracks_of(stage.told("ann"), "bob").is_none());

    stage.ask("bob", Ask::Offer(offer(7, &[("video", "x", Some("x"))])));
    let answered = stage.told("bob");
    assert!(
        answered
            .iter()
            .any(|m| matches!(m, Message::Answer(a) if a.id == 7))
    );
    let tracks = tracks_of(stage.told("ann"), "bob").unwrap();
    assert_eq!(
        (tracks.len(), tracks[0].mime_type.as_str()),
        (1, "video/VP8")
    );
    let told =
        |fact: &Fact| matches!(fact, Fact::TrackPublished { identity, .. } if identity == "bob");
    assert!(stage.facts.iter().any(told));
}

#[test]
fn an_offer_may_come_before_the_announcement_and_is_asked_for_again() {
    let mut stage = Stage::new();
    stage.meet("bob", Topology::Single);
    stage.ask("bob", Ask::Offer(offer(7, &[("video", "x", Some("x"))])));
    stage.told("bob");

    stage.ask("bob", Ask::AddTrack(add_track("video", "x")));

    let told = stage.told("bob");
    assert_eq!(tracks_of(told.clone(), "bob").unwrap().len(), 1);
    assert!(
        told.iter()
            .any(|m| matches!(m, Message::MediaSectionsRequirement(_)))
    );
}

#[test]
fn announcements_are_bounded_and_not_taken_twice() {
    let mut stage = Stage::with(Config {
        max_tracks_per_participant: 1_000,
        ..Config::default()
    });
    stage.enter("bob", Topology::Single);
    for n in 0..MOST_PENDING {
        stage.ask("bob", Ask::AddTrack(add_track("video", &format!("x{n}"))));
    }
    stage.told("bob");

    stage.ask("bob", Ask::AddTrack(add_track("video", "x0")));
    assert_eq!(response(stage.told("bob")).reason(), Reason::Queued);
    stage.ask("bob", Ask::AddTrack(add_track("video", "one more")));
    assert_eq!(response(stage.told("bob")).reason(), Reason::LimitExceeded);
    stage.ask("bob", Ask::AddTrack(proto::AddTrackRequest::default()));
    assert_eq!(response(stage.told("bob")).reason(), Reason::InvalidRequest);
}

#[test]
fn published_tracks_are_bounded() {
    let mut stage = Stage::with(Config {
        max_tracks_per_participant: 1,
        ..Config::default()
    });
    stage.enter("bob", Topology::Single);
    stage.publish("bob", "video", "x");
    stage.told("bob");

    stage.ask("bob", Ask::AddTrack(add_track("video", "y")));

    assert_eq!(response(stage.told("bob")).reason(), Reason::LimitExceeded);
}

#[test]
fn unknown_tracks_are_not_found() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Single);
    let theirs = stage.publish("ann", "video", "x");
    stage.enter("bob", Topology::Single);
    stage.told("bob");
    for sid in ["TR_unknown", theirs.as_str()] {
        let requests = [
            Ask::Mute(proto::MuteTrackRequest {
                sid: sid.to_owned(),
                muted: true,
            }),
            Ask::UpdateAudioTrack(proto::UpdateLocalAudioTrack {
                track_sid: sid.to_owned(),
                ..Default::default()
            }),
            Ask::UpdateVideoTrack(proto::UpdateLocalVideoTrack {
                track_sid: sid.to_owned(),
                ..Default::default()
            }),
            Ask::AddTrack(proto::AddTrackRequest {
                sid: sid.to_owned(),
                ..add_track("video", "y")
            }),
        ];
        for request in requests {
            stage.ask("bob", request);
            assert_eq!(response(stage.told("bob")).reason(), Reason::NotFound);
        }
    }
}

#[test]
fn what_is_not_served_is_said_to_be_unsupported() {
    let mut stage = Stage::new();
    stage.enter("bob", Topology::Single);
    stage.told("bob");
    let requests = [
        Ask::PublishDataTrackRequest(proto::PublishDataTrackRequest::default()),
        Ask::UnpublishDataTrackRequest(proto::UnpublishDataTrackRequest::default()),
        Ask::UpdateDataSubscription(proto::UpdateDataSubscription::default()),
        Ask::StoreDataBlobRequest(proto::StoreDataBlobRequest::default()),
        Ask::GetDataBlobRequest(proto::GetDataBlobRequest::default()),
    ];
    for request in requests {
        stage.ask("bob", request);
        assert_eq!(
            response(stage.told("bob")).reason(),
            Reason::UnsupportedType
        );
    }
}

#[test]
fn a_muted_track_is_told_and_not_forwarded() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Single);
    stage.meet("bob", Topology::Single);
    let sid = stage.publish("bob", "audio", "x");
    stage.ask("ann", Ask::Offer(super::stage::receiving_offer(2)));
    stage.packet("bob", "audio", "x", 1);
    assert_eq!(stage.receivers(), ["ann"]);
    stage.told("ann");

    let muted = true;
    stage.ask("bob", Ask::Mute(proto::MuteTrackRequest { sid, muted }));
    stage.packet("bob", "audio", "x", 2);

    assert!(stage.receivers().is_empty());
    assert!(tracks_of(stage.told("ann"), "bob").unwrap()[0].muted);
}

#[test]
fn nobody_opens_somebody_else_s_microphone() {
    let mut stage = Stage::new();
    stage.meet("bob", Topology::Single);
    let sid = stage.publish("bob", "audio", "x");
    stage.told("bob");
    let mute = |muted| {
        ApiRequest::MutePublishedTrack(proto::MuteRoomTrackRequest {
            identity: "bob".to_owned(),
            track_sid: sid.clone(),
            muted,
            ..Default::default()
        })
    };

    let reply = stage.api(mute(true));

    assert!(matches!(reply, Ok(ApiResponse::Track(track)) if track.muted));
    let told = stage.told("bob");
    assert!(
        told.iter()
            .any(|m| matches!(m, Message::Mute(mute) if mute.muted))
    );
    let opened = stage.api(mute(false));
    assert!(matches!(opened, Err(ApiRefusal::RemoteUnmute)));
}

// Shows: REQ-AC-18, ABUSE-25.
#[test]
fn what_is_muted_from_outside_stops_here_until_they_unmute_it() {
    let one = |identity: &str| Whom::One(identity.to_owned());
    for (whom, what, meant, other) in [
        (one("bob"), Muted::Sound, "audio", "video"),
        (
            Whom::AllBut("ann".to_owned()),
            Muted::Sound,
            "audio",
            "video",
        ),
        (one("bob"), Muted::Picture, "video", "audio"),
    ] {
        let mut stage = Stage::new();
        stage.meet("ann", Topology::Single);
        stage.meet("bob", Topology::Single);
        let sids = publish_both(&mut stage, "bob");
        stage.ask("ann", Ask::Offer(super::stage::receiving_offer(2)));
        stage.told("bob");

        let reply = stage.api(ApiRequest::Mute(Mute { whom, what }));

        assert!(matches!(reply, Ok(ApiResponse::Done)));
        assert_eq!(muted_by(stage.told("bob")), [sids[meant].clone()]);
        stage.receivers();
        stage.packet("bob", meant, meant, 1);
        assert!(stage.receivers().is_empty());
        stage.packet("bob", other, other, 1);
        assert_eq!(stage.receivers(), ["ann"]);

        let (sid, muted) = (sids[meant].clone(), false);
        stage.ask("bob", Ask::Mute(proto::MuteTrackRequest { sid, muted }));
        stage.packet("bob", meant, meant, 2);
        assert_eq!(stage.receivers(), ["ann"]);
    }
}

#[test]
fn whoever_mutes_all_is_heard_on_and_a_shared_screen_is_no_camera() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Single);
    stage.meet("bob", Topology::Single);
    let own = stage.publish("ann", "audio", "x");
    let screen = proto::AddTrackRequest {
        source: proto::TrackSource::ScreenShare as i32,
        ..add_track("video", "y")
    };
    stage.ask("bob", Ask::AddTrack(screen));
    stage.told("ann");
    stage.told("bob");
    let but_ann = || Whom::AllBut("ann".to_owned());

    for what in [Muted::Sound, Muted::Picture] {
        let whom = but_ann();
        stage.api(ApiRequest::Mute(Mute { whom, what })).unwrap();
    }

    assert!(muted_by(stage.told("bob")).is_empty());
    assert!(!muted_by(stage.told("ann")).contains(&own));
}

/// LiveKit's client answers to what is said of itself: that a track of its is muted, which it has not muted, it takes back.
#[test]
fn who_is_muted_hears_of_it_before_they_hear_of_themselves() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Single);
    stage.meet("bob", Topology::Single);
    let bob = stage.sid("bob");
    let sids = publish_both(&mut stage, "bob");
    stage.told("bob");
    let mute = |stage: &mut Stage| {
        let whom = Whom::One("bob".to_owned());
        let what = Muted::Sound;
        stage.api(ApiRequest::Mute(Mute { whom, what })).unwrap();
    };
    let comes_first = |told: &[Message]| {
        let muted = told
            .iter()
            .position(|message| matches!(message, Message::Mute(_)));
        let update = told
            .iter()
            .position(|message| matches!(message, Message::Update(_)));
        muted.is_some() && muted < update
    };

    mute(&mut stage);
    assert!(comes_first(&stage.told("bob")));

    stage.cut_signal("bob");
    stage.resume("bob", Topology::Single, &bob);
    assert!(comes_first(&stage.told("bob")));

    let (sid, muted) = (sids["audio"].clone(), false);
    stage.ask("bob", Ask::Mute(proto::MuteTrackRequest { sid, muted }));
    stage.told("bob");
    stage.cut_signal("bob");
    stage.resume("bob", Topology::Single, &bob);
    assert!(
        muted_by(stage.told("bob")).is_empty(),
        "they have said what they want"
    );
}

/// What calls itself a shared screen's sound is heard all the same.
#[test]
fn what_is_only_announced_and_what_is_called_otherwise_is_muted_too() {
    for source in [
        proto::TrackSource::ScreenShareAudio,
        proto::TrackSource::Unknown,
    ] {
        let mut stage = Stage::new();
        stage.meet("ann", Topology::Single);
        stage.meet("bob", Topology::Single);
        let request = proto::AddTrackRequest {
            source: source as i32,
            ..add_track("audio", "x")
        };
        stage.ask("bob", Ask::AddTrack(request));
        stage.told("bob");
        let whom = Whom::One("bob".to_owned());
        let what = Muted::Sound;
        stage.api(ApiRequest::Mute(Mute { whom, what })).unwrap();
        assert_eq!(muted_by(stage.told("bob")).len(), 1);

        stage.ask("bob", Ask::Offer(offer(1, &[("audio", "x", Some("x"))])));
        stage.ask("ann", Ask::Offer(super::stage::receiving_offer(2)));
        stage.packet("bob", "audio", "x", 1);

        assert!(stage.receivers().is_empty());
    }
}

/// The sections have the kinds as their names and cids.
fn publish_both(stage: &mut Stage, identity: &str) -> BTreeMap<&'static str, String> {
    let kinds = ["audio", "video"];
    for kind in kinds {
        stage.ask(identity, Ask::AddTrack(add_track(kind, kind)));
    }
    let sids = stage.told(identity).into_iter().filter_map(|message| {
        let Message::TrackPublished(published) = message else {
            return None;
        };
        published.track.map(|track| track.sid)
    });
    let sids = kinds.into_iter().zip(sids).collect();
    let sections = kinds.map(|kind| (kind, kind, Some(kind)));
    stage.ask(identity, Ask::Offer(offer(1, &sections)));
    sids
}

fn muted_by(told: Vec<Message>) -> Vec<String> {
    let muted = told.into_iter().filter_map(|message| match message {
        Message::Mute(mute) if mute.muted => Some(mute.sid),
        _ => None,
    });
    muted.collect()
}

#[test]
fn whoever_loses_the_right_to_publish_publishes_no_more() {
    let mut stage = Stage::new();
    stage.meet("ann", Topology::Single);
    stage.meet("bob", Topology::Single);
    let sid = stage.publish("bob", "audio", "x");
    stage.ask("ann", Ask::Offer(super::stage::receiving_offer(2)));
    stage.told("ann");
    stage.told("bob");

    let request = proto::UpdateParticipantRequest {
        identity: "bob".to_owned(),
        permission: Some(proto::ParticipantPermission {
            can_publish: false,
            ..all_rights()
        }),
        ..Default::default()
    };
    let reply = stage.api(ApiRequest::UpdateParticipant(request));
    stage.packet("bob", "audio", "x", 1);

    assert!(matches!(reply, Ok(ApiResponse::Participant(info)) if info.tracks.is_empty()));
    assert!(stage.receivers().is_empty());
    let told = stage.told("bob");
    assert!(
        told.iter()
            .any(|m| matches!(m, Message::TrackUnpublished(t) if t.track_sid == sid))
    );
    assert_eq!(tracks_of(stage.told("ann"), "bob").unwrap().len(), 0);
    let renewed = |fact: &Fact| matches!(fact, Fact::ParticipantChanged { .. });
    assert!(stage.facts.iter().any(renewed));
}

#[test]
fn what_policy_permits_holds_at_once_and_in_the_order_of_its_revisions() {
    let mut stage = Stage::new();
    stage.meet("bob", Topology::Single);
    let sid = stage.publish("bob", "audio", "x");
    stage.told("bob");
    let permit = |stage: &mut Stage, can_publish, revision| {
        let reply = stage.api(ApiRequest::Permit {
            identity: "bob".to_owned(),
            permission: proto::ParticipantPermission {
                can_publish,
                ..all_rights()
            },
            revision,
        });
        assert!(matches!(reply, Ok(ApiResponse::Done)));
        stage.told("bob")
    };

    assert!(permit(&mut stage, true, 6).is_empty());
    let told = permit(&mut stage, false, 7);

    assert!(
        told.iter()
            .any(|m| matches!(m, Message::TrackUnpublished(t) if t.track_sid == sid))
    );
    assert!(permit(&mut stage, true, 6).is_empty());
    stage.ask("bob", Ask::AddTrack(add_track("audio", "y")));
    assert_eq!(response(stage.told("bob")).reason(), Reason::NotAllowed);
    permit(&mut stage, true, 8);
    stage.ask("bob", Ask::AddTrack(add_track("audio", "z")));
    assert!(matches!(
        stage.told("bob").first(),
        Some(Message::TrackPublished(_))
    ));
}

#[test]
fn one_s_own_metadata_needs_a_right_and_has_a_limit() {
    let mut stage = Stage::new();
    stage.enter_with("bob", Topology::Single, |connect| {
        connect.access.permission.can_update_metadata = false;
    });
    stage.meet("ann", Topology::Single);
    stage.told("bob");
    stage.told("ann");
    let change = |metadata: String| {
        Ask::UpdateMetadata(proto::UpdateParticipantMetadata {
            metadata,
            request_id: 7,
            ..Default::default()
        })
    };

    stage.ask("bob", change("m".to_owned()));
    assert_eq!(response(stage.told("bob")).reason(), Reason::NotAllowed);
    stage.ask("ann", change("x".repeat(LONGEST_METADATA + 1)));
    assert_eq!(response(stage.told("ann")).reason(), Reason::LimitExceeded);

    stage.ask("ann", change("m".to_owned()));
    let told = stage.told("ann");
    let own = told.iter().any(|message| match message {
        Message::Update(update) => update.participants[0].metadata == "m",
        _ => false,
    });
    assert!(own);
    let response = response(told);
    assert_eq!((response.reason(), response.request_id), (Reason::Ok, 7));
}

#[test]
fn a_backup_codec_is_added_to_its_track() {
    let mut stage = Stage::new();
    stage.meet("bob", Topology::Single);
    let codec = |name: &str, cid: &str| proto::SimulcastCodec {
        codec: name.to_owned(),
        cid: cid.to_owned(),
        ..Default::default()
    };
    let mut request = add_track("video", "x");
    request.simulcast_codecs = vec![codec("vp8", "x"), codec("h264", "")];
    stage.ask("bob", Ask::AddTrack(request.clone()));
    stage.ask("bob", Ask::Offer(offer(2, &[("video", "x", Some("x"))])));
    let sid = tracks_of(stage.told("bob"), "bob").unwrap()[0].sid.clone();

    request.sid.clone_from(&sid);
    request.cid = "y".to_owned();
    request.simulcast_codecs = vec![codec("h264", "y")];
    stage.ask("bob", Ask::AddTrack(request));
    let sections = [("video", "x", Some("x")), ("video", "y", Some("y"))];
    stage.ask("bob", Ask::Offer(offer(3, &sections)));

    let told = stage.told("bob");
    assert!(matches!(
        told.first(),
        Some(Message::TrackPublished(published)) if published.cid == "y"
    ));
    let tracks = tracks_of(told, "bob").unwrap();
    assert_eq!(tracks.len(), 1);
    let mids: Vec<&str> = tracks[0]
        .codecs
        .iter()
        .map(|codec| codec.mid.as_str())
        .collect();
    assert_eq!(mids, ["x", "y"]);
}

fn response(told: Vec<Message>) -> proto::RequestResponse {
    told.into_iter()
        .find_map(|message| match message {
            Message::RequestResponse(response) => Some(response),
            _ => None,
        })
        .expect("a response")
}

/// The tracks in the last word about a participant.
pub(super) fn tracks_of(told: Vec<Message>, identity: &str) -> Option<Vec<proto::TrackInfo>> {
    told.into_iter()
        .filter_map(|message| match message {
            Message::Update(update) => Some(update.participants),
            _ => None,
        })
        .flatten()
        .rfind(|info| info.identity == identity)
        .map(|info| info.tracks)
}
