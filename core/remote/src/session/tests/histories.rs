//! Random histories against the promises of a session. A failure prints its history, shrunk, and its seed.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use conclave_protocol::ParticipantId;
use conclave_protocol::personal::Words;
use conclave_protocol::remote::{
    Button, Capability, ClipboardText, Credential, EndReason, FromAgent, FromTechnician,
    InputEvent, MonitorId, Raising, TransferId, Turn,
};
use proptest::prelude::*;

use crate::fact::Fact;
use crate::indicator::Phase;
use crate::io::{
    Area, Display, Done, FileWork, Injection, Input, Local, Output, Reply, Surface, Terms, WindowId,
};
use crate::limits::Limits;
use crate::question::{Question, Subject};
use crate::rights::MOST_WRONG;
use crate::scene::{chunk, displays, limits, offer, person, point, press, release, start};
use crate::session::Session;
use crate::session::local::LOCAL_FIRST;
use crate::turn::MOST_WAITING;

#[derive(Clone, Debug)]
enum Event {
    Ask(u8),
    GiveBack(u8),
    /// Keys go down and up, so many times.
    Keys {
        key: u8,
        times: u8,
        down: bool,
    },
    Click {
        x: u16,
        down: bool,
    },
    /// A number is missing before the next.
    Gap,
    /// Of the turn before.
    Late,
    Yes {
        seconds: u16,
        surface: u8,
    },
    No,
    Withdraw(u8),
    Used,
    Stop,
    Leave,
    Chat,
    Clipboard,
    Offer,
    Send,
    Scan,
    Join(u8),
    Go(u8),
    HandOver(u8),
    Lose,
    Restore,
    Shrink(u8),
    Show(u8),
    OwnWindow(bool),
    Prompt(bool),
    Raise,
    /// What the computer says of what was typed.
    Looked(bool),
    Restart,
    WayBack(bool),
    Pass(u32),
    /// The owner is late: time goes by, and nobody says so.
    Lag(u32),
}

fn event() -> impl Strategy<Value = Event> {
    let capability = 0_u8..10;
    let keys = (4_u8..8, 1_u8..120, any::<bool>());
    let short = 0_u32..3_000;
    prop_oneof![
        6 => capability.clone().prop_map(Event::Ask),
        1 => capability.clone().prop_map(Event::GiveBack),
        8 => keys.prop_map(|(key, times, down)| Event::Keys { key, times, down }),
        3 => (0_u16..200, any::<bool>()).prop_map(|(x, down)| Event::Click { x, down }),
        1 => Just(Event::Gap),
        1 => Just(Event::Late),
        12 => (1_u16..900, 0_u8..8).prop_map(|(seconds, surface)| Event::Yes { seconds, surface }),
        1 => Just(Event::No),
        1 => capability.clone().prop_map(Event::Withdraw),
        2 => Just(Event::Used),
        1 => prop_oneof![1 => Just(Event::Stop), 1 => Just(Event::Leave), 6 => Just(Event::Used)],
        2 => Just(Event::Chat),
        2 => Just(Event::Clipboard),
        2 => Just(Event::Offer),
        3 => Just(Event::Send),
        1 => Just(Event::Scan),
        1 => (2_u8..5).prop_map(Event::Join),
        1 => (1_u8..5).prop_map(Event::Go),
        1 => (1_u8..5).prop_map(Event::HandOver),
        1 => Just(Event::Lose),
        2 => Just(Event::Restore),
        1 => prop_oneof![
            1 => capability.prop_map(Event::Shrink),
            3 => (0_u8..8).prop_map(Event::Show),
        ],
        1 => any::<bool>().prop_map(Event::OwnWindow),
        1 => any::<bool>().prop_map(Event::Prompt),
        2 => Just(Event::Raise),
        2 => any::<bool>().prop_map(Event::Looked),
        2 => Just(Event::Restart),
        1 => any::<bool>().prop_map(Event::WayBack),
        12 => short.prop_map(Event::Pass),
        1 => (0_u32..400_000).prop_map(Event::Pass),
        1 => (0_u32..400_000).prop_map(Event::Lag),
    ]
}

/// A session, and what an onlooker knows of it.
struct World {
    now: Instant,
    session: Session,
    technician: ParticipantId,
    turn: Turn,
    number: u32,
    question: Option<Question>,
    agreed: BTreeMap<Capability, Instant>,
    files: BTreeSet<TransferId>,
    transfer: u32,
    /// In the room, and agreed to.
    known: BTreeSet<ParticipantId>,
    /// In the room, and not agreed to.
    strangers: BTreeSet<ParticipantId>,
    keys: BTreeSet<u8>,
    buttons: BTreeSet<Button>,
    local_until: Instant,
    own_window: bool,
    prompt: bool,
    raised: bool,
    may_restart: bool,
    is_leaving: bool,
    wrong: usize,
    over: bool,
    wake: Option<Instant>,
}

impl World {
    fn new() -> Self {
        let now = start();
        let technician = person(1);
        let mut world = Self {
            now,
            technician: technician.participant,
            session: Session::new(now, technician, limits()),
            turn: Turn(0),
            number: 0,
            question: None,
            agreed: BTreeMap::new(),
            files: BTreeSet::new(),
            transfer: 0,
            known: BTreeSet::from([person(1).participant]),
            strangers: BTreeSet::new(),
            keys: BTreeSet::new(),
            buttons: BTreeSet::new(),
            local_until: now,
            own_window: false,
            prompt: false,
            raised: false,
            may_restart: false,
            is_leaving: false,
            wrong: 0,
            over: false,
            wake: None,
        };
        for display in displays() {
            world.happens(Input::Display(display));
        }
        world
    }

    fn happen(&mut self, event: &Event) {
        match event {
            Event::Ask(number) => self.says(FromTechnician::Ask(capability(*number))),
            Event::GiveBack(number) => self.says(FromTechnician::GiveBack(capability(*number))),
            Event::Keys { key, times, down } => self.keys(*key, *times, *down),
            Event::Click { x, down } => self.input(InputEvent::Button {
                at: point(0, *x, 10),
                button: Button::Left,
                down: *down,
            }),
            Event::Gap => {
                self.number += 1;
                self.input(press(4));
            }
            Event::Late => self.says(FromTechnician::Input {
                turn: Turn(self.turn.0.saturating_sub(1)),
                number: self.number,
                event: press(4),
            }),
            Event::Yes { seconds, surface } => self.yes(*seconds, *surface),
            Event::No => self.no(),
            Event::Withdraw(number) => {
                self.agreed.remove(&capability(*number));
                self.happens(Input::Local(Local::Withdraw(capability(*number))));
            }
            Event::Used => {
                self.local_until = self.now + LOCAL_FIRST;
                self.happens(Input::Local(Local::Used));
            }
            Event::Stop => {
                self.happens(Input::Local(Local::Stop));
                assert!(self.over, "the stop ends it");
            }
            Event::Leave => self.says(FromTechnician::Leave),
            Event::Chat => {
                let words = Words::parse("hello").unwrap();
                self.happens(Input::Local(Local::Chat(words.clone())));
                self.says(FromTechnician::Chat(words));
            }
            Event::Clipboard => {
                let text = |text| ClipboardText::parse(text).unwrap();
                self.happens(Input::Local(Local::Copied(text("local"))));
                self.says(FromTechnician::Clipboard(text("from afar")));
            }
            Event::Offer => {
                self.transfer += 1;
                self.says(FromTechnician::OfferFile(offer(self.transfer, b"abcdef")));
            }
            Event::Send => self.says(FromTechnician::Chunk {
                transfer: TransferId(self.transfer),
                offset: 0,
                bytes: chunk(b"abcdef"),
            }),
            Event::Scan => self.happens(Input::Done(Done::Scanned {
                transfer: TransferId(self.transfer),
                harmless: true,
            })),
            Event::Join(number) => self.join(*number),
            Event::Go(number) => {
                let participant = person(u128::from(*number)).participant;
                self.strangers.remove(&participant);
                // What was due before they went is done first, and may still be told to them.
                self.happens(Input::Left(participant));
                // A technician who goes is waited for.
                if participant != self.technician {
                    self.known.remove(&participant);
                }
            }
            Event::HandOver(number) => {
                let to = person(u128::from(*number)).participant;
                self.says(FromTechnician::HandOver(to));
            }
            Event::Lose => self.happens(Input::ConnectionLost),
            Event::Restore => self.happens(Input::ConnectionRestored),
            Event::Shrink(number) => {
                self.agreed.remove(&capability(*number));
                let permitted = limits().permitted.without(capability(*number));
                self.happens(Input::Limits(Limits {
                    permitted,
                    ..limits()
                }));
            }
            Event::Show(number) => self.happens(Input::Local(Local::Show(surface(*number)))),
            Event::OwnWindow(is_there) => {
                self.own_window = *is_there;
                let areas = is_there.then_some(OURS).into_iter().collect();
                self.happens(Input::Display(Display::OwnWindows(areas)));
            }
            Event::Prompt(is_open) => {
                self.prompt = *is_open;
                self.happens(Input::Display(Display::Prompt(*is_open)));
            }
            Event::Raise => {
                let credential = Credential::parse("amy", "correct horse").unwrap();
                self.says(FromTechnician::Raise(credential));
            }
            Event::Looked(is_right) => self.happens(Input::Done(Done::Raised(match is_right {
                true => Raising::Raised,
                false => Raising::Wrong,
            }))),
            Event::Restart => self.says(FromTechnician::Restart),
            Event::WayBack(is_laid) => {
                let is_laid = *is_laid;
                self.happens(Input::Done(Done::WayBack { is_laid }));
            }
            Event::Pass(time) => self.pass(Duration::from_millis(u64::from(*time))),
            Event::Lag(time) => self.now += Duration::from_millis(u64::from(*time)),
        }
    }

    fn says(&mut self, message: FromTechnician) {
        let from = self.technician;
        self.happens(Input::Message { from, message });
    }

    fn input(&mut self, event: InputEvent) {
        let (turn, number) = (self.turn, self.number);
        self.number += 1;
        self.says(FromTechnician::Input {
            turn,
            number,
            event,
        });
    }

    fn keys(&mut self, key: u8, times: u8, down: bool) {
        for time in 0..times {
            let is_down = down == (time % 2 == 0);
            self.input(match is_down {
                true => press(key),
                false => release(key),
            });
        }
    }

    fn yes(&mut self, seconds: u16, number: u8) {
        let Some(question) = self.question.clone() else {
            return;
        };
        let length = Duration::from_secs(u64::from(seconds));
        if self.now >= question.live_from {
            match &question.subject {
                Subject::Capability(capability) => {
                    self.agreed.insert(*capability, self.now + length);
                }
                Subject::FileIn(offer) => {
                    self.files.insert(offer.transfer);
                }
                Subject::Watcher(person) => {
                    if self.strangers.remove(&person.participant) {
                        self.known.insert(person.participant);
                    }
                }
                Subject::Restart => self.may_restart = true,
                Subject::FileOut(_) | Subject::Diagnostics(_) | Subject::HandOver(_) => {}
            }
        }
        let terms = Terms {
            length,
            surface: surface(number),
        };
        self.happens(Input::Local(Local::Answer {
            question: question.id,
            reply: Reply::Yes(terms),
        }));
    }

    fn no(&mut self) {
        if let Some(question) = self.question.clone() {
            self.happens(Input::Local(Local::Answer {
                question: question.id,
                reply: Reply::No,
            }));
        }
    }

    fn join(&mut self, number: u8) {
        let joined = person(u128::from(number));
        if !self.known.contains(&joined.participant) {
            self.strangers.insert(joined.participant);
        }
        self.happens(Input::Joined(joined));
    }

    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(wake) = self.wake.filter(|wake| *wake <= end) {
            self.now = wake.max(self.now);
            self.happens(Input::Timeout);
        }
        self.now = end;
        self.happens(Input::Timeout);
    }

    fn happens(&mut self, input: Input) {
        let was_over = self.over;
        self.session.handle_input(self.now, input);
        let mut count = 0;
        loop {
            let output = self.session.poll_output();
            if let Output::Wait(wake) = output {
                assert!(wake.is_none_or(|wake| wake > self.now), "it comes to rest");
                self.wake = wake;
                break;
            }
            assert!(!was_over && !self.over, "nothing follows the end");
            count += 1;
            assert!(count <= MOST_WAITING + 128, "what comes at once is bounded");
            self.see(output);
        }
        self.look();
    }

    /// The promises about each thing that is done.
    fn see(&mut self, output: Output) {
        match output {
            Output::Inject(injection) => self.injected(&injection),
            Output::ReleaseAll => {
                self.keys.clear();
                self.buttons.clear();
            }
            Output::Ask(question) => {
                assert!(self.question.is_none(), "one question stands");
                self.question = Some(question);
            }
            Output::CloseQuestion => self.question = None,
            Output::StartCapture(_) => self.needs(Capability::View),
            // Strangers see nothing of it, and it goes on in the dark while they are asked about.
            Output::StartRecording => self.agreed_to(Capability::Recording),
            Output::SetClipboard(_) => self.needs(Capability::ClipboardIn),
            Output::ShowChat(_) => self.needs(Capability::Chat),
            Output::File(
                FileWork::Create { transfer, .. }
                | FileWork::Write { transfer, .. }
                | FileWork::Keep(transfer),
            ) => assert!(self.files.contains(&transfer), "without a yes to this file"),
            Output::Say { to, message } => self.said(to, &message),
            Output::Fact(fact) => self.recorded(fact),
            Output::Raise(_) => {
                self.needs(Capability::Administrator);
                assert!(!self.raised, "who is raised is not looked at again");
            }
            Output::Lower => {
                self.raised = false;
                self.may_restart = false;
            }
            Output::LayWayBack => {
                self.needs(Capability::Administrator);
                let agreed = self.raised && self.may_restart;
                assert!(agreed, "nobody agreed to a restart");
                self.is_leaving = true;
            }
            Output::Ended(reason) => {
                if reason == EndReason::Restarting {
                    assert!(self.raised && self.may_restart && self.is_leaving);
                }
                self.over = true;
            }
            Output::StopCapture
            | Output::StopRecording
            | Output::Indicate(_)
            | Output::HideIndicator
            | Output::WarnOfEnd { .. }
            | Output::ClearClipboard
            | Output::File(_)
            | Output::CollectDiagnostics
            | Output::Wait(_) => {}
        }
    }

    fn injected(&mut self, injection: &Injection) {
        assert_eq!(self.session.phase(), Phase::Controlled);
        self.needs(Capability::View);
        self.needs(Capability::Control);
        assert!(self.question.is_none() && !self.prompt, "a question stands");
        assert!(self.now >= self.local_until, "the local hand comes first");
        match injection {
            Injection::KeyDown(key) => {
                self.keys.insert(key.usage());
            }
            Injection::KeyUp(key) => assert!(self.keys.remove(&key.usage())),
            Injection::Press(button) => {
                self.buttons.insert(*button);
            }
            Injection::Release(button) => assert!(self.buttons.remove(button)),
            Injection::Move(at) => assert!(!self.own_window || !OURS.contains(*at)),
            Injection::Wheel { .. } | Injection::Text(_) => {}
        }
    }

    fn said(&mut self, to: ParticipantId, message: &FromAgent) {
        if *message == FromAgent::Watches {
            assert!(to != self.technician);
            return;
        }
        let is_end = matches!(message, FromAgent::Ended(_));
        assert!(to == self.technician || is_end && self.known.contains(&to));
        match message {
            FromAgent::ControlBegins(turn) => {
                assert!(*turn > self.turn, "no turn comes twice");
                self.turn = *turn;
                self.number = 0;
            }
            FromAgent::Clipboard(_) => self.needs(Capability::ClipboardOut),
            FromAgent::Chat(_) => self.needs(Capability::Chat),
            FromAgent::Monitors(_) | FromAgent::Watching(_) => self.needs(Capability::View),
            FromAgent::Chunk { .. } => panic!("no file was picked"),
            _ => {}
        }
    }

    fn recorded(&mut self, fact: Fact) {
        match fact {
            Fact::Withdrawn(capability) => {
                self.agreed.remove(&capability);
            }
            Fact::HandedOver { to } => {
                self.agreed.clear();
                self.technician = to;
            }
            Fact::FileFailed { transfer, .. } => {
                self.files.remove(&transfer);
            }
            Fact::Raised => self.raised = true,
            Fact::NotRaised(_) => {
                self.wrong += 1;
                assert!(self.wrong <= usize::from(MOST_WRONG));
            }
            Fact::RestartFailed => {
                self.may_restart = false;
                self.is_leaving = false;
            }
            _ => {}
        }
    }

    /// The promises about how things stand.
    fn look(&self) {
        let phase = self.session.phase();
        assert_eq!(self.over, matches!(phase, Phase::Ended(_)));
        let is_free = phase == Phase::Controlled && self.question.is_none() && !self.prompt;
        if !is_free || self.now < self.local_until {
            assert!(
                self.keys.is_empty() && self.buttons.is_empty(),
                "something is held"
            );
        }
        assert!(self.keys.len() <= crate::held::MOST_KEYS);
        if self.over {
            assert!(self.question.is_none() && self.session.permitted().is_empty());
        }
    }

    fn agreed_to(&self, capability: Capability) {
        let until = self.agreed.get(&capability);
        assert!(
            until.is_some_and(|until| self.now < *until),
            "{capability:?} without a yes"
        );
    }

    fn needs(&self, capability: Capability) {
        self.agreed_to(capability);
        assert!(
            self.strangers.is_empty(),
            "{capability:?} before a stranger"
        );
    }
}

/// Where a window of ours is, when it is.
const OURS: Area = Area {
    monitor: MonitorId(0),
    x: 0,
    y: 0,
    width: 100,
    height: 100,
};

fn capability(number: u8) -> Capability {
    Capability::ALL[usize::from(number)]
}

/// The whole desktop, most of the time.
fn surface(number: u8) -> Surface {
    match number {
        0 => Surface::Window(WindowId(1)),
        1 => Surface::Monitor(MonitorId(1)),
        _ => Surface::Desktop,
    }
}

fn play(world: &mut World, history: &[Event]) {
    for event in history {
        world.happen(event);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_024, ..ProptestConfig::default() })]

    // Shows: REQ-AC-14, REQ-AC-16, REQ-AC-19, REQ-IN-07.
    #[test]
    fn whatever_happens_the_promises_hold(history in prop::collection::vec(event(), 0..120)) {
        let mut world = World::new();
        play(&mut world, &history);
        world.happens(Input::Local(Local::Stop));
        world.pass(Duration::from_secs(24 * 60 * 60));
        prop_assert!(world.over);
    }

    // Shows: ABUSE-47.
    #[test]
    fn from_control_on_the_promises_hold(history in prop::collection::vec(event(), 0..120)) {
        let mut world = World::new();
        let consents = [Capability::View, Capability::Control].map(|capability| {
            let number = Capability::ALL.iter().position(|it| *it == capability);
            let ask = Event::Ask(u8::try_from(number.unwrap()).unwrap());
            [Event::Pass(2_000), ask, Event::Pass(2_000), Event::Yes { seconds: 900, surface: 2 }]
        });
        play(&mut world, consents.as_flattened());
        prop_assert_eq!(world.session.phase(), Phase::Controlled);
        play(&mut world, &history);
    }
}
