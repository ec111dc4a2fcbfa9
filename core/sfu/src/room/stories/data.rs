use conclave_livekit::join::Topology;
use livekit_protocol as proto;
use prost::Message as _;
use proto::data_packet::{Kind, Value};
use proto::signal_request::Message as Ask;

use super::stage::{BOTH, Stage};
use crate::command::ApiRequest;
use crate::connection::Report;
use crate::fact::Fact;
use crate::line::{Line, ON_ITS_WAY};
use crate::peer::DataChannel;

const PEOPLE: [&str; 4] = ["ann", "bob", "cid", "dan"];

#[test]
fn a_message_that_names_nobody_reaches_everybody_else() {
    let mut stage = meeting();

    send(&mut stage, DataChannel::Reliable, user(1, |_| {}));

    assert_eq!(readers(&mut stage), ["bob", "cid", "dan"]);
}

#[test]
#[expect(deprecated, reason = "clients of today fill the deprecated places")]
fn an_addressed_message_reaches_nobody_else_wherever_the_address_stands() {
    let mut stage = meeting();
    let cid = stage.sid("cid");
    let above = |packet: &mut proto::DataPacket| {
        packet.destination_identities = vec!["cid".to_owned()];
    };
    let inside = |packet: &mut proto::DataPacket| {
        inner(packet).destination_identities = vec!["cid".to_owned()];
    };
    let by_sid = |packet: &mut proto::DataPacket| {
        inner(packet).destination_sids = vec![cid.clone()];
    };
    for channel in [DataChannel::Reliable, DataChannel::Lossy] {
        send(&mut stage, channel, user(0, above));
        assert_eq!(readers(&mut stage), ["cid"]);
        send(&mut stage, channel, user(0, inside));
        assert_eq!(readers(&mut stage), ["cid"]);
        send(&mut stage, channel, user(0, by_sid));
        assert_eq!(readers(&mut stage), ["cid"]);
    }
}

#[test]
fn a_message_to_nobody_who_is_here_reaches_nobody() {
    let mut stage = meeting();

    send(
        &mut stage,
        DataChannel::Reliable,
        user(1, |packet| {
            packet.destination_identities = vec!["eve".to_owned(), "ann".to_owned()];
        }),
    );

    assert!(readers(&mut stage).is_empty());
}

#[test]
fn whoever_may_not_send_data_does_not() {
    let mut stage = meeting();
    stage.enter_with("eve", Topology::Single, |connect| {
        connect.access.permission.can_publish_data = false;
    });
    stage.bring_up("eve");

    let bytes = user(1, |_| {}).encode_to_vec();
    let channel = DataChannel::Reliable;
    stage.publisher_reports("eve", Report::Data { channel, bytes });

    assert!(readers(&mut stage).is_empty());
}

// Shows: ABUSE-29.
#[test]
fn whoever_floods_is_heard_at_an_even_pace() {
    let mut stage = meeting();

    for _ in 0..10_000 {
        send(&mut stage, DataChannel::Lossy, user(0, |_| {}));
    }

    assert_eq!(readers(&mut stage).len(), 3 * 1_000);
    // Others are none the slower for it.
    let bytes = user(0, |_| {}).encode_to_vec();
    let channel = DataChannel::Lossy;
    stage.publisher_reports("bob", Report::Data { channel, bytes });
    assert_eq!(readers(&mut stage).len(), 3);
}

#[test]
fn a_hidden_participant_reads_and_its_own_words_have_no_sender() {
    let mut stage = meeting();
    stage.enter_with("hid", Topology::Single, |connect| {
        connect.access.permission.hidden = true;
    });
    stage.bring_up("hid");
    send(&mut stage, DataChannel::Reliable, user(1, |_| {}));
    assert!(readers(&mut stage).contains(&"hid".to_owned()));

    let bytes = user(1, |_| {}).encode_to_vec();
    let channel = DataChannel::Reliable;
    stage.publisher_reports("hid", Report::Data { channel, bytes });

    assert_eq!(stage.data.len(), 4);
    for (_, bytes) in &stage.data {
        let packet = proto::DataPacket::decode(bytes.as_slice()).unwrap();
        assert_eq!(
            (packet.participant_identity, packet.participant_sid),
            Default::default()
        );
    }
}

#[test]
fn repeated_and_unreadable_messages_go_no_further() {
    let mut stage = meeting();
    send(&mut stage, DataChannel::Reliable, user(5, |_| {}));
    readers(&mut stage);

    send(&mut stage, DataChannel::Reliable, user(5, |_| {}));
    send(&mut stage, DataChannel::Reliable, user(4, |_| {}));
    let bytes = vec![0xff; 40];
    let channel = DataChannel::Reliable;
    stage.publisher_reports("ann", Report::Data { channel, bytes });

    assert!(readers(&mut stage).is_empty());
}

#[test]
fn metrics_reach_only_who_may_read_them() {
    let mut stage = meeting();
    stage.enter_with("ops", Topology::Single, |connect| {
        connect.access.permission.can_subscribe_metrics = true;
    });
    stage.bring_up("ops");

    let packet = proto::DataPacket {
        value: Some(Value::Metrics(proto::MetricsBatch::default())),
        ..Default::default()
    };
    send(&mut stage, DataChannel::Reliable, packet);

    assert_eq!(readers(&mut stage), ["ops"]);
}

#[test]
fn what_is_said_before_a_channel_opens_waits_for_it() {
    for topology in BOTH {
        let mut stage = meeting();
        stage.enter("eve", topology);

        send(&mut stage, DataChannel::Reliable, user(1, |_| {}));
        send(&mut stage, DataChannel::Lossy, user(0, |_| {}));
        let at_first = readers(&mut stage);
        stage.bring_up("eve");

        assert!(!at_first.contains(&"eve".to_owned()));
        assert_eq!(readers(&mut stage), ["eve"]);
    }
}

#[test]
fn a_resumed_reader_gets_what_it_missed_and_was_meant_for_it() {
    let mut stage = meeting();
    let (ann, bob) = (stage.sid("ann"), stage.sid("bob"));
    stage.cut_signal("bob");
    for sequence in 1..=3 {
        send(&mut stage, DataChannel::Reliable, user(sequence, |_| {}));
    }
    send(
        &mut stage,
        DataChannel::Reliable,
        user(4, |packet| {
            packet.destination_identities = vec!["cid".to_owned()];
        }),
    );
    readers(&mut stage);

    stage.resume("bob", Topology::Single, &bob);
    let state = proto::DataChannelReceiveState {
        publisher_sid: ann,
        last_seq: 1,
    };
    stage.ask(
        "bob",
        Ask::SyncState(proto::SyncState {
            datachannel_receive_states: vec![state],
            ..Default::default()
        }),
    );

    let replayed: Vec<u32> = stage
        .data
        .iter()
        .filter(|(identity, _)| identity == "bob")
        .map(|(_, bytes)| {
            proto::DataPacket::decode(bytes.as_slice())
                .unwrap()
                .sequence
        })
        .collect();
    assert_eq!(replayed, [2, 3]);
}

#[test]
fn a_resumed_sender_is_told_what_arrived() {
    let mut stage = meeting();
    send(&mut stage, DataChannel::Reliable, user(7, |_| {}));
    let sid = stage.sid("ann");

    let session = stage.resume("ann", Topology::Single, &sid);

    let told = stage.told_on(session);
    let last = told.iter().find_map(|message| match message {
        proto::signal_response::Message::Reconnect(reconnect) => Some(reconnect.last_message_seq),
        _ => None,
    });
    assert_eq!(last, Some(7));
}

// Shows: REQ-AC-14.
#[test]
fn a_computer_hears_whom_it_is_lent_to_until_it_is_taken_back_and_others_are_on_record_once() {
    let mut stage = meeting();
    bring(&mut stage, "ann", 1);
    stage.bring_up("pc");
    say(&mut stage, "ann", "pc", 1);
    say(&mut stage, "bob", "pc", 1);
    say(&mut stage, "bob", "pc", 2);
    say(&mut stage, "pc", "ann", 1);
    say(&mut stage, "pc", "bob", 2);
    send(&mut stage, DataChannel::Reliable, user(2, |_| {}));
    assert_eq!(readers(&mut stage), ["pc", "ann", "bob", "cid", "dan"]);
    let strays = |stage: &Stage| {
        let strays = stage.facts.iter();
        let strays = strays.filter(|fact| matches!(fact, Fact::StrayData { .. }));
        strays.count()
    };
    assert_eq!(strays(&stage), 1);

    lend(&mut stage, None, 2);
    say(&mut stage, "ann", "pc", 3);
    // What an older turn said changes nothing.
    lend(&mut stage, Some("ann"), 1);
    say(&mut stage, "ann", "pc", 4);

    assert!(readers(&mut stage).is_empty());
    assert_eq!(strays(&stage), 1, "it was on its way");
    stage.pass(ON_ITS_WAY, &PEOPLE);
    say(&mut stage, "ann", "pc", 5);

    assert!(readers(&mut stage).is_empty());
    assert_eq!(strays(&stage), 2, "of whoever may not use it any more");
}

// Shows: REQ-AC-14.
#[test]
fn what_waits_for_a_computer_is_gone_when_it_is_taken_back() {
    let mut stage = meeting();
    bring(&mut stage, "ann", 1);
    say(&mut stage, "ann", "pc", 1);

    lend(&mut stage, Some("bob"), 2);
    say(&mut stage, "bob", "pc", 1);
    stage.bring_up("pc");

    assert_eq!(readers(&mut stage), ["pc"]);
}

#[test]
fn the_server_s_own_messages_are_addressed_too() {
    let mut stage = meeting();
    let request = |to: &[&str]| {
        ApiRequest::SendData(proto::SendDataRequest {
            data: b"hello".to_vec(),
            kind: Kind::Reliable as i32,
            destination_identities: to.iter().map(|name| (*name).to_owned()).collect(),
            ..Default::default()
        })
    };

    assert!(stage.api(request(&["bob"])).is_ok());
    assert_eq!(readers(&mut stage), ["bob"]);
    assert!(stage.api(request(&[])).is_ok());
    assert_eq!(readers(&mut stage), PEOPLE);
}

fn meeting() -> Stage {
    let mut stage = Stage::new();
    for identity in PEOPLE {
        stage.meet(identity, Topology::Single);
    }
    stage
}

fn user(sequence: u32, change: impl FnOnce(&mut proto::DataPacket)) -> proto::DataPacket {
    let mut packet = proto::DataPacket {
        sequence,
        value: Some(Value::User(proto::UserPacket {
            payload: b"hello".to_vec(),
            ..Default::default()
        })),
        ..Default::default()
    };
    change(&mut packet);
    packet
}

/// A computer that somebody may use; its connection is not up yet.
fn bring(stage: &mut Stage, to: &str, turn: u64) {
    stage.enter_with("pc", Topology::Single, |connect| {
        let to = Some(to.to_owned());
        connect.access.line = Some(Line { to, turn });
    });
}

fn lend(stage: &mut Stage, to: Option<&str>, turn: u64) {
    let identity = "pc".to_owned();
    let to = to.map(str::to_owned);
    let line = Line { to, turn };
    stage.api(ApiRequest::SetLine { identity, line }).unwrap();
}

fn say(stage: &mut Stage, from: &str, to: &str, sequence: u32) {
    let packet = user(sequence, |packet| {
        packet.destination_identities = vec![to.to_owned()];
    });
    let bytes = packet.encode_to_vec();
    let channel = DataChannel::Reliable;
    stage.publisher_reports(from, Report::Data { channel, bytes });
}

fn inner(packet: &mut proto::DataPacket) -> &mut proto::UserPacket {
    match &mut packet.value {
        Some(Value::User(user)) => user,
        _ => panic!("not a user packet"),
    }
}

/// Ann sends.
fn send(stage: &mut Stage, channel: DataChannel, packet: proto::DataPacket) {
    let bytes = packet.encode_to_vec();
    stage.publisher_reports("ann", Report::Data { channel, bytes });
}

/// Who got data since this was asked last.
fn readers(stage: &mut Stage) -> Vec<String> {
    let data = std::mem::take(&mut stage.data);
    data.into_iter().map(|(identity, _)| identity).collect()
}
