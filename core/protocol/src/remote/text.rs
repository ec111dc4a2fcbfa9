//! Text of a clipboard.

use super::wire::{Malformed, Reader, Writer};
use crate::personal::Unfit;

/// At most [`ClipboardText::LONGEST`] bytes, without NUL.
#[derive(Clone, PartialEq, Eq)]
pub struct ClipboardText(String);

impl ClipboardText {
    /// Some fifteen pages. What is longer goes as a file.
    pub const LONGEST: usize = 32 * 1_024;

    pub fn parse(text: &str) -> Result<Self, Unfit> {
        let fits = text.len() <= Self::LONGEST && !text.contains('\0');
        fits.then(|| Self(text.to_owned()))
            .ok_or(Unfit("a clipboard's text has at most 32 KiB and no NUL"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        Self::parse(reader.text()?).map_err(|_| Malformed)
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.text(&self.0);
    }
}
