//! The window that asks.

use std::time::Instant;

use conclave_protocol::remote::DiagnosticItem;
use iced::widget::{Column, Row, column, container, row, scrollable, space};
use iced::{Element, Length};

use super::parts::{Act, heading, list_id, pressable, say, strong};
use super::style::{self, Look};
use crate::ipc::Subject;
use crate::ui::places::{BUTTON, MARGIN};
use crate::ui::press::Press;
use crate::ui::question::{Asked, LENGTHS};
use crate::ui::state::Page;
use crate::ui::words::{self, question as text};

pub(super) fn view(asked: &Asked, focus: Option<Press>, now: Instant) -> Element<'_, Act> {
    let (wish, meaning) = what(&asked.question.subject);
    let who = words::of(who(asked));
    let body = column![heading(who), heading(wish), say(meaning)].spacing(8);
    let subject = container(subject(asked, focus)).width(Length::Fill);
    let page = column![body, subject.height(Length::Fill)]
        .push(asked.lasts().then(|| lengths(asked, focus)))
        .push(ending(asked, now))
        .push(buttons(asked, focus, now));
    container(page.spacing(10))
        .padding(MARGIN)
        .width(Length::Fill)
        .height(Length::Fill)
        .style(style::paper)
        .into()
}

fn who(asked: &Asked) -> &conclave_remote::Person {
    match &asked.question.subject {
        Subject::Watcher(person) | Subject::HandOver(person) => person,
        _ => &asked.question.technician,
    }
}

fn what(subject: &Subject) -> (&'static str, &'static str) {
    use conclave_protocol::remote::Capability;
    let of = |capability| (words::wish(capability), words::meaning(capability));
    match subject {
        Subject::Capability(capability) => of(*capability),
        Subject::FileIn { .. } => of(Capability::FileIn),
        Subject::FileOut(_) => of(Capability::FileOut),
        Subject::Diagnostics(_) => of(Capability::Diagnostics),
        Subject::Watcher(_) => (words::WATCHER_WISH, words::WATCHER_MEANING),
        Subject::HandOver(_) => (words::HAND_OVER_WISH, words::HAND_OVER_MEANING),
        Subject::Restart => (words::RESTART_WISH, words::RESTART_MEANING),
    }
}

fn subject(asked: &Asked, focus: Option<Press>) -> Element<'_, Act> {
    match &asked.question.subject {
        Subject::FileIn { name, size, .. } => container(strong(words::file(name, *size)))
            .padding(12)
            .width(Length::Fill)
            .style(style::boxed)
            .into(),
        Subject::Diagnostics(lines) => report(lines),
        _ if !asked.choices.is_empty() => choices(asked, focus),
        _ => safe(asked.question.sealed_to),
    }
}

/// Of a recording, with whose it will be: what the person at the other end reads out is compared with it.
fn safe<'a>(sealed_to: Option<[u8; 32]>) -> Element<'a, Act> {
    let safe = say(text::NO_IS_SAFE);
    match sealed_to {
        Some(key) => column![safe, say(text::SEALED_TO), strong(words::fingerprint(&key))]
            .spacing(8)
            .into(),
        None => safe.into(),
    }
}

fn report(lines: &[(DiagnosticItem, String)]) -> Element<'_, Act> {
    let lines = lines.iter().map(|(item, value)| {
        let name = container(say(words::item(*item))).width(130);
        row![name, say(value).width(Length::Fill)].into()
    });
    let lines = Column::with_children(lines).spacing(2).padding(8);
    let all = container(scrollable(lines).width(Length::Fill).height(Length::Fill));
    column![say(text::ALL_OF_THE_REPORT), all.style(style::boxed)]
        .spacing(8)
        .into()
}

fn choices(asked: &Asked, focus: Option<Press>) -> Element<'_, Act> {
    let choices = asked.choices.iter().enumerate().map(|(place, choice)| {
        pressable(Press::Choose(place), &choice.name, focus)
            .chosen(place == asked.chosen)
            .wide()
            .view()
    });
    let choices = Column::with_children(choices);
    let list = scrollable(choices.padding([0, 12])).id(list_id(Page::Question));
    let list = list.width(Length::Fill);
    column![strong(text::WHAT_IS_SHOWN), list.height(Length::Fill)]
        .spacing(4)
        .into()
}

fn lengths(asked: &Asked, focus: Option<Press>) -> Element<'_, Act> {
    let lengths = LENGTHS.into_iter().map(|minutes| {
        pressable(Press::Minutes(minutes), words::minutes(minutes), focus)
            .chosen(minutes == asked.minutes)
            .view()
    });
    let lengths = Row::with_children(lengths).spacing(4);
    column![strong(text::HOW_LONG), lengths].spacing(4).into()
}

fn ending(asked: &Asked, now: Instant) -> Element<'_, Act> {
    say(words::no_answer_is_no(asked.left(now))).into()
}

fn buttons(asked: &Asked, focus: Option<Press>, now: Instant) -> Element<'_, Act> {
    let left = asked.until_live(now);
    let yes = match left.is_zero() {
        true => text::YES.to_owned(),
        false => words::yes_in(left),
    };
    let no = pressable(Press::No, text::NO, focus).look(Look::Main);
    let yes = pressable(Press::Yes, yes, focus).when(left.is_zero());
    row![
        no.size(BUTTON).view(),
        space().width(Length::Fill),
        yes.size(BUTTON).view()
    ]
    .into()
}
