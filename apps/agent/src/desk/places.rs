//! The monitors as the session numbers them, and where they lie on the desktop.

use conclave_protocol::remote::{Monitor, MonitorId, Monitors, Point};
use conclave_remote::Area;

use crate::ipc::Place;
use crate::platform::{self, Size};

/// Each keeps its number as long as it is there.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Places(Vec<Place>);

/// What is on the screen, as far as a session must know it.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) places: Places,
    pub(super) own_windows: Vec<platform::Area>,
    pub(super) own_focus: bool,
}

impl Places {
    pub(super) fn follow(&mut self, found: Vec<platform::Monitor>) {
        let before = std::mem::take(&mut self.0);
        let known = |name: &str| before.iter().find(|place| place.name == name);
        for monitor in found.into_iter().take(Monitors::MOST) {
            let number = known(&monitor.name).map(|place| place.monitor);
            let is_free = |id: &MonitorId| {
                let is_of = |place: &Place| place.monitor == *id;
                !before.iter().any(is_of) && !self.0.iter().any(is_of)
            };
            let free = || (0..WINDOW.0).map(MonitorId).find(is_free);
            self.0
                .extend(number.or_else(free).map(|id| place(id, monitor)));
        }
    }

    pub(super) fn all(&self) -> &[Place] {
        &self.0
    }

    pub(super) fn monitors(&self) -> Monitors {
        let monitors = self.0.iter().filter_map(|place| {
            Some(Monitor {
                id: place.monitor,
                width: place.width.try_into().ok()?,
                height: place.height.try_into().ok()?,
            })
        });
        Monitors::new(monitors.collect()).unwrap_or_default()
    }

    pub(super) fn area(&self, monitor: MonitorId) -> Option<platform::Area> {
        let place = self.0.iter().find(|place| place.monitor == monitor)?;
        Some(area(place))
    }

    pub(super) fn on_desktop(&self, at: Point) -> Option<platform::Point> {
        let monitor = self.area(at.monitor)?;
        Some(platform::Point {
            x: monitor.x.saturating_add(at.x.into()),
            y: monitor.y.saturating_add(at.y.into()),
        })
    }

    /// The parts of these that lie on monitors.
    pub(super) fn on_monitors(&self, areas: &[platform::Area]) -> Vec<Area> {
        let parts = self.0.iter().flat_map(|place| {
            let monitor = area(place);
            let shared = areas.iter().filter_map(move |it| it.intersection(monitor));
            shared.filter_map(|part| on_monitor(place, part))
        });
        parts.collect()
    }

    pub(super) fn sizes(&self) -> impl Iterator<Item = Size> {
        self.0.iter().map(|place| Size {
            width: place.width,
            height: place.height,
        })
    }
}

/// Under which the picture of a window alone is sent: a number that no monitor has.
pub(super) const WINDOW: MonitorId = MonitorId(u8::MAX);

fn place(id: MonitorId, monitor: platform::Monitor) -> Place {
    Place {
        monitor: id,
        name: monitor.name,
        x: monitor.area.x,
        y: monitor.area.y,
        width: monitor.area.width,
        height: monitor.area.height,
    }
}

fn area(place: &Place) -> platform::Area {
    platform::Area {
        x: place.x,
        y: place.y,
        width: place.width,
        height: place.height,
    }
}

fn on_monitor(place: &Place, part: platform::Area) -> Option<Area> {
    Some(Area {
        monitor: place.monitor,
        x: part.x.checked_sub(place.x)?.try_into().ok()?,
        y: part.y.checked_sub(place.y)?.try_into().ok()?,
        width: part.width.try_into().ok()?,
        height: part.height.try_into().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monitor(name: &str, x: i32, width: u32) -> platform::Monitor {
        let area = platform::Area {
            x,
            y: 0,
            width,
            height: 100,
        };
        platform::Monitor {
            name: name.to_owned(),
            area,
            primary: false,
        }
    }

    fn ids(places: &Places) -> Vec<u8> {
        places.all().iter().map(|place| place.monitor.0).collect()
    }

    #[test]
    fn a_monitor_keeps_its_number_and_a_new_one_gets_another() {
        let mut places = Places::default();
        places.follow(vec![monitor("left", 0, 200), monitor("right", 200, 100)]);
        assert_eq!(ids(&places), [0, 1]);

        places.follow(vec![monitor("right", 0, 100), monitor("third", 100, 50)]);

        assert_eq!(ids(&places), [1, 2]);
        places.follow(Vec::new());
        assert!(places.monitors().iter().next().is_none());
    }

    #[test]
    fn a_place_on_a_monitor_is_one_on_the_desktop_and_back() {
        let mut places = Places::default();
        places.follow(vec![monitor("left", 0, 200), monitor("right", 200, 100)]);
        let at = Point {
            monitor: MonitorId(1),
            x: 7,
            y: 8,
        };

        let on_desktop = places.on_desktop(at).unwrap();
        assert_eq!((on_desktop.x, on_desktop.y), (207, 8));
        let across = platform::Area {
            x: 190,
            y: 10,
            width: 20,
            height: 5,
        };
        let parts = places.on_monitors(&[across]);
        let parts: Vec<_> = parts
            .iter()
            .map(|it| (it.monitor.0, it.x, it.width))
            .collect();
        assert_eq!(parts, [(0, 190, 10), (1, 0, 10)]);
    }

    #[test]
    fn there_are_no_more_monitors_than_a_session_knows() {
        let many = (0..40).map(|number| monitor(&number.to_string(), number, 1));
        let mut places = Places::default();
        places.follow(many.collect());

        assert_eq!(places.monitors().iter().count(), Monitors::MOST);
    }
}
