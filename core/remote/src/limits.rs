//! What the organisation permits in a session. During one it only becomes less.

use std::time::Duration;

use conclave_protocol::remote::{Capabilities, FileName};
use serde::{Deserialize, Serialize};

use crate::inbox_name::inbox_extension;

/// Bounds that hold whatever the local person answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    pub permitted: Capabilities,
    /// How long the technician may do nothing.
    pub idle: Duration,
    /// Of the whole session.
    pub longest: Duration,
    /// How long one permission is good before it is asked for again.
    pub longest_consent: Duration,
    pub files: FileRules,
    /// Nothing is permitted but what is recorded.
    pub must_record: bool,
    /// The fingerprint of the key that it is sealed to: the local person is shown it before they say yes.
    pub sealed_to: Option<[u8; 32]>,
}

/// Which files may go either way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRules {
    /// In bytes.
    pub largest: u64,
    /// In one session.
    pub most: u16,
    /// Also what a computer would run.
    pub programs: bool,
}

impl Limits {
    /// No time is longer than a day: whatever policy says, it can be added to any other.
    pub(crate) fn bounded(self) -> Self {
        Self {
            idle: self.idle.min(LONGEST),
            longest: self.longest.min(LONGEST),
            longest_consent: self.longest_consent.min(LONGEST),
            ..self
        }
    }

    /// Whether what has to be recorded has a key to be sealed to.
    pub(crate) fn names_key(&self) -> bool {
        !self.must_record || self.sealed_to.is_some()
    }

    /// What both permit.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            permitted: self.permitted.and(other.permitted),
            idle: self.idle.min(other.idle),
            longest: self.longest.min(other.longest),
            longest_consent: self.longest_consent.min(other.longest_consent),
            files: self.files.and(other.files),
            must_record: self.must_record || other.must_record,
            // What was shown first holds.
            sealed_to: self.sealed_to.or(other.sealed_to),
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

const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// By its name, and by the one that it gets. What a file really is, is for what looks at it on the computer.
fn is_program(name: &FileName) -> bool {
    let kept = inbox_extension(name).map(|extension| extension.to_lowercase());
    let mut extensions = [name.extension(), kept].into_iter().flatten();
    extensions.any(|extension| PROGRAMS.contains(&extension.as_str()))
}

/// What Windows, macOS or a Linux desktop runs or installs when it is opened, or trusts more than a document.
const PROGRAMS: &[&str] = &[
    "apk",
    "app",
    "appimage",
    "appinstaller",
    "application",
    "appref-ms",
    "appx",
    "appxbundle",
    "bash",
    "bat",
    "cab",
    "chm",
    "cmd",
    "com",
    "command",
    "cpl",
    "csh",
    "deb",
    "desktop",
    "diagcab",
    "dll",
    "dmg",
    "docm",
    "dotm",
    "exe",
    "fish",
    "flatpak",
    "flatpakref",
    "gadget",
    "hta",
    "img",
    "inetloc",
    "inf",
    "ins",
    "iso",
    "jar",
    "jnlp",
    "js",
    "jse",
    "ksh",
    "library-ms",
    "lnk",
    "mjs",
    "mpkg",
    "msc",
    "msi",
    "msix",
    "msixbundle",
    "msp",
    "mst",
    "pif",
    "pkg",
    "pl",
    "potm",
    "ppam",
    "ppsm",
    "pptm",
    "ps1",
    "ps1xml",
    "psm1",
    "py",
    "pyw",
    "rb",
    "rdp",
    "reg",
    "rpm",
    "run",
    "scf",
    "scpt",
    "scr",
    "sct",
    "search-ms",
    "settingcontent-ms",
    "sh",
    "snap",
    "so",
    "sys",
    "terminal",
    "theme",
    "url",
    "vb",
    "vbe",
    "vbs",
    "vhd",
    "vhdx",
    "webloc",
    "website",
    "workflow",
    "ws",
    "wsc",
    "wsf",
    "wsh",
    "xbap",
    "xlam",
    "xll",
    "xlsm",
    "xltm",
    "zsh",
];

#[cfg(test)]
mod tests {
    use conclave_protocol::remote::{Capability, TransferId};

    use super::*;
    use crate::inbox_name::inbox_name;

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

    // Shows: ABUSE-54.
    #[test]
    fn no_name_becomes_a_program_s_in_the_inbox() {
        let rules = crate::scene::limits().files;
        for program in PROGRAMS {
            for (at, _) in program.char_indices().chain([(program.len(), ' ')]) {
                for inserted in ['-', '_', ' ', '!', 'é', '\u{ff45}', '.', 's'] {
                    let mut extension = (*program).to_owned();
                    extension.insert(at, inserted);
                    let name = FileName::parse(&format!("report.{extension}"));
                    let admitted = name.ok().filter(|name| rules.admit(name, 1));
                    let kept = admitted.map(|name| inbox_name(TransferId(1), &name));
                    assert!(
                        !kept.is_some_and(|kept| ends_as_program(&kept)),
                        "{extension}"
                    );
                }
            }
        }
        assert!(!rules.admit(&FileName::parse("a.appxbundlex").unwrap(), 1));
        assert!(!rules.admit(&FileName::parse("a.application").unwrap(), 1));
    }

    fn ends_as_program(name: &str) -> bool {
        let extension = FileName::parse(name).unwrap().extension();
        extension.is_some_and(|extension| PROGRAMS.contains(&extension.as_str()))
    }

    // Shows: ABUSE-54.
    #[test]
    fn a_file_may_be_as_large_as_the_largest() {
        let rules = crate::scene::limits().files;
        let name = FileName::parse("scan.png").unwrap();

        assert!(rules.admit(&name, rules.largest));
        assert!(!rules.admit(&name, rules.largest + 1));
        assert!(!rules.admit(&name, 1 << 40));
    }
}
