//! What the windows are made of: texts, fields, and buttons that a keyboard reaches.

use iced::alignment::Vertical;
use iced::font::Weight;
use iced::widget::{self, Container, Text, button, center, container, text, text_input};
use iced::{Element, Font, Length};

use super::style::{self, Look};
use crate::ui::press::{Field, Press};
use crate::ui::state::Page;

/// What the person does in a window.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Press(Press),
    Type(Field, String),
}

/// Small enough for much, large enough to be read by most.
const TEXT: u32 = 17;
const HEADING: u32 = 22;

pub(super) fn say<'a>(what: impl text::IntoFragment<'a>) -> Text<'a> {
    text(what).size(TEXT)
}

pub(super) fn strong<'a>(what: impl text::IntoFragment<'a>) -> Text<'a> {
    say(what).font(bold())
}

pub(super) fn heading<'a>(what: impl text::IntoFragment<'a>) -> Text<'a> {
    // A name may be one long word: nothing of it is cut.
    text(what)
        .size(HEADING)
        .font(bold())
        .wrapping(text::Wrapping::WordOrGlyph)
}

/// In one line, whatever its length.
pub(super) fn line<'a>(what: impl text::IntoFragment<'a>) -> Container<'a, Act> {
    let what = say(what).wrapping(text::Wrapping::None);
    container(what).width(Length::Fill).clip(true)
}

fn bold() -> Font {
    Font {
        weight: Weight::Bold,
        ..Font::DEFAULT
    }
}

/// A button, and whether the keyboard is at it.
pub(super) struct Pressable {
    press: Press,
    label: String,
    look: Look,
    is_focused: bool,
    is_dark: bool,
    is_on: bool,
    width: Length,
    height: Length,
    at_start: bool,
}

pub(super) fn pressable(press: Press, label: impl Into<String>, focus: Option<Press>) -> Pressable {
    Pressable {
        press,
        label: label.into(),
        look: Look::Plain,
        is_focused: focus == Some(press),
        is_dark: false,
        is_on: true,
        width: Length::Shrink,
        height: Length::Fixed(46.0),
        at_start: false,
    }
}

impl Pressable {
    pub(super) fn look(self, look: Look) -> Self {
        Self { look, ..self }
    }

    /// Of a choice: the chosen one looks and reads as chosen.
    pub(super) fn chosen(self, is_chosen: bool) -> Self {
        let (mark, look) = match is_chosen {
            true => ("● ", Look::Chosen),
            false => ("○ ", Look::Plain),
        };
        let label = format!("{mark}{}", self.label);
        Self {
            label,
            look,
            ..self
        }
    }

    pub(super) fn on_dark(self) -> Self {
        Self {
            is_dark: true,
            ..self
        }
    }

    pub(super) fn when(self, is_on: bool) -> Self {
        Self { is_on, ..self }
    }

    pub(super) fn size(self, (width, height): (u16, u16)) -> Self {
        Self {
            width: f32::from(width).into(),
            height: f32::from(height).into(),
            ..self
        }
    }

    pub(super) fn width(self, width: impl Into<Length>) -> Self {
        Self {
            width: width.into(),
            ..self
        }
    }

    /// As wide as there is room for, with its text at the beginning.
    pub(super) fn wide(self) -> Self {
        Self {
            width: Length::Fill,
            at_start: true,
            ..self
        }
    }

    pub(super) fn view<'a>(self) -> Element<'a, Act> {
        let label = strong(self.label).wrapping(text::Wrapping::None);
        let content: Element<'a, Act> = match (self.at_start, self.width) {
            (true, _) => container(label)
                .center_y(Length::Fill)
                .width(Length::Fill)
                .clip(true)
                .into(),
            (false, Length::Shrink) => container(label).center_y(Length::Fill).into(),
            (false, _) => center(label).into(),
        };
        let act = self.is_on.then_some(Act::Press(self.press));
        let look = self.look;
        let pressed = button(content)
            .padding([0, 12])
            .width(match self.width {
                Length::Shrink => Length::Shrink,
                _ => Length::Fill,
            })
            .height(Length::Fill)
            .style(move |_, status| style::button_style(look, status))
            .on_press_maybe(act);
        let (is_focused, is_dark) = (self.is_focused, self.is_dark);
        container(pressed)
            .padding(5)
            .width(self.width)
            .height(self.height)
            .style(move |_| style::ring(is_focused, is_dark))
            .into()
    }
}

/// A field, with what it is for above it.
pub(super) fn field<'a>(field: Field, label: &'a str, value: &'a str) -> Element<'a, Act> {
    widget::column![say(label), bare_field(field, "", value)]
        .spacing(4)
        .into()
}

pub(super) fn bare_field<'a>(field: Field, label: &'a str, value: &'a str) -> Element<'a, Act> {
    text_input(label, value)
        .id(field_id(field))
        .size(TEXT)
        .padding(11)
        .on_input(move |text| Act::Type(field, text))
        .style(|_, status| {
            let is_focused = matches!(status, text_input::Status::Focused { .. });
            style::field(is_focused)
        })
        .into()
}

pub(crate) fn field_id(field: Field) -> widget::Id {
    match field {
        Field::Code => widget::Id::new("code"),
        Field::Name => widget::Id::new("name"),
        Field::Passcode => widget::Id::new("passcode"),
        Field::Message => widget::Id::new("message"),
        Field::Answer(place) => format!("answer {place}").into(),
    }
}

/// Of the list in a window, by which it is scrolled.
pub(crate) fn list_id(page: Page) -> widget::Id {
    widget::Id::new(match page {
        Page::Question => "choices",
        Page::Farewell => "questions",
        _ => "details",
    })
}

/// What is to be read before anything is done.
pub(super) fn caution<'a>(what: &'a str) -> Element<'a, Act> {
    container(strong(what).width(Length::Fill))
        .padding(12)
        .style(style::caution)
        .align_y(Vertical::Center)
        .into()
}
