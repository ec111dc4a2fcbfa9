//! Places on a keyboard, as Windows numbers them: what a keyboard of the AT kind sent (scan codes, set 1).

use conclave_protocol::remote::Key;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ScanCode {
    pub(super) code: u8,
    /// It came later than the rest, and its code with a prefix (0xE0).
    pub(super) is_extended: bool,
}

/// `None`: no keyboard that we know has it.
pub(super) fn scan_code(key: Key) -> Option<ScanCode> {
    let usage = key.usage();
    let (first, codes) = RUNS.iter().rfind(|(first, _)| *first <= usage)?;
    let [prefix, code] = codes.get(usize::from(usage - first))?.to_be_bytes();
    let is_extended = prefix == 0xe0;
    Some(ScanCode { code, is_extended })
}

/// Runs of usages of the keyboard page (HID usage tables, 0x07).
const RUNS: &[(u8, &[u16])] = &[
    (0x04, LETTERS),
    (0x1e, &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    (0x28, &[28, 1, 14, 15, 57]),
    (0x2d, &[12, 13, 26, 27, 43, 43, 39, 40, 41, 51, 52, 53, 58]),
    (0x3a, &[59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 87, 88]),
    (0x46, &[0xe037, 70, 69, 0xe052, 0xe047, 0xe049]),
    (0x4c, &[0xe053, 0xe04f, 0xe051]),
    (0x4f, &[0xe04d, 0xe04b, 0xe050, 0xe048]),
    (0x53, &[0xe045, 0xe035, 55, 74, 78, 0xe01c]),
    (0x59, &[79, 80, 81, 75, 76, 77, 71, 72, 73, 82, 83]),
    (0x64, &[86, 0xe05d]),
    (0xe0, &[29, 42, 56, 0xe05b, 0xe01d, 54, 0xe038, 0xe05c]),
];

/// A to Z.
const LETTERS: &[u16] = &[
    30, 48, 46, 32, 18, 33, 34, 35, 23, 36, 37, 38, 50, 49, 24, 25, 16, 19, 31, 20, 22, 47, 17, 45,
    21, 44,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_by_their_place() {
        for (usage, code) in [
            (0x04, Some((0x1e, false))),
            (0x1d, Some((0x2c, false))),
            (0x27, Some((0x0b, false))),
            (0x45, Some((0x58, false))),
            (0x4c, Some((0x53, true))),
            (0x58, Some((0x1c, true))),
            (0xe7, Some((0x5c, true))),
            (0x66, None),
            (0xdf, None),
        ] {
            let found = scan_code(Key::new(usage).unwrap());
            let found = found.map(|it| (it.code, it.is_extended));
            assert_eq!(found, code, "{usage:#x}");
        }
    }
}
