//! The process with the windows, between a desk and a network that a test plays.

use std::process::{Child, Command, Stdio};
use std::time::Instant;

use conclave_agent::ipc::{
    DeskToUi, NetToUi, Offered, Place, Question, Sign, Socket, Subject, UiToDesk, UiToNet,
};
use conclave_protocol::ParticipantId;
use conclave_protocol::personal::{DisplayName, Title};
use conclave_protocol::remote::{Capabilities, Capability, MonitorId};
use conclave_remote::{Person, Phase};
use uuid::Uuid;
use x11rb::protocol::xproto::{
    AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, KEY_PRESS_EVENT,
    KEY_RELEASE_EVENT, MapState, Window,
};

use crate::PATIENCE;
use crate::client::Client;
use crate::desktop::Desktop;

pub(crate) struct Windows {
    process: Child,
    desk: Socket,
    net: Socket,
    pub(crate) client: Client,
    _desktop: Desktop,
}

pub(crate) const WIDTH: u16 = 1_024;
pub(crate) const HEIGHT: u16 = 768;

impl Windows {
    pub(crate) fn new() -> Self {
        let desktop = Desktop::of("Xvfb", &["-screen", "0", "1024x768x24"]);
        let (desk, its_desk) = Socket::pair().unwrap();
        let (net, its_net) = Socket::pair().unwrap();
        let process = Command::new(env!("CARGO_BIN_EXE_conclave-agent"))
            .arg("ui")
            .env("DISPLAY", desktop.name().unwrap())
            .env("CONCLAVE_AGENT_LAUNCHER", std::process::id().to_string())
            .stdin(Stdio::from(std::os::fd::OwnedFd::from(its_desk)))
            .stdout(Stdio::from(std::os::fd::OwnedFd::from(its_net)))
            .spawn()
            .unwrap();
        let client = desktop.client();
        let windows = Self {
            process,
            desk,
            net,
            client,
            _desktop: desktop,
        };
        assert!(matches!(windows.next(), UiToDesk::Ready));
        windows
    }

    pub(crate) fn tell_as_desk(&self, message: &DeskToUi) {
        self.desk.send(message).unwrap();
    }

    pub(crate) fn tell_as_net(&self, message: &NetToUi) {
        self.net.send(message).unwrap();
    }

    pub(crate) fn to_net(&self) -> UiToNet {
        let said = self.net.receive_within(PATIENCE).unwrap();
        said.expect("nothing was said to the network")
    }

    fn next(&self) -> UiToDesk {
        let said = self.desk.receive_within(PATIENCE).unwrap();
        said.expect("the windows fell silent")
    }

    /// What is said next, but signs of life.
    pub(crate) fn to_desk(&self) -> UiToDesk {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.next() {
                UiToDesk::Alive => assert!(Instant::now() < until, "nothing was said"),
                said => return said,
            }
        }
    }

    /// Signs of life alone, a second between two.
    pub(crate) fn say_nothing_for(&self, signs_of_life: usize) {
        for _ in 0..signs_of_life {
            assert!(matches!(self.next(), UiToDesk::Alive));
        }
    }

    /// One with this title, once it is shown.
    pub(crate) fn shown(&self, title: &str) -> Window {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(window) = self.find(title) {
                return window;
            }
            assert!(Instant::now() < until, "{title} is not shown");
            std::thread::yield_now();
        }
    }

    pub(crate) fn gone(&self, title: &str) {
        let until = Instant::now() + PATIENCE;
        while self.find(title).is_some() {
            assert!(Instant::now() < until, "{title} is still shown");
            std::thread::yield_now();
        }
    }

    fn find(&self, title: &str) -> Option<Window> {
        let mut shown = self.all_shown().into_iter();
        shown.find(|window| self.title(*window) == title)
    }

    pub(crate) fn all_shown(&self) -> Vec<Window> {
        let tree = self.client.query_tree(self.client.root).unwrap();
        let mut windows = tree.reply().unwrap().children;
        windows.retain(|window| {
            let state = self.client.get_window_attributes(*window).unwrap().reply();
            state.is_ok_and(|state| state.map_state == MapState::VIEWABLE)
        });
        windows
    }

    fn title(&self, window: Window) -> String {
        let (name, text) = (AtomEnum::WM_NAME, AtomEnum::ANY);
        let title = self
            .client
            .get_property(false, window, name, text, 0, 100)
            .unwrap();
        let title = title.reply().map(|title| title.value).unwrap_or_default();
        String::from_utf8(title).unwrap()
    }

    pub(crate) fn is_marked(&self, window: Window) -> bool {
        let mark = self.client.intern_atom(false, b"_CONCLAVE_WINDOW").unwrap();
        let mark = mark.reply().unwrap().atom;
        let (client, any) = (&self.client, AtomEnum::ANY);
        let value = client.get_property(false, window, mark, any, 0, 1).unwrap();
        value.reply().unwrap().value_len == 1
    }

    /// From a window's upper left corner.
    pub(crate) fn click(&self, window: Window, (x, y): (u16, u16)) {
        let place = self.client.get_geometry(window).unwrap().reply().unwrap();
        let (x, y) = (i16::try_from(x).unwrap(), i16::try_from(y).unwrap());
        self.client.fake_motion(place.x + x, place.y + y);
        self.client.fake(BUTTON_PRESS_EVENT, 1);
        self.client.fake(BUTTON_RELEASE_EVENT, 1);
    }

    pub(crate) fn key(&self, key: u8) {
        self.client.fake(KEY_PRESS_EVENT, key);
        self.client.fake(KEY_RELEASE_EVENT, key);
    }

    pub(crate) fn has_keyboard(&self, window: Window) {
        let until = Instant::now() + PATIENCE;
        loop {
            let focus = self.client.get_input_focus().unwrap().reply().unwrap();
            if focus.focus == window {
                return;
            }
            assert!(Instant::now() < until, "it has not the keyboard");
            std::thread::yield_now();
        }
    }

    pub(crate) fn ask(&self, capability: Capability) -> Window {
        self.tell_as_desk(&DeskToUi::Ask(Question {
            id: 7,
            technician: technician(),
            subject: Subject::Capability(capability),
            live_in: 2_000,
            ends_in: 30_000,
            offered: Offered {
                monitors: vec![monitor()],
                windows: Vec::new(),
            },
            sealed_to: None,
        }));
        self.shown("Conclave asks")
    }

    pub(crate) fn indicate(&self, phase: Phase) -> Window {
        self.tell_as_desk(&DeskToUi::Indicate(Sign {
            phase,
            technician: technician(),
            watching: Vec::new(),
            permitted: Capabilities::NONE.with(Capability::View),
            pause: None,
            is_unattended: false,
            is_raised: false,
            monitors: vec![monitor()],
        }));
        self.shown("Conclave session")
    }

    pub(crate) fn ends(mut self) {
        assert!(self.process.wait().unwrap().success());
    }
}

impl Drop for Windows {
    fn drop(&mut self) {
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}

fn technician() -> Person {
    Person {
        participant: ParticipantId(Uuid::from_u128(5)),
        name: DisplayName::parse("Anna Berg").unwrap(),
        organisation: Title::parse("Northern Clinics").unwrap(),
    }
}

fn monitor() -> Place {
    Place {
        monitor: MonitorId(0),
        name: "screen".to_owned(),
        x: 0,
        y: 0,
        width: WIDTH.into(),
        height: HEIGHT.into(),
    }
}
