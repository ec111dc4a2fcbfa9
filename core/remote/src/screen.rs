//! What is on the screen, and where on it the technician's hand may go.

use conclave_protocol::remote::{Monitor, MonitorId, Monitors, Point};

use crate::io::{Area, Surface};

pub(crate) struct Screen {
    monitors: Monitors,
    surface: Surface,
    own_windows: OwnWindows,
    own_focus: bool,
    prompt: bool,
    password_focus: bool,
}

enum OwnWindows {
    At(Vec<Area>),
    /// More than are kept, or not known: no place is safe.
    Everywhere,
}

/// A frame and a bar on each monitor, and a few windows.
pub(crate) const MOST_OWN_WINDOWS: usize = 96;

impl Screen {
    /// Until it is told otherwise, nothing may be done: there may be a window of ours, or a question, anywhere.
    pub(crate) fn new() -> Self {
        Self {
            monitors: Monitors::default(),
            surface: Surface::Desktop,
            own_windows: OwnWindows::Everywhere,
            own_focus: true,
            prompt: true,
            password_focus: true,
        }
    }

    pub(crate) fn surface(&self) -> Surface {
        self.surface
    }

    pub(crate) fn show(&mut self, surface: Surface) {
        self.surface = surface;
    }

    pub(crate) fn set_monitors(&mut self, monitors: Monitors) {
        self.monitors = monitors;
    }

    pub(crate) fn set_own_windows(&mut self, areas: Vec<Area>) {
        self.own_windows = match areas.len() <= MOST_OWN_WINDOWS {
            true => OwnWindows::At(areas),
            false => OwnWindows::Everywhere,
        };
    }

    pub(crate) fn set_own_focus(&mut self, has: bool) {
        self.own_focus = has;
    }

    pub(crate) fn set_prompt(&mut self, is_open: bool) {
        self.prompt = is_open;
    }

    pub(crate) fn set_password_focus(&mut self, has: bool) {
        self.password_focus = has;
    }

    pub(crate) fn has_prompt(&self) -> bool {
        self.prompt
    }

    pub(crate) fn has_password_focus(&self) -> bool {
        self.password_focus
    }

    pub(crate) fn is_whole_monitors(&self) -> bool {
        !matches!(self.surface, Surface::Window(_))
    }

    /// Those that the technician sees.
    pub(crate) fn shown(&self) -> Monitors {
        let shown = self.monitors.iter().filter(|it| self.shows(it.id));
        Monitors::new(shown.collect()).unwrap_or_default()
    }

    pub(crate) fn first_shown(&self) -> Option<MonitorId> {
        let first = self.monitors.iter().find(|it| self.shows(it.id));
        first.map(|monitor| monitor.id)
    }

    pub(crate) fn monitor(&self, id: MonitorId) -> Option<Monitor> {
        self.monitors.get(id).filter(|_| self.shows(id))
    }

    pub(crate) fn admits_pointer(&self, at: Point) -> bool {
        let is_inside = |monitor: Monitor| at.x < monitor.width && at.y < monitor.height;
        let is_ours = match &self.own_windows {
            OwnWindows::At(areas) => areas.iter().any(|area| area.contains(at)),
            OwnWindows::Everywhere => true,
        };
        !is_ours && self.monitor(at.monitor).is_some_and(is_inside)
    }

    pub(crate) fn admits_keys(&self) -> bool {
        !self.own_focus && self.is_whole_monitors()
    }

    fn shows(&self, id: MonitorId) -> bool {
        match self.surface {
            Surface::Desktop => true,
            Surface::Monitor(chosen) => chosen == id,
            Surface::Window(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::WindowId;
    use crate::scene::{monitors, point, screen};

    #[test]
    fn the_hand_goes_where_the_eye_does() {
        let mut screen = screen();
        assert!(screen.admits_pointer(point(0, 10, 10)) && screen.admits_pointer(point(1, 10, 10)));

        screen.show(Surface::Monitor(MonitorId(0)));

        assert!(screen.admits_pointer(point(0, 10, 10)));
        assert!(!screen.admits_pointer(point(1, 10, 10)));
        assert_eq!(screen.shown().iter().count(), 1);
        screen.show(Surface::Window(WindowId(7)));
        assert!(!screen.admits_pointer(point(0, 10, 10)) && !screen.admits_keys());
    }

    #[test]
    fn there_is_nothing_beyond_the_edge() {
        let screen = screen();

        assert!(screen.admits_pointer(point(0, 1_919, 1_079)));
        for outside in [point(0, 1_920, 0), point(0, 0, 1_080), point(9, 0, 0)] {
            assert!(!screen.admits_pointer(outside));
        }
    }

    #[test]
    fn our_own_windows_are_out_of_reach() {
        let mut screen = screen();
        let bar = Area {
            monitor: MonitorId(0),
            x: 100,
            y: 0,
            width: 200,
            height: 40,
        };

        screen.set_own_windows(vec![bar]);

        assert!(!screen.admits_pointer(point(0, 100, 0)));
        assert!(!screen.admits_pointer(point(0, 299, 39)));
        assert!(screen.admits_pointer(point(0, 300, 0)) && screen.admits_pointer(point(1, 100, 0)));
        screen.set_own_windows(vec![bar; MOST_OWN_WINDOWS + 1]);
        assert!(!screen.admits_pointer(point(1, 500, 500)));
    }

    #[test]
    fn what_is_not_known_is_out_of_reach() {
        let mut screen = Screen::new();
        screen.set_monitors(monitors());

        assert!(!screen.admits_pointer(point(0, 10, 10)) && !screen.admits_keys());
        assert!(screen.has_prompt() && screen.has_password_focus());
    }
}
