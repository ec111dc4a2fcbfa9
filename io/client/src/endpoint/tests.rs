use std::time::Duration;

use conclave_livekit::join::Join;
use proto::leave_request::Action;

use super::*;
use crate::encryption::tests::outsider;
use crate::publication::{AudioOptions, LiveOptions, VideoLayer};
use crate::{DataMessage, End, LiveFrame, Topology, VideoOptions};

#[test]
fn it_begins_with_a_join_that_offers_in_the_single_topology() {
    for topology in [Topology::Single, Topology::Dual] {
        let mut alone = Alone::new(topology);

        let join = alone.connects().remove(0);

        assert_eq!(join.topology, topology);
        assert!(join.resume.is_none());
        assert_eq!(join.publisher_offer.is_some(), topology == Topology::Single);
    }
}

#[test]
fn a_refusal_ends_it() {
    let mut alone = Alone::new(Topology::Single);

    alone.input(Input::SignalRefused { status: Some(401) });

    assert_eq!(alone.end(), Some(End::Refused(Some(401))));
    assert_eq!(alone.wake, None);
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    for opens in [false, true] {
        let mut alone = Alone::new(Topology::Single);
        if opens {
            alone.input(Input::SignalOpen);
        }

        alone.run(Duration::from_secs(16));

        assert_eq!(alone.end(), Some(End::Unreachable));
    }
}

#[test]
fn nothing_counts_before_the_first_message() {
    let mut alone = Alone::new(Topology::Single);

    alone.hear(signal_response::Message::RefreshToken("other".to_owned()));

    assert!(alone.events().is_empty());
}

#[test]
fn it_pings_and_resumes_a_silent_connection_with_the_newest_token() {
    let mut alone = Alone::joined(Topology::Dual);
    alone.hear(signal_response::Message::RefreshToken("newest".to_owned()));
    alone.connects();

    alone.run(Duration::from_secs(16));

    let pings = alone.requests();
    let pings = pings
        .iter()
        .filter(|m| matches!(m, signal_request::Message::PingReq(_)));
    assert_eq!(pings.count(), 2);
    assert!(
        alone
            .events()
            .iter()
            .any(|event| matches!(event, Event::SignalLost))
    );
    let resume = alone.connects().remove(0).resume.unwrap();
    assert_eq!(resume.participant_sid, "PA_self");
    assert_eq!(alone.last_token, "newest");
}

#[test]
fn a_resume_says_what_was_and_restarts_ice() {
    let mut alone = Alone::joined(Topology::Dual);
    alone.endpoint.subscribe(alone.now, "TR_x", false);
    alone.input(Input::SignalClosed);
    alone.run(Duration::from_secs(1));
    alone.requests();

    alone.hear(signal_response::Message::Reconnect(Default::default()));

    let requests = alone.requests();
    let subscription = match requests.first() {
        Some(signal_request::Message::SyncState(sync)) => sync.subscription.clone(),
        _ => None,
    };
    assert_eq!(subscription.unwrap().track_sids, ["TR_x"]);
    let offers = requests
        .iter()
        .filter(|m| matches!(m, signal_request::Message::Offer(_)));
    assert_eq!(offers.count(), 1);
}

#[test]
fn a_connection_that_does_not_come_back_is_tried_ten_times() {
    let mut alone = Alone::joined(Topology::Dual);
    alone.connects();
    alone.input(Input::SignalClosed);
    let mut tries = 0;
    while alone.end().is_none() {
        alone.run(Duration::from_secs(8));
        tries += alone.connects().len();
        alone.input(Input::SignalRefused { status: None });
    }

    assert_eq!(tries, 10);
}

#[test]
fn a_server_that_wants_it_anew_again_and_again_is_left() {
    let mut alone = Alone::joined(Topology::Single);
    let mut joins = 0;
    for _ in 0..20 {
        alone.leave(Action::Reconnect);
        alone.run(Duration::from_secs(8));
        joins += alone
            .connects()
            .iter()
            .filter(|join| join.resume.is_none())
            .count();
    }

    assert_eq!(joins, 11);
    assert_eq!(alone.end(), Some(End::Unreachable));
}

#[test]
fn told_to_go_it_goes() {
    let mut alone = Alone::joined(Topology::Single);
    alone.events();

    alone.leave(Action::Disconnect);

    assert_eq!(
        alone.end(),
        Some(End::Told(proto::DisconnectReason::RoomDeleted))
    );
    alone.hear(signal_response::Message::Join(Default::default()));
    assert!(alone.events().is_empty());
}

#[test]
fn what_is_published_is_announced_and_offered() {
    let mut alone = Alone::joined(Topology::Dual);
    alone.requests();

    let cid = alone
        .endpoint
        .publish_video(alone.now, &VideoOptions::simulcast_camera())
        .unwrap();

    let announced = alone
        .requests()
        .into_iter()
        .find_map(|message| match message {
            signal_request::Message::AddTrack(request) => Some(request),
            _ => None,
        });
    let announced = announced.unwrap();
    assert_eq!(announced.cid, cid.0);
    let rids: Vec<_> = announced
        .layers
        .iter()
        .map(|layer| layer.rid.as_str())
        .collect();
    assert_eq!(rids, ["q", "h", "f"]);
}

#[test]
fn what_its_owner_encodes_is_announced_as_vp9_and_not_sent_before_it_flows() {
    let mut alone = Alone::joined(Topology::Dual);
    alone.requests();
    let options = LiveOptions {
        name: "screen".to_owned(),
        source: proto::TrackSource::ScreenShare,
        layer: VideoLayer::new(640, 480, 1_000_000),
    };
    let cid = alone.endpoint.publish_live(alone.now, &options).unwrap();

    let announced = alone.requests().into_iter().find_map(|it| match it {
        signal_request::Message::AddTrack(request) => Some(request),
        _ => None,
    });
    let announced = announced.unwrap();
    assert_eq!(announced.simulcast_codecs[0].codec, "vp9");
    assert_eq!((announced.width, announced.height), (640, 480));
    let frame = LiveFrame {
        data: vec![1],
        is_key: true,
        width: 640,
        height: 480,
    };
    let sent = alone.endpoint.send_frame(alone.now, &cid, frame);
    assert_eq!(sent, Err(CommandError::NotOpen));
    let camera = VideoOptions::small_camera();
    let camera = alone.endpoint.publish_video(alone.now, &camera).unwrap();
    let frame = LiveFrame {
        data: vec![1],
        is_key: true,
        width: 640,
        height: 480,
    };
    let sent = alone.endpoint.send_frame(alone.now, &camera, frame);
    assert_eq!(sent, Err(CommandError::NoTrack));
}

#[test]
fn publications_are_bounded() {
    let mut alone = Alone::joined(Topology::Dual);
    for _ in 0..commands::MOST_PUBLICATIONS {
        alone
            .endpoint
            .publish_audio(alone.now, &AudioOptions::default())
            .unwrap();
    }

    let one_more = alone
        .endpoint
        .publish_audio(alone.now, &AudioOptions::default());

    assert_eq!(one_more, Err(CommandError::TooManyTracks));
}

#[test]
fn requests_that_wait_for_the_server_are_bounded() {
    let mut alone = Alone::new(Topology::Dual);
    for number in 0..session::MOST_HELD + 10 {
        alone
            .endpoint
            .subscribe(alone.now, &format!("TR_{number}"), true);
    }

    alone.hear(signal_response::Message::Join(join()));

    let requests = alone.requests();
    let held = requests
        .iter()
        .filter(|m| matches!(m, signal_request::Message::Subscription(_)));
    assert_eq!(held.count(), session::MOST_HELD);
}

#[test]
fn data_without_a_channel_is_refused() {
    let mut alone = Alone::joined(Topology::Dual);

    let sent = alone.endpoint.send_data(alone.now, &DataMessage::default());

    assert_eq!(sent, Err(CommandError::NotOpen));
}

#[test]
fn what_is_published_in_a_meeting_is_declared_sealed_under_a_name_of_its_own() {
    let mut alone = Alone::sealed();

    for _ in 0..2 {
        let audio = AudioOptions::default();
        alone.endpoint.publish_audio(alone.now, &audio).unwrap();
    }

    let announced = alone.requests().into_iter().filter_map(|m| match m {
        signal_request::Message::AddTrack(request) => Some(request),
        _ => None,
    });
    let announced: Vec<_> = announced.collect();
    let sealed = announced
        .iter()
        .all(|request| request.encryption() == proto::encryption::Type::Gcm && request.disable_red);
    assert!(sealed && announced.len() == 2);
    assert_ne!(announced[0].name, announced[1].name);
}

#[test]
fn no_more_tracks_are_sealed_than_can_be_told_apart_and_each_gives_its_place_back() {
    let mut alone = Alone::sealed();
    let audio = AudioOptions::default();
    for _ in 0..3 * commands::MOST_PUBLICATIONS {
        let cid = alone.endpoint.publish_audio(alone.now, &audio).unwrap();
        alone.endpoint.unpublish(alone.now, &cid).unwrap();
    }
}

#[test]
fn packets_that_can_not_be_sealed_stay_here() {
    let mut alone = Alone::sealed();
    let value = proto::data_packet::Value::ChatMessage(Default::default());

    let sent = alone.endpoint.send_packet(alone.now, vec![], value);

    assert_eq!(sent, Err(CommandError::NoKey));
}

/// An endpoint without a server.
struct Alone {
    endpoint: Endpoint,
    now: Instant,
    wake: Option<Instant>,
    outputs: Vec<Output>,
    last_token: String,
    ended: Option<End>,
}

impl Alone {
    fn new(topology: Topology) -> Self {
        Self::with(topology, |_| {})
    }

    fn with(topology: Topology, change: impl FnOnce(&mut Options)) -> Self {
        let now = Instant::now();
        let mut options = Options::new("ws://server", "token", now);
        options.topology = topology;
        options.addresses = vec![([10, 0, 0, 1], 1).into()];
        options.subscriber_addresses = vec![([10, 0, 0, 1], 2).into()];
        change(&mut options);
        let mut alone = Self {
            endpoint: Endpoint::new(options, now),
            now,
            wake: None,
            outputs: Vec::new(),
            last_token: String::new(),
            ended: None,
        };
        alone.drain();
        alone
    }

    /// In a meeting, and in no group.
    fn sealed() -> Self {
        let mut alone = Self::with(Topology::Single, |options| {
            options.encryption = Some(outsider());
        });
        alone.hear(signal_response::Message::Join(join()));
        alone
    }

    fn joined(topology: Topology) -> Self {
        let mut alone = Self::new(topology);
        alone.hear(signal_response::Message::Join(join()));
        alone
    }

    fn hear(&mut self, message: signal_response::Message) {
        self.input(Input::Signal(Box::new(message)));
    }

    fn leave(&mut self, action: Action) {
        self.hear(signal_response::Message::Leave(proto::LeaveRequest {
            action: action as i32,
            reason: proto::DisconnectReason::RoomDeleted as i32,
            ..Default::default()
        }));
    }

    fn input(&mut self, input: Input<'_>) {
        self.endpoint.handle_input(self.now, input);
        self.drain();
    }

    fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(wake) = self.wake.filter(|wake| *wake <= end) {
            self.now = wake.max(self.now);
            self.input(Input::Timeout);
        }
        self.now = end;
    }

    fn drain(&mut self) {
        loop {
            match self.endpoint.poll_output() {
                Output::Wait(wake) => {
                    self.wake = wake;
                    return;
                }
                Output::Event(Event::Ended(end)) => self.ended = Some(end),
                output => self.outputs.push(output),
            }
        }
    }

    fn end(&self) -> Option<End> {
        self.ended
    }

    fn take<R>(&mut self, pick: impl Fn(&Output) -> Option<R>) -> Vec<R> {
        self.drain();
        let taken = self.outputs.iter().filter_map(&pick).collect();
        self.outputs.retain(|output| pick(output).is_none());
        taken
    }

    fn connects(&mut self) -> Vec<Join> {
        let upgrades = self.take(|output| match output {
            Output::Connect(upgrade) => Some(upgrade.clone()),
            _ => None,
        });
        let joins = upgrades.into_iter().map(|upgrade| {
            self.last_token.clone_from(&upgrade.token);
            match upgrade.topology {
                Topology::Dual => Join::from_query(upgrade.query),
                Topology::Single => Join::from_join_request(&upgrade.query[0].1),
            }
            .unwrap()
        });
        joins.collect()
    }

    fn requests(&mut self) -> Vec<signal_request::Message> {
        self.take(|output| match output {
            Output::Signal(message) => Some((**message).clone()),
            _ => None,
        })
    }

    fn events(&mut self) -> Vec<Event> {
        self.drain();
        let mut events = Vec::new();
        for output in std::mem::take(&mut self.outputs) {
            match output {
                Output::Event(event) => events.push(event),
                output => self.outputs.push(output),
            }
        }
        events
    }
}

fn join() -> proto::JoinResponse {
    proto::JoinResponse {
        participant: Some(proto::ParticipantInfo {
            sid: "PA_self".to_owned(),
            ..Default::default()
        }),
        ..Default::default()
    }
}
