//! Facts about a supported computer: a fixed list, none of which names a person.

use super::wire::{Malformed, Reader, Writer, coded};
use crate::personal::Unfit;

coded! {
    /// No host's name, user, path, process, address or serial number: each of them may name somebody.
    DiagnosticItem {
        OperatingSystem = 0,
        Kernel = 1,
        Uptime = 2,
        Processor = 3,
        Memory = 4,
        /// Sizes and what is free, without the names of volumes.
        Disks = 5,
        /// Their kinds and whether they are up.
        NetworkAdapters = 6,
        Displays = 7,
        AgentVersion = 8,
    }
}

/// At most one line for each item, in the order of the items.
#[derive(Clone, PartialEq, Eq)]
pub struct DiagnosticReport(Vec<(DiagnosticItem, String)>);

impl DiagnosticReport {
    /// Of a line, in bytes.
    pub const LONGEST_LINE: usize = 400;

    pub fn new(mut lines: Vec<(DiagnosticItem, String)>) -> Result<Self, Unfit> {
        lines.sort_unstable_by_key(|(item, _)| *item);
        Self::in_order(lines)
    }

    pub fn lines(&self) -> &[(DiagnosticItem, String)] {
        &self.0
    }

    fn in_order(lines: Vec<(DiagnosticItem, String)>) -> Result<Self, Unfit> {
        let rises = lines.is_sorted_by(|(one, _), (next, _)| one < next);
        let is_line = |text: &String| {
            (1..=Self::LONGEST_LINE).contains(&text.len()) && !text.chars().any(char::is_control)
        };
        (rises && lines.iter().all(|(_, text)| is_line(text)))
            .then_some(Self(lines))
            .ok_or(Unfit("a report has one short line for each item"))
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let count = reader.u8()?;
        let lines: Result<Vec<_>, Malformed> = (0..count)
            .map(|_| Ok((DiagnosticItem::read(reader)?, reader.text()?.to_owned())))
            .collect();
        Self::in_order(lines?).map_err(|_| Malformed)
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        writer.u8(u8::try_from(self.0.len()).unwrap_or(u8::MAX));
        for (item, text) in &self.0 {
            item.write(writer);
            writer.text(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_one_short_line_for_each_item() {
        let line = |text: &str| (DiagnosticItem::Kernel, text.to_owned());

        assert!(DiagnosticReport::new(vec![line("6.1")]).is_ok());
        assert!(DiagnosticReport::new(vec![line("6.1"), line("6.1")]).is_err());
        let long = "x".repeat(DiagnosticReport::LONGEST_LINE + 1);
        for wrong in ["", "a\nb", &long] {
            assert!(DiagnosticReport::new(vec![line(wrong)]).is_err());
        }
    }
}
