//! The part of the sign with permissions, messages and files.

use std::time::Instant;

use iced::widget::{Column, column, container, row, scrollable, space};
use iced::{Element, Length};

use super::parts::{Act, bare_field, heading, list_id, pressable, say, strong};
use super::style::{self, Look};
use crate::ui::board::Board;
use crate::ui::places::{BUTTON, MARGIN};
use crate::ui::press::{Field, Press};
use crate::ui::state::Page;
use crate::ui::words::{self, sign as text};

pub(super) fn view(board: &Board, focus: Option<Press>, now: Instant) -> Element<'_, Act> {
    let page = column![
        head(board, now),
        scrollable(lists(board, focus))
            .id(list_id(Page::Panel))
            .width(Length::Fill)
            .height(Length::Fill),
        chat(board, focus),
        buttons(focus),
    ];
    container(page.spacing(10))
        .padding(MARGIN)
        .width(Length::Fill)
        .height(Length::Fill)
        .style(style::paper)
        .into()
}

fn head(board: &Board, now: Instant) -> Element<'_, Act> {
    let phase = words::phase(board.mood());
    let time = words::so_far(board.elapsed(now));
    let colour = style::mood(board.mood());
    let head = column![
        heading(format!("{phase} · {time}")).color(colour),
        say(words::helper(&board.sign)),
    ];
    let watching =
        (!board.sign.watching.is_empty()).then(|| say(words::watching(&board.sign.watching)));
    let warning = board
        .warning(now)
        .map(|(reason, left)| strong(words::warning(reason, left)).color(style::RED));
    head.push(watching).push(warning).spacing(4).into()
}

fn lists(board: &Board, focus: Option<Press>) -> Element<'_, Act> {
    let lists = [
        permitted(board, focus),
        refused(board, focus),
        shown(board, focus),
        files(board, focus),
    ];
    Column::with_children(lists.into_iter().flatten())
        .spacing(10)
        .padding([0, 12])
        .into()
}

fn permitted(board: &Board, focus: Option<Press>) -> Option<Element<'_, Act>> {
    let permitted = board.sign.permitted;
    if permitted.is_empty() {
        return Some(say(text::NOTHING_PERMITTED).into());
    }
    let each = permitted.iter().map(|capability| {
        let name = words::permission(capability);
        pressable(Press::Withdraw(capability), name, focus)
            .chosen(true)
            .wide()
            .view()
    });
    titled(text::PERMITTED, each.collect())
}

fn refused(board: &Board, focus: Option<Press>) -> Option<Element<'_, Act>> {
    let each = board.refused().iter().map(|capability| {
        let name = words::permission(*capability);
        pressable(Press::LetAsk(*capability), name, focus)
            .chosen(false)
            .wide()
            .view()
    });
    titled(text::LET_ASK, each.collect())
}

fn shown(board: &Board, focus: Option<Press>) -> Option<Element<'_, Act>> {
    let parts = board.parts().into_iter().enumerate();
    let each = parts.map(|(place, part)| {
        pressable(Press::Show(place), part.name, focus)
            .wide()
            .view()
    });
    titled(text::SHOW, each.collect())
}

fn files(board: &Board, focus: Option<Press>) -> Option<Element<'_, Act>> {
    let coming = board.coming.iter().map(|(transfer, name)| {
        pressable(Press::CancelFile(*transfer), words::coming(name), focus)
            .wide()
            .view()
    });
    let here = board.files.iter().map(|path| say(path).into());
    titled(text::FILES, coming.chain(here).collect())
}

fn titled<'a>(title: &'a str, each: Vec<Element<'a, Act>>) -> Option<Element<'a, Act>> {
    let is_there = !each.is_empty();
    let list = Column::with_children(each);
    is_there.then(|| column![strong(title), list].spacing(4).into())
}

fn chat(board: &Board, focus: Option<Press>) -> Element<'_, Act> {
    if !board.can_chat() && board.chat.is_empty() {
        return say(text::NO_CHAT).into();
    }
    let lines = board.chat.iter().map(|line| {
        let name = match line.is_own {
            true => text::YOU,
            false => board.sign.technician.name.as_str(),
        };
        say(format!("{name}: {}", line.words.as_str())).into()
    });
    let none = board.chat.is_empty().then(|| say(text::NO_MESSAGES));
    let lines = Column::with_children(lines)
        .push(none)
        .spacing(6)
        .padding(10);
    let lines = scrollable(lines).anchor_bottom();
    let lines = container(lines.width(Length::Fill).height(Length::Fill));
    let write = board.can_chat().then(|| write(board, focus));
    column![strong(text::CHAT), lines.height(150).style(style::boxed)]
        .push(write)
        .spacing(4)
        .into()
}

fn write(board: &Board, focus: Option<Press>) -> Element<'_, Act> {
    let send = pressable(Press::Send, text::SEND, focus);
    let send = send.when(!board.draft.trim().is_empty()).width(110);
    row![
        bare_field(Field::Message, text::WRITE, &board.draft),
        send.view()
    ]
    .spacing(6)
    .into()
}

fn buttons<'a>(focus: Option<Press>) -> Element<'a, Act> {
    let hide = pressable(Press::PutAway, text::HIDE, focus).size((180, BUTTON.1));
    let stop = pressable(Press::Stop, text::STOP_KEYS, focus);
    let stop = stop.look(Look::Stop).size((330, BUTTON.1));
    row![hide.view(), space().width(Length::Fill), stop.view()].into()
}
