//! A program on the desktop that shows each key that is pressed, and knows when.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use x11rb::COPY_DEPTH_FROM_PARENT;
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    ChangeGCAux, ConnectionExt as _, CreateGCAux, CreateWindowAux, EventMask, InputFocus,
    Rectangle, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{COPY_FROM_PARENT, CURRENT_TIME};

use crate::scene::colour;
use crate::viewer::Viewer;

pub(crate) struct Echo {
    connection: Arc<RustConnection>,
    window: Window,
    presses: Arc<Mutex<Vec<Instant>>>,
}

const PLACE: (i16, i16) = (1_800, 960);
const SIDE: u16 = 48;

impl Echo {
    pub(crate) fn open(display: &str) -> anyhow::Result<Self> {
        let (connection, number) = RustConnection::connect(Some(display))?;
        let roots = &connection.setup().roots;
        let root = roots.get(number).map_or(0, |screen| screen.root);
        let window = connection.generate_id()?;
        let (depth, class) = (COPY_DEPTH_FROM_PARENT, WindowClass::INPUT_OUTPUT);
        let wishes = CreateWindowAux::new()
            .override_redirect(1)
            .background_pixel(0)
            .event_mask(EventMask::KEY_PRESS);
        let ((x, y), visual) = (PLACE, COPY_FROM_PARENT);
        connection.create_window(
            depth, window, root, x, y, SIDE, SIDE, 0, class, visual, &wishes,
        )?;
        connection.map_window(window)?;
        connection.sync()?;
        let echo = Self {
            connection: Arc::new(connection),
            window,
            presses: Arc::default(),
        };
        echo.listen()?;
        Ok(echo)
    }

    /// Until the display is gone.
    fn listen(&self) -> anyhow::Result<()> {
        let (connection, window) = (Arc::clone(&self.connection), self.window);
        let presses = Arc::clone(&self.presses);
        let brush = connection.generate_id()?;
        connection.create_gc(brush, window, &CreateGCAux::new())?;
        std::thread::spawn(move || {
            while let Ok(event) = connection.wait_for_event() {
                let Event::KeyPress(_) = event else { continue };
                let number = {
                    let mut presses = held(&presses);
                    presses.push(Instant::now());
                    presses.len()
                };
                let paint = ChangeGCAux::new().foreground(colour(number));
                let _brush = connection.change_gc(brush, &paint);
                let all = [Rectangle {
                    x: 0,
                    y: 0,
                    width: SIDE,
                    height: SIDE,
                }];
                let _filled = connection.poly_fill_rectangle(window, brush, &all);
                let _sent = connection.flush();
            }
        });
        Ok(())
    }

    /// Keys are its own from here on.
    pub(crate) fn focus(&self) -> anyhow::Result<()> {
        let (mode, window) = (InputFocus::POINTER_ROOT, self.window);
        self.connection
            .set_input_focus(mode, window, CURRENT_TIME)?;
        Ok(self.connection.sync()?)
    }

    pub(crate) fn presses(&self) -> usize {
        held(&self.presses).len()
    }

    pub(crate) fn last_press(&self) -> Option<Instant> {
        held(&self.presses).last().copied()
    }

    /// Whether somebody sees so many presses.
    pub(crate) fn is_seen_by(viewer: &dyn Viewer, presses: usize) -> bool {
        let (x, y) = (PLACE.0.unsigned_abs(), PLACE.1.unsigned_abs());
        viewer.pixel(x + SIDE / 2, y + SIDE / 2) == colour(presses)
    }
}

fn held(presses: &Mutex<Vec<Instant>>) -> MutexGuard<'_, Vec<Instant>> {
    presses.lock().unwrap_or_else(PoisonError::into_inner)
}
