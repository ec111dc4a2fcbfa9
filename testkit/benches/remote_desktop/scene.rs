//! What is on the desktop: a page that fills it, drawn by a program of the benchmark's.

use conclave_remote::tiles::Rect;
use x11rb::COPY_DEPTH_FROM_PARENT;
use x11rb::COPY_FROM_PARENT;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    ConnectionExt as _, CreateGCAux, CreateWindowAux, Gcontext, ImageFormat, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use crate::pictures::{self, CODE, Screen};
use crate::viewer::Viewer;

pub(crate) struct Scene {
    connection: RustConnection,
    window: Window,
    brush: Gcontext,
    screen: Screen,
    letters: usize,
    scrolls: usize,
}

/// Of what is compared: the agent's sign is above it.
pub(crate) const SEEN: Rect = Rect::new(260, 120, 860, 860);
/// Three lines of the page.
const SCROLLED: usize = 51;
/// Rows that go in one request.
const BAND: u16 = 60;
const MARK: Rect = Rect::new(8, 1_060, 8, 8);

impl Scene {
    /// Black, and over all that is there.
    pub(crate) fn open(display: &str) -> anyhow::Result<Self> {
        let (connection, number) = RustConnection::connect(Some(display))?;
        let roots = &connection.setup().roots;
        let root = roots.get(number).map_or(0, |screen| screen.root);
        let (window, brush) = (connection.generate_id()?, connection.generate_id()?);
        let (depth, class) = (COPY_DEPTH_FROM_PARENT, WindowClass::INPUT_OUTPUT);
        let wishes = CreateWindowAux::new()
            .override_redirect(1)
            .background_pixel(0);
        let (width, height, visual) = (1_920, 1_080, COPY_FROM_PARENT);
        connection.create_window(
            depth, window, root, 0, 0, width, height, 0, class, visual, &wishes,
        )?;
        connection.map_window(window)?;
        let quietly = CreateGCAux::new().graphics_exposures(0);
        connection.create_gc(brush, window, &quietly)?;
        connection.sync()?;
        Ok(Self {
            connection,
            window,
            brush,
            screen: Screen::new(width, height),
            letters: 0,
            scrolls: 0,
        })
    }

    pub(crate) fn show(&mut self, screen: Screen) -> anyhow::Result<()> {
        self.screen = screen;
        self.put(Rect::new(0, 0, self.screen.width, self.screen.height))?;
        Ok(self.connection.sync()?)
    }

    pub(crate) fn type_letter(&mut self) -> anyhow::Result<()> {
        let [x, y, width, height] = pictures::type_letter(&mut self.screen, self.letters);
        self.letters += 1;
        self.put(Rect::new(x, y, width, height))?;
        Ok(self.connection.sync()?)
    }

    /// By three lines, as a program does that lets the display move what stays; and a mark says that it is done.
    pub(crate) fn scroll(&mut self) -> anyhow::Result<()> {
        pictures::scroll_code(&mut self.screen, 3 + self.scrolls * 3, 3);
        self.scrolls += 1;
        let [x, y, width, height] = CODE;
        let (from, stays) = (y + SCROLLED, height - SCROLLED);
        let (left, to) = (i16::try_from(x)?, i16::try_from(y)?);
        let (window, brush) = (self.window, self.brush);
        let (across, down) = (u16::try_from(width)?, u16::try_from(stays)?);
        let from = i16::try_from(from)?;
        self.connection
            .copy_area(window, window, brush, left, from, left, to, across, down)?;
        let (below, lines) = (u16::try_from(y + stays)?, u16::try_from(SCROLLED)?);
        self.put(Rect::new(u16::try_from(x)?, below, across, lines))?;
        let [x, y] = [MARK.x, MARK.y].map(usize::from);
        let colour = self.mark();
        self.screen.fill(x, y, 8, 8, colour);
        self.put(MARK)?;
        Ok(self.connection.sync()?)
    }

    /// The colour that says how far it was scrolled.
    pub(crate) fn mark(&self) -> u32 {
        colour(self.scrolls)
    }

    pub(crate) fn mark_seen_by(viewer: &dyn Viewer) -> u32 {
        viewer.pixel(MARK.x + 4, MARK.y + 4)
    }

    /// All that can be compared.
    pub(crate) fn is_seen_by(&self, viewer: &dyn Viewer) -> bool {
        let stride = self.screen.stride();
        let rows = self.screen.bytes.chunks_exact(stride);
        let rows = rows.skip(SEEN.y.into()).take(SEEN.height.into());
        let columns = usize::from(SEEN.x) * 4..SEEN.right() * 4;
        let there =
            rows.flat_map(|row| row.get(columns.clone()).unwrap_or_default().chunks_exact(4));
        let seen = viewer.pixels(SEEN);
        let there = there.map(|pixel| match pixel {
            [blue, green, red, _] => u32::from_be_bytes([0, *red, *green, *blue]),
            _ => 0,
        });
        viewer.is_exact() && there.eq(seen)
    }

    fn put(&self, area: Rect) -> anyhow::Result<()> {
        let (stride, width) = (self.screen.stride(), usize::from(area.width));
        let columns = usize::from(area.x) * 4..(usize::from(area.x) + width) * 4;
        for y in (area.y..area.y + area.height).step_by(BAND.into()) {
            let height = BAND.min(area.y + area.height - y);
            let rows = self.screen.bytes.chunks_exact(stride);
            let rows = rows.skip(y.into()).take(height.into());
            let rows = rows.map(|row| row.get(columns.clone()).unwrap_or_default());
            let pixels: Vec<u8> = rows.flatten().copied().collect();
            let (x, y) = (i16::try_from(area.x)?, i16::try_from(y)?);
            let (format, window, brush) = (ImageFormat::Z_PIXMAP, self.window, self.brush);
            self.connection.put_image(
                format, window, brush, area.width, height, x, y, 0, 24, &pixels,
            )?;
        }
        Ok(())
    }
}

/// Of those that follow each other, none is like another.
pub(crate) fn colour(number: usize) -> u32 {
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    number.wrapping_add(1).wrapping_mul(0x9e37_79b1) >> 8
}
