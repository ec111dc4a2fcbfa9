//! The thread that has the session: tells it what happens, and does what it says.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use conclave_protocol::ParticipantId;
use conclave_protocol::remote::{Capability, Credential, EndReason, FromAgent, Malformed, Raising};
use conclave_remote::recording::{Recorder, Timed};
use conclave_remote::tiles::FromViewer;
use conclave_remote::{
    Capture, Display, Done, Fact, FileWork, Indicator, Injection, Input, Local, Output, Question,
    QuestionId, Reply, Session, Subject, Surface, Terms, WindowId,
};
use zeroize::Zeroizing;

use super::broadcast::{Broadcast, Shown};
use super::eyes::Nudge;
use super::files::Files;
use super::mailbox::{Happening, Mailbox};
use super::outbox::Outbox;
use super::pasteboard::Pasteboard;
use super::places::{Look, Places, WINDOW};
use super::raiser::Raiser;
use super::ways::{decode, way_of};
use crate::diagnostics::collect;
use crate::errand::Errand;
use crate::ipc::{
    self, Airing, Credentials, DeskToNet, DeskToRaiser, DeskToUi, NetToDesk, Offered, Sign, Socket,
    UiToDesk, Way,
};
use crate::platform::x11::WindowList;
use crate::platform::{self, Bell, InputSink, Size};

pub(super) struct Holder<I> {
    pub(super) session: Session,
    pub(super) mailbox: Arc<Mailbox>,
    pub(super) display: Option<String>,
    pub(super) net: Socket,
    pub(super) ui: Socket,
    pub(super) outbox: Outbox,
    pub(super) injector: I,
    pub(super) pasteboard: Pasteboard,
    pub(super) files: Files,
    pub(super) nudge: Nudge,
    pub(super) windows: WindowList,
    pub(super) raiser: Raiser,
    /// Of this session.
    pub(super) way_back: Option<Box<Errand>>,
    pub(super) places: Places,
    pub(super) broadcast: Option<Broadcast>,
    /// Who sees what is shown.
    pub(super) viewers: Vec<ParticipantId>,
    /// Said last, for it also says where the monitors are.
    pub(super) indicator: Option<Indicator>,
    pub(super) recorder: Option<Recorder>,
    /// What holds of a video in the rest of the session, as the network said last.
    pub(super) video: Option<Airing>,
    /// A field for a password has the keyboard, as far as the computer says.
    pub(super) is_secret: bool,
    /// What the session is to be told next: it can't be while it says what to do.
    pub(super) untold: VecDeque<Input>,
}

/// How a session ended.
pub(super) struct Over {
    pub(super) reason: EndReason,
    /// Who was in it, and heard so.
    pub(super) heard: Vec<ParticipantId>,
}

/// Of what the session wanted done.
enum Drained {
    /// One thing was done to the computer, and what happened meanwhile comes before the next.
    Injected,
    Until(Option<Instant>),
    Over(EndReason),
}

impl<I: InputSink> Holder<I> {
    /// Until the session is over, and all that was done for it is undone.
    pub(super) fn hold(mut self) -> Over {
        loop {
            let drained = self.drain();
            if let Drained::Over(reason) = drained {
                return self.end(reason);
            }
            match self.untold.pop_front() {
                Some(input) => self.tell(input),
                None => self.hear_next(&drained),
            }
        }
    }

    fn hear_next(&mut self, drained: &Drained) {
        let happened = match drained {
            Drained::Until(until) => self.mailbox.next_until(*until),
            Drained::Injected | Drained::Over(_) => self.mailbox.next(),
        };
        match happened {
            Some(happened) => self.take(happened),
            None => self.tell(Input::Timeout),
        }
    }

    pub(super) fn tell(&mut self, input: Input) {
        let now = Instant::now();
        if let Input::Display(Display::PasswordFocus(is_secret)) = &input {
            self.is_secret = *is_secret;
            let recorder = self.recorder.as_mut();
            let told = recorder.map(|it| it.password_focus(now, *is_secret));
            self.keep(told.unwrap_or_default());
        }
        self.session.handle_input(now, input);
    }

    fn take(&mut self, happened: Happening) {
        match happened {
            Happening::Stop => self.tell(Input::Local(Local::Stop)),
            Happening::Used => self.tell(Input::Local(Local::Used)),
            Happening::Look(look) => self.look(*look),
            Happening::Ui(message) => self.hear_ui(message),
            Happening::UiGone => self.tell(Input::SignLost),
            Happening::Copied(text) => self.tell(Input::Local(Local::Copied(text))),
            Happening::Done(done) => self.tell(Input::Done(done)),
            Happening::Arrived(path) => self.show(&DeskToUi::FileArrived { path: path.into() }),
            Happening::DesktopGone => self.tell(Input::Shutdown),
            Happening::Net(message) => self.hear_net(message),
        }
    }

    /// What is new of it: each thing that is told makes the session forget what was meant for another screen.
    pub(super) fn look(&mut self, look: Look) {
        if self.places != look.places {
            self.places = look.places;
            let monitors = self.places.monitors();
            self.tell(Input::Display(Display::Monitors(monitors)));
            self.indicate_again();
        }
        let areas = self.places.on_monitors(&look.own_windows);
        self.tell(Input::Display(Display::OwnWindows(areas)));
        self.tell(Input::Display(Display::OwnFocus(look.own_focus)));
    }

    fn hear_net(&mut self, message: NetToDesk) {
        match message {
            NetToDesk::Heard { from, way, bytes } => self.hear(from, way, &bytes),
            NetToDesk::WayBack(errand) => self.way_back = Some(errand),
            NetToDesk::Joined(person) => self.tell(Input::Joined(person)),
            NetToDesk::Left(participant) => self.tell(Input::Left(participant)),
            NetToDesk::ConnectionLost => self.tell(Input::ConnectionLost),
            NetToDesk::ConnectionRestored => {
                self.broadcast.iter().for_each(Broadcast::lose_all);
                self.tell(Input::ConnectionRestored);
            }
            NetToDesk::Limits(limits) => self.tell(Input::Limits(limits)),
            NetToDesk::RecordingLost => self.tell(Input::RecordingLost),
            NetToDesk::RoomOver(reason) => self.tell(Input::RoomOver(reason)),
            NetToDesk::Video(airing) => self.hear_of_video(airing),
            NetToDesk::Shutdown
            | NetToDesk::Begin { .. }
            | NetToDesk::Presents
            | NetToDesk::Told => {
                self.tell(Input::Shutdown);
            }
        }
    }

    fn hear_of_video(&mut self, airing: Airing) {
        let holds = matches!(airing, Airing::Rate(_) | Airing::Never);
        if holds && self.video != Some(Airing::Never) {
            self.video = Some(airing);
        }
        self.broadcast.iter().for_each(|it| it.air(airing));
    }

    fn hear(&mut self, from: ParticipantId, way: Way, bytes: &[u8]) {
        if way == Way::Tiles {
            self.hear_viewer(from, bytes);
            return;
        }
        self.tell(match decode(way, bytes) {
            Ok(message) => Input::Message { from, message },
            Err(Malformed) => Input::Malformed { from },
        });
    }

    /// What nobody shows is not answered.
    fn hear_viewer(&mut self, from: ParticipantId, bytes: &[u8]) {
        match (FromViewer::decode(bytes), &self.broadcast) {
            (Ok(message), Some(broadcast)) => broadcast.hear(from, message),
            (Ok(_), None) => {}
            (Err(_), _) => self.tell(Input::Malformed { from }),
        }
    }

    fn hear_ui(&mut self, message: UiToDesk) {
        let local = match message {
            UiToDesk::Answer {
                question,
                yes,
                minutes,
                surface,
            } => Local::Answer {
                question: QuestionId(question),
                reply: reply(yes, minutes, surface),
            },
            UiToDesk::Withdraw(capability) => Local::Withdraw(capability),
            UiToDesk::LetAsk(capability) => Local::LetAsk(capability),
            UiToDesk::Show(surface) => Local::Show(surface),
            UiToDesk::Stop => Local::Stop,
            UiToDesk::Chat(words) => Local::Chat(words),
            UiToDesk::Picked { transfer, path } => {
                let (path, mailbox) = (PathBuf::from(path), Arc::clone(&self.mailbox));
                self.files.pick(transfer, path, mailbox);
                return self.tell(Input::Display(Display::Prompt(false)));
            }
            UiToDesk::PickedNone(transfer) => {
                self.tell(Input::Display(Display::Prompt(false)));
                Local::CancelFile(transfer)
            }
            UiToDesk::CancelFile(transfer) => Local::CancelFile(transfer),
            UiToDesk::Ready | UiToDesk::Alive => return,
        };
        self.tell(Input::Local(local));
    }

    fn drain(&mut self) -> Drained {
        loop {
            match self.session.poll_output() {
                Output::Inject(injection) => {
                    self.record_output(&Output::Inject(injection.clone()));
                    self.inject(injection);
                    return Drained::Injected;
                }
                Output::Wait(until) => return Drained::Until(until),
                Output::Ended(reason) => return Drained::Over(reason),
                output => self.do_it(output),
            }
        }
    }

    fn do_it(&mut self, output: Output) {
        self.record_output(&output);
        match output {
            Output::Ask(question) => self.ask(question),
            Output::CloseQuestion => self.show(&DeskToUi::CloseQuestion),
            Output::Indicate(indicator) => self.indicate(indicator),
            Output::HideIndicator => self.show(&DeskToUi::HideIndicator),
            Output::WarnOfEnd { reason, at } => {
                let seconds = at.saturating_duration_since(Instant::now()).as_secs();
                let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
                self.show(&DeskToUi::WarnOfEnd { reason, seconds });
            }
            Output::StartCapture(capture) => self.start_capture(capture),
            Output::StopCapture => self.broadcast = None,
            Output::ReleaseAll => self.release_all(),
            Output::SetClipboard(text) => self.pasteboard.put(text),
            Output::ClearClipboard => self.pasteboard.clear(),
            Output::ShowChat(words) => self.show(&DeskToUi::Chat(words)),
            Output::File(FileWork::Pick(transfer)) => {
                // It opens a window in which the person alone chooses.
                self.untold.push_back(Input::Display(Display::Prompt(true)));
                self.show(&DeskToUi::PickFile(transfer));
            }
            Output::File(work) => {
                if let FileWork::Close(_) = work {
                    self.untold
                        .push_back(Input::Display(Display::Prompt(false)));
                }
                self.files.work(work);
            }
            Output::CollectDiagnostics => self.collect_diagnostics(),
            Output::Raise(credential) => self.raise(&credential),
            Output::LayWayBack => self.lay_way_back(),
            Output::Lower => {
                // Where nobody hears it there is nothing to give back.
                let _told = self.raiser.tell(&DeskToRaiser::Lower);
            }
            Output::Say { to, message } => self.say(to, &message),
            Output::Fact(fact) => self.record(fact),
            Output::StartRecording => self.begin_recording(),
            Output::StopRecording => self.end_recording(),
            Output::Inject(_) | Output::Ended(_) | Output::Wait(_) => {}
        }
    }

    fn ask(&mut self, question: Question) {
        self.nudge.now();
        let sees = matches!(question.subject, Subject::Capability(Capability::View));
        let offered = if sees {
            self.offered()
        } else {
            Offered::default()
        };
        let keeps = matches!(question.subject, Subject::Capability(Capability::Recording));
        let question = ipc::Question {
            sealed_to: self.session.sealed_to().filter(|_| keeps),
            ..ipc::Question::new(Instant::now(), question, offered)
        };
        self.show(&DeskToUi::Ask(question));
    }

    /// Where the windows can't be listed, the monitors can be shown all the same.
    fn offered(&self) -> Offered {
        let windows = self.windows.windows().unwrap_or_default();
        let windows = windows.into_iter().map(|it| ipc::Window {
            id: WindowId(it.window.into()),
            title: it.title,
        });
        Offered {
            monitors: self.places.all().to_vec(),
            windows: windows.collect(),
        }
    }

    fn indicate(&mut self, indicator: Indicator) {
        let others = indicator.watching.iter().map(|person| person.participant);
        self.viewers = [indicator.technician.participant]
            .into_iter()
            .chain(others)
            .collect();
        if let Some(broadcast) = &self.broadcast {
            broadcast.admit(self.viewers.clone());
        }
        self.indicator = Some(indicator);
        self.indicate_again();
    }

    fn indicate_again(&mut self) {
        if let Some(indicator) = self.indicator.clone() {
            let sign = Sign::new(indicator, self.places.all().to_vec());
            self.show(&DeskToUi::Indicate(sign));
        }
    }

    /// What is captured already goes on.
    fn start_capture(&mut self, capture: Capture) {
        let shown = self.shown(capture);
        let goes_on = |it: &Broadcast| shown.is_some_and(|shown| it.shows(shown));
        if self.broadcast.as_ref().is_some_and(goes_on) {
            return;
        }
        // One ends before the next begins.
        self.broadcast = None;
        self.broadcast = shown.and_then(|shown| self.begin(shown));
    }

    fn shown(&self, capture: Capture) -> Option<Shown> {
        let surface = capture.surface;
        if let Surface::Window(_) = surface {
            return Some(Shown {
                surface,
                monitor: WINDOW,
                area: None,
            });
        }
        let monitor = capture.monitor?;
        Some(Shown {
            surface: Surface::Desktop,
            monitor,
            area: Some(self.places.area(monitor)?),
        })
    }

    fn begin(&mut self, shown: Shown) -> Option<Broadcast> {
        let (Ok(net), Ok(bell)) = (self.net.again(), Bell::new()) else {
            self.untold.push_back(Input::Shutdown);
            return None;
        };
        let (display, mailbox) = (self.display.clone(), Arc::clone(&self.mailbox));
        let viewers = self.viewers.clone();
        let broadcast = Broadcast::begin(display, shown, viewers, net, bell, mailbox);
        broadcast.record(self.recorder.as_ref().map(Recorder::watch));
        self.video.into_iter().for_each(|it| broadcast.air(it));
        Some(broadcast)
    }

    fn begin_recording(&mut self) {
        let recorder = Recorder::begin(Instant::now(), self.is_secret);
        self.send(DeskToNet::RecordingBegins);
        if let Some(broadcast) = &self.broadcast {
            broadcast.record(Some(recorder.watch()));
        }
        self.recorder = Some(recorder);
    }

    /// What was counted and not told comes last.
    fn end_recording(&mut self) {
        if let Some(broadcast) = &self.broadcast {
            broadcast.record(None);
        }
        if let Some(mut recorder) = self.recorder.take() {
            self.keep(recorder.flush(Instant::now()));
            self.send(DeskToNet::RecordingEnds);
        }
    }

    fn record_output(&mut self, output: &Output) {
        let recorder = self.recorder.as_mut();
        let told = recorder.map(|it| it.observe(Instant::now(), output));
        self.keep(told.unwrap_or_default());
    }

    fn keep(&mut self, moments: Vec<Timed>) {
        if !moments.is_empty() {
            let moments = moments.iter().flat_map(Timed::encode).collect();
            self.send(DeskToNet::Recorded(moments));
        }
    }

    fn inject(&mut self, injection: Injection) {
        let input = match injection {
            Injection::Move(at) => match self.places.on_desktop(at) {
                Some(at) => platform::Input::PointerTo(at),
                None => return,
            },
            Injection::Press(button) => platform::Input::Button { button, down: true },
            Injection::Release(button) => platform::Input::Button {
                button,
                down: false,
            },
            Injection::Wheel { up, right } => platform::Input::Wheel { up, right },
            Injection::KeyDown(key) => platform::Input::Key { key, down: true },
            Injection::KeyUp(key) => platform::Input::Key { key, down: false },
            Injection::Text(text) => platform::Input::Text(text),
        };
        if self.injector.inject(&input).is_err() {
            self.untold.push_back(Input::Shutdown);
        }
    }

    fn release_all(&mut self) {
        if self.injector.release_all().is_err() {
            self.untold.push_back(Input::Shutdown);
        }
    }

    fn collect_diagnostics(&self) {
        let displays: Vec<Size> = self.places.sizes().collect();
        let mailbox = Arc::clone(&self.mailbox);
        thread::spawn(move || {
            let report = collect(&displays);
            mailbox.near(Happening::Done(Done::Diagnosed(report)));
        });
    }

    fn raise(&mut self, credential: &Credential) {
        let asked = DeskToRaiser::Raise(Credentials {
            name: Zeroizing::new(credential.name().to_owned()),
            password: Zeroizing::new(credential.password().to_owned()),
        });
        if !self.raiser.tell(&asked) {
            let impossible = Done::Raised(Raising::Impossible);
            self.untold.push_back(Input::Done(impossible));
        }
    }

    fn lay_way_back(&mut self) {
        let asked = self.way_back.clone().map(DeskToRaiser::LayWayBack);
        if !asked.is_some_and(|asked| self.raiser.tell(&asked)) {
            let done = Done::WayBack { is_laid: false };
            self.untold.push_back(Input::Done(done));
        }
    }

    fn say(&mut self, to: ParticipantId, message: &FromAgent) {
        let (way, bytes) = (way_of(message), message.encode());
        self.send(DeskToNet::Say { to, way, bytes });
    }

    fn record(&mut self, fact: Fact) {
        self.send(DeskToNet::Fact(fact));
    }

    fn send(&mut self, message: DeskToNet) {
        if self.outbox.send(message).is_err() {
            self.untold.push_back(Input::Shutdown);
        }
    }

    /// Windows that take nothing more show nothing either.
    fn show(&mut self, message: &DeskToUi) {
        if !matches!(self.ui.try_send(message), Ok(true)) {
            self.untold.push_back(Input::SignLost);
        }
    }

    fn end(mut self, reason: EndReason) -> Over {
        self.broadcast = None;
        // Whatever was said before: this process stays while the person says how it was.
        let _told = self.raiser.tell(&match reason {
            EndReason::Restarting => DeskToRaiser::Restart,
            _ => DeskToRaiser::Lower,
        });
        self.send(DeskToNet::Ended(reason));
        self.show(&DeskToUi::Ended(reason));
        drop(self.injector);
        drop(self.pasteboard);
        self.mailbox.over();
        let _in_time = (self.files.close(), self.outbox.close());
        Over {
            reason,
            heard: self.viewers,
        }
    }
}

fn reply(yes: bool, minutes: u16, surface: Surface) -> Reply {
    let length = Duration::from_secs(60 * u64::from(minutes));
    match yes {
        true => Reply::Yes(Terms { length, surface }),
        false => Reply::No,
    }
}
