//! Another program on the desktop: draws windows, and hears what happens to them.

use std::ops::Deref;
use std::time::Instant;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use x11rb::COPY_DEPTH_FROM_PARENT;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::randr::{ConnectionExt as _, Rotation};
use x11rb::protocol::xproto::{
    ChangeWindowAttributesAux, ConnectionExt as _, CreateGCAux, CreateWindowAux, EventMask,
    ImageFormat, InputFocus, KeyButMask, MOTION_NOTIFY_EVENT, Rectangle, Window, WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{COPY_FROM_PARENT, CURRENT_TIME, NONE};

use crate::PATIENCE;

pub(crate) struct Client {
    connection: RustConnection,
    pub(crate) root: Window,
}

impl Client {
    pub(crate) fn new(display: &str) -> Self {
        let (connection, screen) = RustConnection::connect(Some(display)).unwrap();
        let root = connection.setup().roots[screen].root;
        Self { connection, root }
    }

    /// Shows a window of one colour, over all others.
    pub(crate) fn window(&self, place: Rectangle, colour: u32) -> Window {
        self.child(self.root, place, colour)
    }

    pub(crate) fn child(&self, parent: Window, place: Rectangle, colour: u32) -> Window {
        let background = CreateWindowAux::new().background_pixel(colour);
        self.create(parent, place, &background)
    }

    /// A window without a background: nothing is drawn before its program draws.
    pub(crate) fn bare_window(&self, place: Rectangle) -> Window {
        self.create(self.root, place, &CreateWindowAux::new())
    }

    fn create(&self, parent: Window, place: Rectangle, background: &CreateWindowAux) -> Window {
        let window = self.generate_id().unwrap();
        let wishes = background.override_redirect(1).event_mask(
            EventMask::EXPOSURE
                | EventMask::KEY_PRESS
                | EventMask::KEY_RELEASE
                | EventMask::BUTTON_PRESS
                | EventMask::BUTTON_RELEASE,
        );
        let Rectangle {
            x,
            y,
            width,
            height,
        } = place;
        let (depth, class) = (COPY_DEPTH_FROM_PARENT, WindowClass::INPUT_OUTPUT);
        let visual = COPY_FROM_PARENT;
        self.create_window(
            depth, window, parent, x, y, width, height, 0, class, visual, &wishes,
        )
        .unwrap();
        self.show(window);
        window
    }

    pub(crate) fn show(&self, window: Window) {
        self.map_window(window).unwrap();
        self.sync().unwrap();
    }

    pub(crate) fn fill(&self, window: Window, area: Rectangle, colour: u32) {
        let brush = self.generate_id().unwrap();
        let paint = CreateGCAux::new().foreground(colour);
        self.create_gc(brush, window, &paint).unwrap();
        self.poly_fill_rectangle(window, brush, &[area]).unwrap();
        self.sync().unwrap();
    }

    /// Pixels that are all different, as rows of blue, green, red and zero.
    pub(crate) fn paint(&self, window: Window, width: u16, height: u16) -> Vec<u8> {
        self.project(window, width, height, 1)
    }

    /// One picture of a film: no other is like it.
    pub(crate) fn project(&self, window: Window, width: u16, height: u16, number: u32) -> Vec<u8> {
        let pixels = pattern(width, height, number);
        let brush = self.generate_id().unwrap();
        self.create_gc(brush, window, &CreateGCAux::new()).unwrap();
        let format = ImageFormat::Z_PIXMAP;
        self.put_image(format, window, brush, width, height, 0, 0, 0, 24, &pixels)
            .unwrap();
        self.sync().unwrap();
        pixels
    }

    /// What the X server itself says is on the screen.
    pub(crate) fn screen(&self, width: u16, height: u16) -> Vec<u8> {
        let format = ImageFormat::Z_PIXMAP;
        let image = self.get_image(format, self.root, 0, 0, width, height, u32::MAX);
        let mut pixels = image.unwrap().reply().unwrap().data;
        pixels.chunks_exact_mut(4).for_each(|pixel| pixel[3] = 0);
        pixels
    }

    /// Of those that are shown from then on.
    pub(crate) fn hear_of_windows(&self) {
        let windows = ChangeWindowAttributesAux::new().event_mask(EventMask::SUBSTRUCTURE_NOTIFY);
        let heard = self.change_window_attributes(self.root, &windows);
        heard.unwrap().check().unwrap();
    }

    pub(crate) fn focus(&self, window: Window) {
        let focused = self.set_input_focus(InputFocus::POINTER_ROOT, window, CURRENT_TIME);
        focused.unwrap().check().unwrap();
    }

    /// By XTEST, as a keyboard on the screen does.
    pub(crate) fn fake(&self, kind: u8, detail: u8) {
        self.xtest_fake_input(kind, detail, CURRENT_TIME, NONE, 0, 0, 0)
            .unwrap();
        self.sync().unwrap();
    }

    pub(crate) fn fake_motion(&self, x: i16, y: i16) {
        self.xtest_fake_input(MOTION_NOTIFY_EVENT, 0, CURRENT_TIME, self.root, x, y, 0)
            .unwrap();
        self.sync().unwrap();
    }

    pub(crate) fn is_down(&self, key: u8) -> bool {
        let keys = self.query_keymap().unwrap().reply().unwrap().keys;
        keys[usize::from(key / 8)] & (1 << (key % 8)) != 0
    }

    pub(crate) fn is_button_down(&self) -> bool {
        let pointer = self.query_pointer(self.root).unwrap().reply().unwrap();
        pointer.mask.contains(KeyButMask::BUTTON1)
    }

    /// Of the whole desktop, without its monitor.
    pub(crate) fn resize(&self, width: u16, height: u16) {
        let resources = self.randr_get_screen_resources(self.root).unwrap();
        let resources = resources.reply().unwrap();
        let (now, turned) = (resources.config_timestamp, Rotation::ROTATE0);
        for monitor in resources.crtcs {
            let off = self.randr_set_crtc_config(monitor, 0, now, 0, 0, NONE, turned, &[]);
            off.unwrap().reply().unwrap();
        }
        let resized = self.randr_set_screen_size(self.root, width, height, 100, 75);
        resized.unwrap().check().unwrap();
    }

    /// The display wants the window drawn.
    pub(crate) fn exposed(&self, window: Window) {
        self.event(|event| match event {
            Event::Expose(part) if part.window == window => Some(()),
            _ => None,
        });
    }

    /// The next event that is wanted; others are passed over.
    pub(crate) fn event<T>(&self, wanted: impl Fn(Event) -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        loop {
            self.flush().unwrap();
            while let Some(event) = self.poll_for_event().unwrap() {
                if let Some(found) = wanted(event) {
                    return found;
                }
            }
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "the event did not come");
            let mut stream = [PollFd::new(self.connection.stream(), PollFlags::IN)];
            poll(&mut stream, Some(&Timespec::try_from(left).unwrap())).unwrap();
        }
    }

    /// All that has come.
    pub(crate) fn events(&self) -> Vec<Event> {
        self.sync().unwrap();
        std::iter::from_fn(|| self.poll_for_event().unwrap()).collect()
    }
}

impl Deref for Client {
    type Target = RustConnection;

    fn deref(&self) -> &RustConnection {
        &self.connection
    }
}

pub(crate) fn at(x: i16, y: i16, width: u16, height: u16) -> Rectangle {
    Rectangle {
        x,
        y,
        width,
        height,
    }
}

fn pattern(width: u16, height: u16, first: u32) -> Vec<u8> {
    let count = u32::from(width) * u32::from(height);
    let colours = (first..first + count).map(|number| number.wrapping_mul(0x9e37_79b1) >> 8);
    colours.flat_map(u32::to_le_bytes).collect()
}
