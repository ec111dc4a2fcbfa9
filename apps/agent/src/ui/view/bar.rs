//! The sign on a monitor.

use std::time::Instant;

use conclave_protocol::remote::MonitorId;
use iced::widget::text::Wrapping;
use iced::widget::{column, container, row};
use iced::{Element, Length};

use super::parts::{Act, line, pressable, strong};
use super::style::{self, Look};
use crate::ui::board::{Board, News};
use crate::ui::places::{BAR, BAR_BUTTON, IN_BAR, STOP, bar_text, bar_width};
use crate::ui::press::Press;
use crate::ui::words::{self, sign as text};

pub(super) fn view(board: &Board, monitor: MonitorId, now: Instant) -> Element<'_, Act> {
    let phase = words::phase(board.mood());
    let time = words::so_far(board.elapsed(now));
    let room = room(board, monitor);
    let who = words::helper_within(&board.sign, room);
    let said = column![
        strong(format!("{phase} · {time}")).wrapping(Wrapping::None),
        line(who),
        line(told(board, room, now)),
        line(text::STOP_KEYS),
    ];
    let to = match board.is_at_the_bottom(monitor) {
        true => text::TO_THE_TOP,
        false => text::TO_THE_BOTTOM,
    };
    let small = |press, label| pressable(press, label, None).on_dark().size(BAR_BUTTON);
    let small = column![
        small(Press::Details, text::DETAILS).view(),
        small(Press::MoveBar(monitor), to).view(),
    ];
    let stop = pressable(Press::Stop, text::STOP, None);
    let stop = stop.look(Look::StopOnBar).on_dark().size(STOP);
    let bar =
        row![said.width(Length::Fill).clip(true), small, stop.view()].spacing(u32::from(IN_BAR));
    let colour = style::mood(board.mood());
    container(bar)
        .padding(IN_BAR)
        .width(Length::Fill)
        .height(Length::Fill)
        .style(move |_| {
            let style = container::Style::default().background(colour);
            style.color(style::PAPER)
        })
        .into()
}

/// For one line of text, in pixels.
fn room(board: &Board, monitor: MonitorId) -> u32 {
    let mut places = board.sign.monitors.iter();
    let place = places.find(|place| place.monitor == monitor);
    let width = place.map_or(BAR.0, |place| bar_width(place.width));
    bar_text(width).into()
}

/// The most urgent of what there is to say.
fn told(board: &Board, room: u32, now: Instant) -> String {
    if let Some((reason, left)) = board.warning(now) {
        return words::warning(reason, left);
    }
    match board.news {
        Some(News::Message) => text::NEW_MESSAGE.to_owned(),
        Some(News::File) => text::NEW_FILE.to_owned(),
        None if !board.sign.watching.is_empty() => {
            words::watching_within(&board.sign.watching, room)
        }
        None => words::permitted(board.sign.permitted),
    }
}
