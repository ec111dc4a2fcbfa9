//! Places on a keyboard, as the display numbers them.

use conclave_protocol::remote::Key;
use x11rb::protocol::xproto::Keycode;

/// `None`: no keyboard that we know has it.
pub(super) fn keycode(key: Key) -> Option<Keycode> {
    let usage = key.usage();
    let (first, codes) = RUNS.iter().rfind(|(first, _)| *first <= usage)?;
    let code = codes.get(usize::from(usage - first))?;
    Some(code + FIRST_KEYCODE)
}

/// X counts from here what Linux's input devices (and so evdev and libinput) count from zero.
const FIRST_KEYCODE: u8 = 8;

/// Runs of usages of the keyboard page (HID usage tables, 0x07), each with the numbers of `linux/input-event-codes.h`.
const RUNS: &[(u8, &[u8])] = &[
    (0x04, LETTERS),
    (0x1e, &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    (0x28, &[28, 1, 14, 15, 57]),
    (0x2d, &[12, 13, 26, 27, 43, 43, 39, 40, 41, 51, 52, 53, 58]),
    (0x3a, &[59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 87, 88]),
    (0x46, &[99, 70, 119, 110, 102, 104, 111, 107, 109]),
    (0x4f, &[106, 105, 108, 103]),
    (0x53, &[69, 98, 55, 74, 78, 96]),
    (0x59, &[79, 80, 81, 75, 76, 77, 71, 72, 73, 82, 83]),
    (0x64, &[86, 127]),
    (0xe0, &[29, 42, 56, 125, 97, 54, 100, 126]),
];

/// A to Z.
const LETTERS: &[u8] = &[
    30, 48, 46, 32, 18, 33, 34, 35, 23, 36, 37, 38, 50, 49, 24, 25, 16, 19, 31, 20, 22, 47, 17, 45,
    21, 44,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_found_by_their_place() {
        for (usage, code) in [
            (0x04, Some(38)),
            (0x1d, Some(52)),
            (0x27, Some(19)),
            (0x28, Some(36)),
            (0x45, Some(96)),
            (0x64, Some(94)),
            (0xe0, Some(37)),
            (0xe7, Some(134)),
            (0x66, None),
            (0xdf, None),
        ] {
            assert_eq!(keycode(Key::new(usage).unwrap()), code, "{usage:#x}");
        }
    }
}
