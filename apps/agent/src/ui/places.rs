//! How large the windows are, and where in them is what must never move: nobody presses Yes where No was.

use super::state::Page;

/// In pixels, as all of these.
pub const QUESTION: (u16, u16) = (640, 544);
/// The middle of the button, from the window's upper left corner.
pub const NO: (u16, u16) = (137, 489);
pub const YES: (u16, u16) = (503, 489);

/// At most as wide as this.
pub const BAR: (u16, u16) = (860, 104);
/// The middle of the button, from the bar's upper right corner.
pub const STOP_FROM_RIGHT: (u16, u16) = (83, 52);

pub(super) const MARGIN: u16 = 24;
pub(super) const BUTTON: (u16, u16) = (226, 62);
pub(super) const STOP: (u16, u16) = (150, 88);
/// Of each of a bar's two smaller ones.
pub(super) const BAR_BUTTON: (u16, u16) = (140, 44);
pub(super) const IN_BAR: u16 = 8;
/// Between a bar and the edge of its monitor: the frame is seen beside it.
pub(super) const FROM_EDGE: u16 = 6;

pub(super) fn size(page: Page) -> (u16, u16) {
    match page {
        Page::Start => (640, 620),
        Page::Question => QUESTION,
        Page::Bar(_) => BAR,
        Page::Panel => (600, 600),
        Page::Picker => (640, 544),
        Page::Farewell => (640, 520),
    }
}

/// Of a window on a monitor of this size, from its upper left corner: the sign's parts under each other, at the right,
/// and all else in the middle.
pub(super) fn corner(page: Page, monitor: (u32, u32)) -> (u32, u32) {
    let (width, height) = size(page);
    let right = monitor.0.saturating_sub(u32::from(width));
    let low = monitor.1.saturating_sub(u32::from(height));
    match page {
        Page::Panel => {
            let margin = u32::from(MARGIN);
            let under = u32::from(BAR.1) + 2 * margin;
            (right.saturating_sub(margin), under.min(low))
        }
        _ => (right / 2, low / 2),
    }
}

/// A bar is no wider than its monitor has room for.
pub(super) fn bar_width(monitor: u32) -> u16 {
    let room = monitor.saturating_sub(4 * u32::from(FROM_EDGE));
    u16::try_from(room).unwrap_or(u16::MAX).min(BAR.0)
}

/// What a bar of this width has for its text, beside its buttons.
pub(super) fn bar_text(bar: u16) -> u16 {
    bar.saturating_sub(4 * IN_BAR + BAR_BUTTON.0 + STOP.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_asks_is_in_the_middle_and_the_details_are_beside() {
        assert_eq!(corner(Page::Question, (1_040, 944)), (200, 200));
        assert_eq!(corner(Page::Panel, (1_024, 768)), (400, 152));
        assert_eq!(corner(Page::Panel, (320, 200)), (0, 0));
    }

    #[test]
    fn a_bar_is_within_its_monitor() {
        assert_eq!(bar_width(1_920), 860);
        assert_eq!(bar_width(640), 616);
        assert_eq!(bar_width(3), 0);
    }
}
