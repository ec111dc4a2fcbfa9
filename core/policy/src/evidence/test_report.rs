//! What tests of a build came to: a text that CI signs, bound to the program that it tested.
//!
//! Its first line is [`TITLE`], the second the SHA-256 of the program in hexadecimal, the third how that was built (`debug` or
//! `release`), the fourth when it was made, in seconds since 1970. Each further line is a requirement, `passed`, `failed` or
//! `missing`, and the test that shows it: one that is missing did not run.

use std::collections::BTreeMap;
use std::time::Duration;

use conclave_protocol::Timestamp;
use conclave_protocol::evidence::TestsState;

/// A report, read. Who signed it is not this module's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestReport {
    /// SHA-256 of the program, in lower-case hexadecimal.
    pub program: String,
    pub made_at: Timestamp,
    /// By requirement: the worst that one of its tests came to.
    shown: BTreeMap<String, Outcome>,
}

/// What a test came to, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Passed,
    Missing,
    Failed,
}

/// What is known of the tests of the program that runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Tests {
    #[default]
    Absent,
    /// Not readable, or not signed by the key that is trusted.
    Invalid,
    Signed(TestReport),
}

impl TestReport {
    /// A text with anything else in it is none, and neither is one that is too long.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MOST_BYTES {
            return None;
        }
        let mut lines = text.strip_suffix('\n')?.split('\n');
        if lines.next()? != TITLE {
            return None;
        }
        let program = lines.next().filter(|hash| is_hash(hash))?.to_owned();
        lines
            .next()
            .filter(|built| [DEBUG, RELEASE].contains(built))?;
        let seconds: u32 = lines.next()?.parse().ok()?;
        let made_at = Timestamp::from_micros(i64::from(seconds) * 1_000_000);
        let mut shown = BTreeMap::new();
        for line in lines {
            let (requirement, rest) = line.split_once(' ')?;
            let (outcome, test) = rest.split_once(' ')?;
            let outcome = Outcome::parse(outcome).filter(|_| !test.is_empty())?;
            let all = shown.entry(requirement.to_owned()).or_insert(outcome);
            *all = outcome.max(*all);
        }
        Some(Self {
            program,
            made_at,
            shown,
        })
    }

    /// `None`: no test shows the requirement, or one of those that do did not run.
    pub fn passed(&self, requirement: &str) -> Option<bool> {
        match self.shown.get(requirement)? {
            Outcome::Passed => Some(true),
            Outcome::Failed => Some(false),
            Outcome::Missing => None,
        }
    }

    /// Whether one of the requirement's tests did not run, and none failed.
    pub fn is_missing(&self, requirement: &str) -> bool {
        self.shown.get(requirement) == Some(&Outcome::Missing)
    }
}

impl Outcome {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "passed" => Some(Self::Passed),
            "missing" => Some(Self::Missing),
            "failed" => Some(Self::Failed),
            _ => None,
        }
    }
}

impl Tests {
    /// When they were signed, of whatever program.
    pub fn made_at(&self) -> Option<Timestamp> {
        match self {
            Self::Absent | Self::Invalid => None,
            Self::Signed(report) => Some(report.made_at),
        }
    }

    /// How they stand to the program of this hash at this moment.
    pub fn state(&self, program: &str, now: Timestamp) -> TestsState {
        match self {
            Self::Absent => TestsState::Absent,
            Self::Invalid => TestsState::Invalid,
            Self::Signed(report) if report.program != program => TestsState::OtherBuild,
            // A report from the future was made by a clock that is not to be believed.
            Self::Signed(report)
                if now.since(report.made_at) >= GOOD_FOR || report.made_at.since(now) > AHEAD =>
            {
                TestsState::Old
            }
            Self::Signed(_) => TestsState::Bound,
        }
    }
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// The first line.
pub const TITLE: &str = "conclave test report v2";
/// How a program is built.
pub const DEBUG: &str = "debug";
pub const RELEASE: &str = "release";

/// Half a year: dependencies age, and with them what tests have shown.
const GOOD_FOR: Duration = Duration::from_secs(183 * 24 * 60 * 60);
/// Between the clock of who tests and ours.
const AHEAD: Duration = Duration::from_secs(60 * 60);
const MOST_BYTES: usize = 1024 * 1024;

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) const PROGRAM: &str =
        "ababababababababababababababababababababababababababababababab01";

    pub(crate) fn report(lines: &[&str]) -> TestReport {
        let text = format!(
            "{TITLE}\n{PROGRAM}\nrelease\n1800000000\n{}\n",
            lines.join("\n")
        );
        TestReport::parse(&text).unwrap()
    }

    #[test]
    fn one_failed_test_of_a_requirement_is_enough() {
        let report = report(&[
            "REQ-1 passed a.rs: one",
            "REQ-1 failed a.rs: two",
            "REQ-2 passed b.rs: x",
        ]);

        assert_eq!(report.passed("REQ-1"), Some(false));
        assert_eq!(report.passed("REQ-2"), Some(true));
        assert_eq!(report.passed("REQ-3"), None);
    }

    #[test]
    fn a_requirement_of_which_a_test_did_not_run_is_not_shown() {
        let report = report(&[
            "REQ-1 passed a.rs: one",
            "REQ-1 missing a.rs: two",
            "REQ-2 missing b.rs: x",
            "REQ-2 passed b.rs: y",
            "REQ-3 missing c.rs: x",
            "REQ-3 failed c.rs: y",
        ]);

        assert_eq!(report.passed("REQ-1"), None);
        assert_eq!(report.passed("REQ-2"), None);
        assert_eq!(report.passed("REQ-3"), Some(false));
        assert!(report.is_missing("REQ-1") && report.is_missing("REQ-2"));
        assert!(!report.is_missing("REQ-3") && !report.is_missing("REQ-4"));
    }

    #[test]
    fn a_text_of_another_form_is_none() {
        let good = format!("{TITLE}\n{PROGRAM}\nrelease\n1800000000\nREQ-1 passed a.rs: one\n");
        assert!(TestReport::parse(&good).is_some());
        for wrong in [
            good.replace("v2", "v1"),
            good.replace("release\n", ""),
            good.replace("release", "profile"),
            good.replace("ab01", "AB01"),
            good.replace("1800000000", "soon"),
            good.replace("passed", "green"),
            good.replace(" a.rs: one", ""),
            good.trim_end().to_owned(),
            format!("{good}{}", "x".repeat(MOST_BYTES)),
        ] {
            assert!(TestReport::parse(&wrong).is_none(), "{wrong:.200}");
        }
    }

    // Shows: ABUSE-71.
    #[test]
    fn a_report_of_another_program_or_another_year_says_nothing_of_this_one() {
        let signed = Tests::Signed(report(&["REQ-1 passed a.rs: one"]));
        let made = Timestamp::from_micros(1_800_000_000_000_000);
        let other = PROGRAM.replace("ab01", "ab02");

        assert_eq!(signed.state(PROGRAM, made), TestsState::Bound);
        assert_eq!(signed.state(&other, made), TestsState::OtherBuild);
        assert_eq!(signed.state(PROGRAM, made.plus(GOOD_FOR)), TestsState::Old);
        assert_eq!(
            signed.state(PROGRAM, made.minus(AHEAD.saturating_mul(2))),
            TestsState::Old
        );
        assert_eq!(Tests::Invalid.state(PROGRAM, made), TestsState::Invalid);
        assert_eq!(Tests::Absent.state(PROGRAM, made), TestsState::Absent);
    }
}
