//! The window in which a file is chosen.

use iced::widget::{Column, column, container, row, space};
use iced::{Element, Length};

use super::parts::{Act, heading, line, pressable, say};
use super::style;
use crate::ui::picker::{Entry, Picker};
use crate::ui::places::{BUTTON, MARGIN};
use crate::ui::press::Press;
use crate::ui::words::{self, picker as text};

pub(super) fn view(picker: &Picker, focus: Option<Press>) -> Element<'_, Act> {
    let page = column![
        heading(text::HEADING),
        line(picker.folder.to_string_lossy()),
        container(entries(picker, focus)).height(Length::Fill),
        turns(picker, focus),
        pressable(Press::NoFile, text::NONE, focus)
            .size(BUTTON)
            .view(),
    ];
    container(page.spacing(8))
        .padding(MARGIN)
        .width(Length::Fill)
        .height(Length::Fill)
        .style(style::paper)
        .into()
}

fn entries(picker: &Picker, focus: Option<Press>) -> Element<'_, Act> {
    if picker.shown().next().is_none() {
        return say(text::EMPTY).into();
    }
    let entries = picker.shown().enumerate().map(|(place, entry)| {
        pressable(Press::Entry(place), name(entry), focus)
            .wide()
            .view()
    });
    Column::with_children(entries).into()
}

fn name(entry: &Entry) -> String {
    let name = entry.path.file_name().unwrap_or_default();
    words::entry(&name.to_string_lossy(), entry.is_file)
}

fn turns(picker: &Picker, focus: Option<Press>) -> Element<'_, Act> {
    let (page, pages) = picker.page();
    let above = pressable(Press::FolderAbove, text::UP, focus);
    let before = pressable(Press::PageBefore, text::BEFORE, focus).when(page > 1);
    let after = pressable(Press::PageAfter, text::AFTER, focus).when(page < pages);
    let above = above.when(picker.above().is_some());
    row![
        above.view(),
        space().width(Length::Fill),
        container(say(words::page_of(page, pages))).center_y(46),
        before.view(),
        after.view()
    ]
    .spacing(6)
    .into()
}
