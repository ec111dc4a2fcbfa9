use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};

use conclave_livekit::join::{Join, Resume};
use conclave_sfu::{
    Access, Anchor, ApiRefusal, ApiRequest, ApiResponse, CallId, Command, Config, Connect,
    Datagram, EndReason, Fact, Input, Output, RoomName, SessionId, Shard, Transport,
};
use livekit_protocol as proto;
use proto::leave_request::Action;
use proto::signal_request::Message as Ask;
use proto::signal_response::Message;

#[test]
fn a_join_makes_its_room_and_is_answered() {
    let mut owner = Owner::new(Config::default());

    owner.join(1, "ward", "ann");

    assert!(
        matches!(owner.told(1).first(), Some(Message::Join(join)) if join.room.as_ref().unwrap().name == "ward")
    );
    assert_eq!(owner.rooms(&[]), ["ward"]);
    assert!(!owner.claims.is_empty());
}

#[test]
fn a_missing_room_refuses_who_may_not_make_it_and_who_resumes() {
    let mut owner = Owner::new(Config::default());

    owner.connect(1, "ward", "ann", |connect| {
        connect.access.may_create_room = false
    });
    owner.connect(2, "ward", "bob", |connect| {
        connect.join.resume = Some(Resume {
            participant_sid: "PA_x".to_owned(),
            reason: 0,
            sync_state: None,
        });
    });

    assert_eq!(owner.last_action(1), Some(Action::Disconnect));
    assert_eq!(owner.last_action(2), Some(Action::Reconnect));
    assert!(owner.closed.contains(&SessionId(1)) && owner.closed.contains(&SessionId(2)));
    assert!(owner.rooms(&[]).is_empty());
}

// Shows: ABUSE-20.
#[test]
fn a_connection_that_was_decided_on_before_an_end_comes_too_late() {
    let mut owner = Owner::new(Config::default());
    owner.join(1, "ward", "ann");
    let put_out = |identity: &str| ApiRequest::PutOut {
        identity: identity.to_owned(),
    };
    for (room, whom) in [("ward", "bob"), ("lab", "cy")] {
        drop(owner.api(room, put_out(whom)));
    }
    owner.join(2, "ward", "bob");
    owner.join(3, "lab", "cy");
    assert!(
        owner
            .api("ward", ApiRequest::End(EndReason::RoomClosed))
            .is_ok()
    );

    owner.join(4, "ward", "ann");

    for session in [2, 3, 4] {
        assert_eq!(owner.last_action(session), Some(Action::Disconnect));
        assert!(owner.closed.contains(&SessionId(session)));
    }
    assert!(owner.rooms(&[]).is_empty());
}

#[test]
fn rooms_are_bounded() {
    let mut owner = Owner::new(Config {
        max_rooms: 1,
        ..Config::default()
    });
    owner.join(1, "one", "ann");

    owner.join(2, "two", "bob");
    let created = owner.create("three");

    assert_eq!(owner.last_action(2), Some(Action::Disconnect));
    assert!(matches!(created, Err(ApiRefusal::Limit("rooms"))));
    assert!(owner.create("one").is_ok());
    assert_eq!(owner.rooms(&[]), ["one"]);
}

#[test]
fn the_server_api_makes_lists_and_deletes_rooms() {
    let mut owner = Owner::new(Config::default());

    let Ok(ApiResponse::Room(first)) = owner.create("ward") else {
        panic!("not made");
    };
    let Ok(ApiResponse::Room(again)) = owner.create("ward") else {
        panic!("not found");
    };
    owner.create("lab").unwrap_or_else(|_| panic!("not made"));
    assert_eq!(first.sid, again.sid);
    assert!(first.sid.starts_with("RM_"));
    assert_eq!(owner.rooms(&["lab"]), ["lab"]);

    let delete = || ApiRequest::DeleteRoom(proto::DeleteRoomRequest::default());
    assert!(owner.api("ward", delete()).is_ok());
    assert!(matches!(
        owner.api("ward", delete()),
        Err(ApiRefusal::NoRoom)
    ));
    assert_eq!(owner.rooms(&[]), ["lab"]);
}

#[test]
fn participants_of_different_rooms_do_not_meet() {
    let mut owner = Owner::new(Config::default());
    owner.join(1, "ward", "ann");
    owner.join(2, "lab", "ann");

    let Ok(ApiResponse::Participants(people)) = owner.api(
        "ward",
        ApiRequest::ListParticipants(proto::ListParticipantsRequest::default()),
    ) else {
        panic!("no list");
    };

    assert_eq!(people.len(), 1);
    assert!(owner.last_action(1).is_none());
}

#[test]
fn every_claim_is_released_when_its_participant_leaves() {
    let mut owner = Owner::new(Config::default());
    owner.join(1, "ward", "ann");
    owner.join(2, "ward", "bob");
    let all = owner.claims.len();

    owner.ask(1, Ask::Leave(proto::LeaveRequest::default()));

    assert!(!owner.claims.is_empty() && owner.claims.len() < all);
    owner.ask(2, Ask::Leave(proto::LeaveRequest::default()));
    assert!(owner.claims.is_empty());
    let ends = owner.facts.iter().filter(|fact| {
        matches!(
            fact,
            Fact::ParticipantLeft {
                reason: EndReason::ClientLeft,
                ..
            }
        )
    });
    assert_eq!(ends.count(), 2);
}

#[test]
fn who_joins_again_and_again_holds_as_many_claims_as_after_once() {
    let mut owner = Owner::new(Config::default());
    owner.join(1, "ward", "ann");
    let once = owner.claims.len();

    for session in 2..6 {
        owner.join(session, "ward", "ann");
    }

    assert_eq!(owner.claims.len(), once);
}

#[test]
fn strangers_bytes_are_counted_and_disturb_nobody() {
    let mut owner = Owner::new(Config::default());
    owner.join(1, "ward", "ann");
    let fragment = owner.claims.first().unwrap().clone();

    for length in 0..200 {
        owner.datagram(&vec![0x80; length]);
        owner.datagram(&vec![0; length]);
    }
    owner.datagram(&stun_for(&fragment));
    owner.command(Command::Malformed {
        session: SessionId(1),
    });
    owner.command(Command::Malformed {
        session: SessionId(99),
    });
    owner.command(Command::Disconnected {
        session: SessionId(99),
    });
    owner.pass(Duration::from_secs(6));

    let mut counts = BTreeMap::new();
    for fact in &owner.facts {
        if let Fact::Dropped { reason, count } = fact {
            *counts.entry(*reason).or_insert(0) += count;
        }
    }
    assert_eq!(counts.get("frame"), Some(&2));
    assert!(counts.get("unclaimed").is_some_and(|count| *count >= 400));
    assert!(owner.last_action(1).is_none());
}

#[test]
fn a_shutdown_ends_every_room() {
    let mut owner = Owner::new(Config::default());
    owner.join(1, "ward", "ann");
    owner.join(2, "lab", "bob");

    owner.command(Command::Shutdown);

    for session in [1, 2] {
        assert_eq!(owner.last_action(session), Some(Action::Reconnect));
        assert!(owner.closed.contains(&SessionId(session)));
    }
    assert!(owner.claims.is_empty());
    assert!(owner.rooms(&[]).is_empty());
    let ended = owner
        .facts
        .iter()
        .filter(|fact| matches!(fact, Fact::RoomEnded { .. }));
    assert_eq!(ended.count(), 2);
}

#[test]
fn an_idle_shard_asks_for_no_time() {
    let mut owner = Owner::new(Config::default());
    owner.join(1, "ward", "ann");
    owner.ask(1, Ask::Leave(proto::LeaveRequest::default()));

    owner.pass(Duration::from_secs(60));

    assert!(owner.rooms(&[]).is_empty());
    assert_eq!(owner.wake, None);
}

/// Does what the shard says, and remembers it.
struct Owner {
    shard: Shard,
    now: Instant,
    wake: Option<Instant>,
    told: BTreeMap<SessionId, Vec<Message>>,
    closed: BTreeSet<SessionId>,
    claims: BTreeSet<String>,
    facts: Vec<Fact>,
    reply: Option<Result<ApiResponse, ApiRefusal>>,
}

impl Owner {
    #[expect(
        clippy::disallowed_methods,
        reason = "an instant has no other source; the test only adds to this one"
    )]
    fn new(config: Config) -> Self {
        let now = Instant::now();
        let anchor = Anchor {
            instant: now,
            wall: SystemTime::UNIX_EPOCH,
        };
        let config = Config {
            udp: vec![SERVER.into()],
            ..config
        };
        Self {
            shard: Shard::new(config, anchor, 1),
            now,
            wake: None,
            told: BTreeMap::new(),
            closed: BTreeSet::new(),
            claims: BTreeSet::new(),
            facts: Vec::new(),
            reply: None,
        }
    }

    fn join(&mut self, session: u64, room: &str, identity: &str) {
        self.connect(session, room, identity, |_| {});
    }

    fn connect(
        &mut self,
        session: u64,
        room: &str,
        identity: &str,
        change: impl FnOnce(&mut Connect),
    ) {
        let mut connect = Connect {
            session: SessionId(session),
            room: RoomName(room.to_owned()),
            access: access(identity),
            join: Join::from_query([("protocol", "16")]).unwrap(),
        };
        change(&mut connect);
        self.command(Command::Connect(Box::new(connect)));
    }

    fn ask(&mut self, session: u64, request: Ask) {
        self.command(Command::Request {
            session: SessionId(session),
            request: Box::new(request),
        });
    }

    fn create(&mut self, name: &str) -> Result<ApiResponse, ApiRefusal> {
        self.api(
            name,
            ApiRequest::CreateRoom(proto::CreateRoomRequest::default()),
        )
    }

    fn rooms(&mut self, names: &[&str]) -> Vec<String> {
        let request = proto::ListRoomsRequest {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        let Ok(ApiResponse::Rooms(rooms)) = self.api("", ApiRequest::ListRooms(request)) else {
            panic!("no list");
        };
        rooms.into_iter().map(|room| room.name).collect()
    }

    fn api(&mut self, room: &str, request: ApiRequest) -> Result<ApiResponse, ApiRefusal> {
        self.command(Command::Api {
            call: CallId(1),
            room: RoomName(room.to_owned()),
            request: Box::new(request),
        });
        self.reply.take().expect("each call is answered")
    }

    fn command(&mut self, command: Command) {
        self.shard.handle_input(self.now, Input::Command(command));
        self.drain();
    }

    fn datagram(&mut self, bytes: &[u8]) {
        let datagram = Datagram {
            transport: Transport::Udp,
            remote: SocketAddr::from(([10, 0, 0, 2], 5_000)),
            local: SERVER.into(),
            bytes,
        };
        self.shard.handle_input(self.now, Input::Datagram(datagram));
        self.drain();
    }

    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(wake) = self.wake.filter(|wake| *wake <= end) {
            self.now = wake.max(self.now);
            self.shard.handle_input(self.now, Input::Timeout);
            self.drain();
        }
        self.now = end;
    }

    fn told(&mut self, session: u64) -> &[Message] {
        self.told.entry(SessionId(session)).or_default()
    }

    fn last_action(&mut self, session: u64) -> Option<Action> {
        match self.told(session).last() {
            Some(Message::Leave(leave)) => Some(leave.action()),
            _ => None,
        }
    }

    fn drain(&mut self) {
        loop {
            match self.shard.poll_output() {
                Output::Transmit(_) => {}
                Output::Signal { session, message } => {
                    assert!(!self.closed.contains(&session), "a word after the end");
                    self.told.entry(session).or_default().push(*message);
                }
                Output::CloseSignal { session } => {
                    assert!(self.closed.insert(session), "closed twice");
                }
                Output::Claim { ufrag } => assert!(self.claims.insert(ufrag), "claimed twice"),
                Output::Release { ufrag } => assert!(self.claims.remove(&ufrag), "not claimed"),
                Output::Reply { reply, .. } => self.reply = Some(reply),
                Output::Fact(fact) => self.facts.push(fact),
                Output::Wait(wake) => {
                    self.wake = wake;
                    return;
                }
            }
        }
    }
}

const SERVER: ([u8; 4], u16) = ([127, 0, 0, 1], 7882);

fn access(identity: &str) -> Access {
    Access {
        identity: identity.to_owned(),
        name: String::new(),
        metadata: String::new(),
        attributes: BTreeMap::new(),
        kind: proto::participant_info::Kind::Standard,
        permission: proto::ParticipantPermission {
            can_subscribe: true,
            can_publish: true,
            can_publish_data: true,
            ..Default::default()
        },
        may_create_room: true,
        must_encrypt: false,
        turns: None,
        line: None,
        room_configuration: None,
    }
}

/// A binding request that names this fragment and proves nothing.
fn stun_for(fragment: &str) -> Vec<u8> {
    let name = format!("{fragment}:them");
    let padded = name.len().next_multiple_of(4);
    let mut packet = vec![0, 1];
    packet.extend(u16::try_from(padded + 4).unwrap().to_be_bytes());
    packet.extend([0x21, 0x12, 0xa4, 0x42]);
    packet.extend([7; 12]);
    packet.extend([0, 6]);
    packet.extend(u16::try_from(name.len()).unwrap().to_be_bytes());
    packet.extend(name.bytes());
    packet.resize(24 + padded, 0);
    packet
}
