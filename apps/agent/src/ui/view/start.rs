//! The window before a session.

use iced::widget::{Column, column, container, row, space};
use iced::{Element, Length};

use super::parts::{Act, caution, field, heading, pressable, say, strong};
use super::style::{self, Look};
use crate::ui::places::{BUTTON, MARGIN};
use crate::ui::press::{Field, Press};
use crate::ui::start::{Bringing, Offer, Start, Step};
use crate::ui::words::{self, presenting, start as text};

pub(super) fn view(start: &Start, focus: Option<Press>) -> Element<'_, Act> {
    let (title, warning) = match start.presents {
        true => (presenting::HEADING, presenting::CAUTION),
        false => (text::HEADING, text::CAUTION),
    };
    let body = column![heading(title), caution(warning)];
    let body = body.push(step(start)).spacing(16);
    let page = column![body, space().height(Length::Fill), buttons(start, focus)];
    container(page)
        .padding(MARGIN)
        .width(Length::Fill)
        .height(Length::Fill)
        .style(style::paper)
        .into()
}

fn step(start: &Start) -> Element<'_, Act> {
    match &start.step {
        Step::Asking { why } => {
            let why = why.map(|why| strong(words::failure(why)).color(style::RED));
            let passcode = start
                .asks_for_passcode()
                .then(|| field(Field::Passcode, text::PASSCODE, &start.passcode));
            Column::new()
                .push(field(Field::Code, text::CODE, &start.code))
                .push(field(Field::Name, text::NAME, &start.name))
                .push(passcode)
                .push(why)
                .spacing(12)
                .into()
        }
        Step::Trying => say(text::TRYING).into(),
        Step::Offered(offer) => offered(offer),
        Step::Connecting => say(text::CONNECTING).into(),
        Step::Knocking => strong(text::KNOCKING).into(),
        Step::Waiting => say(text::WAITING).into(),
        Step::Bringing(bringing) => brought(bringing),
        Step::Shared => say(presenting::SHARED).into(),
        Step::Left => strong(presenting::LEFT).into(),
        Step::Failed(failure) => strong(words::failure(*failure)).color(style::RED).into(),
    }
}

fn offered(offer: &Offer) -> Element<'_, Act> {
    let facts = [
        (text::TECHNICIAN, offer.technician.as_str()),
        (text::ORGANISATION, offer.organisation.as_str()),
        (text::SERVER, offer.server.as_str()),
    ];
    column![strong(text::OFFER), boxed(facts), say(text::ONE_BY_ONE)]
        .spacing(12)
        .into()
}

fn brought(bringing: &Bringing) -> Element<'_, Act> {
    let facts = [
        (presenting::OWNER, bringing.owner.as_str()),
        (text::ORGANISATION, bringing.organisation.as_str()),
        (text::SERVER, bringing.server.as_str()),
    ];
    column![
        strong(presenting::IS_IT_YOU),
        boxed(facts),
        say(presenting::ONE_BY_ONE)
    ]
    .spacing(12)
    .into()
}

fn boxed<'a>(facts: [(&'a str, &'a str); 3]) -> Element<'a, Act> {
    let facts = facts.map(|(name, value)| -> Element<'a, Act> {
        let name = container(say(name)).width(130);
        row![name, strong(value).width(Length::Fill)].into()
    });
    let facts = Column::with_children(facts).spacing(8);
    container(facts).padding(12).style(style::boxed).into()
}

fn buttons(start: &Start, focus: Option<Press>) -> Element<'_, Act> {
    let goes_on = matches!(
        start.step,
        Step::Asking { .. } | Step::Offered(_) | Step::Bringing(_)
    );
    let cancel = match start.step {
        Step::Failed(_) | Step::Left => words::ended::CLOSE,
        Step::Shared => presenting::TAKE_OUT,
        _ => text::CANCEL,
    };
    let cancel = pressable(Press::Cancel, cancel, focus).size(BUTTON);
    let go_on = pressable(Press::Continue, text::CONTINUE, focus)
        .look(Look::Main)
        .when(start.can_continue())
        .size(BUTTON);
    let row = row![cancel.view(), space().width(Length::Fill)];
    row.push(goes_on.then(|| go_on.view())).into()
}
