//! The hand of whoever sits at the desktop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use conclave_agent::ui::places::YES;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    AtomEnum, BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, KEY_PRESS_EVENT,
    KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT, MapState, Window,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{CURRENT_TIME, NONE};

/// Says yes to whatever the agent asks, until it is dropped.
pub(crate) struct Agreeing {
    is_over: Arc<AtomicBool>,
    agrees: Option<JoinHandle<()>>,
}

/// The middle of the button in the window before a session.
const CONTINUE: (u16, u16) = (503, 565);
const BETWEEN: Duration = Duration::from_millis(200);
/// Ctrl, Shift, Alt and F12.
const STOP: [u8; 4] = [37, 50, 64, 96];

impl Agreeing {
    pub(crate) fn at(display: &str) -> anyhow::Result<Self> {
        let hand = Hand::at(display)?;
        let is_over = Arc::new(AtomicBool::new(false));
        let over = Arc::clone(&is_over);
        let agrees = std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                // A window may go between the look and the press.
                let _pressed = hand.agree();
                std::thread::sleep(BETWEEN);
            }
        });
        Ok(Self {
            is_over,
            agrees: Some(agrees),
        })
    }
}

impl Drop for Agreeing {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        let _ended = self.agrees.take().map(JoinHandle::join);
    }
}

pub(crate) struct Hand {
    connection: RustConnection,
    root: Window,
}

impl Hand {
    pub(crate) fn at(display: &str) -> anyhow::Result<Self> {
        let (connection, number) = RustConnection::connect(Some(display))?;
        let roots = &connection.setup().roots;
        let root = roots.get(number).map_or(0, |screen| screen.root);
        Ok(Self { connection, root })
    }

    /// Presses the stop keys, and lets them go.
    pub(crate) fn stop(&self) -> anyhow::Result<()> {
        for key in STOP {
            self.fake(KEY_PRESS_EVENT, key, (0, 0))?;
        }
        for key in STOP.into_iter().rev() {
            self.fake(KEY_RELEASE_EVENT, key, (0, 0))?;
        }
        Ok(())
    }

    fn agree(&self) -> anyhow::Result<()> {
        for (title, button) in [("Conclave", CONTINUE), ("Conclave asks", YES)] {
            if let Some(window) = self.shown(title)? {
                self.click(window, button)?;
            }
        }
        Ok(())
    }

    fn shown(&self, title: &str) -> anyhow::Result<Option<Window>> {
        let tree = self.connection.query_tree(self.root)?.reply()?;
        for window in tree.children {
            let (name, any) = (AtomEnum::WM_NAME, AtomEnum::ANY);
            let named = self
                .connection
                .get_property(false, window, name, any, 0, 100)?;
            let shown = self.connection.get_window_attributes(window)?;
            if let (Ok(named), Ok(shown)) = (named.reply(), shown.reply())
                && named.value == title.as_bytes()
                && shown.map_state == MapState::VIEWABLE
            {
                return Ok(Some(window));
            }
        }
        Ok(None)
    }

    /// From a window's upper left corner.
    fn click(&self, window: Window, (x, y): (u16, u16)) -> anyhow::Result<()> {
        let place = self.connection.get_geometry(window)?.reply()?;
        let at = (place.x + i16::try_from(x)?, place.y + i16::try_from(y)?);
        self.fake(MOTION_NOTIFY_EVENT, 0, at)?;
        self.fake(BUTTON_PRESS_EVENT, 1, (0, 0))?;
        self.fake(BUTTON_RELEASE_EVENT, 1, (0, 0))
    }

    fn fake(&self, kind: u8, detail: u8, (x, y): (i16, i16)) -> anyhow::Result<()> {
        let window = match kind {
            MOTION_NOTIFY_EVENT => self.root,
            _ => NONE,
        };
        self.connection
            .xtest_fake_input(kind, detail, CURRENT_TIME, window, x, y, 0)?;
        Ok(self.connection.sync()?)
    }
}
