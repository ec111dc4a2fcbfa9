//! Colours: each text is told from what is behind it by 4.5 to 1 or more (WCAG 2.2, AA).

use iced::widget::{button, container, text_input};
use iced::{Color, Theme, border};

use crate::ui::board::Mood;

pub(super) const PAPER: Color = Color::WHITE;
pub(super) const INK: Color = rgb(0x12_18_1f);
pub(super) const FAINT_INK: Color = rgb(0x3d_48_53);
pub(super) const BLUE: Color = rgb(0x0b_4f_8a);
pub(super) const RED: Color = rgb(0xa6_1b_1b);
const PALE: Color = rgb(0xe8_ec_f0);
const CAUTION: Color = rgb(0xff_f1_c9);
const RING_ON_DARK: Color = rgb(0xff_d5_4a);

const fn rgb(colour: u32) -> Color {
    let [_, red, green, blue] = colour.to_be_bytes();
    Color::from_rgb8(red, green, blue)
}

/// Red, green and blue, a byte each. Words say the same, for those to whom colours say nothing.
pub(crate) fn frame_colour(mood: Mood) -> u32 {
    match mood {
        Mood::Asks => 0x37_47_4f,
        Mood::SeesNothing => 0x1f_5c_3a,
        Mood::Sees => 0x0b_4f_8a,
        Mood::Controls => 0xa6_1b_1b,
        Mood::Rests => 0x7a_4a_00,
    }
}

pub(super) fn mood(mood: Mood) -> Color {
    rgb(frame_colour(mood))
}

/// What a button is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    Plain,
    Main,
    /// One of several that is the chosen one.
    Chosen,
    Stop,
    /// Of whatever colour the bar is.
    StopOnBar,
}

pub(super) fn button_style(look: Look, status: button::Status) -> button::Style {
    let is_off = status == button::Status::Disabled;
    let (paper, ink) = match look {
        _ if is_off => (PALE, FAINT_INK),
        Look::Plain => (PAPER, INK),
        Look::Main | Look::Chosen => (BLUE, PAPER),
        Look::Stop => (RED, PAPER),
        Look::StopOnBar => (PAPER, RED),
    };
    let edge = match look {
        Look::Stop | Look::StopOnBar if !is_off => PAPER,
        _ => FAINT_INK,
    };
    button::Style {
        background: Some(paper.into()),
        text_color: ink,
        border: border::rounded(4).width(2).color(edge),
        ..button::Style::default()
    }
}

/// Around what has the keyboard.
pub(super) fn ring(is_focused: bool, is_dark: bool) -> container::Style {
    let colour = match (is_focused, is_dark) {
        (false, _) => Color::TRANSPARENT,
        (true, false) => INK,
        (true, true) => RING_ON_DARK,
    };
    container::Style {
        border: border::rounded(7).width(3).color(colour),
        ..container::Style::default()
    }
}

pub(super) fn paper(_: &Theme) -> container::Style {
    container::Style::default().background(PAPER).color(INK)
}

pub(super) fn caution(_: &Theme) -> container::Style {
    let edge = border::rounded(4).width(2).color(FAINT_INK);
    container::Style::default()
        .background(CAUTION)
        .color(INK)
        .border(edge)
}

pub(super) fn boxed(_: &Theme) -> container::Style {
    let edge = border::rounded(4).width(1).color(FAINT_INK);
    container::Style::default().color(INK).border(edge)
}

pub(super) fn field(is_focused: bool) -> text_input::Style {
    let (width, edge) = match is_focused {
        true => (3, BLUE),
        false => (2, FAINT_INK),
    };
    text_input::Style {
        background: PAPER.into(),
        border: border::rounded(4).width(width).color(edge),
        icon: INK,
        placeholder: FAINT_INK,
        value: INK,
        selection: rgb(0xbf_dc_f5),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_told_from_what_is_behind_it() {
        let moods = [
            Mood::Asks,
            Mood::SeesNothing,
            Mood::Sees,
            Mood::Controls,
            Mood::Rests,
        ];
        for mood in moods.map(mood) {
            assert!(contrast(mood, PAPER) >= 4.5);
        }
        for (paper, ink) in [
            (PAPER, FAINT_INK),
            (PALE, FAINT_INK),
            (CAUTION, INK),
            (RED, PAPER),
            (BLUE, PAPER),
        ] {
            assert!(contrast(paper, ink) >= 4.5);
        }
        assert!(contrast(RING_ON_DARK, mood(Mood::Rests)) >= 3.0);
    }

    /// WCAG 2.2, relative luminance and contrast ratio.
    fn contrast(one: Color, other: Color) -> f32 {
        let (one, other) = (one.relative_luminance(), other.relative_luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }
}
