//! The window after a session.

use conclave_protocol::feedback::QuestionKind;
use iced::widget::{Column, Row, column, container, row, scrollable, space};
use iced::{Element, Length};

use super::parts::{Act, bare_field, heading, list_id, pressable, say, strong};
use super::style::{self, Look};
use crate::ui::farewell::{Asked, BEST, Farewell, Question};
use crate::ui::places::{BUTTON, MARGIN};
use crate::ui::press::{Field, Press};
use crate::ui::state::Page;
use crate::ui::words::{self, ended as text};

pub(super) fn view(farewell: &Farewell, focus: Option<Press>) -> Element<'_, Act> {
    let said = column![
        heading(words::ending(farewell.reason)),
        say(text::NOTHING_STAYS)
    ];
    let page = column![
        said.spacing(8),
        container(asked(&farewell.asked, focus)).height(Length::Fill),
        buttons(farewell, focus),
    ];
    container(page.spacing(24))
        .padding(MARGIN)
        .width(Length::Fill)
        .height(Length::Fill)
        .style(style::paper)
        .into()
}

fn asked(asked: &Asked, focus: Option<Press>) -> Element<'_, Act> {
    match asked {
        Asked::Usual { solved, rating } => {
            let usual = column![
                question(text::SOLVED, answers(*solved, focus)),
                question(text::RATING, ratings(*rating, Press::Rate, focus)),
            ];
            usual.spacing(24).into()
        }
        Asked::Own(questions) => own(questions, focus),
    }
}

fn answers<'a>(solved: Option<bool>, focus: Option<Press>) -> Element<'a, Act> {
    let answers = [(true, text::YES), (false, text::NO)].map(|(is_solved, label)| {
        pressable(Press::Solved(is_solved), label, focus)
            .chosen(solved == Some(is_solved))
            .view()
    });
    Row::with_children(answers).spacing(6).into()
}

fn ratings<'a>(
    rating: Option<u8>,
    press: impl Fn(u8) -> Press,
    focus: Option<Press>,
) -> Element<'a, Act> {
    let rates = (1..=BEST).map(|given| {
        pressable(press(given), given.to_string(), focus)
            .chosen(rating == Some(given))
            .view()
    });
    Row::with_children(rates).spacing(6).into()
}

fn question<'a>(asked: &'a str, answer: Element<'a, Act>) -> Element<'a, Act> {
    column![strong(asked), answer].spacing(4).into()
}

/// They may be more than there is room for.
fn own(questions: &[Question], focus: Option<Press>) -> Element<'_, Act> {
    let is_rated = |question: &Question| question.asked.kind == QuestionKind::Rating;
    let scale: Option<Element<'_, Act>> = questions
        .iter()
        .any(is_rated)
        .then(|| say(text::SCALE).into());
    let questions = questions.iter().enumerate().map(|(place, asked)| {
        let answer = match asked.asked.kind {
            QuestionKind::Rating => {
                ratings(asked.rating, |given| Press::RateOne(place, given), focus)
            }
            QuestionKind::Text => bare_field(Field::Answer(place), "", &asked.words),
        };
        question(asked.asked.text.as_str(), answer)
    });
    let list = Column::with_children(scale.into_iter().chain(questions));
    let list = list.spacing(18).padding([0, 12]);
    scrollable(list)
        .id(list_id(Page::Farewell))
        .width(Length::Fill)
        .height(Length::Fill)
        .into()
}

fn buttons(farewell: &Farewell, focus: Option<Press>) -> Element<'_, Act> {
    let close = pressable(Press::Close, text::CLOSE, focus).size(BUTTON);
    let asks = farewell.stops().contains(&Press::SendFeedback);
    let send = asks.then(|| {
        pressable(Press::SendFeedback, text::SEND, focus)
            .look(Look::Main)
            .when(farewell.feedback().is_some())
            .size(BUTTON)
            .view()
    });
    row![close.view(), space().width(Length::Fill)]
        .push(send)
        .into()
}
