//! The windows that are open: each marked as ours before it is shown, and the sign above all others.

use std::collections::BTreeMap;

use iced::{Point, Task, window};

use super::board::Board;
use super::keeper::Keeper;
use super::places::{self, FROM_EDGE};
use super::state::{Page, Ui};
use super::view::frame_colour;
use crate::ipc::Place;
use crate::platform::x11::{MarkedWindows, SignWindows};
use crate::platform::{Area, Fault};

pub(super) struct Stage {
    windows: Windows,
    marks: MarkedWindows,
    keeper: Keeper,
    /// Is to have the keyboard once its number is known.
    due: Option<Page>,
}

type Windows = BTreeMap<window::Id, Window>;

struct Window {
    page: Page,
    /// The display's. Once it is known, the window is marked and shown.
    number: Option<u32>,
    place: Option<(i32, i32)>,
}

impl Stage {
    pub(super) fn open() -> Result<Self, Fault> {
        Ok(Self {
            windows: BTreeMap::new(),
            marks: MarkedWindows::open(None)?,
            keeper: Keeper::open()?,
            due: None,
        })
    }

    pub(super) fn keeper(&self) -> Keeper {
        self.keeper.clone()
    }

    pub(super) fn page(&self, id: window::Id) -> Option<Page> {
        self.windows.get(&id).map(|window| window.page)
    }

    /// A window for each page, and none beside them. It is told by its id once it is there.
    pub(super) fn set(&mut self, ui: &Ui) -> Task<window::Id> {
        let pages = ui.pages();
        let is_gone = |window: &Window| !pages.contains(&window.page);
        let gone = self.windows.extract_if(.., |_, window| is_gone(window));
        let mut tasks: Vec<_> = gone.map(|(id, _)| window::close(id)).collect();
        for page in pages {
            if !self.windows.values().any(|window| window.page == page) {
                tasks.push(self.open_window(ui, page));
            }
        }
        Task::batch(tasks)
    }

    fn open_window(&mut self, ui: &Ui, page: Page) -> Task<window::Id> {
        let (id, opened) = window::open(settings(ui, page));
        let window = Window {
            page,
            number: None,
            place: None,
        };
        self.windows.insert(id, window);
        if ui.takes_keyboard(page) && !self.is_asked_in_another(page) {
            self.due = Some(page);
        }
        opened
    }

    pub(super) fn show<M>(
        &mut self,
        ui: &Ui,
        id: window::Id,
        number: u64,
    ) -> Result<Task<M>, Fault> {
        let Some(window) = self.windows.get_mut(&id) else {
            return Ok(Task::none());
        };
        let number = u32::try_from(number).map_err(|_| Fault::NoSuchWindow)?;
        self.marks.mark(number)?;
        window.number = Some(number);
        self.arrange(ui)?;
        Ok(window::set_mode(id, window::Mode::Windowed))
    }

    pub(super) fn raise<M: Send + 'static>(&mut self, page: Page) -> Task<M> {
        self.due = Some(page);
        let those = self.windows.iter().filter(|(_, it)| it.page == page);
        let tasks =
            those.flat_map(|(id, _)| [window::minimize(*id, false), window::gain_focus(*id)]);
        Task::batch(tasks)
    }

    /// While a question stands, nothing that comes up by itself takes the keyboard from it.
    fn is_asked_in_another(&self, page: Page) -> bool {
        let mut pages = self.windows.values().map(|window| window.page);
        page != Page::Question && pages.any(|page| page == Page::Question)
    }

    pub(super) fn put_away<M: Send + 'static>(&self, page: Page) -> Task<M> {
        let those = self.windows.iter().filter(|(_, it)| it.page == page);
        Task::batch(those.map(|(id, _)| window::minimize(*id, true)))
    }

    /// Frames and bars where they belong, and the keyboard at what came up last.
    pub(super) fn arrange(&mut self, ui: &Ui) -> Result<(), Fault> {
        let framed = ui.board().map(Board::framed).unwrap_or_default();
        let areas: Vec<Area> = framed.iter().map(area).collect();
        let mood = ui.board().map(Board::mood);
        let colour = mood.map(frame_colour).unwrap_or_default();
        self.give_keyboard();
        let mut kept = self.keeper.lock();
        kept.sign.frame(&areas, colour)?;
        place_bars(&mut self.windows, &kept.sign, ui)?;
        kept.highest = highest(&self.windows);
        kept.keep()
    }

    fn give_keyboard(&mut self) {
        let mut windows = self.windows.values();
        let window = windows.find(|window| Some(window.page) == self.due);
        if let Some(number) = window.and_then(|window| window.number) {
            self.keeper.give_keyboard(number);
            self.due = None;
        }
    }
}

/// What nothing may lie over, the highest last: a question, and the bars.
fn highest(windows: &Windows) -> Vec<u32> {
    let questions = windows.values();
    let questions = questions.filter(|window| window.page == Page::Question);
    let bars = windows.values().filter(|window| is_bar(window.page));
    let both = questions.chain(bars);
    both.filter_map(|window| window.number).collect()
}

fn place_bars(windows: &mut Windows, sign: &SignWindows, ui: &Ui) -> Result<(), Fault> {
    for window in windows.values_mut() {
        let (Some(number), Some(monitor)) = (window.number, monitor(ui, window.page)) else {
            continue;
        };
        let Some(size) = sign.size(number)? else {
            continue;
        };
        let board = ui.board();
        let low = board.is_some_and(|board| board.is_at_the_bottom(monitor.monitor));
        let (x, y) = bar_place(monitor, size, low);
        if window.place != Some((x, y)) {
            sign.place(number, x, y)?;
            window.place = Some((x, y));
        }
    }
    Ok(())
}

fn settings(ui: &Ui, page: Page) -> window::Settings {
    let (width, height) = places::size(page);
    let width = match monitor(ui, page) {
        Some(monitor) => places::bar_width(monitor.width),
        None => width,
    };
    let level = match page {
        Page::Question | Page::Bar(_) => window::Level::AlwaysOnTop,
        Page::Start | Page::Panel | Page::Picker | Page::Farewell => window::Level::Normal,
    };
    window::Settings {
        size: (f32::from(width), f32::from(height)).into(),
        position: position(ui, page),
        visible: false,
        resizable: false,
        decorations: !is_bar(page),
        level,
        exit_on_close_request: false,
        platform_specific: window::settings::PlatformSpecific {
            application_id: "conclave-agent".to_owned(),
            override_redirect: is_bar(page),
        },
        ..window::Settings::default()
    }
}

/// On the first monitor, once monitors are known.
fn position(ui: &Ui, page: Page) -> window::Position {
    let Some(monitor) = ui.board().and_then(|board| board.sign.monitors.first()) else {
        return window::Position::Centered;
    };
    let (x, y) = places::corner(page, (monitor.width, monitor.height));
    let x = monitor.x.saturating_add_unsigned(x);
    let y = monitor.y.saturating_add_unsigned(y);
    window::Position::Specific(Point::new(x as f32, y as f32))
}

/// Of a bar.
fn monitor(ui: &Ui, page: Page) -> Option<&Place> {
    let Page::Bar(monitor) = page else {
        return None;
    };
    let mut places = ui.board()?.sign.monitors.iter();
    places.find(|place| place.monitor == monitor)
}

fn is_bar(page: Page) -> bool {
    matches!(page, Page::Bar(_))
}

fn area(place: &Place) -> Area {
    Area {
        x: place.x,
        y: place.y,
        width: place.width,
        height: place.height,
    }
}

/// In the middle of an edge of its monitor.
fn bar_place(monitor: &Place, (width, height): (u32, u32), low: bool) -> (i32, i32) {
    let edge = u32::from(FROM_EDGE);
    let beside = monitor.width.saturating_sub(width) / 2;
    let above = match low {
        true => monitor.height.saturating_sub(height + edge),
        false => edge,
    };
    let x = monitor.x.saturating_add_unsigned(beside);
    (x, monitor.y.saturating_add_unsigned(above))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::scene::monitor;

    #[test]
    fn a_bar_is_in_the_middle_of_an_edge_of_its_monitor() {
        let second = monitor(1, 800);

        assert_eq!(bar_place(&second, (600, 104), false), (900, 6));
        assert_eq!(bar_place(&second, (600, 104), true), (900, 490));
    }
}
