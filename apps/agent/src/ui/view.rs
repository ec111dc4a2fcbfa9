//! How the windows look.

mod bar;
mod farewell;
mod panel;
mod parts;
mod picker;
mod question;
mod start;
mod style;

use std::time::Instant;

use iced::Element;
use iced::widget::space;

pub(super) use parts::{Act, field_id, list_id};
pub(super) use style::frame_colour;

use super::state::{Page, Ui};

/// Of a window whose subject is gone, nothing.
pub(super) fn view(ui: &Ui, page: Page, now: Instant) -> Element<'_, Act> {
    let focus = ui.focused(page);
    let drawn = match page {
        Page::Start => ui.start().map(|start| start::view(start, focus)),
        Page::Question => ui.question().map(|asked| question::view(asked, focus, now)),
        Page::Bar(monitor) => ui.board().map(|board| bar::view(board, monitor, now)),
        Page::Panel => ui.board().map(|board| panel::view(board, focus, now)),
        Page::Picker => ui.picker().map(|picker| picker::view(picker, focus)),
        Page::Farewell => ui
            .farewell()
            .map(|farewell| farewell::view(farewell, focus)),
    };
    drawn.unwrap_or_else(|| space().into())
}
