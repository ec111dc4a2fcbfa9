//! What the sign of a session needs of the display: frames around what is seen, and places over all other windows.

use x11rb::COPY_DEPTH_FROM_PARENT;
use x11rb::connection::Connection;
use x11rb::protocol::ErrorKind;
use x11rb::protocol::shape::SK;
use x11rb::protocol::xfixes::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{
    ChangeWindowAttributesAux, ConfigureWindowAux, ConnectionExt as _, CreateWindowAux, InputFocus,
    StackMode, Window, WindowClass,
};
use x11rb::{COPY_FROM_PARENT, CURRENT_TIME};

use super::display::Display;
use super::fault::unless;
use super::marked_windows::Mark;
use crate::platform::{Area, Fault};

/// Four thin windows around each area. They take no input: whatever is under them is pressed.
pub struct SignWindows {
    display: Display,
    mark: Mark,
    framed: Vec<Area>,
    colour: u32,
    sides: Vec<Window>,
}

impl SignWindows {
    /// `None`: the display that `DISPLAY` names.
    pub fn open(display: Option<&str>) -> Result<Self, Fault> {
        let display = Display::open(display)?;
        display.needs(xfixes::X11_EXTENSION_NAME)?;
        display.xfixes_query_version(5, 0)?.reply()?;
        let mark = Mark::new(&display)?;
        Ok(Self {
            display,
            mark,
            framed: Vec::new(),
            colour: 0,
            sides: Vec::new(),
        })
    }

    /// Frames these and nothing else, in this colour (red, green and blue, a byte each).
    pub fn frame(&mut self, areas: &[Area], colour: u32) -> Result<(), Fault> {
        if self.framed != areas {
            self.unframe()?;
            for side in areas.iter().take(MOST_FRAMES).flat_map(|area| sides(*area)) {
                let window = self.show_side(side, colour)?;
                self.sides.push(window);
            }
            self.framed = areas.to_vec();
            self.colour = colour;
        }
        self.paint(colour)
    }

    /// Moves a window of ours to a place on the display.
    pub fn place(&self, window: Window, x: i32, y: i32) -> Result<(), Fault> {
        let place = ConfigureWindowAux::new().x(x).y(y);
        let placed = self.display.configure_window(window, &place)?.check();
        unless(placed, &[ErrorKind::Window]).map(|_| ())
    }

    /// In pixels of the display; `None` for a window that is gone.
    pub fn size(&self, window: Window) -> Result<Option<(u32, u32)>, Fault> {
        let geometry = self.display.get_geometry(window)?.reply();
        let geometry = unless(geometry, &[ErrorKind::Drawable, ErrorKind::Window])?;
        Ok(geometry.map(|geometry| (geometry.width.into(), geometry.height.into())))
    }

    /// Gives a window the keyboard. Whether it has it: one that is not shown yet can't.
    pub fn focus(&self, window: Window) -> Result<bool, Fault> {
        let to = InputFocus::POINTER_ROOT;
        let focused = self.display.set_input_focus(to, window, CURRENT_TIME)?;
        let refusals = [ErrorKind::Match, ErrorKind::Window];
        Ok(unless(focused.check(), &refusals)?.is_some())
    }

    /// Raises the frames, and these windows over them, where anything else lies higher. A window that a window manager
    /// has put into a frame of its own is raised by that one, and not here.
    pub fn keep_above(&self, windows: &[Window]) -> Result<(), Fault> {
        self.display.forget_events()?;
        let tree = self.display.query_tree(self.display.root())?.reply()?;
        let ours = self.sides.iter().chain(windows).copied();
        let ours: Vec<Window> = ours.filter(|it| tree.children.contains(it)).collect();
        if tree.children.ends_with(&ours) {
            return Ok(());
        }
        let above = ConfigureWindowAux::new().stack_mode(StackMode::ABOVE);
        for window in ours {
            let raised = self.display.configure_window(window, &above)?.check();
            unless(raised, &[ErrorKind::Window])?;
        }
        Ok(())
    }

    fn unframe(&mut self) -> Result<(), Fault> {
        self.framed.clear();
        for side in self.sides.drain(..) {
            self.display.destroy_window(side)?;
        }
        Ok(self.display.flush()?)
    }

    /// What is painted is told to whoever captures the screen, so the same is not painted twice.
    fn paint(&mut self, colour: u32) -> Result<(), Fault> {
        if self.colour == colour {
            return Ok(());
        }
        self.colour = colour;
        let paint = ChangeWindowAttributesAux::new().background_pixel(colour);
        for side in &self.sides {
            self.display.change_window_attributes(*side, &paint)?;
            self.display.clear_area(false, *side, 0, 0, 0, 0)?;
        }
        Ok(self.display.flush()?)
    }

    /// The display draws it, so it is there whatever this program does.
    fn show_side(&self, side: Side, colour: u32) -> Result<Window, Fault> {
        let display = &self.display;
        let window = display.generate_id()?;
        let wishes = CreateWindowAux::new()
            .override_redirect(1)
            .background_pixel(colour);
        let (depth, class) = (COPY_DEPTH_FROM_PARENT, WindowClass::INPUT_OUTPUT);
        let (x, y, width, height) = side;
        display
            .create_window(
                depth,
                window,
                display.root(),
                x,
                y,
                width,
                height,
                0,
                class,
                COPY_FROM_PARENT,
                &wishes,
            )?
            .check()?;
        self.mark.put(display, window)?.ok_or(Fault::NoSuchWindow)?;
        self.let_input_through(window)?;
        display.map_window(window)?.check()?;
        Ok(window)
    }

    fn let_input_through(&self, window: Window) -> Result<(), Fault> {
        let display = &self.display;
        let nothing = display.generate_id()?;
        display.xfixes_create_region(nothing, &[])?;
        let shaped = display.xfixes_set_window_shape_region(window, SK::INPUT, 0, 0, nothing)?;
        shaped.check()?;
        display.xfixes_destroy_region(nothing)?;
        Ok(())
    }
}

/// Place and extent.
type Side = (i16, i16, u16, u16);

/// None where the numbers of the display can't say it.
fn sides(area: Area) -> Vec<Side> {
    let Ok(thick) = i32::try_from(THICKNESS) else {
        return Vec::new();
    };
    let right = area.x.saturating_add_unsigned(area.width) - thick;
    let bottom = area.y.saturating_add_unsigned(area.height) - thick;
    let all = [
        (area.x, area.y, area.width, THICKNESS),
        (area.x, bottom, area.width, THICKNESS),
        (area.x, area.y, THICKNESS, area.height),
        (right, area.y, THICKNESS, area.height),
    ];
    let fits = |(x, y, width, height): (i32, i32, u32, u32)| {
        let place = (i16::try_from(x).ok()?, i16::try_from(y).ok()?);
        let extent = (u16::try_from(width).ok()?, u16::try_from(height).ok()?);
        (extent.0 > 0 && extent.1 > 0).then_some((place.0, place.1, extent.0, extent.1))
    };
    all.into_iter().filter_map(fits).collect()
}

/// Seen from the other side of a desk, and less than any window has of margin.
const THICKNESS: u32 = 6;

/// A person sees no more monitors at once.
const MOST_FRAMES: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_lies_within_its_monitor() {
        let monitor = Area {
            x: 100,
            y: 50,
            width: 800,
            height: 600,
        };

        let sides = sides(monitor);

        assert_eq!(sides[0], (100, 50, 800, 6));
        assert_eq!(sides[1], (100, 644, 800, 6));
        assert_eq!(sides[3], (894, 50, 6, 600));
    }

    #[test]
    fn what_no_display_can_have_is_not_framed() {
        let vast = Area {
            x: i32::MAX,
            y: 0,
            width: u32::MAX,
            height: 10,
        };

        assert!(sides(vast).is_empty());
    }
}
