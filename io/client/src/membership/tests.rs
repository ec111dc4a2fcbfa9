use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use conclave_e2ee::giver::{Given, SecretGiver};
use conclave_e2ee::meeting::MeetingId as Id;
use conclave_e2ee::passcode::Passcode;
use conclave_protocol::channel::{LobbyEntry, PasscodeWanted, RosterEntry};
use conclave_protocol::meeting::{Admission, MeetingCode, ParticipantRole};
use conclave_protocol::personal::DisplayName;
use conclave_protocol::{MeetingId, Timestamp};
use serde_json::{Value, json};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::*;
use crate::invitation::Invitation;

#[test]
fn it_says_hello_and_after_a_loss_from_where_to_go_on() {
    let mut alone = Alone::new();
    assert!(matches!(alone.next(), Output::Open));
    alone.input(Input::Opened);
    let hello = json!({"type": "hello", "credential": "secret", "after": null});
    assert_eq!(alone.said(), [hello]);

    alone.hear(json!({"type": "event", "seq": 12, "revision": 1, "event": left(7)}));
    alone.input(Input::Closed);
    alone.run(Duration::from_secs(1));
    alone.input(Input::Opened);

    let hello = json!({"type": "hello", "credential": "secret", "after": 12});
    assert_eq!(alone.said(), [hello]);
}

#[test]
fn a_loss_and_its_end_are_told_once_each() {
    let mut alone = Alone::open();
    alone.admit(None);
    alone.news();

    alone.input(Input::Closed);
    for _ in 0..2 {
        alone.run(Duration::from_secs(1));
        alone.input(Input::Opened);
        alone.admit(None);
    }

    let news = alone.news();
    let lost = news.iter().filter(|news| matches!(news, News::Lost));
    let restored = news.iter().filter(|news| matches!(news, News::Restored));
    assert_eq!((lost.count(), restored.count()), (1, 1));
}

#[test]
fn events_are_acknowledged_together() {
    let mut alone = Alone::open();
    for seq in 1..=2 * u64::from(ACKNOWLEDGED_TOGETHER) {
        alone.hear(json!({"type": "event", "seq": seq, "revision": 1, "event": left(7)}));
    }
    let acks = [16, 32].map(|seq| json!({"type": "ack", "seq": seq}));
    assert_eq!(alone.said(), acks);
}

#[test]
fn whoever_waits_has_no_keys_and_sees_who_knocks_if_the_server_says_so() {
    let mut alone = Alone::open();
    let mut welcome = welcome(Admission::Waiting);
    welcome.lobby.push(LobbyEntry {
        participant: protocol::ParticipantId(Uuid::from_u128(9)),
        display_name: DisplayName::parse("Eve").unwrap(),
        since: Timestamp::from_micros(0),
        needs_passcode: false,
    });
    alone.input(Input::Heard(Box::new(Downstream::Welcome(Box::new(
        welcome,
    )))));

    let news = alone.news();
    assert!(matches!(
        news[..],
        [News::Knocks(_), News::Waits(Admission::Waiting)]
    ));
    assert!(alone.membership.encryption().is_none());
}

#[test]
fn whoever_is_let_in_asks_to_enter_the_group_once() {
    let mut alone = Alone::open();
    for _ in 0..2 {
        alone.admit(None);
    }
    let said = alone.said();
    assert_eq!(said, [json!({"type": "mls_join"})]);
    assert_eq!(
        alone
            .news()
            .iter()
            .filter(|news| matches!(news, News::Admitted(_)))
            .count(),
        1
    );
}

#[test]
fn the_first_makes_a_group_and_says_after_a_loss_where_it_is() {
    let mut alone = Alone::open();
    alone.admit(None);
    alone.hear(json!({"type": "mls_slot", "kind": "create", "lease_ms": 2000}));
    let said = alone.said();
    assert_eq!(said[1]["type"], "mls_create");
    let group = said[1]["group"].clone();

    alone.input(Input::Closed);
    alone.run(Duration::from_secs(1));
    alone.input(Input::Opened);
    alone.said();
    alone.admit(Some(json!({"id": group, "epoch": 0, "replays_from": 0})));

    let processed = json!({"type": "mls_processed", "group": group, "epoch": 0});
    assert_eq!(alone.said(), [processed]);
}

#[test]
fn a_group_that_is_gone_is_entered_anew() {
    let mut alone = Alone::open();
    alone.admit(None);
    alone.hear(json!({"type": "mls_slot", "kind": "create", "lease_ms": 2000}));
    alone.said();

    alone.admit(None);

    assert_eq!(alone.said(), [json!({"type": "mls_join"})]);
    assert!(alone.membership.standing().is_none());
}

#[test]
fn a_dismissal_ends_it_and_takes_the_keys() {
    for (reason, ends) in [("denied", true), ("replaced", true), ("too_slow", false)] {
        let mut alone = Alone::open();
        alone.admit(None);
        alone.hear(json!({"type": "mls_slot", "kind": "create", "lease_ms": 2000}));
        assert!(alone.membership.standing().is_some());

        alone.hear(json!({"type": "bye", "reason": reason}));

        assert_eq!(alone.membership.has_ended(), ends, "{reason}");
        assert_eq!(alone.membership.standing().is_none(), ends, "{reason}");
    }
}

#[test]
fn a_connection_that_never_comes_back_is_given_up() {
    let mut alone = Alone::open();
    let mut tries = 0;
    while !alone.membership.has_ended() {
        alone.input(Input::Closed);
        alone.run(Duration::from_secs(8));
        tries += 1;
        assert!(tries < 20);
    }
    assert!(matches!(alone.news().last(), Some(News::Ended(None))));
}

#[test]
fn whoever_has_code_and_passcode_shows_that_in_the_lobby_and_is_given_the_link_inside() {
    let mut alone = Alone::by_passcode("123 456");
    let mut host = Host::with("123456");
    alone.wait_at_the_door();

    assert!(matches!(
        alone.asks(&mut host, SecretGiver::check),
        Given::Known
    ));
    assert!(alone.membership.encryption().is_none());
    alone.news();

    alone.let_in_by_host();
    let given = alone.asks(&mut host, SecretGiver::take);
    let Given::Secret { letter, .. } = given else {
        panic!("the link is not given");
    };
    alone.hear_letter(HOST, &letter);

    assert_eq!(alone.said(), [json!({"type": "mls_join"})]);
    assert!(matches!(alone.news()[..], [News::Admitted(_), ..]));
}

#[test]
fn a_wrong_passcode_is_told_and_nobody_is_asked_any_more() {
    let mut alone = Alone::by_passcode("654321");
    let mut host = Host::with("123456");
    alone.wait_at_the_door();

    let given = alone.asks(&mut host, SecretGiver::check);
    let Given::WrongPasscode(letter) = given else {
        panic!("the passcode is not wrong");
    };
    alone.news();
    alone.hear_letter(HOST, &letter);

    assert!(matches!(
        alone.news()[..],
        [News::NotGiven(NotGiven::WrongPasscode)]
    ));
    alone.run(Duration::from_secs(60));
    assert!(alone.said().is_empty());
}

#[test]
fn hosts_are_asked_again_while_none_answers_and_strangers_are_not_heard() {
    let mut alone = Alone::by_passcode("123456");
    let mut stranger = Host::with("123456");
    alone.wait_at_the_door();
    let asked = alone.said();
    let Some(Given::Reply(reply)) = stranger.giver.check(id(GUEST), &bytes_of(&asked[0])) else {
        panic!("no reply");
    };
    alone.hear_letter(protocol::ParticipantId(Uuid::from_u128(9)), &reply);
    assert!(alone.said().is_empty());

    alone.run(Duration::from_secs(7));

    assert_eq!(alone.said(), [asked[0].clone(), asked[0].clone()]);
}

const GUEST: protocol::ParticipantId = protocol::ParticipantId(Uuid::from_u128(2));
const HOST: protocol::ParticipantId = protocol::ParticipantId(Uuid::from_u128(5));

/// A host's page, which has the link.
struct Host {
    giver: SecretGiver,
}

type Judges = fn(&mut SecretGiver, ParticipantId, &[u8]) -> Option<Given>;

impl Host {
    fn with(passcode: &str) -> Self {
        let (meeting, seed) = (Id(Uuid::from_u128(1).into_bytes()), Seed([8; 32].into()));
        let link = invitation().link("");
        let (_, fragment) = link.split_once('#').unwrap();
        let passcode = Passcode::read(passcode).ok();
        Self {
            giver: SecretGiver::new(meeting, id(HOST), fragment, passcode, seed, 0),
        }
    }
}

fn bytes_of(letter: &Value) -> Vec<u8> {
    assert_eq!(letter["type"], "mls_letter");
    STANDARD.decode(letter["bytes"].as_str().unwrap()).unwrap()
}

fn invitation() -> Invitation {
    Invitation {
        code: MeetingCode::from_number(1).unwrap(),
        secret: Zeroizing::new([7; 32]),
        host_key: None,
    }
}

/// A membership without a server.
struct Alone {
    membership: Membership,
    now: Instant,
    outputs: VecDeque<Output>,
    wake: Option<Instant>,
}

impl Alone {
    fn new() -> Self {
        let now = Instant::now();
        Self {
            membership: membership_at(now),
            now,
            outputs: VecDeque::new(),
            wake: None,
        }
    }

    fn open() -> Self {
        let mut alone = Self::new();
        alone.input(Input::Opened);
        alone.said();
        alone
    }

    fn by_passcode(passcode: &str) -> Self {
        let seed = |byte: u8| Seed([byte; 32].into());
        let passcode = Passcode::read(passcode).unwrap();
        let code = MeetingCode::from_number(1).unwrap();
        let petition = Petition::new(code, &passcode, seed(11), seed(12));
        let mut alone = Self::new();
        let means = Means::Passcode(Box::new(petition));
        alone.membership = membership_with(alone.now, means);
        alone.input(Input::Opened);
        alone.said();
        alone
    }

    fn wait_at_the_door(&mut self) {
        let mut welcome = welcome(Admission::Waiting);
        welcome.passcode = Some(PasscodeWanted {
            hosts: vec![HOST],
            passcode_number: 0,
        });
        let welcome = Downstream::Welcome(Box::new(welcome));
        self.input(Input::Heard(Box::new(welcome)));
    }

    fn let_in_by_host(&mut self) {
        let you = welcome(Admission::Admitted).you;
        let host = RosterEntry {
            participant: HOST,
            role: ParticipantRole::Host,
            ..you
        };
        self.admit_beside(vec![host], None);
    }

    /// Until the host's page has judged what it was shown.
    fn asks(&mut self, host: &mut Host, judges: Judges) -> Given {
        let asked = bytes_of(&self.said()[0]);
        let Some(Given::Reply(reply)) = judges(&mut host.giver, id(GUEST), &asked) else {
            panic!("no reply");
        };
        self.hear_letter(HOST, &reply);
        let confirmed = bytes_of(&self.said()[0]);
        judges(&mut host.giver, id(GUEST), &confirmed).unwrap()
    }

    fn hear_letter(&mut self, from: protocol::ParticipantId, letter: &[u8]) {
        let bytes = STANDARD.encode(letter);
        self.hear(json!({"type": "mls_letter", "from": from, "bytes": bytes}));
    }

    fn input(&mut self, input: Input) {
        self.membership.handle_input(self.now, input);
        self.drain();
    }

    fn hear(&mut self, message: Value) {
        let message = serde_json::from_value(message).unwrap();
        self.input(Input::Heard(Box::new(message)));
    }

    fn admit(&mut self, group: Option<Value>) {
        self.admit_beside(Vec::new(), group);
    }

    fn admit_beside(&mut self, roster: Vec<RosterEntry>, group: Option<Value>) {
        let welcome = Welcome {
            roster,
            ..welcome(Admission::Admitted)
        };
        let mut text = serde_json::to_value(Downstream::Welcome(Box::new(welcome))).unwrap();
        text["meeting"] = json!({
            "organisation": Uuid::from_u128(3), "data_mode": "conduit", "title": "Visit", "link_admits": true, "locked": false, "sharing": "everybody",
            "code": null, "started_at": null
        });
        let key = DeviceKeys::generate(Seed([9; 32].into()));
        let key = protocol::mls::Opaque::new(key.signer().public().to_vec()).unwrap();
        text["mls"] = json!({
            "group": group, "required": true,
            "external_sender": {"signature_key": key, "identity": "Y29uY2xhdmU="}
        });
        self.hear(text);
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
            match self.membership.poll_output() {
                Output::Wait(wake) => return self.wake = wake,
                output => self.outputs.push_back(output),
            }
        }
    }

    fn next(&mut self) -> Output {
        self.drain();
        self.outputs.pop_front().unwrap()
    }

    /// What was said since this was asked last.
    fn said(&mut self) -> Vec<Value> {
        let (said, rest) = std::mem::take(&mut self.outputs)
            .into_iter()
            .partition(|output| matches!(output, Output::Say(_)));
        self.outputs = rest;
        let said: VecDeque<Output> = said;
        let texts = said.into_iter().filter_map(|output| match output {
            Output::Say(words) => serde_json::from_str(&words.text()).ok(),
            _ => None,
        });
        texts.collect()
    }

    fn news(&mut self) -> Vec<News> {
        let outputs = std::mem::take(&mut self.outputs).into_iter();
        let news = outputs.filter_map(|output| match output {
            Output::News(news) => Some(news),
            _ => None,
        });
        news.collect()
    }
}

fn welcome(admission: Admission) -> Welcome {
    Welcome {
        seq: 3,
        revision: 1,
        you: RosterEntry {
            participant: protocol::ParticipantId(Uuid::from_u128(2)),
            display_name: DisplayName::parse("Amy").unwrap(),
            role: ParticipantRole::Guest,
            signed_in: false,
            connected: true,
            by_emergency: false,
            companion: None,
        },
        admission,
        place: None,
        passcode: None,
        data_mode: None,
        meeting: None,
        roster: Vec::new(),
        lobby: Vec::new(),
        mls: None,
    }
}

fn left(number: u128) -> Value {
    json!({"kind": "roster_left", "participant": Uuid::from_u128(number)})
}

/// Of Amy, a guest, who has just come.
pub(crate) fn membership() -> Membership {
    membership_at(Instant::now())
}

fn membership_at(now: Instant) -> Membership {
    membership_with(now, Means::Link(invitation()))
}

fn membership_with(now: Instant, means: Means) -> Membership {
    let seed = |byte: u8| Seed([byte; 32].into());
    let member = Member {
        place: Place {
            meeting: MeetingId(Uuid::from_u128(1)),
            participant: protocol::ParticipantId(Uuid::from_u128(2)),
            credential: "secret".to_owned(),
            admission: Admission::Waiting,
        },
        display_name: "Amy".to_owned(),
        account: None,
        keys: DeviceKeys::generate(seed(1)),
        means,
    };
    let seeds = Seeds {
        seat: seed(2),
        names: [3; 32],
    };
    let zero = Zero {
        instant: now,
        since_1970: Duration::from_secs(1_764_000_000),
    };
    Membership::new(member, seeds, zero)
}
