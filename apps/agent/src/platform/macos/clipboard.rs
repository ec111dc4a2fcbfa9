//! The general pasteboard of macOS.

use objc2_app_kit::NSPasteboard;

use crate::platform::{Fault, TextClipboard};

pub fn clipboard() -> Result<TextClipboard, Fault> {
    TextClipboard::new(changes, |board, text| board.set_text(text))
}

fn changes() -> i64 {
    let count = NSPasteboard::generalPasteboard().changeCount();
    i64::try_from(count).unwrap_or_default()
}
