//! A computer that is helped: the agent's process with the desktop, between a network and windows of the test's own.

use std::collections::VecDeque;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

use conclave_agent::ipc::{
    Airing, DeskToNet, DeskToUi, Footage, NetToDesk, Question, Socket, Subject, UiToDesk, Way,
};
use conclave_agent::launcher::{CAPS, LAUNCHER, RAISER};
use conclave_agent::policy::InForce;
use conclave_client::protocol::Timestamp;
use conclave_protocol::ParticipantId;
use conclave_protocol::personal::{DisplayName, Title};
use conclave_protocol::remote::{
    Capabilities, Capability, EndReason, FromAgent, FromTechnician, InputEvent, MonitorId, Turn,
};
use conclave_remote::tiles::{Decoder, FromViewer, Received, VideoMessage, VideoTurn};
use conclave_remote::{Caps, FileRules, Limits, Person, Surface};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use uuid::Uuid;

use crate::PATIENCE;
use crate::desktop::Desktop;

pub(crate) struct Helped {
    process: Child,
    pub(crate) net: Socket,
    ui: Option<Windows>,
    pub(crate) decoder: Decoder,
    told: VecDeque<FromAgent>,
    ended: Option<EndReason>,
    home: TempDir,
    input: u32,
    /// The technician's page can show one.
    pub(crate) shows_video: bool,
    /// What it was told of one.
    pub(crate) turns: Vec<VideoTurn>,
    /// What was sent of one: whether each is a key frame, and its bytes.
    pub(crate) frames: Vec<(bool, Vec<u8>)>,
    pieces: Vec<u8>,
}

/// They draw, for as long as they are there.
struct Windows {
    socket: Socket,
    closes: Sender<()>,
    drawing: JoinHandle<()>,
}

pub(crate) const MONITOR: MonitorId = MonitorId(0);
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Helped {
    /// Nothing is asked yet.
    pub(crate) fn at(desktop: &Desktop) -> Self {
        Self::begin(desktop, None, None)
    }

    /// With the way to who asks for an administrator's rights.
    pub(crate) fn raisable(desktop: &Desktop) -> (Self, Socket) {
        let (raiser, theirs) = Socket::pair().unwrap();
        (Self::begin(desktop, Some(&theirs), None), raiser)
    }

    /// By the organisation's policy, whatever the server permits.
    pub(crate) fn capped(desktop: &Desktop, caps: Caps) -> Self {
        let until = Timestamp::from(SystemTime::now()).plus(A_DAY);
        Self::begin(desktop, None, Some(InForce { caps, until }))
    }

    /// Somebody asks for a session once the time of the organisation's policy is over.
    pub(crate) fn too_late(desktop: &Desktop, caps: Caps) -> Self {
        let until = SystemTime::now().into();
        Self::start(desktop, None, Some(InForce { caps, until }))
    }

    fn begin(desktop: &Desktop, raiser: Option<&Socket>, caps: Option<InForce>) -> Self {
        let mut helped = Self::start(desktop, raiser, caps);
        helped.shown(|message| matches!(message, DeskToUi::Indicate(_)).then_some(()));
        helped
    }

    fn start(desktop: &Desktop, raiser: Option<&Socket>, caps: Option<InForce>) -> Self {
        let (net, desk_to_net) = Socket::pair().unwrap();
        let (ui, desk_to_ui) = Socket::pair().unwrap();
        let home = tempfile::tempdir().unwrap();
        let runtime = home.path().join("run");
        std::fs::create_dir(&runtime).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_conclave-agent"));
        if let Some(raiser) = raiser {
            ui.send_socket(raiser).unwrap();
            command.env(RAISER, "1");
        }
        command.envs(caps.map(|caps| (CAPS, serde_json::to_string(&caps).unwrap())));
        let process = command
            .arg0("conclave-agent")
            .arg("desk")
            .env("DISPLAY", desktop.name().unwrap())
            .env("XDG_DOWNLOAD_DIR", home.path())
            .env("HOME", home.path())
            .env("XDG_RUNTIME_DIR", &runtime)
            .env("TMPDIR", &runtime)
            .env(LAUNCHER, std::process::id().to_string())
            .stdin(Stdio::from(OwnedFd::from(desk_to_net)))
            .stdout(Stdio::from(OwnedFd::from(desk_to_ui)))
            .spawn()
            .unwrap();
        ui.send(&UiToDesk::Ready).unwrap();
        let (technician, limits) = (technician(), limits());
        net.send(&NetToDesk::Begin { technician, limits }).unwrap();
        Self {
            process,
            net,
            ui: Some(Windows::draw(ui)),
            decoder: Decoder::new(),
            told: VecDeque::new(),
            ended: None,
            home,
            input: 0,
            shows_video: false,
            turns: Vec::new(),
            frames: Vec::new(),
            pieces: Vec::new(),
        }
    }

    /// The technician sees the desktop.
    pub(crate) fn viewed(desktop: &Desktop) -> Self {
        let mut helped = Self::at(desktop);
        helped.permit(Capability::View);
        helped
    }

    /// The technician has keyboard and mouse.
    pub(crate) fn controlled(desktop: &Desktop) -> (Self, Turn) {
        let mut helped = Self::viewed(desktop);
        helped.permit(Capability::Control);
        let turn = helped.heard(|message| match message {
            FromAgent::ControlBegins(turn) => Some(turn),
            _ => None,
        });
        (helped, turn)
    }

    pub(crate) fn permit(&mut self, capability: Capability) {
        let question = self.question(|helped| helped.say(&FromTechnician::Ask(capability)));
        let is_it = matches!(question.subject, Subject::Capability(it) if it == capability);
        assert!(is_it, "something else is asked");
        self.answer_yes(&question, Surface::Desktop);
    }

    /// Asks until there is a question: there is a pause between two.
    pub(crate) fn question(&mut self, mut asks: impl FnMut(&mut Self)) -> Question {
        let until = Instant::now() + PATIENCE;
        loop {
            asks(self);
            let wanted = |message| match message {
                DeskToUi::Ask(question) => Some(question),
                _ => None,
            };
            if let Some(question) = self.shown_within(Duration::from_millis(300), wanted) {
                return question;
            }
            assert!(Instant::now() < until, "nothing is asked");
        }
    }

    /// A yes counts a moment after the question.
    pub(crate) fn answer_yes(&mut self, question: &Question, surface: Surface) {
        let until = Instant::now() + PATIENCE;
        let closed = |message| matches!(message, DeskToUi::CloseQuestion).then_some(());
        loop {
            self.do_locally(&UiToDesk::Answer {
                question: question.id,
                yes: true,
                minutes: 10,
                surface,
            });
            if self
                .shown_within(Duration::from_millis(100), closed)
                .is_some()
            {
                return;
            }
            assert!(Instant::now() < until, "the answer does not count");
        }
    }

    pub(crate) fn do_locally(&self, message: &UiToDesk) {
        self.ui.as_ref().unwrap().socket.send(message).unwrap();
    }

    pub(crate) fn close_windows(&mut self) {
        self.ui.take().unwrap().close();
    }

    pub(crate) fn say(&self, message: &FromTechnician) {
        say(&self.net, message);
    }

    pub(crate) fn input(&mut self, turn: Turn, event: InputEvent) {
        let number = self.input;
        self.input += 1;
        self.say(&FromTechnician::Input {
            turn,
            number,
            event,
        });
    }

    /// The next that is wanted of what the windows are told.
    pub(crate) fn shown<T>(&mut self, wanted: impl Fn(DeskToUi) -> Option<T>) -> T {
        self.shown_within(PATIENCE, wanted).unwrap()
    }

    fn shown_within<T>(
        &mut self,
        time: Duration,
        wanted: impl Fn(DeskToUi) -> Option<T>,
    ) -> Option<T> {
        let until = Instant::now() + time;
        loop {
            while self.hear_net(Duration::ZERO) {}
            let left = until.checked_duration_since(Instant::now())?;
            let ui = &self.ui.as_ref().unwrap().socket;
            let message = ui.receive_within(left.min(Duration::from_millis(10)));
            if let Some(found) = message.unwrap().and_then(&wanted) {
                return Some(found);
            }
        }
    }

    /// The next that is wanted of what the technician is told; the picture is taken meanwhile.
    pub(crate) fn heard<T>(&mut self, wanted: impl Fn(FromAgent) -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        loop {
            while let Some(message) = self.told.pop_front() {
                if let Some(found) = wanted(message) {
                    return found;
                }
            }
            self.hear_net(Duration::from_millis(100));
            assert!(Instant::now() < until, "the technician is not told");
        }
    }

    /// How it ended.
    pub(crate) fn ending(&mut self) -> EndReason {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(reason) = self.ended {
                return reason;
            }
            self.hear_net(Duration::from_millis(100));
            assert!(Instant::now() < until, "it does not end");
        }
    }

    /// Whatever comes in this time.
    pub(crate) fn hears_for(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            self.hear_net(left);
        }
    }

    /// False: nothing came.
    fn hear_net(&mut self, time: Duration) -> bool {
        let Some(message) = self.net.receive_within(time).unwrap() else {
            return false;
        };
        match message {
            DeskToNet::Fact(_)
            | DeskToNet::RecordingBegins
            | DeskToNet::Recorded(_)
            | DeskToNet::RecordingEnds => {}
            DeskToNet::Ended(reason) => self.ended = Some(reason),
            DeskToNet::Video(footage) => self.film(footage),
            DeskToNet::Say { to, way, bytes } => {
                assert!(to == technician().participant);
                match way {
                    Way::Tiles => self.see(&bytes),
                    _ => self.told.push_back(FromAgent::decode(&bytes).unwrap()),
                }
            }
        }
        true
    }

    fn film(&mut self, footage: Footage) {
        match footage {
            Footage::Begins { .. } => {
                let opens = NetToDesk::Video(Airing::Opens);
                self.net.send(&opens).unwrap();
            }
            Footage::Piece {
                is_key,
                is_last,
                bytes,
            } => {
                self.pieces.extend(bytes);
                if is_last {
                    let frame = std::mem::take(&mut self.pieces);
                    self.frames.push((is_key, frame));
                }
            }
            Footage::Ends => self.pieces.clear(),
        }
    }

    fn hear_of_video(&mut self, VideoMessage { monitor, turn, .. }: VideoMessage) {
        if turn == VideoTurn::Offered {
            let can = self.shows_video;
            let answer = FromViewer::Video { monitor, can };
            send(&self.net, Way::Tiles, answer.encode());
        } else {
            self.turns.push(turn);
        }
    }

    fn see(&mut self, bytes: &[u8]) {
        let message = match self.decoder.receive(bytes).unwrap() {
            Received::Batch(update) => FromViewer::Receipt(update.receipt),
            Received::Stale(message) => message,
            Received::Cursor => return,
            Received::Video(message) => return self.hear_of_video(message),
        };
        send(&self.net, Way::Tiles, message.encode());
    }

    /// Takes what comes until what the technician sees is this.
    pub(crate) fn sees(&mut self, monitor: MonitorId, expected: impl Fn() -> Vec<u8>) {
        let until = Instant::now() + PATIENCE;
        while !self.decoder.is_pixel_exact(monitor) || self.picture(monitor) != expected() {
            self.hear_net(Duration::from_millis(100));
            assert!(Instant::now() < until, "another picture is seen");
        }
    }

    /// As rows of blue, green, red and zero.
    fn picture(&self, monitor: MonitorId) -> Vec<u8> {
        let picture = self.decoder.picture(monitor).unwrap();
        let rows = picture.rows(picture.size().rect());
        rows.flatten()
            .flat_map(|pixel| pixel.to_le_bytes())
            .collect()
    }

    /// As the system does it.
    pub(crate) fn terminate(&self) {
        self.signal(Signal::TERM);
    }

    /// It does nothing more, not even for its end.
    pub(crate) fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.process.wait().unwrap();
    }

    fn signal(&self, signal: Signal) {
        let number = i32::try_from(self.process.id()).unwrap();
        kill_process(Pid::from_raw(number).unwrap(), signal).unwrap();
    }

    pub(crate) fn process(&self) -> u32 {
        self.process.id()
    }

    /// All that the agent may have written, by its way.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let (mut found, mut folders) = (Vec::new(), vec![self.home.path().to_path_buf()]);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap();
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                }
                found.push(entry.path());
            }
        }
        found.sort();
        found
    }

    /// Where files come to be the person's.
    pub(crate) fn downloads(&self) -> PathBuf {
        self.home.path().join("Conclave")
    }
}

impl Drop for Helped {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        self.process.wait().unwrap();
    }
}

impl Windows {
    fn draw(socket: Socket) -> Self {
        let (closes, closed) = channel();
        let again = socket.again().unwrap();
        let drawing = std::thread::spawn(move || draw(&again, &closed));
        Self {
            socket,
            closes,
            drawing,
        }
    }

    fn close(self) {
        drop(self.closes);
        self.drawing.join().unwrap();
    }
}

fn draw(socket: &Socket, closed: &Receiver<()>) {
    let second = Duration::from_secs(1);
    while closed.recv_timeout(second) == Err(RecvTimeoutError::Timeout) {
        let _is_there = socket.try_send(&UiToDesk::Alive);
    }
}

pub(crate) fn say(net: &Socket, message: &FromTechnician) {
    let way = match message {
        FromTechnician::Input { .. } => Way::Input,
        FromTechnician::Chunk { .. } => Way::File,
        _ => Way::Remote,
    };
    send(net, way, message.encode());
}

fn send(net: &Socket, way: Way, bytes: Vec<u8>) {
    let from = technician().participant;
    let bytes = bytes.into();
    net.send(&NetToDesk::Heard { from, way, bytes }).unwrap();
}

fn technician() -> Person {
    Person {
        participant: ParticipantId(Uuid::from_u128(7)),
        name: DisplayName::parse("Thea Nowak").unwrap(),
        organisation: Title::parse("Klinikum Nord").unwrap(),
    }
}

/// All that a server can permit.
pub(crate) fn limits() -> Limits {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    Limits {
        permitted: Capability::ALL.iter().copied().collect::<Capabilities>(),
        idle: minutes(15),
        longest: minutes(240),
        longest_consent: minutes(30),
        must_record: false,
        sealed_to: None,
        files: FileRules {
            largest: 1 << 24,
            most: 8,
            programs: false,
        },
    }
}
