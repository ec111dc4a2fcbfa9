//! What the organisation permits in a session. During one it only becomes less.

use std::time::Duration;

use conclave_protocol::remote::{Capabilities, FileName};

/// Bounds that hold whatever the local person answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub permitted: Capabilities,
    /// How long the technician may do nothing.
    pub idle: Duration,
    /// Of the whole session.
    pub longest: Duration,
    /// How long one permission is good before it is asked for again.
    pub longest_consent: Duration,
    pub files: FileRules,
}

/// Which files may go either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileRules {
    /// In bytes.
    pub largest: u64,
    /// In one session.
    pub most: u16,
    /// Also what a computer would run.
    pub programs: bool,
}

impl Limits {
    /// What both permit.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            permitted: self.permitted.and(other.permitted),
            idle: self.idle.min(other.idle),
            longest: self.longest.min(other.longest),
            longest_consent: self.longest_consent.min(other.longest_consent),
            files: self.files.and(other.files),
        }
    }
}

impl FileRules {
    fn and(self, other: Self) -> Self {
        Self {
            largest: self.largest.min(other.largest),
            most: self.most.min(other.most),
            programs: self.programs && other.programs,
        }
    }

    pub(crate) fn admit(self, name: &FileName, size: u64) -> bool {
        size <= self.largest && (self.programs || !is_program(name))
    }
}

/// By its name. What a file really is, is for what looks at it on the computer.
fn is_program(name: &FileName) -> bool {
    let extension = name.extension();
    extension.is_some_and(|extension| PROGRAMS.contains(&extension.as_str()))
}

/// What Windows, macOS or a Linux desktop runs or installs when it is opened, or trusts more than a document.
const PROGRAMS: &[&str] = &[
    "apk",
    "app",
    "appimage",
    "appx",
    "bat",
    "cab",
    "chm",
    "cmd",
    "com",
    "command",
    "cpl",
    "deb",
    "desktop",
    "diagcab",
    "dll",
    "dmg",
    "docm",
    "dotm",
    "exe",
    "gadget",
    "hta",
    "img",
    "inf",
    "ins",
    "iso",
    "jar",
    "js",
    "jse",
    "library-ms",
    "lnk",
    "mjs",
    "msc",
    "msi",
    "msix",
    "msp",
    "mst",
    "pif",
    "pkg",
    "ppam",
    "pptm",
    "ps1",
    "ps1xml",
    "psm1",
    "py",
    "pyw",
    "rdp",
    "reg",
    "rpm",
    "run",
    "scf",
    "scr",
    "sct",
    "search-ms",
    "settingcontent-ms",
    "sh",
    "so",
    "sys",
    "theme",
    "url",
    "vb",
    "vbe",
    "vbs",
    "vhd",
    "vhdx",
    "website",
    "workflow",
    "wsc",
    "wsf",
    "wsh",
    "xlam",
    "xll",
    "xlsm",
    "xltm",
];

#[cfg(test)]
mod tests {
    use conclave_protocol::remote::Capability;

    use super::*;

    #[test]
    fn two_limits_permit_what_both_permit() {
        let wide = crate::scene::limits();
        let narrow = Limits {
            permitted: Capabilities::NONE.with(Capability::View),
            idle: wide.idle * 2,
            longest: wide.longest / 2,
            ..wide
        };

        let both = wide.and(narrow);

        assert_eq!(both.permitted, narrow.permitted);
        assert_eq!((both.idle, both.longest), (wide.idle, narrow.longest));
    }

    // Shows: ABUSE-54.
    #[test]
    fn what_a_computer_would_run_is_refused_by_its_name() {
        let rules = crate::scene::limits().files;
        let admits = |name| rules.admit(&FileName::parse(name).unwrap(), 1);

        assert!(admits("report.pdf") && admits("readme") && admits("exe"));
        for name in [
            "a.exe",
            "report.pdf.EXE",
            "a.Desktop",
            "run.sh",
            "macro.docm",
            "x.lnk",
        ] {
            assert!(!admits(name), "{name}");
        }
        let all = FileRules {
            programs: true,
            ..rules
        };
        assert!(all.admit(&FileName::parse("a.exe").unwrap(), 1));
    }

    #[test]
    fn a_file_may_be_as_large_as_the_largest() {
        let rules = crate::scene::limits().files;
        let name = FileName::parse("scan.png").unwrap();

        assert!(rules.admit(&name, rules.largest));
        assert!(!rules.admit(&name, rules.largest + 1));
        assert!(!rules.admit(&name, 1 << 40));
    }
}
