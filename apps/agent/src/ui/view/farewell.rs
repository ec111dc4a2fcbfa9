//! The window after a session.

use iced::widget::{Row, column, container, row, space};
use iced::{Element, Length};

use super::parts::{Act, heading, pressable, say, strong};
use super::style::{self, Look};
use crate::ui::farewell::{BEST, Farewell};
use crate::ui::places::{BUTTON, MARGIN};
use crate::ui::press::Press;
use crate::ui::words::{self, ended as text};

pub(super) fn view(farewell: &Farewell, focus: Option<Press>) -> Element<'_, Act> {
    let said = column![
        heading(words::ending(farewell.reason)),
        say(text::NOTHING_STAYS)
    ];
    let page = column![
        said.spacing(8),
        solved(farewell, focus),
        rating(farewell, focus),
        space().height(Length::Fill),
        buttons(farewell, focus),
    ];
    container(page.spacing(24))
        .padding(MARGIN)
        .width(Length::Fill)
        .height(Length::Fill)
        .style(style::paper)
        .into()
}

fn solved(farewell: &Farewell, focus: Option<Press>) -> Element<'_, Act> {
    let answers = [(true, text::YES), (false, text::NO)].map(|(solved, label)| {
        pressable(Press::Solved(solved), label, focus)
            .chosen(farewell.solved == Some(solved))
            .view()
    });
    let answers = Row::with_children(answers).spacing(6);
    column![strong(text::SOLVED), answers].spacing(4).into()
}

fn rating(farewell: &Farewell, focus: Option<Press>) -> Element<'_, Act> {
    let rates = (1..=BEST).map(|rating| {
        pressable(Press::Rate(rating), rating.to_string(), focus)
            .chosen(farewell.rating == Some(rating))
            .view()
    });
    let rates = Row::with_children(rates).spacing(6);
    column![strong(text::RATING), rates].spacing(4).into()
}

fn buttons(farewell: &Farewell, focus: Option<Press>) -> Element<'_, Act> {
    let close = pressable(Press::Close, text::CLOSE, focus).size(BUTTON);
    let send = pressable(Press::SendFeedback, text::SEND, focus)
        .look(Look::Main)
        .when(farewell.feedback().is_some())
        .size(BUTTON);
    row![close.view(), space().width(Length::Fill), send.view()].into()
}
