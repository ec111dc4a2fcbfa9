//! The clipboard of Windows.

use arboard::{Error, SetExtWindows as _};
use windows_sys::Win32::System::DataExchange::GetClipboardSequenceNumber;

use crate::platform::{Fault, TextClipboard};

/// What is put there stays out of Windows's history and its cloud.
pub fn clipboard() -> Result<TextClipboard, Fault> {
    TextClipboard::new(changes, put)
}

#[expect(unsafe_code, reason = "Windows is asked in C")]
fn changes() -> i64 {
    // SAFETY: it takes nothing.
    unsafe { GetClipboardSequenceNumber() }.into()
}

fn put(board: &mut arboard::Clipboard, text: &str) -> Result<(), Error> {
    let put = board.set().exclude_from_monitoring();
    put.exclude_from_history().exclude_from_cloud().text(text)
}
